"""Stand-ins for what lives in the student's kernel."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.errors import (
    AutograderError,
    BadAnswer,
    GraderError,
    HiddenTestBug,
    StudentError,
)
from autograder.sandbox.inside import _grading_wire as wire

Ask = Callable[[str, str], str]
"""Sends one request's text to the agent, with a name for time-outs; returns the answer's text."""

MAX_TYPE_NAME, MAX_ERROR_TEXT, MAX_TRACEBACK, MAX_ANCESTORS = 200, 4000, 8000, 20
"""What is read of an error that a kernel tells: characters, and base classes."""
MAX_ITERATIONS = 100_000
"""Items that a hidden test may get out of one object in a kernel."""
_LARGE_BLOCK, _SMALL_BLOCK = 4096, 16
_SMALL = (bool, int, float, str, type(None))


class Link:
    """Requests to the agent in a kernel, and their answers as values.

    Args:
        ask: sends a request; see `autograder.sandbox.session.KernelSession.ask`.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def look_up(self, name: str) -> Any:
        """The value of a global name in the student's kernel.

        Raises:
            StudentError: ``NameError``, if the name is not defined there.
        """
        answer = self._request({"op": "get", "name": name}, name)
        if "missing" in answer:
            raise student_error("NameError", ("NameError", "Exception"), f"{name} is not defined")
        value = answer.get("value")
        if isinstance(value, Proxy):
            object.__setattr__(value, "_name", name)
        return value

    def unbind(self, name: str) -> None:
        """Takes a global name out of the student's kernel, as ``del`` does."""
        self._request({"op": "unbind", "name": name}, name)

    def bind(self, name: str, value: Any) -> None:
        """Binds a global name in the student's kernel to plain data or to what lies there."""
        self._request({"op": "bind", "name": name, "value": value}, name)

    def call(self, target: Proxy, args: Any, kwargs: Any) -> tuple[Any, tuple[Any, ...]]:
        """What a call gives, and which of its arrays it changed in place."""
        request = {"op": "call", "target": target, "args": list(args), "kwargs": dict(kwargs)}
        answer = self._request(request, target._name)
        told = answer.get("changed")
        places = [p for p in told if type(p) in (int, str)] if type(told) is list else []
        known = {*range(len(request["args"])), *request["kwargs"]}
        return answer.get("value"), tuple(p for p in dict.fromkeys(places) if p in known)

    def operate(self, operation: str, target: Proxy, **parts: Any) -> Any:
        """What an attribute, an item or the length of an object in the kernel is."""
        answer = self._request({"op": operation, "target": target, **parts}, target._name)
        return answer.get("value")

    def items(self, target: Proxy) -> Iterator[Any]:
        """The items of anything that can be iterated over in the kernel, fetched in blocks.

        Blocks begin with one item and grow, so that an endless generator can be looked into.

        Raises:
            BadAnswer: it gives more than ``MAX_ITERATIONS``.
        """
        count, got = 1, 0
        rest: Any = target
        while True:
            request = {"op": "iter", "target": rest, "count": count}
            answer = self._request(request, target._name)
            items, rest = answer.get("value"), answer.get("rest")
            if type(items) is not list or len(items) > count:
                raise BadAnswer("items that are no list")
            yield from items
            got += len(items)
            if got > MAX_ITERATIONS:
                raise BadAnswer(f"{target._name} gives more than {MAX_ITERATIONS:,} items")
            if not items or not isinstance(rest, Proxy):
                return
            small = all(type(item) in _SMALL or isinstance(item, Proxy) for item in items)
            block = _LARGE_BLOCK if small else _SMALL_BLOCK
            count = min(2 * count, block, MAX_ITERATIONS - got + 1)

    def next_item(self, target: Proxy) -> Any:
        """The next item of an iterator in the kernel; `StopIteration` at its end."""
        items = self.operate("next", target)
        if type(items) is not list or len(items) > 1:
            raise BadAnswer("a next item that is none")
        if not items:
            raise StopIteration
        return items[0]

    def _request(self, request: dict[str, Any], what: str) -> dict[str, Any]:
        try:
            text = wire.dumps(request, self._keep)
        except wire.WireError as error:
            raise HiddenTestBug(f"{what} cannot be asked this: {error}") from error
        try:
            answer_text = self._ask(text, what)
        except AutograderError:
            raise
        except Exception as error:  # a full disk, no memory: whatever it is, it is not the student
            raise GraderError(f"the kernel could not be asked for {what}: {error!r}") from error
        try:
            answer = wire.loads(answer_text, self._resolve)
        except wire.WireError as error:
            raise BadAnswer(str(error)) from None
        if type(answer) is not dict:
            raise BadAnswer("the answer is not a message of the examiner's")
        if "error" in answer:
            raise _error_from(answer["error"])
        return answer

    def _keep(self, value: Any) -> wire.Handle:
        if isinstance(value, Proxy):
            return value._handle
        raise wire.WireError(
            f"a {type(value).__name__} cannot be sent to a student's kernel; send numbers, "
            "strings, lists, tuples, dicts or arrays"
        )

    def _resolve(self, handle: wire.Handle) -> Any:
        return Proxy(self, handle, handle.type_name)


