"""Faults of all pooling in where the windows lie: stride, size, remainder, rows and columns."""

# ruff: noqa: ARG001, D103 - a mistake ignores what it should use, and its sentence describes it

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from autograder.hidden_tests.pooling.draws import Pair
from autograder.hidden_tests.pooling.windows import FaultList, Reduce, looped, pool, shape_of_output
from coursekit.arrays import Array

PLACE_FAULTS = FaultList()


@PLACE_FAULTS.add(
    "the default stride is 1: without a stride the windows stand side by side, stride = size."
)
def default_stride_is_1(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    return pool(x, size, stride or (1, 1), reduce)


@PLACE_FAULTS.add(
    "the stride is ignored and the windows always stand side by side: the window of output row i "
    "starts at row i * stride, not i * size, so windows may overlap."
)
def size_used_as_stride(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    return pool(x, size, size, reduce)


@PLACE_FAULTS.add(
    "the stride is taken for the window's size: a window starts at i * stride and ends size rows "
    "further on, at i * stride + size, not at (i + 1) * stride."
)
def stride_used_as_size(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    stride = stride or size
    return looped(x, shape_of_output(x, size, stride), stride, stride, reduce)


@PLACE_FAULTS.add(
    "the stride counts for the output's size but not for where a window starts: it starts at row "
    "i * stride and column j * stride, not at row i and column j."
)
def stride_ignored_in_window_starts(
    x: Array, size: Pair, stride: Pair | None, reduce: Reduce
) -> Array:
    return looped(x, shape_of_output(x, size, stride), size, (1, 1), reduce)


@PLACE_FAULTS.add(
    "a window's place in the image is used as its place in the output: with range(0, H, stride) "
    "the output's index is row // stride. Loop over the outputs and multiply by the stride."
)
def window_start_as_output_index(
    x: Array, size: Pair, stride: Pair | None, reduce: Reduce
) -> Array:
    right = pool(x, size, stride, reduce)
    out = np.zeros_like(right)
    down, aside = stride or size
    for i, j in np.ndindex(*right.shape[1:3]):
        out[:, i * down, j * aside] = right[:, i, j]
    return out


@PLACE_FAULTS.add(
    "rows and columns of the output are swapped: axis 1 counts rows (height), axis 2 columns "
    "(width), in x and in the output."
)
def rows_and_columns_swapped(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    return pool(x, size, stride, reduce).transpose(0, 2, 1, 3)


@PLACE_FAULTS.add(
    "a size of two numbers is read as (width, height): the height of the window comes first."
)
def size_read_as_width_and_height(
    x: Array, size: Pair, stride: Pair | None, reduce: Reduce
) -> Array:
    return pool(x, size[::-1], stride, reduce)


@PLACE_FAULTS.add(
    "a stride of two numbers is read as (right, down): the step down, along the rows, comes first."
)
def stride_read_as_right_and_down(
    x: Array, size: Pair, stride: Pair | None, reduce: Reduce
) -> Array:
    return pool(x, size, stride[::-1] if stride else None, reduce)


@PLACE_FAULTS.add(
    "the window is taken for square: of a size of two numbers the first is its height and the "
    "second its width."
)
def window_taken_for_square(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    return pool(x, (size[0], size[0]), stride, reduce)


@PLACE_FAULTS.add(
    "the step down is used to the right as well: of a stride of two numbers the first goes down "
    "and the second to the right."
)
def one_stride_for_both(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    return pool(x, size, (stride[0], stride[0]) if stride else None, reduce)


@PLACE_FAULTS.add(
    "columns begin with the step for the rows: of a stride of two numbers the first goes down and "
    "the second to the right, so the window of output column j starts at j * right."
)
def row_step_for_columns(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    stride = stride or size
    shape = shape_of_output(x, size, stride)
    return looped(x, shape, size, (stride[0], stride[0]), reduce)


@PLACE_FAULTS.add(
    "the default stride is the window's width in both directions: without a stride each direction "
    "has its own length of the window, stride = size."
)
def default_stride_is_the_width(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    return pool(x, size, stride or (size[1], size[1]), reduce)


@PLACE_FAULTS.add(
    "the image is cut up into windows with reshape: that works only where they stand side by side "
    "and nothing is left over. Windows start at i * stride and j * stride, and may overlap."
)
def cut_up_by_reshape(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    del stride
    (batch, rows, columns, channels), (height, width) = x.shape, size
    parts = x.reshape(batch, rows // height, height, columns // width, width, channels)
    return np.asarray(reduce(parts, axis=(2, 4)))


@PLACE_FAULTS.add(
    "the image is taken for square, with as many columns as rows: the height is x.shape[1] and "
    "the width x.shape[2], each for its own output length."
)
def image_taken_for_square(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    right = pool(x, size, stride, reduce)
    columns = (x.shape[1] - size[1]) // (stride or size)[1] + 1
    if columns > right.shape[2]:
        raise ValueError("operands could not be broadcast together")
    return right[:, :, :columns]


@PLACE_FAULTS.add(
    "the remainder is kept: rows and columns at the end that do not fill a window are dropped. "
    "Round the output's size down with //, not up."
)
def remainder_kept(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    stride = stride or size
    rows, columns = (
        -(-(n - k) // s) + 1 for n, k, s in zip(x.shape[1:3], size, stride, strict=True)
    )
    return looped(x, (rows, columns), size, stride, reduce)


@PLACE_FAULTS.add(
    "the output's size is H // stride: that is right where windows do not overlap. In general "
    "(H - size) // stride + 1 windows fit."
)
def output_size_without_window(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    stride = stride or size
    rows, columns = (n // s for n, s in zip(x.shape[1:3], stride, strict=True))
    return looped(x, (rows, columns), size, stride, reduce)


@PLACE_FAULTS.add(
    "the output's size is H / stride, rounded up: that is what padding would give. Here nothing is "
    "padded, and (H - size) // stride + 1 whole windows fit."
)
def as_many_as_with_padding(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    stride = stride or size
    rows, columns = (-(-n // s) for n, s in zip(x.shape[1:3], stride, strict=True))
    return looped(x, (rows, columns), size, stride, reduce)


@PLACE_FAULTS.add(
    "the output is one row and one column short: (H - size) // stride counts the steps; the "
    "first window comes on top of them, + 1."
)
def plus_one_missing(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    return pool(x, size, stride, reduce)[:, :-1, :-1]


@PLACE_FAULTS.add(
    "the + 1 of the output's size is inside the division: divide first, (H - size) // stride, then "
    "add 1 for the window at the start."
)
def plus_one_before_division(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    steps = zip(x.shape[1:3], size, stride or size, strict=True)
    rows, columns = ((n - k + 1) // s for n, k, s in steps)
    return pool(x, size, stride, reduce)[:, :rows, :columns]


@PLACE_FAULTS.add(
    "each window is one row and one column short: a slice ends before its second number, so it "
    "is top : top + size, without - 1."
)
def window_too_short(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    shorter = size[0] - 1, size[1] - 1
    return looped(x, shape_of_output(x, size, stride), shorter, stride or size, reduce)


@PLACE_FAULTS.add(
    "each window is one row and one column too long: a slice ends before its second number, so "
    "it is top : top + size, without + 1."
)
def window_too_long(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    longer = size[0] + 1, size[1] + 1
    return looped(x, shape_of_output(x, size, stride), longer, stride or size, reduce)


@PLACE_FAULTS.add(
    "a remainder is an error: rows and columns at the end that do not fill a window are dropped, "
    "(H - size) // stride + 1 does that. So neither raise nor assert."
)
def remainder_refused(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    steps = zip(x.shape[1:3], size, stride or size, strict=True)
    if any((n - k) % s for n, k, s in steps):
        raise ValueError("the windows do not fit")
    return pool(x, size, stride, reduce)


@PLACE_FAULTS.add(
    "the last row and column of the output stay 0 where nothing is left over, as after "
    "range(0, H - size, stride): a range ends before its second number, so write H - size + 1."
)
def last_start_not_filled(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    out = pool(x, size, stride, reduce)
    rows, columns = (
        -(-(n - k) // s) for n, k, s in zip(x.shape[1:3], size, stride or size, strict=True)
    )
    out[:, rows:] = 0.0
    out[:, :, columns:] = 0.0
    return out


@PLACE_FAULTS.add(
    "the slices end at size and not at top + size: a slice has a start and an end, x[:, top : top "
    "+ height, left : left + width], and does not count from its start."
)
def slice_ends_at_the_size(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    shape, (down, aside) = shape_of_output(x, size, stride), stride or size
    out = np.zeros((len(x), *shape, x.shape[3]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the mean of an empty slice
        for i, j in np.ndindex(*shape):
            out[:, i, j] = reduce(x[:, i * down : size[0], j * aside : size[1]], axis=(1, 2))
    return out


@PLACE_FAULTS.add(
    "a size of two numbers is read as (width, height) where the windows are cut out: the height "
    "comes first."
)
def window_of_width_and_height(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    return pool(x, size[::-1], stride or size, reduce)


@PLACE_FAULTS.add(
    "the image is cut up into blocks of 2 x 2 with reshape, whatever size says: take both numbers "
    "from size. And windows may overlap, which blocks cannot."
)
def blocks_of_2(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    batch, rows, columns, channels = x.shape
    blocks = x.reshape(batch, rows // 2, 2, columns // 2, 2, channels)
    return np.asarray(reduce(blocks, axis=(2, 4)))


@PLACE_FAULTS.add(
    "a number of rows or columns is a float, because / is used for the division: // gives a whole "
    "number, which np.zeros, range and reshape need."
)
def float_as_a_number_of_windows(
    x: Array, size: Pair, stride: Pair | None, reduce: Reduce
) -> Array:
    down, aside = stride or size
    shape: Any = (x.shape[1] - size[0]) / down + 1, (x.shape[2] - size[1]) / aside + 1
    return np.zeros((len(x), *shape, x.shape[3]))


@PLACE_FAULTS.add(
    "a place in an array is a float: indices are whole numbers. Divide with //, and make index "
    "arrays with np.arange of whole numbers, or dtype=int."
)
def float_as_an_index(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    rows: Any = np.arange(x.shape[1] - size[0] + 1) / 1.0
    return np.asarray(x[:, rows])
