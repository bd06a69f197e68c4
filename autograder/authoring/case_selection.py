"""Chooses the cases of an exercise that are stored, and collects every mistake's answers to them.

Of each exercise only as many cases are kept as it takes to show every group, to make every mistake
fail and to tell the mistakes apart. Arrays are cut to two digits, which can be read.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from autograder.authoring.trials import numbers_in
from autograder.examiner.seeding import generator
from autograder.exercises.cases import Case, Sampler, size
from autograder.exercises.declaration import FunctionExercise
from autograder.exercises.diagnosis import Mistake
from autograder.exercises.judging import is_plain
from autograder.exercises.questions import Question
from coursekit.checks import find_problem
from coursekit.stored_cases import Fingerprint, fingerprint, same, to_plain

ROUNDS = 2
"""Draws of each declared case, from which the best are kept."""
MOST_NUMBERS = 500
"""Numbers in a case's inputs and answer above which it is not stored: it could not be read."""
_FIXED_COST = 20
"""What a further case costs beside its entries, when cases are chosen."""


@dataclass(frozen=True)
class _Candidate:
    """A case with its right answer and what each mistake, by place, answers wrongly."""

    question: Question
    expected: Any
    wrong: dict[int, Fingerprint]

    @property
    def cost(self) -> float:
        return _FIXED_COST + size(self.question.case)


def stored_exercise(exercise: FunctionExercise) -> dict[str, Any]:
    """Return one exercise's part of the file; empty where answers are no data or have no one value.

    To be called where `autograder.examiner.seeding.cases_for` says which cases are drawn.

    Args:
        exercise: the declaration.
    """
    mistakes = _named_ways(mistake for mistake in exercise.mistakes if not mistake.recognise)
    candidates = [] if exercise.judge else _candidates(exercise, mistakes)
    if not candidates:
        return {}
    chosen = _chosen(candidates, mistakes)
    used = _different(chosen, mistakes)
    return {
        "rtol": exercise.rtol,
        "atol": exercise.atol,
        "integer": exercise.integer,
        **({"parts": [*exercise.parts]} if exercise.parts else {}),
        "sentences": _sentences([mistakes[place] for place in sorted(used)]),
        "cases": [_case(candidate, used) for candidate in chosen],
    }


def _sentences(mistakes: Sequence[Mistake]) -> dict[str, str]:
    """Return sentences by name; an empty one stands for the same as the one before."""
    before = ["", *(mistake.sentence for mistake in mistakes)]
    return {
        mistake.name: "" if mistake.sentence == last else mistake.sentence
        for mistake, last in zip(mistakes, before, strict=False)
    }


