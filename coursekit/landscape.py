"""Loss surfaces of two weights, and the paths of optimizers on them.

- `SURFACES`: four surfaces by name, each with its loss and its gradient
- `RULES`: six update rules by name, with Keras' formulas and default settings
- `descend`: the weights that a rule visits, step by step

``plots.show_paths`` and ``plots.show_surface`` draw them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from coursekit.arrays import Array

Memory = tuple[Array, Array]
"""A rule's state between steps: two arrays in the weights' shape, initially zeros."""

Rule = Callable[[Array, Memory, int, float], tuple[Array, Memory]]
"""(gradient, state, number of the step from 1, learning rate) -> (weight update, state)."""

EPSILON = 1e-7  # Keras' default; prevents a division by zero
BETA, BETA_SQUARES, RHO = 0.9, 0.999, 0.95


@dataclass(frozen=True)
class Surface:
    """A loss as a function of two weights.

    Args:
        height: the loss; takes two arrays of one shape, the first and the second weight.
        slopes: its gradient; takes and returns an array of shape (2,).
        start: the initial weights of a descent.
        across: the first weight's range in a plot.
        upwards: the second weight's range.
    """

    height: Callable[[Any, Any], Any]
    slopes: Callable[[Array], Array]
    start: tuple[float, float]
    across: tuple[float, float] = (-2.0, 2.0)
    upwards: tuple[float, float] = (-2.0, 2.0)


def quadratic(first: float, second: float, *, start: tuple[float, float]) -> Surface:
    """Return the loss first / 2 * a**2 + second / 2 * b**2, with its minimum at (0, 0).

    Args:
        first: the curvature along the first weight, the eigenvalue λ of that direction.
        second: the curvature along the second weight.
        start: the initial weights of a descent.
    """
    curvature = np.array([first, second])
    return Surface(lambda a, b: (first * a**2 + second * b**2) / 2, lambda w: curvature * w, start)


def _two_valleys() -> Surface:
    """Return a loss with two minima, of which the left one, at about (-1.06, 0), is lower."""
    return Surface(
        lambda a, b: (a**2 - 1) ** 2 + 0.5 * a + 0.5 * b**2 + 0.6,
        lambda w: np.array([4 * w[0] * (w[0] ** 2 - 1) + 0.5, w[1]]),
        start=(1.6, 1.4),
    )


def _saddle() -> Surface:
    """Return a loss with a saddle point at (0, 0), between two minima."""
    return Surface(
        lambda a, b: 0.5 * a**2 - 0.5 * b**2 + 0.25 * b**4 + 0.25,
        lambda w: np.array([w[0], -w[1] + w[1] ** 3]),
        start=(-1.7, 0.02),
    )


SURFACES = {
    "bowl": quadratic(1, 1.5, start=(-1.7, 1.4)),
    "ravine": quadratic(1, 30, start=(-1.8, 0.6)),
    "two valleys": _two_valleys(),
    "saddle": _saddle(),
}


def sgd(slope: Array, memory: Memory, _number: int, rate: float) -> tuple[Array, Memory]:
    """Compute the update of plain gradient descent, in proportion to the negative gradient."""
    return -rate * slope, memory


def momentum(slope: Array, memory: Memory, _number: int, rate: float) -> tuple[Array, Memory]:
    """Add nine tenths of the last update to the gradient step (Qian, 1999)."""
    change = BETA * memory[0] - rate * slope
    return change, (change, memory[1])


def adagrad(slope: Array, memory: Memory, _number: int, rate: float) -> tuple[Array, Memory]:
    """Divide by the root of the sum of all squared gradients (Duchi, Hazan and Singer, 2011)."""
    total = memory[1] + slope**2
    return -rate * slope / np.sqrt(total + EPSILON), (memory[0], total)


def adadelta(slope: Array, memory: Memory, _number: int, rate: float) -> tuple[Array, Memory]:
    """Scale steps by a running mean of squared earlier ones (Zeiler, 2012); its usual rate is 1."""
    square = RHO * memory[1] + (1 - RHO) * slope**2
    step = -np.sqrt(memory[0] + EPSILON) / np.sqrt(square + EPSILON) * slope
    return rate * step, (RHO * memory[0] + (1 - RHO) * step**2, square)


def rmsprop(slope: Array, memory: Memory, _number: int, rate: float) -> tuple[Array, Memory]:
    """Divide by the root of a running mean of squared gradients (Tieleman and Hinton, 2012)."""
    square = BETA * memory[1] + (1 - BETA) * slope**2
    return -rate * slope / np.sqrt(square + EPSILON), (memory[0], square)


def adam(slope: Array, memory: Memory, number: int, rate: float) -> tuple[Array, Memory]:
    """Scale steps by running means of gradients and their squares (Kingma and Ba, 2014)."""
    mean = BETA * memory[0] + (1 - BETA) * slope
    square = BETA_SQUARES * memory[1] + (1 - BETA_SQUARES) * slope**2
    even = mean / (1 - BETA**number), square / (1 - BETA_SQUARES**number)
    return -rate * even[0] / (np.sqrt(even[1]) + EPSILON), (mean, square)


RULES: dict[str, Rule] = {
    "SGD": sgd,
    "Momentum": momentum,
    "Adagrad": adagrad,
    "Adadelta": adadelta,
    "RMSprop": rmsprop,
    "Adam": adam,
}


def descend(
    slopes: Callable[[Array], Array],
    start: ArrayLike,
    *,
    rate: float,
    steps: int,
    rule: Rule = sgd,
) -> Array:
    """Return the weights that an update rule visits, step by step.

    Args:
        slopes: the gradient; takes the weights and returns an array of their shape (D,).
        start: the initial weights, shape (D,).
        rate: the learning rate.
        steps: how many steps are taken.
        rule: one of `RULES`, or your own.

    Returns:
        Array of shape (steps + 1, D), the start first. If the descent diverges, the last weights
        are infinite or nan.
    """
    place = np.asarray(start, float)
    memory, places = (np.zeros_like(place), np.zeros_like(place)), [place]
    with np.errstate(all="ignore"):  # too high a learning rate may end in infinity
        for number in range(1, steps + 1):
            change, memory = rule(slopes(place), memory, number, rate)
            place = place + change
            places.append(place)
    return np.array(places)
