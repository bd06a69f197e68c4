"""Names the mistake behind a wrong answer: the one that would give the same answers.

Every declared mistake is run on the very cases that the student's function saw. It is named for
sure if it gives the student's answer wherever that is wrong, and is right wherever the student is
right. Where no mistake does, one that explains the smallest wrong answer and a good part of the
others is named with more care: two mistakes at once look like that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.hidden_tests.calls import Failure, Returned, call
from autograder.hidden_tests.judging import alike, is_plain, parts_of
from autograder.hidden_tests.questions import Result, result_of, smallest_wrong

Recognise = Callable[[object], bool]


@dataclass(frozen=True)
class Mistake:
    """A wrong implementation that people really write.

    Args:
        name: its name within the exercise, such as ``stride_ignored_in_rows``.
        sentence: goes on after "This is what comes out when ...": what is wrong, then what to do.
        function: the wrong implementation, with the exercise's own signature.
        recognise: tells from an answer alone whether it is this mistake, for exercises where
            many different answers are one mistake. By default answers are compared with those
            of ``function``.
    """

    name: str
    sentence: str
    function: Callable[..., object]
    recognise: Recognise | None = None


def _by_chance() -> object:
    raise AssertionError("it has no one answer")


_CHANCE = Mistake(
    "another_answer_on_every_call",
    "an array begins with random numbers, or with what np.empty finds in memory: two calls with "
    "the same inputs gave different answers. Begin sums with np.zeros.",
    _by_chance,
)


class MistakeList:
    """Collects an exercise's mistakes; of two that the cases cannot tell apart the first wins."""

    def __init__(self) -> None:
        self._mistakes: list[Mistake] = []

    def add(
        self, sentence: str, *, recognise: Recognise | None = None
    ) -> Callable[[Callable[..., object]], Callable[..., object]]:
        """Declare the decorated function as a mistake, under its own name.

        Args:
            sentence: see `Mistake`.
            recognise: see `Mistake`.
        """

        def declare(function: Callable[..., object]) -> Callable[..., object]:
            name = str(getattr(function, "__name__", "mistake"))
            self._mistakes.append(Mistake(name, sentence, function, recognise))
            return function

        return declare

    def __iter__(self) -> Iterator[Mistake]:
        return iter(self._mistakes)


def functions_named(mistakes: Iterable[Mistake], *names: str) -> tuple[Callable[..., object], ...]:
    """The functions of the mistakes of these names, in the names' order."""
    functions = {mistake.name: mistake.function for mistake in mistakes}
    return tuple(functions[name] for name in names)


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


@dataclass(frozen=True)
class _Evidence:
    """How well one mistake explains the results."""

    mistake: Mistake
    explained: int
    values: int
    wrongs: int
    contradicted: int

    @property
    def sure(self) -> bool:
        return self.explained == self.wrongs and not self.contradicted

    @property
    def likely(self) -> bool:
        """Explains all that is wrong, or a part of it without being wrong elsewhere."""
        part = self.explained >= max(2, self.wrongs / 4) and not self.contradicted
        return self.values > 0 and (self.explained == self.wrongs or part)


def diagnose(
    results: Sequence[Result], mistakes: Sequence[Mistake], *, rtol: float, atol: float
) -> Diagnosis | None:
    """The mistake that gives the same answers, or None if none comes near.

    Args:
        results: what the student's function gave.
        mistakes: the declared ones, in order of preference.
        rtol: relative error up to which two answers are the same.
        atol: absolute error up to which two answers are the same.
    """
    returned = [result for result in results if isinstance(result.answer, Returned)]
    first = smallest_wrong(returned) or smallest_wrong(results)
    if first is None:
        return None
    found = [
        _weigh(mistake, results, rtol, atol)
        for mistake in mistakes
        if _explains(mistake, first, rtol, atol)
    ]
    best = next((evidence for evidence in found if evidence.sure), None)
    likely = [evidence for evidence in found if evidence.likely]
    best = best or max(likely, key=lambda e: (e.explained, -e.contradicted), default=None)
    return Diagnosis(best.mistake, best.sure, best.values > 0) if best else None


