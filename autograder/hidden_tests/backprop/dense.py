"""``dense`` and ``dense_backward``."""

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
    all_forms,
)
from autograder.hidden_tests.backprop.draws import away_from_zero
from coursekit.arrays import Array

Gradients = tuple[Array, Array, Array]

_forward = MistakeList()
_backward = MistakeList()


def dense(x: Array, w: Array, b: Array) -> Array:
    """Return the layer's output, by an Einstein sum.

    Args:
        x: inputs, (N, D).
        w: weights, (D, M).
        b: biases, (M,).
    """
    return np.asarray(np.einsum("nd,dm->nm", x, w) + b)


def dense_backward(dout: Array, x: Array, w: Array) -> Gradients:
    """Return the gradients dx, dw, db, by Einstein sums.

    Args:
        dout: gradient of the loss with respect to the layer's output, (N, M).
        x: inputs, (N, D).
        w: weights, (D, M).
    """
    dw = np.einsum("nd,nm->dm", x, dout)
    return np.einsum("nm,dm->nd", dout, w), dw, np.einsum("nm->m", dout)


@_forward.add("the bias is missing: add b[m] to every entry of column m.")
def bias_missing(x: Array, w: Array, b: Array) -> Array:  # noqa: ARG001
    return np.asarray(x @ w)


@_forward.add("the bias is subtracted: a layer adds it.")
def bias_subtracted(x: Array, w: Array, b: Array) -> Array:
    return np.asarray(x @ w - b)


@_forward.add(
    "the bias is added to every product and so summed many times: add b[m] once, after the sum."
)
def bias_added_per_product(x: Array, w: Array, b: Array) -> Array:
    return np.asarray(x @ w + x.shape[1] * b)


@_forward.add("the first bias is used for every output: output m has its own, b[m].")
def first_bias_for_all(x: Array, w: Array, b: Array) -> Array:
    return np.asarray(x @ w + b[0])


@_forward.add("a ReLU is applied: this layer is linear, and the ReLU a layer of its own.")
def relu_applied(x: Array, w: Array, b: Array) -> Array:
    return np.asarray(np.maximum(x @ w + b, 0))


@_backward.add(
    "db is not summed over the batch: every row of x had the same bias added, so db sums dout "
    "over axis 0 and has shape (M,)."
)
def db_not_summed(dout: Array, x: Array, w: Array) -> Gradients:
    return dout @ w.T, x.T @ dout, dout


@_backward.add("db is a mean over the batch: sum it, with np.sum, not np.mean.")
def db_mean(dout: Array, x: Array, w: Array) -> Gradients:
    return dout @ w.T, x.T @ dout, dout.mean(0)


@_backward.add("db is summed over the outputs: sum over the batch, axis 0.")
def db_over_the_wrong_axis(dout: Array, x: Array, w: Array) -> Gradients:
    return dout @ w.T, x.T @ dout, dout.sum(1)


@_backward.add(
    "db has the shape (1, M): bias and gradient are (M,), without an axis for the batch."
)
def db_keeps_the_axis(dout: Array, x: Array, w: Array) -> Gradients:
    return dout @ w.T, x.T @ dout, dout.sum(0, keepdims=True)


@_backward.add(
    "dw and db are divided by N: sum over the batch. Where the loss is a mean, its 1/N is in dout "
    "already."
)
def means_over_the_batch(dout: Array, x: Array, w: Array) -> Gradients:
    return dout @ w.T, x.T @ dout / len(x), dout.mean(0)


@_backward.add(
    "dw is divided by N: sum over the batch. Where the loss is a mean, its 1/N is in dout already."
)
def dw_mean(dout: Array, x: Array, w: Array) -> Gradients:
    return dout @ w.T, x.T @ dout / len(x), dout.sum(0)


@_backward.add("dw comes out transposed: it has the shape of w, (D, M), so x.T @ dout.")
def dw_transposed(dout: Array, x: Array, w: Array) -> Gradients:
    return dout @ w.T, dout.T @ x, dout.sum(0)


@_backward.add(
    "dw holds the last row's share alone: all rows used the same weights, so it sums over the "
    "batch. Write += instead of =."
)
def last_row_only(dout: Array, x: Array, w: Array) -> Gradients:
    return dout @ w.T, np.outer(x[-1], dout[-1]), dout.sum(0)


@_backward.add(
    "dx is computed with w as it is: going back, the weights are used the other way round, "
    "dout @ w.T."
)
def w_not_transposed(dout: Array, x: Array, w: Array) -> Gradients:
    return dout @ w, x.T @ dout, dout.sum(0)


@_backward.add(
    "w is reshaped where it must be transposed: reshape keeps the order of the numbers. Write w.T."
)
def w_reshaped(dout: Array, x: Array, w: Array) -> Gradients:
    return dout @ w.reshape(w.shape[::-1]), x.T @ dout, dout.sum(0)


