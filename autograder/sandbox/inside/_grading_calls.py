"""Calls of the student's code that may call back: a hidden test's functions run with the test.

If the student's code calls such a function, its own call is suspended in a greenlet, the request is
answered with the arguments, and a later request brings the result. A thread that the student's code
has started calls back through the main thread, which is interrupted by a signal.
"""

from __future__ import annotations

import builtins
import contextlib
import contextvars
import queue
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import _grading_wire as wire

with contextlib.suppress(ImportError):  # without it functions cannot be handed over; all else can
    from greenlet import getcurrent, greenlet

Operation = Callable[[dict[str, Any]], dict[str, Any]]

given: dict[int, Any] = {}
"""What a test has passed, by number: its functions, and twins of its generators."""
_standing: dict[int, greenlet] = {}


def function_of_the_test(handle: wire.Handle) -> Any:
    """Return the function here that stands for a test's function; public ones are found by name.

    Args:
        handle: 0 and the public name, or a number below 0.
    """
    if handle.number == 0:
        module, _, name = handle.type_name.rpartition(".")
        return getattr(sys.modules[module], name)
    if handle.number not in given:
        if "greenlet" not in sys.modules:
            raise ImportError("a test's function cannot be called without the package greenlet")
        given[handle.number] = _asking(handle.number, handle.type_name)
    return given[handle.number]


def _asking(number: int, name: str) -> Callable[..., Any]:
    def function(*args: Any, **kwargs: Any) -> Any:
        asked = [number, list(args), kwargs]
        if threading.current_thread() is threading.main_thread():
            answer = _ask(asked, name)
        else:
            answer = _ask_through_main_thread(asked, name)
        if "raised" in answer:
            kind, text = answer["raised"]
            raise getattr(builtins, kind)(text)
        return answer["value"]

    function.__name__ = function.__qualname__ = name
    return function


def _ask(asked: list[Any], name: str) -> dict[str, Any]:
    examiner = getcurrent().parent
    if examiner is None:
        text = f"{name} can only be called while a test waits for its result"
        return {"raised": ["RuntimeError", text]}
    answer: dict[str, Any] = examiner.switch({"asks": asked})
    return answer


class _Question:
    """What a thread asks, until the main thread has the answer."""

    def __init__(self, asked: list[Any], name: str) -> None:
        self.asked = asked
        self.name = name
        self.answer: dict[str, Any] = {}
        self.is_answered = threading.Event()


_questions: queue.SimpleQueue[_Question] = queue.SimpleQueue()


def _ask_through_main_thread(asked: list[Any], name: str) -> dict[str, Any]:
    question = _Question(asked, name)
    _questions.put(question)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
    question.is_answered.wait()
    return question.answer


def _answer_threads(*_: object) -> None:
    """Answer the waiting threads' questions; a signal handler, which runs in the main thread."""
    while True:
        try:
            question = _questions.get_nowait()
        except queue.Empty:
            return
        question.answer = _ask(question.asked, question.name)
        question.is_answered.set()


def run(operation: Operation, request: dict[str, Any]) -> dict[str, Any]:
    """Run an operation; return its result, or the callback that it waits for."""
    if not given or "greenlet" not in sys.modules:
        return operation(request)
    if operation is resume:
        return resume(request)
    signal.signal(signal.SIGUSR1, _answer_threads)
    call = greenlet(operation)
    call.gr_context = contextvars.copy_context()
    return _go_on(call, request)


def resume(request: dict[str, Any]) -> dict[str, Any]:
    """Resume a suspended call with the result of its callback."""
    return _go_on(_standing.pop(request["call"]), request)


def _go_on(call: greenlet, given: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = call.switch(given)
    if call.dead:
        return answer
    _standing[id(call)] = call
    return {**answer, "call": id(call)}
