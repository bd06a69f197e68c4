"""Descriptions of exceptions of the student's code, as plain data."""

from __future__ import annotations

import builtins
import traceback
from typing import Any

import _grading_wire as wire

_MAX_ERROR_TEXT = 4000
_MAX_ANCESTORS = 20
_MAX_BASES = 8
_PLAIN = (bool, int, float, str, type(None))


def describe_error(error: BaseException) -> dict[str, Any]:
    """Return an exception's type, ancestors, text, plain arguments and the student's frames."""
    if type(error) is wire.WireError:  # a name that means nothing to a student
        error = ValueError(f"the result cannot be handed to the grader: {error}")
    kind = type(error)
    try:
        text = str.__str__(str(error))
    except BaseException:  # its __str__ is the student's
        text = "(its text cannot be made)"
    payload: dict[str, Any] = {
        "type": kind.__name__[:200],
        "ancestors": [_full_name(base) for base in kind.__mro__][:_MAX_ANCESTORS],
        "text": text[:_MAX_ERROR_TEXT],
        "traceback": _own_frames(error)[-_MAX_ERROR_TEXT:],
    }
    if kind.__module__ != "builtins":
        # Its frames would keep all that the call held in memory.
        error.__traceback__ = error.__context__ = error.__cause__ = None
        payload |= {"class": describe_class(kind), "object": error}
    if type(error.args) is tuple and all(type(part) in _PLAIN for part in error.args):
        payload["args"] = [p[:_MAX_ERROR_TEXT] if type(p) is str else p for p in error.args[:10]]
    return payload


def describe_class(kind: type[BaseException], depth: int = 0) -> Any:
    """Return an exception class with its bases; builtin and library classes by name."""
    if kind.__module__ != "__main__" or depth >= _MAX_BASES:
        return _full_name(kind)
    bases = [describe_class(base, depth + 1) for base in kind.__bases__[:_MAX_BASES]]
    return {"class": kind, "name": kind.__name__[:200], "bases": bases}


def _full_name(kind: type) -> str:
    is_builtin = getattr(builtins, kind.__name__, None) is kind
    return (kind.__name__ if is_builtin else f"{kind.__module__}.{kind.__qualname__}")[:200]


def _own_frames(error: BaseException) -> str:
    try:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if "/_grading_" not in frame.filename]
        lines = []
        for frame in own:
            place = "cell" if "ipykernel_" in frame.filename else frame.filename.split("/")[-1]
            lines.append(f"  {place}, line {frame.lineno}, in {frame.name}")
            if frame.line:
                lines.append(f"    {frame.line}")
        return "\n".join(lines)
    except Exception:
        return ""
