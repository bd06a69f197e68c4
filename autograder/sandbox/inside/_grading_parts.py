"""The limits of a message of `_grading_wire`, and its leaves: integers and arrays as JSON.

It is imported on both sides, as that module is.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from typing import Any

import numpy as np

MAX_TEXT = 24 * 2**20
"""Characters in one message, either way; parsed, the worst of them take some 300 MB."""
MAX_DEPTH = 40
"""Containers within containers."""
MAX_ITEMS = 1_000_000
"""Elements of all containers of one message together."""
MAX_HASHED = 10_000
"""Elements of all sets and dicts of one message together."""
MAX_EQUAL_HASHES = 100
"""Keys of one hash in a set or dict: to put n of them there takes n * n comparisons."""
MAX_HEX_DIGITS = 1_000_000
"""Hexadecimal digits of a whole number."""
MAX_DECIMAL = 10_000
"""Characters of a Decimal."""
MAX_STRING_ARRAY = 64 * 2**20
"""Bytes of an array of strings, where every entry takes as much room as the longest."""

JSON_BITS = 4096
"""Longer whole numbers cross as hex: reading decimals takes quadratic time."""

DTYPES = {
    np.dtype(code).str: np.dtype(np.dtype(code).str)  # of two types of one size the usual one
    for code in ("?", "b", "B", "h", "H", "i", "I", "q", "Q", "e", "f", "d", "F", "D")
}


def drawn_array(seed: int, shape: tuple[int, ...], dtype: str) -> np.ndarray[Any, Any]:
    """Return random numbers from 0 to 1 that are the same on both sides for a seed.

    Args:
        seed: the seed.
        shape: the array's shape.
        dtype: ``<f4`` or ``<f8``.
    """
    kind: Any = np.dtype(dtype)
    return np.random.Generator(np.random.Philox(seed)).random(shape, kind)


def digest(array: np.ndarray[Any, Any]) -> str:
    """Return a digest of an array's entries, dtype and shape."""
    header = f"{array.dtype.str} {array.shape}".encode()
    return hashlib.blake2b(
        header + np.ascontiguousarray(array).tobytes(), digest_size=16
    ).hexdigest()


class WireError(ValueError):
    """Something is not plain data, or is larger than a message may be."""


class Budget:
    """The number of elements that a message may still hold."""

    def __init__(self) -> None:
        self.items = MAX_ITEMS
        self.hashed = MAX_HASHED

    def take(self, count: int, *, hashed: bool = False) -> None:
        """Count the elements of one container.

        Raises:
            WireError: the message holds too many.
        """
        self.items -= count + 1
        self.hashed -= count if hashed else 0
        if self.items < 0:
            raise WireError(f"the data have more than {MAX_ITEMS:,} elements")
        if self.hashed < 0:
            raise WireError(f"the data have more than {MAX_HASHED:,} elements in sets and dicts")


def encode_int(value: int) -> Any:
    """Return an integer as JSON.

    Raises:
        WireError: it is too large.
    """
    if value.bit_length() <= JSON_BITS:
        return value
    if value.bit_length() > 4 * MAX_HEX_DIGITS:
        raise WireError(f"a whole number of {value.bit_length():,} bits is too large to send")
    return {"t": "int", "v": f"{value:x}"}


def decode_int(text: Any) -> int:
    """Return the integer that hexadecimal digits denote.

    Raises:
        WireError: the text is not hexadecimal, or too long.
    """
    digits = text.removeprefix("-") if type(text) is str else ""
    if len(digits) > MAX_HEX_DIGITS or not re.fullmatch("[0-9a-f]+", digits):
        raise WireError(f"a whole number that is not 1 to {MAX_HEX_DIGITS:,} hexadecimal digits")
    return int(text, 16)


def encode_array(array: np.ndarray[Any, Any], budget: Budget) -> dict[str, Any]:
    """Return an array of numbers or strings as JSON; of any other, its shape and dtype's name.

    Raises:
        WireError: it is too large.
    """
    dtype = array.dtype.newbyteorder("<") if array.dtype.str.startswith(">") else array.dtype
    if dtype.char in "gG":  # no two machines agree on these
        dtype = np.dtype("<f8" if dtype.char == "g" else "<c16")
    if dtype.str not in DTYPES:
        if dtype.kind == "U" and array.nbytes <= MAX_STRING_ARRAY:
            budget.take(array.size)
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


def holds_number_objects(array: np.ndarray[Any, Any]) -> bool:
    """Return whether an array holds Python's or NumPy's numbers as objects, and nothing else."""
    if array.dtype.kind != "O" or array.size > MAX_ITEMS:
        return False
    return all(_is_number(entry) for entry in array.flat)


def number_objects(numbers: list[Any], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Return an array of numbers as objects.

    Args:
        numbers: its entries, from a message.
        shape: its shape.

    Raises:
        WireError: an entry is no number, or the shape is of another number of entries.
    """
    if math.prod(n or 1 for n in shape) > MAX_ITEMS or math.prod(shape) != len(numbers):
        raise WireError(f"an array says shape {shape}, but has {len(numbers)} entries")
    if not all(map(_is_number, numbers)):
        raise WireError("an array of number objects holds something else")
    array = np.empty(len(numbers), dtype=object)
    array[:] = numbers
    return array.reshape(shape)


def _is_number(value: Any) -> bool:
    return type(value) in (bool, int, float, complex) or isinstance(value, (np.number, np.bool_))


def decode_strings(node: dict[str, Any], budget: Budget) -> np.ndarray[Any, Any]:
    """Return the array of strings that a part of a message describes.

    Raises:
        WireError: it describes none, or one that is too large.
    """
    texts, shape = node["v"], read_shape(node["s"])
    if type(texts) is not list or not all(type(text) is str for text in texts):
        raise WireError("an array of strings without a list of them")
    budget.take(len(texts))
    longest = max(map(len, texts), default=0)
    if 4 * longest * len(texts) > MAX_STRING_ARRAY:
        raise WireError(
            f"an array of {len(texts):,} strings of {longest:,} characters is too large"
        )
    return np.array(texts, dtype=str).reshape(shape)


def decode_array(node: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Return the array of numbers that a part of a message describes.

    Raises:
        WireError: its shape is impossible, or does not fit its bytes.
    """
    dtype = DTYPES[str(node["d"])]
    shape = read_shape(node["s"])
    if math.prod(n or 1 for n in shape) > MAX_TEXT:  # of no entries, but its sums would have many
        raise WireError("an array with an impossible shape")
    data = base64.b64decode(str(node["v"]), validate=True)
    if math.prod(shape) * dtype.itemsize != len(data):
        raise WireError(f"an array says shape {shape} and {dtype}, but has {len(data)} bytes")
    return np.frombuffer(data, dtype=dtype).reshape(shape).copy()


def read_shape(value: Any) -> tuple[int, ...]:
    """Return a shape from a message.

    Raises:
        WireError: no array may have this shape.
    """
    if type(value) is not list or len(value) > 32:
        raise WireError("an array without a shape of at most 32 axes")
    if not all(type(n) is int and 0 <= n < 2**40 for n in value):
        raise WireError("an array with an impossible shape")
    return tuple(value)
