"""Mistakes in ``conv2d`` that a change to a `loops.Loop` alone cannot express."""

# ruff: noqa: D103 - the name says what is wrong; all have the signature of the layer

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.hidden_tests.convolution.loops import (
    Change,
    Function,
    Loop,
    Style,
    by_products,
    framed,
    right_loop,
)
from coursekit.arrays import Array


def swapped(style: Style) -> Function:
    """Return a layer that exchanges stride and pad."""

    def layer(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
        return style(right_loop(x, w, b, axes=w.ndim - 2, stride=pad, pad=stride))

    return layer


def over_windows(cut: Callable[..., Array]) -> Function:
    """Return a layer whose windows are cut out by a given function.

    Args:
        cut: called with the right loop, the index of the image and the output's position, such as
            row and column; returns the window.
    """

    def layer(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
        loop = right_loop(x, w, b, axes=w.ndim - 2, stride=stride, pad=pad)
        out = np.zeros((len(x), *loop.shape, w.shape[-1]))
        for n, *place, o in np.ndindex(*out.shape):
            window = cut(loop, n, *place)
            out[(n, *place, o)] = np.sum(window * w[..., o]) + b[o]
        return out

    return layer


def _starts(loop: Loop, place: tuple[int, ...]) -> list[int]:
    return [i * loop.stride for i in place]


def _cut(loop: Loop, *where: Any) -> Array:
    return np.asarray(loop.image[where])


def stopping_without_the_stride(loop: Loop, n: int, *place: int) -> Array:
    starts = zip(_starts(loop, place), place, loop.kernel, strict=True)
    return _cut(loop, n, *(slice(start, i + k) for start, i, k in starts))


def starting_at_the_row_twice(loop: Loop, n: int, i: int, _: int) -> Array:
    top, (height, width) = i * loop.stride, loop.kernel
    return loop.image[n, top : top + height, top : top + width]


def starting_at_the_column_twice(loop: Loop, n: int, _: int, j: int) -> Array:
    left, (height, width) = j * loop.stride, loop.kernel
    return loop.image[n, left : left + height, left : left + width]


def row_and_column_exchanged(loop: Loop, n: int, i: int, j: int) -> Array:
    (top, left), (height, width) = (j * loop.stride, i * loop.stride), loop.kernel
    return loop.image[n, top : top + height, left : left + width]


def first_window(loop: Loop, n: int, *_: int) -> Array:
    return _cut(loop, n, *(slice(k) for k in loop.kernel))


def first_image(loop: Loop, _: int, *place: int) -> Array:
    starts = zip(_starts(loop, place), loop.kernel, strict=True)
    return _cut(loop, 0, *(slice(start, start + k) for start, k in starts))


def whole_batch(loop: Loop, _: int, *place: int) -> Array:
    starts = zip(_starts(loop, place), loop.kernel, strict=True)
    return _cut(loop, slice(None), *(slice(start, start + k) for start, k in starts))


def starts_in_floats(loop: Loop, n: int, *place: int) -> Array:
    starts = [float(start) for start in _starts(loop, place)]
    ends = zip(starts, loop.kernel, strict=True)
    return _cut(loop, n, *(slice(start, start + k) for start, k in ends))


def all_filters_summed(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    total = np.repeat(w.sum(-1, keepdims=True), w.shape[-1], -1)
    return by_products(right_loop(x, total, b, axes=w.ndim - 2, stride=stride, pad=pad))


def kernel_by_its_first_axis(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    loop = right_loop(x, w, b, axes=w.ndim - 2, stride=stride, pad=pad)
    out = np.zeros((len(x), *loop.shape, w.shape[-1]))
    for n, *place, o in np.ndindex(*out.shape):
        starts = zip(_starts(loop, tuple(place)), loop.kernel, strict=True)
        window = _cut(loop, n, *(slice(start, start + k) for start, k in starts))
        out[(n, *place, o)] = np.sum(window * w[o]) + b[o]
    return out


def bias_alone(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    loop = right_loop(x, w, b, axes=w.ndim - 2, stride=stride, pad=pad)
    return np.zeros((len(x), *loop.shape, w.shape[-1])) + b


def input_channels_for_filters(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    loop = right_loop(x, w, b, axes=w.ndim - 2, stride=stride, pad=pad)
    count = w.shape[-2]
    if count > w.shape[-1]:
        raise IndexError(
            f"index {w.shape[-1]} is out of bounds for axis {w.ndim - 1} with size {w.shape[-1]}"
        )
    return by_products(replace(loop, w=w[..., :count]))


def decimals_lost(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    loop = right_loop(x, w, b, axes=w.ndim - 2, stride=stride, pad=pad)
    return by_products(loop).astype(int)


def batch_padded_and_channels_looped_over(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    axes = w.ndim - 2
    image = np.pad(x, pad)[: len(x), ..., : w.shape[-2]]
    loop = right_loop(x, w, b, axes=axes, stride=stride, pad=pad)
    return by_products(replace(loop, image=image))


def window_start_as_index(change: Change) -> Function:
    """Return a layer that writes each output at the index where its window starts.

    Args:
        change: gives the shape of the output array.
    """

    def layer(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
        loop = right_loop(x, w, b, axes=w.ndim - 2, stride=stride, pad=pad)
        right = by_products(loop)
        out = np.zeros((len(x), *change(loop).shape, w.shape[-1]))
        for n, *place in np.ndindex(len(x), *loop.count):
            out[(n, *_starts(loop, tuple(place)))] = right[(n, *place)]
        return out

    return layer


# Mistakes in building the array of all windows and in multiplying it.


def _table(x: Array, w: Array, stride: int, pad: int) -> Array:
    """Return all windows as an array of shape (N, OH, OW, KH, KW, C_in)."""
    windows = sliding_window_view(framed(x, pad, 2), w.shape[:2], (1, 2))[:, ::stride, ::stride]
    return windows.transpose(0, 1, 2, 4, 5, 3)


def channels_before_the_window(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    windows = _table(x, w, stride, pad).transpose(0, 1, 2, 5, 3, 4)
    return windows.reshape(*windows.shape[:3], -1) @ w.reshape(-1, w.shape[3]) + b


def axes_of_the_window_out_of_order(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    windows = _table(x, w, stride, pad).transpose(0, 1, 2, 5, 3, 4)
    return np.tensordot(windows, w, 3) + b


def kernels_reshaped_not_transposed(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    windows = _table(x, w, stride, pad)
    return windows.reshape(*windows.shape[:3], -1) @ w.reshape(w.shape[3], -1).T + b


def output_reshaped_not_transposed(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    windows = _table(x, w, stride, pad)
    columns = windows.reshape(-1, w[..., 0].size)
    products = w.reshape(-1, w.shape[3]).T @ columns.T
    return products.reshape(*windows.shape[:3], w.shape[3]) + b


def channels_taken_for_3(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    windows, entries = _table(x, w, stride, pad), w.shape[0] * w.shape[1] * 3
    return windows.reshape(*windows.shape[:3], entries) @ w.reshape(entries, w.shape[3]) + b


def slices_to_the_end(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    loop = right_loop(x, w, b, axes=2, stride=stride, pad=pad)
    out = np.zeros((len(x), *loop.shape, w.shape[3]))
    for i, j in np.ndindex(*loop.kernel):
        out += loop.image[:, i::stride, j::stride] @ w[i, j]
    return out + b


def slices_without_the_stride(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    loop = right_loop(x, w, b, axes=2, stride=stride, pad=pad)
    out = np.zeros((len(x), *loop.shape, w.shape[3]))
    for i, j in np.ndindex(*loop.kernel):
        rows, columns = (slice(a, a + n, stride) for a, n in zip((i, j), loop.count, strict=True))
        out += loop.image[:, rows, columns] @ w[i, j]
    return out + b
