"""Other forms of a right answer: what a right function may return besides a float64 array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Function = Callable[..., Any]


def as_float32(function: Function) -> Function:
    """Return a copy of the function whose result is in single precision."""
    return _named(function, "as_float32", lambda result: np.asarray(result, np.float32))


def as_lists(function: Function) -> Function:
    """Return a copy of the function whose result is nested lists."""
    return _named(function, "as_lists", lambda result: np.asarray(result).tolist())


def in_fortran_order(function: Function) -> Function:
    """Return a copy of the function whose result is in Fortran (column-major) order."""
    return _named(function, "in_fortran_order", np.asfortranarray)


def as_integer_type(function: Function) -> Function:
    """Return a copy of the function whose result is a NumPy integer."""
    return _named(function, "as_integer_type", np.int64)


def all_forms(function: Function) -> tuple[Function, ...]:
    """Return the variants for a function whose result is an array of floats."""
    return as_float32(function), as_lists(function), in_fortran_order(function)


def _named(function: Function, form: str, convert: Callable[[Any], Any]) -> Function:
    def converted(*args: Any, **kwargs: Any) -> Any:
        return convert(function(*args, **kwargs))

    converted.__name__ = f"{function.__name__}_{form}"
    return converted
