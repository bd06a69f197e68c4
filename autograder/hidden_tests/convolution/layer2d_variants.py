"""Correct implementations of ``conv2d``, slow and fast."""

# ruff: noqa: D103 - the name says how it is written; all have the signature of the layer

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view
from scipy import signal

from autograder.exercises import all_forms
from coursekit.arrays import Array


def padded(x: Array, pad: int) -> Array:
    """Return the images with ``pad`` zeros on each side of rows and columns."""
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def output_shape(x: Array, w: Array, stride: int) -> tuple[int, int, int, int]:
    """Return the shape of the layer's output, (N, OH, OW, C_out), for padded images."""
    rows = (x.shape[1] - w.shape[0]) // stride + 1
    columns = (x.shape[2] - w.shape[1]) // stride + 1
    return x.shape[0], rows, columns, w.shape[3]


def six_loops(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    x = padded(x, pad)
    out = np.zeros(output_shape(x, w, stride))
    for n, i, j, o in np.ndindex(*out.shape):
        total = b[o]
        for a, c, k in np.ndindex(*w.shape[:3]):
            total += x[n, i * stride + a, j * stride + c, k] * w[a, c, k, o]
        out[n, i, j, o] = total
    return out


def loops_over_windows(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    x = padded(x, pad)
    out = np.zeros(output_shape(x, w, stride))
    for n, i, j, o in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + w.shape[0], left : left + w.shape[1]]
        out[n, i, j, o] = np.sum(window * w[..., o]) + b[o]
    return out


def loops_with_tensordot(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    x = padded(x, pad)
    out = np.empty(output_shape(x, w, stride))
    for i, j in np.ndindex(*out.shape[1:3]):
        top, left = i * stride, j * stride
        window = x[:, top : top + w.shape[0], left : left + w.shape[1]]
        out[:, i, j] = np.tensordot(window, w, 3) + b
    return out


def loops_over_kernel(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    x = padded(x, pad)
    shape = output_shape(x, w, stride)
    out = np.broadcast_to(b, shape).copy()
    for i, j in np.ndindex(*w.shape[:2]):
        rows = slice(i, i + shape[1] * stride, stride)
        columns = slice(j, j + shape[2] * stride, stride)
        out += x[:, rows, columns][:, : shape[1], : shape[2]] @ w[i, j]
    return out


def im2col(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    x = padded(x, pad)
    shape = output_shape(x, w, stride)
    columns = np.stack(list(_flat_windows(x, w, shape, stride)))
    return (columns @ w.reshape(-1, w.shape[3]) + b).reshape(shape)


def _flat_windows(
    x: Array, w: Array, shape: tuple[int, int, int, int], stride: int
) -> Iterator[Array]:
    for n, i, j in np.ndindex(*shape[:3]):
        top, left = i * stride, j * stride
        yield x[n, top : top + w.shape[0], left : left + w.shape[1]].ravel()


def im2col_by_index(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    x = padded(x, pad)
    shape = output_shape(x, w, stride)
    rows = np.arange(shape[1])[:, None] * stride + np.arange(w.shape[0])
    columns = np.arange(shape[2])[:, None] * stride + np.arange(w.shape[1])
    windows = x[:, rows[:, None, :, None], columns[None, :, None, :]]
    return windows.reshape(*shape[:3], -1) @ w.reshape(-1, w.shape[3]) + b


def windows_with_einsum(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    windows = sliding_window_view(padded(x, pad), w.shape[:2], (1, 2))[:, ::stride, ::stride]
    return np.asarray(np.einsum("nijcab,abco->nijo", windows, w) + b)


def windows_by_strides(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    x = np.ascontiguousarray(padded(x, pad))
    n, rows, columns, _ = output_shape(x, w, stride)
    batch, row, column, channel = x.strides
    windows = as_strided(
        x,
        (n, rows, columns, *w.shape[:3]),
        (batch, row * stride, column * stride, row, column, channel),
    )
    return np.tensordot(windows, w, 3) + b


def by_fft(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    flipped = w[::-1, ::-1, ::-1][None]
    maps = [
        signal.fftconvolve(padded(x, pad), flipped[..., o], "valid", axes=(1, 2, 3))[..., 0]
        for o in range(w.shape[3])
    ]
    return np.stack(maps, -1)[:, ::stride, ::stride] + b


FAST = (
    loops_over_kernel,
    im2col_by_index,
    windows_with_einsum,
    windows_by_strides,
)
VARIANTS = (
    six_loops,
    loops_over_windows,
    loops_with_tensordot,
    im2col,
    *FAST,
    by_fft,
    *all_forms(windows_with_einsum),
)
