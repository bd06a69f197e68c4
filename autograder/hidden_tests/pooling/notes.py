"""``wrong_maxima``: which of the maxima that the lecture notes print cannot be right."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.exercises import (
    Case,
    CaseGroup,
    FunctionExercise,
    MistakeList,
    Sampler,
    distinguishing,
)
from coursekit.arrays import Array

_mistakes = MistakeList()


def maxima(image: Array) -> Array:
    """Return the largest number of each 2 × 2 window, by comparing four shifted pictures."""
    upper, lower = image[::2], image[1::2]
    rows = np.where(upper > lower, upper, lower)
    left, right = rows[:, ::2], rows[:, 1::2]
    return np.where(left > right, left, right)


def wrong_maxima(image: Array, claimed: Array) -> Array:
    """Return where a claimed result of 2 × 2 max pooling is not what comes out.

    Args:
        image: one channel, (H, W), both even.
        claimed: (H / 2, W / 2).

    Returns:
        Truth values of the claim's shape, True where it is wrong.
    """
    return np.not_equal(maxima(image), claimed)


KINDS = ("right", "too large", "too small", "second")


def claim_case(
    rng: np.random.Generator, *, rows: int, columns: int, kinds: str = "", growth: int = 0
) -> Case:
    """Return one call on whole numbers, with claims of some kinds in random places.

    Args:
        rng: draws the numbers and where which claim stands.
        rows: of the claim.
        columns: of the claim.
        kinds: the kind of `KINDS` that stands beside right ones; by default all do.
        growth: by how much each window's numbers are above those of the one before, so that a
            window that reaches too far has another maximum; negative for below.
    """
    image = np.array([rng.permutation(8)[:4] * 2.0 for _ in range(rows * columns)])
    image += growth * np.arange(rows * columns)[:, None]
    largest = image.max(1)
    claims = np.stack([largest, largest + 1, largest - 1, np.sort(image, 1)[:, -2]])
    used = [0, KINDS.index(kinds)] if kinds else range(len(KINDS))
    kind = rng.permutation(np.resize(used, rows * columns))
    windows = image.reshape(rows, columns, 2, 2).transpose(0, 2, 1, 3)
    chosen = claims[kind, np.arange(rows * columns)]
    return Case((windows.reshape(2 * rows, 2 * columns), chosen.reshape(rows, columns)))


@_mistakes.add("True stands where the claim is right: it is asked where it is wrong, so != not ==.")
def right_instead_of_wrong(image: Array, claimed: Array) -> Array:
    return np.equal(maxima(image), claimed)


@_mistakes.add(
    "a claim counts as right if its number stands anywhere in the window: it must be the largest "
    "there."
)
def present_is_enough(image: Array, claimed: Array) -> Array:
    windows = sliding_window_view(image, (2, 2))[::2, ::2]
    return np.asarray((windows != claimed[..., None, None]).all((2, 3)))


@_mistakes.add("only claims that are too large are found: one that is too small is wrong as well.")
def too_large_only(image: Array, claimed: Array) -> Array:
    return np.greater(claimed, maxima(image))


@_mistakes.add("only claims that are too small are found: one that is too large is wrong as well.")
def too_small_only(image: Array, claimed: Array) -> Array:
    return np.less(claimed, maxima(image))


@_mistakes.add(
    "there is one answer for the whole claim: say it for each of its numbers, in an array of the "
    "claim's shape."
)
def one_answer_for_all(image: Array, claimed: Array) -> bool:
    return bool(wrong_maxima(image, claimed).any())


@_mistakes.add("numbers are returned: the answers are True and False, as a comparison gives them.")
def ones_and_zeros(image: Array, claimed: Array) -> Array:
    return wrong_maxima(image, claimed).astype(int)


@_mistakes.add(
    "the differences are returned: the answer is True or False, such as a comparison with != gives."
)
def differences(image: Array, claimed: Array) -> Array:
    return np.asarray(maxima(image) - claimed)


@_mistakes.add(
    "the places of the wrong claims are listed: return True or False for every place, in an array "
    "of the claim's shape."
)
def list_of_places(image: Array, claimed: Array) -> Array:
    return np.argwhere(wrong_maxima(image, claimed))


@_mistakes.add(
    "the windows overlap: they stand side by side, so the window of row i starts at row 2 * i of "
    "the image."
)
def overlapping_windows(image: Array, claimed: Array) -> Array:
    rows, columns = claimed.shape
    windows = sliding_window_view(image, (2, 2))[:rows, :columns]
    return np.asarray(windows.max((2, 3)) != claimed)


@_mistakes.add("the claim is compared with the mean of the window: its largest number is meant.")
def compared_with_mean(image: Array, claimed: Array) -> Array:
    means = sliding_window_view(image, (2, 2))[::2, ::2].mean((2, 3))
    return np.asarray(means != claimed)


@_mistakes.add("rows and columns of the answer are swapped: it has the claim's own shape.")
def rows_and_columns_swapped(image: Array, claimed: Array) -> Array:
    return wrong_maxima(image, claimed).T


@_mistakes.add(
    "the claim is taken for square: it has claimed.shape[0] rows and claimed.shape[1] columns, so "
    "each loop needs its own."
)
def as_many_columns_as_rows(image: Array, claimed: Array) -> Array:
    return _in_a_square(image, claimed, len(claimed))


@_mistakes.add(
    "the claim is taken for square: it has claimed.shape[0] rows and claimed.shape[1] columns, so "
    "each loop needs its own."
)
def as_many_rows_as_columns(image: Array, claimed: Array) -> Array:
    return _in_a_square(image, claimed, claimed.shape[1])


@_mistakes.add(
    "the last row and column are left out: range(n) ends with n - 1 by itself, so write no - 1."
)
def last_ones_left_out(image: Array, claimed: Array) -> Array:
    wrong = wrong_maxima(image, claimed)
    wrong[-1] = wrong[:, -1] = False
    return wrong


@_mistakes.add("each window is one row and one column short: 2 * i : 2 * i + 2 has two rows.")
def corner_alone(image: Array, claimed: Array) -> Array:
    return np.not_equal(image[::2, ::2], claimed)


def _in_a_square(image: Array, claimed: Array, side: int) -> Array:
    wrong = np.zeros(claimed.shape, dtype=bool)
    for i, j in np.ndindex(side, side):
        wrong[i, j] = image[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max() != claimed[i, j]
    return wrong


def by_loops(image: Array, claimed: Array) -> Array:
    wrong = np.zeros(claimed.shape, dtype=bool)
    for i, j in np.ndindex(*claimed.shape):
        wrong[i, j] = image[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max() != claimed[i, j]
    return wrong


def lists_of_bools(image: Array, claimed: Array) -> list[list[bool]]:
    return [[bool(entry) for entry in row] for row in by_loops(image, claimed)]


def by_reshape(image: Array, claimed: Array) -> Array:
    rows, columns = claimed.shape
    return np.asarray(image.reshape(rows, 2, columns, 2).max((1, 3)) != claimed)


def with_tolerance(image: Array, claimed: Array) -> Array:
    return ~np.isclose(maxima(image), claimed)


def _seen(rows: int, columns: int, kinds: str = "") -> Sampler:
    """Return a case on which answers in another order or of other windows are wrong."""
    draw = partial(claim_case, rows=rows, columns=columns, kinds=kinds)
    faults = [rows_and_columns_swapped, overlapping_windows]
    if columns > rows:
        faults.append(as_many_columns_as_rows)
    return distinguishing(draw, wrong_maxima, *faults)


WRONG_MAXIMA = FunctionExercise(
    name="wrong_maxima",
    points=5,
    reference=wrong_maxima,
    groups=(
        CaseGroup(
            "claims that are too large",
            0.25,
            (_seen(2, 2, "too large"),) * 2,
        ),
        CaseGroup(
            "claims that are too small",
            0.2,
            (_seen(2, 2, "too small"),) * 2,
        ),
        CaseGroup(
            "claims of a number that is there",
            0.2,
            (_seen(2, 2, "second"),) * 2,
        ),
        CaseGroup(
            "claims that are right",
            0.1,
            (
                partial(claim_case, rows=3, columns=3, kinds="right", growth=20),
                partial(claim_case, rows=3, columns=3, kinds="right", growth=-20),
            ),
        ),
        CaseGroup(
            "non-square images",
            0.25,
            (_seen(2, 3), _seen(4, 2), _seen(3, 2)),
        ),
    ),
    mistakes=tuple(_mistakes),
    variants=(by_loops, lists_of_bools, by_reshape, with_tolerance),
)
