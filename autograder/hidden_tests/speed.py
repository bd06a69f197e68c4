"""Speed as a ratio: how many times as fast as a loop version a student's function is.

Times are taken on this side of the call, on fresh inputs every time, and each answer is checked.
The loop version is the student's own, so that the figure means something to them; its time is
kept between our loop's time and a few times that, so that nothing is gained by slowing one's own
loops much and nothing is lost by having them vectorised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.errors import HiddenTestBug
from autograder.hidden_tests.calls import Failure, call
from autograder.hidden_tests.cases import Draw
from autograder.hidden_tests.questions import Question, result_of

Function = Callable[..., object]

ENOUGH = 1.0
"""Seconds of one function's calls after which no further run is made."""


@dataclass(frozen=True)
class SpeedTest:
    """How the speed of a right function is measured and what it earns.

    Args:
        share: part of the exercise's points.
        draw: draws an input large enough for loops to be slow on.
        loop: a plain loop version of our own: the yardstick of this machine.
        baseline: keyword under which ``grade`` gets the student's own loop version.
        full: ratio that earns the whole share.
        none: ratio up to which nothing is earned; between the two the points grow evenly.
        widest: the student's loop counts for at most this many times ours; less than ``none``,
            or a loop would gain points by a slower one beside it.
        runs: calls of which the fastest counts; loops get fewer.
        hint: what to do about a slow one.
    """

    share: float
    draw: Draw
    loop: Function
    baseline: str = "baseline"
    full: float = 5.0
    none: float = 2.5
    widest: float = 2.0
    runs: int = 10
    hint: str = ""

    def credit(self, ratio: float) -> float:
        """Part of the share that a ratio earns."""
        return min(1.0, max(0.0, (ratio - self.none) / (self.full - self.none)))


@dataclass(frozen=True)
class Speed:
    """A measured speed, or why there is none.

    Args:
        ratio: how many times as fast as the loop version; 0 if it was not measured.
        reason: why it was not measured, as the end of a sentence.
    """

    ratio: float
    reason: str = ""


def measure(
    test: SpeedTest, function: Function, baseline: Function | None, questions: Sequence[Question]
) -> Speed:
    """How many times as fast as a loop version a function is.

    Args:
        test: how to measure.
        function: the student's fast version.
        baseline: the student's loop version; without it, or if it is wrong, ours counts.
        questions: ``test.runs`` large inputs.
    """
    fast = _fastest(function, questions)
    if isinstance(fast, str):
        return Speed(0.0, fast)
    ours = _fastest(test.loop, questions[:3])
    if isinstance(ours, str):
        raise HiddenTestBug(f"the speed test's own loop: {ours}")
    # Not `if baseline`: a proxy's truth would be asked of the student's kernel.
    theirs = "" if baseline is None else _fastest(baseline, questions[:2])
    yardstick = ours if isinstance(theirs, str) else min(max(theirs, ours), test.widest * ours)
    return Speed(yardstick / max(fast, 1e-9))


def _fastest(function: Function, questions: Sequence[Question]) -> float | str:
    """Seconds of the fastest of several right calls, or what went wrong in one of them."""
    seconds = []
    for question in questions:
        answer = call(function, question.case)
        if isinstance(answer, Failure):
            return f"on a larger input it stopped with {answer.type_name}"
        if not result_of(question, answer).right:
            return "on a larger input its answer was not right"
        seconds.append(answer.seconds)
        if sum(seconds) > ENOUGH:
            break
    return min(seconds)
