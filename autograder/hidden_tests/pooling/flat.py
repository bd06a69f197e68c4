"""``flatten``: from feature maps to rows."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from functools import partial

import numpy as np

from autograder.exercises import Case, CaseGroup, FunctionExercise, MistakeList, all_forms
from coursekit.arrays import Array

_mistakes = MistakeList()


def flatten(x: Array) -> Array:
    """Return each image as one row, its last axis running fastest.

    Args:
        x: images, (N, H, W, C).

    Returns:
        Array of shape (N, H * W * C).
    """
    return np.array([list(image.flat) for image in x])


def maps_case(rng: np.random.Generator, *, items: int = 1, channels: int = 1) -> Case:
    """Return one call on maps that are wider than high."""
    rows = int(rng.integers(2, 4))
    return Case((rng.normal(size=(items, rows, rows + int(rng.integers(1, 3)), channels)),))


@_mistakes.add(
    "the whole batch becomes one row: each image has a row of its own, so the shape is "
    "(N, H * W * C)."
)
def batch_flattened_too(x: Array) -> Array:
    return np.ravel(x)


@_mistakes.add(
    "the channels come first in each row: the numbers keep the order that they have in x, where "
    "the channels of one pixel are neighbours. Nothing needs to be transposed."
)
def channels_first(x: Array) -> Array:
    return flatten(x.transpose(0, 3, 1, 2))


@_mistakes.add(
    "the images are read column by column: they are read row by row, which is NumPy's own order."
)
def column_by_column(x: Array) -> Array:
    return flatten(x.transpose(0, 2, 1, 3))


@_mistakes.add(
    'the first axis runs fastest, as order="F" does: NumPy\'s usual order, "C", is the one.'
)
def first_axis_fastest(x: Array) -> Array:
    return np.array([image.ravel(order="F") for image in x])


@_mistakes.add("each image becomes a column: each has a row, so the shape is (N, H * W * C).")
def a_column_for_each_image(x: Array) -> Array:
    return flatten(x).T


@_mistakes.add(
    "x is reshaped to N columns and then transposed: that mixes the images up. Reshape it to N "
    "rows at once."
)
def reshaped_then_transposed(x: Array) -> Array:
    return x.reshape(-1, len(x)).T


@_mistakes.add(
    "the channels keep an axis of their own: they belong into the row too, (N, H * W * C)."
)
def channels_kept(x: Array) -> Array:
    return x.reshape(len(x), -1, x.shape[3])


@_mistakes.add(
    "the rows of the images keep an axis of their own: they belong into one row, (N, H * W * C)."
)
def rows_kept(x: Array) -> Array:
    return x.reshape(len(x), x.shape[1], -1)


@_mistakes.add("only the first image is returned: each image of the batch has a row.")
def first_image_only(x: Array) -> Array:
    return flatten(x[:1])


@_mistakes.add("the channels are averaged: every number of the maps stays as it is.")
def channels_averaged(x: Array) -> Array:
    return np.asarray(x.mean(3).reshape(len(x), -1))


def by_reshape(x: Array) -> Array:
    return x.reshape(x.shape[0], -1)


def by_lengths(x: Array) -> Array:
    n, rows, columns, channels = x.shape
    return np.reshape(x, (n, rows * columns * channels))


def by_loops(x: Array) -> Array:
    out = np.zeros((len(x), x[0].size))
    for n, i, j, c in np.ndindex(*x.shape):
        out[n, (i * x.shape[2] + j) * x.shape[3] + c] = x[n, i, j, c]
    return out


FLATTEN = FunctionExercise(
    name="flatten",
    points=4,
    reference=flatten,
    form_credit=0.0,
    groups=(
        CaseGroup("one image, one channel", 0.2, (maps_case, maps_case)),
        CaseGroup(
            "channels", 0.4, (partial(maps_case, channels=2), partial(maps_case, channels=3))
        ),
        CaseGroup(
            "batch", 0.4, (partial(maps_case, items=3), partial(maps_case, items=2, channels=3))
        ),
    ),
    mistakes=tuple(_mistakes),
    variants=(by_reshape, by_lengths, by_loops, *all_forms(by_reshape)),
)
