"""Choose the mistake that explains wrong results, for the visible tests and for the grader.

A mistake is compared with a student's function case by case. It is named if it gives the same
result wherever the student's is wrong, and is right wherever the student's is right. If the
student's function only raises errors, which have many causes, a mistake is named only if no
mistake with another sentence raises the same errors in the same cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from coursekit.stored_cases.error_kinds import Agreement

M = TypeVar("M")

OUTPUT_LEFT_AT_0 = (
    "nothing is written into the output, which keeps its zeros, or when all that is written is "
    "rounded to 0. Write each result into it, out[...] = ..., and return that array."
)
_ENOUGH_ZEROS = 2
"""The fewest wrong results for which an output counts as never written."""


@dataclass(frozen=True)
class Observed:
    """The result of a student's function for one case.

    Args:
        right: whether it is right.
        raised: whether it is an error.
    """

    right: bool
    raised: bool


@dataclass(frozen=True)
class Match:
    """How a mistake's result for one case compares with the student's.

    Args:
        agreement: how far the two are the same; values are the same (TELLING) or not (NONE).
        right: whether the mistake's result is right.
    """

    agreement: Agreement
    right: bool


@dataclass(frozen=True)
class Evidence(Generic[M]):
    """How well one mistake explains a student's results.

    Args:
        mistake: the mistake.
        sentence: its sentence; mistakes with the same sentence count as one.
        explained: wrong cases in which it gives the same result.
        values: those of them that are values and not errors.
        wrong: cases that are wrong.
        contradicted: cases in which the student is right and the mistake is not.
        errors: the weakest agreement among the errors that it explains.
    """

    mistake: M
    sentence: str
    explained: int
    values: int
    wrong: int
    contradicted: int
    errors: Agreement

    @property
    def sure(self) -> bool:
        """Whether it explains all cases, at least one by a value or all by specific errors."""
        complete = self.explained == self.wrong and not self.contradicted
        return complete and (self.values > 0 or self.errors == Agreement.TELLING)

    @property
    def likely(self) -> bool:
        """Whether it explains all that is wrong, or half of it and is not wrong elsewhere."""
        part = self.explained >= max(2, self.wrong / 2) and not self.contradicted
        whole = self.explained == self.wrong and self.contradicted <= 2 * self.values
        return self.values > 0 and (whole or part)


def weigh(
    mistake: M, sentence: str, observed: Sequence[Observed], matches: Iterable[Match]
) -> Evidence[M]:
    """Return how well a mistake explains a student's results.

    Args:
        mistake: the mistake.
        sentence: its sentence.
        observed: the result of the student's function for each case.
        matches: how the mistake's results compare with these, in the same order.
    """
    pairs = list(zip(observed, matches, strict=True))
    same = [(seen, match) for seen, match in pairs if not seen.right and match.agreement]
    return Evidence(
        mistake,
        sentence,
        explained=len(same),
        values=sum(not seen.raised for seen, _ in same),
        wrong=sum(not seen.right for seen in observed),
        contradicted=sum(seen.right and not match.right for seen, match in pairs),
        errors=min((m.agreement for s, m in same if s.raised), default=Agreement.TELLING),
    )


def surest(found: Iterable[Evidence[M]]) -> Evidence[M] | None:
    """Return the first sure mistake; if only errors are evidence for it, it must be the only one.

    Args:
        found: the evidence for each mistake, in order of preference.
    """
    certain = [evidence for evidence in found if evidence.sure]
    if by_value := [evidence for evidence in certain if evidence.values]:
        return max(by_value, key=lambda evidence: evidence.errors >= Agreement.KIND)
    sentences = {evidence.sentence for evidence in certain}
    return certain[0] if len(sentences) == 1 else None


def likeliest(found: Iterable[Evidence[M]]) -> Evidence[M] | None:
    """Return the mistake that explains most cases, or None if none explains enough.

    Args:
        found: the evidence for each mistake, in order of preference.
    """
    likely = [evidence for evidence in found if evidence.likely]
    return max(likely, key=lambda e: (e.explained, -e.contradicted), default=None)


def of_parts(
    parts: Iterable[Iterable[Evidence[M]]], spoils: Callable[[M], bool]
) -> list[Evidence[M]]:
    """Return the mistakes that explain single parts of results, such as ``dx`` and ``db``.

    Args:
        parts: for each part the evidence for each mistake, in order of preference.
        spoils: returns whether a mistake is wrong in a part in which the student is right. It is
            then excluded, even if another part agrees.
    """
    return [
        evidence
        for part in parts
        for evidence in _first(e for e in part if e.wrong and e.sure and not spoils(e.mistake))
    ]


def _first(found: Iterable[Evidence[M]]) -> list[Evidence[M]]:
    return list(islice(found, 1))


def is_left_at_0(zeros: Iterable[bool], stages: Sequence[str]) -> bool:
    """Return whether the output array seems never to be written to, see `OUTPUT_LEFT_AT_0`.

    Args:
        zeros: for each returned value, whether it is an array of zeros; some may be right.
        stages: for each wrong value, the stage of the check that failed.
    """
    return len(stages) >= _ENOUGH_ZEROS and set(stages) == {"values"} and all(zeros)


def explanation(sentence: str, *, by_value: bool) -> str:
    """Return the sentence for the student about a mistake that is sure.

    Equal errors can have many causes, so the sentence is more careful if no value agrees.

    Args:
        sentence: the mistake's sentence.
        by_value: whether a value agrees and not only errors.
    """
    return f"This is what {'comes out' if by_value else 'happens, for example,'} when {sentence}"
