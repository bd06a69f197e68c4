"""``numerical_gradient``: the slope of every number, by trying."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.exercises import Case, CaseGroup, FunctionExercise, MistakeList, all_forms
from autograder.hidden_tests.backprop.draws import away_from_zero
from coursekit.arrays import Array

Function = Callable[..., Any]

_mistakes = MistakeList()


def wavy(weights: Array) -> Callable[[Array], float]:
    """Return the function f(x) = sum(w * sin(2x)) + sum(w * x)**2, bumpy and curved.

    It stays with the grader: the student's code can call it, and cannot see what it is.

    Args:
        weights: w, in the shape of the arrays that it will be called with.
    """

    def f(x: Array) -> float:
        return float(np.sum(weights * np.sin(2 * x)) + np.sum(weights * x) ** 2)

    return f


def numerical_gradient(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    """Return the gradient of f at x by central differences.

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


@_mistakes.add(
    "the difference is taken to one side only: go a step up and a step down from x, and divide by "
    "the way between the two, 2 * step."
)
def forward_difference(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return _one_sided(f, x, step)


@_mistakes.add(
    "the difference is taken downwards only: go a step up and a step down from x, and divide by "
    "the way between the two, 2 * step."
)
def backward_difference(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return _one_sided(f, x, -step)


@_mistakes.add(
    "it is divided by step: between x + step and x - step lie two steps, so divide by 2 * step."
)
def divided_by_one_step(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return 2 * numerical_gradient(f, x, step=step)


@_mistakes.add("it is not divided: a slope is the difference divided by the way, 2 * step.")
def not_divided(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return 2 * step * numerical_gradient(f, x, step=step)


@_mistakes.add(
    "it is multiplied by step / 2 instead of divided by 2 * step: in Python a / 2 * step is "
    "(a / 2) * step. Put 2 * step in brackets."
)
def brackets_missing(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return step * step * numerical_gradient(f, x, step=step)


@_mistakes.add("the sign is wrong: f at x + step minus f at x - step, in this order.")
def sign_wrong(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return -numerical_gradient(f, x, step=step)


@_mistakes.add(
    "all entries are moved at once: the gradient's entry i is the slope when x[i] alone is moved."
)
def all_entries_at_once(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return np.full(x.shape, (f(x + step) - f(x - step)) / (2 * step))


@_mistakes.add(
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


@_mistakes.add(
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


@_mistakes.add(
    "rows are moved as a whole, and there is one slope for each: x may have several axes, and "
    "every single entry has its own. np.ndindex(x.shape) goes over all of them."
)
def one_slope_a_row(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    slopes = np.asarray(whole_rows(f, x, step=step))
    return slopes.reshape(len(x), -1)[:, 0]


@_mistakes.add(
    "the gradient is flat: it has the shape of x, so end with .reshape(x.shape) or fill an array "
    "of that shape."
)
def flat(f: Function, x: Array, *, step: float = 1e-5) -> Array:
    return numerical_gradient(f, x, step=step).ravel()


@_mistakes.add("the argument step is not used: a caller who wants another step must get it.")
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
    """Return one call ``numerical_gradient(f, x)``, where asked for with another step."""
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
    mistakes=tuple(_mistakes),
    variants=(entry_by_entry, in_place_and_back, *all_forms(entry_by_entry)),
    rtol=1e-6,
    atol=1e-7,
)
