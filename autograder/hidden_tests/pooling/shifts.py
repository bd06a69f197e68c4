"""``shifted``: images moved by some rows and columns."""

# ruff: noqa: ARG001, D103 - a mistake ignores what it should use, and its sentence describes it

from __future__ import annotations

from functools import partial

import numpy as np
from scipy import ndimage

from autograder.exercises import Case, CaseGroup, FunctionExercise, MistakeList, all_forms
from coursekit.arrays import Array

_mistakes = MistakeList()


def shifted(x: Array, down: int, right: int) -> Array:
    """Return the images moved, with zeros where nothing comes in, by SciPy's shift.

    Args:
        x: images, (N, H, W, C).
        down: rows, negative for up.
        right: columns, negative for left.
    """
    return np.asarray(ndimage.shift(x, (0, down, right, 0), order=0))


def shift_case(
    rng: np.random.Generator, *, down: int, right: int, items: int = 1, channels: int = 1
) -> Case:
    """Return one call on images of five to seven rows and other many columns."""
    rows = int(rng.integers(5, 7))
    x = rng.uniform(0.1, 1.0, (items, rows, rows + int(rng.integers(1, 3)), channels))
    return Case((x, down, right))


def _rolled(x: Array, down: int, right: int) -> Array:
    return np.roll(x, (down, right), (1, 2))


@_mistakes.add(
    "what leaves the image on one side comes in again on the other, as np.roll does: it is lost, "
    "and zeros come in."
)
def comes_in_again(x: Array, down: int, right: int) -> Array:
    return _rolled(x, down, right)


@_mistakes.add("the image's edge is repeated where nothing comes in: those pixels are 0.")
def edge_repeated(x: Array, down: int, right: int) -> Array:
    return np.asarray(ndimage.shift(x, (0, down, right, 0), order=0, mode="nearest"))


@_mistakes.add(
    "the image moves the wrong way: with down=1 what was in row 0 is in row 1, so "
    "out[:, 1:] = x[:, :-1]."
)
def wrong_way(x: Array, down: int, right: int) -> Array:
    return shifted(x, -down, -right)


@_mistakes.add(
    "rows and columns are mixed up: down moves along axis 1, the rows, and right along axis 2."
)
def down_and_right_swapped(x: Array, down: int, right: int) -> Array:
    return shifted(x, right, down)


@_mistakes.add("the image is moved down only: it also moves to the right, along axis 2.")
def down_only(x: Array, down: int, right: int) -> Array:
    return shifted(x, down, 0)


@_mistakes.add("the image is moved to the right only: it also moves down, along axis 1.")
def right_only(x: Array, down: int, right: int) -> Array:
    return shifted(x, 0, right)


@_mistakes.add(
    "out[:, down:] = x[:, :-down] is written for every shift: that fits those above 0 alone. For 0 "
    "the slice [:-0] is empty, and for a negative shift the two slices are the other way round."
)
def slices_for_positive_shifts(x: Array, down: int, right: int) -> Array:
    out = np.zeros_like(x)
    out[:, down:, right:] = x[:, :-down, :-right]
    return out


@_mistakes.add(
    "a shift of 0 is written as a slice [:-0]: -0 is 0, so that slice is empty. Count from the "
    "front: [: H - down]."
)
def slice_to_minus_0(x: Array, down: int, right: int) -> Array:
    if not (down and right):
        raise ValueError(
            "could not broadcast input array from shape (1,0,2,1) into shape (1,2,2,1)"
        )
    return shifted(x, down, right)


@_mistakes.add(
    "nothing is left where a shift is 0: -0 is 0, so a slice [:-0] is empty. Count from the "
    "front: [: H - down]."
)
def nothing_left_of_minus_0(x: Array, down: int, right: int) -> Array:
    rows = slice(None) if down else slice(0, 0)
    columns = slice(None) if right else slice(0, 0)
    return shifted(x, down, right)[:, rows, columns]


@_mistakes.add(
    "a place is looked for beyond the image's first row or column: x[:, -1] is its last one, so "
    "what moves out comes in again. Look whether i - down and j - right are below 0, too."
)
def wraps_below_0(x: Array, down: int, right: int) -> Array:
    comes_from_beyond = shifted(np.ones_like(x), min(down, 0), min(right, 0))
    return _rolled(x, down, right) * comes_from_beyond


@_mistakes.add(
    "only shifts down and to the right are dealt with: a negative one moves up, or left, and its "
    "slices are the other way round."
)
def negative_shift_fails(x: Array, down: int, right: int) -> Array:
    if min(down, right) < 0:
        raise ValueError("could not broadcast input array")
    return shifted(x, down, right)


