"""Plain data as JSON text, both ways between the examiner and a kernel.

This file, `_grading_parts` and `_grading_sharing` are imported on both sides: by the trusted
examiner and, bound read-only into the sandbox, by the agent in the student's kernel. They need the
standard library and NumPy alone. Nothing is pickled, evaluated or looked up by a name that the
other side chose: a message holds numbers, strings, containers of them, array bytes with a dtype
from a fixed list, and handles, which are integers that only the kernel's own table can resolve.
"""

from __future__ import annotations

import base64
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING or __package__:  # the examiner's side
    from autograder.sandbox.inside import _grading_parts as parts
    from autograder.sandbox.inside._grading_sharing import Shared
else:  # a kernel, where the files lie side by side
    import _grading_parts as parts
    from _grading_sharing import Shared

MAX_TEXT, MAX_DEPTH, MAX_HASHED = parts.MAX_TEXT, parts.MAX_DEPTH, parts.MAX_HASHED
WireError = parts.WireError

_CONTAINERS: dict[type, str] = {list: "list", tuple: "tuple", set: "set", frozenset: "frozenset"}
_MUTABLE = (list, set)
_ODD = (
    *(AttributeError, KeyError, MemoryError, OverflowError, RecursionError, TypeError, ValueError),
)
"""Exceptions that reading a malformed message may raise."""
_HASHED = ("set", "frozenset", "dict")
_PLAIN = (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset)
_BUILDERS: dict[str, Callable[[list[Any]], Any]] = {
    name: kind for kind, name in _CONTAINERS.items()
}


class Handle:
    """Stands for an object that stays in the kernel.

    Args:
        number: its place in the kernel's table.
        type_name: the name of its type, for messages to people only.
        callable_: whether it can be called.
        base: name of the plain type that its type extends; empty if none is told.
    """

    __slots__ = ("base", "callable", "number", "type_name")

    def __init__(self, number: int, type_name: str, callable_: bool, base: str = "") -> None:
        self.number = number
        self.type_name = type_name
        self.callable = callable_
        self.base = base


class Unreadable:
    """The shape and dtype's name of an array that cannot be sent, such as one of objects."""

    __slots__ = ("dtype", "shape")

    def __init__(self, dtype: str, shape: tuple[int, ...]) -> None:
        self.dtype = dtype
        self.shape = shape


Keep = Callable[[Any], "Handle | np.ndarray[Any, Any]"]
"""What to send for something that is not plain data."""


def readable(text: str, most: int) -> str:
    """Return a text cut to a length and without lone surrogates, which UTF-8 cannot encode.

    Args:
        text: any string, also from hostile code.
        most: characters to keep, from the start.
    """
    return text[:most].encode("utf-8", "replace").decode("utf-8")


class _Message(parts.Budget):
    """The state of a message while it is written or read."""

    def __init__(self, shared: Shared | None) -> None:
        super().__init__()
        self.shared = shared or Shared()


def dumps(value: Any, keep: Keep, shared: Shared | None = None) -> str:
    """Return `value` as a message.

    Subclasses of the plain types cross as their base: a namedtuple as a tuple, a Counter as a
    dict, a member of an IntEnum as an int.

    Args:
        value: plain data; within containers too.
        keep: called for anything that is not plain data; returns the handle or the array to send
            instead, or raises `WireError`.
        shared: the objects of the request that this answers; they are added to.

    Raises:
        WireError: the message would be larger than the caps.
    """
    text = json.dumps(_encode(value, keep, _Message(shared), 0))
    if len(text) > MAX_TEXT:
        raise WireError(f"the data take {len(text):,} characters; at most {MAX_TEXT:,} can be sent")
    return text


