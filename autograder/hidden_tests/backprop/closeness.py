"""``relative_error``: how far two gradients are apart."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from functools import partial

import numpy as np

from autograder.exercises import Case, CaseGroup, FunctionExercise, MistakeList
from autograder.hidden_tests.backprop.draws import away_from_zero
from coursekit.arrays import Array

_mistakes = MistakeList()


def relative_error(a: Array, b: Array) -> float:
    """Return the largest difference, relative to the largest size in either array; 0 for two zeros.

    Args:
        a: an array.
        b: an array of the same shape.
    """
    largest = float(np.linalg.norm(np.concatenate([a.ravel(), b.ravel()]), np.inf))
    return float(np.linalg.norm((a - b).ravel(), np.inf)) / largest if largest else 0.0


def _sizes(a: Array, b: Array) -> Array:
    return np.maximum(np.abs(a), np.abs(b))


_ZEROS = (
    "two gradients that are 0 everywhere have no number as their error: 0 / 0 is none. They "
    "agree, so return 0.0 there. Treat that case by itself."
)


@_mistakes.add(_ZEROS)
def nothing_done_for_zeros(a: Array, b: Array) -> float:
    with np.errstate(all="ignore"):
        return float(np.abs(a - b).max() / _sizes(a, b).max())


@_mistakes.add(_ZEROS)
def zeros_divided_in_plain_python(a: Array, b: Array) -> float:
    return float(np.abs(a - b).max()) / float(_sizes(a, b).max())


@_mistakes.add(
    "signs are kept throughout: take the size of each difference, np.abs(a - b), and of each "
    "entry, np.abs(a) and np.abs(b), before the maximum."
)
def no_sizes_at_all(a: Array, b: Array) -> float:
    return float((a - b).max() / (np.maximum(a, b).max() or 1.0))


@_mistakes.add(
    "the difference is not divided: an error of 1e-3 is large next to 1e-3, small next to 10."
)
def not_divided_by_size(a: Array, b: Array) -> float:
    return float(np.abs(a - b).max())


@_mistakes.add(
    "the sign of the difference is kept: take its size, np.abs(a - b), before the maximum."
)
def sign_kept(a: Array, b: Array) -> float:
    return float((a - b).max() / (_sizes(a, b).max() or 1.0))


@_mistakes.add(
    "the difference is divided by the first array's size alone: divide by the largest size in "
    "either, or it breaks where the first is 0."
)
def divided_by_the_first(a: Array, b: Array) -> float:
    with np.errstate(all="ignore"):
        right = np.abs(a - b).max() / np.abs(a).max()
    return 0.0 if np.isnan(right) else float(right)


@_mistakes.add(
    "the difference is divided by the sum of both sizes: divide by the larger of the two."
)
def divided_by_the_sum(a: Array, b: Array) -> float:
    return float(np.abs(a - b).max() / ((np.abs(a) + np.abs(b)).max() or 1.0))


@_mistakes.add(
    "each entry is divided by its own size: a single entry that should be 0 then gives an error "
    "of 1. Divide the largest difference by the largest size, one number each."
)
def entry_by_entry_error(a: Array, b: Array) -> float:
    with np.errstate(all="ignore"):
        return float(np.nan_to_num(np.abs(a - b) / _sizes(a, b)).max())


@_mistakes.add(
    "the sizes are taken without np.abs: where the largest number is negative, such as -3, the "
    "largest size is 3 all the same."
)
def sizes_without_abs(a: Array, b: Array) -> float:
    return float(np.abs(a - b).max() / (np.maximum(a, b).max() or 1.0))


@_mistakes.add("a mean is taken: one wrong entry among many is wrong, so take the largest, np.max.")
def mean_difference(a: Array, b: Array) -> float:
    return float(np.abs(a - b).mean() / (_sizes(a, b).max() or 1.0))


@_mistakes.add(
    "a constant such as 1e-8 is added to the sizes: gradients that are as small as that then seem "
    "to agree. Treat the case of two zeros by itself."
)
def constant_added(a: Array, b: Array) -> float:
    return float(np.abs(a - b).max() / (_sizes(a, b).max() + 1e-8))


_CONSTANT = (
    "a constant such as 1e-10 is added to the sizes: gradients that are hardly larger than that "
    "then seem to agree better than they do. Treat the case of two zeros by itself."
)


@_mistakes.add(_CONSTANT)
def smaller_constant_added(a: Array, b: Array) -> float:
    return float(np.abs(a - b).max() / (_sizes(a, b).max() + 1e-10))


@_mistakes.add(_CONSTANT)
def smallest_constant_added(a: Array, b: Array) -> float:
    return float(np.abs(a - b).max() / (_sizes(a, b).max() + 1e-12))


@_mistakes.add(
    "entry by entry, |a - b| is divided by |a| + |b|, or by a small constant if that is larger: "
    "another measure. Divide the largest difference by the largest size, one number each."
)
def entry_by_entry_with_a_floor(a: Array, b: Array) -> float:
    return float((np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))).max())


@_mistakes.add(
    "lengths of the arrays are compared, np.linalg.norm, which take all entries together: the "
    "largest difference is asked for, and the largest size."
)
def lengths_compared(a: Array, b: Array) -> float:
    total = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(a - b) / (total or 1.0))


@_mistakes.add(
    "0.0 comes back where one array alone is 0 everywhere: then they do not agree at all, and the "
    "error is 1. Only two arrays of zeros have the error 0.0."
)
def zero_if_one_is(a: Array, b: Array) -> float:
    return relative_error(a, b) if a.any() and b.any() else 0.0


@_mistakes.add("one error an entry comes back: the largest of them is wanted, one number.")
def many_errors(a: Array, b: Array) -> Array:
    return np.asarray(np.abs(a - b) / (_sizes(a, b).max() or 1.0))


def by_maximum(a: Array, b: Array) -> float:
    scale = max(np.abs(a).max(), np.abs(b).max())
    return float(np.max(np.abs(a - b)) / scale) if scale > 0 else 0.0


def with_a_tiny_constant(a: Array, b: Array) -> float:
    scale = max(np.abs(a).max(), np.abs(b).max())
    return float(np.max(np.abs(a - b)) / (scale + 1e-300))


def by_loops(a: Array, b: Array) -> float:
    pairs = list(zip(a.ravel().tolist(), b.ravel().tolist(), strict=True))
    scale = max(max(abs(one), abs(other)) for one, other in pairs)
    return max(abs(one - other) for one, other in pairs) / scale if scale else 0.0


def error_case(
    rng: np.random.Generator,
    *,
    shape: tuple[int, ...] = (4,),
    scale: float = 1.0,
    largest: float = 2.6,
    a_zero: bool = False,
    b_zero: bool = False,
) -> Case:
    """Return one call ``relative_error(a, b)`` whose largest difference is negative."""
    a = away_from_zero(rng, shape)
    b = a + rng.uniform(0.01, 0.1, shape)
    b.flat[0] += 0.4
    a.flat[-1], b.flat[-1] = largest, largest + 0.01
    pair = [scale * (0.0 * a if a_zero else a), scale * (0.0 * b if b_zero else b)]
    return Case(tuple(pair))


RELATIVE_ERROR = FunctionExercise(
    name="relative_error",
    points=3,
    reference=relative_error,
    groups=(
        CaseGroup("basic", 0.5, (error_case, partial(error_case, shape=(2, 3), largest=-2.6))),
        CaseGroup(
            "zeros",
            0.25,
            (
                partial(error_case, a_zero=True, b_zero=True),
                partial(error_case, a_zero=True, shape=(3,)),
                partial(error_case, b_zero=True, shape=(3,), largest=-2.6),
            ),
        ),
        CaseGroup("tiny numbers", 0.25, (partial(error_case, scale=1e-9, largest=-2.6),)),
    ),
    mistakes=tuple(_mistakes),
    variants=(by_maximum, with_a_tiny_constant, by_loops),
)
