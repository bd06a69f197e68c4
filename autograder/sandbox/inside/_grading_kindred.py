"""Types of the standard library that are equal to plain data: they cross as the data they hold.

``d.keys() == {1, 2}``, ``bytearray(b"x") == b"x"`` and ``UserList([1]) == [1]`` are true, so an
answer of such a type is right wherever the plain one is. It is imported on both sides, as
`_grading_wire` is.
"""

from __future__ import annotations

from collections import UserDict, UserList, UserString
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, NamedTuple


class Kindred(NamedTuple):
    """One of the types.

    Args:
        name: its name in a message.
        plain: the plain type that crosses in its place.
        held: gives the data that an object holds.
        made: makes an object of such data.
    """

    name: str
    plain: type
    held: Callable[[Any], Any]
    made: Callable[[Any], Any]


def _data(value: Any) -> Any:
    return value.data


TYPES: dict[type, Kindred] = {
    type({}.keys()): Kindred("dict keys", dict, dict.fromkeys, dict.keys),
    type({}.items()): Kindred("dict items", dict, dict, dict.items),
    MappingProxyType: Kindred("mapping proxy", dict, dict, MappingProxyType),
    bytearray: Kindred("bytearray", bytes, bytes, bytearray),
    UserList: Kindred("UserList", list, _data, UserList),
    UserDict: Kindred("UserDict", dict, _data, UserDict),
    UserString: Kindred("UserString", str, _data, UserString),
}
BY_NAME = {kindred.name: kindred for kindred in TYPES.values()}


def held_by(value: Any) -> tuple[str, Any] | None:
    """Return the name of an object's type and the data it holds; None if it is of no such type.

    Args:
        value: any object; a subclass' may behave differently and is none.
    """
    kindred = TYPES.get(type(value))
    if kindred is None:
        return None
    held = kindred.held(value)
    return (kindred.name, held) if type(held) is kindred.plain else None
