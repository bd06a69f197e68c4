"""``max_pool2d_backward``: the gradient goes where the maximum came from."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from autograder.hidden_tests.backprop.pool_faults import pool_mistakes
from autograder.hidden_tests.backprop.pool_groups import MAX_POOL_GROUPS
from autograder.hidden_tests.backprop.pool_windows import (
    first_winner,
    through_windows,
    to_all,
    to_the_winner,
)
from autograder.hidden_tests.diagnosis import MistakeList
from autograder.hidden_tests.exercise import FunctionExercise
from autograder.hidden_tests.variants import all_forms

Array = NDArray[Any]

_mistakes = MistakeList()


def max_pool2d_backward(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    """The gradient of max pooling's input, from NumPy's view of all windows at once.

    Args:
        dout: gradient of the loss with respect to the layer's output, (N, OH, OW, C).
        x: the layer's input, (N, H, W, C).
        size: side of the window.
        stride: its step; the size if `None`.

    Returns:
        Array of the shape of x.
    """
    step = stride or size
    windows = sliding_window_view(x, (size, size), (1, 2))[:, ::step, ::step]
    place = windows.reshape(*dout.shape, size * size).argmax(axis=-1)
    n, i, j, c = np.indices(dout.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (n, i * step + place // size, j * step + place % size, c), dout)
    return dx


@_mistakes.add(
    "every entry that equals the maximum gets the gradient: of equal ones only the first, in "
    "row-major order, was taken. np.argmax finds it."
)
def gradient_to_every_tie(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    def share(grad: Array, window: Array) -> Array:
        return np.asarray(grad[:, None, None] * (window == window.max((1, 2), keepdims=True)))

    return through_windows(dout, x, share, size=size, stride=stride or size)


@_mistakes.add(
    "entries that equal the maximum share the gradient: all of it goes to the first of them, in "
    "row-major order."
)
def gradient_shared_by_ties(
    dout: Array, x: Array, *, size: int, stride: int | None = None
) -> Array:
    def share(grad: Array, window: Array) -> Array:
        ties = window == window.max((1, 2), keepdims=True)
        return np.asarray(grad[:, None, None] * ties / ties.sum((1, 2), keepdims=True))

    return through_windows(dout, x, share, size=size, stride=stride or size)


@_mistakes.add(
    "of equal largest entries the last gets the gradient: it goes to the first in row-major "
    "order. A comparison with > keeps the first, one with >= the last."
)
def gradient_to_the_last_tie(
    dout: Array, x: Array, *, size: int, stride: int | None = None
) -> Array:
    def share(grad: Array, window: Array) -> Array:
        return to_the_winner(grad, window[:, ::-1, ::-1])[:, ::-1, ::-1]

    return through_windows(dout, x, share, size=size, stride=stride or size)


@_mistakes.add(
    "of equal largest entries the first in column order gets the gradient: it goes to the first "
    "in row-major order, row by row from the left."
)
def ties_in_column_order(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    def share(grad: Array, window: Array) -> Array:
        return to_the_winner(grad, window.transpose(0, 2, 1, 3)).transpose(0, 2, 1, 3)

    return through_windows(dout, x, share, size=size, stride=stride or size)


@_mistakes.add(
    "the gradient is assigned where it must be added: an entry that wins in several windows that "
    "overlap gets a gradient from each. Write += instead of =."
)
def overlap_overwritten(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    dx, step = np.zeros_like(x, dtype=float), stride or size
    for n, i, j, c in np.ndindex(*dout.shape):
        place = np.s_[n : n + 1, i * step : i * step + size, j * step : j * step + size, c : c + 1]
        winner = first_winner(x[place]) > 0
        dx[place] = np.where(winner, dout[n, i, j, c], dx[place])
    return dx


@_mistakes.add(
    "the gradient is spread over the whole window, as in average pooling: only the largest entry "
    "reached the output, so it gets all of it."
)
def gradient_spread_evenly(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    return through_windows(dout, x, to_all(size), size=size, stride=stride or size)


@_mistakes.add(
    "rows and columns of the winner are swapped: place p of a window counted row by row is row "
    "p // size and column p % size (np.unravel_index gives both)."
)
def winner_transposed(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    def share(grad: Array, window: Array) -> Array:
        return to_the_winner(grad, window).transpose(0, 2, 1, 3)

    return through_windows(dout, x, share, size=size, stride=stride or size)


@_mistakes.add(
    "one winner is taken for all channels together: every channel has its own maximum, and its "
    "own winner."
)
def one_winner_for_all_channels(
    dout: Array, x: Array, *, size: int, stride: int | None = None
) -> Array:
    def share(grad: Array, window: Array) -> Array:
        whole = window.max((1, 2, 3), keepdims=True)
        return np.asarray(grad[:, None, None] * (window == whole))

    return through_windows(dout, x, share, size=size, stride=stride or size)


@_mistakes.add(
    "the first image's winners are used for the whole batch: every image has its own, in x[n]."
)
def first_images_winners(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    return max_pool2d_backward(dout, np.repeat(x[:1], len(x), 0), size=size, stride=stride)


@_mistakes.add(
    "one place is found for all channels, with np.argmax over the window of all of them: look for "
    "each channel's own winner, in x[n, rows, columns, c]."
)
def one_place_for_all_channels(
    dout: Array, x: Array, *, size: int, stride: int | None = None
) -> Array:
    dx, step = np.zeros_like(x), stride or size
    for n, i, j in np.ndindex(*dout.shape[:3]):
        window = x[n, i * step : i * step + size, j * step : j * step + size]
        row, column, _ = np.unravel_index(window.argmax(), window.shape)
        dx[n, i * step + row, j * step + column] += dout[n, i, j]
    return dx


def loops(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    dx, step = np.zeros(x.shape), stride or size
    for n, i, j, c in np.ndindex(*dout.shape):
        best = (i * step, j * step)
        for a, b in np.ndindex(size, size):
            if x[n, i * step + a, j * step + b, c] > x[n, best[0], best[1], c]:
                best = (i * step + a, j * step + b)
        dx[n, best[0], best[1], c] += dout[n, i, j, c]
    return dx


def by_argmax(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    dx, step = np.zeros_like(x), stride or size
    for n, i, j, c in np.ndindex(*dout.shape):
        top, left = i * step, j * step
        window = x[n, top : top + size, left : left + size, c]
        row, column = np.unravel_index(window.argmax(), window.shape)
        dx[n, top + row, left + column, c] += dout[n, i, j, c]
    return dx


def by_masks(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    return through_windows(dout, x, to_the_winner, size=size, stride=stride or size)


MAX_POOL2D_BACKWARD = FunctionExercise(
    name="max_pool2d_backward",
    points=10,
    reference=max_pool2d_backward,
    groups=MAX_POOL_GROUPS,
    mistakes=(*_mistakes, *pool_mistakes(lambda _: to_the_winner)),
    variants=(loops, by_argmax, by_masks, *all_forms(by_masks)),
)
