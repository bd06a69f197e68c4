"""Wrong ways of going back through a convolution layer that come of its many loops."""

# ruff: noqa: D103 - a mistake is described by its sentence

from __future__ import annotations

import numpy as np

from autograder.exercises import MistakeList
from autograder.hidden_tests.backprop.conv_windows import (
    Gradients,
    framed,
    gradients,
    in_frame,
    inside,
)
from coursekit.arrays import Array

_mistakes = MistakeList()


@_mistakes.add(
    "db holds one output's gradient alone: b[f] was added at every position of every image, so "
    "db[f] is a sum over them. Write += instead of =."
)
def db_of_the_last_output(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    return *gradients(dout, x, w, stride, pad)[:2], dout[-1, -1, -1].copy()


@_mistakes.add(
    "db holds the last image's share alone: b[f] was added in every image, so db[f] is a sum over "
    "them. Write += instead of =, or sum over the axes 0, 1 and 2."
)
def db_of_the_last_image(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    return *gradients(dout, x, w, stride, pad)[:2], dout[-1].sum((0, 1))


@_mistakes.add(
    "db holds the last position's share alone: b[f] was added at every row and column, so db[f] "
    "is a sum over them. Write += instead of =, or sum over the axes 0, 1 and 2."
)
def db_of_the_last_position(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    return *gradients(dout, x, w, stride, pad)[:2], dout[:, -1, -1].sum(0)


@_mistakes.add(
    "dw holds the last image's share alone: all images used the same kernels, so dw is a sum over "
    "the batch. Write += instead of =."
)
def dw_of_the_last_image(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, _, db = gradients(dout, x, w, stride, pad)
    return dx, gradients(dout[-1:], x[-1:], w, stride, pad)[1], db


@_mistakes.add(
    "dw holds the last position's share alone: the kernel was used at every row and column, so dw "
    "is a sum over them. Write += instead of =."
)
def dw_of_the_last_position(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, _, db = gradients(dout, x, w, stride, pad)
    last = np.zeros_like(dout)
    last[:, -1, -1] = dout[:, -1, -1]
    return dx, gradients(last, x, w, stride, pad)[1], db


@_mistakes.add(
    "dx is assigned where it must be added, in a loop over the filters too: a pixel gets a "
    "gradient from every filter of every window that lay on it. Write += instead of =."
)
def dx_of_the_last_filter_and_window(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    last = in_frame(dout[..., -1:], x, w[..., -1:], (stride, stride), pad, add=False)[0]
    return inside(last, x, pad), *gradients(dout, x, w, stride, pad)[1:]


@_mistakes.add(
    "the stride is ignored in dw: the window of output (i, j) begins at row i * stride and column "
    "j * stride, as it does for dx."
)
def stride_ignored_in_dw(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, _, db = gradients(dout, x, w, stride, pad)
    return dx, gradients(dout, x, w, stride, pad, (1, 1))[1], db


@_mistakes.add(
    "for dw the windows are cut out of x without its frame, and end where x ends: in the forward "
    "pass they lay on the framed images, so they must here."
)
def x_not_framed_for_dw(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, dw, db = gradients(dout, x, w, stride, pad)
    dw = np.zeros_like(dw)
    for n, i, j, f in np.ndindex(*dout.shape):
        dw[..., f] += dout[n, i, j, f] * _window(x, w, n, (i * stride, j * stride))
    return dx, dw, db


@_mistakes.add(
    "the frame is missing: in the forward pass the windows lay on the framed images. Frame x with "
    "np.pad, for dw; give dx the same frame, and cut it off at the end."
)
def frame_missing(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
    del pad
    return in_loops(dout, x, w, stride, 0)


@_mistakes.add(
    "the frame is always one pixel wide, whatever pad says: use the argument pad, and be ready "
    "for 0."
)
def frame_always_1(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
    del pad
    return in_loops(dout, x, w, stride, 1)


def _window(x: Array, w: Array, n: int, start: tuple[int, int]) -> Array:
    """Return what lies under the kernel; less than its size where the image ends."""
    top, left = start
    return np.asarray(x[n, top : top + w.shape[0], left : left + w.shape[1]])


def in_loops(dout: Array, x: Array, w: Array, stride: int, pad: int) -> Gradients:
    """Return the gradients for some width of the frame, output by output.

    Args:
        dout: upstream gradient.
        x: images.
        w: kernels.
        stride: step of the window.
        pad: width of the frame.

    Raises:
        ValueError: with this frame a window reaches over the edge.
    """
    wide, dw = framed(x, pad), np.zeros_like(w)
    dx = np.zeros_like(wide)
    for n, i, j, f in np.ndindex(*dout.shape):
        start = i * stride, j * stride
        place = _window(dx, w, n, start)
        place += dout[n, i, j, f] * w[..., f]
        dw[..., f] += dout[n, i, j, f] * _window(wide, w, n, start)
    return inside(dx, x, pad), dw, dout.sum((0, 1, 2))


LOOP_MISTAKES = tuple(_mistakes)
