"""No function of the course's own package that a lab's kernel may use answers one of its tasks."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import nbformat
import pytest
from matplotlib import pyplot as plt

import coursekit
from autograder.examiner.seeding import generator
from autograder.exercises.calls import call
from autograder.exercises.declaration import FunctionExercise, JointExercise
from autograder.exercises.questions import result_of
from autograder.hidden_tests import backprop, convolution, pooling, training

ROOT = Path(__file__).resolve().parents[2]
LABS = {
    "lab1_convolution": convolution,
    "lab2_pooling": pooling,
    "lab3_backprop": backprop,
    "lab4_gpu_training": training,
}


def withheld_by(lab: str) -> set[str]:
    (path,) = (ROOT / "labs" / lab).glob("*.ipynb")
    return {*nbformat.read(path, as_version=4).metadata["autograder"]["withheld"]}


def public_functions(withheld: set[str]) -> Iterator[Callable[..., Any]]:
    """Every function and class of every module, but of those that are withheld."""
    for info in pkgutil.walk_packages(coursekit.__path__, "coursekit."):
        if info.name in withheld:
            continue
        for name, value in [*vars(importlib.import_module(info.name)).items()]:
            own = getattr(value, "__module__", "") == info.name
            if callable(value) and own and not name.startswith("_"):
                yield value


def exercises(module: Any) -> Iterator[FunctionExercise]:
    for exercise in module.EXERCISES:
        parts = exercise.parts if isinstance(exercise, JointExercise) else (exercise,)
        yield from (part for part in parts if isinstance(part, FunctionExercise))


def solves(function: Callable[..., Any], exercise: FunctionExercise) -> bool:
    """Whether a function is right in half of an exercise's cases or more."""
    questions = exercise.questions(generator(exercise.name))
    case = questions[0].case
    try:
        inspect.signature(function).bind(*case.args, **case.kwargs)
    except (TypeError, ValueError):
        return False
    results = [result_of(each, call(function, each.case)) for each in questions]
    plt.close("all")
    return sum(result.right for result in results) >= len(results) / 2


def answers(lab: str, withheld: set[str]) -> set[tuple[str, str]]:
    mpl.use("agg")
    return {
        (f"{function.__module__}.{function.__qualname__}", exercise.name)
        for function in public_functions(withheld)
        for exercise in exercises(LABS[lab])
        if solves(function, exercise)
    }


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("lab", LABS)
def test_nothing_that_a_kernel_may_import_answers_a_task(lab: str) -> None:
    assert answers(lab, withheld_by(lab)) == set()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_search_finds_what_is_withheld() -> None:
    found = answers("lab1_convolution", set())
    assert ("coursekit.layers.conv2d", "conv2d") in found
    assert ("coursekit.layers.max_pool2d", "max_pool2d") in answers("lab2_pooling", set())
