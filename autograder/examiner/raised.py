"""Exceptions of the student's code, as classes that ``except`` and ``pytest.raises`` accept."""

from __future__ import annotations

import builtins
import decimal
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.errors import BadAnswer, StudentError
from autograder.sandbox.inside import _grading_wire as wire

MAX_TYPE_NAME, MAX_ERROR_TEXT, MAX_TRACEBACK, MAX_ANCESTORS = 200, 4000, 8000, 20
"""What is read of a kernel's description of an error: characters, and base classes."""
MEMORY_ERRORS = ("MemoryError", "_ArrayMemoryError", "ResourceExhaustedError")
"""Names of the exceptions that mean that a kernel's memory ran out."""
_MAX_DEPTH = 10
_MAX_CLASSES = 200
_MAX_ARGS = 10
_OF_LIBRARIES: dict[str, type[Exception]] = {
    f"{kind.__module__}.{kind.__qualname__}": kind
    for kind in (
        np.linalg.LinAlgError,
        np.exceptions.AxisError,
        json.JSONDecodeError,
        decimal.InvalidOperation,
        decimal.DivisionByZero,
    )
}


class Raised(StudentError):
    """An exception that the student's code raised, as the hidden test catches it.

    Its text is the exception's own, as under nbgrader. Attributes that the student's class defines
    are fetched from the kernel.
    """

    _examiner_object: Any = None

    def __init__(self, type_name: str, text: str, traceback: str = "") -> None:
        # Not a builtin base's own __init__: UnicodeDecodeError's wants five other arguments.
        BaseException.__init__(self, text)
        self.type_name = type_name
        self.text = text
        self.traceback = traceback

    def __str__(self) -> str:
        return self.text

    def __getattr__(self, name: str) -> Any:
        if self._examiner_object is None or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._examiner_object, name)


_CATCHABLE: dict[type[Exception], type[Raised]] = {}


class ExceptionClass(type):
    """A class of exceptions that the student's code defines; calls and attributes go there."""

    _examiner_class: Any = None

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Call the class in the kernel and return the proxy of the exception."""
        return cls._examiner_class(*args, **kwargs)

    def __getattr__(cls, name: str) -> Any:
        if cls._examiner_class is None or name.startswith("__"):
            raise AttributeError(name)
        return getattr(cls._examiner_class, name)

    def raised(cls, type_name: str, text: str, traceback: str) -> Raised:
        """Return an exception of this class, made without asking the kernel."""
        error: Raised = type.__call__(cls, type_name, text, traceback)
        return error


class ExceptionClasses:
    """The exception classes of one test, each created only once.

    Args:
        number_of: a class' number in the kernel by its handle; None for anything else.
    """

    def __init__(self, number_of: Callable[[Any], int | None]) -> None:
        self._made: dict[int, ExceptionClass] = {}
        self._number_of = number_of

    def class_for(self, payload: Any) -> ExceptionClass | None:
        """Return the student's exception class that a kernel describes.

        Args:
            payload: as the agent's ``describe_class`` gives it, if the kernel is honest.

        Returns:
            The class; None for a builtin class, one of a library, or no description.
        """
        if type(payload) is not dict:
            return None
        found: Any = self._class(payload, 0)
        return found if isinstance(found, ExceptionClass) else None

    def error_from(self, payload: Any) -> StudentError | BadAnswer:
        """Return the exception that a kernel describes.

        Args:
            payload: as the agent's ``describe_error`` gives it, if the kernel is honest.

        Returns:
            The exception, to be raised; a `BadAnswer` if this is no description.
        """
        if type(payload) is not dict or not all(type(key) is str for key in payload):
            return BadAnswer("an error that is none")
        type_name = _text(payload.get("type"), MAX_TYPE_NAME) or "Exception"
        text = _text(payload.get("text"), MAX_ERROR_TEXT)
        trace = _text(payload.get("traceback"), MAX_TRACEBACK)
        own = self.class_for(payload.get("class"))
        if own is not None:
            error = own.raised(type_name, text, trace)
            error._examiner_object = payload.get("object")
        else:
            error = student_error(type_name, _names(payload.get("ancestors")), text, trace)
        error.args = _plain_args(payload.get("args")) or (text,)
        return error

    def _class(self, payload: Any, depth: int) -> type:
        if type(payload) is not dict:
            return _nearest([payload] if type(payload) is str else [])
        number = self._number_of(payload.get("class"))
        bases = payload.get("bases")
        if number is None or type(bases) is not list or depth > _MAX_DEPTH:
            return Raised
        if number not in self._made:
            if len(self._made) >= _MAX_CLASSES:
                return Raised
            parents = tuple(dict.fromkeys(self._class(b, depth + 1) for b in bases[:_MAX_DEPTH]))
            made = _subclass(_text(payload.get("name"), MAX_TYPE_NAME), parents or (Raised,))
            made._examiner_class = payload.get("class")
            self._made[number] = made
        return self._made[number]


def student_error(type_name: str, ancestors: Sequence[str], text: str, trace: str = "") -> Raised:
    """Return a `StudentError` that ``except ValueError`` catches if that is its type.

    Args:
        type_name: the type's name in the kernel.
        ancestors: names of its base classes, nearest first.
        text: the message.
        trace: the student's frames.
    """
    return _nearest(ancestors)(type_name, text, trace)


def _nearest(ancestors: Sequence[str]) -> type[Raised]:
    """Return the subclass of `Raised` that also extends the first known of some exceptions."""
    for name in ancestors:
        kind = getattr(builtins, name, _OF_LIBRARIES.get(name))
        if isinstance(kind, type) and issubclass(kind, Exception) and _can_be_caught(kind):
            return _catchable(kind)
    return Raised


def _can_be_caught(kind: type[Exception]) -> bool:
    # The end of an iteration would end a loop of the test's in silence: `all(map(f, cases))` would
    # hold. A group of errors cannot be made without the errors.
    others = (StopIteration, StopAsyncIteration, BaseExceptionGroup)
    return kind is not Exception and not issubclass(kind, others)


def _catchable(kind: type[Exception]) -> type[Raised]:
    """Return one class for each builtin, so that students' subclasses of it fit together."""
    if kind not in _CATCHABLE:
        _CATCHABLE[kind] = type(kind.__name__, (Raised, kind), {})
    return _CATCHABLE[kind]


def _subclass(name: str, parents: tuple[type, ...]) -> ExceptionClass:
    try:
        return ExceptionClass(name or "Exception", parents, {})
    except (TypeError, ValueError):  # no such class can be: the description is not honest
        return ExceptionClass("Exception", (Raised,), {})


def _names(value: Any) -> list[str]:
    names = value[:MAX_ANCESTORS] if type(value) is list else []
    return [name for name in names if type(name) is str]


def _plain_args(value: Any) -> tuple[Any, ...]:
    parts = value[:_MAX_ARGS] if type(value) is list else []
    kinds = (bool, int, float, str, type(None))
    return tuple(
        _text(part, MAX_ERROR_TEXT) if type(part) is str else part
        for part in parts
        if type(part) in kinds
    )


def _text(value: Any, most: int) -> str:
    return wire.readable(value, most) if type(value) is str else ""
