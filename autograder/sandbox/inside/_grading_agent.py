"""The examiner's hand inside a student's kernel.

It is imported when the kernel starts, looks up names, calls what the examiner asks for and sends
plain data back. It knows no test, no expected value and no score: a student who changes it
changes only what is said about their own code.
"""

from __future__ import annotations

import builtins
import itertools
import sys
import traceback
from collections.abc import Callable
from typing import Any

import _grading_wire as wire
import numpy as np

_MAX_ERROR_TEXT = 4000
_MAX_ANCESTORS = 20
_MAX_ITEMS = 100_000
_kept: dict[int, Any] = {}


class Reply:
    """What a request gave, in the form in which a kernel sends results: a MIME bundle."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "reply to the examiner"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"application/x-examiner": self._text, "text/plain": ""}


def handle(text: str) -> Reply:
    """Does what one request says; never raises.

    Args:
        text: a message of `_grading_wire`: a dict with ``op`` and what the operation needs.
    """
    try:
        request = wire.loads(text, lambda handle: _kept[handle.number])
        answer: dict[str, Any] = _OPERATIONS[request["op"]](request)
    except BaseException as error:  # an interrupt that stops the student's code is an answer too
        answer = {"error": _describe_error(error)}
    try:
        return Reply(wire.dumps(answer, _keep))
    except BaseException as error:
        return Reply(wire.dumps({"error": _describe_error(error)}, _keep))


def _user_namespace() -> dict[str, Any]:
    from IPython import get_ipython

    shell = get_ipython()
    return shell.user_ns if shell is not None else sys.modules["__main__"].__dict__


def _keep(value: Any) -> wire.Handle | np.ndarray[Any, Any]:
    """A TensorFlow or Keras tensor as its array; a handle of anything else."""
    array = _array_of_tensor(value)
    if array is not None:
        return array
    number = id(value)
    _kept[number] = value
    return wire.Handle(number, type(value).__name__, callable(value))


def _array_of_tensor(value: Any) -> np.ndarray[Any, Any] | None:
    library = str(type(value).__module__).partition(".")[0]
    if library not in ("tensorflow", "keras"):
        return None
    try:
        return np.asarray(value.numpy()) if hasattr(value, "shape") else None
    except Exception:  # a symbolic tensor has no values: it stays an object
        return None


def _get(request: dict[str, Any]) -> dict[str, Any]:
    namespace = _user_namespace()
    name = request["name"]
    if name not in namespace:
        return {"missing": name}
    return {"value": namespace[name]}


def _unbind(request: dict[str, Any]) -> dict[str, Any]:
    del _user_namespace()[request["name"]]
    return {}


def _bind(request: dict[str, Any]) -> dict[str, Any]:
    _user_namespace()[request["name"]] = request["value"]
    return {}


def _call(request: dict[str, Any]) -> dict[str, Any]:
    args, kwargs = list(request["args"]), dict(request["kwargs"])
    before = {place: _copy(value) for place, value in _inputs(args, kwargs)}
    value = request["target"](*args, **kwargs)
    changed = [
        place for place, value_now in _inputs(args, kwargs) if _differs(before[place], value_now)
    ]
    return {"value": value, "changed": changed}


def _inputs(args: list[Any], kwargs: dict[str, Any]) -> list[tuple[Any, Any]]:
    arrays = [*enumerate(args), *kwargs.items()]
    return [(place, value) for place, value in arrays if isinstance(value, np.ndarray)]


def _copy(value: Any) -> Any:
    return np.array(value, copy=True)


def _differs(before: Any, now: Any) -> bool:
    return not np.array_equal(before, now, equal_nan=before.dtype.kind in "fc")


def _getattr(request: dict[str, Any]) -> dict[str, Any]:
    return {"value": getattr(request["target"], request["name"])}


def _getitem(request: dict[str, Any]) -> dict[str, Any]:
    return {"value": request["target"][request["index"]]}


def _len(request: dict[str, Any]) -> dict[str, Any]:
    return {"value": len(request["target"])}


def _iter(request: dict[str, Any]) -> dict[str, Any]:
    """The next items of anything that can be iterated over, and the iterator if more may come."""
    count = min(request["count"], _MAX_ITEMS)
    iterator = iter(request["target"])
    items = list(itertools.islice(iterator, count))
    return {"value": items, "rest": iterator if len(items) == count else None}


def _next(request: dict[str, Any]) -> dict[str, Any]:
    """A list of an iterator's next item, or an empty one at its end."""
    try:
        return {"value": [next(request["target"])]}
    except StopIteration:
        return {"value": []}


def _describe_error(error: BaseException) -> dict[str, Any]:
    """Type, builtin ancestors, text and the student's own frames of an exception."""
    ancestors = [kind.__name__ for kind in type(error).__mro__ if hasattr(builtins, kind.__name__)]
    try:
        text = str.__str__(str(error))
    except BaseException:  # its __str__ is the student's
        text = "(its text cannot be made)"
    return {
        "type": type(error).__name__[:200],
        "ancestors": ancestors[:_MAX_ANCESTORS],
        "text": text[:_MAX_ERROR_TEXT],
        "traceback": _own_frames(error)[-_MAX_ERROR_TEXT:],
    }


def _own_frames(error: BaseException) -> str:
    try:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if not frame.filename.endswith("_grading_agent.py")]
        lines = []
        for frame in own:
            place = "cell" if "ipykernel_" in frame.filename else frame.filename.split("/")[-1]
            lines.append(f"  {place}, line {frame.lineno}, in {frame.name}")
            if frame.line:
                lines.append(f"    {frame.line}")
        return "\n".join(lines)
    except Exception:
        return ""


_OPERATIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "get": _get,
    "unbind": _unbind,
    "bind": _bind,
    "call": _call,
    "getattr": _getattr,
    "getitem": _getitem,
    "len": _len,
    "iter": _iter,
    "next": _next,
}


def prepare() -> None:
    """Makes ``exit()`` and ``quit()`` harmless, which would end the kernel for all later tasks."""
    from IPython import get_ipython

    shell = get_ipython()
    told = "exit() does nothing while a notebook is graded.\n"
    shell.ask_exit = lambda: sys.stdout.write(told)
