"""A training run with scripted losses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coursekit.arrays import Array


class Run:
    """Stands in for a network: its only weight is the number of epochs it was trained for.

    Args:
        losses: the training loss of each epoch.
        val_losses: the validation loss after each epoch.
    """

    def __init__(self, losses: Sequence[float], val_losses: Sequence[float]) -> None:
        self._losses, self._val_losses = [*losses], [*val_losses]
        self._weight, self._epochs = 0, 0

    def get_weights(self) -> list[Array]:
        """Return copies of the weights, as Keras does."""
        return [np.array([float(self._weight)])]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Set the weights, as Keras does."""
        (weight,) = weights
        self._weight = int(np.asarray(weight)[0])

    def train_epoch(self) -> float:
        """Train for one epoch.

        Raises:
            IndexError: there are no more scripted epochs.
        """
        loss = self._losses[self._epochs]
        self._epochs += 1
        self._weight += 1
        return loss

    def validate(self) -> float:
        """Return the validation loss after the last epoch."""
        return self._val_losses[self._epochs - 1]


def training_run(
    fit: Callable[..., Any],
    losses: Sequence[float],
    val_losses: Sequence[float],
    patience: int,
) -> tuple[Any, float]:
    """Run a fit function with early stopping on scripted losses.

    Args:
        fit: called as ``fit(model, train_epoch, validate, epochs=..., patience=...)``.
        losses: the training loss of each epoch; their number is the largest number of epochs.
        val_losses: the validation loss after each epoch.
        patience: passed to ``fit``.

    Returns:
        The value that ``fit`` returned, and the model's final weight: the epoch it is from.
    """
    run = Run(losses, val_losses)
    epochs = len(run._losses)
    history = fit(run, run.train_epoch, run.validate, epochs=epochs, patience=patience)
    return history, float(run.get_weights()[0][0])
