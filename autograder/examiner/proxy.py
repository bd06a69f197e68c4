"""Proxies of objects in the student's kernel."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.errors import BadAnswer
from autograder.examiner.library_classes import nearest_class
from autograder.examiner.operators import Operators, is_students
from autograder.examiner.solution_trace import in_a_test
from autograder.sandbox.inside import _grading_wire as wire

if TYPE_CHECKING:
    from autograder.examiner.kernel_link import KernelLink

BASES: dict[str, type] = {
    kind.__name__: kind
    for kind in (int, float, complex, str, bytes, list, tuple, dict, set, frozenset)
}
"""The plain types that a student's class may extend."""
_READABLE = (
    *("__name__", "__qualname__", "__module__", "__dict__", "__defaults__", "__kwdefaults__"),
    *("__annotations__", "__code__", "__wrapped__"),
)


class Proxy(Operators):
    """An object in the student's kernel: a function, a class, a module, a model.

    What a hidden test does with it happens in the kernel. Plain data come back as data, anything
    else as another proxy. Only comparisons with plain data are never made in the kernel. Operators
    with plain data and changes of arguments happen only where the lab's own solution does the
    same; see `autograder.examiner.solution_trace`.
    """

    __slots__ = (
        "_examiner_data",
        "_examiner_handle",
        "_examiner_hash",
        "_examiner_link",
        "_examiner_name",
        "last_call_changed_inputs",
    )

    last_call_changed_inputs: tuple[Any, ...]

    def __init__(self, link: KernelLink, handle: wire.Handle, name: str) -> None:
        object.__setattr__(self, "_examiner_link", link)
        object.__setattr__(self, "_examiner_handle", handle)
        object.__setattr__(self, "_examiner_data", ())
        object.__setattr__(self, "_examiner_hash", None)
        object.__setattr__(self, "_examiner_name", name)
        object.__setattr__(self, "last_call_changed_inputs", ())

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What `isinstance` in a test sees; the grader's own modules see a proxy."""
        asked_by = str(sys._getframe(1).f_globals.get("__name__"))
        if asked_by.startswith("autograder.") or not in_a_test():
            return type(self)
        link = self._examiner_link
        return nearest_class(link.apply("classes", self), link) or type(self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object in the kernel; `last_call_changed_inputs` lists the changed inputs."""
        value, changed = self._examiner_link.call(self, args, kwargs)
        object.__setattr__(self, "last_call_changed_inputs", changed)
        return value

    def _examiner_timed(self, seed: int, args: Any, kwargs: Any) -> tuple[Any, float]:
        """Call the function and return its result and the seconds that it took."""
        return self._examiner_link.timed_call(self, seed, args[0], args[1:], kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_examiner") or (name.startswith("__") and name not in _READABLE):
            raise AttributeError(name)
        return self._examiner_link.apply("getattr", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._examiner_link.apply("setattr", self, name, value)

    def __delattr__(self, name: str) -> None:
        self._examiner_link.apply("delattr", self, name)

    @property
    def __doc__(self) -> Any:  # type: ignore[override]
        return self._examiner_link.apply("getattr", self, "__doc__")

    @property
    def __signature__(self) -> inspect.Signature:
        found: inspect.Signature = self._examiner_link.signature(self)
        return found

    def __getitem__(self, index: Any) -> Any:
        return self._examiner_link.apply("getitem", self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        self._examiner_link.apply("setitem", self, index, value)

    def __delitem__(self, index: Any) -> None:
        self._examiner_link.apply("delitem", self, index)

    def __len__(self) -> int:
        length: int = self._told("len", int)
        if length < 0:
            raise BadAnswer("a length below 0")
        return length

    def __bool__(self) -> bool:
        truth: bool = self._told("bool", bool)
        return truth

    def __iter__(self) -> Iterator[Any]:
        return self._examiner_link.items(self)

    def __next__(self) -> Any:
        return self._examiner_link.next_item(self)

    def __contains__(self, item: Any) -> bool:
        trace, name = self._examiner_link.trace, self._examiner_handle.type_name
        if is_students(item) or trace.has("contain"):
            return bool(self._told("contains", bool, item))
        try:
            return any(found is item or found == item for found in self)
        except TypeError:  # it cannot be iterated over
            if not trace.allows("contain", name):
                raise
        return bool(self._told("contains", bool, item))

    def __instancecheck__(self, instance: Any) -> bool:
        return is_students(instance) and self._is_true("isinstance", instance)

    def __subclasscheck__(self, kind: Any) -> bool:
        return is_students(kind) and self._is_true("issubclass", kind)

    def __enter__(self) -> Any:
        return self._examiner_link.apply("enter", self)

    def __exit__(self, *error: object) -> None:
        self._examiner_link.apply("exit", self)  # what it says does not silence the test's error

    def __str__(self) -> str:
        return str(self._told("str", str))

    def __format__(self, spec: str) -> str:
        return str(self._told("format", str, spec))

    def __repr__(self) -> str:
        if in_a_test():
            return str(self._told("repr", str))
        return f"<{self._examiner_handle.type_name} in the student's kernel>"

    def __array__(self, *args: Any, **kwargs: Any) -> np.ndarray[Any, Any]:
        raise BadAnswer(f"a {self._examiner_handle.type_name} came where numbers were expected")

    def _is_true(self, operator: str, other: Any) -> bool:
        answer = self._examiner_link.apply(operator, other, self)
        if type(answer) is not bool:
            raise BadAnswer(f"{operator} that is neither true nor false")
        return answer

    def _told(self, operator: str, kind: type, *operands: Any) -> Any:
        """Return the result of an operator in the kernel.

        Args:
            operator: see `autograder.examiner.link.Link.apply`.
            kind: the type that the result must have.
            operands: the operands after this object.

        Raises:
            BadAnswer: the result is of another type.
        """
        answer = self._examiner_link.apply(operator, self, *operands)
        if type(answer) is not kind:
            raise BadAnswer(f"{operator} of a {self._examiner_handle.type_name} is no {kind}")
        return answer


def module_beside(target: Proxy, name: str) -> Any:
    """Return a module of the kernel in which an object is defined.

    Args:
        target: the object.
        name: such as ``coursekit.harness``.
    """
    return target._examiner_link.module(name)


class DataProxy(Proxy):
    """An object in the kernel whose class extends a plain type, such as a named tuple.

    Its methods and operators run in the kernel; compared with plain data, its data are compared.
    """

    __slots__ = ()

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return BASES[self._examiner_handle.base]  # so that isinstance(p, tuple) holds

    def __contains__(self, item: Any) -> bool:
        return item in self._examiner_link.plain(self)

    def __array__(self, *args: Any, **kwargs: Any) -> np.ndarray[Any, Any]:
        return np.asarray(self._examiner_link.plain(self), *args, **kwargs)
