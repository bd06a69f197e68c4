"""Wrong ways of computing a loss and its gradient."""

# ruff: noqa: D103 - its sentence describes a mistake

from __future__ import annotations

import numpy as np
from scipy import special

from autograder.exercises import MistakeList
from autograder.hidden_tests.backprop.softmax import (
    naive,
    one_hot,
    picked,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
)
from coursekit.arrays import Array

_forward = MistakeList()
_backward = MistakeList()


@_forward.add("the losses are summed: the loss of a batch is their mean, divide by N.")
def sum_instead_of_mean(logits: Array, labels: Array) -> float:
    return len(logits) * softmax_cross_entropy(logits, labels)


@_forward.add("the sign is wrong: the loss is minus the logarithm, and so never negative.")
def sign_wrong(logits: Array, labels: Array) -> float:
    return -softmax_cross_entropy(logits, labels)


@_forward.add(
    "the mean is taken over all N * K entries of a table that is 0 but for the right classes: "
    "divide by N, the number of rows."
)
def mean_over_classes_too(logits: Array, labels: Array) -> float:
    return float(softmax_cross_entropy(logits, labels) / logits.shape[1])


@_forward.add("exp overflows: subtract each row's largest logit first; the softmax stays the same.")
def overflow(logits: Array, labels: Array) -> float:
    with np.errstate(all="ignore"):
        return float(-np.mean(np.log(picked(naive(logits), labels))))


@_forward.add(
    "one maximum is taken off the whole table: take each row's own off it, or a row that lies far "
    "below the others becomes exp of large negative numbers, all 0."
)
def one_maximum_for_all_rows(logits: Array, labels: Array) -> float:
    moved = logits - logits.max()
    with np.errstate(all="ignore"):
        each = np.log(np.exp(moved).sum(axis=1)) - picked(moved, labels)
    return float(np.mean(each))


def _mean_subtracted(logits: Array, labels: Array) -> float:
    return _moved_by(logits.mean(axis=1, keepdims=True), logits, labels)


@_forward.add(
    "each row's smallest logit, or its mean, is subtracted: exp of the others still overflows. "
    "Subtract the largest.",
    others=(_mean_subtracted,),
)
def minimum_subtracted(logits: Array, labels: Array) -> float:
    return _moved_by(logits.min(axis=1, keepdims=True), logits, labels)


def _moved_by(what: Array, logits: Array, labels: Array) -> float:
    """Return the loss by the softmax of logits from which something was subtracted."""
    with np.errstate(all="ignore"):
        return float(-np.mean(np.log(picked(naive(logits - what), labels))))


@_forward.add(
    "whole columns are picked, as logs[:, labels] does: each row has one right class, "
    "logs[np.arange(N), labels]."
)
def whole_columns_picked(logits: Array, labels: Array) -> float:
    return float(-np.mean(special.log_softmax(logits, axis=1)[:, labels]))


@_forward.add(
    "the logarithm of 0 is taken: a probability that is too small for a float becomes 0. The "
    "logarithm of the softmax is logit - max - log(sum of exp(logits - max)), with no division."
)
def logarithm_of_0(logits: Array, labels: Array) -> float:
    with np.errstate(all="ignore"):
        return float(-np.mean(np.log(picked(special.softmax(logits, axis=1), labels))))


@_forward.add(
    "small probabilities are cut off before the logarithm, so that a very wrong answer costs too "
    "little: the logarithm of the softmax is logit - max - log(sum of exp(logits - max))."
)
def probabilities_cut_off(logits: Array, labels: Array) -> float:
    right = picked(special.softmax(logits, axis=1), labels)
    return float(-np.mean(np.log(np.maximum(right, 1e-12))))


@_forward.add("the softmax runs over the batch: the probabilities of one example, a row, sum to 1.")
def softmax_over_the_batch(logits: Array, labels: Array) -> float:
    return float(-np.mean(picked(special.log_softmax(logits, axis=0), labels)))


@_forward.add("the softmax runs over the whole table: the probabilities of each row sum to 1.")
def softmax_over_everything(logits: Array, labels: Array) -> float:
    return float(-np.mean(picked(special.log_softmax(logits), labels)))


@_forward.add("the logarithm is missing: the loss is -log of the right class' probability.")
def logarithm_missing(logits: Array, labels: Array) -> float:
    return float(-np.mean(picked(special.softmax(logits, axis=1), labels)))


@_forward.add("the logarithm has base 2: use the natural one, np.log.")
def logarithm_to_base_2(logits: Array, labels: Array) -> float:
    return softmax_cross_entropy(logits, labels) / float(np.log(2.0))


