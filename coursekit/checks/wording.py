"""How values, shapes and counts are written in a check's message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALL = 30
"""The most entries of an array that is shown in full."""


def tuple_of(count: int, names: Sequence[str]) -> str:
    """Return words such as ``a tuple of 3 (dx, dw, db)``, or ``a tuple of 3`` without names."""
    return f"a tuple of {count}" + (f" ({', '.join(names)})" if names else "")


def kind_of(value: Any) -> str:
    """Return what a value is, such as ``a number``, without its content."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if isinstance(value, (bool, np.bool_)):
        return "a truth value (bool)"
    if isinstance(value, (int, float, complex, np.number, np.ndarray)):
        return "a number"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, (tuple, list)):
        return f"a {'list' if isinstance(value, list) else 'tuple'} of {len(value)}"
    return f"an object of type {type(value).__name__}"


def number_pair(got: Any, expected: Any) -> tuple[str, str]:
    """Return both numbers as text, with enough digits to tell them apart."""
    came, wanted = (
        each.item() if isinstance(each, (np.generic, np.ndarray)) else each
        for each in (got, expected)
    )
    short = _short(came), _short(wanted)
    return short if short[0] != short[1] else (repr(came), repr(wanted))


def _short(number: Any) -> str:
    """Return a number with six significant digits, or a Boolean by its name."""
    return str(number) if isinstance(number, bool) else f"{number:.6g}"


def entries(count: int, total: int) -> str:
    """Return a count in words, such as ``3 of 9 entries``."""
    return f"{count} of {total} {'entry' if total == 1 else 'entries'}"


def place(wrong: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the index of the first True of a mask, which must have one."""
    return tuple(int(i) for i in np.argwhere(wrong)[0])


def whole_array(array: NDArray[Any]) -> str:
    """Return the array's entries on separate lines, or an empty text if there are too many."""
    if array.size > SMALL or array.ndim > 2:
        return ""
    return "\n" + np.array2string(array, precision=4, suppress_small=True, max_line_width=80)
