"""Answers that do not depend on the inputs.

A function that returns 0 for every input is right wherever 0 is expected. It computes nothing, so
answers that are right by coincidence earn nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.exercises.calls import Returned
from autograder.exercises.judging import is_plain, numbers_of_any_form
from autograder.exercises.questions import Result
from autograder.results.marks import Message
from coursekit.checks import Problem

_PROBLEM = Problem(
    "values",
    got="the same value as for every other input",
    expected="a value that depends on the input",
    advice="Compute the result from the arguments.",
)


def constant_note(name: str) -> Message:
    """Return the message for a function whose answers are all one value."""
    return Message(
        "note",
        f"{name} returns one and the same value, whatever it is given. Where that happens to be "
        "the right one it does not count.",
    )


def is_constant(results: Sequence[Result], *, rtol: float, atol: float) -> bool:
    """Return whether all answers are made of one number, and at least one of them is wrong.

    Answers that raised depend on the input, and so do texts: a name can only be one of a few.

    Args:
        results: the results of the student's function.
        rtol: relative difference up to which two numbers count as the same.
        atol: absolute difference up to which two numbers count as the same.
    """
    if len(results) < 2 or all(result.credit for result in results):
        return False
    values = [result.answer.value for result in results if isinstance(result.answer, Returned)]
    if len(values) < len(results):
        return False
    found = [bound for value in values for bound in _bounds(value)]
    if not found or None in found:
        return False
    numbers = np.array(found, dtype=float)
    with np.errstate(all="ignore"):
        return bool(np.allclose(numbers, numbers[0], rtol=rtol, atol=atol, equal_nan=True))


def without_credit(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return the results with nothing earned, and a problem where an answer was right."""
    return tuple(
        replace(result, credit=0.0, parts=(), problem=result.problem or _problem_of(result))
        for result in results
    )


def _problem_of(result: Result) -> Problem:
    return replace(_PROBLEM, name=result.question.title)


def _bounds(value: Any) -> Iterator[float | None]:
    """Yield the lowest and the highest number of an answer; None for anything else in it."""
    if type(value) in (tuple, list) and is_plain(value):
        for part in value:
            yield from _bounds(part)
        return
    array = numbers_of_any_form(value, atol=0.0)
    if array is None:
        yield None
    elif array.size:
        yield from (float(array.min()), float(array.max()))
