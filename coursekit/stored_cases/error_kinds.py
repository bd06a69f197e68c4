"""Compares errors: the same mistake raises the same kind of error, in other words and places."""

from __future__ import annotations

import re
from enum import IntEnum

MOST_TEXT = 160
"""Characters of an error's text that are compared and stored."""

EMPTY = "an empty slice"
SHAPES = "shapes that do not fit"
BOUNDS = "an index out of bounds"
FLOAT_LENGTH = "a float as a length"
FLOAT_INDEX = "a float as an index"
NOTHING = "a None for a number"
PAIR = "a tuple for a number"
NUMBER = "a number for a tuple"
DELIBERATE = "an error of the function's own"

_KINDS = (
    (EMPTY, r"broadcast.*[(,]0[,)]"),
    (
        SHAPES,
        r"could not be broadcast|could not broadcast|shape-mismatch|mismatch in its core dim"
        r"|not aligned|does not match previous terms|all (the )?input array"
        r"|non-broadcastable|setting an array element with a sequence",
    ),
    (BOUNDS, r"out of bounds for axis|index out of range"),
    (
        FLOAT_LENGTH,
        r"'(numpy\.)?float\d*' object cannot be interpreted as an integer"
        r"|expected a sequence of integers or a single integer, got '\S*\.\d",
    ),
    (
        FLOAT_INDEX,
        r"slice indices must be integers|only integers, slices|indices must be integers or slices, "
        r"not (numpy\.)?float|must be of integer \(or boolean\) type",
    ),
    (NOTHING, r"^TypeError: .*'NoneType'"),
    (PAIR, r"^TypeError: .*\btuple\b"),
    (NUMBER, r"non-iterable (int|float)|'(int|float)' object is not (subscriptable|iterable)"),
)
_LIBRARY_VALUE_ERRORS = (
    r"reshape|unpack|negative|must not be zero|cannot be zero|axes|axis|ndim|dimension|window shape"
    r"|literal|convert|subscript|ambiguous|zero-size|too large|array|in list|permitted|range"
)
_RAISED_BY_HAND = ("AssertionError", "Exception", "RuntimeError")
_MISFITS = {EMPTY, SHAPES, BOUNDS}
"""Kinds of errors that most mistakes in a size or an index raise."""


class Agreement(IntEnum):
    """How far two errors are the same."""

    NONE = 0
    LOOSE = 1
    """Shapes clash in one, an index runs out in the other: often one mistake, written twice."""
    KIND = 2
    TELLING = 3
    """The same text with the same numbers in it, or a kind of error that has few causes."""


def error_text(type_name: str, text: str) -> str:
    """Return an error as it is compared and stored: type and text, without the axis it names.

    Args:
        type_name: the exception's name, such as ``ValueError``.
        text: its message.
    """
    text = re.sub(r"axis \d+|arg \d+", "axis", text)
    return f"{type_name}: {' '.join(text.split())[:MOST_TEXT]}"


def agreement(mine: str, other: str) -> Agreement:
    """Return how far two errors are the same.

    Args:
        mine: what `error_text` gave for one.
        other: the same for the other one.
    """
    kinds = error_kind(mine), error_kind(other)
    if kinds[0] != kinds[1]:
        return Agreement.LOOSE if _MISFITS.issuperset(kinds) else Agreement.NONE
    telling = mine == other or kinds[0] not in (SHAPES, BOUNDS)
    return Agreement.TELLING if telling else Agreement.KIND


def error_kind(error: str) -> str:
    """Return what kind an error is: one of this module's, or its text without numbers and names.

    Args:
        error: what `error_text` gave.
    """
    for kind, pattern in _KINDS:
        if re.search(pattern, error):
            return kind
    type_name, _, text = error.partition(": ")
    by_hand = type_name == "ValueError" and not re.search(_LIBRARY_VALUE_ERRORS, text)
    if type_name in _RAISED_BY_HAND or by_hand:
        return DELIBERATE
    named = re.sub(
        r"'(?!(?:numpy\.)?(?:float|int|list|tuple|str|NoneType|ndarray))[^']*'", "'…'", text
    )
    return f"{type_name}: {re.sub(r'-?[0-9][0-9.]*', '#', named)}"
