"""Speed as a ratio: how many times as fast as a plain loop of ours a student's function is.

The points for speed are all or nothing, at a ratio that lies far from every loop over the pixels
and far from every vectorised function, so that the same function earns the same each time. Our
loop runs in this process, where no student's code can change it, by turns with the student's
function. The fastest call of each counts, by its processor time, which says little about what
else the machine does. Each call gets a fresh input, which the kernel learns when the time begins,
and its answer is checked.

To send a large array takes longer than a vectorised function does: so the kernel draws the input
from a seed, and the answer is fetched afterwards, unchanged.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.errors import HiddenTestBug
from autograder.exercises.calls import Answer, Failure, call, timed_call
from autograder.exercises.cases import Case, Function, Sampler
from autograder.exercises.questions import Question, result_of
from autograder.sandbox.inside._grading_parts import drawn_array

ENOUGH = 3.0
"""Seconds of the student's calls after which no further call is made."""
IN_A_ROW = 4
"""Calls of the student's function after each call of ours."""
CLEAR = 1.2
"""A ratio so many times above the border ends the measurement."""


@dataclass(frozen=True)
class SpeedTest:
    """How the speed of a right function is measured and what it earns.

    Args:
        share: part of the exercise's points.
        draw: draws an input large enough for loops to be slow on; the first argument, an array of
            ``float32`` or ``float64``, gets other entries, from 0 to 1.
        loop: our own plain loop, against which the function is measured.
        times: smallest ratio that earns the whole share; a smaller one earns nothing.
        runs: maximum number of calls of the student's function.
        hint: advice for a slow function.
    """

    share: float
    draw: Sampler
    loop: Function
    times: float
    runs: int = 40
    hint: str = ""

    def case(self, rng: np.random.Generator, *, seed: int) -> Case:
        """Return an input whose first argument a seed stands for.

        Args:
            rng: draws the rest.
            seed: what the first argument is drawn from.
        """
        case = self.draw(rng)
        first, *others = case.args
        assert isinstance(first, np.ndarray)
        drawn = drawn_array(seed, first.shape, first.dtype.str)
        return replace(case, args=(drawn, *others))

    def credit(self, ratio: float) -> float:
        """Return the part of the share, 0 or 1, that a ratio earns."""
        return float(ratio >= self.times)


@dataclass(frozen=True)
class Speed:
    """A measured speed, or the reason why it was not measured.

    Args:
        ratio: how many times as fast as the loop version; 0 if it was not measured.
        reason: why it was not measured, as the end of a sentence.
    """

    ratio: float
    reason: str = ""


def measure(
    test: SpeedTest, function: Function, questions: Iterable[tuple[Question, int]]
) -> Speed:
    """Return how many times as fast as our loop a function is.

    Args:
        test: how to measure.
        function: the student's function or its proxy.
        questions: large questions with the seeds of their inputs, a fresh one for each call.

    Raises:
        HiddenTestBug: our own loop is wrong.
    """
    waiting = iter(questions)
    ours: list[float] = []
    theirs: list[float] = []
    while rows := list(itertools.islice(waiting, IN_A_ROW)):
        ours.append(_processor_seconds(test.loop, rows[0][0]))
        for question, seed in rows:
            seconds = _seconds(question, timed_call(function, question.case, seed))
            if isinstance(seconds, str):
                return Speed(0.0, seconds)
            theirs.append(max(seconds, 1e-9))
            if sum(theirs) > ENOUGH:
                break
        if sum(theirs) > ENOUGH or _ratio(ours, theirs) > CLEAR * test.times:
            break
    return Speed(_ratio(ours, theirs))


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return how many times as fast as ours the student's function is at its fastest.

    The processor time of a call grows little with the load on the machine: at most 1.8 times, where
    the other half of a core computes, too.
    """
    return min(ours) / min(theirs)


def _processor_seconds(loop: Function, question: Question) -> float:
    """Return the processor time that our own loop takes."""
    started = time.thread_time()
    answer = call(loop, question.case)
    seconds = time.thread_time() - started
    if isinstance(problem := _seconds(question, answer), str):
        raise HiddenTestBug(f"the speed test's own loop: {problem}")
    return seconds


def _seconds(question: Question, answer: Answer) -> float | str:
    """Return the seconds of a right call, or what went wrong in it."""
    if isinstance(answer, Failure):
        return f"on a larger input it stopped with {answer.type_name}"
    if not result_of(question, answer).right:
        return "on a larger input its answer was not right"
    return answer.seconds
