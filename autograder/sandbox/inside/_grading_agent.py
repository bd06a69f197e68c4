"""The examiner's agent in a student's kernel.

It is imported when the kernel starts, looks up names, makes the calls that the examiner requests
and sends plain data back. It has no test, no expected value and no score: a student who changes it
changes only what it reports about their own code.
"""

from __future__ import annotations

import builtins
import contextlib
import inspect
import io
import itertools
import operator
import random
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import _grading_calls as calls
import _grading_parts as parts
import _grading_wire as wire
import numpy as np
from _grading_errors import describe_class, describe_error
from _grading_operators import OPERATORS
from _grading_sharing import Shared

_MAX_ITEMS = 100_000
_MAX_PRINTED = 100_000
_MAX_DEPTH = 8
_BASES = (int, float, complex, str, bytes, list, tuple, dict, set, frozenset)
_MUTABLE = (list, dict, set)
_kept: dict[int, Any] = {}
_lab_stream: dict[str, Any] = {}


class Reply:
    """The reply to a request as a MIME bundle, in which a kernel sends results."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "reply to the examiner"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"application/x-examiner": self._text, "text/plain": ""}


class _Printed(io.StringIO):
    """Keeps the beginning of what is printed."""

    def write(self, text: str) -> int:
        super().write(text[: _MAX_PRINTED - self.tell()])
        return len(text)


def handle(text: str) -> Reply:
    """Carry out a request and return the reply; errors are part of the reply.

    Args:
        text: a message of `_grading_wire`: a dict with ``op`` and what the operation needs.
    """
    printed, shared = _Printed(), Shared()
    try:
        request = wire.loads(text, _found, shared)
        with contextlib.redirect_stdout(printed), _input_from(request.get("input")):
            answer: dict[str, Any] = calls.run(_OPERATIONS[request["op"]], request)
        if "value" in answer:
            answer["value"] = _with_objects(answer["value"], request.get("keep"), 0)
    except BaseException as error:  # an interrupt that stops the student's code is an answer too
        answer = {"error": describe_error(error)}
    try:
        return Reply(wire.dumps({**answer, "printed": printed.getvalue()}, _keep, shared))
    except BaseException as error:
        return Reply(wire.dumps({"error": describe_error(error)}, _keep))


@contextlib.contextmanager
def _input_from(function: Callable[..., Any] | None) -> Iterator[None]:
    """Replace `input` by a test's function within the block, if there is one."""
    if function is None:
        yield
        return
    own, builtins.input = builtins.input, function
    try:
        yield
    finally:
        builtins.input = own


def _user_namespace() -> dict[str, Any]:
    from IPython import get_ipython

    shell = get_ipython()
    return shell.user_ns if shell is not None else sys.modules["__main__"].__dict__


def _found(handle: wire.Handle) -> Any:
    """Return the object of a handle: one of this kernel, or a function of the test."""
    return _kept[handle.number] if handle.number > 0 else calls.function_of_the_test(handle)


def _keep(value: Any, base: str = "") -> wire.Handle | np.ndarray[Any, Any]:
    """Return a TensorFlow or Keras tensor as its array; a handle of anything else."""
    array = _array_of_tensor(value)
    if array is not None:
        return array
    number = id(value)
    _kept[number] = value
    return wire.Handle(number, type(value).__name__, callable(value), base)


def _array_of_tensor(value: Any) -> np.ndarray[Any, Any] | None:
    library = str(type(value).__module__).partition(".")[0]
    if library not in ("tensorflow", "keras"):
        return None
    try:
        return np.asarray(value.numpy()) if hasattr(value, "shape") else None
    except Exception:  # a symbolic tensor has no values: it stays an object
        return None


def _with_objects(value: Any, which: Any, depth: int) -> Any:
    """Return a value with handles in place of objects whose classes extend a plain type.

    Args:
        value: the result of an operation.
        which: ``any`` for all of them, ``own`` for those of the notebook's classes; else none.
        depth: containers around it.
    """
    kind = type(value)
    if which not in ("any", "own") or depth > _MAX_DEPTH:
        return value
    if kind in (list, tuple):
        items = [_with_objects(item, which, depth + 1) for item in value]
        return value if all(map(operator.is_, items, value)) else kind(items)
    if kind is dict:
        made = {key: _with_objects(item, which, depth + 1) for key, item in value.items()}
        return value if all(made[key] is item for key, item in value.items()) else made
    bases = [base for base in _BASES if issubclass(kind, base) and kind not in (base, bool)]
    wanted = which == "any" or kind.__module__ == "__main__"
    if not bases or not wanted or isinstance(value, np.generic):
        return value
    return _keep(value, bases[0].__name__)


def _get(request: dict[str, Any]) -> dict[str, Any]:
    namespace = _user_namespace()
    name = request["name"]
    return _told(namespace[name]) if name in namespace else {"missing": name}


def _defined(request: dict[str, Any]) -> dict[str, Any]:
    namespace = _user_namespace()
    return {"value": [name for name in request["names"] if name in namespace]}


def _unbind(request: dict[str, Any]) -> dict[str, Any]:
    _user_namespace().pop(request["name"], None)
    return {}


def _bind(request: dict[str, Any]) -> dict[str, Any]:
    _user_namespace()[request["name"]] = request["value"]
    return {}


def _told(value: Any) -> dict[str, Any]:
    """Return a value with its description if it is a class of exceptions."""
    is_exception = isinstance(value, type) and issubclass(value, BaseException)
    return {"value": value, "class": describe_class(value) if is_exception else None}


