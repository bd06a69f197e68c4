"""Right ways of writing ``conv2d_backward``, slow and fast."""

# ruff: noqa: D103 - the name says how it is written; all have the signature of the exercise

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.hidden_tests.backprop.conv_windows import Gradients, framed, gradients, inside
from coursekit.arrays import Array


def by_windows(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
    return gradients(dout, x, w, stride, pad)


def seven_loops(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
    big = framed(x, pad)
    dx, dw, db = np.zeros(big.shape), np.zeros(w.shape), np.zeros(w.shape[3])
    for n, i, j, o in np.ndindex(*dout.shape):
        db[o] += dout[n, i, j, o]
        for a, b, c in np.ndindex(*w.shape[:3]):
            row, column = i * stride + a, j * stride + b
            dx[n, row, column, c] += dout[n, i, j, o] * w[a, b, c, o]
            dw[a, b, c, o] += dout[n, i, j, o] * big[n, row, column, c]
    return inside(dx, x, pad), dw, db


def four_loops(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
    big = framed(x, pad)
    dx, dw, db = np.zeros_like(big), np.zeros_like(w), np.zeros(w.shape[3])
    for n, i, j, o in np.ndindex(*dout.shape):
        rows = slice(i * stride, i * stride + w.shape[0])
        columns = slice(j * stride, j * stride + w.shape[1])
        dx[n, rows, columns] += w[..., o] * dout[n, i, j, o]
        dw[..., o] += big[n, rows, columns] * dout[n, i, j, o]
        db[o] += dout[n, i, j, o]
    return inside(dx, x, pad), dw, db


def loop_over_kernel(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    big = framed(x, pad)
    dx, dw = np.zeros_like(big), np.zeros_like(w)
    rows, columns = dout.shape[1] * stride, dout.shape[2] * stride
    for a, b in np.ndindex(*w.shape[:2]):
        place = np.s_[:, a : a + rows : stride, b : b + columns : stride][:3]
        seen = big[place][:, : dout.shape[1], : dout.shape[2]]
        dw[a, b] = np.tensordot(seen, dout, axes=((0, 1, 2), (0, 1, 2)))
        dx[place][:, : dout.shape[1], : dout.shape[2]] += dout @ w[a, b].T
    return inside(dx, x, pad), dw, dout.sum((0, 1, 2))


def as_matrices(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
    big = framed(x, pad)
    windows = sliding_window_view(big, w.shape[:2], (1, 2))[:, ::stride, ::stride]
    columns = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, w[..., 0].size)
    flat = dout.reshape(-1, w.shape[3])
    shares = (flat @ w.reshape(-1, w.shape[3]).T).reshape(*dout.shape[:3], *w.shape[:3])
    dx = np.zeros_like(big)
    for i, j in np.ndindex(*dout.shape[1:3]):
        top, left = i * stride, j * stride
        dx[:, top : top + w.shape[0], left : left + w.shape[1]] += shares[:, i, j]
    return inside(dx, x, pad), (columns.T @ flat).reshape(w.shape), flat.sum(0)


def full_convolution(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    big = framed(x, pad)
    rows, columns = big.shape[1] - w.shape[0] + 1, big.shape[2] - w.shape[1] + 1
    spread = np.zeros((len(x), rows, columns, w.shape[3]))
    spread[:, ::stride, ::stride] = dout
    k, m = w.shape[0] - 1, w.shape[1] - 1
    wide = np.pad(spread, ((0, 0), (k, k), (m, m), (0, 0)))
    dx = np.einsum(
        "nijoab,abco->nijc", sliding_window_view(wide, w.shape[:2], (1, 2)), w[::-1, ::-1]
    )
    dw = np.einsum("nabcij,nijo->abco", sliding_window_view(big, spread.shape[1:3], (1, 2)), spread)
    return inside(dx, x, pad), dw, dout.sum((0, 1, 2))


def in_float32_as_a_list(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> list[Array]:
    return [np.asfortranarray(g, np.float32) for g in gradients(dout, x, w, stride, pad)]


def inputs_changed_in_place(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    result = gradients(dout, x, w, stride, pad)
    dout *= 0.0
    return result


VARIANTS = (
    by_windows,
    seven_loops,
    four_loops,
    loop_over_kernel,
    as_matrices,
    full_convolution,
    in_float32_as_a_list,
    inputs_changed_in_place,
)