@_backward.add(
    "x is reshaped where it must be transposed: reshape keeps the order of the numbers. Write x.T."
)
def x_reshaped(dout: Array, x: Array, w: Array) -> Gradients:
    return dout @ w.T, x.reshape(x.shape[::-1]) @ dout, dout.sum(0)


@_backward.add(
    "dout is reshaped where it must be transposed: reshape keeps the order of the numbers. Write "
    "dout.T, or x.T @ dout for dw."
)
def dout_reshaped(dout: Array, x: Array, w: Array) -> Gradients:
    return dout @ w.T, (dout.reshape(dout.shape[::-1]) @ x).T, dout.sum(0)


@_backward.add(
    "dout is reshaped for dx where it must be transposed: reshape keeps the order of the numbers. "
    "Write dout @ w.T."
)
def dout_reshaped_for_dx(dout: Array, x: Array, w: Array) -> Gradients:
    return (w @ dout.reshape(dout.shape[::-1])).T, x.T @ dout, dout.sum(0)


@_backward.add("db is one number: each output has a bias, so sum over the batch alone, axis 0.")
def db_one_number(dout: Array, x: Array, w: Array) -> tuple[Array, Array, Any]:
    return dout @ w.T, x.T @ dout, dout.sum()


@_backward.add("dx and dw are exchanged: dx comes from dout and w, dw from dout and x.")
def dw_before_dx(dout: Array, x: Array, w: Array) -> Gradients:
    return x.T @ dout, dout @ w.T, dout.sum(0)


@_backward.add(
    "the upstream gradient is left out: every gradient is dout times what was multiplied (chain "
    "rule)."
)
def dout_not_used(dout: Array, x: Array, w: Array) -> Gradients:
    return dense_backward(np.ones_like(dout), x, w)


def matrix_product(x: Array, w: Array, b: Array) -> Array:
    return np.asarray(np.matmul(x, w) + b)


def three_loops(x: Array, w: Array, b: Array) -> Array:
    out = np.zeros((len(x), w.shape[1]))
    for n, m in np.ndindex(*out.shape):
        out[n, m] = b[m] + sum(x[n, d] * w[d, m] for d in range(len(w)))
    return out


def matrix_products_back(dout: Array, x: Array, w: Array) -> Gradients:
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def three_loops_back(dout: Array, x: Array, w: Array) -> Gradients:
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros(w.shape[1])
    for n, m in np.ndindex(*dout.shape):
        db[m] += dout[n, m]
        for d in range(len(w)):
            dx[n, d] += dout[n, m] * w[d, m]
            dw[d, m] += dout[n, m] * x[n, d]
    return dx, dw, db


def lists_back(dout: Array, x: Array, w: Array) -> list[Any]:
    return [gradient.tolist() for gradient in matrix_products_back(dout, x, w)]


def forward_case(
    rng: np.random.Generator, *, n: int = 2, d: int = 3, m: int = 2, bias: bool = True
) -> Case:
    """Return one call ``dense(x, w, b)``."""
    b = away_from_zero(rng, m) if bias else np.zeros(m)
    return Case((rng.normal(size=(n, d)), rng.normal(size=(d, m)), b))


def backward_case(rng: np.random.Generator, *, n: int = 1, d: int = 3, m: int = 2) -> Case:
    """Return one call ``dense_backward(dout, x, w)``."""
    return Case((away_from_zero(rng, (n, m)), rng.normal(size=(n, d)), rng.normal(size=(d, m))))


DENSE = FunctionExercise(
    name="dense",
    points=2,
    reference=dense,
    groups=(
        CaseGroup("basic", 0.5, (partial(forward_case, bias=False),) * 2),
        CaseGroup("bias", 0.5, (forward_case, partial(forward_case, n=4, d=2, m=3))),
    ),
    mistakes=tuple(_forward),
    variants=(matrix_product, three_loops, *all_forms(matrix_product)),
)
DENSE_BACKWARD = FunctionExercise(
    name="dense_backward",
    points=7,
    reference=dense_backward,
    groups=(
        CaseGroup("one example", 0.3, (backward_case, partial(backward_case, d=2, m=4))),
        CaseGroup(
            "a batch",
            0.7,
            (
                partial(backward_case, n=3),
                partial(backward_case, n=4, d=2, m=3),
                partial(backward_case, n=3, d=3, m=3),
            ),
        ),
    ),
    mistakes=tuple(_backward),
    variants=(matrix_products_back, three_loops_back, lists_back),
    parts={"dx": 1, "dw": 1, "db": 1},
)
DENSE_LAYER = JointExercise("dense_layer", (DENSE, DENSE_BACKWARD))
