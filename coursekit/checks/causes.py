"""Find the known mistake that gives the same results on all stored cases as the student."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursekit.arrays import all_zeros, as_array
from coursekit.checks.problems import Problem, find_problem
from coursekit.checks.waiting import is_stub
from coursekit.diagnosis import (
    OUTPUT_LEFT_AT_0,
    Evidence,
    Match,
    Observed,
    explanation,
    is_left_at_0,
    of_parts,
    surest,
    weigh,
)
from coursekit.stored_cases import (
    Agreement,
    Fingerprint,
    StoredExercise,
    agreement,
    fingerprint,
    same,
)


@dataclass(frozen=True)
class Answer:
    """A function's result for one stored case.

    Args:
        seen: the result's fingerprint; for a right result the stored one.
        problem: what is wrong with the returned value, if anything is.
        error: the exception that the function raised, if it did.
        zeros: whether it is an array of floats that are all 0.
    """

    seen: Fingerprint
    problem: Problem | None = None
    error: Exception | None = None
    zeros: bool = False

    @property
    def right(self) -> bool:
        """Whether it is the expected result."""
        return self.problem is None and self.error is None


def answers(function: Callable[..., Any], exercise: StoredExercise) -> list[Answer]:
    """Call a function on every stored case and return its results.

    Args:
        function: the function; it gets new inputs in each call.
        exercise: the cases.

    Raises:
        NotImplementedError: the function is a stub.
    """
    return [_answer(function, exercise, place) for place in range(len(exercise.cases))]


def _answer(function: Callable[..., Any], exercise: StoredExercise, place: int) -> Answer:
    case = exercise.cases[place]
    args, kwargs = case.inputs()
    try:
        got = function(*args, **kwargs)
    except Exception as error:
        if is_stub(type(error).__name__, str(error)):
            raise
        return Answer(fingerprint(error), error=error)
    how: dict[str, Any] = {"rtol": exercise.rtol, "atol": exercise.atol}
    expected = case.expected
    how |= {"integer": exercise.integer, "parts": exercise.parts}
    problem = find_problem(got, expected, name=exercise.name, **how)
    seen = fingerprint(got, case.parts, integer=exercise.integer)
    seen = seen if problem else exercise.right_answers[place]
    return Answer(seen, problem, zeros=all_zeros(as_array(got)))


def causes(exercise: StoredExercise, given: Sequence[Answer]) -> list[str]:
    """Return sentences that explain wrong results: one mistake for all, or one for each part.

    Args:
        exercise: the cases.
        given: the results for all of them.

    Returns:
        The sentences; none if all results are right or no known mistake gives the same ones.
    """
    zeros = [answer.zeros for answer in given if not answer.error]
    if is_left_at_0(zeros, [answer.problem.stage for answer in given if answer.problem]):
        return [explanation(OUTPUT_LEFT_AT_0, by_value=True)]
    seen = [answer.seen for answer in given]
    known = {mistake: exercise.answers_of(mistake) for mistake in exercise.sentences}
    observed = _observed(seen, exercise.right_answers)
    best = surest(_weigh(exercise, observed, seen, known, None))
    found = [best] if best and best.wrong else _of_parts(exercise, seen, known)
    return [explanation(each.sentence, by_value=each.values > 0) for each in found]


def _of_parts(
    exercise: StoredExercise,
    seen: Sequence[Fingerprint],
    known: Mapping[str, Sequence[Fingerprint]],
) -> list[Evidence[str]]:
    right = exercise.right_answers
    if any(not answer.parts and not answer.raised for answer in seen):
        return []
    parts = range(max(len(answer.parts) for answer in right))
    observed = [_observed(_only(part, seen), _only(part, right)) for part in parts]

    def spoils(mistake: str) -> bool:
        return any(
            each.right and not same(theirs, wanted)
            for part in parts
            for each, theirs, wanted in zip(
                observed[part], _only(part, known[mistake]), _only(part, right), strict=True
            )
        )

    evidence = (_weigh(exercise, observed[part], seen, known, part) for part in parts)
    found = {each.mistake: each for each in reversed(of_parts(evidence, spoils))}
    return list(reversed(found.values()))


def _weigh(
    exercise: StoredExercise,
    observed: Sequence[Observed],
    seen: Sequence[Fingerprint],
    known: Mapping[str, Sequence[Fingerprint]],
    part: int | None,
) -> Iterator[Evidence[str]]:
    """Yield how well each mistake explains what was seen, or one part of it."""
    mine, right = _only(part, seen), _only(part, exercise.right_answers)
    for mistake, answers_ in known.items():
        theirs = _only(part, answers_)
        matches = map(_match, mine, theirs, right)
        yield weigh(mistake, exercise.sentences[mistake], observed, matches)


def _match(mine: Fingerprint, theirs: Fingerprint, right: Fingerprint) -> Match:
    is_right = same(theirs, right)
    if mine.raised and theirs.raised:
        return Match(agreement(mine.error, theirs.error), right=False)
    alike = same(mine, theirs) and not is_right
    return Match(Agreement.TELLING if alike else Agreement.NONE, is_right)


def _observed(seen: Sequence[Fingerprint], right: Sequence[Fingerprint]) -> list[Observed]:
    return [Observed(same(mine, its), mine.raised) for mine, its in zip(seen, right, strict=True)]


def _only(part: int | None, fingerprints: Sequence[Fingerprint]) -> list[Fingerprint]:
    """Return one part of each fingerprint; one without parts, such as an error's, as it is."""
    if part is None:
        return list(fingerprints)
    return [each.parts[part] if each.parts else each for each in fingerprints]
