"""Mistakes in the windows of ``conv2d``: stride, padding, rows, columns and sizes."""

# ruff: noqa: ARG001, D103 - a mistake ignores what it should use, and its sentence describes it

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.exercises import MistakeList
from autograder.hidden_tests.convolution import changes
from autograder.hidden_tests.convolution.layer2d_changes import (
    batch_padded_and_channels_looped_over,
)
from autograder.hidden_tests.convolution.loops import LOOPS, by_products, by_slices, layers
from coursekit.arrays import Array

Pair = tuple[int, int]
Pads = tuple[tuple[int, int], tuple[int, int]]

_mistakes = MistakeList()


def layer(
    x: Array, w: Array, b: Array | float, strides: tuple[int, int] = (1, 1), pads: Pads | int = 0
) -> Array:
    """Return a correct layer's output, with separate strides and separate padding of each side.

    Args:
        x: images, (N, H, W, C_in).
        w: kernels, (KH, KW, C_in, C_out).
        b: biases, (C_out,), or one number for all output channels.
        strides: steps of the window in rows and in columns.
        pads: zeros (top, bottom) and (left, right), or one number for all four sides.

    Returns:
        Array of shape (N, OH, OW, C_out).
    """
    sides = ((pads, pads), (pads, pads)) if isinstance(pads, int) else pads
    x = np.pad(x, ((0, 0), *sides, (0, 0)))
    windows = sliding_window_view(x, w.shape[:2], (1, 2))[:, :: strides[0], :: strides[1]]
    return np.asarray(np.einsum("nijcab,abco->nijo", windows, w) + b)


def _loop(x: Array, w: Array, b: Array, shape: Pair, stride: int, window: Pair) -> Array:
    """Loop over an output of some shape with windows of another size; may raise."""
    out = np.zeros((len(x), *shape, w.shape[3]))
    for i, j in np.ndindex(*shape):
        top, left = i * stride, j * stride
        under = x[:, top : top + window[0], left : left + window[1], :, None]
        out[:, i, j] = (under * w).sum((1, 2, 3)) + b
    return out


