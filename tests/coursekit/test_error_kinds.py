"""Errors are compared by their kinds: the same mistake raises them in other words."""

from __future__ import annotations

import numpy as np
import pytest

from coursekit.stored_cases import Agreement, agreement, error_code

SMALL, LARGE = np.ones((2, 2)), np.ones((2, 3))


def raised(function):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is
        function()
    return error_code(caught.type.__name__, str(caught.value))


def own():
    raise ValueError("the window does not fit")


def refused():
    assert SMALL.size == 3, "odd"


def into_nothing():
    np.ones((2, 2))[0:-0] = SMALL


def into_no_column():
    np.ones((3, 4))[:, 2:-0][:, 2:] = np.ones((3, 4))


CLASHES = (
    lambda: SMALL * LARGE,
    lambda: np.einsum("ab,ab->", SMALL, LARGE),
)
PRODUCTS = (
    lambda: np.tensordot(SMALL, LARGE, 2),
    lambda: LARGE @ SMALL,
    lambda: np.dot(SMALL.ravel(), LARGE.ravel()),
    lambda: np.vdot(SMALL, LARGE),
)
KINDS = {
    "shapes": CLASHES,
    "products": PRODUCTS,
    "bounds": (lambda: SMALL[0, 7], lambda: np.ones((1, 9, 3))[:, 9], lambda: [*SMALL][5]),
    "float as a length": (
        lambda: np.zeros((2, 3.0)),
        lambda: range(3.0),
        lambda: np.zeros(np.float64(2)),
    ),
    "float as an index": (
        lambda: SMALL[0.0],
        lambda: SMALL[0:1.0],
        lambda: SMALL[np.array([0.0])],
        lambda: list(SMALL)[1.0],
    ),
    "own": (own, refused),
    "empty": (into_nothing, into_no_column),
    "pair": (lambda: (1, 2) // 2, lambda: 3 - (1, 2), lambda: (1, 2) + 1),
    "none": (lambda: 2 * None, lambda: 2 // None),
    "name": (lambda: a_name, lambda: another_name),  # type: ignore[name-defined] # noqa: F821
}


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_in_other_words_agrees_and_other_kinds_do_not(kind):
    mine = [raised(function) for function in KINDS[kind]]
    others = [raised(f) for other, those in KINDS.items() if other != kind for f in those]
    for one in mine:
        assert all(agreement(one, other) >= Agreement.KIND for other in mine)
        assert all(agreement(one, other) < Agreement.KIND for other in others)


def test_clashing_shapes_tell_something_alone_only_with_the_same_numbers():
    one, other = (raised(lambda n=n: np.ones(n) * np.ones(n + 1)) for n in (2, 3))
    assert agreement(one, other) == Agreement.KIND
    assert agreement(one, one) == Agreement.TELLING


def test_a_clash_and_an_index_out_of_bounds_agree_loosely():
    assert agreement(raised(CLASHES[0]), raised(lambda: SMALL[5])) == Agreement.LOOSE
    assert agreement(raised(CLASHES[0]), raised(own)) == Agreement.NONE