def diagnose_parts(
    results: Sequence[Result],
    mistakes: Sequence[Mistake],
    parts: int,
    *,
    rtol: float,
    atol: float,
) -> tuple[Diagnosis, ...]:
    """The mistakes behind answers of several parts: one for all, else those of single parts.

    Two mistakes at once, such as one in ``dx`` and one in ``db``, are both named in this way. A
    mistake that would spoil a part that is right is not meant, though another part agree.

    Args:
        results: what the student's function gave.
        mistakes: the declared ones, in order of preference.
        parts: how many parts an answer has; 0 if it has none.
        rtol: relative error up to which two answers are the same.
        atol: absolute error up to which two answers are the same.
    """
    whole = diagnose(results, mistakes, rtol=rtol, atol=atol)
    found: dict[str, Diagnosis] = {}
    if not (whole and whole.sure) and all(map(_has_parts, results)):
        answers = [[_part_of(result, number) for result in results] for number in range(parts)]
        for number, projected in enumerate(answers):
            for mistake in (each for each in mistakes if not each.recognise):
                named = diagnose(projected, [_only(number, mistake)], rtol=rtol, atol=atol)
                if named and named.sure and not _spoils(mistake, answers):
                    found.setdefault(mistake.name, named)
                    break
    return tuple(found.values()) or ((whole,) if whole else ())


def diagnose_chance(
    function: Callable[..., object], results: Sequence[Result], *, rtol: float, atol: float
) -> Diagnosis | None:
    """That the function gives something else on every call, if it does.

    Args:
        function: the student's function or its proxy; the smallest case that it got wrong is
            asked once more.
        results: what it gave.
        rtol: relative error up to which two answers are the same.
        atol: absolute error up to which two answers are the same.
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


def _has_parts(result: Result) -> bool:
    return isinstance(result.answer, Failure) or bool(result.parts)


def _part_of(result: Result, number: int) -> Result:
    """The result of asking for one part alone."""
    question = replace(result.question, judge=result.question.part_judges[number])
    if isinstance(result.answer, Failure):
        return result_of(question, result.answer)
    parts = parts_of(result.answer.value, len(result.parts)) or [None] * len(result.parts)
    return result_of(question, replace(result.answer, value=parts[number]))


def _only(number: int, mistake: Mistake) -> Mistake:
    """A mistake as far as it concerns one part."""

    def part(*args: object, **kwargs: object) -> object:
        answer = mistake.function(*args, **kwargs)
        return answer[number] if isinstance(answer, tuple) else answer

    return replace(mistake, function=part)


def _spoils(mistake: Mistake, answers: Sequence[Sequence[Result]]) -> bool:
    """Whether a mistake is wrong in a part in which the student is right."""
    return any(
        result.right and not _right(_only(number, mistake), result)
        for number, projected in enumerate(answers)
        for result in projected
    )


def _weigh(mistake: Mistake, results: Sequence[Result], rtol: float, atol: float) -> _Evidence:
    wrongs = [result for result in results if not result.right]
    explained = [result for result in wrongs if _explains(mistake, result, rtol, atol)]
    values = [result for result in explained if isinstance(result.answer, Returned)]
    contradicted = sum(result.right and not _right(mistake, result) for result in results)
    return _Evidence(mistake, len(explained), len(values), len(wrongs), contradicted)


def _right(mistake: Mistake, result: Result) -> bool:
    """Whether the mistake, too, is right where the student's function is."""
    if mistake.recognise:
        return True
    answer = call(mistake.function, result.question.case)
    return result_of(result.question, answer).right


def _explains(mistake: Mistake, result: Result, rtol: float, atol: float) -> bool:
    """Whether the mistake gives the same wrong answer."""
    given = result.answer
    if mistake.recognise:
        return isinstance(given, Returned) and mistake.recognise(given.value)
    made = call(mistake.function, result.question.case)
    if isinstance(given, Failure):
        return isinstance(made, Failure) and _kind(given) == _kind(made)
    if isinstance(made, Failure):
        return False
    same = alike(given.value, made.value, rtol=rtol, atol=atol)
    return same and not result_of(result.question, made).right


def _kind(failure: Failure) -> str:
    """The error's name; whether shapes clash or an index runs out depends on how it is written."""
    return "misfit" if failure.type_name in ("IndexError", "ValueError") else failure.type_name
