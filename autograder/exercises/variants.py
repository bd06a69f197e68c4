"""Other forms of a right answer: what a right function may return besides a float64 array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Function = Callable[..., Any]


def as_float32(function: Function) -> Function:
    """Return the function with its result in single precision."""
    return _named(function, "as_float32", lambda result: np.asarray(result, np.float32))


def as_lists(function: Function) -> Function:
    """Return the function with its result as nested lists."""
    return _named(function, "as_lists", lambda result: np.asarray(result).tolist())


def in_fortran_order(function: Function) -> Function:
    """Return the function with its result laid out column by column in memory."""
    return _named(function, "in_fortran_order", np.asfortranarray)


def as_integer_type(function: Function) -> Function:
    """Return the function with its result as one of NumPy's integers."""
    return _named(function, "as_integer_type", np.int64)


def all_forms(function: Function) -> tuple[Function, ...]:
    """Return the forms that suit every function whose result is an array of floats."""
    return as_float32(function), as_lists(function), in_fortran_order(function)


def _named(function: Function, form: str, convert: Callable[[Any], Any]) -> Function:
    def converted(*args: Any, **kwargs: Any) -> Any:
        return convert(function(*args, **kwargs))

    converted.__name__ = f"{function.__name__}_{form}"
    return converted