def _call(request: dict[str, Any]) -> dict[str, Any]:
    """Make a call; return its result, the arrays that it changed and the requested arguments."""
    args, kwargs = list(request["args"]), dict(request["kwargs"])
    before = {place: _copy(value) for place, value in _arrays(args, kwargs)}
    value = request["target"](*args, **kwargs)
    now = dict(_arrays(args, kwargs))
    changed = [place for place, array in now.items() if _differs(before[place], array)]
    asked = request["back"]
    after = [
        [place, value]
        for place, value in [*enumerate(args), *kwargs.items()]
        if place in (changed if asked == "all" else asked)
        or (asked == "all" and type(value) in _MUTABLE)
    ]
    return {**_told(value), "changed": changed, "after": after}


def _timed(request: dict[str, Any]) -> dict[str, Any]:
    """Make a call whose first argument is drawn here, and return its result.

    A resulting array stays here; its handle and a digest of its entries are returned.
    """
    first = parts.drawn_array(*request["drawn"])
    value = request["target"](first, *request["args"], **request["kwargs"])
    if type(value) is not np.ndarray or value.dtype.str not in parts.DTYPES:
        return {"value": value}
    _kept[id(value)] = value
    handle = wire.Handle(id(value), "ndarray", False)
    return {"value": handle, "digest": parts.digest(value)}


def _arrays(args: list[Any], kwargs: dict[str, Any]) -> list[tuple[Any, Any]]:
    everything = [*enumerate(args), *kwargs.items()]
    return [(place, value) for place, value in everything if isinstance(value, np.ndarray)]


def _copy(value: Any) -> Any:
    return np.array(value, copy=True)


def _differs(before: Any, now: Any) -> bool:
    return not np.array_equal(before, now, equal_nan=before.dtype.kind in "fc")


def _apply(request: dict[str, Any]) -> dict[str, Any]:
    return _told(OPERATORS[request["operator"]](*request["operands"]))


def _plain(request: dict[str, Any]) -> dict[str, Any]:
    """Return the object itself, which crosses as the plain type that its class extends."""
    return {"value": request["target"]}


def _iter(request: dict[str, Any]) -> dict[str, Any]:
    """Return the next items of an iterable, and the iterator if more may come."""
    count = min(request["count"], _MAX_ITEMS)
    iterator = iter(request["target"])
    items = list(itertools.islice(iterator, count))
    return {"value": items, "rest": iterator if len(items) == count else None}


def _next(request: dict[str, Any]) -> dict[str, Any]:
    """Return a list of an iterator's next item, or an empty one at its end."""
    try:
        return {"value": [next(request["target"])]}
    except StopIteration:
        return {"value": []}


def _signature(request: dict[str, Any]) -> dict[str, Any]:
    """Return name, kind, whether there is a default, and the default of each parameter."""
    found = list(inspect.signature(request["target"]).parameters.values())
    has = {p.name: p.default is not p.empty for p in found}
    parts = [[p.name, int(p.kind), has[p.name], p.default if has[p.name] else None] for p in found]
    return {"value": parts}


def _seed(request: dict[str, Any]) -> dict[str, Any]:
    """Set a library's global seed, if the notebook has loaded the library."""
    if request["library"] in sys.modules:
        function = operator.attrgetter(request["function"])(sys.modules[request["library"]])
        function(request["seed"])
    return {}


def _generator(request: dict[str, Any]) -> dict[str, Any]:
    """Make the twin of a test's random generator."""
    source = getattr(np.random, request["state"]["bit_generator"])()
    source.state = request["state"]
    calls.given[request["number"]] = np.random.Generator(source)
    return {}


def _random(request: dict[str, Any]) -> dict[str, Any]:
    """Switch the global generators to the lab's stream, so that its cells draw as in the examiner.

    ``start`` seeds the lab's stream, ``enter`` restores it before a given cell, and ``leave`` saves
    its state after the cell.
    """
    step = request["step"]
    if step == "start":
        random.seed(request["seed"])
        np.random.seed(request["seed"])
    elif step == "enter":
        random.setstate(_lab_stream["python"])
        np.random.set_state(_lab_stream["numpy"])
    _lab_stream.update(python=random.getstate(), numpy=np.random.get_state())
    return {}


def _make(request: dict[str, Any]) -> dict[str, Any]:
    """Make an object of one of the lab's classes with the attributes of the examiner's object."""
    kind = _user_namespace()[request["class"]]
    made = object.__new__(kind)
    vars(made).update(request["attributes"])
    return {"value": made}


def _held(_: dict[str, Any]) -> dict[str, Any]:
    """Return the bytes that count against this process' memory limit."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return {"value": int(fields[5]) * resource.getpagesize()}


_OPERATIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "get": _get,
    "defined": _defined,
    "random": _random,
    "held": _held,
    "make": _make,
    "unbind": _unbind,
    "bind": _bind,
    "call": _call,
    "timed": _timed,
    "resume": calls.resume,
    "apply": _apply,
    "plain": _plain,
    "iter": _iter,
    "next": _next,
    "signature": _signature,
    "seed": _seed,
    "generator": _generator,
}


def prepare() -> None:
    """Disable ``exit()`` and ``quit()``, which would end the kernel for all later tasks."""
    from IPython import get_ipython

    shell = get_ipython()
    message = "exit() does nothing while a notebook is graded.\n"
    shell.ask_exit = lambda: sys.stdout.write(message)