def _encode(value: Any, keep: Keep, budget: _Message, depth: int) -> Any:
    kind = _plain_kind(type(value))
    if value is None or kind is bool:
        return value
    if kind is str:
        return str.__str__(value)
    if kind is int:
        return parts.encode_int(int.__int__(value))
    if kind is float:
        number = float.__float__(value)
        return number if math.isfinite(number) else {"t": "float", "v": repr(number)}
    if kind is not dict and kind not in _CONTAINERS:
        return _encode_rarer(value, kind, keep, budget)
    if depth >= MAX_DEPTH:
        raise WireError(f"the data are nested more than {MAX_DEPTH} deep, or hold themselves")
    # The base type's own methods: a subclass' may give other elements, or never end.
    budget.take(kind.__len__(value), hashed=kind in (dict, set, frozenset))
    if kind is dict:
        pairs = [[_encode(p, keep, budget, depth + 1) for p in pair] for pair in dict.items(value)]
        return budget.shared.mark(value, {"t": "dict", "v": pairs})
    items = [_encode(item, keep, budget, depth + 1) for item in kind.__iter__(value)]
    node = {"t": _CONTAINERS[kind], "v": items}
    return budget.shared.mark(value, node) if kind in _MUTABLE else node


def _plain_kind(kind: type) -> Any:
    """Return the plain type that a type is or extends; other types as they are."""
    if kind in _PLAIN or (issubclass(kind, np.generic) and not issubclass(kind, (str, bytes))):
        return kind  # np.float64 extends float, but stays what it is
    return next((base for base in _PLAIN if issubclass(kind, base)), kind)


def _encode_rarer(value: Any, kind: type, keep: Keep, budget: _Message) -> Any:
    if isinstance(value, np.ndarray):
        array = np.asarray(value)
        if parts.holds_number_objects(array):
            budget.take(array.size)
            entries = [_encode(entry, keep, budget, 0) for entry in array.flat]
            return {"t": "objects", "s": list(array.shape), "v": entries}
        return _marked_array(array, budget)
    if isinstance(value, np.generic) and value.dtype.char in "gG":
        value = np.asarray(value).astype("d" if value.dtype.char == "g" else "D")[()]
    if isinstance(value, np.generic) and value.dtype.str in parts.DTYPES:
        return {**parts.encode_array(np.asarray(value), budget), "t": "scalar"}
    if kind is complex:
        number = complex.__complex__(value)
        return {"t": "complex", "v": [repr(number.real), repr(number.imag)]}
    if kind is bytes:
        return {"t": "bytes", "v": base64.b64encode(bytes.__bytes__(value)).decode()}
    if kind is slice and all(_is_index(part) for part in _parts(value)):
        return {"t": "slice", "v": list(_parts(value))}
    if kind is range and all(_is_index(part) for part in _parts(value)):
        return {"t": "range", "v": list(_parts(value))}
    if value is Ellipsis:
        return {"t": "ellipsis"}
    if kind is Fraction:
        both = (value.numerator, value.denominator)
        return {"t": "fraction", "v": [parts.encode_int(number) for number in both]}
    if kind is Decimal:
        return {"t": "decimal", "v": str(value)[: parts.MAX_DECIMAL]}
    kept = value if isinstance(value, Handle) else keep(value)
    if isinstance(kept, np.ndarray):
        return _marked_array(np.asarray(kept), budget)
    name = str(kept.type_name)[:200]
    message = {"t": "handle", "v": kept.number, "type": name, "callable": kept.callable}
    return {**message, "base": kept.base}


def _marked_array(array: np.ndarray[Any, Any], budget: _Message) -> dict[str, Any]:
    node = parts.encode_array(array, budget)
    return budget.shared.mark(array, node) if node["t"] == "array" else node


def _parts(value: slice | range) -> tuple[Any, Any, Any]:
    return value.start, value.stop, value.step


def _is_index(part: Any) -> bool:
    return part is None or (type(part) is int and part.bit_length() <= parts.JSON_BITS)


