"""``numerical_gradient`` and ``relative_error``."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.hidden_tests.backprop.draws import away_from_zero
from autograder.hidden_tests.cases import Case, CaseGroup
from autograder.hidden_tests.diagnosis import MistakeList
from autograder.hidden_tests.exercise import FunctionExercise
from autograder.hidden_tests.variants import all_forms

Array = NDArray[Any]
Function = Callable[..., Any]

_gradient = MistakeList()
_error = MistakeList()


def wavy(weights: Array) -> Callable[[Array], float]:
    """The function f(x) = sum(w * sin(2x)) + sum(w * x)**2, bumpy and curved.

    It stays with the grader: the student's code can call it, and cannot see what it is.

    Args:
        weights: w, in the shape of the arrays that it will be called with.
    """

    def f(x: Array) -> float:
        return float(np.sum(weights * np.sin(2 * x)) + np.sum(weights * x) ** 2)

    return f


def numerical_gradient(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    """The gradient of f at x by central differences.

    Args:
        f: takes an array of the shape of x and gives a number.
        x: the place.
        step: how far to go to either side, along one entry at a time.

    Returns:
        Array of the shape of x.
    """
    moves = step * np.eye(x.size).reshape(x.size, *x.shape)
    slopes = [(f(x + move) - f(x - move)) / (2 * step) for move in moves]
    return np.array(slopes).reshape(x.shape)


def _one_sided(f: Function, x: Array, step: float) -> Array:
    moves = step * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + move) - f(x)) / step for move in moves]).reshape(x.shape)


@_gradient.add(
    "the difference is taken to one side only: go a step up and a step down from x, and divide by "
    "the way between the two, 2 * step."
)
def forward_difference(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return _one_sided(f, x, step)


@_gradient.add(
    "the difference is taken downwards only: go a step up and a step down from x, and divide by "
    "the way between the two, 2 * step."
)
def backward_difference(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return _one_sided(f, x, -step)


@_gradient.add(
    "it is divided by step: between x + step and x - step lie two steps, so divide by 2 * step."
)
def divided_by_one_step(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return 2 * numerical_gradient(f, x, step=step)


@_gradient.add("it is not divided: a slope is the difference divided by the way, 2 * step.")
def not_divided(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return 2 * step * numerical_gradient(f, x, step=step)


@_gradient.add(
    "it is multiplied by step / 2 instead of divided by 2 * step: in Python a / 2 * step is "
    "(a / 2) * step. Put 2 * step in brackets."
)
def brackets_missing(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return step * step * numerical_gradient(f, x, step=step)


@_gradient.add("the sign is wrong: f at x + step minus f at x - step, in this order.")
def sign_wrong(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return -numerical_gradient(f, x, step=step)


@_gradient.add(
    "all entries are moved at once: the gradient's entry i is the slope when x[i] alone is moved."
)
def all_entries_at_once(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return np.full(x.shape, (f(x + step) - f(x - step)) / (2 * step))


@_gradient.add(
    "entries that were moved are not put back: after entry i, x must be what it was before the "
    "next one is moved."
)
def entries_not_put_back(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    x, slopes = x.copy(), np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        x[place] += step
        above = f(x)
        x[place] -= 2 * step
        slopes[place] = (above - f(x)) / (2 * step)
    return slopes


@_gradient.add(
    "rows are moved as a whole: x may have several axes, and every single entry has a slope of "
    "its own. np.ndindex(x.shape) goes over all of them."
)
def whole_rows(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    slopes = np.zeros(x.shape)
    for i in range(len(x)):
        move = np.zeros(x.shape)
        move[i] = step
        slopes[i] = (f(x + move) - f(x - move)) / (2 * step)
    return slopes


@_gradient.add(
    "the gradient is flat: it has the shape of x, so end with .reshape(x.shape) or fill an array "
    "of that shape."
)
def flat(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return numerical_gradient(f, x, step=step).ravel()


@_gradient.add("the argument step is not used: a caller who wants another step must get it.")
def step_ignored(f: Function, x: Array, *, step: float = 1e-5) -> Array:  # noqa: ARG001
    return numerical_gradient(f, x)


def entry_by_entry(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    slopes = np.zeros_like(x)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] += step
        down[place] -= step
        slopes[place] = (f(up) - f(down)) / (2 * step)
    return slopes


def in_place_and_back(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    slopes = np.zeros_like(x)
    for place in np.ndindex(*x.shape):
        before = x[place]
        x[place] = before + step
        above = f(x)
        x[place] = before - step
        slopes[place] = (above - f(x)) / (2 * step)
        x[place] = before
    return slopes


def gradient_case(
    rng: np.random.Generator, *, shape: tuple[int, ...], step: float | None = None
) -> Case:
    """One call ``numerical_gradient(f, x)``, where asked for with another step."""
    x = away_from_zero(rng, shape)
    return Case((wavy(away_from_zero(rng, shape)), x), {} if step is None else {"step": step})


NUMERICAL_GRADIENT = FunctionExercise(
    name="numerical_gradient",
    points=6,
    reference=numerical_gradient,
    groups=(
        CaseGroup(
            "one axis",
            0.4,
            (partial(gradient_case, shape=(3,)), partial(gradient_case, shape=(5,))),
        ),
        CaseGroup(
            "several axes",
            0.4,
            (partial(gradient_case, shape=(2, 3)), partial(gradient_case, shape=(2, 1, 2, 2))),
        ),
        CaseGroup("another step", 0.2, (partial(gradient_case, shape=(4,), step=0.25),)),
    ),
    mistakes=tuple(_gradient),
    variants=(entry_by_entry, in_place_and_back, *all_forms(entry_by_entry)),
    rtol=1e-6,
    atol=1e-7,
)


def relative_error(a: Array, b: Array) -> float:
    """The largest difference, relative to the largest size in either array; 0 for two zeros.

    Args:
        a: an array.
        b: an array of the same shape.
    """
    largest = float(np.linalg.norm(np.concatenate([a.ravel(), b.ravel()]), np.inf))
    return float(np.linalg.norm((a - b).ravel(), np.inf)) / largest if largest else 0.0


def _sizes(a: Array, b: Array) -> Array:
    return np.maximum(np.abs(a), np.abs(b))


@_error.add(
    "0 is divided by 0: two gradients that are 0 everywhere agree, so their error is 0.0. Treat "
    "that case by itself."
)
def nothing_done_for_zeros(a: Array, b: Array) -> float:
    with np.errstate(all="ignore"):
        return float(np.abs(a - b).max() / _sizes(a, b).max())


@_error.add(
    "the difference is not divided: an error of 1e-3 is large next to 1e-3, small next to 10."
)
def not_divided_by_size(a: Array, b: Array) -> float:
    return float(np.abs(a - b).max())


@_error.add("the sign of the difference is kept: take its size, np.abs(a - b), before the maximum.")
def sign_kept(a: Array, b: Array) -> float:
    return float((a - b).max() / (_sizes(a, b).max() or 1.0))


@_error.add(
    "the difference is divided by the first array's size alone: divide by the largest size in "
    "either, or it breaks where the first is 0."
)
def divided_by_the_first(a: Array, b: Array) -> float:
    with np.errstate(all="ignore"):
        right = np.abs(a - b).max() / np.abs(a).max()
    return 0.0 if np.isnan(right) else float(right)


@_error.add("the difference is divided by the sum of both sizes: divide by the larger of the two.")
def divided_by_the_sum(a: Array, b: Array) -> float:
    return float(np.abs(a - b).max() / ((np.abs(a) + np.abs(b)).max() or 1.0))


@_error.add(
    "each entry is divided by its own size: a single entry that should be 0 then gives an error "
    "of 1. Divide the largest difference by the largest size, one number each."
)
def entry_by_entry_error(a: Array, b: Array) -> float:
    with np.errstate(all="ignore"):
        return float(np.nan_to_num(np.abs(a - b) / _sizes(a, b)).max())


@_error.add("a mean is taken: one wrong entry among many is wrong, so take the largest, np.max.")
def mean_difference(a: Array, b: Array) -> float:
    return float(np.abs(a - b).mean() / (_sizes(a, b).max() or 1.0))


@_error.add(
    "a constant such as 1e-8 is added to the sizes: gradients that are as small as that then seem "
    "to agree. Treat the case of two zeros by itself."
)
def constant_added(a: Array, b: Array) -> float:
    return float(np.abs(a - b).max() / (_sizes(a, b).max() + 1e-8))


@_error.add("one error an entry comes back: the largest of them is wanted, one number.")
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
    a_zero: bool = False,
    b_zero: bool = False,
) -> Case:
    """One call ``relative_error(a, b)``; the largest difference is negative, off the largest."""
    a = away_from_zero(rng, shape)
    b = a + rng.uniform(0.01, 0.1, shape)
    b.flat[0] += 0.4
    a.flat[-1], b.flat[-1] = 2.6, 2.61
    pair = [scale * (0.0 * a if a_zero else a), scale * (0.0 * b if b_zero else b)]
    return Case(tuple(pair))


RELATIVE_ERROR = FunctionExercise(
    name="relative_error",
    points=3,
    reference=relative_error,
    groups=(
        CaseGroup("basic", 0.5, (error_case, partial(error_case, shape=(2, 3)))),
        CaseGroup(
            "zeros",
            0.25,
            (
                partial(error_case, a_zero=True, b_zero=True),
                partial(error_case, a_zero=True, shape=(3,)),
                partial(error_case, b_zero=True, shape=(3,)),
            ),
        ),
        CaseGroup("tiny numbers", 0.25, (partial(error_case, scale=1e-9),)),
    ),
    mistakes=tuple(_error),
    variants=(by_maximum, with_a_tiny_constant, by_loops),
)