@_mistakes.add("a negative shift does nothing: it moves the image up, or to the left.")
def negative_shift_does_nothing(x: Array, down: int, right: int) -> Array:
    return shifted(x, max(down, 0), max(right, 0))


@_mistakes.add(
    "a negative shift goes the same way as a positive one: it moves the image up, or to the left."
)
def sign_dropped(x: Array, down: int, right: int) -> Array:
    return shifted(x, abs(down), abs(right))


@_mistakes.add(
    "the batch and the rows are shifted, axes 0 and 1: the axes are (N, H, W, C), so rows and "
    "columns are axes 1 and 2."
)
def batch_taken_for_rows(x: Array, down: int, right: int) -> Array:
    return np.asarray(ndimage.shift(x, (down, right, 0, 0), order=0))


@_mistakes.add(
    "the output grows by the shift: its shape is that of x, and what is moved out is cut off."
)
def output_grows(x: Array, down: int, right: int) -> Array:
    rows, columns = ((max(n, 0), max(-n, 0)) for n in (down, right))
    return np.pad(x, ((0, 0), rows, columns, (0, 0)))


@_mistakes.add(
    "the image is taken for square, with as many columns as rows: rows end at x.shape[1] and "
    "columns at x.shape[2], which may differ."
)
def as_many_columns_as_rows(x: Array, down: int, right: int) -> Array:
    out = np.zeros_like(x)
    side = x.shape[1]
    out[:, :, :side] = shifted(x[:, :, :side], down, right)
    return out


@_mistakes.add(
    "a place beyond the image's last row or column is written to: what moves out is lost, so look "
    "whether the new place is below H, or W, and not below 0."
)
def no_bounds(x: Array, down: int, right: int) -> Array:
    out = np.zeros_like(x)
    for i, j in np.ndindex(*x.shape[1:3]):
        out[:, i + down, j + right] = x[:, i, j]
    return out


@_mistakes.add(
    "a place beyond the image's last row or column is read: what comes in is 0, so look whether "
    "the old place is below H, or W, and not below 0."
)
def no_bounds_where_it_reads(x: Array, down: int, right: int) -> Array:
    out = np.zeros_like(x)
    for i, j in np.ndindex(*x.shape[1:3]):
        out[:, i, j] = x[:, i - down, j - right]
    return out


def _moved(length: int, by: int) -> tuple[slice, slice]:
    """Return where the part that stays is put, and where it was."""
    first, last = max(by, 0), length + min(by, 0)
    return slice(first, last), slice(first - by, last - by)


def by_slices(x: Array, down: int, right: int) -> Array:
    out = np.zeros_like(x)
    (to_rows, rows), (to_columns, columns) = _moved(x.shape[1], down), _moved(x.shape[2], right)
    out[:, to_rows, to_columns] = x[:, rows, columns]
    return out


def by_loops(x: Array, down: int, right: int) -> Array:
    out = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*x.shape):
        if 0 <= i - down < x.shape[1] and 0 <= j - right < x.shape[2]:
            out[n, i, j, c] = x[n, i - down, j - right, c]
    return out


def roll_and_clear(x: Array, down: int, right: int) -> Array:
    out = _rolled(x, down, right)
    if down:
        out[:, slice(0, down) if down > 0 else slice(down, None)] = 0
    if right:
        out[:, :, slice(0, right) if right > 0 else slice(right, None)] = 0
    return out


def pad_and_cut(x: Array, down: int, right: int) -> Array:
    frame = max(x.shape)
    wide = np.pad(x, ((0, 0), (frame, frame), (frame, frame), (0, 0)))
    top, left = frame - down, frame - right
    return wide[:, top : top + x.shape[1], left : left + x.shape[2]]


SHIFTED = FunctionExercise(
    name="shifted",
    points=6,
    reference=shifted,
    groups=(
        CaseGroup(
            "down and right",
            0.3,
            (partial(shift_case, down=1, right=2), partial(shift_case, down=3, right=1)),
        ),
        CaseGroup(
            "up and left",
            0.25,
            (
                partial(shift_case, down=-1, right=-2),
                partial(shift_case, down=-2, right=-1),
                partial(shift_case, down=1, right=-1),
            ),
        ),
        CaseGroup(
            "one direction alone",
            0.25,
            (partial(shift_case, down=2, right=0), partial(shift_case, down=0, right=3)),
        ),
        CaseGroup("no shift", 0.05, (partial(shift_case, down=0, right=0),)),
        CaseGroup(
            "channels and batch",
            0.15,
            (
                partial(shift_case, down=1, right=2, items=2, channels=3),
                partial(shift_case, down=2, right=1, items=3, channels=2),
            ),
        ),
    ),
    mistakes=tuple(_mistakes),
    variants=(by_slices, by_loops, roll_and_clear, pad_and_cut, *all_forms(by_slices)),
)
