"""A training whose losses are known beforehand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coursekit.arrays import Array


class Run:
    """Stands for a network in training: its one weight is the number of epochs it was trained.

    Args:
        losses: the training loss of each epoch.
        val_losses: the validation loss after each epoch.
    """

    def __init__(self, losses: Sequence[float], val_losses: Sequence[float]) -> None:
        self._losses, self._val_losses = [*losses], [*val_losses]
        self._weight, self._epochs = 0, 0

    def get_weights(self) -> list[Array]:
        """Return the weights, as copies, like Keras' own."""
        return [np.array([float(self._weight)])]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Set the weights, as Keras does."""
        (weight,) = weights
        self._weight = int(np.asarray(weight)[0])

    def train_epoch(self) -> float:
        """Train for one epoch.

        Raises:
            IndexError: the script holds no more epochs.
        """
        loss = self._losses[self._epochs]
        self._epochs += 1
        self._weight += 1
        return loss

    def validate(self) -> float:
        """Return the validation loss of the network as it is after the last epoch."""
        return self._val_losses[self._epochs - 1]


def training_run(
    fit: Callable[..., Any],
    losses: Sequence[float],
    val_losses: Sequence[float],
    patience: int,
) -> tuple[Any, float]:
    """Return what a fit with early stopping does when the losses are these.

    Args:
        fit: called as ``fit(model, train_epoch, validate, epochs=..., patience=...)``.
        losses: the training loss of each epoch; there are as many epochs at most.
        val_losses: the validation loss after each.
        patience: handed on.

    Returns:
        What fit returned, and the model's weight at the end: the number of the epoch it is from.
    """
    run = Run(losses, val_losses)
    epochs = len(run._losses)
    history = fit(run, run.train_epoch, run.validate, epochs=epochs, patience=patience)
    return history, float(run.get_weights()[0][0])
