"""A filter on a signal: its gradients, what the notes make of them, and the step downhill."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.exercises import (
    Case,
    CaseGroup,
    FunctionExercise,
    JointExercise,
    MistakeList,
    all_forms,
    as_float32,
)
from autograder.hidden_tests.backprop.draws import away_from_zero
from coursekit.arrays import Array

Gradients = tuple[Array, Array]

_gradient = MistakeList()
_notes = MistakeList()
_step = MistakeList()


def _error(x: Array, F: Array, target: Array) -> Array:
    return np.asarray(np.correlate(x, F, "valid") - target)


def filter_gradient(x: Array, F: Array, target: Array) -> Gradients:
    """Return the gradients dF and dx of half the summed squared error, by NumPy's convolution.

    Args:
        x: signal, (L,).
        F: filter, (K,).
        target: wanted output, (L - K + 1,).
    """
    e = _error(x, F, target)
    return np.correlate(x, e, "valid"), np.convolve(e, F, "full")


@_gradient.add(
    "every slope is divided by its pixel, as the notes write: the chain rule multiplies. dF[k] is "
    "the sum over n of e[n] * x[n + k]."
)
def quotients(x: Array, F: Array, target: Array) -> Gradients:
    return notes_filter_gradient(x, F, target), filter_gradient(x, F, target)[1]


@_gradient.add("the error has the wrong sign: e is output minus target, and J falls against dF.")
def error_with_wrong_sign(x: Array, F: Array, target: Array) -> Gradients:
    dF, dx = filter_gradient(x, F, target)
    return -dF, -dx


@_gradient.add("there is a factor 2 too many: J is *half* the sum of squares, so dJ/do[n] is e[n].")
def twice_as_large(x: Array, F: Array, target: Array) -> Gradients:
    dF, dx = filter_gradient(x, F, target)
    return 2 * dF, 2 * dx


@_gradient.add("the target is left out: dJ/do[n] is the error o[n] - target[n], not the output.")
def target_left_out(x: Array, F: Array, target: Array) -> Gradients:
    return filter_gradient(x, F, 0 * target)


@_gradient.add(
    "the gradients are divided by the number of outputs: J is a sum over them, not a mean."
)
def mean_instead_of_sum(x: Array, F: Array, target: Array) -> Gradients:
    dF, dx = filter_gradient(x, F, target)
    return dF / len(target), dx / len(target)


@_gradient.add(
    "dx is assigned where it must be added: x[1] was used by output 0 and by output 1, and gets a "
    "part from each. Write += instead of =."
)
def overlap_overwritten(x: Array, F: Array, target: Array) -> Gradients:
    dF, dx = filter_gradient(x, F, target)[0], np.zeros_like(x)
    for n, e in enumerate(_error(x, F, target)):
        dx[n : n + len(F)] = e * F
    return dF, dx


@_gradient.add(
    "the filter is flipped in dx: x[n + k] was multiplied by F[k], so it gets e[n] * F[k]. "
    "(np.convolve flips by itself.)"
)
def filter_flipped_in_dx(x: Array, F: Array, target: Array) -> Gradients:
    return filter_gradient(x, F, target)[0], np.correlate(_error(x, F, target), F, "full")


@_gradient.add("dF comes out in reverse order: dF[k] is the sum over n of e[n] * x[n + k].")
def filter_gradient_reversed(x: Array, F: Array, target: Array) -> Gradients:
    dF, dx = filter_gradient(x, F, target)
    return dF[::-1].copy(), dx


@_gradient.add(
    "dF uses one output alone: F[k] was used for every output, so dF[k] is a sum over them."
)
def last_output_only(x: Array, F: Array, target: Array) -> Gradients:
    e, dx = _error(x, F, target), filter_gradient(x, F, target)[1]
    return e[-1] * x[-len(F) :], dx


@_gradient.add("the gradients come in another order: return dF, then dx.")
def signal_gradient_first(x: Array, F: Array, target: Array) -> Gradients:
    dF, dx = filter_gradient(x, F, target)
    return dx, dF


@_gradient.add("the output is computed with the filter flipped: o[n] = sum of x[n + k] * F[k].")
def output_of_a_convolution(x: Array, F: Array, target: Array) -> Gradients:
    e = np.convolve(x, F, "valid") - target
    return np.correlate(x, e, "valid"), np.convolve(e, F, "full")


def loops(x: Array, F: Array, target: Array) -> Gradients:
    dF, dx = np.zeros_like(F), np.zeros_like(x)
    for n in range(len(target)):
        e = sum(x[n + k] * F[k] for k in range(len(F))) - target[n]
        for k in range(len(F)):
            dF[k] += e * x[n + k]
            dx[n + k] += e * F[k]
    return dF, dx


def by_windows(x: Array, F: Array, target: Array) -> Gradients:
    windows = sliding_window_view(x, len(F))
    e = windows @ F - target
    dx = np.zeros_like(x)
    for k, weight in enumerate(F):
        dx[k : k + len(e)] += e * weight
    return windows.T @ e, dx


def as_lists(x: Array, F: Array, target: Array) -> list[Any]:
    return [gradient.tolist() for gradient in by_windows(x, F, target)]


def notes_filter_gradient(x: Array, F: Array, target: Array) -> Array:
    """Return what the notes' formula gives for dF: quotients of the two slopes, summed."""
    return np.asarray((1 / sliding_window_view(x, len(F))).T @ _error(x, F, target))