def loads(text: str, resolve: Callable[[Handle], Any], shared: Shared | None = None) -> Any:
    """Return the data of a message, which may come from hostile code.

    Args:
        text: what `dumps` made, or anything at all.
        resolve: called with each handle; returns what stands for it on this side.
        shared: the objects of the request that this answers; they are added to.

    Raises:
        WireError: the text is not a message, or passes a cap.
    """
    if len(text) > MAX_TEXT:
        raise WireError(f"the answer takes {len(text):,} characters; at most {MAX_TEXT:,} are read")
    if text.count("[") + text.count("{") > 2 * parts.MAX_ITEMS + 100:  # before they take their room
        raise WireError(f"the answer has more than {parts.MAX_ITEMS:,} containers")
    try:
        return _decode(json.loads(text), resolve, _Message(shared), 0)
    except WireError:
        raise
    except _ODD as error:
        why = readable(str(error), 200)  # it may repeat a part of the message
        raise WireError(f"the answer is not a message of the examiner's: {why}") from None


def _decode(node: Any, resolve: Callable[[Handle], Any], budget: _Message, depth: int) -> Any:
    if node is None or type(node) in (bool, int, float, str):
        return node
    if depth > MAX_DEPTH or type(node) is not dict:
        raise WireError("the answer is not plain data, or is nested too deep")
    kind = node["t"]
    if kind not in _BUILDERS and kind != "dict":
        return _decode_rarer(kind, node, resolve, budget)
    items = node["v"]
    if type(items) is not list:
        raise WireError("a container without a list of elements")
    budget.take(len(items), hashed=kind in _HASHED)
    if kind == "dict":
        pairs = [
            (_decode(key, resolve, budget, depth + 1), _decode(item, resolve, budget, depth + 1))
            for key, item in items
        ]
        _refuse_equal_hashes(key for key, _ in pairs)
        return budget.shared.found(dict(pairs), node)
    values = [_decode(item, resolve, budget, depth + 1) for item in items]
    if kind in _HASHED:
        _refuse_equal_hashes(values)
    made = _BUILDERS[kind](values)
    return budget.shared.found(made, node) if type(made) in _MUTABLE else made


def _refuse_equal_hashes(keys: Iterable[Any]) -> None:
    if max(Counter(map(hash, keys)).values(), default=0) > parts.MAX_EQUAL_HASHES:
        raise WireError(f"a set or a dict has more than {parts.MAX_EQUAL_HASHES} keys of one hash")


def _decode_rarer(
    kind: Any, node: dict[str, Any], resolve: Callable[[Handle], Any], budget: _Message
) -> Any:
    if kind == "int":
        return parts.decode_int(node["v"])
    if kind == "array":
        return budget.shared.found(parts.decode_array(node), node)
    if kind == "scalar":
        return parts.decode_array(node)[()]
    if kind == "float":
        return float({"nan": "nan", "inf": "inf", "-inf": "-inf"}[node["v"]])
    if kind == "complex":
        real, imaginary = node["v"]
        return complex(float(real), float(imaginary))
    if kind == "fraction":
        top, bottom = (p if type(p) is int else parts.decode_int(p["v"]) for p in node["v"])
        return Fraction(top, bottom)
    if kind == "decimal":
        return Decimal(node["v"][: parts.MAX_DECIMAL])
    if kind == "bytes":
        return base64.b64decode(str(node["v"]), validate=True)
    if kind == "slice":
        start, stop, step = (part if type(part) is int else None for part in node["v"])
        return slice(start, stop, step)
    if kind == "range":
        return range(*(part if type(part) is int else 0 for part in node["v"]))
    if kind == "ellipsis":
        return Ellipsis
    if kind == "strings":
        return parts.decode_strings(node, budget)
    if kind == "objects":
        entries = node["v"] if type(node["v"]) is list else []
        budget.take(len(entries))
        numbers = [_decode(entry, resolve, budget, 0) for entry in entries]
        return parts.number_objects(numbers, parts.read_shape(node["s"]))
    if kind == "unreadable":
        return Unreadable(readable(str(node["d"]), 100), parts.read_shape(node["s"]))
    if kind == "handle" and type(node["v"]) is int:
        name = readable(str(node["type"]), 200)
        base = readable(str(node.get("base", "")), 20)
        return resolve(Handle(node["v"], name, node["callable"] is True, base))
    raise WireError(f"the answer holds a value of an unknown kind {str(kind)[:40]!r}")
