"""Names the mistake behind a wrong answer: the one that would give the same answers.

Every declared mistake is run on the same cases as the student's function. It is certain if it
gives the student's answer wherever that is wrong, and is right wherever the student is right. If
no mistake is certain, one that explains the smallest wrong answer and a good part of the others is
named as likely: two mistakes at once look like that.

An error is evidence, too: it is compared with the error that the mistake raises on the same case,
see `coursekit.stored_cases.error_kinds`. If there are errors alone, a mistake is named only if no
mistake with another sentence raises the same errors on the same cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from autograder.exercises.calls import Failure, Returned, call
from autograder.exercises.judging import alike, as_numbers, is_plain, parts_of
from autograder.exercises.mistake_results import MOST_KEPT, result_by
from autograder.exercises.mistakes import Mistake, MistakeList, functions_named
from autograder.exercises.questions import Question, Result, result_of, smallest_wrong
from coursekit.arrays import all_zeros
from coursekit.diagnosis import (
    OUTPUT_LEFT_AT_0,
    Evidence,
    Match,
    Observed,
    is_left_at_0,
    likeliest,
    of_parts,
    surest,
    weigh,
)
from coursekit.stored_cases import Agreement, agreement, error_code

__all__ = [
    "Diagnosis",
    "Mistake",
    "MistakeList",
    "diagnose",
    "diagnose_chance",
    "diagnose_parts",
    "diagnose_zeros",
    "functions_named",
]


def _by_chance() -> object:
    raise AssertionError("it has no one answer")


_CHANCE = Mistake(
    "another_answer_on_every_call",
    "an array begins with random numbers, or with what np.empty finds in memory: two calls with "
    "the same inputs gave different answers. Begin sums with np.zeros.",
    _by_chance,
)


_ALL_ZEROS = Mistake("output_left_at_0", OUTPUT_LEFT_AT_0, _by_chance)


@dataclass(frozen=True)
class Diagnosis:
    """The mistake that explains wrong answers best.

    Args:
        mistake: which one.
        sure: whether it explains all that was seen.
        by_value: whether at least one value agrees, not only the type of an error.
    """

    mistake: Mistake
    sure: bool
    by_value: bool


def diagnose(
    results: Sequence[Result], mistakes: Sequence[Mistake], *, rtol: float, atol: float
) -> Diagnosis | None:
    """Return the mistake that explains the wrong answers best, or None if none is likely.

    Args:
        results: the results of the student's function.
        mistakes: the declared mistakes, in order of preference.
        rtol: relative error up to which two answers are the same.
        atol: absolute error up to which two answers are the same.
    """
    returned = [result for result in results if isinstance(result.answer, Returned)]
    first = smallest_wrong(returned) or smallest_wrong(results)
    if first is None:
        return None
    found = [
        _weigh(way, results, rtol, atol)
        for way in _ways(mistakes)
        if _explains(way, first, rtol, atol)
    ]
    best = surest(found) or likeliest(found)
    return Diagnosis(best.mistake, best.sure, best.values > 0) if best else None


def diagnose_parts(
    results: Sequence[Result],
    mistakes: Sequence[Mistake],
    parts: int,
    *,
    rtol: float,
    atol: float,
) -> tuple[Diagnosis, ...]:
    """Return the mistake that explains all parts of the answers, else the mistakes of single parts.

    Two mistakes at once, such as one in ``dx`` and one in ``db``, are both named in this way. A
    mistake that is wrong in a part in which the student is right is ruled out, even if it agrees
    in another part.

    Args:
        results: the results of the student's function.
        mistakes: the declared mistakes, in order of preference.
        parts: the number of parts of an answer; 0 if it has none.
        rtol: relative error up to which two answers are the same.
        atol: absolute error up to which two answers are the same.

    Returns:
        At most one diagnosis for each part; empty if no mistake is likely.
    """
    whole = diagnose(results, mistakes, rtol=rtol, atol=atol)
    if (whole and whole.sure) or not all(map(_has_parts, results)):
        return (whole,) if whole else ()
    answers = [[_part_of(result, number) for result in results] for number in range(parts)]
    ways = list(_ways(each for each in mistakes if not each.recognise))
    evidence = (
        (_weigh(way, projected, rtol, atol, number) for way in ways)
        for number, projected in enumerate(answers)
    )
    found = of_parts(evidence, lambda way: _spoils(way, answers))
    named = {each.mistake.name: each for each in reversed(found)}
    diagnoses = [Diagnosis(each.mistake, True, each.values > 0) for each in named.values()]
    return tuple(reversed(diagnoses)) or ((whole,) if whole else ())


def diagnose_zeros(results: Sequence[Result]) -> Diagnosis | None:
    """Return the diagnosis of an output that is never written, if all arrays are zero.

    Args:
        results: the results of the student's function.

    Returns:
        The diagnosis; None if another value was returned or too few answers are wrong.
    """
    values = [result.answer.value for result in results if isinstance(result.answer, Returned)]
    stages = [result.problem.stage for result in results if result.problem]
    if not is_left_at_0((all_zeros(as_numbers(value)) for value in values), stages):
        return None
    return Diagnosis(_ALL_ZEROS, sure=True, by_value=True)


def diagnose_chance(
    function: Callable[..., object], results: Sequence[Result], *, rtol: float, atol: float
) -> Diagnosis | None:
    """Return the diagnosis of a function whose result differs from call to call.

    The smallest case with a wrong value is asked once more.

    Args:
        function: the student's function or its proxy.
        results: its results.
        rtol: relative error up to which two answers are the same.
        atol: absolute error up to which two answers are the same.

    Returns:
        The diagnosis; None if both answers are the same or nothing can be asked again.
    """
    returned = [result for result in results if isinstance(result.answer, Returned)]
    first = smallest_wrong(returned)
    if first is None or any(isinstance(r.answer, Failure) and r.answer.final for r in results):
        return None
    again = call(function, first.question.case)
    if not isinstance(again, Returned) or not isinstance(first.answer, Returned):
        return None
    if alike(again.value, first.answer.value, rtol=rtol, atol=atol):
        return None
    plain = is_plain(again.value) and is_plain(first.answer.value)
    return Diagnosis(_CHANCE, sure=True, by_value=True) if plain else None


def _ways(mistakes: Iterable[Mistake]) -> Iterator[Mistake]:
    for mistake in mistakes:
        yield from mistake.ways()


def _has_parts(result: Result) -> bool:
    return isinstance(result.answer, Failure) or bool(result.parts)


def _part_of(result: Result, number: int) -> Result:
    """Return the result of asking for one part alone."""
    question = _part_question(number, result.question)
    if isinstance(result.answer, Failure):
        return result_of(question, result.answer)
    parts = parts_of(result.answer.value, len(result.parts)) or [None] * len(result.parts)
    return result_of(question, replace(result.answer, value=parts[number]))


@lru_cache(MOST_KEPT)
def _part_question(number: int, question: Question) -> Question:
    return replace(question, judge=question.part_judges[number])


@cache
def _only(number: int, mistake: Mistake) -> Mistake:
    """Return a mistake as far as it concerns one part."""

    def part(*args: object, **kwargs: object) -> object:
        answer = mistake.function(*args, **kwargs)
        return answer[number] if isinstance(answer, tuple) else answer

    return replace(mistake, function=part)


def _spoils(mistake: Mistake, answers: Sequence[Sequence[Result]]) -> bool:
    """Return whether a mistake is wrong in a part in which the student is right."""
    return any(
        result.right and not _right(_only(number, mistake), result)
        for number, projected in enumerate(answers)
        for result in projected
    )


def _weigh(
    mistake: Mistake,
    results: Sequence[Result],
    rtol: float,
    atol: float,
    part: int | None = None,
) -> Evidence[Mistake]:
    """Return how well a mistake explains results, or those for one part of the answers."""
    way = mistake if part is None else _only(part, mistake)
    observed = [Observed(r.right, isinstance(r.answer, Failure)) for r in results]
    matches = (
        Match(Agreement.NONE, _right(way, result))
        if result.right
        else Match(_explains(way, result, rtol, atol), right=False)
        for result in results
    )
    return weigh(mistake, mistake.sentence, observed, matches)


def _right(mistake: Mistake, result: Result) -> bool:
    """Return whether the mistake also answers this question right."""
    if mistake.recognise:
        return True
    return result_by(mistake.function, result.question).right


def _explains(mistake: Mistake, result: Result, rtol: float, atol: float) -> Agreement:
    """Return how well a mistake's wrong answer agrees with the student's."""
    answer = result.answer
    if mistake.recognise:
        seen = isinstance(answer, Returned) and mistake.recognise(answer.value)
        return Agreement.TELLING if seen else Agreement.NONE
    by_mistake = result_by(mistake.function, result.question)
    mistake_answer = by_mistake.answer
    if isinstance(answer, Failure) and isinstance(mistake_answer, Failure):
        return agreement(_error(answer), _error(mistake_answer))
    if isinstance(answer, Failure) or isinstance(mistake_answer, Failure):
        return Agreement.NONE
    same = alike(answer.value, mistake_answer.value, rtol=rtol, atol=atol)
    wrong = same and not by_mistake.right
    return Agreement.TELLING if wrong else Agreement.NONE


def _error(failure: Failure) -> str:
    return error_code(failure.type_name, failure.text)
