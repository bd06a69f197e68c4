"""How values, shapes and counts are written in a check's message."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALL = 30
"""Arrays of up to this many entries are shown whole."""


def kind_of(value: Any) -> str:
    """The kind of thing a value is, in words and without its content."""
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
        return f"a {type(value).__name__} of {len(value)}"
    return f"an object of type {type(value).__name__}"


def number_pair(got: Any, expected: Any) -> tuple[str, str]:
    """Both numbers as text, with as many digits as it takes to tell them apart."""
    texts = [f"{_plain(got):.6g}", f"{_plain(expected):.6g}"]
    if texts[0] == texts[1]:
        texts = [repr(_plain(got)), repr(_plain(expected))]
    return texts[0], texts[1]


def _plain(number: Any) -> Any:
    return number.item() if isinstance(number, (np.generic, np.ndarray)) else number


def entries(count: int, total: int) -> str:
    """Such as ``3 of 9 entries``."""
    return f"{count} of {total} {'entry' if total == 1 else 'entries'}"


def place(wrong: NDArray[np.bool_]) -> tuple[int, ...]:
    """The index of the first True of a mask that has one."""
    return tuple(int(i) for i in np.argwhere(wrong)[0])


def whole_array(array: NDArray[Any]) -> str:
    """The array's entries on lines of their own, or nothing where there are too many."""
    if array.size > SMALL or array.ndim > 2:
        return ""
    return "\n" + np.array2string(array, precision=4, suppress_small=True, max_line_width=80)
