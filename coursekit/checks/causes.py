"""Names the known mistake behind wrong answers: the one that answers all stored cases the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursekit.checks.problems import Problem, find_problem
from coursekit.checks.waiting import is_stub
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
    """What a function answered to one stored case.

    Args:
        seen: the answer's fingerprint; a right answer's is the stored one.
        problem: what is wrong with a value that came back.
        error: what the function raised.
    """

    seen: Fingerprint
    problem: Problem | None = None
    error: Exception | None = None

    @property
    def right(self) -> bool:
        """Whether it is the expected one."""
        return self.problem is None and self.error is None


def answers(function: Callable[..., Any], exercise: StoredExercise) -> list[Answer]:
    """What a function answers to the stored cases, each time on inputs of its own.

    Args:
        function: the function.
        exercise: the cases.

    Raises:
        NotImplementedError: the function is not written.
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
    return Answer(seen if problem else exercise.right_answers[place], problem)


def causes(exercise: StoredExercise, given: Sequence[Answer]) -> list[str]:
    """What explains the answers, in sentences: one mistake for all, or one for each part.

    Args:
        exercise: the cases.
        given: the answers to all of them.

    Returns:
        No sentence where all is right or no known mistake gives the same, and none for outputs
        that are never written: whatever returns zeros alone would do.
    """
    seen = [answer.seen for answer in given]
    values = [answer for answer in given if not answer.error]
    if all(answer.right for answer in given) or (values and all(a.seen.zeros for a in values)):
        return []
    known = {mistake: exercise.answers_of(mistake) for mistake in exercise.sentences}
    found = _cause(exercise, seen, known)
    names = [found] if found else _causes_of_parts(exercise, seen, known)
    verb = "comes out" if any(answer.problem for answer in given) else "happens, for example,"
    return [f"This is what {verb} when {exercise.sentences[name]}" for name in names]


def _causes_of_parts(
    exercise: StoredExercise,
    seen: Sequence[Fingerprint],
    known: Mapping[str, Sequence[Fingerprint]],
) -> list[str]:
    """Mistakes that explain a part each, and are wrong in no part that is right."""
    right = exercise.right_answers
    count = max(len(answer.parts) for answer in right)
    if any(not answer.parts and not answer.raised for answer in seen):
        return []
    sound = [part for part in range(count) if _alike(_only(part, seen), _only(part, right))]
    meant = {
        mistake: given
        for mistake, given in known.items()
        if all(_alike(_only(part, given), _only(part, right)) for part in sound)
    }
    found: dict[str, None] = {}
    for part in (each for each in range(count) if each not in sound):
        theirs = {mistake: _only(part, given) for mistake, given in meant.items()}
        if name := _cause(exercise, _only(part, seen), theirs):
            found[name] = None
    return list(found)


def _cause(
    exercise: StoredExercise,
    seen: Sequence[Fingerprint],
    known: Mapping[str, Sequence[Fingerprint]],
) -> str | None:
    """Return the first mistake with the same answers to every case; by errors alone the only one.

    Args:
        exercise: the cases; mistakes of one sentence are one.
        seen: the student's answers.
        known: each mistake's answers.
    """
    found = {mistake: _errors(seen, given) for mistake, given in known.items()}
    fits = {mistake: errors for mistake, errors in found.items() if errors > Agreement.NONE}
    wrong = [one for one, right in zip(seen, exercise.right_answers, strict=True) if one != right]
    if not all(answer.raised for answer in wrong):
        return max(fits, key=lambda mistake: fits[mistake] >= Agreement.KIND, default=None)
    names = [mistake for mistake, errors in fits.items() if errors == Agreement.TELLING]
    sentences = {exercise.sentences[name] for name in names}
    return names[0] if len(sentences) == 1 else None


def _errors(mine: Sequence[Fingerprint], theirs: Sequence[Fingerprint]) -> Agreement:
    """Return how far the errors agree, where all answers are the same; NONE where they are not."""
    if not _alike(mine, theirs):
        return Agreement.NONE
    pairs = [(a.error, b.error) for a, b in zip(mine, theirs, strict=True) if a.raised]
    return min((agreement(*pair) for pair in pairs), default=Agreement.TELLING)


def _alike(mine: Sequence[Fingerprint], theirs: Sequence[Fingerprint]) -> bool:
    return all(map(same, mine, theirs))


def _only(part: int, given: Sequence[Fingerprint]) -> list[Fingerprint]:
    """One part of each answer; an answer without parts, such as an error, as it is."""
    return [answer.parts[part] if answer.parts else answer for answer in given]