class Proxy:
    """An object in the student's kernel: a function, a class, a module, a model.

    Calling it, reading an attribute or an item, iterating over it and asking its length happen in
    the kernel. Plain data come back as data; anything else as another proxy.
    """

    __slots__ = ("_handle", "_link", "_name", "last_call_changed_inputs")

    _handle: wire.Handle
    _link: Link
    _name: str
    last_call_changed_inputs: tuple[Any, ...]

    def __init__(self, link: Link, handle: wire.Handle, name: str) -> None:
        object.__setattr__(self, "_link", link)
        object.__setattr__(self, "_handle", handle)
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "last_call_changed_inputs", ())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the call gives in the kernel; its changes to its inputs are noted beside."""
        value, changed = self._link.call(self, args, kwargs)
        object.__setattr__(self, "last_call_changed_inputs", changed)
        return value

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in ("__name__", "__doc__"):
            raise AttributeError(name)
        return self._link.operate("getattr", self, name=name)

    @property
    def __doc__(self) -> Any:  # type: ignore[override]
        return self._link.operate("getattr", self, name="__doc__")

    def __getitem__(self, index: Any) -> Any:
        return self._link.operate("getitem", self, index=index)

    def __len__(self) -> int:
        length = self._link.operate("len", self)
        if type(length) is not int or length < 0:
            raise BadAnswer("a length that is no whole number")
        return length

    def __bool__(self) -> bool:
        return True  # so that `if baseline:` asks whether there is one, not how long it is

    def __iter__(self) -> Iterator[Any]:
        return self._link.items(self)

    def __next__(self) -> Any:
        return self._link.next_item(self)

    def __setattr__(self, name: str, value: Any) -> None:
        raise HiddenTestBug(f"a hidden test cannot set {self._name}.{name} in a student's kernel")

    def __array__(self, *args: Any, **kwargs: Any) -> np.ndarray[Any, Any]:
        raise BadAnswer(f"a {self._handle.type_name} came where numbers were expected")

    def __repr__(self) -> str:
        return f"<{self._handle.type_name} in the student's kernel>"


def student_error(
    type_name: str, ancestors: tuple[str, ...], text: str, trace: str = ""
) -> StudentError:
    """A `StudentError` that ``except ValueError`` in a hidden test catches where that is its type.

    Args:
        type_name: the type's name as the kernel tells it.
        ancestors: names of its builtin base classes, nearest first.
        text: the message.
        trace: the student's frames.
    """
    for name in ancestors:
        kind = getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, Exception) and _can_be_caught(kind):
            return _catchable(kind)(type_name, text, trace)
    return StudentError(type_name, text, trace)


def _can_be_caught(kind: type[Exception]) -> bool:
    # The end of an iteration would end a loop of the test's in silence: `all(map(f, cases))` would
    # hold. A group of errors cannot be made without the errors.
    others = (StopIteration, StopAsyncIteration, BaseExceptionGroup)
    return kind is not Exception and not issubclass(kind, others)


class _AlsoBuiltin(StudentError):
    """A `StudentError` that has a builtin exception as a second base."""

    def __init__(self, type_name: str, text: str, traceback: str = "") -> None:
        # Not the builtin's own __init__: UnicodeDecodeError's wants five other arguments.
        BaseException.__init__(self, type_name, text)
        self.type_name = type_name
        self.text = text
        self.traceback = traceback


def _catchable(kind: type[Exception]) -> type[StudentError]:
    return type(kind.__name__, (_AlsoBuiltin, kind), {})


def _error_from(told: Any) -> StudentError | BadAnswer:
    if type(told) is not dict or not all(type(key) is str for key in told):
        return BadAnswer("an error that is none")
    ancestors = told.get("ancestors")
    names = ancestors[:MAX_ANCESTORS] if type(ancestors) is list else []
    return student_error(
        _text(told.get("type"), MAX_TYPE_NAME) or "Exception",
        tuple(name for name in names if type(name) is str),
        _text(told.get("text"), MAX_ERROR_TEXT),
        _text(told.get("traceback"), MAX_TRACEBACK),
    )


def _text(value: Any, most: int) -> str:
    return wire.readable(value, most) if type(value) is str else ""
