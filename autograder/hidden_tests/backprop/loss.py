"""``softmax_cross_entropy`` and its gradient."""

# ruff: noqa: D103 - a variant's name describes it

from __future__ import annotations

from functools import partial

import numpy as np
from scipy import special

from autograder.exercises import Case, CaseGroup, FunctionExercise, JointExercise, all_forms
from autograder.hidden_tests.backprop.loss_mistakes import BACKWARD_MISTAKES, FORWARD_MISTAKES
from autograder.hidden_tests.backprop.softmax import (
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
)
from coursekit.arrays import Array


def log_sum_exp(logits: Array, labels: Array) -> float:
    moved = logits - logits.max(axis=1, keepdims=True)
    sums = np.log(np.exp(moved).sum(axis=1))
    return float(np.mean(sums - moved[np.arange(len(labels)), labels]))


def row_by_row(logits: Array, labels: Array) -> float:
    total = 0.0
    for row, label in zip(logits, labels, strict=True):
        top = row.max()
        total += top + np.log(sum(np.exp(row - top))) - row[label]
    return float(total / len(labels))


def softmax_minus_one_hot(logits: Array, labels: Array) -> Array:
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1.0
    return np.asarray(p / len(labels))


def row_by_row_back(logits: Array, labels: Array) -> Array:
    dx = np.zeros_like(logits)
    for n, row in enumerate(logits):
        dx[n] = special.softmax(row)
        dx[n, labels[n]] -= 1.0
    return dx / len(logits)


def case(rng: np.random.Generator, *, n: int = 3, k: int = 4) -> Case:
    """Return one call ``f(logits, labels)``.

    Args:
        rng: draws logits and labels.
        n: examples.
        k: classes.
    """
    logits, labels = rng.normal(size=(n, k)) * 1.5, rng.integers(0, k, n)
    if n > 1:
        labels[1] = (labels[0] + 1) % k
    return Case((logits + np.sign(logits), labels))


def large_case(rng: np.random.Generator, *, n: int, k: int, wrong: bool) -> Case:
    """Return one call with logits near 900, the right class' the largest in most rows.

    Args:
        rng: draws logits and labels.
        n: examples.
        k: classes.
        wrong: whether the right class is the least likely one in the first row, and whether the
            other rows lie far below it. Otherwise another class lies very far below the right one.
    """
    logits, labels = rng.uniform(800.0, 850.0, (n, k)), rng.integers(0, k, n)
    labels[1] = (labels[0] + 1) % k
    logits[np.arange(n), labels] = 900.0
    if wrong:
        logits[0, labels[0]] = -900.0
        logits[1:] -= 1800.0
    else:
        logits[0, (labels[0] + 1) % k] = -3000.0
    return Case((logits, labels))


GROUPS = (
    CaseGroup("one example", 0.25, (partial(case, n=1, k=3), partial(case, n=1, k=4))),
    CaseGroup("a batch", 0.55, (case, partial(case, n=5, k=3), partial(case, n=2, k=6))),
    CaseGroup(
        "large logits",
        0.2,
        (partial(large_case, n=2, k=3, wrong=True), partial(large_case, n=2, k=4, wrong=False)),
    ),
)

CROSS_ENTROPY = FunctionExercise(
    name="softmax_cross_entropy",
    points=4,
    reference=softmax_cross_entropy,
    groups=GROUPS,
    mistakes=FORWARD_MISTAKES,
    variants=(log_sum_exp, row_by_row),
)
CROSS_ENTROPY_BACKWARD = FunctionExercise(
    name="softmax_cross_entropy_backward",
    points=6,
    reference=softmax_cross_entropy_backward,
    groups=GROUPS,
    mistakes=BACKWARD_MISTAKES,
    variants=(softmax_minus_one_hot, row_by_row_back, *all_forms(softmax_minus_one_hot)),
)
LOSS = JointExercise("loss", (CROSS_ENTROPY, CROSS_ENTROPY_BACKWARD))
