"""Describe a call in words, the same in the visible tests and in the feedback."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

_MOST = 60
"""The most characters of an argument that are shown."""
_MOST_DIGITS = 6
"""The most characters of a number that is shown in full; longer ones get three digits."""


def call_title(name: str, positional: Iterable[tuple[str, Any]], named: Mapping[str, Any]) -> str:
    """Return a call as a student would write it, with shapes in place of arrays.

    Args:
        name: the function's name.
        positional: the positional arguments with their parameters' names.
        named: the keyword arguments.

    >>> call_title("conv2d", [("x", np.ones((2, 7, 9, 3)))], {"stride": 2})
    'conv2d(x: (2, 7, 9, 3), stride=2)'
    """
    arguments = [*positional, *named.items()]
    return f"{name}({', '.join(_argument(label, value) for label, value in arguments)})"


def _argument(label: str, value: Any) -> str:
    if isinstance(value, np.ndarray) and value.ndim:
        return f"{label}: {value.shape}"
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.item()
    text = repr(value)
    if isinstance(value, float) and len(text) > _MOST_DIGITS:
        text = f"{value:.3g}"
    if len(text) <= _MOST and "\n" not in text and " at 0x" not in text:
        return f"{label}={text}"
    if isinstance(value, (list, tuple)):
        return f"{label}: {len(value)} items"
    return f"{label}: {type(value).__name__}"
