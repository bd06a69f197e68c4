"""``sgd`` and ``momentum``: steps downhill, in Keras' convention."""

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
)
from autograder.hidden_tests.backprop.draws import away_from_zero
from coursekit.arrays import Array

Step = tuple[Array, Array]

_sgd = MistakeList()
_momentum = MistakeList()


def sgd(w: Array, dw: Array, *, rate: float = 0.01) -> Array:
    """Return the weights after one step of plain gradient descent.

    Args:
        w: weights, any shape.
        dw: their gradient, same shape.
        rate: learning rate.
    """
    return np.subtract(w, np.multiply(rate, dw))


def momentum(
    w: Array, dw: Array, velocity: Array, *, rate: float = 0.01, beta: float = 0.9
) -> Step:
    """Return the weights and the velocity after one step with momentum.

    Args:
        w: weights, any shape.
        dw: their gradient, same shape.
        velocity: the step before, same shape; zeros at first.
        rate: learning rate.
        beta: how much of the step before is kept.
    """
    step = np.subtract(np.multiply(beta, velocity), np.multiply(rate, dw))
    return np.add(w, step), step


@_sgd.add("the step is added: the gradient points uphill, so rate * dw is subtracted.")
def uphill(w: Array, dw: Array, *, rate: float = 0.01) -> Array:
    return np.asarray(w + rate * dw)


@_sgd.add("the learning rate is forgotten: subtract rate * dw.")
def rate_forgotten(w: Array, dw: Array, *, rate: float = 0.01) -> Array:  # noqa: ARG001
    return np.asarray(w - dw)


@_sgd.add("the learning rate is always 0.01: use the argument rate.")
def rate_always_the_default(w: Array, dw: Array, *, rate: float = 0.01) -> Array:  # noqa: ARG001
    return np.asarray(w - 0.01 * dw)


@_sgd.add("the step alone comes back: return the new weights, w - rate * dw.")
def step_alone(w: Array, dw: Array, *, rate: float = 0.01) -> Array:  # noqa: ARG001
    return np.asarray(-rate * dw)


@_sgd.add("the gradient is divided by its length: plain descent takes it as it is.")
def gradient_normalised(w: Array, dw: Array, *, rate: float = 0.01) -> Array:
    return np.asarray(w - rate * dw / np.linalg.norm(dw))


@_momentum.add(
    "the velocity is left out of the step: velocity = beta * velocity - rate * dw, then "
    "w + velocity."
)
def old_velocity_ignored(
    w: Array, dw: Array, velocity: Array, *, rate: float = 0.01, beta: float = 0.9
) -> Step:
    return momentum(w, dw, 0 * velocity, rate=rate, beta=beta)


@_momentum.add(
    "the velocity holds gradients, with the rate applied when w moves: that is another library's "
    "convention. Here the velocity is the step itself: beta * velocity - rate * dw."
)
def rate_outside_the_velocity(
    w: Array, dw: Array, velocity: Array, *, rate: float = 0.01, beta: float = 0.9
) -> Step:
    velocity = beta * velocity + dw
    return w - rate * velocity, velocity


@_momentum.add(
    "the velocity points uphill and is subtracted: the weights may come out right once, but the "
    "convention here is velocity = beta * velocity - rate * dw, then w + velocity."
)
def velocity_uphill(
    w: Array, dw: Array, velocity: Array, *, rate: float = 0.01, beta: float = 0.9
) -> Step:
    velocity = beta * velocity + rate * dw
    return w - velocity, velocity


@_momentum.add("the step goes uphill: the gradient's part is -rate * dw.")
def gradient_added(
    w: Array, dw: Array, velocity: Array, *, rate: float = 0.01, beta: float = 0.9
) -> Step:
    return momentum(w, -dw, velocity, rate=rate, beta=beta)


@_momentum.add(
    "a mean of velocity and gradient is taken, with 1 - beta: that is Adam's. Here the gradient's "
    "part is -rate * dw, whatever beta."
)
def running_mean(
    w: Array, dw: Array, velocity: Array, *, rate: float = 0.01, beta: float = 0.9
) -> Step:
    velocity = beta * velocity - (1 - beta) * rate * dw
    return w + velocity, velocity


@_momentum.add(
    "the velocity is a running mean of gradients, with 1 - beta, and the rate comes in when w "
    "moves: that is another convention. Here velocity = beta * velocity - rate * dw, then "
    "w + velocity."
)
def running_mean_of_gradients(
    w: Array, dw: Array, velocity: Array, *, rate: float = 0.01, beta: float = 0.9
) -> Step:
    velocity = beta * velocity + (1 - beta) * dw
    return w - rate * velocity, velocity


