"""A training whose losses are known, and a device with a clock: both stay with the grader.

The student's function gets functions of the test's. Each call of one comes here, so nothing in a
kernel can change what was trained, waited for or measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.exercises.judging import as_numbers
from autograder.exercises.kernel_libraries import KernelLibraries, draws
from coursekit.arrays import Array
from coursekit.harness.throughput import HANDING_OVER

UNKNOWN = -1.0
"""The epoch of weights that no epoch had."""
_PENDING = (
    "lambda finish: type('Pending', (), {'numpy': lambda self: finish(), "
    "'__float__': lambda self: float(finish())})()"
)


class _Training:
    """A network in training. Each epoch gives it weights that nobody can guess."""

    def __init__(self, losses: Sequence[float], val_losses: Sequence[float]) -> None:
        self._losses, self._val_losses = [*losses], [*val_losses]
        self._of_epochs = draws().normal(size=(len(losses) + 1, 3))
        self._weights: Array = self._of_epochs[0]
        self._epochs = 0

    def get_weights(self) -> list[Array]:
        return [self._weights.copy()]

    def set_weights(self, weights: Any) -> None:
        found = as_numbers(weights[0]) if type(weights) in (list, tuple) and weights else None
        if found is None or found.shape != self._weights.shape or len(weights) != 1:
            raise ValueError("set_weights takes what get_weights has given")
        self._weights = found.astype(float)

    def train_epoch(self) -> float:
        if self._epochs == len(self._losses):
            raise IndexError("there are no more epochs: train_epoch is called too often")
        self._epochs += 1
        self._weights = self._of_epochs[self._epochs]
        return float(self._losses[self._epochs - 1])

    def validate(self) -> float:
        return float(self._val_losses[self._epochs - 1])

    @property
    def epoch(self) -> float:
        """The number of the epoch whose weights it has."""
        same = np.isclose(self._of_epochs, self._weights, rtol=1e-5, atol=1e-6).all(axis=1)
        return float(np.flatnonzero(same)[0]) if same.any() else UNKNOWN


def training_run(
    fit: Callable[..., Any], losses: Sequence[float], val_losses: Sequence[float], patience: int
) -> tuple[Any, float]:
    """Return what a fit with early stopping returns, and the epoch of the weights at its end.

    Args:
        fit: called as ``fit(model, train_epoch, validate, epochs=..., patience=...)``.
        losses: the training loss of each epoch; there are as many epochs at most.
        val_losses: the validation loss after each.
        patience: handed on.
    """
    run = _Training(losses, val_losses)
    model = (
        KernelLibraries(fit)
        .module("types")
        .SimpleNamespace(get_weights=run.get_weights, set_weights=run.set_weights)
    )
    epochs = len(losses)
    history = fit(model, run.train_epoch, run.validate, epochs=epochs, patience=patience)
    return history, run.epoch


class _Device:
    """Does steps of given durations behind the caller; its clock moves with what is waited for."""

    def __init__(self, seconds: Sequence[float], pending: Callable[..., Any]) -> None:
        self._seconds, self._pending_class = [*seconds], pending
        self._behind, self._now = 0.0, 100.0
        self.calls = 0

    def step(self) -> Any:
        self._now += HANDING_OVER
        self._behind += self._seconds[min(self.calls, len(self._seconds) - 1)]
        self.calls += 1
        return self._result

    def prepare(self) -> None:
        """Make the result that every step gives: waiting for one waits for all."""
        self._result = self._pending_class(self.finish)

    def finish(self) -> float:
        self._now += self._behind
        self._behind = 0.0
        return 0.5

    def clock(self) -> float:
        return self._now


def timed_steps(
    steps_per_second: Callable[..., Any], seconds: Sequence[float], warmup: int
) -> tuple[Any, int]:
    """Return what a function measures on a device that works in the background, and its steps.

    Args:
        steps_per_second: called as ``steps_per_second(step, warmup=..., steps=..., clock=...)``.
        seconds: how long the device takes for each step; the first ``warmup`` are warm-up.
        warmup: how many.
    """
    device = _Device(seconds, KernelLibraries(steps_per_second).make(_PENDING))
    steps = len(seconds) - warmup
    device.prepare()
    rate = steps_per_second(device.step, warmup=warmup, steps=steps, clock=device.clock)
    return rate, device.calls
