"""Calls a student's function on fresh copies and returns either its value or its failure.

The function is a proxy under the examiner and the student's own function under stock nbgrader;
the modules that use this one need not know which.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.errors import (
    BadAnswer,
    GraderError,
    KernelDied,
    OutOfMemory,
    StudentError,
    StudentTimeout,
)
from autograder.examiner.proxy import Proxy
from autograder.exercises.cases import Case
from autograder.results.marks import Outcome
from coursekit.checks.waiting import is_stub

MOST_TEXT = 500  # characters of a student's error message that are repeated
MOST_TRACEBACK = 4000  # characters of a traceback, its end

_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Returned:
    """A call that returned a value.

    Args:
        value: the value: plain data, or an untrusted object.
        seconds: wall time of the call, or its processor time where `timed_call` knows it.
        changed: names of the inputs that the call changed in place.
    """

    value: object
    seconds: float = 0.0
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failure:
    """A call that returned no value.

    Args:
        outcome: the outcome of an exercise in which every call fails like this.
        type_name: the exception's name, such as ``ValueError``.
        text: the exception's message, at most `MOST_TEXT` characters.
        traceback: the student's own frames, if they are known.
        final: whether no further call should be made, because the kernel hangs or has ended.
    """

    outcome: Outcome
    type_name: str
    text: str = ""
    traceback: str = ""
    final: bool = False


Answer = Returned | Failure


def call(function: Callable[..., object], case: Case, names: Sequence[str] = ()) -> Answer:
    """Call a function with fresh copies of a case's inputs.

    Args:
        function: the student's function or its proxy.
        case: the inputs; the function gets copies of them.
        names: names of the positional parameters, to name the inputs that were changed.

    Returns:
        The returned value, or the failure if the function raised.

    Raises:
        GraderError: the grader or its host failed; no student can cause it.
    """
    args, kwargs = _fresh_inputs(case)
    start = time.perf_counter()
    try:
        value = function(*args, **kwargs)
    except GraderError:
        raise
    except (Exception, SystemExit) as error:  # whatever a student's function may raise
        return failure_of(error)
    seconds = time.perf_counter() - start
    return Returned(value, seconds, _changed(function, case, args, kwargs, names))


def timed_call(function: Callable[..., object], case: Case, seed: int) -> Answer:
    """Call a function and time it, without the time that it takes to send large arrays.

    Args:
        function: the student's function or its proxy.
        case: the inputs, the first of which was drawn from the seed.
        seed: see `autograder.examiner.link.Link.timed_call`.

    Returns:
        The returned value with its seconds, or the failure if the function raised.

    Raises:
        GraderError: the grader or its host failed; no student can cause it.
    """
    if not isinstance(function, Proxy):
        return call(function, case)
    args, kwargs = _fresh_inputs(case)
    try:
        value, seconds = function._examiner_timed(seed, args, kwargs)
    except GraderError:
        raise
    except (Exception, SystemExit) as error:
        return failure_of(error)
    return Returned(value, seconds)


def _fresh_inputs(case: Case) -> tuple[tuple[object, ...], dict[str, object]]:
    kwargs = {name: _fresh(value) for name, value in case.kwargs.items()}
    return tuple(_fresh(value) for value in case.args), kwargs


def failure_of(error: BaseException) -> Failure:
    """Return the failure that an exception from a student's function means.

    A time-out, lack of memory and the kernel's end are final; other errors concern one call.

    Args:
        error: what the function or its proxy raised.
    """
    match error:
        case StudentTimeout():
            return Failure("timeout", "StudentTimeout", str(error), final=True)
        case OutOfMemory():
            return Failure("out_of_memory", "OutOfMemory", str(error), final=True)
        case KernelDied():
            return Failure("student_error", "KernelDied", str(error), final=True)
        case BadAnswer():
            return Failure("failed", "BadAnswer", _readable(str(error))[:MOST_TEXT])
        case StudentError():
            return _raised(error.type_name, error.text, error.traceback)
    return _raised(type(error).__name__, str(error), "")


def _raised(type_name: str, text: str, traceback: str) -> Failure:
    outcome: Outcome = "not_attempted" if is_stub(type_name, text) else "student_error"
    frames = _readable(traceback)[-MOST_TRACEBACK:]
    return Failure(outcome, _readable(type_name)[:80], _readable(text)[:MOST_TEXT], frames)


def _readable(text: str) -> str:
    """Return the text without terminal colours and control characters."""
    return "".join(c for c in _TERMINAL_CODES.sub("", text) if c.isprintable() or c in "\n\t")


def _fresh(value: object) -> object:
    """Return a copy of plain data; return other objects, such as proxies, unchanged."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return {key: _fresh(part) for key, part in value.items()}
    if type(value) in (list, tuple):
        parts = [_fresh(part) for part in value]  # type: ignore[attr-defined]
        return tuple(parts) if type(value) is tuple else parts
    return value


def _changed(
    function: object,
    case: Case,
    args: tuple[object, ...],
    kwargs: dict[str, object],
    names: Sequence[str],
) -> tuple[str, ...]:
    """Return the inputs that the call changed, as a proxy says or as their copies show."""
    reported = getattr(function, "last_call_changed_inputs", None)
    if type(reported) is tuple:
        return tuple(_name_of(which, names) for which in reported)
    places = [(i, *pair) for i, pair in enumerate(zip(case.args, args, strict=True))]
    places += [(name, case.kwargs[name], kwargs[name]) for name in kwargs]  # type: ignore[misc]
    return tuple(_name_of(place, names) for place, was, now in places if _differ(was, now))


def _name_of(which: object, names: Sequence[str]) -> str:
    if type(which) is int:
        return names[which] if 0 <= which < len(names) else f"argument {which + 1}"
    return str(which)[:40]


def _differ(was: object, now: object) -> bool:
    both = isinstance(was, np.ndarray) and isinstance(now, np.ndarray)
    return both and not np.array_equal(was, now)  # type: ignore[arg-type]
