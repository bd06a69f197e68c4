"""Keeps what mistakes answer to questions: certifying a lab asks for the same answers often."""

from __future__ import annotations

from functools import lru_cache

from autograder.exercises.calls import call
from autograder.exercises.cases import Function
from autograder.exercises.questions import Question, Result, result_of

MOST_KEPT = 2**14
"""Results that a process keeps; they are as small as the cases."""


def result_by(mistake: Function, question: Question) -> Result:
    """Return what a mistake's answer to a question gives.

    Args:
        mistake: the wrong function, which gives the same answer to the same inputs.
        question: what it is asked.
    """
    return (_kept if question.case.is_plain else _made)(mistake, question)


def _made(mistake: Function, question: Question) -> Result:
    return result_of(question, call(mistake, question.case))


_kept = lru_cache(MOST_KEPT)(_made)
