"""Operators of the student's objects.

An operator between two of the student's objects runs the student's code. With plain data it does
so only if the lab's own solution has an object of its own class at the same place. A comparison
with plain data never does: if the object's class extends a plain type its data are compared,
otherwise ``==`` is false and an ordering is refused. So no expected value reaches the student's
code, and an ``__eq__`` that is always true earns nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.errors import BadAnswer
from autograder.examiner.raised import ExceptionClass, Raised

if TYPE_CHECKING:
    from autograder.examiner.kernel_link import KernelLink
    from autograder.sandbox.inside import _grading_wire as wire

_BINARY = "add sub mul matmul truediv floordiv mod pow lshift rshift and or xor"
_COMPARISONS = "eq ne lt le gt ge"
_UNARY = "neg pos abs invert"
_CONVERSIONS = {"int": int, "float": float, "complex": complex, "index": int, "bytes": bytes}
_ROUNDING = "round trunc floor ceil"
_UFUNCS: dict[Any, str] = {
    np.add: "__radd__",
    np.subtract: "__rsub__",
    np.multiply: "__rmul__",
    np.matmul: "__rmatmul__",
    np.true_divide: "__rtruediv__",
    np.floor_divide: "__rfloordiv__",
    np.remainder: "__rmod__",
    np.power: "__rpow__",
}
"""What NumPy calls where its own number or array stands on the left of an operator."""


def is_students(value: Any) -> bool:
    """Return whether a value stands for an object in the student's kernel."""
    return isinstance(value, (Operators, ExceptionClass, Raised))


class Operators:
    """Special methods of proxies; most are made by the functions below."""

    __slots__ = ()

    _examiner_data: tuple[Any, ...]
    _examiner_handle: wire.Handle
    _examiner_hash: int | None
    _examiner_link: KernelLink
    _examiner_name: str

    def __hash__(self) -> int:
        """Return the object's own hash, or the handle's number while an answer is read."""
        if self._examiner_hash is None:
            link, handle = self._examiner_link, self._examiner_handle
            if link.decoding:
                found: Any = hash(handle.number)
            else:
                found = hash(link.plain(self)) if handle.base else link.apply("hash", self)
            if type(found) is not int:
                raise BadAnswer("a hash that is no whole number")
            object.__setattr__(self, "_examiner_hash", hash(found))
        return self._examiner_hash or 0

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __copy__(self) -> Any:
        return self._examiner_link.apply("copy", self)

    def __deepcopy__(self, memo: object) -> Any:
        return self._examiner_link.apply("deepcopy", self)

    def __reversed__(self) -> Any:
        return self._examiner_link.apply("reversed", self)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """NumPy's own functions take an object's data; its operators are the object's."""
        if method == "__call__" and ufunc in _UFUNCS and inputs[-1] is self and not options:
            return getattr(self, _UFUNCS[ufunc])(inputs[0])
        parts = [np.asarray(x) if isinstance(x, Operators) else x for x in inputs]
        return getattr(ufunc, method)(*parts, **options)


def _binary(name: str, function: Callable[[Any, Any], Any], *, swapped: bool) -> Any:
    def method(self: Operators, other: Any) -> Any:
        link, handle = self._examiner_link, self._examiner_handle
        left, right = (other, self) if swapped else (self, other)
        if is_students(other) or link.trace.allows("operate", handle.type_name):
            return link.apply(name, left, right)
        if not handle.base:
            raise _unexpected(handle)
        return function(*(link.plain(x) if x is self else x for x in (left, right)))

    return method


def _comparison(name: str, function: Callable[[Any, Any], Any]) -> Any:
    def method(self: Operators, other: Any) -> Any:
        link, handle = self._examiner_link, self._examiner_handle
        if link.decoding:
            same = isinstance(other, Operators) and other._examiner_handle.number == handle.number
            return same if name == "eq" else not same
        if is_students(other):
            return link.apply(name, self, other)
        if handle.base:
            return function(link.plain(self), other)
        if name in ("eq", "ne"):
            link.trace.remark = "" if other is None else str(_unexpected(handle))
            return NotImplemented
        raise _unexpected(handle)

    return method


def _unary(name: str) -> Any:
    return lambda self: self._examiner_link.apply(name, self)


def _rounding(name: str) -> Any:
    return lambda self, *digits: self._examiner_link.apply(name, self, *digits)


def _conversion(name: str, kind: type) -> Any:
    def method(self: Operators) -> Any:
        found = self._examiner_link.apply(name, self)
        if type(found) is not kind:
            raise BadAnswer(f"{name} of a {self._examiner_handle.type_name} is no {kind.__name__}")
        return found

    return method


def _unexpected(handle: wire.Handle) -> BadAnswer:
    return BadAnswer(
        f"a {handle.type_name} came where plain data were expected. An operator takes plain data "
        "only where the lab's own solution has an object of a class that it defines, and a "
        "comparison never: compare an attribute, or with another object"
    )


def _add_all() -> None:
    for name in _BINARY.split():
        there = f"{name}_" if name in ("and", "or") else name
        for prefix in ("", "i"):
            function = getattr(operator, f"i{name}" if prefix else there)
            asked = f"i{name}" if prefix else there
            setattr(Operators, f"__{prefix}{name}__", _binary(asked, function, swapped=False))
        swapped = _binary(there, getattr(operator, there), swapped=True)
        setattr(Operators, f"__r{name}__", swapped)
    for name in _COMPARISONS.split():
        setattr(Operators, f"__{name}__", _comparison(name, getattr(operator, name)))
    for name in _UNARY.split():
        setattr(Operators, f"__{name}__", _unary(name))
    for name in _ROUNDING.split():
        setattr(Operators, f"__{name}__", _rounding(name))
    for name, kind in _CONVERSIONS.items():
        setattr(Operators, f"__{name}__", _conversion(name, kind))


_add_all()
