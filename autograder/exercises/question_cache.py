"""A cache of drawn questions: certifying a lab grades hundreds of functions with each student's."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exercises.questions import Question

Draw = Callable[[np.random.Generator], tuple[Question, ...]]

MOST_KEPT = 128
"""Entries that a process keeps: one for each exercise and student."""


@dataclass(frozen=True)
class _Entry:
    """What was drawn, and the state of the generator afterwards."""

    exercise: object
    questions: tuple[Question, ...]
    state: Any


_kept: OrderedDict[tuple[int, str], _Entry] = OrderedDict()


def cached_questions(
    exercise: object, rng: np.random.Generator, draw: Draw
) -> tuple[Question, ...]:
    """Return an exercise's questions, from the cache if the generator's state is the same.

    Questions whose inputs are not plain data are drawn again, since a function may change them.

    Args:
        exercise: the exercise that the questions belong to.
        rng: the generator; afterwards its state is the same with and without the cache.
        draw: draws the questions.
    """
    key = (id(exercise), repr(rng.bit_generator.state))
    found = _kept.get(key)
    if found is None:
        found = _Entry(exercise, draw(rng), rng.bit_generator.state)
        if all(question.case.is_plain for question in found.questions):
            _kept[key] = found  # it holds the exercise, so that no other one gets its number
            if len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    else:
        _kept.move_to_end(key)
        rng.bit_generator.state = found.state
    return found.questions