@_forward.add("the softmax is missing: the logarithm is that of a probability, not of a logit.")
def softmax_missing(logits: Array, labels: Array) -> float:
    return float(-np.mean(picked(logits, labels)))


@_forward.add("every example's loss comes back: the loss of a batch is one number, their mean.")
def one_loss_an_example(logits: Array, labels: Array) -> Array:
    return np.asarray(-picked(special.log_softmax(logits, axis=1), labels))


@_forward.add("the softmax is applied twice: once turns logits into probabilities.")
def softmax_twice(logits: Array, labels: Array) -> float:
    return softmax_cross_entropy(special.softmax(logits, axis=1), labels)


@_backward.add(
    "1/N is missing: the loss is a mean over the batch, so its gradient is divided by N."
)
def not_divided_by_n(logits: Array, labels: Array) -> Array:
    return softmax_cross_entropy_backward(logits, labels) * len(logits)


@_backward.add("the 1 of the right class is not subtracted: the gradient is (p - one-hot) / N.")
def one_hot_missing(logits: Array, labels: Array) -> Array:  # noqa: ARG001
    return np.asarray(special.softmax(logits, axis=1) / len(logits))


@_backward.add("the sign is wrong: p minus one-hot, not one-hot minus p.")
def sign_wrong_way_round(logits: Array, labels: Array) -> Array:
    return -softmax_cross_entropy_backward(logits, labels)


@_backward.add("it is divided by the number of classes: divide by N, the number of rows.")
def divided_by_classes(logits: Array, labels: Array) -> Array:
    right = softmax_cross_entropy_backward(logits, labels)
    return np.asarray(right * len(logits) / logits.shape[1])


@_backward.add("it is divided by N * K: divide by N, the number of rows.")
def divided_by_all_entries(logits: Array, labels: Array) -> Array:
    return np.asarray(softmax_cross_entropy_backward(logits, labels) / logits.shape[1])


@_backward.add(
    "1 is subtracted in whole columns, as p[:, labels] -= 1 does: each row has one right class, "
    "p[np.arange(N), labels] -= 1."
)
def whole_columns(logits: Array, labels: Array) -> Array:
    p = special.softmax(logits, axis=1)
    p[:, labels] -= 1.0
    return np.asarray(p / len(logits))


@_backward.add(
    "the softmax runs over the batch: the probabilities of one example, a row, sum to 1."
)
def softmax_of_columns(logits: Array, labels: Array) -> Array:
    return np.asarray((special.softmax(logits, axis=0) - one_hot(logits, labels)) / len(logits))


@_backward.add(
    "exp overflows: subtract each row's largest logit first; the softmax stays the same."
)
def overflow_in_the_gradient(logits: Array, labels: Array) -> Array:
    return np.asarray((naive(logits) - one_hot(logits, labels)) / len(logits))


@_backward.add(
    "one maximum is taken off the whole table: take each row's own off it, or a row that lies far "
    "below the others becomes exp of large negative numbers, all 0, and 0/0."
)
def one_maximum_in_the_gradient(logits: Array, labels: Array) -> Array:
    return np.asarray((naive(logits - logits.max()) - one_hot(logits, labels)) / len(logits))


@_backward.add(
    "each row's smallest logit is subtracted: exp of the others still overflows. Subtract the "
    "largest."
)
def minimum_in_the_gradient(logits: Array, labels: Array) -> Array:
    p = naive(logits - logits.min(axis=1, keepdims=True))
    return np.asarray((p - one_hot(logits, labels)) / len(logits))


@_backward.add(
    "each row's mean is subtracted: exp of a logit far above it still overflows. Subtract the "
    "largest."
)
def mean_in_the_gradient(logits: Array, labels: Array) -> Array:
    p = naive(logits - logits.mean(axis=1, keepdims=True))
    return np.asarray((p - one_hot(logits, labels)) / len(logits))


@_backward.add("the softmax is missing: p, not the logits, minus one-hot.")
def softmax_missing_in_the_gradient(logits: Array, labels: Array) -> Array:
    return np.asarray((logits - one_hot(logits, labels)) / len(logits))


@_backward.add(
    "only the right class has a gradient: every other logit is in the softmax's sum as well, and "
    "its gradient is p / N."
)
def right_class_only(logits: Array, labels: Array) -> Array:
    return softmax_cross_entropy_backward(logits, labels) * one_hot(logits, labels)


@_backward.add("1 and 1/N are mixed up: subtract 1 first, then divide all by N.")
def divided_before_subtracting(logits: Array, labels: Array) -> Array:
    p = special.softmax(logits, axis=1) / len(logits)
    return np.asarray(p - one_hot(logits, labels))


FORWARD_MISTAKES = tuple(_forward)
BACKWARD_MISTAKES = tuple(_backward)
