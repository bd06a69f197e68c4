"""A mistake that raises is named by what it raises, and where; zeros alone are no evidence."""

# ruff: noqa: ARG005 - wrong functions ignore what they should use

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from autograder.examiner.seeding import cases_for
from autograder.exercises.cases import Case, CaseGroup
from autograder.exercises.declaration import FunctionExercise
from autograder.exercises.diagnosis import MistakeList

MISTAKES = MistakeList()


def halves(x, *, parts=1):
    """Return the sums of x's first parts of equal length."""
    length = len(x) // parts
    return np.array([x[i * length : (i + 1) * length].sum() for i in range(parts)])


@MISTAKES.add("the length is divided with /, which gives a float.")
def divided_with_slash(x, *, parts=1):
    return np.zeros(len(x) / parts)


def raises_by_assert(x, *, parts=1):
    assert len(x) % parts == 0
    return halves(x, parts=parts)


@MISTAKES.add("a remainder is refused.", others=(raises_by_assert,))
def remainder_refused(x, *, parts=1):
    if len(x) % parts:
        raise ValueError("does not go in")
    return halves(x, parts=parts)


@MISTAKES.add("the parts are too long.")
def parts_too_long(x, *, parts=1):
    length = -(-len(x) // parts)
    return x[: length * parts].reshape(parts, length).sum(1)


@MISTAKES.add("one entry too many is asked for.")
def index_too_large(x, *, parts=1):
    out = np.zeros(parts)
    for i in range(parts + (len(x) % parts > 0)):
        out[i] = halves(x, parts=parts)[i]
    return out


@MISTAKES.add("the decimals are dropped.")
def decimals_dropped(x, *, parts=1):
    return np.floor(halves(x, parts=parts))


def draw(rng, *, length, parts):
    return Case((rng.uniform(0.0, 0.02, length),), {"parts": parts})


HALVES = FunctionExercise(
    name="halves",
    points=10,
    reference=halves,
    groups=(
        CaseGroup("even", 0.5, tuple(partial(draw, length=2 * n, parts=2) for n in (2, 3))),
        CaseGroup("odd", 0.5, tuple(partial(draw, length=2 * n + 1, parts=2) for n in (2, 3))),
    ),
    mistakes=tuple(MISTAKES),
)


def named(function):
    mark = HALVES.grade(function)
    return [name.removeprefix("halves/") for name in mark.mistakes]


def test_an_error_in_other_words_is_the_declared_one():
    def mine(x, *, parts=1):
        step = len(x) / parts
        return np.array([x[i : i + 2].sum() for i in range(step)])

    mark = HALVES.grade(mine)
    assert mark.mistakes == ("halves/divided_with_slash",)
    assert any("This is what happens, for example," in m.text for m in mark.messages)


@pytest.mark.parametrize("error", [ValueError("no"), AssertionError(), RuntimeError("7 != 6")])
def test_what_is_raised_on_purpose_is_named_by_where_it_is_raised(error):
    def mine(x, *, parts=1):
        if len(x) % parts:
            raise error
        return halves(x, parts=parts)

    assert named(mine) == ["remainder_refused"]


def test_what_is_raised_elsewhere_too_has_no_name():
    def mine(x, *, parts=1):
        if len(x) > 4:
            raise ValueError("too long")
        return halves(x, parts=parts)

    assert named(mine) == []


def test_shapes_that_clash_on_the_same_cases_are_no_evidence_alone():
    def mine(x, *, parts=1):
        return halves(x, parts=parts) if len(x) % 2 == 0 else x[:2] * x[:3]

    assert named(mine) == []


def test_an_index_out_of_bounds_is_evidence_with_its_numbers():
    def mine(x, *, parts=1, beyond=0):
        out = np.zeros((1, parts))
        for i in range(parts + (len(x) % parts > 0)):
            out[0, i + beyond] = halves(x, parts=parts)[min(i, parts - 1)]
        return out[0]

    assert named(mine) == ["index_too_large"]
    assert named(partial(mine, beyond=1)) == []


@pytest.mark.parametrize("way", [remainder_refused, raises_by_assert])
def test_every_way_of_writing_a_mistake_has_its_name(way):
    ids = [trial.id for trial in HALVES.trials() if trial.function is way]
    assert ids == ["halves/remainder_refused"]
    assert named(way) == ["remainder_refused"]


def test_two_mistakes_that_raise_the_same_are_not_told_apart_by_errors():
    twin = MistakeList()
    twin.add("something else.")(raises_by_assert)
    both = (*MISTAKES, *twin)
    exercise = FunctionExercise("halves", 10, halves, HALVES.groups, both)
    assert exercise.grade(remainder_refused).mistakes == ()


def test_an_output_of_zeros_alone_is_called_unwritten():
    assert named(lambda x, parts=1: np.zeros(parts)) == ["output_left_at_0"]
    assert named(decimals_dropped) == ["output_left_at_0"]  # nobody could tell
    assert named(lambda x, parts=1: np.zeros(parts, int)) != ["output_left_at_0"]
    assert named(lambda x, parts=1: np.zeros(parts + 1)) == []


def test_a_mistake_is_not_run_again_on_the_same_inputs():
    calls = []

    def counted(x, *, parts=1):
        calls.append(parts)
        return halves(x, parts=parts) + 1

    counting = MistakeList()
    counting.add("1 is added.")(counted)
    exercise = FunctionExercise("halves", 10, halves, HALVES.groups, tuple(counting))
    marks = []
    for _ in range(3):
        with cases_for("again", "ada"):
            marks.append(exercise.grade(lambda x, parts=1: halves(x, parts=parts) + 1))
    assert all(mark.mistakes == ("halves/counted",) for mark in marks)
    assert len(calls) == 4  # once for each case
