"""``avg_pool2d_backward``: every entry of a window gets an equal part."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

import numpy as np
from scipy import signal

from autograder.exercises import FunctionExercise, MistakeList, all_forms
from autograder.hidden_tests.backprop.pool_count_faults import pool_mistakes
from autograder.hidden_tests.backprop.pool_groups import AVG_POOL_GROUPS
from autograder.hidden_tests.backprop.pool_windows import through_windows, to_all, to_the_winner
from coursekit.arrays import Array

_mistakes = MistakeList()


def avg_pool2d_backward(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    """Return the gradient of average pooling's input, as a convolution by SciPy.

    Args:
        dout: gradient of the loss with respect to the layer's output, (N, OH, OW, C).
        x: the layer's input, (N, H, W, C).
        size: side of the window.
        stride: its step; the size if `None`.

    Returns:
        Array of the shape of x.
    """
    step = stride or size
    spread = np.zeros((len(x), x.shape[1] - size + 1, x.shape[2] - size + 1, x.shape[3]))
    spread[:, ::step, ::step] = dout
    return np.asarray(signal.convolve(spread, np.full((1, size, size, 1), size**-2.0), "full"))


@_mistakes.add(
    "every entry gets the whole gradient: the output was a mean of size * size entries, so each "
    "of them gets dout / (size * size)."
)
def not_divided(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    return avg_pool2d_backward(dout, x, size=size, stride=stride) * size**2


@_mistakes.add(
    "the gradient is divided by size alone: a window has size * size entries, rows times columns."
)
def divided_by_size(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    return avg_pool2d_backward(dout, x, size=size, stride=stride) * size


@_mistakes.add(
    "the gradient is divided by the number of outputs: divide by the entries of one window, "
    "size * size."
)
def divided_by_outputs(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    right = avg_pool2d_backward(dout, x, size=size, stride=stride)
    return np.asarray(right * size**2 / (dout.shape[1] * dout.shape[2]))


@_mistakes.add(
    "the gradient is divided by stride * stride: the mean was over the entries of a window, "
    "size * size of them."
)
def divided_by_stride(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    right = avg_pool2d_backward(dout, x, size=size, stride=stride)
    return right * size**2 / (stride or size) ** 2


@_mistakes.add(
    "the largest entry gets all of the gradient, as in max pooling: in a mean every entry counts "
    "alike."
)
def gradient_to_the_winner(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    return through_windows(dout, x, to_the_winner, size=size, stride=stride or size)


@_mistakes.add(
    "the gradient is divided by the channels as well: each is pooled by itself, so a window has "
    "size * size entries. (An array's .size counts its channels, too.)"
)
def divided_by_channels_too(
    dout: Array, x: Array, *, size: int, stride: int | None = None
) -> Array:
    return np.asarray(avg_pool2d_backward(dout, x, size=size, stride=stride) / x.shape[3])


@_mistakes.add(
    "each entry of dout is repeated size times, which puts windows side by side and ends with the "
    "last of them: add to an array of zeros in the shape of x, at i * stride and j * stride."
)
def repeated(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:  # noqa: ARG001
    return np.repeat(np.repeat(dout, size, axis=1), size, axis=2) / size**2


@_mistakes.add(
    "the gradient is divided by 4, whatever size says: a window has size * size entries."
)
def divided_by_4(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    return avg_pool2d_backward(dout, x, size=size, stride=stride) * size**2 / 4


@_mistakes.add(
    "dout is multiplied by the window's mean: the derivative of a mean does not depend on the "
    "entries, each of them gets dout / (size * size)."
)
def times_the_mean(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    def share(grad: Array, window: Array) -> Array:
        mean = window.mean((1, 2), keepdims=True)
        return np.broadcast_to(grad[:, None, None] * mean, window.shape)

    return through_windows(dout, x, share, size=size, stride=stride or size)


@_mistakes.add(
    "an entry under several windows gets their mean: gradients that meet are added, whatever how "
    "many they are."
)
def divided_by_the_overlap(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    right = avg_pool2d_backward(dout, x, size=size, stride=stride)
    counts = avg_pool2d_backward(np.ones_like(dout), x, size=size, stride=stride) * size**2
    return np.asarray(right / np.maximum(np.round(counts), 1))


@_mistakes.add(
    "the division is //, which drops the decimals: a part of a gradient is seldom whole, so divide "
    "with /."
)
def divided_without_decimals(
    dout: Array, x: Array, *, size: int, stride: int | None = None
) -> Array:
    def share(grad: Array, window: Array) -> Array:
        return np.broadcast_to(grad[:, None, None] // size**2, window.shape)

    return through_windows(dout, x, share, size=size, stride=stride or size)


@_mistakes.add(
    "the gradient is divided by H * W, the size of the image: the mean was over the entries of a "
    "window, size * size of them."
)
def divided_by_the_image(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    right = avg_pool2d_backward(dout, x, size=size, stride=stride)
    return np.asarray(right * size**2 / (x.shape[1] * x.shape[2]))


@_mistakes.add("the gradient is divided by 2 * size: a window has size * size entries.")
def divided_by_twice_the_size(
    dout: Array, x: Array, *, size: int, stride: int | None = None
) -> Array:
    return avg_pool2d_backward(dout, x, size=size, stride=stride) * size / 2


def loops(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    dx, step = np.zeros(x.shape), stride or size
    for n, i, j, c in np.ndindex(*dout.shape):
        for a, b in np.ndindex(size, size):
            dx[n, i * step + a, j * step + b, c] += dout[n, i, j, c] / size**2
    return dx


def by_windows(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    return through_windows(dout, x, to_all(size), size=size, stride=stride or size)


def loop_over_window(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
    dx, step, (rows, columns) = np.zeros_like(x), stride or size, dout.shape[1:3]
    for a, b in np.ndindex(size, size):
        ends = a + (rows - 1) * step + 1, b + (columns - 1) * step + 1
        dx[:, a : ends[0] : step, b : ends[1] : step] += dout / (size * size)
    return dx


AVG_POOL2D_BACKWARD = FunctionExercise(
    name="avg_pool2d_backward",
    points=5,
    reference=avg_pool2d_backward,
    groups=AVG_POOL_GROUPS,
    # What is put at (i, j) does not depend on x: with another step there, it is ignored everywhere.
    mistakes=(*_mistakes, *pool_mistakes(to_all, without="offset_without_stride")),
    variants=(loops, by_windows, loop_over_window, *all_forms(by_windows)),
)
