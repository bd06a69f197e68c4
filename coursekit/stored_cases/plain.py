"""Convert arguments and results to plain JSON data and back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

_DTYPES = {"b": "bool", "i": "int64", "u": "int64", "f": "float64"}
DIGITS = 9
"""Significant digits of a stored number; comparisons allow for a millionth."""


def to_plain(value: Any) -> Any:
    """Return a value as plain data for JSON.

    Args:
        value: None, a Boolean, number or string, or an array, list, tuple or dict of these.

    Raises:
        TypeError: it is of another type.
    """
    if isinstance(value, np.ndarray):
        flat = [to_plain(entry) for entry in value.ravel().tolist()]
        return {"array": flat, "shape": list(value.shape), "dtype": _dtype(value)}
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return _number(value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, list):
        return [to_plain(part) for part in value]
    if isinstance(value, tuple):
        return {"tuple": [to_plain(part) for part in value]}
    if isinstance(value, dict):
        return {"dict": [[to_plain(key), to_plain(part)] for key, part in value.items()]}
    raise TypeError(f"a {type(value).__name__} cannot be stored as data")


def from_plain(value: Any) -> Any:
    """Return a new copy of the value that `to_plain` converted, up to rounding."""
    if isinstance(value, list):
        return [from_plain(part) for part in value]
    if not isinstance(value, dict):
        return value
    if "float" in value:
        return float(value["float"])
    if "tuple" in value:
        return tuple(from_plain(part) for part in value["tuple"])
    if "dict" in value:
        return {from_plain(key): from_plain(part) for key, part in value["dict"]}
    flat = [from_plain(entry) for entry in value["array"]]
    return np.array(flat, dtype=value["dtype"]).reshape(value["shape"])


def _dtype(array: Any) -> str:
    kind = array.dtype.kind
    if kind not in _DTYPES:
        raise TypeError(f"an array of {array.dtype} cannot be stored as data")
    return _DTYPES[kind]


def _number(value: float) -> Any:
    """Return a rounded float; nan and inf, which JSON lacks, by name."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else {"float": repr(value)}
