"""Questions are drawn once for each student, and nothing that a function does reaches the next."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.examiner.seeding import cases_for
from autograder.exercises.cases import Case, CaseGroup
from autograder.exercises.declaration import FunctionExercise
from autograder.exercises.question_cache import MOST_KEPT


class _Counted:
    """An exercise that counts how often its cases are drawn."""

    def __init__(self, wrap: type = list) -> None:
        self.drawn, self._wrap = 0, wrap
        group = CaseGroup("sums", 1.0, (self._draw, self._draw))
        self.exercise = FunctionExercise("total", 2, _total, (group,))

    def _draw(self, rng: np.random.Generator) -> Case:
        self.drawn += 1
        return Case((self._wrap(rng.normal(size=3).tolist()), {"weights": rng.normal(size=3)}))


def _total(values: list[float], options: dict[str, np.ndarray]) -> float:
    return float(np.dot(list(values), options["weights"]))


def _that_spoils_its_inputs(values: list[float], options: dict[str, np.ndarray]) -> float:
    right = _total(values, options)
    values.clear()
    options["weights"][:] = 0
    options.clear()
    return right


def test_a_students_cases_are_drawn_once_and_another_students_are_others() -> None:
    counted = _Counted()
    for student in ("ada", "bob", "ada", "bob"):
        with cases_for(student):
            assert counted.exercise.grade(_total) == 2
    assert counted.drawn == 2 * 2


def test_a_function_that_spoils_its_inputs_does_not_spoil_them_for_the_next() -> None:
    counted = _Counted()
    with cases_for("ada"):
        counted.exercise.grade(_that_spoils_its_inputs)
        assert counted.exercise.grade(_total) == 2
    assert counted.drawn == 2


def test_the_generator_goes_on_as_if_it_had_drawn() -> None:
    exercise = _Counted().exercise
    numbers = []
    for _ in range(2):
        rng = np.random.default_rng(7)
        exercise.questions(rng)
        numbers.append(rng.normal())
    assert numbers[0] == numbers[1] != np.random.default_rng(7).normal()


def test_what_no_copy_is_made_of_is_drawn_anew() -> None:
    class Numbers(list):  # type: ignore[type-arg]
        pass

    counted = _Counted(Numbers)
    with cases_for("ada"):
        counted.exercise.grade(_total)
        counted.exercise.grade(_total)
    assert counted.drawn == 4


@pytest.mark.parametrize("further", [0, 1])
def test_only_so_many_drawings_are_kept(further: int) -> None:
    counted = _Counted()
    for number in (*range(MOST_KEPT + further), 0):
        counted.exercise.questions(np.random.default_rng(number))
    assert counted.drawn == 2 * (MOST_KEPT + 2 * further)
