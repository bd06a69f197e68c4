"""A function that returns one value for everything earns nothing, however extreme the value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.exercises.declaration import Exercise, FunctionExercise, JointExercise
from autograder.hidden_tests import backprop, convolution, pooling, training

VALUES: dict[str, Any] = {
    "0": 0,
    "0.0": 0.0,
    "-0.0": -0.0,
    "1": 1,
    "the smallest denormal": 5e-324,
    "1e-7": 1e-7,
    "1e308": 1e308,
    "-1e308": -1e308,
    "inf": np.inf,
    "-inf": -np.inf,
    "nan": np.nan,
    "True": True,
    "False": False,
    "a huge int": 10**400,
    "complex": 1e308 + 1e308j,
    "a float16": np.float16(6e4),
    "nothing": np.zeros(0),
    "an object": np.array([None]),
}


def functions(exercise: Exercise) -> list[FunctionExercise]:
    parts = exercise.parts if isinstance(exercise, JointExercise) else (exercise,)
    return [part for part in parts if isinstance(part, FunctionExercise)]


LABS = (convolution, pooling, backprop, training)
EXERCISES = [part for lab in LABS for exercise in lab.EXERCISES for part in functions(exercise)]
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


def filled(like: Any, value: Any) -> Any:
    """What has the form of a right answer, with one value in place of all its numbers."""
    if isinstance(like, tuple):
        return tuple(filled(part, value) for part in like)
    shape = np.shape(like) if isinstance(like, (np.ndarray, list)) else ()
    return np.full(shape, value) if shape and np.ndim(value) == 0 else value


def with_noise(value: Any, rng: np.random.Generator) -> Callable[..., Any]:
    return lambda *_, **__: value + 1e-9 * rng.normal()


@every_exercise
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_one_value_for_everything_earns_nothing(exercise: FunctionExercise, value: Any) -> None:
    assert exercise.grade(lambda *_, **__: value) == 0


@every_exercise
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_nor_do_arrays_of_the_right_shape(exercise: FunctionExercise, value: Any) -> None:
    def answer(*args: Any, **kwargs: Any) -> Any:
        right = (exercise.reference)(*args, **kwargs)
        return filled(right, value)

    assert exercise.grade(answer) == 0


@every_exercise
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_nor_does_a_value_with_a_little_noise(exercise: FunctionExercise, value: float) -> None:
    assert exercise.grade(with_noise(value, np.random.default_rng(0))) == 0


def test_a_function_that_is_right_for_some_inputs_keeps_its_points_for_them() -> None:
    (exercise,) = (e for e in EXERCISES if e.name == "relative_change")

    def right_without_a_change(before: Any, after: Any) -> float:
        return float(np.abs(after - before).sum())

    assert 0 < exercise.grade(right_without_a_change) < exercise.points


def test_the_message_says_why_what_fits_by_chance_does_not_count() -> None:
    (exercise,) = (e for e in EXERCISES if e.name == "relative_change")
    text = " ".join(message.text for message in exercise.grade(lambda *_: 0.0).messages)
    assert "no change: 0 of 1" in text
    assert "one and the same value, whatever it is given" in text
