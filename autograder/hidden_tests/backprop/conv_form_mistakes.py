"""Wrong ways back through a convolution in frames, reshapes and full convolutions."""

# ruff: noqa: D103 - a mistake is described by its sentence

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.exercises import MistakeList
from autograder.hidden_tests.backprop.conv_windows import (
    Gradients,
    gradients,
    in_frame,
    inside,
)
from coursekit.arrays import Array

_mistakes = MistakeList()


@_mistakes.add(
    "a slice like pad:-pad is assigned, or assigned to: with pad = 0 that is 0:0, and empty. Say "
    "where the middle ends by counting from the front: pad : pad + H."
)
def empty_slice_assigned(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    framed_dx, dw = in_frame(dout, x, w, (stride, stride), pad)
    dx = np.zeros_like(x)
    dx[:] = framed_dx[:, pad:-pad, pad:-pad]
    return dx, dw, dout.sum((0, 1, 2))


@_mistakes.add(
    "a number of rows or columns is a float, because / is used for the division: // gives a whole "
    "number, which range and np.zeros need. dout.shape has these numbers, too."
)
def float_as_a_number_of_windows(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    rows: Any = (x.shape[1] + 2 * pad - w.shape[0]) / stride + 1
    return gradients(dout[:, [*range(rows)]], x, w, stride, pad)


@_mistakes.add(
    "a place in an array is a float: slices and indices need whole numbers. Divide with //, and "
    "make index arrays with dtype=int."
)
def float_as_an_index(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    start: Any = stride / 1
    return gradients(dout[:, start:], x, w, stride, pad)


@_mistakes.add(
    "the frame surrounds every axis, as np.pad(x, pad) makes it: images and channels get none, so "
    "write np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))."
)
def every_axis_framed(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    wide, dw = np.pad(x, pad), np.zeros_like(w)
    dx = np.zeros_like(wide)
    for n, i, j, f in np.ndindex(*dout.shape):
        place = np.s_[n, i * stride : i * stride + w.shape[0], j * stride : j * stride + w.shape[1]]
        dx[place] += dout[n, i, j, f] * w[..., f]
        dw[..., f] += dout[n, i, j, f] * wide[place]
    return inside(dx, x, pad), dw, dout.sum((0, 1, 2))


@_mistakes.add(
    "dx is 0 in all images but the last: it is cut out of its frame after the loop over the "
    "images, when only the last one is there. Do it inside the loop."
)
def dx_of_the_last_image(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, dw, db = gradients(dout, x, w, stride, pad)
    dx[:-1] = 0.0
    return dx, dw, db


@_mistakes.add(
    "dx is 0 in all images but the first: is the return inside the loop over the images?"
)
def dx_of_the_first_image(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, dw, db = gradients(dout, x, w, stride, pad)
    dx[1:] = 0.0
    return dx, dw, db


@_mistakes.add(
    "a window that begins before the image's first row or column is moved into the image: what "
    "lies before it is part of the window, and 0. Frame x with pad zeros first."
)
def start_moved_to_the_edge(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i, j in np.ndindex(*dout.shape[1:3]):
        top, left = max(0, i * stride - pad), max(0, j * stride - pad)
        place = np.s_[:, top : top + w.shape[0], left : left + w.shape[1]]
        rows, columns = x[place].shape[1:3]
        dx[place] += np.einsum("no,abco->nabc", dout[:, i, j], w[:rows, :columns])
        dw[:rows, :columns] += np.einsum("nabc,no->abco", x[place], dout[:, i, j])
    return dx, dw, dout.sum((0, 1, 2))


@_mistakes.add(
    "dout is reshaped for dw where it must be transposed: reshape keeps the order of the numbers, "
    "filters last. Write dout.reshape(-1, C_out), and .T for the other order."
)
def dout_reshaped_for_dw(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, _, db = gradients(dout, x, w, stride, pad)
    return dx, gradients(_reshaped(dout), x, w, stride, pad)[1], db


@_mistakes.add(
    "dout is reshaped for dx where it must be transposed: reshape keeps the order of the numbers, "
    "filters last. Write dout.reshape(-1, C_out), and .T for the other order."
)
def dout_reshaped_for_dx(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    _, dw, db = gradients(dout, x, w, stride, pad)
    return gradients(_reshaped(dout), x, w, stride, pad)[0], dw, db


def _reshaped(dout: Array) -> Array:
    return np.asarray(dout.reshape(dout.shape[3], -1).T.reshape(dout.shape))


@_mistakes.add(
    "the kernels are reshaped where they must be transposed, as w.reshape(C_out, -1): filters are "
    "the last axis. Write w.reshape(-1, C_out), and .T for the other order."
)
def kernels_reshaped(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    other = w.reshape(w.shape[3], -1).T.reshape(w.shape)
    return gradients(dout, x, other, stride, pad)[0], *gradients(dout, x, w, stride, pad)[1:]


@_mistakes.add(
    "dout is spread out too far for the full convolution: between OH outputs lie OH - 1 gaps, so "
    "it becomes (OH - 1) * stride + 1 rows high, not OH * stride."
)
def dout_spread_too_far(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    rows, columns = dout.shape[1] * stride, dout.shape[2] * stride
    dx = _full(dout, w, stride, (rows, columns))
    return _cut_off(dx, pad), *gradients(dout, x, w, stride, pad)[1:]


@_mistakes.add(
    "dout is spread out too far for the full convolution, and the frame is cut off at the start "
    "alone: dx has the shape of x, so keep pad : pad + H and pad : pad + W."
)
def dout_spread_too_far_and_not_cut(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    rows, columns = dout.shape[1] * stride, dout.shape[2] * stride
    dx = _full(dout, w, stride, (rows, columns))
    return dx[:, pad:, pad:], *gradients(dout, x, w, stride, pad)[1:]


@_mistakes.add(
    "the stride is not looked at in the full convolution for dx: first spread dout out, with "
    "stride - 1 zeros between its rows and columns."
)
def dout_not_spread(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
    dx = _full(dout, w, 1, (dout.shape[1], dout.shape[2]))
    return inside(dx, x, pad), *gradients(dout, x, w, stride, pad)[1:]


@_mistakes.add(
    "dout gets a frame of KH - 1 - pad for the full convolution: that is below 0 where pad is KH "
    "or more. Give it KH - 1 and cut pad off the result."
)
def frame_of_dout_below_0(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    np.pad(dout[0, ..., 0], [(k - 1 - pad,) * 2 for k in w.shape[:2]])
    return gradients(dout, x, w, stride, pad)


@_mistakes.add(
    "dout gets a frame of KH - 1 - pad for the full convolution, and what the stride leaves over "
    "is forgotten: give it KH - 1, and add the result to zeros of the framed images' shape."
)
def frame_of_dout_below_0_and_no_rest(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    np.pad(dout[0, ..., 0], [(k - 1 - pad,) * 2 for k in w.shape[:2]])
    rows, columns = ((n - 1) * stride + 1 for n in dout.shape[1:3])
    dx = _cut_off(_full(dout, w, stride, (rows, columns)), pad)
    return dx, *gradients(dout, x, w, stride, pad)[1:]


def _full(dout: Array, w: Array, stride: int, size: tuple[int, int]) -> Array:
    """Return the full convolution of dout, spread out to some rows and columns."""
    k, m = w.shape[0] - 1, w.shape[1] - 1
    wide = np.zeros((len(dout), size[0] + 2 * k, size[1] + 2 * m, w.shape[3]))
    wide[:, k : k + size[0] : stride, m : m + size[1] : stride] = dout
    windows = sliding_window_view(wide, w.shape[:2], (1, 2))
    return np.asarray(np.einsum("nijoab,abco->nijc", windows, w[::-1, ::-1]))


def _cut_off(dx: Array, pad: int) -> Array:
    return dx[:, pad : dx.shape[1] - pad, pad : dx.shape[2] - pad]


@_mistakes.add(
    "dw holds the first image's share alone: all images used the same kernels, so dw is a sum over "
    "the batch."
)
def dw_of_the_first_image(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, _, db = gradients(dout, x, w, stride, pad)
    return dx, gradients(dout[:1], x[:1], w, stride, pad)[1], db


@_mistakes.add(
    "db holds the first image's share alone: b[f] was added in every image, so db[f] is a sum over "
    "them."
)
def db_of_the_first_image(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    return *gradients(dout, x, w, stride, pad)[:2], dout[0].sum((0, 1))


@_mistakes.add(
    "dw is a mean over the positions: the kernel was used at each of them, so dw is a sum over all "
    "of them. Nothing is divided."
)
def dw_mean_over_the_positions(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, dw, db = gradients(dout, x, w, stride, pad)
    return dx, dw / (dout.shape[1] * dout.shape[2]), db


@_mistakes.add(
    "dw is a mean over images and positions: the kernel was used at each of them, so dw is a sum "
    "over all of them. Nothing is divided."
)
def dw_mean_over_everything(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, dw, db = gradients(dout, x, w, stride, pad)
    return dx, dw / dout[..., 0].size, db


@_mistakes.add(
    "dx is divided by the number of images: every image has its own gradient. Where the loss is a "
    "mean, its 1/N is in dout already."
)
def dx_divided_by_n(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
    dx, dw, db = gradients(dout, x, w, stride, pad)
    return dx / len(x), dw, db


@_mistakes.add(
    "dx is made without the kernel: a pixel counts as much as the weight that lay on it, so add "
    "dout[n, i, j, f] * w[:, :, :, f]."
)
def kernel_not_used_in_dx(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    _, dw, db = gradients(dout, x, w, stride, pad)
    return gradients(dout, x, np.ones_like(w), stride, pad)[0], dw, db


@_mistakes.add(
    "dw is made without the images: a weight counts as much as the pixel that it lay on, so add "
    "dout[n, i, j, f] * the window of x."
)
def images_not_used_in_dw(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, _, db = gradients(dout, x, w, stride, pad)
    return dx, np.ones_like(w) * dout.sum((0, 1, 2)), db


FORM_MISTAKES = tuple(_mistakes)
