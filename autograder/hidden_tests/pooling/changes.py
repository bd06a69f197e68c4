"""``relative_change``: how much of an array changed."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograder.exercises import (
    Case,
    CaseGroup,
    FunctionExercise,
    JointExercise,
    MistakeList,
    as_float32,
)
from autograder.hidden_tests.pooling.shifts import SHIFTED
from coursekit.arrays import Array

_mistakes = MistakeList()


def relative_change(before: Array, after: Array) -> float:
    """Return the size of the change by the size of what was there, as norms of flat arrays.

    Args:
        before: of any shape, not all 0.
        after: same shape.
    """
    change = np.linalg.norm((after - before).ravel(), 1)
    return float(change / np.linalg.norm(before.ravel(), 1))


def change_case(
    rng: np.random.Generator, *, shape: tuple[int, ...], low: int = 0, change: str
) -> Case:
    """Return one call on integer arrays from ``low`` to 9 whose sum "falls", "rises" or stays.

    Whether it falls is no matter of chance: else some students' changes would all rise in sum.
    """
    drawn = rng.integers(low, 10, (2, *shape)).astype(float)
    more, less = np.where(drawn == 0, 5.0, drawn)  # or a division by 0 would hide other mistakes
    if less.sum() > more.sum():
        more, less = less, more
    more.flat[0], less.flat[0] = 9.0, min(less.flat[0], 8.0)
    before, after = {"falls": (more, less), "rises": (less, more), "none": (more, more)}[change]
    return Case((before, after))


@_mistakes.add("the changes are summed but not divided: divide by the sum of abs(before).")
def not_divided(before: Array, after: Array) -> float:
    return float(np.abs(after - before).sum())


@_mistakes.add(
    "the mean of the changes is taken: divide their sum by the sum of abs(before), not by the "
    "number of entries."
)
def mean_change(before: Array, after: Array) -> float:
    return float(np.abs(after - before).mean())


@_mistakes.add(
    "rises and falls cancel out: take the absolute value of each difference before you sum."
)
def signs_kept(before: Array, after: Array) -> float:
    return float((after - before).sum() / np.abs(before).sum())


@_mistakes.add(
    "no absolute values are taken: rises and falls cancel out, and so do numbers of both signs. "
    "Use np.abs on each difference and on each entry of before."
)
def no_absolute_values(before: Array, after: Array) -> float:
    with np.errstate(all="ignore"):
        return float((after - before).sum() / before.sum())


@_mistakes.add(
    "lengths are compared, with np.linalg.norm, which squares: take the sum of the absolute values."
)
def lengths_compared(before: Array, after: Array) -> float:
    return float(np.linalg.norm(after - before) / np.linalg.norm(before))


@_mistakes.add(
    "the absolute value is taken of the sum: take it of each difference, and sum afterwards."
)
def absolute_value_of_sum(before: Array, after: Array) -> float:
    return float(np.abs((after - before).sum()) / np.abs(before).sum())


@_mistakes.add(
    "the sum of before keeps its signs: negative entries count by their size, np.abs(before)."
)
def before_keeps_its_signs(before: Array, after: Array) -> float:
    with np.errstate(all="ignore"):
        return float(np.abs(after - before).sum() / before.sum())


@_mistakes.add("it is divided by what came out: divide by what was there, the sum of abs(before).")
def divided_by_after(before: Array, after: Array) -> float:
    return float(np.abs(after - before).sum() / np.abs(after).sum())


@_mistakes.add("the differences are squared: take their absolute values.")
def squared(before: Array, after: Array) -> float:
    return float(((after - before) ** 2).sum() / (before**2).sum())


@_mistakes.add(
    "the share of entries that changed is returned: it also matters how much they changed."
)
def share_of_entries(before: Array, after: Array) -> float:
    return float((before != after).mean())


@_mistakes.add("the result is in percent: 1 stands for a change as large as what was there.")
def in_percent(before: Array, after: Array) -> float:
    return 100 * relative_change(before, after)


@_mistakes.add(
    "each entry is divided for itself: divide once, the sum of the changes by the sum of before."
)
def divided_entry_by_entry(before: Array, after: Array) -> float:
    return float(np.sum(np.abs((after - before) / before)))


@_mistakes.add(
    "each entry is divided for itself, and the mean is taken: divide once, the sum of the changes "
    "by the sum of before."
)
def mean_of_quotients(before: Array, after: Array) -> float:
    return float(np.mean(np.abs((after - before) / before)))


def sums_of_absolute_values(before: Array, after: Array) -> Any:
    return np.sum(np.abs(after - before)) / np.sum(np.abs(before))


def means_of_absolute_values(before: Array, after: Array) -> Any:
    return np.abs(before - after).mean() / np.abs(before).mean()


def by_loop(before: Array, after: Array) -> float:
    pairs = list(zip(before.ravel().tolist(), after.ravel().tolist(), strict=True))
    return float(sum(abs(b - a) for a, b in pairs) / sum(abs(a) for a, _ in pairs))


RELATIVE_CHANGE = FunctionExercise(
    name="relative_change",
    points=2,
    reference=relative_change,
    groups=(
        CaseGroup(
            "positive numbers",
            0.5,
            (
                partial(change_case, shape=(3, 4), change="falls"),
                partial(change_case, shape=(2, 3, 4, 2), change="rises"),
            ),
        ),
        CaseGroup(
            "numbers of both signs",
            0.3,
            (
                partial(change_case, shape=(3, 4), low=-9, change="falls"),
                partial(change_case, shape=(2, 3, 2), low=-9, change="rises"),
            ),
        ),
        CaseGroup("no change", 0.2, (partial(change_case, shape=(3, 4), change="none"),)),
    ),
    mistakes=tuple(_mistakes),
    variants=(
        sums_of_absolute_values,
        means_of_absolute_values,
        by_loop,
        as_float32(by_loop),
    ),
)
SHIFTS = JointExercise(name="shifts", parts=(SHIFTED, RELATIVE_CHANGE))
