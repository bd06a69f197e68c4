"""``steps_per_second``: a measurement in which the device is waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.exercises import Case, CaseGroup, FunctionExercise, KernelExercise, Mistake
from autograder.hidden_tests.training.clock_harness import timed_steps
from coursekit.harness.throughput import HANDING_OVER

Clock = Callable[[], float]


@dataclass(frozen=True)
class Measurement:
    """A measurement that may go wrong in these ways; by default it is right."""

    warm: bool = True
    warm_up_counts: bool = False
    waits_before: bool = True
    waits_after: bool = True
    per: str = "second"
    more: int = 0

    def seen(self, seconds: Sequence[float], warmup: int) -> tuple[float, int]:
        """Return what comes out on a device that takes so long for its steps."""
        steps = len(seconds) - warmup + self.more
        first = warmup if self.warm else 0
        calls = first + steps
        durations = [seconds[min(i, len(seconds) - 1)] for i in range(calls)]
        elapsed = steps * HANDING_OVER
        if self.waits_after:
            elapsed += sum(durations[first:])
            elapsed += 0.0 if self.waits_before else sum(durations[:first])
        if self.warm_up_counts:
            elapsed += sum(durations[:first]) + first * HANDING_OVER
        return self._told(elapsed, steps - self.more, warmup), calls

    def measured(
        self, step: Callable[[], Any], *, warmup: int, steps: int, clock: Clock = time.perf_counter
    ) -> float:
        """Return the measurement as a student writes it."""
        start = clock()
        if self.warm:
            results = [step() for _ in range(warmup)]
            if self.waits_before:
                results[-1].numpy()
        start = start if self.warm_up_counts else clock()
        for _ in range(steps + self.more):
            result = step()
        if self.waits_after:
            result.numpy()
        return self._told(clock() - start, steps, warmup)

    def _told(self, elapsed: float, steps: int, warmup: int) -> float:
        rates = {
            "second": steps / elapsed,
            "step": elapsed / steps,
            "all": elapsed,
            "warm": (steps + warmup) / elapsed,
        }
        return rates[self.per]


_FAULTS = {
    "not_waited_for": (
        Measurement(waits_after=False),
        "the clock is read while the device is still at work: call .numpy() on the last step's "
        "result first, which waits for it.",
    ),
    "warm_up_runs_into_the_measurement": (
        Measurement(waits_before=False),
        "the clock is started while the device still works at the warm-up: call .numpy() on the "
        "warm-up's last result first.",
    ),
    "warm_up_counts": (
        Measurement(warm_up_counts=True),
        "the clock is started before the warm-up: the first steps are slow, since TensorFlow "
        "builds the graph in them. Start it after them.",
    ),
    "warm_up_counts_as_steps": (
        Measurement(warm_up_counts=True, per="warm"),
        "the warm-up is measured with the rest: start the clock after it, and count the other "
        "steps alone.",
    ),
    "no_warm_up": (
        Measurement(warm=False),
        "there is no warm-up: call step() `warmup` times before the clock is started.",
    ),
    "seconds_per_step": (
        Measurement(per="step"),
        "it is turned round: steps per second is the number of steps divided by the seconds.",
    ),
    "seconds_in_all": (
        Measurement(per="all"),
        "the seconds are returned: divide the number of steps by them.",
    ),
    "warm_up_divided_too": (
        Measurement(per="warm"),
        "the steps of the warm-up are counted, although their time is not: divide `steps` alone.",
    ),
    "one_step_too_many": (
        Measurement(more=1),
        "one step more is done than is counted: range(steps) gives `steps` of them.",
    ),
}


def every_result_waited_for(
    step: Callable[[], Any], *, warmup: int, steps: int, clock: Clock = time.perf_counter
) -> float:
    """Wait for each result, not only for the last."""
    for _ in range(warmup):
        float(step())
    start = clock()
    for _ in range(steps):
        float(step())
    return steps / (clock() - start)


def as_numpy(
    step: Callable[[], Any], *, warmup: int, steps: int, clock: Clock = time.perf_counter
) -> Any:
    """Give a number of NumPy's."""
    return np.float64(Measurement().measured(step, warmup=warmup, steps=steps, clock=clock))


def durations(rng: np.random.Generator, *, warmup: int, steps: int) -> Case:
    """Return a slow warm-up, then steps of different lengths."""
    seconds = [*rng.uniform(1.0, 2.0, warmup), *rng.uniform(0.1, 0.3, steps)]
    return Case(([float(each) for each in seconds], warmup))


_RIGHT = Measurement()

STEPS_PER_SECOND = KernelExercise(
    model=FunctionExercise(
        name="steps_per_second",
        points=6,
        reference=_RIGHT.seen,
        groups=(
            CaseGroup("one warm-up step", 0.5, (partial(durations, warmup=1, steps=3),)),
            CaseGroup(
                "longer warm-up",
                0.5,
                (partial(durations, warmup=3, steps=5), partial(durations, warmup=2, steps=1)),
            ),
        ),
        mistakes=tuple(
            Mistake(name, sentence, fault.seen) for name, (fault, sentence) in _FAULTS.items()
        ),
        parts={"the rate": 3, "the number of steps done": 1},
    ),
    harness=timed_steps,
    keras=False,
    right=(_RIGHT.measured, every_result_waited_for, as_numpy),
    wrong={name: fault.measured for name, (fault, _) in _FAULTS.items()},
)
