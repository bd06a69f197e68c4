"""Plain data as JSON text, both ways between the examiner and a kernel.

The one file is imported on both sides: by the trusted examiner and, bound read-only into the
sandbox, by the agent in the student's kernel. It needs the standard library and NumPy alone.
Nothing is pickled, evaluated or looked up by a name that the other side chose: a message holds
numbers, strings, containers of them, array bytes with a dtype from a fixed list, and handles,
which are integers that only the kernel's own table can resolve.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np

MAX_TEXT = 64 * 2**20
"""Characters in one message, either way."""
MAX_DEPTH = 40
"""Containers within containers."""
MAX_ITEMS = 1_000_000
"""Elements of all containers of one message together."""

_DTYPES = {
    np.dtype(code).str: np.dtype(code)
    for code in ("?", "b", "B", "h", "H", "i", "I", "q", "Q", "e", "f", "d", "F", "D")
}
_CONTAINERS: dict[type, str] = {list: "list", tuple: "tuple", set: "set", frozenset: "frozenset"}
_BUILDERS: dict[str, Callable[[list[Any]], Any]] = {
    name: kind for kind, name in _CONTAINERS.items()
}


class WireError(ValueError):
    """Something is not plain data, or is larger than a message may be."""


class Handle:
    """Stands for an object that stays in the kernel.

    Args:
        number: its place in the kernel's table.
        type_name: the name of its type, for messages to people only.
        callable_: whether it can be called.
    """

    __slots__ = ("callable", "number", "type_name")

    def __init__(self, number: int, type_name: str, callable_: bool) -> None:
        self.number = number
        self.type_name = type_name
        self.callable = callable_


class Unreadable:
    """An array that cannot cross as numbers, such as one of objects: its shape and dtype's name."""

    __slots__ = ("dtype", "shape")

    def __init__(self, dtype: str, shape: tuple[int, ...]) -> None:
        self.dtype = dtype
        self.shape = shape


def dumps(value: Any, keep: Callable[[Any], Handle]) -> str:
    """`value` as a message.

    Args:
        value: plain data; within containers too.
        keep: called for anything that is not plain data; returns the handle to send instead, or
            raises `WireError`.

    Raises:
        WireError: the message would be larger than the caps.
    """
    text = json.dumps(_encode(value, keep, 0))
    if len(text) > MAX_TEXT:
        raise WireError(f"the data take {len(text):,} characters; at most {MAX_TEXT:,} can be sent")
    return text


def _encode(value: Any, keep: Callable[[Any], Handle], depth: int) -> Any:
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind is int:
        return value if abs(value) < 2**4096 else {"t": "huge"}
    if kind is float:
        return value if math.isfinite(value) else {"t": "float", "v": repr(value)}
    if depth >= MAX_DEPTH:
        raise WireError(f"the data are nested more than {MAX_DEPTH} deep")
    if kind in _CONTAINERS:
        return {"t": _CONTAINERS[kind], "v": [_encode(item, keep, depth + 1) for item in value]}
    if kind is dict:
        pairs = [[_encode(part, keep, depth + 1) for part in pair] for pair in value.items()]
        return {"t": "dict", "v": pairs}
    return _encode_rarer(value, keep)


def _encode_rarer(value: Any, keep: Callable[[Any], Handle]) -> Any:
    if isinstance(value, np.ndarray):
        return _encode_array(np.asarray(value))
    if isinstance(value, np.generic) and value.dtype.str in _DTYPES:
        return {**_encode_array(np.asarray(value)), "t": "scalar"}
    if type(value) is complex:
        return {"t": "complex", "v": [repr(value.real), repr(value.imag)]}
    if type(value) is bytes:
        return {"t": "bytes", "v": base64.b64encode(value).decode()}
    if type(value) is slice and all(type(p) in (int, type(None)) for p in _parts(value)):
        return {"t": "slice", "v": list(_parts(value))}
    if value is Ellipsis:
        return {"t": "ellipsis"}
    handle = value if isinstance(value, Handle) else keep(value)
    name = str(handle.type_name)[:200]
    return {"t": "handle", "v": handle.number, "type": name, "callable": handle.callable}


def _parts(value: slice) -> tuple[Any, Any, Any]:
    return value.start, value.stop, value.step


