"""``relu``."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograder.exercises import Case, CaseGroup, FunctionExercise, MistakeList, all_forms
from coursekit.arrays import Array

_mistakes = MistakeList()


def relu(x: Array) -> Array:
    """Return the positive part, as the mean of a number and its absolute value.

    Args:
        x: of any shape.
    """
    return np.asarray((x + np.abs(x)) / 2)


def relu_case(rng: np.random.Generator, *, shape: tuple[int, ...]) -> Case:
    """Return one call on numbers from -10 to 10, small ones, large ones and a 0 among them."""
    x = rng.uniform(0.5, 10.0, shape) * rng.choice((-1.0, 1.0), shape)
    x.flat[:4] = -rng.uniform(1.0, 9.0), 0.0, rng.uniform(0.2, 0.8), rng.uniform(7.0, 9.0)
    return Case((rng.permuted(x),))


@_mistakes.add("the sign alone is dropped: a negative number becomes 0, not positive.")
def absolute_value(x: Array) -> Array:
    return np.abs(x)


@_mistakes.add("the wrong half is kept: negative numbers become 0 and positive ones stay.")
def negative_part_kept(x: Array) -> Array:
    return np.minimum(x, 0)


@_mistakes.add(
    "positive numbers become 1: they stay what they are, so multiply the 0s and 1s by x."
)
def step(x: Array) -> Array:
    return np.where(x > 0, 1.0, 0.0)


@_mistakes.add(
    "the negative numbers are taken out, as x[x > 0] does: they become 0, and the shape stays."
)
def taken_out(x: Array) -> Array:
    return x[x > 0]


@_mistakes.add("negative numbers become small: that is the leaky ReLU. Here they become 0.")
def leaky(x: Array) -> Array:
    return np.where(x > 0, x, 0.01 * x)


@_mistakes.add("large numbers are cut off at 1: a positive number stays as it is, however large.")
def cut_off_at_1(x: Array) -> Array:
    return np.clip(x, 0, 1)


@_mistakes.add("large numbers are cut off at 6: that is ReLU6. Here a positive number stays.")
def cut_off_at_6(x: Array) -> Array:
    return np.clip(x, 0, 6)


@_mistakes.add(
    "np.max(x, 0) is used: its 0 is an axis, and a maximum over it comes out. np.maximum(x, 0) "
    "compares every number with 0."
)
def maximum_over_axis_0(x: Array) -> Array:
    return np.asarray(np.max(x, 0))


@_mistakes.add(
    "Python's max, or an if, is used on a whole array: it wants one truth value. np.maximum(x, 0) "
    "compares every number with 0."
)
def max_of_python(x: Array) -> Any:
    return max(0, x)


@_mistakes.add(
    "only the positive numbers are returned, in one row: put a 0 in the place of every negative "
    "number, so that the shape stays."
)
def negative_numbers_left_out(x: Array) -> Array:
    return np.asarray(x[x >= 0])


@_mistakes.add("the sigmoid is taken: ReLU leaves positive numbers as they are.")
def sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


@_mistakes.add("the smooth form is taken, softplus: ReLU has a corner at 0.")
def softplus(x: Array) -> Array:
    return np.asarray(np.logaddexp(0, x))


@_mistakes.add("only numbers over 1 are kept: every number over 0 stays as it is.")
def kept_over_1(x: Array) -> Array:
    return np.where(x > 1, x, 0)


@_mistakes.add(
    "the input comes back as it was: negative numbers become 0. (== compares and changes nothing; "
    "x[x < 0] = 0 assigns.)"
)
def unchanged(x: Array) -> Array:
    return x.copy()


@_mistakes.add(
    "the numbers lose their decimals, as astype(int) or an array of whole numbers makes them: a "
    "positive number stays as it is."
)
def decimals_lost(x: Array) -> Array:
    return np.maximum(x, 0).astype(int)


@_mistakes.add(
    "a loop over the first axis takes a row for a number: an array may have any shape. "
    "np.maximum(x, 0) compares every number with 0, whatever the shape."
)
def loop_over_the_first_axis(x: Array) -> Array:
    out = np.zeros(x.shape)
    for i in range(len(x)):
        out[i] = max(x[i], 0)
    return out


@_mistakes.add(
    "positive numbers become negative: they stay as they are, and negative ones become 0."
)
def sign_changed(x: Array) -> Array:
    return -relu(x)


@_mistakes.add("negative numbers become 1: they become 0, and positive ones stay as they are.")
def negative_become_1(x: Array) -> Array:
    return np.where(x > 0, x, 1)


def by_maximum(x: Array) -> Array:
    return np.maximum(x, 0)


def by_mask(x: Array) -> Array:
    return np.asarray(x * (x > 0))  # gives -0.0 for negative numbers


def by_where(x: Array) -> Array:
    return np.where(x < 0, 0, x)


def by_clip(x: Array) -> Array:
    return np.clip(x, 0, None)


def in_place(x: Array) -> Array:
    x[x < 0] = 0
    return x


def by_loop(x: Array) -> Array:
    out = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        out[place] = max(float(x[place]), 0.0)
    return out


RELU = FunctionExercise(
    name="relu",
    points=5,
    reference=relu,
    groups=(
        CaseGroup("a row of numbers", 0.4, (partial(relu_case, shape=(7,)),) * 2),
        CaseGroup(
            "arrays of any shape",
            0.6,
            (
                partial(relu_case, shape=(3, 4)),
                partial(relu_case, shape=(2, 3, 2, 2)),
                partial(relu_case, shape=(1, 2, 3, 1)),
            ),
        ),
    ),
    mistakes=tuple(_mistakes),
    variants=(by_maximum, by_mask, by_where, by_clip, in_place, by_loop, *all_forms(by_maximum)),
)
