"""Compare errors: the same mistake raises the same type of error, if worded differently."""

from __future__ import annotations

import re
from enum import IntEnum

MOST_TEXT = 100
"""The most characters that are kept of an unclassified error."""

SHAPES = "shapes"
BOUNDS = "bounds"
EMPTY = "empty slice"
PRODUCT = "lengths in a product"
FLOAT_LENGTH = "float as a length"
FLOAT_INDEX = "float as an index"
NOTHING = "None for a number"
PAIR = "tuple for a number"
NUMBER = "number for a tuple"
DELIBERATE = "raised on purpose"

_KINDS = (
    (EMPTY, r"broadcast.*[(,]0[,)]"),
    (
        PRODUCT,
        r"shape-mismatch for sum|mismatch in its core dimension|not aligned"
        r"|cannot reshape array of size \d+ into shape \(\d+,\)",
    ),
    (
        SHAPES,
        r"could not be broadcast|could not broadcast|does not match previous terms"
        r"|all (the )?input array"
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
_NAMES = r"'(?!(?:numpy\.)?(?:float|int|list|tuple|str|NoneType|ndarray))[^']*'"
_RAISED_BY_HAND = ("AssertionError", "Exception", "RuntimeError")
_MISFITS = {EMPTY, PRODUCT, SHAPES, BOUNDS}
"""The errors that most mistakes in a size or an index raise."""


class Agreement(IntEnum):
    """The degree to which two errors agree."""

    NONE = 0
    LOOSE = 1
    """Shapes clash in one, an index runs out in the other: often one mistake, written twice."""
    KIND = 2
    TELLING = 3
    """The numbers agree, too, or the error has few possible causes."""


def error_code(type_name: str, text: str) -> str:
    """Return an error's code, which is compared and stored.

    Args:
        type_name: the exception's name, such as ``ValueError``.
        text: its message.

    Returns:
        The error's category; for incompatible shapes and indices out of bounds followed by the
        numbers, such as ``shapes 2 2 2 3``, but not the axis. An unclassified error gives its
        message without numbers and names.
    """
    kind = _kind(f"{type_name}: {text}")
    if kind in (SHAPES, BOUNDS):
        return " ".join([kind, *re.findall(r"\d+", re.sub(r"axis \d+", "", text))])[:MOST_TEXT]
    return kind


def agreement(mine: str, other: str) -> Agreement:
    """Return the degree to which two errors agree.

    Args:
        mine: the `error_code` of one error.
        other: the `error_code` of the other.
    """
    kinds = [_without_numbers(code) for code in (mine, other)]
    if kinds[0] != kinds[1]:
        return Agreement.LOOSE if _MISFITS.issuperset(kinds) else Agreement.NONE
    return Agreement.TELLING if mine == other else Agreement.KIND


def _without_numbers(code: str) -> str:
    first = code.partition(" ")[0]
    return first if first in (SHAPES, BOUNDS) else code


def _kind(error: str) -> str:
    for kind, pattern in _KINDS:
        if re.search(pattern, error):
            return kind
    type_name, _, text = error.partition(": ")
    by_hand = type_name == "ValueError" and not re.search(_LIBRARY_VALUE_ERRORS, text)
    if type_name in _RAISED_BY_HAND or by_hand:
        return DELIBERATE
    named = re.sub(_NAMES, "'…'", text)
    return f"{type_name}: {re.sub(r'-?[0-9][0-9.]*', '#', named)}"[:MOST_TEXT]
