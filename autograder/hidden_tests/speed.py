"""Speed as a ratio: how many times as fast as a plain loop of ours a student's function is.

The points for speed are all or nothing, at a ratio that lies far from every loop over the pixels
and far from every vectorised function, so that the same function earns the same each time. Our
loop runs in this process, where no student's code can slow it down, by turns with the student's
function. The fastest call of each counts, of ours by its processor time. Each call gets a fresh
input, and its answer is checked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from autograder.errors import HiddenTestBug
from autograder.hidden_tests.calls import Failure, call
from autograder.hidden_tests.cases import Draw
from autograder.hidden_tests.questions import Question, result_of

Function = Callable[..., object]

ENOUGH = 3.0
"""Seconds of the student's calls after which no further call is made."""
CLEAR = 1.2
"""A ratio so many times above the border ends the measurement."""


@dataclass(frozen=True)
class SpeedTest:
    """How the speed of a right function is measured and what it earns.

    Args:
        share: part of the exercise's points.
        draw: draws an input large enough for loops to be slow on.
        loop: a plain loop version of our own: the yardstick of this machine.
        times: ratio from which on the whole share is earned; below it nothing is.
        runs: calls of each function at most.
        hint: what to do about a slow one.
    """

    share: float
    draw: Draw
    loop: Function
    times: float
    runs: int = 30
    hint: str = ""

    def credit(self, ratio: float) -> float:
        """Part of the share that a ratio earns."""
        return float(ratio >= self.times)


@dataclass(frozen=True)
class Speed:
    """A measured speed, or why there is none.

    Args:
        ratio: how many times as fast as the loop version; 0 if it was not measured.
        reason: why it was not measured, as the end of a sentence.
    """

    ratio: float
    reason: str = ""


def measure(test: SpeedTest, function: Function, questions: Iterable[Question]) -> Speed:
    """Return how many times as fast as our loop version a function is.

    Args:
        test: how to measure.
        function: the student's fast version.
        questions: large inputs, a fresh one for each call; they may be drawn when asked for.

    Raises:
        HiddenTestBug: our own loop is wrong.
    """
    runs: list[_Run] = []
    for question in questions:
        started = time.thread_time()
        ours = _seconds(test.loop, question)
        processor = time.thread_time() - started
        theirs = _seconds(function, question)
        if isinstance(ours, str):
            raise HiddenTestBug(f"the speed test's own loop: {ours}")
        if isinstance(theirs, str):
            return Speed(0.0, theirs)
        runs.append(_Run(processor, max(theirs, 1e-9)))
        spent = sum(run.theirs for run in runs)
        if spent > ENOUGH or _ratio(runs) > CLEAR * test.times:
            break
    return Speed(_ratio(runs))


@dataclass(frozen=True)
class _Run:
    """Processor time of our loop and wall time of the student's function, in seconds."""

    processor: float
    theirs: float


def _ratio(runs: Sequence[_Run]) -> float:
    """Return how many times as fast as ours the student's function is at its fastest.

    Of ours the processor time counts, which does not grow with the load on the machine: so no load
    makes a loop look fast, and a fast function needs one undisturbed call to show what it can do.
    """
    return min(run.processor for run in runs) / min(run.theirs for run in runs)


def _seconds(function: Function, question: Question) -> float | str:
    """Return the seconds of a right call, or what went wrong in it."""
    answer = call(function, question.case)
    if isinstance(answer, Failure):
        return f"on a larger input it stopped with {answer.type_name}"
    if not result_of(question, answer).right:
        return "on a larger input its answer was not right"
    return answer.seconds
