"""A device that works in the background, and a clock that knows how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

HANDING_OVER = 0.001
"""Seconds that it takes to hand a step over to the device."""


class Pending:
    """A device's result, which may not be there yet.

    Args:
        device: whose it is.
    """

    def __init__(self, device: _Device) -> None:
        self._device = device

    def numpy(self) -> float:
        """Return the result. Waits until the device has done all that was handed over."""
        self._device.finish()
        return 0.5

    def __float__(self) -> float:
        return self.numpy()


class _Device:
    """Does steps of given durations. Its clock moves with what is waited for."""

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
    """Return what a function measures on a device that works in the background.

    Handing a step over takes a millisecond. The step itself goes on behind it, until somebody asks
    for its result with ``.numpy()``.

    Args:
        steps_per_second: called as ``steps_per_second(step, warmup=..., steps=..., clock=...)``.
        seconds: how long the device takes for each step; the first ``warmup`` are warm-up.
        warmup: how many.

    Returns:
        What the function returned, and how many steps it asked for.
    """
    device, steps = _Device(seconds), len(seconds) - warmup
    rate = steps_per_second(device.step, warmup=warmup, steps=steps, clock=device.clock)
    return rate, device.calls
