"""``dense``: from rows to scores."""

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
    Sampler,
    all_forms,
    distinguishing,
)
from autograder.hidden_tests.pooling.draws import away_from_zero
from autograder.hidden_tests.pooling.flat import FLATTEN
from coursekit.arrays import Array

_mistakes = MistakeList()


def dense(x: Array, w: Array, b: Array) -> Array:
    """Return the scores of a fully connected layer.

    Args:
        x: one row for each image, (N, D).
        w: weights, (D, U).
        b: biases, (U,).

    Returns:
        Array of shape (N, U).
    """
    return np.asarray(np.einsum("nd,du->nu", x, w) + b)


def dense_case(
    rng: np.random.Generator, *, items: int = 1, more: int = 2, bias: bool = False
) -> Case:
    """Return one call with as many inputs as units and ``more``."""
    units = int(rng.integers(2, 5))
    x, w = rng.normal(size=(items, units + more)), rng.normal(size=(units + more, units))
    return Case((x, w, away_from_zero(rng, units) if bias else np.zeros(units)))


@_mistakes.add("the bias is missing: add b[u] to the score of unit u.")
def bias_missing(x: Array, w: Array, b: Array) -> Array:
    return dense(x, w, 0 * b)


@_mistakes.add("the bias is subtracted: a layer adds it.")
def bias_subtracted(x: Array, w: Array, b: Array) -> Array:
    return dense(x, w, -b)


@_mistakes.add("the first bias is used for every unit: unit u has its own, b[u].")
def first_bias_for_all(x: Array, w: Array, b: Array) -> Array:
    return dense(x, w, np.full_like(b, b[0]))


@_mistakes.add(
    "the bias is added to every product and so summed many times: add it once, after the sum."
)
def bias_added_per_product(x: Array, w: Array, b: Array) -> Array:
    return dense(x, w, len(w) * b)


@_mistakes.add(
    "the weights are transposed: w has a row for each input and a column for each unit, so x @ w "
    "fits as it is."
)
def weights_transposed(x: Array, w: Array, b: Array) -> Array:
    return np.asarray(x @ w.T + b)


@_mistakes.add(
    "x and w are the wrong way round: the images are the rows of the result, so x comes first, "
    "x @ w."
)
def factors_swapped(x: Array, w: Array, b: Array) -> Array:
    return np.asarray(w @ x + b)


@_mistakes.add("the result is transposed: a row for each image, a column for each unit.")
def result_transposed(x: Array, w: Array, b: Array) -> Array:
    return dense(x, w, b).T


@_mistakes.add(
    "negative scores become 0: this layer has no activation. ReLU would be a layer of its own."
)
def relu_applied(x: Array, w: Array, b: Array) -> Array:
    return np.maximum(dense(x, w, b), 0)


@_mistakes.add(
    "softmax is applied already: this layer gives the scores, softmax is a layer of its own."
)
def softmax_applied(x: Array, w: Array, b: Array) -> Array:
    e = np.exp(dense(x, w, b))
    return np.asarray(e / e.sum(1, keepdims=True))


@_mistakes.add("the mean of the products is taken: a layer sums them.")
def mean_instead_of_sum(x: Array, w: Array, b: Array) -> Array:
    return dense(x, w / len(w), b)


@_mistakes.add(
    "the products are not summed: unit u sums x[n, d] * w[d, u] over all inputs d, x @ w."
)
def products_not_summed(x: Array, w: Array, b: Array) -> Array:
    return np.asarray(x[:, :, None] * w + b)


@_mistakes.add("the first image is used for the whole batch: row n comes from x[n].")
def first_image_for_all(x: Array, w: Array, b: Array) -> Array:
    return dense(np.repeat(x[:1], len(x), 0), w, b)


@_mistakes.add(
    "only the first image is worked on: is the return inside the loop, or x[0] used for x?"
)
def first_image_only(x: Array, w: Array, b: Array) -> Array:
    return dense(x[:1], w, b)


def by_matrix_product(x: Array, w: Array, b: Array) -> Array:
    return np.asarray(x @ w + b)


def by_dot(x: Array, w: Array, b: Array) -> Array:
    return np.asarray(np.dot(x, w) + b.reshape(1, -1))


def three_loops(x: Array, w: Array, b: Array) -> Array:
    out = np.zeros((len(x), len(b)))
    for n, u in np.ndindex(*out.shape):
        out[n, u] = b[u] + sum(x[n, d] * w[d, u] for d in range(len(w)))
    return out


def transposed_twice(x: Array, w: Array, b: Array) -> Array:
    return np.asarray((w.T @ x.T + b[:, None]).T)


def ones_beside_x(x: Array, w: Array, b: Array) -> Array:
    return np.asarray(np.hstack([x, np.ones((len(x), 1))]) @ np.vstack([w, b]))


def _seen(**how: Any) -> Sampler:
    """Return a case with scores below 0."""
    return distinguishing(partial(dense_case, **how), dense, relu_applied)


DENSE = FunctionExercise(
    name="dense",
    points=6,
    reference=dense,
    groups=(
        CaseGroup("one image", 0.25, (_seen(), _seen(more=3))),
        CaseGroup("bias", 0.3, (_seen(bias=True), _seen(items=2, bias=True))),
        CaseGroup("batch", 0.25, (_seen(items=6), _seen(items=2))),
        CaseGroup(
            "as many units as inputs",
            0.2,
            (_seen(more=0), _seen(items=5, more=0)),
        ),
    ),
    mistakes=tuple(_mistakes),
    variants=(
        by_matrix_product,
        by_dot,
        three_loops,
        transposed_twice,
        ones_beside_x,
        *all_forms(by_matrix_product),
    ),
)
HEAD = JointExercise(name="head", parts=(FLATTEN, DENSE))
