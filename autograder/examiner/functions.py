"""Functions that a hidden test passes to the student's code.

They stay in this process. If the student's code calls one, it runs here on the plain data that
come with the call, and plain data go back.
"""

from __future__ import annotations

import builtins
import ctypes
import itertools
import math
import operator
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograder.errors import AutograderError, BadAnswer, StudentError
from autograder.sandbox.inside import _grading_wire as wire

MAX_SECONDS = 10.0
"""Seconds for all functions of one test together; the student's code chooses their inputs."""
_PUBLIC = (builtins, np, math, operator)
_numbers: dict[int, Iterator[int]] = {}


def new_number() -> int:
    """Return a negative number for an object of a test, unique among all processes."""
    if os.getpid() not in _numbers:  # a kernel may outlive the process that examines it
        _numbers[os.getpid()] = itertools.count(-1 - secrets.randbits(60), -1)
    return next(_numbers[os.getpid()])


class TooLong(BaseException):
    """A test's function was stopped. Its own ``except Exception`` does not catch this."""


class Functions:
    """The functions that one test has handed over, by number."""

    def __init__(self) -> None:
        self._by_number: dict[int, Callable[..., Any]] = {}
        self._seconds_left = MAX_SECONDS

    def begin(self) -> None:
        """Reset the time limit for a new test."""
        self._seconds_left = MAX_SECONDS

    def handle(self, function: Callable[..., Any]) -> wire.Handle:
        """Return the handle to send for a function: a public function's name, or a number."""
        name = getattr(function, "__name__", None)
        name = name if isinstance(name, str) else type(function).__name__
        for module in _PUBLIC:
            if vars(module).get(name) is function:
                return wire.Handle(0, f"{module.__name__}.{name}", True)
        known = [n for n, other in self._by_number.items() if other is function]
        number = known[0] if known else new_number()
        self._by_number[number] = function
        return wire.Handle(number, name, True)

    def answer(self, asked: Any) -> dict[str, Any]:
        """Call a function with arguments from the student's code.

        Args:
            asked: number, arguments and keyword arguments, if the kernel is honest.

        Returns:
            The result under ``value``, or the name and text of a builtin exception under
            ``raised``.

        Raises:
            BadAnswer: there is no such function, or it took too long.
            AssertionError: the function raised it.
        """
        function, args, kwargs = self._understood(asked)
        try:
            with self._on_the_clock():
                return {"value": function(*args, **kwargs)}
        except StudentError as error:  # of a student's function that the test's function called
            return {"raised": [_builtin_name(type(error)), error.text]}
        except (AutograderError, AssertionError):
            raise
        except TooLong:
            raise BadAnswer("the test's function took too long with what it was given") from None
        except Exception as error:
            return {"raised": [_builtin_name(type(error)), wire.readable(str(error), 1000)]}

    @contextmanager
    def _on_the_clock(self) -> Iterator[None]:
        with _stopped_after(self._seconds_left):
            started = time.monotonic()
            try:
                yield
            finally:
                self._seconds_left -= time.monotonic() - started

    def _understood(self, asked: Any) -> tuple[Callable[..., Any], list[Any], dict[str, Any]]:
        if type(asked) is list and [type(part) for part in asked] == [int, list, dict]:
            number, args, kwargs = asked
            if number in self._by_number and all(type(key) is str for key in kwargs):
                return self._by_number[number], args, kwargs
        raise BadAnswer("a call of a function that the test has not handed over")


def _builtin_name(kind: type[BaseException]) -> str:
    """Return the name of the nearest builtin exception that takes one text as its argument."""
    names = [base.__name__ for base in kind.__mro__ if base.__module__ == "builtins"]
    return next((name for name in names if not name.startswith("Unicode")), "Exception")


@contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    """Raise `TooLong` in this thread if the block takes longer, between two bytecodes."""
    me, lock = threading.get_ident(), threading.Lock()
    over = False

    def stop() -> None:
        with lock:
            if not over:
                _raise_in(me, TooLong)

    timer = threading.Timer(max(seconds, 0.001), stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            over = True
            _raise_in(me, None)  # where it was set and has not been raised yet
        timer.cancel()


def _raise_in(thread: int, kind: type[BaseException] | None) -> None:
    what = None if kind is None else ctypes.py_object(kind)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), what)
