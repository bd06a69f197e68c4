"""``softmax``."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from scipy import special

from autograder.exercises import Case, CaseGroup, FunctionExercise, MistakeList, all_forms
from coursekit.arrays import Array

_mistakes = MistakeList()


def softmax(scores: Array) -> Array:
    """Return probabilities from scores, by SciPy.

    Args:
        scores: one row for each image, (N, K).

    Returns:
        Array of shape (N, K); each row sums to 1.
    """
    return np.asarray(special.softmax(scores, axis=1))


def scores_case(
    rng: np.random.Generator,
    *,
    items: int = 1,
    classes: int = 4,
    around: tuple[float, ...] = (0.0,),
    spread: float = 2.0,
) -> Case:
    """Return one call.

    Args:
        rng: draws the scores.
        items: rows.
        classes: columns.
        around: the rows' means, in turn.
        spread: how far apart the scores of a row are.
    """
    scores = spread * rng.normal(size=(items, classes))
    return Case((scores + np.resize(around, items)[:, None],))


def far_case(rng: np.random.Generator) -> Case:
    """Return one call on rows with one score far above and one far below the others."""
    scores = rng.normal(size=(2, 4))
    return Case((scores + np.array([[0.0, 1000.0, 0.0, -3000.0], [900.0, 0.0, 910.0, 910.0]]),))


def _normalised(e: Array, total: Any) -> Array:
    with np.errstate(all="ignore"):
        return np.asarray(e / total)


def _exp(scores: Array) -> Array:
    with np.errstate(all="ignore"):
        return np.exp(scores)


@_mistakes.add(
    "large scores overflow: exp(1000) is inf, and inf / inf is nan. Subtract each row's largest "
    "score first; that does not change the result."
)
def not_stable(scores: Array) -> Array:
    e = _exp(scores)
    return _normalised(e, e.sum(1, keepdims=True))


@_mistakes.add(
    "one largest score is subtracted from all rows: a row that lies far below it becomes all "
    "zeros, and 0 / 0 is nan. Each row has its own: np.max(scores, axis=1, keepdims=True)."
)
def one_maximum_for_all_rows(scores: Array) -> Array:
    e = _exp(scores - scores.max())
    return _normalised(e, e.sum(1, keepdims=True))


@_mistakes.add(
    "each row's mean is subtracted: a score far above it still overflows. Subtract the largest."
)
def mean_subtracted(scores: Array) -> Array:
    e = _exp(scores - scores.mean(1, keepdims=True))
    return _normalised(e, e.sum(1, keepdims=True))


@_mistakes.add(
    "each row's smallest score is subtracted: the others still overflow. Subtract the largest."
)
def minimum_subtracted(scores: Array) -> Array:
    e = _exp(scores - scores.min(1, keepdims=True))
    return _normalised(e, e.sum(1, keepdims=True))


@_mistakes.add("the columns sum to 1: the classes of one image stand in a row, so sum over axis 1.")
def over_the_batch(scores: Array) -> Array:
    return np.asarray(special.softmax(scores, axis=0))


@_mistakes.add(
    "the whole array sums to 1: every row is an image of its own and sums to 1, so sum over axis 1."
)
def over_everything(scores: Array) -> Array:
    return np.asarray(special.softmax(scores))


@_mistakes.add(
    "the sums lose their axis, so that row n is not divided by its own sum: write "
    "axis=1, keepdims=True."
)
def axis_of_sums_lost(scores: Array) -> Array:
    e = _exp(scores - scores.max(1, keepdims=True))
    return _normalised(e, e.sum(1))


@_mistakes.add(
    "maxima and sums lose their axis, so that row n is not set against its own: write "
    "axis=1, keepdims=True for both."
)
def axes_lost(scores: Array) -> Array:
    e = _exp(scores - scores.max(1))
    return _normalised(e, e.sum(1))


@_mistakes.add(
    "each row's largest score is subtracted, but the columns are divided by their sums: an image's "
    "classes stand in a row, so sum over axis 1 as well."
)
def rows_subtracted_and_columns_divided(scores: Array) -> Array:
    e = _exp(scores - scores.max(1, keepdims=True))
    return _normalised(e, e.sum(0))


@_mistakes.add(
    "the largest score of each column is subtracted: a constant must be the same along a row, "
    "which axis=1, keepdims=True gives."
)
def columns_subtracted(scores: Array) -> Array:
    e = _exp(scores - scores.max(0))
    return _normalised(e, e.sum(1, keepdims=True))


@_mistakes.add("the exponentials are not divided by their sum: the probabilities must sum to 1.")
def not_divided(scores: Array) -> Array:
    return _exp(scores - scores.max(1, keepdims=True))


@_mistakes.add("the exponential is missing: exp first, so that negative scores do not spoil it.")
def no_exponential(scores: Array) -> Array:
    return _normalised(scores, scores.sum(1, keepdims=True))


@_mistakes.add("the logarithm of the probabilities is returned: return them themselves.")
def logarithm(scores: Array) -> Array:
    return np.asarray(special.log_softmax(scores, axis=1))


@_mistakes.add("softmax is taken twice, of the probabilities again: once is enough.")
def twice(scores: Array) -> Array:
    return softmax(softmax(scores))


@_mistakes.add(
    "the sigmoid of each score is taken: then a row does not sum to 1. Divide exp(score) by the "
    "sum over the row."
)
def sigmoid(scores: Array) -> Array:
    return np.asarray(special.expit(scores))


@_mistakes.add("the sign is wrong: exp(-score) makes the largest score the least likely.")
def wrong_sign(scores: Array) -> Array:
    return softmax(-scores)


@_mistakes.add("powers of 2 are taken: the base is e, np.exp.")
def powers_of_2(scores: Array) -> Array:
    return softmax(np.log(2) * scores)


@_mistakes.add("the largest score gets 1 and the others 0: softmax gives each class its share.")
def one_for_the_largest(scores: Array) -> Array:
    return np.asarray(np.eye(scores.shape[1])[scores.argmax(1)])


@_mistakes.add("the number of the likeliest class is returned: return the probabilities of all.")
def class_number(scores: Array) -> Array:
    return np.asarray(scores.argmax(1))


@_mistakes.add(
    "the scores are divided by the largest, to make them small: subtract the largest. A factor "
    "changes the result, a term does not."
)
def divided_by_the_largest(scores: Array) -> Array:
    return softmax(scores / scores.max(1, keepdims=True))


@_mistakes.add(
    "the scores are divided by the largest absolute value, to make them small: subtract the "
    "largest. A factor changes the result, a term does not."
)
def divided_by_the_largest_size(scores: Array) -> Array:
    return softmax(scores / np.abs(scores).max(1, keepdims=True))


@_mistakes.add(
    "each row's largest score is subtracted, but the whole table is divided by one sum: every row "
    "is an image of its own and sums to 1. Write axis=1, keepdims=True for the sum, too."
)
def one_sum_for_all_rows(scores: Array) -> Array:
    e = _exp(scores - scores.max(1, keepdims=True))
    return _normalised(e, e.sum())


@_mistakes.add(
    "scores beyond a bound are cut off, as np.clip does: large scores that differ become equal. "
    "Subtract each row's largest score instead."
)
def scores_cut_off(scores: Array) -> Array:
    return softmax(np.clip(scores, -500, 500))


@_mistakes.add("each row is divided by its number of classes: divide by the sum of its powers.")
def divided_by_the_classes(scores: Array) -> Array:
    e = _exp(scores - scores.max(1, keepdims=True))
    return np.asarray(e / scores.shape[1])


def by_maximum(scores: Array) -> Array:
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return np.asarray(e / np.sum(e, axis=1, keepdims=True))


def by_logarithm(scores: Array) -> Array:
    return np.asarray(np.exp(scores - special.logsumexp(scores, axis=1, keepdims=True)))


def row_by_row(scores: Array) -> Array:
    out = np.zeros_like(scores)
    for n, row in enumerate(scores):
        e = np.exp(row - row.max())
        out[n] = e / e.sum()
    return out


def transposed(scores: Array) -> Array:
    e = np.exp(scores.T - scores.max(1))
    return np.asarray((e / e.sum(0)).T)


SOFTMAX = FunctionExercise(
    name="softmax",
    points=8,
    reference=softmax,
    groups=(
        CaseGroup("one row", 0.25, (scores_case, partial(scores_case, classes=3))),
        CaseGroup(
            "several rows",
            0.35,
            (
                partial(scores_case, items=3),
                partial(scores_case, items=2, classes=5),
                partial(scores_case, items=4),
            ),
        ),
        CaseGroup(
            "large scores",
            0.2,
            (
                partial(scores_case, classes=3, around=(1000.0,)),
                partial(scores_case, items=2, around=(2000.0,)),
                partial(scores_case, items=2, classes=3, around=(-1000.0,)),
            ),
        ),
        CaseGroup(
            "scores far apart",
            0.2,
            (far_case, partial(scores_case, items=3, around=(-1000.0, 0.0, 1000.0))),
        ),
    ),
    mistakes=tuple(_mistakes),
    variants=(by_maximum, by_logarithm, row_by_row, transposed, *all_forms(by_maximum)),
    rtol=3e-4,  # scores near 2000 have four decimals in single precision
)
