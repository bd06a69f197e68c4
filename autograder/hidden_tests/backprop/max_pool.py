"""``max_pool2d_backward``: the gradient goes where the maximum came from."""

# ruff: noqa: ARG001, D103 - a mistake ignores what it should use, a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.exercises import FunctionExercise, Mistake, MistakeList, all_forms
from autograder.hidden_tests.backprop.max_pool_ties import TIE_MISTAKES
from autograder.hidden_tests.backprop.pool_count_faults import SQUARE, pool_mistakes
from autograder.hidden_tests.backprop.pool_groups import MAX_POOL_GROUPS
from autograder.hidden_tests.backprop.pool_windows import (
    first_winner,
    through_windows,
    to_all,
    to_the_winner,
)
from coursekit.arrays import Array

_mistakes = MistakeList()


def max_pool2d_backward(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    """Return the gradient of max pooling's input, from NumPy's view of all windows at once.

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


@_mistakes.add(
    "a place in a window is read as if it were 2 columns wide: place p of a window counted row by "
    "row is row p // size and column p % size (np.unravel_index gives both)."
)
def place_in_two_columns(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    dx, step = np.zeros_like(x), stride or size
    for n, i, j, c in np.ndindex(*dout.shape):
        top, left = i * step, j * step
        place = int(x[n, top : top + size, left : left + size, c].argmax())
        dx[n, top + place // 2, left + place % 2, c] += dout[n, i, j, c]
    return dx


@_mistakes.add(
    "dx has the shape of dout: there is a gradient for every entry of x, so begin with "
    "np.zeros(x.shape)."
)
def dx_in_the_shape_of_dout(
    dout: Array, x: Array, *, size: int, stride: int | None = None
) -> Array:
    dx, step = np.zeros_like(dout), stride or size
    for n, i, j, c in np.ndindex(*dout.shape):
        top, left = i * step, j * step
        row, column = _by_argmax(x[n, top : top + size, left : left + size, c])
        dx[n, top + row, left + column, c] += dout[n, i, j, c]
    return dx


def _square(place: Callable[[Array], tuple[int, int]]) -> Callable[..., Array]:
    """Loop over as many columns as rows, which cut out the window before they use dout."""

    def function(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
        dx, step = np.zeros_like(x), stride or size
        for n, i, j, c in np.ndindex(len(x), dout.shape[1], dout.shape[1], x.shape[3]):
            top, left = i * step, j * step
            row, column = place(x[n, top : top + size, left : left + size, c])
            dx[n, top + row, left + column, c] += dout[n, i, j, c]
        return dx

    return function


def _by_argmax(window: Array) -> tuple[int, int]:
    row, column = np.unravel_index(window.argmax(), window.shape)
    return int(row), int(column)


def _by_max(window: Array) -> tuple[int, int]:
    row, column = np.argwhere(window == window.max())[0]
    return int(row), int(column)


_mistakes.extend(
    Mistake(
        name,
        SQUARE,
        _square(place),
    )
    for name, place in (
        ("windows_in_a_square", _by_argmax),
        ("windows_in_a_square_by_max", _by_max),
    )
)


@_mistakes.add(
    "the image is cut up into blocks of 2 x 2 with reshape, whatever size says: take size, and "
    "find the windows at i * stride and j * stride, since they may overlap."
)
def blocks_of_2(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    return _in_blocks(dout, x, 2, x.shape[1] // 2 * 2, x.shape[2] // 2 * 2)


@_mistakes.add(
    "the image is cut up into windows with reshape: that works only where they lie side by side "
    "and nothing is left over. Windows begin at i * stride and j * stride, and may overlap."
)
def cut_up_by_reshape(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    return _in_blocks(dout, x, size, x.shape[1], x.shape[2])


def _in_blocks(dout: Array, x: Array, size: int, rows: int, columns: int) -> Array:
    """Return the gradient to every maximum, with windows that are blocks of the first rows."""
    batch, channels = len(x), x.shape[3]
    shape = batch, rows // size, size, columns // size, size, channels
    blocks = x[:, :rows, :columns].reshape(shape)
    mask = blocks == blocks.max(axis=(2, 4), keepdims=True)
    dx = np.zeros_like(x)
    part = mask * dout[:, :, None, :, None, :]
    dx[:, :rows, :columns] = part.reshape(batch, rows, columns, channels)
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
    mistakes=(*TIE_MISTAKES, *_mistakes, *pool_mistakes(lambda _: to_the_winner)),
    variants=(loops, by_argmax, by_masks, *all_forms(by_masks)),
)
