"""``max_pool2d`` and its fast form."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from scipy import ndimage

from autograder.exercises import (
    CaseGroup,
    FunctionExercise,
    MistakeList,
    SpeedTest,
    all_forms,
    distinguishing,
    functions_named,
)
from autograder.hidden_tests.pooling.draws import Length, pair, pool_case
from autograder.hidden_tests.pooling.groups import GROUPS
from autograder.hidden_tests.pooling.layout_faults import LAYOUT_FAULTS
from autograder.hidden_tests.pooling.place_faults import PLACE_FAULTS
from autograder.hidden_tests.pooling.stack_faults import STACK_FAULTS
from autograder.hidden_tests.pooling.windows import pooled
from coursekit.arrays import Array

_mistakes = MistakeList()


def max_pool2d(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    """Return the largest number of every window, by SciPy's filter round every pixel.

    Args:
        x: images, (N, H, W, C).
        size: the window's height and width, or one number for both.
        stride: its step down and to the right, or one number for both; the size if `None`.

    Returns:
        Array of shape (N, OH, OW, C).
    """
    return filtered(ndimage.maximum_filter, x, size, stride)


def filtered(
    window_filter: Callable[..., Array], x: Array, size: Length, stride: Length | None
) -> Array:
    """Return what a filter of SciPy's gives where its window lies wholly on the image.

    Args:
        window_filter: called with an array and ``size=``; its window's middle is at size // 2.
        x: images, (N, H, W, C).
        size: see `max_pool2d`.
        stride: see `max_pool2d`.
    """
    (height, width), (down, aside) = pair(size), pair(size if stride is None else stride)
    top, left = height // 2, width // 2
    rows, columns = x.shape[1] - height + 1, x.shape[2] - width + 1
    everywhere = window_filter(x, size=(1, height, width, 1))
    return everywhere[:, top : top + rows : down, left : left + columns : aside]


@_mistakes.add(
    "the maximum starts from 0, or from an array of zeros, so that nothing below 0 comes out: "
    "start from the window's own numbers, or from -np.inf."
)
def nothing_below_0(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    return np.maximum(max_pool2d(x, size=size, stride=stride), 0)


@_mistakes.add("the mean of the window is taken: max pooling keeps its largest number, np.max.")
def mean_instead_of_maximum(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    return filtered(ndimage.uniform_filter, x, size, stride)


@_mistakes.add("the smallest number of the window is taken: np.max, not np.min.")
def minimum_instead_of_maximum(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    return filtered(ndimage.minimum_filter, x, size, stride)


@_mistakes.add("the window is summed: max pooling keeps its largest number, np.max.")
def sum_instead_of_maximum(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    return filtered(ndimage.uniform_filter, x, size, stride) * np.prod(pair(size))


@_mistakes.add(
    "the largest absolute value is taken: the largest number is meant, and of -3 and -1 that is -1."
)
def largest_absolute_value(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    return max_pool2d(np.abs(x), size=size, stride=stride)


@_mistakes.add(
    "the place of the largest number is returned, as np.argmax gives it: return the number, np.max."
)
def place_instead_of_value(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    def places(windows: Array, axis: tuple[int, int]) -> Array:
        flat = windows.reshape(*windows.shape[: min(axis)], -1)
        return np.asarray(flat.argmax(-1))

    return np.asarray(pooled(places)(x, size=size, stride=stride))


def _slices_stacked(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    return np.asarray(np.maximum.reduce(_slices_to_the_end(x, size, stride)))


@_mistakes.add(
    "slices that begin at different places reach to the end, so they differ in length: each has as "
    "many entries as the output, so say where it ends, such as a : a + rows : stride.",
    others=(_slices_stacked,),
)
def slices_to_the_end(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    first, *others = _slices_to_the_end(x, size, stride)
    for other in others:
        first = np.maximum(first, other)
    return first


def _slices_to_the_end(x: Array, size: Length, stride: Length | None) -> list[Array]:
    height, width, down, aside = options(size, stride)
    return [x[:, a::down, b::aside] for a, b in np.ndindex(height, width)]


def starts(length: int, size: int, stride: int) -> range:
    """Return the first rows, or columns, of all windows."""
    return range(0, length - size + 1, stride)


def options(size: Length, stride: Length | None) -> tuple[int, int, int, int]:
    """Return height, width, step down and step to the right."""
    return (*pair(size), *pair(size if stride is None else stride))


def four_loops(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width, down, aside = options(size, stride)
    rows, columns = starts(x.shape[1], height, down), starts(x.shape[2], width, aside)
    out = np.full((len(x), len(rows), len(columns), x.shape[3]), -np.inf)
    for n, i, j, c in np.ndindex(*out.shape):
        for a, b in np.ndindex(height, width):
            out[n, i, j, c] = max(out[n, i, j, c], x[n, rows[i] + a, columns[j] + b, c])
    return out


def loops_over_windows(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width, down, aside = options(size, stride)
    rows, columns = starts(x.shape[1], height, down), starts(x.shape[2], width, aside)
    out = np.empty((len(x), len(rows), len(columns), x.shape[3]))
    for n, i, j, c in np.ndindex(*out.shape):
        top, left = rows[i], columns[j]
        out[n, i, j, c] = np.max(x[n, top : top + height, left : left + width, c])
    return out


def lists_of_windows(x: Array, *, size: Length, stride: Length | None = None) -> Any:
    height, width, down, aside = options(size, stride)
    return [
        [
            [image[i : i + height, j : j + width].max((0, 1)) for j in columns]
            for i in starts(image.shape[0], height, down)
        ]
        for image in x
        for columns in [starts(image.shape[1], width, aside)]
    ]


def rows_then_columns(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width, down, aside = options(size, stride)
    rows, columns = starts(x.shape[1], height, down), starts(x.shape[2], width, aside)
    x = np.stack([x[:, i : i + height].max(1) for i in rows], 1)
    return np.stack([x[:, :, j : j + width].max(2) for j in columns], 2)


def slices_compared(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width, down, aside = options(size, stride)
    rows, columns = x.shape[1] - height + 1, x.shape[2] - width + 1
    places = np.ndindex(height, width)
    return np.asarray(
        np.maximum.reduce([x[:, a : a + rows : down, b : b + columns : aside] for a, b in places])
    )


def windows_by_strides(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width, down, aside = options(size, stride)
    rows, columns = starts(x.shape[1], height, down), starts(x.shape[2], width, aside)
    batch, row, column, channel = x.strides
    return np.asarray(
        as_strided(
            x,
            (len(x), len(rows), len(columns), x.shape[3], height, width),
            (batch, row * down, column * aside, channel, row, column),
        ).max((4, 5))
    )


def windows_by_index(x: Array, *, size: Length, stride: Length | None = None) -> Array:
    height, width, down, aside = options(size, stride)
    rows = np.array(starts(x.shape[1], height, down))[:, None] + np.arange(height)
    columns = np.array(starts(x.shape[2], width, aside))[:, None] + np.arange(width)
    return np.asarray(x[:, rows[:, None, :, None], columns[None, :, None, :]].max((3, 4)))


FAST = (slices_compared, rows_then_columns, windows_by_strides, pooled(np.max))
MISTAKES = (
    *_mistakes,
    *PLACE_FAULTS.mistakes(np.max),
    *LAYOUT_FAULTS.mistakes(np.max),
    *STACK_FAULTS.mistakes(np.max),
)


def _seen(group: CaseGroup) -> CaseGroup:
    """Return the group with maxima that change in windows of another length."""
    faults = functions_named(MISTAKES, "window_too_long", "window_too_short")
    return replace(group, draws=tuple(distinguishing(d, max_pool2d, *faults) for d in group.draws))


_GROUPS = tuple(map(_seen, GROUPS))
MAX_POOL2D = FunctionExercise(
    name="max_pool2d",
    points=20,
    reference=max_pool2d,
    groups=_GROUPS,
    mistakes=MISTAKES,
    variants=(
        four_loops,
        loops_over_windows,
        lists_of_windows,
        windows_by_index,
        *FAST,
        *all_forms(slices_compared),
    ),
)

RIGHT = 0.5
MAX_POOL2D_FAST = FunctionExercise(
    name="max_pool2d_fast",
    points=8,
    reference=max_pool2d,
    groups=tuple(replace(group, share=RIGHT * group.share) for group in _GROUPS),
    mistakes=MISTAKES,
    variants=FAST,
    speed=SpeedTest(
        share=1 - RIGHT,
        # One image of one channel, so that a loop that takes images and channels at once gains
        # nothing; small windows, which cost a loop as much as large ones. `benchmarks.speed_points`
        # measures loops over the windows that are up to 8 times as fast as ours, and vectorised
        # functions that are 20 to 40 times as fast.
        draw=partial(pool_case, out=(500, 500), dtype=np.float32),
        loop=loops_over_windows,
        times=15.0,
        hint="Is there still a Python loop that runs once for every window?",
    ),
)
