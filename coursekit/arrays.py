"""Convert results to NumPy arrays, and compare arrays within tolerances."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
FLOAT32_ACCURACY = 1e-5
"""Accuracy of a sum of float32 products, relative to its largest entry."""
MAX_DEPTH = 32
"""Levels of nested lists; NumPy's arrays have no more axes than this (64 since NumPy 2)."""


def as_array(value: Any) -> Array | None:
    """Return a number, an array, or nested lists of them as one array.

    Lists that hold text give None: NumPy would make every entry as wide as the longest text, so
    that 1,500 numbers beside one text of 400,000 characters would take 2.4 GB.

    Args:
        value: a result, of any type.

    Returns:
        The array, or None if the value isn't a number, list or array, or cannot be converted.
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

    Integers do not count, because they may have been truncated.

    Args:
        array: a result as `as_array` returns it.
    """
    return array is not None and array.ndim > 0 and array.dtype.kind == "f" and not array.any()


def entries_close(got: Array, expected: Array, *, rtol: float, atol: float) -> NDArray[np.bool_]:
    """Compare two arrays element-wise, as ``np.isclose`` with ``equal_nan=True`` does.

    Finite arrays, by far the most frequent, take a shorter path in a fifth of the time, because a
    certificate compares some hundred thousand small arrays.

    Args:
        got: numbers, of any shape.
        expected: numbers of a shape that broadcasts with it; errors are relative to them.
        rtol: allowed relative error.
        atol: allowed absolute error.

    Returns:
        A Boolean array of the broadcast shape, true where the entries are close.

    >>> entries_close(np.array([1.0, 2.0]), np.array([1.0, 2.1]), rtol=1e-5, atol=0.0)
    array([ True, False])
    """
    if np.isfinite(got).all() and np.isfinite(expected).all():
        expected = expected.astype(np.result_type(expected, 1.0))  # no booleans, no wrapped ints
        return np.asarray(np.abs(got - expected) <= atol + rtol * np.abs(expected))
    return np.asarray(np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True))


def tolerances(got: Array, expected: Array, *, rtol: float, atol: float) -> tuple[float, float]:
    """Return the tolerances for a comparison, wider if ``got`` is in single or half precision.

    Rounding errors of a sum are relative to its largest terms, even if the sum itself is small.
    The absolute tolerance therefore grows with the largest finite expected entry.

    Args:
        got: numbers of any type.
        expected: the numbers that they are compared with.
        rtol: relative tolerance for numbers in double precision.
        atol: absolute tolerance, likewise.

    Returns:
        The relative and the absolute tolerance.

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
