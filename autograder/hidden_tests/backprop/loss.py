"""``softmax_cross_entropy`` and its gradient."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from autograder.hidden_tests.cases import Case, CaseGroup
from autograder.hidden_tests.diagnosis import MistakeList
from autograder.hidden_tests.exercise import FunctionExercise, JointExercise
from autograder.hidden_tests.variants import all_forms

Array = NDArray[Any]

_forward = MistakeList()
_backward = MistakeList()


def softmax_cross_entropy(logits: Array, labels: Array) -> float:
    """The mean loss, by SciPy's logarithm of the softmax.

    Args:
        logits: scores, (N, K).
        labels: right classes, (N,), 0 to K - 1.
    """
    return float(-np.mean(_picked(special.log_softmax(logits, axis=1), labels)))


def softmax_cross_entropy_backward(logits: Array, labels: Array) -> Array:
    """The gradient of the mean loss with respect to the logits, (N, K); see the forward pass."""
    return np.asarray((special.softmax(logits, axis=1) - _one_hot(logits, labels)) / len(logits))


def _picked(table: Array, labels: Array) -> Array:
    return np.take_along_axis(table, labels[:, None], axis=1)[:, 0]


def _one_hot(logits: Array, labels: Array) -> Array:
    return np.eye(logits.shape[1])[labels]


def _naive(logits: Array) -> Array:
    """The softmax by its formula, which overflows; NumPy's warning is the student's to read."""
    with np.errstate(all="ignore"):
        return np.asarray(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))


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
        return float(-np.mean(np.log(_picked(_naive(logits), labels))))


@_forward.add(
    "one maximum is taken off the whole table: take each row's own off it, or a row that lies far "
    "below the others becomes exp of large negative numbers, all 0."
)
def one_maximum_for_all_rows(logits: Array, labels: Array) -> float:
    moved = logits - logits.max()
    with np.errstate(all="ignore"):
        each = np.log(np.exp(moved).sum(axis=1)) - _picked(moved, labels)
    return float(np.mean(each))


@_forward.add(
    "the logarithm of 0 is taken: a probability that is too small for a float becomes 0. The "
    "logarithm of the softmax is logit - max - log(sum of exp(logits - max)), with no division."
)
def logarithm_of_0(logits: Array, labels: Array) -> float:
    with np.errstate(all="ignore"):
        return float(-np.mean(np.log(_picked(special.softmax(logits, axis=1), labels))))


@_forward.add(
    "small probabilities are cut off before the logarithm, so that a very wrong answer costs too "
    "little: the logarithm of the softmax is logit - max - log(sum of exp(logits - max))."
)
def probabilities_cut_off(logits: Array, labels: Array) -> float:
    right = _picked(special.softmax(logits, axis=1), labels)
    return float(-np.mean(np.log(np.maximum(right, 1e-12))))


@_forward.add("the softmax runs over the batch: the probabilities of one example, a row, sum to 1.")
def softmax_over_the_batch(logits: Array, labels: Array) -> float:
    return float(-np.mean(_picked(special.log_softmax(logits, axis=0), labels)))


@_forward.add("the softmax runs over the whole table: the probabilities of each row sum to 1.")
def softmax_over_everything(logits: Array, labels: Array) -> float:
    return float(-np.mean(_picked(special.log_softmax(logits), labels)))


@_forward.add("the logarithm is missing: the loss is -log of the right class' probability.")
def logarithm_missing(logits: Array, labels: Array) -> float:
    return float(-np.mean(_picked(special.softmax(logits, axis=1), labels)))


@_forward.add("the logarithm has base 2: use the natural one, np.log.")
def logarithm_to_base_2(logits: Array, labels: Array) -> float:
    return softmax_cross_entropy(logits, labels) / float(np.log(2.0))


@_forward.add("the softmax is missing: the logarithm is that of a probability, not of a logit.")
def softmax_missing(logits: Array, labels: Array) -> float:
    return float(-np.mean(_picked(logits, labels)))


@_forward.add("every example's loss comes back: the loss of a batch is one number, their mean.")
def one_loss_an_example(logits: Array, labels: Array) -> Array:
    return np.asarray(-_picked(special.log_softmax(logits, axis=1), labels))


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
    return np.asarray((special.softmax(logits, axis=0) - _one_hot(logits, labels)) / len(logits))


@_backward.add(
    "exp overflows: subtract each row's largest logit first; the softmax stays the same."
)
def overflow_in_the_gradient(logits: Array, labels: Array) -> Array:
    return np.asarray((_naive(logits) - _one_hot(logits, labels)) / len(logits))


@_backward.add(
    "one maximum is taken off the whole table: take each row's own off it, or a row that lies far "
    "below the others becomes exp of large negative numbers, all 0, and 0/0."
)
def one_maximum_in_the_gradient(logits: Array, labels: Array) -> Array:
    return np.asarray((_naive(logits - logits.max()) - _one_hot(logits, labels)) / len(logits))


@_backward.add("the softmax is missing: p, not the logits, minus one-hot.")
def softmax_missing_in_the_gradient(logits: Array, labels: Array) -> Array:
    return np.asarray((logits - _one_hot(logits, labels)) / len(logits))


@_backward.add(
    "only the right class has a gradient: every other logit is in the softmax's sum as well, and "
    "its gradient is p / N."
)
def right_class_only(logits: Array, labels: Array) -> Array:
    return softmax_cross_entropy_backward(logits, labels) * _one_hot(logits, labels)


@_backward.add("1 and 1/N are mixed up: subtract 1 first, then divide all by N.")
def divided_before_subtracting(logits: Array, labels: Array) -> Array:
    p = special.softmax(logits, axis=1) / len(logits)
    return np.asarray(p - _one_hot(logits, labels))


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
    """One call ``f(logits, labels)``.

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
    """One call with logits near 900, the right class' the largest in every row but the first.

    Args:
        rng: draws logits and labels.
        n: examples.
        k: classes.
        wrong: whether the right class is the least likely one in the first row, and whether the
            other rows lie far below it.
    """
    logits, labels = rng.uniform(800.0, 850.0, (n, k)), rng.integers(0, k, n)
    logits[np.arange(n), labels] = 900.0
    if wrong:
        logits[0, labels[0]] = -900.0
        logits[1:] -= 1800.0
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
    mistakes=tuple(_forward),
    variants=(log_sum_exp, row_by_row),
)
CROSS_ENTROPY_BACKWARD = FunctionExercise(
    name="softmax_cross_entropy_backward",
    points=6,
    reference=softmax_cross_entropy_backward,
    groups=GROUPS,
    mistakes=tuple(_backward),
    variants=(softmax_minus_one_hot, row_by_row_back, *all_forms(softmax_minus_one_hot)),
)
LOSS = JointExercise("loss", (CROSS_ENTROPY, CROSS_ENTROPY_BACKWARD))