def _encode_array(array: np.ndarray[Any, Any]) -> dict[str, Any]:
    dtype = array.dtype.newbyteorder("<") if array.dtype.str.startswith(">") else array.dtype
    if dtype.str not in _DTYPES:
        if dtype.kind == "U" and array.size <= MAX_ITEMS:
            return {"t": "strings", "s": list(array.shape), "v": [str(s) for s in array.ravel()]}
        return {"t": "unreadable", "s": list(array.shape), "d": str(dtype)[:100]}
    if array.nbytes > MAX_TEXT // 2:
        raise WireError(f"an array of {array.nbytes:,} bytes is too large to send")
    data = np.ascontiguousarray(array, dtype=dtype).tobytes()
    return {
        "t": "array",
        "d": dtype.str,
        "s": list(array.shape),
        "v": base64.b64encode(data).decode(),
    }


def loads(text: str, resolve: Callable[[Handle], Any]) -> Any:
    """The data of a message. The message may come from an enemy.

    Args:
        text: what `dumps` made, or anything at all.
        resolve: called with each handle; returns what stands for it on this side.

    Raises:
        WireError: the text is not a message, or passes a cap.
    """
    if len(text) > MAX_TEXT:
        raise WireError(f"the answer takes {len(text):,} characters; at most {MAX_TEXT:,} are read")
    budget = [MAX_ITEMS]
    try:
        return _decode(json.loads(text), resolve, 0, budget)
    except WireError:
        raise
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError, MemoryError) as error:
        raise WireError(f"the answer is not a message of the examiner's: {error}") from None


def _decode(node: Any, resolve: Callable[[Handle], Any], depth: int, budget: list[int]) -> Any:
    if node is None or type(node) in (bool, int, float, str):
        return node
    if depth > MAX_DEPTH or type(node) is not dict:
        raise WireError("the answer is not plain data, or is nested too deep")
    kind = node["t"]
    if kind in _BUILDERS or kind == "dict":
        items = node["v"]
        if type(items) is not list:
            raise WireError("a container without a list of elements")
        budget[0] -= len(items) + 1
        if budget[0] < 0:
            raise WireError(f"the answer has more than {MAX_ITEMS:,} elements")
        if kind == "dict":
            return {
                _decode(key, resolve, depth + 1, budget): _decode(item, resolve, depth + 1, budget)
                for key, item in items
            }
        return _BUILDERS[kind]([_decode(item, resolve, depth + 1, budget) for item in items])
    return _decode_rarer(kind, node, resolve)


def _decode_rarer(kind: Any, node: dict[str, Any], resolve: Callable[[Handle], Any]) -> Any:
    if kind == "array":
        return _decode_array(node)
    if kind == "scalar":
        return _decode_array(node)[()]
    if kind == "float":
        return float({"nan": "nan", "inf": "inf", "-inf": "-inf"}[node["v"]])
    if kind == "complex":
        real, imaginary = node["v"]
        return complex(float(real), float(imaginary))
    if kind == "bytes":
        return base64.b64decode(str(node["v"]), validate=True)
    if kind == "slice":
        start, stop, step = (part if type(part) is int else None for part in node["v"])
        return slice(start, stop, step)
    if kind == "ellipsis":
        return Ellipsis
    if kind == "strings":
        return np.array([str(s) for s in node["v"]], dtype=str).reshape(_shape(node["s"]))
    if kind == "unreadable":
        return Unreadable(str(node["d"])[:100], _shape(node["s"]))
    if kind == "handle" and type(node["v"]) is int:
        return resolve(Handle(node["v"], str(node["type"])[:200], node["callable"] is True))
    raise WireError(f"the answer holds a value of an unknown kind {str(kind)[:40]!r}")


def _decode_array(node: dict[str, Any]) -> np.ndarray[Any, Any]:
    dtype = _DTYPES[str(node["d"])]
    shape = _shape(node["s"])
    data = base64.b64decode(str(node["v"]), validate=True)
    if math.prod(shape) * dtype.itemsize != len(data):
        raise WireError(f"an array says shape {shape} and {dtype}, but has {len(data)} bytes")
    return np.frombuffer(data, dtype=dtype).reshape(shape).copy()


def _shape(value: Any) -> tuple[int, ...]:
    if type(value) is not list or len(value) > 32:
        raise WireError("an array without a shape of at most 32 axes")
    if not all(type(n) is int and 0 <= n < 2**40 for n in value):
        raise WireError("an array with an impossible shape")
    return tuple(value)
