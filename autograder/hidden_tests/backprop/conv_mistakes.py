"""Wrong ways of going back through a convolution layer."""

# ruff: noqa: D103 - its sentence describes a mistake

from __future__ import annotations

import numpy as np

from autograder.exercises import MistakeList
from autograder.hidden_tests.backprop.conv_windows import Gradients, gradients, in_frame, inside
from coursekit.arrays import Array

_mistakes = MistakeList()


@_mistakes.add(
    "the frame is cut off dx with a slice like pad:-pad: with pad = 0 that is 0:0, and nothing is "
    "left. Say where the middle ends by counting from the front: pad : pad + H."
)
def frame_cut_from_the_back(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, dw = in_frame(dout, x, w, (stride, stride), pad)
    return dx[:, pad:-pad, pad:-pad], dw, dout.sum((0, 1, 2))


@_mistakes.add(
    "dx is assigned where it must be added: a pixel under several windows gets a gradient from "
    "each of them. Write += instead of =."
)
def overlap_overwritten(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, dw = in_frame(dout, x, w, (stride, stride), pad, add=False)
    return inside(dx, x, pad), dw, dout.sum((0, 1, 2))


@_mistakes.add(
    "dx still has its frame: fill an array of the framed images' shape, then return its middle, "
    "in the shape of x."
)
def frame_not_cut_off(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    return *in_frame(dout, x, w, (stride, stride), pad), dout.sum((0, 1, 2))


@_mistakes.add(
    "the stride is ignored: the window of output (i, j) begins at row i * stride and column "
    "j * stride, in backward as in forward."
)
def stride_ignored(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
    return gradients(dout, x, w, stride, pad, (1, 1))


@_mistakes.add(
    "the stride is ignored in dx: the window of output (i, j) begins at row i * stride and column "
    "j * stride, as it does for dw."
)
def stride_ignored_in_dx(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, _, _ = gradients(dout, x, w, stride, pad, (1, 1))
    return dx, *gradients(dout, x, w, stride, pad)[1:]


@_mistakes.add(
    "the stride is ignored in the rows: the window of output (i, j) begins at row i * stride, as "
    "it does at column j * stride."
)
def stride_ignored_in_rows(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    return gradients(dout, x, w, stride, pad, (1, stride))


@_mistakes.add(
    "the stride is ignored in the columns: the window of output (i, j) begins at column "
    "j * stride, as it does at row i * stride."
)
def stride_ignored_in_columns(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    return gradients(dout, x, w, stride, pad, (stride, 1))


@_mistakes.add(
    "for dw the windows are cut out of x without its frame: in the forward pass they lay on the "
    "framed images, so they must here."
)
def frame_missing_in_dw(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, _, db = gradients(dout, x, w, stride, pad)
    beyond = np.pad(x, ((0, 0), (0, 2 * pad), (0, 2 * pad), (0, 0)))
    return dx, in_frame(dout, beyond, w, (stride, stride), 0)[1], db


@_mistakes.add(
    "the kernel is flipped in dx: dx[window] gets dout times the kernel as it lies on the window. "
    "(A flip is right only if dx is computed as a full convolution that flips by itself.)"
)
def kernel_flipped_in_dx(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    return gradients(dout, x, w[::-1, ::-1], stride, pad)[0], *gradients(dout, x, w, stride, pad)[
        1:
    ]


@_mistakes.add(
    "dw comes out flipped: dw[a, b] belongs to the pixels at row a and column b of every window."
)
def dw_flipped(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
    dx, dw, db = gradients(dout, x, w, stride, pad)
    return dx, dw[::-1, ::-1], db


@_mistakes.add(
    "rows and columns are swapped: dout[:, i, j] belongs to the window that begins at row "
    "i * stride and column j * stride."
)
def rows_and_columns_swapped(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    turned = dout.transpose(0, 2, 1, 3)
    if turned.shape != dout.shape:
        raise ValueError("operands could not be broadcast together")
    return gradients(turned, x, w, stride, pad)


@_mistakes.add(
    "dw holds one window's share alone: every place of the kernel was used at every stop, so its "
    "gradient is a sum over all of them. Write += instead of =."
)
def last_window_only_in_dw(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, _, db = gradients(dout, x, w, stride, pad)
    last = np.zeros_like(dout)
    last[-1, -1, -1] = dout[-1, -1, -1]
    return dx, gradients(last, x, w, stride, pad)[1], db


@_mistakes.add(
    "dw and db hold the last image's share alone: all images used the same kernels, so their "
    "gradients are sums over the batch."
)
def last_image_only(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
    dx, _, _ = gradients(dout, x, w, stride, pad)
    return dx, *gradients(dout[-1:], x[-1:], w, stride, pad)[1:]


@_mistakes.add(
    "dw is the mean over the batch: sum it. Where the loss is a mean, its 1/N is in dout already."
)
def dw_mean_over_the_batch(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, dw, db = gradients(dout, x, w, stride, pad)
    return dx, dw / len(x), db


@_mistakes.add(
    "dw and db are means over the batch: sum them. Where the loss is a mean, its 1/N is in dout "
    "already."
)
def means_over_the_batch(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, dw, db = gradients(dout, x, w, stride, pad)
    return dx, dw / len(x), db / len(x)


@_mistakes.add(
    "db is not summed over the positions: b[f] was added at every row and column of every image, "
    "so db sums over the axes 0, 1 and 2 and has shape (C_out,)."
)
def db_summed_over_the_batch_only(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    return *gradients(dout, x, w, stride, pad)[:2], dout.sum(0)


@_mistakes.add(
    "db is not summed over the batch: b[f] was added to every image, so db sums over the axes 0, "
    "1 and 2 and has shape (C_out,)."
)
def db_not_summed_over_the_batch(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    return *gradients(dout, x, w, stride, pad)[:2], dout.sum((1, 2))


@_mistakes.add("db is a mean: sum dout over images, rows and columns, with np.sum, not np.mean.")
def db_mean(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
    return *gradients(dout, x, w, stride, pad)[:2], dout.mean((0, 1, 2))


@_mistakes.add(
    "db is summed over the filters too: each filter has a bias, and db one entry for each."
)
def db_one_number(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
    return *gradients(dout, x, w, stride, pad)[:2], dout.sum(keepdims=True).ravel()


@_mistakes.add(
    "db is added up once for every weight of the kernel: the bias was added once at each stop, so "
    "dout counts once, outside the loops over the kernel's rows, columns and channels."
)
def db_added_per_product(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    return *gradients(dout, x, w, stride, pad)[:2], w[..., 0].size * dout.sum((0, 1, 2))


@_mistakes.add("db has the shape (1, 1, 1, C_out): bias and gradient are (C_out,), without axes.")
def db_keeps_the_axes(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    return *gradients(dout, x, w, stride, pad)[:2], dout.sum((0, 1, 2), keepdims=True)


@_mistakes.add(
    "dx ends with the last window: pixels that no window touched have gradient 0, but they are "
    "there. Start from zeros in the framed images' shape."
)
def remainder_cut_off(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, dw, db = gradients(dout, x, w, stride, pad)
    ends = [k + (o - 1) * stride for k, o in zip(w.shape, dout.shape[1:3], strict=False)]
    return dx[:, : ends[0] - 2 * pad, : ends[1] - 2 * pad], dw, db


@_mistakes.add("the gradients come in another order: return dx, then dw, then db.")
def dw_before_dx(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
    dx, dw, db = gradients(dout, x, w, stride, pad)
    return dw, dx, db


@_mistakes.add(
    "dx has the first input channel's gradient in every channel: channel c of the kernel, "
    "w[:, :, c, f], gives channel c of dx."
)
def first_channel_for_all(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    first = np.repeat(w[:, :, :1], w.shape[2], 2)
    return gradients(dout, x, first, stride, pad)[0], *gradients(dout, x, w, stride, pad)[1:]


@_mistakes.add(
    "dx holds the last filter's share alone: every filter looked at the pixel, so their "
    "gradients are added."
)
def last_filter_only_in_dx(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx = gradients(dout[..., -1:], x, w[..., -1:], stride, pad)[0]
    return dx, *gradients(dout, x, w, stride, pad)[1:]


MISTAKES = tuple(_mistakes)
