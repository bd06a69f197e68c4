"""A simulated asynchronous device, with a simulated clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

HANDING_OVER = 0.001
"""Seconds that it takes to dispatch a step to the device."""


class Pending:
    """A result of the device, which may not be computed yet.

    Args:
        device: the device that computes it.
    """

    def __init__(self, device: _Device) -> None:
        self._device = device

    def numpy(self) -> float:
        """Wait until the device has finished all dispatched steps, and return the result."""
        self._device.finish()
        return 0.5

    def __float__(self) -> float:
        return self.numpy()


class _Device:
    """Simulates steps of fixed durations; its clock advances by dispatching and waiting."""

    def __init__(self, seconds: Sequence[float]) -> None:
        self._seconds = [*seconds]
        self._pending = 0.0
        self._now = 100.0
        self.calls = 0

    def step(self) -> Pending:
        self._now += HANDING_OVER
        self._pending += self._seconds[min(self.calls, len(self._seconds) - 1)]
        self.calls += 1
        return Pending(self)

    def finish(self) -> None:
        self._now += self._pending
        self._pending = 0.0

    def clock(self) -> float:
        return self._now


def timed_steps(
    steps_per_second: Callable[..., Any], seconds: Sequence[float], warmup: int
) -> tuple[Any, int]:
    """Run a function that measures throughput on a simulated asynchronous device.

    Dispatching a step takes a millisecond. The step itself runs in the background until its result
    is requested with ``.numpy()``.

    Args:
        steps_per_second: called as ``steps_per_second(step, warmup=..., steps=..., clock=...)``.
        seconds: the duration of each step on the device; the first ``warmup`` are warm-up.
        warmup: the number of warm-up steps.

    Returns:
        The value that the function returned, and the number of steps that it dispatched.
    """
    device, steps = _Device(seconds), len(seconds) - warmup
    rate = steps_per_second(device.step, warmup=warmup, steps=steps, clock=device.clock)
    return rate, device.calls
