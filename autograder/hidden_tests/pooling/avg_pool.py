"""``avg_pool2d``."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

import numpy as np
from scipy import ndimage, signal

from autograder.exercises import FunctionExercise, MistakeList, all_forms
from autograder.hidden_tests.pooling.draws import Length, pair
from autograder.hidden_tests.pooling.groups import GROUPS
from autograder.hidden_tests.pooling.layout_faults import LAYOUT_FAULTS
from autograder.hidden_tests.pooling.max_pool import filtered, max_pool2d, options, starts
from autograder.hidden_tests.pooling.place_faults import PLACE_FAULTS
from autograder.hidden_tests.pooling.stack_faults import STACK_FAULTS
from autograder.hidden_tests.pooling.windows import pooled
from coursekit.arrays import Array

_mistakes = MistakeList()


def avg_pool2d(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    """Return the mean of every window, by SciPy's filter round every pixel.

    Args:
        x: images, (N, H, W, C).
        size: the window's height and width, or one number for both.
        stride: its step down and to the right, or one number for both; the size if `None`.

    Returns:
        Array of shape (N, OH, OW, C).
    """
    return filtered(ndimage.uniform_filter, x, size, stride)


@_mistakes.add("the largest number of the window is taken: average pooling takes the mean.")
def maximum_instead_of_mean(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    return max_pool2d(x, size=size, stride=stride)


@_mistakes.add(
    "the window is summed and the sum is not divided: divide it by the number of entries in the "
    "window, or take np.mean."
)
def sum_not_divided(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    return avg_pool2d(x, size=size, stride=stride) * np.prod(pair(size))


@_mistakes.add(
    "the sum is divided by the height squared: a window has height * width entries, and the two "
    "may differ."
)
def divided_by_height_squared(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width = pair(size)
    return avg_pool2d(x, size=size, stride=stride) * (width / height)


@_mistakes.add("the sum is divided by 4, whatever size says: a window has height * width entries.")
def divided_by_4(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    return avg_pool2d(x, size=size, stride=stride) * np.prod(pair(size)) / 4


@_mistakes.add("the sum is divided by height + width: a window has height * width entries.")
def divided_by_height_plus_width(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    return avg_pool2d(x, size=size, stride=stride) * np.prod(pair(size)) / sum(pair(size))


@_mistakes.add(
    "the sum is divided by the width squared: a window has height * width entries, and the two "
    "may differ."
)
def divided_by_width_squared(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width = pair(size)
    return avg_pool2d(x, size=size, stride=stride) * (height / width)


@_mistakes.add(
    "the sum is divided by the strides: divide by the number of entries in the window, height * "
    "width of the size."
)
def divided_by_strides(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width, down, aside = options(size, stride)
    return avg_pool2d(x, size=size, stride=stride) * (height * width / (down * aside))


@_mistakes.add(
    "the division is //, which drops the decimals: a mean is seldom whole, so divide with /."
)
def divided_without_decimals(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    return np.floor(avg_pool2d(x, size=size, stride=stride))


@_mistakes.add("nothing below 0 comes out: a mean may be negative, so compare nothing with 0.")
def nothing_below_0(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    return np.maximum(avg_pool2d(x, size=size, stride=stride), 0)


@_mistakes.add("negative numbers count as 0: they count as they are, so compare nothing with 0.")
def negatives_count_as_0(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    return avg_pool2d(np.maximum(x, 0), size=size, stride=stride)


@_mistakes.add("the median of the window is taken: average pooling takes the mean.")
def median_instead_of_mean(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    return np.asarray(pooled(np.median)(x, size=size, stride=stride))


@_mistakes.add(
    "zeros are put behind the image so that the last rows and columns fill a window: what is left "
    "over is dropped."
)
def remainder_filled_with_0(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width, down, aside = options(size, stride)
    rest = -(x.shape[1] - height) % down, -(x.shape[2] - width) % aside
    x = np.pad(x, ((0, 0), (0, rest[0]), (0, rest[1]), (0, 0)))
    return avg_pool2d(x, size=size, stride=stride)


def four_loops(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width, down, aside = options(size, stride)
    rows, columns = starts(x.shape[1], height, down), starts(x.shape[2], width, aside)
    out = np.zeros((len(x), len(rows), len(columns), x.shape[3]))
    for n, i, j, c in np.ndindex(*out.shape):
        for a, b in np.ndindex(height, width):
            out[n, i, j, c] += x[n, rows[i] + a, columns[j] + b, c] / (height * width)
    return out


def loops_over_windows(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width, down, aside = options(size, stride)
    rows, columns = starts(x.shape[1], height, down), starts(x.shape[2], width, aside)
    out = np.empty((len(x), len(rows), len(columns), x.shape[3]))
    for i, j in np.ndindex(*out.shape[1:3]):
        top, left = rows[i], columns[j]
        out[:, i, j] = x[:, top : top + height, left : left + width].mean((1, 2))
    return out


def slices_added(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width, down, aside = options(size, stride)
    rows, columns = x.shape[1] - height + 1, x.shape[2] - width + 1
    places = list(np.ndindex(height, width))
    total = sum(x[:, a : a + rows : down, b : b + columns : aside] for a, b in places)
    return np.asarray(total / len(places))


def differences_of_sums(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width, down, aside = options(size, stride)
    sums = np.pad(x, ((0, 0), (1, 0), (1, 0), (0, 0))).cumsum(1).cumsum(2)
    strips = sums[:, height:] - sums[:, :-height]
    total = strips[:, :, width:] - strips[:, :, :-width]
    return np.asarray(total[:, ::down, ::aside] / (height * width))


def convolution_with_ones(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width, down, aside = options(size, stride)
    kernel = np.full((1, height, width, 1), 1 / (height * width))
    return np.asarray(signal.convolve(x, kernel, "valid")[:, ::down, ::aside])


AVG_POOL2D = FunctionExercise(
    name="avg_pool2d",
    points=8,
    reference=avg_pool2d,
    groups=GROUPS,
    mistakes=(
        *_mistakes,
        *PLACE_FAULTS.mistakes(np.mean),
        *LAYOUT_FAULTS.mistakes(np.mean),
        *STACK_FAULTS.mistakes(np.mean),
    ),
    variants=(
        four_loops,
        loops_over_windows,
        slices_added,
        differences_of_sums,
        convolution_with_ones,
        pooled(np.mean),
        *all_forms(slices_added),
    ),
)
