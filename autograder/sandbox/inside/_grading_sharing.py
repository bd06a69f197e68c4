"""Lists, dicts, sets and arrays that are one object in several places of a request and its answer.

A function that returns its argument, a row that stands three times in a table and a view of an
array stay that on the other side: a test that changes one of them sees the other change. All
contents are sent at each place all the same, and what a message says is shared is believed only
where the contents are equal. It is imported on both sides, as `_grading_wire` is.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

_WITHHELD = object()
_EXACT = (Decimal, Fraction)
_LEAVES = (bool, int, float, complex, str, bytes, type(None))


class Shared:
    """The objects of one request and its answer, numbered in the order in which they end.

    Args:
        withheld: how many of the first numbers stand for objects that must not be returned.
    """

    def __init__(self, withheld: int = 0) -> None:
        self._objects: list[Any] = [_WITHHELD] * withheld
        self._places: dict[int, int] = {}

    @property
    def count(self) -> int:
        """The number of objects."""
        return len(self._objects)

    def mark(self, value: Any, node: dict[str, Any]) -> dict[str, Any]:
        """Note in the part of a message which object it stands for, if that was sent before.

        Args:
            value: a list, dict, set or array.
            node: what is sent of it.
        """
        place = self._places.get(id(value))
        if place is not None:
            return {**node, "is": place}
        if isinstance(value, np.ndarray):
            node = {**node, **self._view(value)}
        self._add(value)
        return node

    def found(self, value: Any, node: dict[str, Any]) -> Any:
        """Return the object that a part of a message stands for.

        Args:
            value: what was made of its contents.
            node: the part, which may come from an enemy.
        """
        place = node.get("is")
        if place is None:
            if type(value) is np.ndarray:
                value = self._in_view(value, node.get("view"))
            self._add(value)
            return value
        if type(place) is not int or not 0 <= place < len(self._objects):
            return value
        own = self._objects[place]
        if _alike(own, value):
            return own
        self._objects[place] = value  # changed meanwhile; the next that is the same finds this one
        return value

    def _add(self, value: Any) -> None:
        self._places[id(value)] = len(self._objects)
        self._objects.append(value)

    def _view(self, array: np.ndarray[Any, Any]) -> dict[str, Any]:
        """Return the base array, byte offset and strides of a view; empty if it is none."""
        base = array.base
        while isinstance(base, np.ndarray) and id(base) not in self._places:
            base = base.base
        if not isinstance(base, np.ndarray) or not base.flags.c_contiguous:
            return {}  # it arrives in another layout
        if base.dtype.char in "gG":
            return {}  # it arrives as another dtype
        offset = _address(array) - _address(base)
        return {"view": [self._places[id(base)], offset, list(array.strides)]}

    def _in_view(self, value: Any, layout: Any) -> Any:
        """Return the view that a message describes, if it lies in its array; else the value."""
        match layout:
            case [int(place), int(offset), [*strides]] if 0 <= place < len(self._objects):
                base = self._objects[place]
            case _:
                return value
        if type(base) is not np.ndarray or not base.flags.c_contiguous or not value.size:
            return value
        if not all(type(step) is int and abs(step) <= base.nbytes for step in strides):
            return value
        ways = [(n - 1) * step for n, step in zip(value.shape, strides, strict=False)]
        first = offset + sum(way for way in ways if way < 0)
        end = offset + sum(way for way in ways if way > 0) + value.itemsize
        if len(strides) != value.ndim or first < 0 or end > base.nbytes:
            return value  # NumPy's own check of the bounds overflows
        view = np.ndarray(value.shape, value.dtype, base, offset, strides)
        return view if _alike(view, value) else value


class Unshared(Shared):
    """Marks nothing, so that texts compare contents, however these are shared."""

    def mark(self, value: Any, node: dict[str, Any]) -> dict[str, Any]:
        """Return the part of a message as it is."""
        return node


def _address(array: np.ndarray[Any, Any]) -> int:
    address: int = array.__array_interface__["data"][0]
    return address


def _alike(own: Any, value: Any) -> bool:
    """Return whether two objects have equal contents; containers in them must be identical."""
    if type(own) is not type(value):
        return False
    if isinstance(own, np.ndarray):
        same = (own.shape, own.dtype) == (value.shape, value.dtype)
        return same and own.tobytes() == value.tobytes()
    if len(own) != len(value):
        return False
    if type(own) is set:
        return all(type(item) in _LEAVES for item in (*own, *value)) and own == value
    if type(own) is dict:
        return all(_same(a, b) and _same(own[a], value[b]) for a, b in zip(own, value, strict=True))
    return all(map(_same, own, value))


def _same(a: Any, b: Any) -> bool:
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if type(a) is tuple:
        return len(a) == len(b) and all(map(_same, a, b))
    if type(a) is float and math.isnan(a):
        return math.isnan(b)
    if isinstance(a, np.generic):
        return bool(a.tobytes() == b.tobytes())
    return type(a) in (*_LEAVES, *_EXACT) and bool(a == b)
