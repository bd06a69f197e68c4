"""Speed as a ratio: how many times as fast as a plain loop of ours a student's function is.

The points for speed are all or nothing, at a ratio that lies far from every loop over the pixels
and far from every vectorised function, so that the same function earns the same each time. The
loop runs in this process, between the calls of the student's function, and its processor time
counts: no load on the machine makes a student's loop look faster than it is. The student's calls
are timed on this side, on fresh inputs, and each answer is checked. The fastest one counts, so that
a fast function is recognised on a busy machine as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf

from autograder.errors import HiddenTestBug
from autograder.hidden_tests.calls import Failure, call
from autograder.hidden_tests.cases import Draw
from autograder.hidden_tests.questions import Question, result_of

Function = Callable[..., object]

ENOUGH = 1.5
"""Seconds of the student's calls after which no further call is made."""
LOOP_RUNS = 3
"""How often our loop runs."""


@dataclass(frozen=True)
class SpeedTest:
    """How the speed of a right function is measured and what it earns.

    Args:
        share: part of the exercise's points.
        draw: draws an input large enough for loops to be slow on.
        loop: a plain loop version of our own: the yardstick of this machine.
        times: ratio from which on the whole share is earned; below it nothing is.
        runs: calls of the student's function at most.
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

    The measurement ends as soon as the ratio is reached.

    Args:
        test: how to measure.
        function: the student's fast version.
        questions: large inputs, a fresh one for each call; they may be drawn when asked for.

    Raises:
        HiddenTestBug: our own loop is wrong.
    """
    ours = theirs = inf
    spent = ratio = 0.0
    for number, question in enumerate(questions):
        if number < LOOP_RUNS:
            ours = min(ours, _loop_seconds(test.loop, question))
        seconds = _seconds(function, question)
        if isinstance(seconds, str):
            return Speed(0.0, seconds)
        theirs, spent = min(theirs, seconds), spent + seconds
        ratio = ours / max(theirs, 1e-9)
        if number + 1 >= LOOP_RUNS and (test.credit(ratio) or spent > ENOUGH):
            break
    return Speed(ratio)


def _loop_seconds(loop: Function, question: Question) -> float:
    """Return the processor time of our loop."""
    start = time.thread_time()
    answer = call(loop, question.case)
    seconds = time.thread_time() - start
    if isinstance(answer, Failure) or not result_of(question, answer).right:
        raise HiddenTestBug("the speed test's own loop is not right on a larger input")
    return seconds


def _seconds(function: Function, question: Question) -> float | str:
    """Return the seconds of a right call, or what went wrong in it."""
    answer = call(function, question.case)
    if isinstance(answer, Failure):
        return f"on a larger input it stopped with {answer.type_name}"
    if not result_of(question, answer).right:
        return "on a larger input its answer was not right"
    return answer.seconds
