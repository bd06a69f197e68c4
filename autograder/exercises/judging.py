"""Judges what a function returned: plain data first, then the staged checks, then part credit.

What came back is data from hostile code. Only exact plain types are looked into; of anything
else nothing but the type's name is used, and none of its methods is called.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np

from autograder.examiner.proxy import Proxy
from autograder.examiner.raised import ExceptionClass, Raised
from autograder.sandbox.inside._grading_wire import Unreadable
from coursekit.arrays import Array, as_array, entries_close, tolerances
from coursekit.checks import Problem, find_problem

WRONG_SHAPE_CREDIT = 0.5
"""What a case earns whose values are right but come in another shape or number type."""


def _is_number(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, (np.number, np.bool_))


DEEPEST = 8
_PLAIN_DTYPES = "biufcUS"
_PLAIN_SCALARS = (bool, int, float, complex, str, type(None), *set(np.sctypeDict.values()))
_NUMBERS = (bool, int, float, complex, *(kind for kind in _PLAIN_SCALARS if _is_number(kind)))


@dataclass(frozen=True)
class Judgement:
    """What one answer earns, and its first problem if it is not wholly right.

    Args:
        credit: part of the case that is earned, 0 to 1.
        problem: what is wrong; `None` exactly if the credit is 1.
        parts: the judgements of the parts, where an answer has parts that were judged one by one.
    """

    credit: float
    problem: Problem | None = None
    parts: tuple[Judgement, ...] = ()

    @property
    def right(self) -> bool:
        """Whether the answer is wholly right."""
        return self.problem is None


RIGHT = Judgement(1.0)
Judge = Callable[[object], Judgement]


def wrong(problem: Problem, *, credit: float = 0.0) -> Judgement:
    """Return the judgement of an answer that has a problem."""
    return Judgement(credit, problem)


def compare(
    got: object,
    expected: object,
    *,
    name: str,
    rtol: float,
    atol: float,
    integer: bool = False,
    form_credit: float = WRONG_SHAPE_CREDIT,
) -> Judgement:
    """Judge an answer against the expected one; no message shows an expected entry.

    Args:
        got: what the student's function returned, of any type.
        expected: what the reference gives.
        name: the call, for the problem's first line.
        rtol: allowed error relative to the expected entry.
        atol: allowed absolute error.
        integer: whether whole numbers must be of an integer type.
        form_credit: credit, 0 to 1, for right values in another shape or number type.

    Returns:
        The credit, 0 to 1, with the first problem if the answer is not wholly right.
    """
    if not is_plain(got) and not _is_array_of_number_objects(got):
        return wrong(_foreign(got, expected, name))
    problem = find_problem(
        got, expected, name=name, rtol=rtol, atol=atol, show_values=False, integer=integer
    )
    if problem is None:
        return RIGHT
    form_alone = problem.stage != "values" and _same_values(got, expected, rtol, atol)
    return wrong(problem, credit=form_credit if form_alone else 0.0)


def parts_of(answer: object, count: int) -> list[object] | None:
    """Return the parts of an answer that is a tuple or list of this length, else None."""
    fits = type(answer) in (tuple, list) and len(answer) == count  # type: ignore[arg-type]
    return [*answer] if fits else None  # type: ignore[misc]


def judge_parts(
    answer: object, *, judges: Sequence[Judge], weights: Sequence[float], whole: Judge
) -> Judgement:
    """Judge an answer of several parts; the credit is the weighted mean of the parts' credits.

    Args:
        answer: what the student's function returned, of any type.
        judges: one for each part.
        weights: weights of the parts, in any unit.
        whole: judges an answer that is not a tuple of this many parts.
    """
    parts = parts_of(answer, len(judges))
    if parts is None:
        return whole(answer)
    judged = tuple(judge(part) for judge, part in zip(judges, parts, strict=True))
    problem = next((each.problem for each in judged if each.problem), None)
    credit = fmean((each.credit for each in judged), weights)
    return Judgement(credit if problem else 1.0, problem, judged)


def is_plain(value: Any, depth: int = 0) -> bool:
    """Return whether a value is plain data at every level, judged by exact types alone.

    Args:
        value: what the student's function returned, of any type.
        depth: containers around it; nesting beyond `DEEPEST` is not plain.
    """
    kind = type(value)
    if kind is np.ndarray:
        return value.dtype.kind in _PLAIN_DTYPES
    if kind is dict:
        return _all_plain([*value, *value.values()], depth)
    if kind is list or kind is tuple:
        return _all_plain(value, depth)
    return kind in _PLAIN_SCALARS


def _all_plain(parts: Iterable[Any], depth: int) -> bool:
    return depth < DEEPEST and all(is_plain(part, depth + 1) for part in parts)


def _foreign(got: object, expected: object, name: str) -> Problem:
    return Problem(
        "type",
        got=_foreign_kind(got),
        expected=_kind(expected),
        advice="Return a NumPy array or a number: `.numpy()` turns a tensor into an array.",
        name=name,
    )


def _foreign_kind(got: object) -> str:
    """Return what came, in words; the classes that stand for it here have names of their own."""
    kind = type(got)
    if isinstance(got, Unreadable):
        return f"an array of shape {got.shape} whose entries are no numbers (dtype {got.dtype})"
    if isinstance(got, ExceptionClass):
        return "a class of exceptions"
    if isinstance(got, Raised):
        return f"an exception, {got.type_name}"
    if isinstance(got, Proxy):
        return f"an object of type {got._examiner_handle.type_name}"
    if kind is np.ndarray:
        return "an array of objects"
    container = kind in (list, tuple, dict)
    return f"a {kind.__name__} of objects" if container else f"an object of type {kind.__name__}"


def _kind(expected: Any) -> str:
    if isinstance(expected, tuple):
        return f"a tuple of {len(expected)}"
    shape = np.shape(expected)
    return f"an array of shape {shape}" if shape else f"a value of type {type(expected).__name__}"


def as_numbers(value: object) -> Array | None:
    """Return plain data as an array of real numbers, or None if they are none."""
    if not _is_numeric(value, 0):
        return None
    array = as_array(value)
    return array if array is not None and array.dtype.kind in "biuf" else None


def _is_numeric(value: Any, depth: int) -> bool:
    """Return whether a value is numbers alone, by exact types: never text, which NumPy widens."""
    kind = type(value)
    if kind is np.ndarray:
        return value.dtype.kind in "biufc"
    if kind is list or kind is tuple:
        return depth < DEEPEST and all(_is_numeric(part, depth + 1) for part in value)
    return kind in _NUMBERS


def numbers_of_any_form(value: Any, atol: float) -> Array | None:
    """Return the real numbers that a value stands for, or None.

    Beside what `as_numbers` takes, these are complex numbers whose imaginary part is rounding, as
    an FFT gives, and arrays of Python's numbers as objects.

    Args:
        value: what the student's function returned.
        atol: absolute error that counts as rounding.
    """
    if _is_array_of_number_objects(value):
        value = value.tolist()
    array = as_array(value) if _is_numeric(value, 0) else None
    if array is not None and array.dtype.kind == "c":
        scale = float(np.abs(array.real).max(initial=0.0))
        array = array.real if np.all(np.abs(array.imag) <= max(atol, 1e-6 * scale)) else None
    return array if array is not None and array.dtype.kind in "biuf" else None


def _is_array_of_number_objects(value: Any) -> bool:
    if type(value) is not np.ndarray or value.dtype.kind != "O" or value.ndim > DEEPEST:
        return False
    return all(type(entry) in _NUMBERS for entry in value.flat)


def alike(got: object, other: object, *, rtol: float, atol: float) -> bool:
    """Return whether two answers are the same: shape and values, or the same plain value.

    Args:
        got: a student's answer; its dtype decides how accurate it can be.
        other: the answer to compare with, from our own code.
        rtol: allowed relative error.
        atol: allowed absolute error.
    """
    mine, theirs = as_numbers(got), as_numbers(other)
    if mine is None or theirs is None:
        return is_plain(got) and _same_plain(got, other, rtol, atol)
    return mine.shape == theirs.shape and _close(mine, theirs, rtol, atol)


def _same_plain(got: Any, other: Any, rtol: float, atol: float) -> bool:
    """Return whether two values other than arrays of real numbers are the same.

    Args:
        got: the student's value, which must be plain.
        other: the value to compare with.
        rtol: allowed relative error.
        atol: allowed absolute error.
    """
    kind = type(got)
    if kind is not type(other):
        return False
    if kind is np.ndarray:
        return got.dtype.kind == other.dtype.kind and bool(np.array_equal(got, other))
    if kind is dict:
        same = list(got) == list(other)
        return same and alike([*got.values()], [*other.values()], rtol=rtol, atol=atol)
    if kind is list or kind is tuple:
        return len(got) == len(other) and all(
            alike(mine, theirs, rtol=rtol, atol=atol)
            for mine, theirs in zip(got, other, strict=True)
        )
    return bool(got == other)


def _same_values(got: object, expected: object, rtol: float, atol: float) -> bool:
    """Return whether the values are right, in the same order or with axes swapped."""
    mine, right = numbers_of_any_form(got, atol), as_numbers(expected)
    if mine is None or right is None or mine.size != right.size or not mine.size:
        return False
    if _close(mine.ravel(), right.ravel(), rtol, atol):
        return True
    return mine.ndim == right.ndim and any(
        moved.shape == mine.shape and _close(mine, moved, rtol, atol)
        for moved in map(right.transpose, itertools.permutations(range(right.ndim)))
    )


def _close(mine: Array, other: Array, rtol: float, atol: float) -> bool:
    rtol, atol = tolerances(mine, other, rtol=rtol, atol=atol)
    with np.errstate(all="ignore"):
        return bool(entries_close(mine, other, rtol=rtol, atol=atol).all())
