"""``dilated_conv2d``: a layer whose kernel has gaps between its entries."""

# ruff: noqa: ARG001, D103 - a mistake ignores what it should use, and its sentence describes it

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

from autograder.exercises import Case, CaseGroup, FunctionExercise, MistakeList, all_forms
from autograder.hidden_tests.convolution.draws import away_from_zero
from coursekit.arrays import Array

Pair = tuple[int, int]

_mistakes = MistakeList()


def spread(w: Array, gaps: Pair) -> Array:
    """Insert zeros between the entries of kernels.

    Args:
        w: kernels, (KH, KW, C_in, C_out).
        gaps: distance between neighbouring entries in rows and in columns, 1 or more.

    Returns:
        Array of shape ((KH - 1) * gaps[0] + 1, (KW - 1) * gaps[1] + 1, C_in, C_out).
    """
    lengths = ((k - 1) * d + 1 for k, d in zip(w.shape[:2], gaps, strict=True))
    wide = np.zeros((*lengths, *w.shape[2:]))
    wide[:: gaps[0], :: gaps[1]] = w
    return wide


def dilated_conv2d(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    """Return the layer's output, computed with SciPy from kernels with zeros in their gaps.

    Args:
        x: images, (N, H, W, C_in).
        w: kernels, (KH, KW, C_in, C_out).
        b: biases, (C_out,).
        dilation: distance between neighbouring entries of the kernel in the image, 1 or more.

    Returns:
        Array of shape (N, OH, OW, C_out).
    """
    wide, channels = spread(w, (dilation, dilation)), range(w.shape[2])
    maps = [
        [
            sum(signal.correlate2d(one[..., c], wide[..., c, o], "valid") for c in channels)
            for o in range(w.shape[3])
        ]
        for one in x
    ]
    return np.moveaxis(np.array(maps), 1, -1) + b


def _layer(x: Array, w: Array, b: Array | float) -> Array:
    windows = sliding_window_view(x, w.shape[:2], (1, 2))
    return np.asarray(np.einsum("nijcab,abco->nijo", windows, w) + b)


@_mistakes.add(
    "the dilation is ignored: neighbouring entries of the kernel must meet pixels that are "
    "dilation apart."
)
def dilation_ignored(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    return _layer(x, w, b)


@_mistakes.add(
    "only the output's size is that of the dilated kernel, and its entries meet neighbouring "
    "pixels: entry (i, j) must meet the pixel dilation * i rows down and dilation * j columns to "
    "the right."
)
def dilation_in_the_size_alone(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    rows, columns = (n - (k - 1) * dilation for n, k in zip(x.shape[1:3], w.shape, strict=False))
    return _layer(x, w, b)[:, :rows, :columns]


@_mistakes.add("the dilation is used in the rows and not in the columns.")
def rows_alone(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    return _layer(x, spread(w, (dilation, 1)), b)


@_mistakes.add("the dilation is used in the columns and not in the rows.")
def columns_alone(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    return _layer(x, spread(w, (1, dilation)), b)


@_mistakes.add(
    "dilation is taken for the number of pixels that are left out: it is the distance from one "
    "entry to the next, so with dilation 1 none is left out."
)
def one_gap_too_wide(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    return _layer(x, spread(w, (dilation + 1, dilation + 1)), b)


@_mistakes.add(
    "the dilation is used as a stride: the window still moves by one pixel, and the gaps are "
    "inside it."
)
def dilation_as_stride(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    return _layer(x, w, b)[:, ::dilation, ::dilation]


@_mistakes.add(
    "the window also moves by dilation: its gaps are inside it, and it visits every position."
)
def strided_as_well(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    return _layer(x, spread(w, (dilation, dilation)), b)[:, ::dilation, ::dilation]


@_mistakes.add(
    "the dilated kernel is taken to be dilation * k long: between k entries there are k - 1 gaps, "
    "so it is (k - 1) * dilation + 1 long."
)
def extent_of_all_gaps(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    rows, columns = (
        max(n - k * dilation + 1, 0) for n, k in zip(x.shape[1:3], w.shape, strict=False)
    )
    return _layer(x, spread(w, (dilation, dilation)), b)[:, :rows, :columns]


@_mistakes.add(
    "the last row and column are missing: n - (k - 1) * dilation positions fit, one more than the "
    "difference of the lengths."
)
def last_position_missing(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    return _layer(x, spread(w, (dilation, dilation)), b)[:, :-1, :-1]


@_mistakes.add(
    "the kernel's gaps are filled with copies of its entries, as if it were enlarged: they are "
    "zeros."
)
def gaps_filled(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    lengths = [(k - 1) * dilation + 1 for k in w.shape[:2]]
    wide = w.repeat(dilation, 0).repeat(dilation, 1)[: lengths[0], : lengths[1]]
    return _layer(x, wide, b)


@_mistakes.add("the pixels of the window are added up, and not multiplied by the kernel first.")
def not_multiplied(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    return _layer(x, spread(np.ones_like(w), (dilation, dilation)), b)


@_mistakes.add("the kernel is flipped first: a layer does not flip, it correlates.")
def kernel_flipped(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    return dilated_conv2d(x, w[::-1, ::-1], b, dilation=dilation)


@_mistakes.add("the bias is missing: add b[o] to every entry of output channel o.")
def bias_missing(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    return dilated_conv2d(x, w, np.zeros_like(b), dilation=dilation)


@_mistakes.add(
    "the bias is added once for every input channel: add b[o] once, after the sum over channels."
)
def bias_added_per_channel(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    return dilated_conv2d(x, w, w.shape[2] * b, dilation=dilation)


@_mistakes.add(
    "only the first input channel is used: every kernel reaches through all input channels, and "
    "their products are summed."
)
def first_channel_only(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    return dilated_conv2d(x[..., :1], w[:, :, :1], b, dilation=dilation)


@_mistakes.add(
    "only the first image of the batch is worked on and the others stay 0: is the return inside "
    "the loop over the images?"
)
def first_image_only(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    out = dilated_conv2d(x, w, b, dilation=dilation)
    out[1:] = 0.0
    return out


@_mistakes.add("the kernel is taken to be square: its height is w.shape[0], its width w.shape[1].")
def square_kernel(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    size = min(w.shape[:2])
    return dilated_conv2d(x, w[:size, :size], b, dilation=dilation)


def spread_out(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    return _layer(x, spread(w, (dilation, dilation)), b)


def loops(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    height, width = ((k - 1) * dilation + 1 for k in w.shape[:2])
    out = np.zeros((len(x), x.shape[1] - height + 1, x.shape[2] - width + 1, w.shape[3]))
    for n, i, j, o in np.ndindex(*out.shape):
        window = x[n, i : i + height : dilation, j : j + width : dilation]
        out[n, i, j, o] = np.sum(window * w[..., o]) + b[o]
    return out


def one_entry_after_the_other(x: Array, w: Array, b: Array, *, dilation: int = 1) -> Array:
    rows, columns = (n - (k - 1) * dilation for n, k in zip(x.shape[1:3], w.shape, strict=False))
    out = np.zeros((len(x), rows, columns, w.shape[3])) + b
    for i, j in np.ndindex(*w.shape[:2]):
        top, left = i * dilation, j * dilation
        out += x[:, top : top + rows, left : left + columns] @ w[i, j]
    return out


def _case(
    rng: np.random.Generator,
    *,
    kernel: Pair,
    dilation: int | None,
    out: Pair = (2, 3),
    items: int = 1,
    channels: int = 1,
    filters: int = 1,
    bias: bool = False,
) -> Case:
    lengths = ((k - 1) * (dilation or 1) + o for k, o in zip(kernel, out, strict=True))
    x = rng.normal(size=(items, *lengths, channels))
    w = rng.normal(size=(*kernel, channels, filters))
    b = away_from_zero(rng, filters) if bias else np.zeros(filters)
    return Case((x, w, b), {} if dilation is None else {"dilation": dilation})


GROUPS = (
    CaseGroup(
        "dilation 1",
        0.2,
        (
            partial(_case, kernel=(2, 2), dilation=None, filters=2),
            partial(_case, kernel=(3, 3), dilation=1, channels=2, out=(3, 2)),
        ),
    ),
    CaseGroup(
        "dilation 2 and more",
        0.4,
        (
            partial(_case, kernel=(2, 2), dilation=2, out=(4, 4)),
            partial(_case, kernel=(3, 3), dilation=2, channels=2, out=(3, 4)),
            partial(_case, kernel=(2, 2), dilation=3, filters=2, out=(5, 5)),
        ),
    ),
    CaseGroup(
        "bias, channels and batch",
        0.2,
        (
            partial(_case, kernel=(2, 2), dilation=2, channels=2, filters=3, bias=True),
            partial(_case, kernel=(2, 2), dilation=2, items=3, channels=3, filters=2, bias=True),
        ),
    ),
    CaseGroup(
        "non-square",
        0.2,
        (
            partial(_case, kernel=(3, 2), dilation=2, out=(3, 4)),
            partial(_case, kernel=(1, 3), dilation=2, out=(4, 3), filters=2),
            partial(_case, kernel=(2, 3), dilation=3, out=(4, 5), channels=2),
        ),
    ),
)

DILATED_CONV2D = FunctionExercise(
    name="dilated_conv2d",
    points=0,
    reference=dilated_conv2d,
    groups=GROUPS,
    mistakes=tuple(_mistakes),
    variants=(spread_out, loops, one_entry_after_the_other, *all_forms(spread_out)),
)
