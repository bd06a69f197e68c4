"""Answers as arrays: what NumPy may be given, and what it must not be."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
FLOAT32_ACCURACY = 1e-5
"""What a sum of float32 products keeps, relative to the largest entry."""
MAX_DEPTH = 32
"""Levels of nested lists; NumPy's arrays have no more axes than this (64 since NumPy 2)."""


def as_array(value: Any) -> Array | None:
    """Return a number, an array, or nested lists of them as one array.

    Lists that hold text are refused. NumPy would make every entry as wide as the longest text, so
    that 1,500 numbers beside one text of 400,000 characters took 2.4 GB.

    Args:
        value: an answer, of any type.

    Returns:
        The array, or None if the value is no number, list or array, or cannot be made one.
    """
    if isinstance(value, (bool, int, float, complex, np.generic, np.ndarray)):
        return np.asarray(value)
    if not isinstance(value, (list, tuple)) or _holds_text(value, 0):
        return None
    try:
        return np.asarray(value)
    except (ValueError, OverflowError):  # rows of different lengths, whole numbers beyond floats
        return None


def all_zeros(array: Array | None) -> bool:
    """Return whether this is an array of floats that are all 0.

    Whole numbers do not count: they may have lost their decimals.

    Args:
        array: an answer as `as_array` gives it.
    """
    return array is not None and array.ndim > 0 and array.dtype.kind == "f" and not array.any()


def entries_close(got: Array, expected: Array, *, rtol: float, atol: float) -> NDArray[np.bool_]:
    """Return where two arrays of numbers agree, as ``np.isclose`` with ``equal_nan=True`` does.

    Nearly all answers are finite; then the comparison is written out, which takes a fifth of the
    time. A certificate compares some hundred thousand small arrays.

    Args:
        got: numbers, of any shape.
        expected: numbers of a shape that goes with it; errors are relative to them.
        rtol: allowed relative error.
        atol: allowed absolute error.

    >>> entries_close(np.array([1.0, 2.0]), np.array([1.0, 2.1]), rtol=1e-5, atol=0.0)
    array([ True, False])
    """
    if np.isfinite(got).all() and np.isfinite(expected).all():
        expected = expected.astype(np.result_type(expected, 1.0))  # no booleans, no wrapped ints
        return np.asarray(np.abs(got - expected) <= atol + rtol * np.abs(expected))
    return np.asarray(np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True))


def tolerances(got: Array, expected: Array, *, rtol: float, atol: float) -> tuple[float, float]:
    """Return tolerances that numbers in single precision can keep.

    A sum of numbers near the largest expected one is rounded to their accuracy, whatever it is
    itself. What is not finite has no accuracy.

    Args:
        got: numbers of any type.
        expected: what they are compared with.
        rtol: relative tolerance for numbers in double precision.
        atol: absolute tolerance, likewise.

    >>> tolerances(np.float32([1, 2]), np.array([1.0, 200.0]), rtol=1e-6, atol=1e-8)
    (1e-05, 0.002)
    """
    if got.dtype not in (np.float32, np.float16):
        return rtol, atol
    finite = np.abs(expected[np.isfinite(expected)])
    largest = float(finite.max(initial=0.0))
    return max(rtol, FLOAT32_ACCURACY), max(atol, FLOAT32_ACCURACY * largest)


def _holds_text(value: Any, depth: int) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind not in "biufcO"
    if isinstance(value, (list, tuple)):
        return depth >= MAX_DEPTH or any(_holds_text(part, depth + 1) for part in value)
    return isinstance(value, (str, bytes))
