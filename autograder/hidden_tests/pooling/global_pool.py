"""``global_avg_pool``."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograder.exercises import (
    Case,
    CaseGroup,
    FunctionExercise,
    MistakeList,
    Sampler,
    all_forms,
    distinguishing,
)
from coursekit.arrays import Array

_mistakes = MistakeList()


def global_avg_pool(x: Array) -> Array:
    """Return one mean for each channel of each image, as a product with equal weights.

    Args:
        x: images, (N, H, W, C).

    Returns:
        Array of shape (N, C).
    """
    return np.asarray(np.einsum("nhwc->nc", x) / (x.shape[1] * x.shape[2]))


def maps_case(
    rng: np.random.Generator, *, items: int = 1, channels: int = 1, wide: int = 0
) -> Case:
    """Return one call on square maps, or on such as are ``wide`` columns wider."""
    side = int(rng.integers(2, 5))
    return Case((rng.normal(1.0, 2.0, (items, side, side + wide, channels)),))


@_mistakes.add("everything is averaged to one number: each channel of each image has its own mean.")
def one_number(x: Array) -> float:
    return float(x.mean())


@_mistakes.add(
    "the images of the batch are averaged too: each image keeps its own row, so only axes 1 and 2 "
    "disappear."
)
def batch_averaged_too(x: Array) -> Array:
    return np.asarray(x.mean((0, 1, 2)))


@_mistakes.add(
    "the channels are averaged as well: each channel keeps its own mean, so only axes 1 and 2 "
    "disappear."
)
def channels_averaged_too(x: Array) -> Array:
    return np.asarray(x.mean((1, 2, 3)))


@_mistakes.add(
    "the channels are averaged instead of rows and columns: the axes are (N, H, W, C), so the mean "
    "is over axes 1 and 2."
)
def channels_instead_of_places(x: Array) -> Array:
    return np.asarray(x.mean(3))


@_mistakes.add(
    "the mean is over axes 2 and 3, as if channels came second: the axes are (N, H, W, C), so it "
    "is over axes 1 and 2."
)
def channels_taken_as_second_axis(x: Array) -> Array:
    return np.asarray(x.mean((2, 3)))


@_mistakes.add("only the rows are averaged: the columns, axis 2, disappear as well.")
def rows_only(x: Array) -> Array:
    return np.asarray(x.mean(1))


@_mistakes.add("only the columns are averaged: the rows, axis 1, disappear as well.")
def columns_only(x: Array) -> Array:
    return np.asarray(x.mean(2))


@_mistakes.add(
    "the averaged axes are kept with length 1, as keepdims=True does: the shape is to be (N, C)."
)
def axes_kept(x: Array) -> Array:
    return np.asarray(x.mean((1, 2), keepdims=True))


@_mistakes.add("the largest number is taken: it is the mean of the map that is asked for.")
def maximum_instead_of_mean(x: Array) -> Array:
    return np.asarray(x.max((1, 2)))


@_mistakes.add("the sum is not divided: divide it by the number of places, H * W.")
def sum_not_divided(x: Array) -> Array:
    return np.asarray(x.sum((1, 2)))


@_mistakes.add("the sum is divided by H * H: a map has H * W places, and the two may differ.")
def divided_by_height_squared(x: Array) -> Array:
    return np.asarray(x.sum((1, 2)) / x.shape[1] ** 2)


@_mistakes.add("images and channels are swapped: a row for each image, a column for each channel.")
def images_and_channels_swapped(x: Array) -> Array:
    return np.asarray(x.mean((1, 2)).T)


@_mistakes.add("negative numbers count as 0: they count as they are, so compare nothing with 0.")
def negatives_count_as_0(x: Array) -> Array:
    return np.asarray(np.maximum(x, 0).mean((1, 2)))


@_mistakes.add(
    "the maps are taken for square: they have H rows and W columns, so each loop needs its own."
)
def as_many_columns_as_rows(x: Array) -> Array:
    side = x.shape[1]
    return np.asarray(x[:, :, :side].sum((1, 2)) / side**2)


@_mistakes.add(
    "the maps are taken for square: they have H rows and W columns, so each loop needs its own."
)
def as_many_rows_as_columns(x: Array) -> Array:
    if x.shape[2] > x.shape[1]:
        raise IndexError("index is out of bounds for axis 1")
    return np.asarray(x.mean((1, 2)))


@_mistakes.add("the sum is divided by W * W: a map has H * W places, and the two may differ.")
def divided_by_width_squared(x: Array) -> Array:
    return np.asarray(x.sum((1, 2)) / x.shape[2] ** 2)


@_mistakes.add("the sum is divided by H + W: a map has H * W places.")
def divided_by_height_plus_width(x: Array) -> Array:
    return np.asarray(x.sum((1, 2)) / sum(x.shape[1:3]))


@_mistakes.add("the median is taken: it is the mean of the map that is asked for.")
def median_instead_of_mean(x: Array) -> Array:
    return np.asarray(np.median(x, axis=(1, 2)))


def by_mean(x: Array) -> Array:
    return np.asarray(x.mean(axis=(1, 2)))


def mean_of_means(x: Array) -> Array:
    return np.asarray(x.mean(2).mean(1))


def flat_maps(x: Array) -> Array:
    return np.asarray(x.reshape(len(x), -1, x.shape[3]).mean(1))


def by_loops(x: Array) -> Array:
    out = np.zeros((len(x), x.shape[3]))
    for n, i, j, c in np.ndindex(*x.shape):
        out[n, c] += x[n, i, j, c]
    return np.asarray(out / (x.shape[1] * x.shape[2]))


def as_list_of_rows(x: Array) -> list[Any]:
    return [[float(image[..., c].mean()) for c in range(x.shape[3])] for image in x]


def _seen(**how: Any) -> Sampler:
    """Return a case with numbers below 0, in which H * W is not H + W."""
    faults = negatives_count_as_0, divided_by_height_plus_width
    return distinguishing(partial(maps_case, **how), global_avg_pool, *faults)


GLOBAL_AVG_POOL = FunctionExercise(
    name="global_avg_pool",
    points=4,
    reference=global_avg_pool,
    groups=(
        CaseGroup("one image, one channel", 0.3, (_seen(), _seen())),
        CaseGroup(
            "channels and batch",
            0.4,
            (
                _seen(channels=3),
                _seen(items=3, channels=2),
                _seen(items=2, channels=3),
            ),
        ),
        CaseGroup("non-square images", 0.3, (_seen(wide=2), _seen(wide=1))),
    ),
    mistakes=tuple(_mistakes),
    variants=(by_mean, mean_of_means, flat_maps, by_loops, as_list_of_rows, *all_forms(by_mean)),
)
