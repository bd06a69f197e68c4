"""A cache of the mistakes' results: certifying a lab needs the same ones often."""

from __future__ import annotations

from functools import lru_cache

from autograder.exercises.calls import call
from autograder.exercises.cases import Function
from autograder.exercises.questions import Question, Result, result_of

MOST_KEPT = 2**14
"""Results that a process keeps; they are as small as the cases."""


def result_by(mistake: Function, question: Question) -> Result:
    """Return the result of a mistake's function for a question.

    Args:
        mistake: the wrong function; it must be deterministic.
        question: the question; its result is cached if all inputs are plain data.
    """
    return (_kept if question.case.is_plain else _computed)(mistake, question)


def _computed(mistake: Function, question: Question) -> Result:
    return result_of(question, call(mistake, question.case))


_kept = lru_cache(MOST_KEPT)(_computed)
