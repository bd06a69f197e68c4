"""``relu`` and ``relu_backward``."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from functools import partial

import numpy as np

from autograder.exercises import (
    Case,
    CaseGroup,
    FunctionExercise,
    JointExercise,
    MistakeList,
    all_forms,
    distinguishing,
)
from autograder.hidden_tests.backprop.draws import away_from_zero
from coursekit.arrays import Array

_forward = MistakeList()
_backward = MistakeList()


def relu(x: Array) -> Array:
    """Return what is positive of x.

    Args:
        x: any shape.
    """
    return np.clip(x, 0.0, None)


def relu_backward(dout: Array, x: Array) -> Array:
    """Return the gradient of the ReLU's input: ``dout`` where x is positive, else 0.

    Args:
        dout: gradient of the loss with respect to the output, the shape of x.
        x: the input, any shape.
    """
    return np.asarray(np.heaviside(x, 0.0) * dout)


@_forward.add("the sign is lost: what is negative becomes 0, not its size.")
def size_of_x(x: Array) -> Array:
    return np.abs(x)


@_forward.add("the negative part is kept: np.maximum(x, 0), not np.minimum.")
def negative_part(x: Array) -> Array:
    return np.minimum(x, 0)


@_forward.add("truth values come back: where x is positive, x itself is wanted, not 1.")
def step_function(x: Array) -> Array:
    return np.where(x > 0, 1.0, 0.0)


@_forward.add("one number comes out: the maximum is taken entry by entry, np.maximum, not np.max.")
def one_maximum(x: Array) -> float:
    return max(float(x.max()), 0.0)


@_forward.add("what is negative is made small instead of 0: that is a leaky ReLU.")
def leaky(x: Array) -> Array:
    return np.where(x > 0, x, 0.01 * x)


@_forward.add("only what is over 1 is kept: everything over 0 stays as it is.")
def kept_over_1(x: Array) -> Array:
    return np.where(x > 1, x, 0.0)


@_backward.add("only where x is over 1 the gradient passes: it passes where x is over 0.")
def passes_over_1(dout: Array, x: Array) -> Array:
    return np.where(x > 1, dout, 0.0)


@_backward.add(
    "the gradient passes only where it is positive, too: what decides is whether the input x was "
    "positive. A negative gradient passes like any other."
)
def both_positive(dout: Array, x: Array) -> Array:
    return np.where((x > 0) & (dout > 0), dout, 0.0)


@_backward.add("the gradient is small where x is negative: that is a leaky ReLU's. Here it is 0.")
def leaky_gradient(dout: Array, x: Array) -> Array:
    return np.where(x > 0, dout, 0.01 * dout)


@_backward.add(
    "the upstream gradient passes everywhere: where x was negative the output was 0 whatever x, "
    "so the gradient there is 0."
)
def passes_everywhere(dout: Array, x: Array) -> Array:  # noqa: ARG001
    return dout.copy()


@_backward.add(
    "the sign of dout decides: what decides is whether the input x was positive. A negative "
    "gradient passes like any other."
)
def sign_of_dout(dout: Array, x: Array) -> Array:  # noqa: ARG001
    return relu(dout)


@_backward.add("the slope comes back without dout: multiply by the upstream gradient (chain rule).")
def dout_not_used(dout: Array, x: Array) -> Array:  # noqa: ARG001
    return np.where(x > 0, 1.0, 0.0)


@_backward.add("the input's value comes in: the slope of a ReLU is 1 for every positive x, not x.")
def times_the_value(dout: Array, x: Array) -> Array:
    return np.asarray(dout * relu(x))


@_backward.add("x passes instead of dout: dout comes back where x is positive.")
def x_instead_of_dout(dout: Array, x: Array) -> Array:  # noqa: ARG001
    return relu(x)


@_backward.add(
    "the gradient passes where x is exactly 0: here it is 0 there, so x > 0, not x >= 0."
)
def passes_at_zero(dout: Array, x: Array) -> Array:
    return np.where(x >= 0, dout, 0.0)


@_backward.add("it passes where x is negative: the other way round, where x > 0.")
def the_other_way_round(dout: Array, x: Array) -> Array:
    return np.where(x > 0, 0.0, dout)


def by_maximum(x: Array) -> Array:
    return np.maximum(x, 0)


def in_place(x: Array) -> Array:
    x[x < 0] = 0.0
    return x


def by_mask(dout: Array, x: Array) -> Array:
    return np.asarray(dout * (x > 0))


def in_place_back(dout: Array, x: Array) -> Array:
    dout[x <= 0] = 0.0
    return dout


def entry_by_entry(dout: Array, x: Array) -> Array:
    dx = np.zeros_like(dout)
    for place in np.ndindex(*x.shape):
        if x[place] > 0:
            dx[place] = dout[place]
    return dx


def signed(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return numbers of which one is positive, one negative and one small, and none 0."""
    x = away_from_zero(rng, shape)
    x.flat[:3] = 1.5, -1.5, 0.25
    return x


def forward_case(rng: np.random.Generator, *, shape: tuple[int, ...]) -> Case:
    """Return one call ``relu(x)``."""
    return Case((signed(rng, shape),))


def backward_case(rng: np.random.Generator, *, shape: tuple[int, ...], zeros: bool = False) -> Case:
    """Return one call ``relu_backward(dout, x)``, where asked for with zeros in x."""
    x, dout = signed(rng, shape), -signed(rng, shape)
    dout.flat[1] *= -1.0
    if zeros:
        x[rng.random(shape) < 0.5] = 0.0
        x.flat[3] = 0.0
    return Case((dout, x))


_zeros_case = distinguishing(
    partial(backward_case, shape=(2, 4), zeros=True), relu_backward, passes_over_1
)

RELU = FunctionExercise(
    name="relu",
    points=1,
    reference=relu,
    groups=(
        CaseGroup(
            "basic",
            1.0,
            (partial(forward_case, shape=(5,)), partial(forward_case, shape=(2, 2, 3, 2))),
        ),
    ),
    mistakes=tuple(_forward),
    variants=(by_maximum, in_place, *all_forms(by_maximum)),
)
RELU_BACKWARD = FunctionExercise(
    name="relu_backward",
    points=3,
    reference=relu_backward,
    groups=(
        CaseGroup(
            "basic",
            0.85,
            (
                partial(backward_case, shape=(6,)),
                partial(backward_case, shape=(3, 4)),
                partial(backward_case, shape=(2, 2, 3, 2)),
            ),
        ),
        CaseGroup("x is 0", 0.15, (_zeros_case,)),
    ),
    mistakes=tuple(_backward),
    variants=(by_mask, in_place_back, entry_by_entry, *all_forms(by_mask)),
)
RELU_LAYER = JointExercise("relu_layer", (RELU, RELU_BACKWARD))