def stride_in_columns_alone(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    return layer(x, w, b, (1, stride), pad)


def stride_in_rows_alone(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w, b, (stride, 1), pad)


def _padded(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


@_mistakes.add(
    "the stride is ignored: the window must start at row i * stride and column j * stride, and "
    "the output has only (n + 2 * pad - k) // stride + 1 rows or columns."
)
def stride_ignored(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w, b, (1, 1), pad)


@_mistakes.add(
    "the stride is ignored in the rows: the window for output row i must start at row "
    "i * stride, as it does for the columns.",
    others=(stride_in_columns_alone,),
)
def stride_ignored_in_rows(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    rows = layer(x, w, b, (stride, stride), pad).shape[1]
    return layer(x, w, b, (1, stride), pad)[:, :rows]


@_mistakes.add(
    "the stride is ignored in the columns: the window for output column j must start at column "
    "j * stride, as it does for the rows.",
    others=(stride_in_rows_alone,),
)
def stride_ignored_in_columns(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    columns = layer(x, w, b, (stride, stride), pad).shape[2]
    return layer(x, w, b, (stride, 1), pad)[:, :, :columns]


@_mistakes.add(
    "the stride is used for the output's size but not for where the window starts: it must start "
    "at row i * stride and column j * stride, not at row i and column j."
)
def stride_ignored_in_window_starts(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    _, rows, columns, _ = layer(x, w, b, (stride, stride), pad).shape
    return layer(x, w, b, (1, 1), pad)[:, :rows, :columns]


@_mistakes.add(
    "the stride is used twice, in the range of the loop and again in i * stride: outputs in "
    "between stay 0. Loop over every output, and multiply by the stride once."
)
def stride_used_twice(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    right = layer(x, w, b, (stride, stride), pad)
    out = np.zeros_like(right)
    out[:, ::stride, ::stride] = right[:, ::stride, ::stride]
    return out


@_mistakes.add(
    "the padding is forgotten, or the windows are not cut from the padded image: put pad rows and "
    "columns of zeros round every image, and slide over those."
)
def padding_forgotten(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w, b, (stride, stride), 0)


def padding_1_if_any(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w, b, (stride, stride), min(pad, 1))


@_mistakes.add(
    "the padding is always 1, whatever pad says, in the frame, in the output's size or in both: "
    "use the argument pad.",
    others=(
        padding_1_if_any,
        *layers(2, [changes.frame_of_1, changes.size_of_padding_1], LOOPS),
    ),
)
def padding_always_1(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w, b, (stride, stride), 1)


@_mistakes.add(
    "zeros are added, or counted in the output's size, at the top and left only: there must be pad "
    "of them at the bottom and the right as well, so that rows and columns grow by 2 * pad."
)
def padding_at_top_and_left_only(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    return layer(x, w, b, (stride, stride), ((pad, 0), (pad, 0)))


@_mistakes.add(
    "zeros are added at the bottom and right only: there must be pad of them at the top and the "
    "left as well, so that rows and columns grow by 2 * pad."
)
def padding_at_bottom_and_right_only(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    return layer(x, w, b, (stride, stride), ((0, pad), (0, pad)))


@_mistakes.add(
    "only the rows are padded: the columns need pad zeros at the left and the right as well."
)
def padding_of_rows_only(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w, b, (stride, stride), ((pad, pad), (0, 0)))


@_mistakes.add(
    "the image is padded but the output's size is worked out without the padding, or the loops go "
    "without it: there are (n + 2 * pad - k) // stride + 1 rows or columns.",
    others=layers(2, [changes.loops_without_padding], (by_products,)),
)
def output_size_without_padding(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    rows = (x.shape[1] - w.shape[0]) // stride + 1
    columns = (x.shape[2] - w.shape[1]) // stride + 1
    return layer(x, w, b, (stride, stride), pad)[:, : max(rows, 0), : max(columns, 0)]


@_mistakes.add(
    "batch and channels are padded too, as np.pad(x, pad) does: only axes 1 and 2, the rows and "
    "columns, get zeros: np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0))).",
    others=(
        *layers(2, [changes.all_axes_padded, changes.channels_padded], (by_products,)),
        batch_padded_and_channels_looped_over,
    ),
)
def padding_of_batch_and_channels_too(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    return layer(np.pad(x, pad)[..., : w.shape[2]], w, b, (stride, stride), 0)


@_mistakes.add(
    "the image's border is repeated outwards instead of zeros: padding here means zeros."
)
def padding_repeats_the_border(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="edge")
    return layer(x, w, b, (stride, stride))


@_mistakes.add(
    "rows and columns of the output are swapped: axis 1 counts rows (height), axis 2 columns "
    "(width), in x, in w and in the output."
)
def rows_and_columns_swapped(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    return layer(x, w, b, (stride, stride), pad).transpose(0, 2, 1, 3)


@_mistakes.add(
    "rows and columns of the kernel are swapped: x[n, i + a, j + c] belongs to w[a, c], not to "
    "w[c, a]."
)
def kernel_transposed(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w.transpose(1, 0, 2, 3), b, (stride, stride), pad)


@_mistakes.add(
    "the remainder is kept: the size is rounded up, or to the nearest whole number, but where the "
    "last window does not fit wholly, there is no output. Round down, with //.",
    others=layers(2, changes.ROUNDED, (*LOOPS, by_slices)),
)
def remainder_kept(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    rest = [-(n + 2 * pad - k) % stride for n, k in zip(x.shape[1:3], w.shape[:2], strict=True)]
    return layer(x, w, b, (stride, stride), ((pad, pad + rest[0]), (pad, pad + rest[1])))


@_mistakes.add(
    "the output is one row and one column short: a window of k fits n - k + 1 times; the + 1 is "
    "missing."
)
def plus_one_missing(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w, b, (stride, stride), pad)[:, :-1, :-1]


@_mistakes.add(
    "the + 1 of the output's size is inside the division: divide first, (n + 2 * pad - k) // "
    "stride, then add 1 for the window at the start."
)
def plus_one_before_division(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    sizes = zip(x.shape[1:3], w.shape[:2], strict=True)
    rows, columns = ((n + 2 * pad - k + 1) // stride for n, k in sizes)
    return layer(x, w, b, (stride, stride), pad)[:, :rows, :columns]


@_mistakes.add(
    "the window's start is used as the output's index: with range(0, n, stride) the output index "
    "is start // stride. Loop over the outputs and multiply by the stride instead."
)
def window_start_as_output_index(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    right = layer(x, w, b, (stride, stride), pad)
    out = np.zeros_like(right)
    for i, j in np.ndindex(*right.shape[1:3]):
        out[:, i * stride, j * stride] = right[:, i, j]
    return out


@_mistakes.add(
    "the kernel's height and width are exchanged: the height is w.shape[0] and the width "
    "w.shape[1], each for its own direction.",
    others=layers(2, [changes.kernel_lengths_exchanged], (by_products,)),
)
def kernel_lengths_exchanged(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    x, (width, height) = _padded(x, pad), w.shape[:2]
    shape = (x.shape[1] - height) // stride + 1, (x.shape[2] - width) // stride + 1
    return _loop(x, w, b, shape, stride, (height, width))


@_mistakes.add(
    "height and width are exchanged, in the image and in the kernel: x.shape is (N, H, W, C_in) "
    "and w.shape (KH, KW, C_in, C_out), rows first.",
    others=layers(2, [changes.all_lengths_exchanged], (by_products,)),
)
def heights_and_widths_exchanged(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    x = _padded(x, pad)
    rows, columns = layer(x, w, b, (stride, stride)).shape[1:3]
    return _loop(x, w, b, (columns, rows), stride, (w.shape[1], w.shape[0]))


@_mistakes.add(
    "the output's height is worked out from the width and the other way round: x.shape is "
    "(N, H, W, C_in) and w.shape (KH, KW, C_in, C_out).",
    others=layers(
        2, [changes.output_lengths_exchanged, changes.image_lengths_exchanged], (by_products,)
    ),
)
def output_height_from_width(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    x = _padded(x, pad)
    rows, columns = layer(x, w, b, (stride, stride)).shape[1:3]
    return _loop(x, w, b, (columns, rows), stride, (w.shape[0], w.shape[1]))


WINDOW_MISTAKES = tuple(_mistakes)
