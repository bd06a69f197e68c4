"""Wrong ways back through a convolution in one gradient, the other two being right."""

# ruff: noqa: D103 - a mistake is described by its sentence

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.exercises import Mistake, MistakeList
from autograder.hidden_tests.backprop.conv_windows import Gradients, framed, gradients
from coursekit.arrays import Array

_mistakes = MistakeList()


def _left_at_0() -> Iterator[Mistake]:
    """Yield one mistake for each gradient that nothing is written into."""
    for number, part in enumerate(("dx", "dw", "db")):
        sentence = (
            f"{part} keeps the zeros that it began with: nothing is added to it, or the result is "
            "not kept. Write += into it, and return it."
        )
        yield Mistake(f"{part}_left_at_0", sentence, _zeroed(number))


def _zeroed(number: int) -> Any:
    def function(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Any:
        parts = [*gradients(dout, x, w, stride, pad)]
        parts[number] = np.zeros_like(parts[number])
        return tuple(parts)

    return function


_mistakes.extend(_left_at_0())


@_mistakes.add(
    "a place before dx's first row or column is -1 or less, which counts from the end: pixels of "
    "the frame have no gradient, so look whether the place is below 0, too."
)
def wraps_below_0_in_dx(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx, (_, dw, db) = np.zeros_like(x), gradients(dout, x, w, stride, pad)
    for i, j, a, b in np.ndindex(*dout.shape[1:3], *w.shape[:2]):
        row, column = i * stride + a - pad, j * stride + b - pad
        if row < x.shape[1] and column < x.shape[2]:
            dx[:, row, column] += dout[:, i, j] @ w[a, b].T
    return dx, dw, db


@_mistakes.add(
    "a place before x's first row or column is -1 or less, which counts from the end: the frame is "
    "0, so look whether the place is below 0, too."
)
def wraps_below_0_in_dw(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dw, (dx, _, db) = np.zeros_like(w), gradients(dout, x, w, stride, pad)
    for i, j, a, b in np.ndindex(*dout.shape[1:3], *w.shape[:2]):
        row, column = i * stride + a - pad, j * stride + b - pad
        if row < x.shape[1] and column < x.shape[2]:
            dw[a, b] += x[:, row, column].T @ dout[:, i, j]
    return dx, dw, db


@_mistakes.add(
    "dx is made with the first filter for all: filter f of the kernels, w[:, :, :, f], belongs to "
    "channel f of dout."
)
def first_filter_for_all_in_dx(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    first = np.repeat(w[..., :1], w.shape[3], 3)
    return gradients(dout, x, first, stride, pad)[0], *gradients(dout, x, w, stride, pad)[1:]


@_mistakes.add(
    "dx holds the first filter's share alone: every filter looked at the pixel, so their gradients "
    "are added."
)
def first_filter_only_in_dx(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    dx = gradients(dout[..., :1], x, w[..., :1], stride, pad)[0]
    return dx, *gradients(dout, x, w, stride, pad)[1:]


@_mistakes.add("db is missing: return three gradients, dx, dw and db.")
def db_not_returned(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Any:
    return gradients(dout, x, w, stride, pad)[:2]


@_mistakes.add(
    "the windows for dw are square: they have KH rows and KW columns, as the kernels have."
)
def square_windows_for_dw(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    return _dw_of_windows(dout, x, w, stride, pad, w.shape[0])


@_mistakes.add(
    "the windows for dw are square: they have KH rows and KW columns, as the kernels have."
)
def square_windows_for_dw_of_the_width(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> Gradients:
    return _dw_of_windows(dout, x, w, stride, pad, w.shape[1])


def _dw_of_windows(dout: Array, x: Array, w: Array, stride: int, pad: int, side: int) -> Gradients:
    dx, _, db = gradients(dout, x, w, stride, pad)
    view = sliding_window_view(framed(x, pad), (side, side), (1, 2))[:, ::stride, ::stride]
    windows = view[:, : dout.shape[1], : dout.shape[2]]
    return dx, np.einsum("nijcab,nijf->abcf", windows, dout), db


PART_MISTAKES = tuple(_mistakes)
