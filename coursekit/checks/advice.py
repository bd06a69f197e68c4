"""Likely causes of a wrong result, each with a sentence of advice.

No sentence contains an entry of the result or of the expected array, or the size of a difference,
because the expected entry could be computed from a wrong entry and the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.arrays import Array

Shape = tuple[int, ...]
Compare = Callable[[Array, Array], NDArray[np.bool_]]

ENOUGH = 3
"""So many distinct entries make a coincidental common factor or difference unlikely."""

FINITE = (
    "Look for a division by zero, a logarithm of zero, an overflow or an np.empty never filled."
)


def for_type(got: Any) -> str:
    """Return the next step for a result of a wrong type."""
    if got is None:
        return "The function gave nothing back: does it end with `return` and the result?"
    if got is Ellipsis:
        return "Replace the dots by your own code."
    if hasattr(got, "numpy"):
        return "Return a NumPy array: `.numpy()` turns a tensor into one."
    if callable(got):
        return "Return the function's result, not the function: are the call's brackets missing?"
    if isinstance(got, (list, tuple)):
        return "Return one array; rows of different lengths, or text between numbers, make none."
    return "Return the kind of thing that the task asks for."


def for_dtype(dtype: np.dtype[Any], allowed: str) -> str:
    """Return the next step for an array of a wrong dtype."""
    if dtype.kind == "c":
        return "Take the real part: after an FFT of real arrays the imaginary part is rounding."
    if dtype.kind == "O":
        return (
            "The array holds Python objects (dtype object): is there a list, a string or a None "
            "among them? If they are all numbers, make them one type: `.astype(float)`."
        )
    if dtype.kind == "b":
        return "A comparison gives True and False; return the numbers themselves."
    if dtype.kind in "US":
        return "Return numbers, not text."
    if allowed == "b":
        return "Return True and False, such as a comparison gives."
    if allowed == "iu":
        return "Begin with whole numbers and divide with `//`: a plain `/` always gives a float."
    return "Convert it with `.astype(float)`."


def for_shape(got: Shape, expected: Shape) -> str:
    """Return the likely cause of a wrong shape, or general advice if none is recognised."""
    return next(_shape_causes(got, expected), "Work the output's shape out on paper first.")


def _shape_causes(got: Shape, expected: Shape) -> Iterator[str]:
    if 0 in got and 0 not in expected:
        yield "Nothing is left along one axis: is there a slice that ends at -0, such as [:-pad]?"
    elif not expected:
        yield "Return one number: sum over everything, or take the one entry with `.item()`."
    elif not got:
        yield "Return the whole array: is everything summed, or is only one entry returned?"
    elif len(got) == len(expected):
        yield from _same_rank_causes(got, expected)
    elif got == expected[:-1]:
        yield "The last axis, the channels, is missing: is it summed, or indexed with a number?"
    elif got == expected[1:]:
        yield "The first axis is missing: keep it, even where its length is 1."
    elif tuple(n for n in got if n != 1) == tuple(n for n in expected if n != 1):
        yield "Only axes of length 1 differ: keep or drop them as the task says."
    elif np.prod(got) == np.prod(expected):
        yield "It has the right number of entries: reshape it, in the right order of the axes."


def _same_rank_causes(got: Shape, expected: Shape) -> Iterator[str]:
    if len(expected) > 2 and got == (*expected[:-3], expected[-1], *expected[-3:-1]):
        yield "The channel axis must come last: (N, H, W, C), not (N, C, H, W)."
    if len(expected) > 2 and got == (*expected[:-3], expected[-2], expected[-3], expected[-1]):
        yield "Rows and columns are swapped."
    if got == expected[::-1]:
        yield "The axes are in reverse order: is there a transpose too many, or one missing?"
    if sorted(got) == sorted(expected):
        yield "The lengths are right but in another order: which axis is which?"
    steps = {came - wanted for came, wanted in zip(got, expected, strict=True)} - {0}
    if steps in ({1}, {-1}):
        yield "It is off by one: how is the length worked out, and how is it rounded?"
    if all(step > 0 for step in steps):
        yield "It is too large: are there rows or columns of padding, or outputs, too many?"
    if all(step < 0 for step in steps):
        yield "It is too small: are rows or columns lost, of padding, at an edge or in steps?"


def for_values(got: Array, expected: Array, close: Compare, *, show_values: bool) -> str:
    """Return the likely cause of wrong values, or general advice if none is recognised.

    Args:
        got: the result, of the shape of ``expected``, finite wherever that is.
        expected: the expected array, 0-d for a number.
        close: tells element-wise whether two arrays agree within the tolerances.
        show_values: whether the message points at the first wrong entry.
    """
    usual = "Work out one small case by hand and compare entry by entry."
    if got.ndim == 0:
        usual = "Work out one small case by hand, step by step."
    elif show_values:
        usual = "Work out the first wrong entry by hand."
    if expected.dtype.kind == "b":
        return usual

    def same(a: Array, b: Array) -> bool:
        return a.shape == b.shape and bool(close(a, b).all())

    with np.errstate(all="ignore"):
        causes = _scalar_causes if got.ndim == 0 else _array_causes
        return next(causes(got, expected, same), usual)


Same = Callable[[Array, Array], bool]


def _scalar_causes(got: Array, expected: Array, same: Same) -> Iterator[str]:
    if same(got, -1.0 * expected):
        yield "The sign is the wrong way round."
    whole = expected.dtype.kind in "iu"
    if whole and same(np.abs(got - 1.0 * expected), np.asarray(1.0)):
        yield "It is off by one: look at the + 1 and at how the division is rounded."


def _array_causes(got: Array, expected: Array, same: Same) -> Iterator[str]:
    wanted = expected.astype(np.complex128 if expected.dtype.kind == "c" else np.float64)
    if got.dtype.kind in "iu" and wanted.dtype.kind == "f":
        yield from _integer_causes(got, wanted, same)
    if not got.any():
        yield "Every entry is zero: is the result ever written into the output?"
    if got.dtype == np.float16:
        yield "float16 is too coarse for this: compute in float64."
    if same(got, -wanted):
        yield "Every sign is the wrong way round."
    if got.size > 1:
        if np.unique(wanted).size >= ENOUGH:
            yield from _scale_causes(got, wanted, same)
        yield from _place_causes(got, wanted, same)


def _integer_causes(got: Array, wanted: Array, same: Same) -> Iterator[str]:
    bits = 8 * got.dtype.itemsize
    if bits < 64 and same(got, np.rint(wanted).astype(np.int64).astype(got.dtype)):
        yield f"{got.dtype} overflows: convert the input with `.astype(float)` before you compute."
    if same(got, np.trunc(wanted)) or same(got, np.rint(wanted)):
        yield "The decimals are lost: is the output array made of integers? Give it dtype float."


def _scale_causes(got: Array, wanted: Array, same: Same) -> Iterator[str]:
    gap = got - wanted
    if same(got, wanted + gap.flat[0]):
        yield "Every entry is off by the same amount: is something, such as a bias, left out?"
    if got.ndim > 2 and same(got, wanted + gap[(0,) * (got.ndim - 1)]):
        yield "Each channel is off by its own constant: is a bias added, and added just once?"
    largest = np.abs(wanted).argmax()
    if same(got, wanted * (got.flat[largest] / wanted.flat[largest])):
        yield "Every entry is off by the same factor: is a mean taken for a sum, or the other way?"


def _place_causes(got: Array, wanted: Array, same: Same) -> Iterator[str]:
    rows, columns = (0, 1) if got.ndim < 4 else (1, 2)
    if got.ndim > 1 and same(got, np.swapaxes(wanted, rows, columns)):
        yield "Rows and columns are swapped: the values are right, but transposed."
    if got.ndim > 1 and same(got, np.flip(wanted, (rows, columns))):
        yield "The result is flipped in rows and columns."
    for axis in range(got.ndim):
        along = f" along axis {axis}" if got.ndim > 1 else ""
        if same(got, np.flip(wanted, axis)):
            yield f"The entries are in reverse order{along}."
        if _shifted(got, wanted, axis, same):
            yield f"The result is shifted by one{along}: where does the first entry come from?"
    if got.ndim in (2, 4) and min(got.shape[rows], got.shape[columns]) > 3:
        inside = (slice(None),) * rows + (slice(1, -1), slice(1, -1))
        if same(got[inside], wanted[inside]):
            yield "Only entries at the border are wrong: what does your code do at the edges?"


def _shifted(got: Array, wanted: Array, axis: int, same: Same) -> bool:
    if got.shape[axis] < 3:
        return False
    a, b = np.moveaxis(got, axis, 0), np.moveaxis(wanted, axis, 0)
    return same(a[1:], b[:-1]) or same(a[:-1], b[1:])