@_notes.add(
    "the slopes are multiplied: that is the chain rule, and right. This function is to do what "
    "the notes write, to see what comes of it: divide."
)
def products(x: Array, F: Array, target: Array) -> Array:
    return filter_gradient(x, F, target)[0]


@_notes.add(
    "the quotient is upside down: the notes have dJ/do[n], the error, above the line and "
    "do[n]/dF[k], the pixel, below."
)
def upside_down(x: Array, F: Array, target: Array) -> Array:
    return np.asarray(sliding_window_view(x, len(F)).T @ (1 / _error(x, F, target)))


@_notes.add("the sums are divided by each other: divide output by output, then add the quotients.")
def summed_before_dividing(x: Array, F: Array, target: Array) -> Array:
    return np.asarray(_error(x, F, target).sum() / sliding_window_view(x, len(F)).sum(0))


@_notes.add("one output's quotient is missing: add those of all outputs.")
def first_output_only(x: Array, F: Array, target: Array) -> Array:
    return np.asarray(_error(x, F, target)[0] / x[: len(F)])


@_notes.add("the error has the wrong sign: e is output minus target.")
def sign_wrong_in_the_error(x: Array, F: Array, target: Array) -> Array:
    return -notes_filter_gradient(x, F, target)


def quotients_by_loops(x: Array, F: Array, target: Array) -> Array:
    e, dF = _error(x, F, target), np.zeros_like(F)
    for k, n in np.ndindex(len(F), len(e)):
        dF[k] += e[n] / x[n + k]
    return dF


def filter_step(F: Array, dF: Array, *, rate: float) -> Array:
    """Return the filter after one step of gradient descent.

    Args:
        F: filter, any shape.
        dF: its gradient, same shape.
        rate: learning rate.
    """
    return np.subtract(F, np.multiply(rate, dF))


@_step.add(
    "the step is added, as the notes write on one page: the gradient points uphill, and the loss "
    "is to fall. Subtract it."
)
def uphill(F: Array, dF: Array, *, rate: float) -> Array:
    return np.asarray(F + rate * dF)


@_step.add("the learning rate is forgotten: subtract rate * dF.")
def rate_forgotten(F: Array, dF: Array, *, rate: float) -> Array:  # noqa: ARG001
    return np.asarray(F - dF)


@_step.add("the step alone comes back: return the new filter, F - rate * dF.")
def step_alone(F: Array, dF: Array, *, rate: float) -> Array:  # noqa: ARG001
    return np.asarray(-rate * dF)


@_step.add("the gradient is divided by the rate: multiply, a small rate makes a small step.")
def divided_by_rate(F: Array, dF: Array, *, rate: float) -> Array:
    return np.asarray(F - dF / rate)


@_step.add("the old filter is scaled: F itself stays, only rate * dF is taken off.")
def filter_scaled(F: Array, dF: Array, *, rate: float) -> Array:
    return np.asarray((1 - rate) * F - rate * dF)


def in_place(F: Array, dF: Array, *, rate: float) -> Array:
    F -= rate * dF
    return F


def plain(F: Array, dF: Array, *, rate: float) -> Array:
    return np.asarray(F - rate * dF)


def signal_case(rng: np.random.Generator, *, length: int = 3, k: int = 2) -> Case:
    """Return one call ``f(x, F, target)`` without numbers near 0, by which the notes divide."""
    shapes = (length, k, length - k + 1)
    x, F, target = (away_from_zero(rng, shape) for shape in shapes)
    target -= np.sign(_error(x, F, target))
    return Case((x, F, target))


def step_case(rng: np.random.Generator, *, shape: tuple[int, ...]) -> Case:
    """Return one call ``filter_step(F, dF, rate=...)``."""
    rate = float(rng.uniform(0.02, 0.4))
    return Case((rng.normal(size=shape), away_from_zero(rng, shape)), {"rate": rate})


GROUPS = (
    CaseGroup("three pixels", 0.4, (signal_case, signal_case)),
    CaseGroup(
        "longer signals",
        0.6,
        (partial(signal_case, length=6), partial(signal_case, length=7, k=3)),
    ),
)
FILTER_GRADIENT = FunctionExercise(
    name="filter_gradient",
    points=4,
    reference=filter_gradient,
    groups=GROUPS,
    mistakes=tuple(_gradient),
    variants=(loops, by_windows, as_lists),
    parts={"dF": 1, "dx": 1},
)
NOTES_FILTER_GRADIENT = FunctionExercise(
    name="notes_filter_gradient",
    points=2,
    reference=notes_filter_gradient,
    groups=GROUPS,
    mistakes=tuple(_notes),
    variants=(quotients_by_loops, as_float32(quotients_by_loops)),
)
FILTER_STEP = FunctionExercise(
    name="filter_step",
    points=2,
    reference=filter_step,
    groups=(
        CaseGroup("basic", 1.0, (partial(step_case, shape=(3,)), partial(step_case, shape=(2, 2)))),
    ),
    mistakes=tuple(_step),
    variants=(in_place, plain, *all_forms(plain)),
)
NOTES_ERROR = JointExercise("notes_error", (FILTER_GRADIENT, NOTES_FILTER_GRADIENT, FILTER_STEP))