def _named_ways(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Return every way of writing every mistake, named ``name``, ``name/2``, ``name/3``."""
    return [
        replace(way, name=f"{mistake.name}/{number}" if number > 1 else mistake.name)
        for mistake in mistakes
        for number, way in enumerate(mistake.ways(), start=1)
    ]


def _different(chosen: Sequence[_Candidate], mistakes: Sequence[Mistake]) -> set[int]:
    """Return the mistakes that fail, without ways that answer as another way does.

    The numbers in an error count only where a mistake is known by errors alone.
    """
    known: set[tuple[str, str]] = set()
    used = set()
    for place, mistake in enumerate(mistakes):
        answers = [each.wrong.get(place) for each in chosen]
        values = any(answer and not answer.raised for answer in answers)
        shown = [_short_form(answer, values) for answer in answers]
        key = mistake.sentence, repr(shown)
        if any(answers) and key not in known:
            known.add(key)
            used.add(place)
    return used


def _short_form(answer: Fingerprint | None, values: bool) -> object:
    if answer is None:
        return None
    return "raised" if values and answer.raised else answer.as_plain()


def _case(candidate: _Candidate, used: Collection[int]) -> dict[str, Any]:
    case = candidate.question.case
    return {
        "group": candidate.question.group,
        "args": [to_plain(value) for value in case.args],
        "kwargs": {name: to_plain(value) for name, value in case.kwargs.items()},
        "expected": to_plain(candidate.expected),
        # By the mistake's place among the sentences: its name would be most of the file.
        "wrong": {
            str(number): candidate.wrong[place].as_plain()
            for number, place in enumerate(sorted(used))
            if place in candidate.wrong
        },
    }


def _candidates(exercise: FunctionExercise, mistakes: Sequence[Mistake]) -> list[_Candidate]:
    """Return short cases of every group, several rounds of them."""
    groups = tuple(
        replace(
            group, draws=tuple(partial(_short, draw, exercise.reference) for draw in group.draws)
        )
        for group in exercise.groups
    )
    short, rng = replace(exercise, groups=groups), generator(exercise.name)
    questions = [question for _ in range(ROUNDS) for question in short.questions(rng)]
    found = (_candidate(exercise, mistakes, question) for question in questions)
    return [candidate for candidate in found if candidate]


def _short(draw: Sampler, reference: Callable[..., object], rng: np.random.Generator) -> Case:
    """Return a case whose arrays have two digits, where the reference takes them."""
    case = draw(rng)
    kwargs = {name: _two_digits(value) for name, value in case.kwargs.items()}
    short = replace(case, args=tuple(map(_two_digits, case.args)), kwargs=kwargs)
    return case if isinstance(_answer(reference, short), Exception) else short


def _two_digits(value: object) -> object:
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
        return value
    flat = [float(f"{entry:.2g}") for entry in value.ravel().tolist()]
    return np.array(flat).reshape(value.shape)


def _candidate(
    exercise: FunctionExercise, mistakes: Sequence[Mistake], question: Question
) -> _Candidate | None:
    """Return the case with all answers to it; None where they cannot be stored as data."""
    case = question.case
    expected = _answer(exercise.reference, case)
    shown = [*case.args, *case.kwargs.values(), expected]
    if not is_plain(shown) or len(list(numbers_in(shown))) > MOST_NUMBERS:
        return None
    try:
        find_problem(expected, expected, name=exercise.name)
    except TypeError:  # a kind of answer that visible checks cannot compare
        return None
    parts = len(expected) if isinstance(expected, tuple) else 0
    wrong = {}
    for place, mistake in enumerate(mistakes):
        seen = _seen(mistake, question, parts, integer=exercise.integer)
        if seen:
            wrong[place] = seen
    return _Candidate(question, expected, wrong)


def _seen(mistake: Mistake, question: Question, parts: int, *, integer: bool) -> Fingerprint | None:
    """Return what a mistake answers, unless that is right or left to chance."""
    answers = [_answer(mistake.function, question.case) for _ in range(2)]
    first, again = (fingerprint(answer, parts, integer=integer) for answer in answers)
    right = not isinstance(answers[0], Exception) and question.judge(answers[0]).right
    return first if not right and same(first, again) else None


def _answer(function: Callable[..., object], case: Case) -> object:
    """Return what a function returns, or the error that it raises."""
    args, kwargs = copy.deepcopy((case.args, dict(case.kwargs)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return function(*args, **kwargs)
        except Exception as error:  # whatever a mistake raises is its answer
            return error


def _chosen(candidates: Sequence[_Candidate], mistakes: Sequence[Mistake]) -> list[_Candidate]:
    """Return as few and as small candidates as show all that can be shown, smallest first."""
    shown = [_shows(candidate, mistakes) for candidate in candidates]
    left, chosen = set().union(*shown), []
    while left:
        gains = [
            len(goals & left) / each.cost for goals, each in zip(shown, candidates, strict=True)
        ]
        best = gains.index(max(gains))
        chosen.append(candidates[best])
        left -= shown[best]
    return sorted(chosen, key=lambda candidate: candidate.cost)


def _shows(candidate: _Candidate, mistakes: Sequence[Mistake]) -> set[object]:
    """Return a candidate's group, the mistakes it makes fail, and the pairs it tells apart."""
    wrong = candidate.wrong
    pairs = {
        (one, other)
        for one, other in combinations(range(len(mistakes)), 2)
        if mistakes[one].sentence != mistakes[other].sentence
        and _differ(wrong.get(one), wrong.get(other))
    }
    return {candidate.question.group, *wrong, *pairs}


def _differ(one: Fingerprint | None, other: Fingerprint | None) -> bool:
    if one is None or other is None:
        return one is not other
    return not same(one, other)
