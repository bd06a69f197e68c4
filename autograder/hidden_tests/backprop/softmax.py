"""Softmax and its cross entropy, by SciPy: the references, and parts that mistakes need."""

from __future__ import annotations

import numpy as np
from scipy import special

from coursekit.arrays import Array


def softmax_cross_entropy(logits: Array, labels: Array) -> float:
    """Return the mean loss, by SciPy's logarithm of the softmax.

    Args:
        logits: scores, (N, K).
        labels: right classes, (N,), 0 to K - 1.
    """
    return float(-np.mean(picked(special.log_softmax(logits, axis=1), labels)))


def softmax_cross_entropy_backward(logits: Array, labels: Array) -> Array:
    """Return the gradient of the mean loss with respect to the logits, shape (N, K)."""
    return np.asarray((special.softmax(logits, axis=1) - one_hot(logits, labels)) / len(logits))


def picked(table: Array, labels: Array) -> Array:
    """Return one entry of each row: that of its label."""
    return np.take_along_axis(table, labels[:, None], axis=1)[:, 0]


def one_hot(logits: Array, labels: Array) -> Array:
    """Return 1 at each row's label, 0 elsewhere."""
    return np.eye(logits.shape[1])[labels]


def naive(logits: Array) -> Array:
    """Return the softmax by its formula, which overflows for large logits."""
    with np.errstate(all="ignore"):
        return np.asarray(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))