@_momentum.add("beta is forgotten: of the old velocity only beta times is kept, or it never slows.")
def beta_forgotten(
    w: Array,
    dw: Array,
    velocity: Array,
    *,
    rate: float = 0.01,
    beta: float = 0.9,  # noqa: ARG001
) -> Step:
    return momentum(w, dw, velocity, rate=rate, beta=1.0)


@_momentum.add("the learning rate is forgotten: the gradient's part is -rate * dw.")
def rate_left_out(
    w: Array,
    dw: Array,
    velocity: Array,
    *,
    rate: float = 0.01,  # noqa: ARG001
    beta: float = 0.9,
) -> Step:
    return momentum(w, dw, velocity, rate=1.0, beta=beta)


@_momentum.add(
    "the old velocity comes back: return the new one, or the next step starts from zero again."
)
def old_velocity_returned(
    w: Array, dw: Array, velocity: Array, *, rate: float = 0.01, beta: float = 0.9
) -> Step:
    return momentum(w, dw, velocity, rate=rate, beta=beta)[0], velocity


@_momentum.add("w moves by the old velocity: renew the velocity first, then add the new one.")
def moved_by_the_old_velocity(
    w: Array, dw: Array, velocity: Array, *, rate: float = 0.01, beta: float = 0.9
) -> Step:
    return w + velocity, momentum(w, dw, velocity, rate=rate, beta=beta)[1]


@_momentum.add("it looks ahead (Nesterov): the plain form is wanted, w + velocity.")
def nesterov(
    w: Array, dw: Array, velocity: Array, *, rate: float = 0.01, beta: float = 0.9
) -> Step:
    velocity = momentum(w, dw, velocity, rate=rate, beta=beta)[1]
    return w + beta * velocity - rate * dw, velocity


@_momentum.add("the results come in another order: return w, then the velocity.")
def velocity_first(
    w: Array, dw: Array, velocity: Array, *, rate: float = 0.01, beta: float = 0.9
) -> Step:
    return momentum(w, dw, velocity, rate=rate, beta=beta)[::-1]


def plain_sgd(w: Array, dw: Array, *, rate: float = 0.01) -> Array:
    return np.asarray(w - rate * dw)


def sgd_in_place(w: Array, dw: Array, *, rate: float = 0.01) -> Array:
    w -= rate * dw
    return w


def plain_momentum(
    w: Array, dw: Array, velocity: Array, *, rate: float = 0.01, beta: float = 0.9
) -> Step:
    velocity = beta * velocity - rate * dw
    return w + velocity, velocity


def momentum_in_place(
    w: Array, dw: Array, velocity: Array, *, rate: float = 0.01, beta: float = 0.9
) -> Step:
    velocity *= beta
    velocity -= rate * dw
    w += velocity
    return w, velocity


def sgd_case(
    rng: np.random.Generator, *, shape: tuple[int, ...] = (3,), default: bool = False
) -> Case:
    """Return one call ``sgd(w, dw)``."""
    rate = {} if default else {"rate": float(rng.uniform(0.05, 0.4))}
    return Case((rng.normal(size=shape), away_from_zero(rng, shape)), rate)


def momentum_case(
    rng: np.random.Generator, *, shape: tuple[int, ...] = (3,), first: bool = False
) -> Case:
    """Return one call ``momentum(w, dw, velocity)``, the first or a later one."""
    velocity = np.zeros(shape) if first else away_from_zero(rng, shape)
    options = {"rate": float(rng.uniform(0.05, 0.4)), "beta": float(rng.uniform(0.5, 0.95))}
    given = (away_from_zero(rng, shape), away_from_zero(rng, shape), velocity)
    return Case(given, {} if first and len(shape) == 1 else options)


SGD = FunctionExercise(
    name="sgd",
    points=1,
    reference=sgd,
    groups=(
        CaseGroup("basic", 0.7, (sgd_case, partial(sgd_case, shape=(2, 3)))),
        CaseGroup("default rate", 0.3, (partial(sgd_case, default=True),)),
    ),
    mistakes=tuple(_sgd),
    variants=(plain_sgd, sgd_in_place, *all_forms(plain_sgd)),
)
MOMENTUM = FunctionExercise(
    name="momentum",
    points=4,
    reference=momentum,
    groups=(
        CaseGroup(
            "first step",
            0.3,
            (partial(momentum_case, first=True), partial(momentum_case, first=True, shape=(2, 2))),
        ),
        CaseGroup(
            "later steps",
            0.7,
            (
                momentum_case,
                partial(momentum_case, shape=(2, 3)),
                partial(momentum_case, shape=(2, 2, 1, 2)),
            ),
        ),
    ),
    mistakes=tuple(_momentum),
    variants=(plain_momentum, momentum_in_place),
    parts={"w": 2, "velocity": 1},
)
DESCENT = JointExercise("descent", (SGD, MOMENTUM))
