"""Stored cases are made from the declarations, belong to them and tell no secret."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from autograder.app.cli import commands
from autograder.authoring.case_selection import stored_exercise
from autograder.authoring.stored_cases import (
    Stored,
    as_text,
    look_at_stored,
    stored_cases_of,
    stored_path,
)
from autograder.authoring.tasks import tasks_of
from autograder.authoring.trials import functions_of
from autograder.course.course import Course
from autograder.course.leaks import find_leaks
from autograder.examiner.seeding import cases_for, generator
from autograder.exercises.cases import Case, CaseGroup
from autograder.exercises.declaration import FunctionExercise
from autograder.exercises.diagnosis import Mistake
from autograder.exercises.judging import RIGHT, Judgement
from autograder.hidden_tests import convolution
from coursekit import checks, stored_cases

COURSE = Course.load(Path(__file__).resolve().parents[2])
LABS = [name for name in COURSE.lab_names if stored_path(name).is_file()]
SHIPPED = stored_path("lab1_convolution")
LARGEST = 200_000  # bytes of one lab's file


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of stored cases in place of coursekit's own."""
    monkeypatch.setattr("coursekit.stored_cases.files.folder", lambda: tmp_path)
    monkeypatch.setattr("coursekit.stored_cases.folder", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize("lab", LABS)
def test_the_file_of_a_lab_belongs_to_todays_declarations_and_is_small(lab: str) -> None:
    assert look_at_stored(COURSE.lab(lab)).faults() == ()
    assert stored_path(lab).stat().st_size < LARGEST


@pytest.mark.parametrize("lab", LABS)
def test_what_ships_with_coursekit_holds_no_line_of_a_solution_or_hidden_test(lab: str) -> None:
    assert find_leaks(stored_cases.folder(), COURSE.lab(lab)) == []


def test_a_solution_among_the_stored_cases_would_be_found(tmp_path: Path) -> None:
    lab = COURSE.lab("lab1_convolution")
    data = stored_cases_of(lab)
    data["exercises"]["conv2d"]["sentences"]["extra"] = "free_steps = n + 2 * pad - k"
    (tmp_path / "lab.json").write_text(as_text(data), encoding="utf-8")
    assert len(find_leaks(tmp_path, lab)) == 1


def exercises(lab: str) -> list[FunctionExercise]:
    return [
        exercise
        for book in COURSE.lab(lab).notebooks.values()
        for task in tasks_of(book)[0]
        for exercise in functions_of(task.exercise)
        if exercise.name in stored_cases.names_in(lab)
    ]


def said(function: Callable[..., object], name: str) -> str:
    """What `check_stored` says of a function; empty if it is right."""
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            checks.check_stored(function, name)
        except checks.CheckFailed as failure:
            return str(failure)
    return ""


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.filterwarnings("ignore")
def test_every_stored_mistake_fails_and_nearly_every_one_is_named(lab: str) -> None:
    told = {
        f"{exercise.name}/{mistake.name}": mistake.sentence
        in said(mistake.function, f"{lab}/{exercise.name}")
        for exercise in exercises(lab)
        for mistake in exercise.mistakes
        if mistake.name in stored_cases.load(f"{lab}/{exercise.name}").sentences
    }
    assert len(told) > 10
    unnamed = [name for name, named in told.items() if not named]
    assert len(unnamed) <= 0.05 * len(told), unnamed


@pytest.mark.parametrize("lab", LABS)
def test_every_right_way_passes(lab: str) -> None:
    wrong = {
        f"{exercise.name}/{variant.__name__}": text
        for exercise in exercises(lab)
        for variant in (exercise.reference, *exercise.variants)
        if (text := said(variant, f"{lab}/{exercise.name}"))
    }
    assert wrong == {}


def test_the_stored_cases_are_no_students_hidden_cases() -> None:
    with cases_for("certify", "lab1_convolution", "ada"):
        hidden = convolution.CONV2D.questions(generator("conv2d"))
    stored = [case.inputs()[0][0] for case in stored_cases.load("lab1_convolution/conv2d").cases]
    for x in stored:
        assert not any(np.array_equal(x, question.case.args[0]) for question in hidden)
        assert all(len(f"{abs(v):g}".replace(".", "").strip("0")) <= 2 for v in x.ravel())


def total(x):
    return x.sum()


def by_chance(x):
    return x.sum() + np.random.default_rng().normal()


def declared(draw: Callable[..., Case], **others: object) -> FunctionExercise:
    mistakes = (Mistake("size", "it is the size.", np.size), Mistake("chance", "x", by_chance))
    groups = (CaseGroup("basic", 1.0, (draw,) * 2),)
    return FunctionExercise("total", 1, total, groups, mistakes, **others)


def numbers(rng: np.random.Generator) -> Case:
    return Case((rng.normal(size=3),))


def length(x):
    return float(len(x))


def test_cases_are_chosen_that_tell_mistakes_apart() -> None:
    def square(rng: np.random.Generator) -> Case:
        return Case((rng.normal(size=(2, 1)),))

    def wide(rng: np.random.Generator) -> Case:
        return Case((rng.normal(size=(2, 5)),))

    mistakes = (Mistake("size", "it is the size.", np.size), Mistake("length", "x", length))
    groups = (CaseGroup("basic", 1.0, (square, wide)),)
    cases = stored_exercise(FunctionExercise("total", 1, total, groups, mistakes))["cases"]
    assert [case["args"][0]["shape"] for case in cases] == [[2, 1], [2, 5]]


class Summed:
    def sum(self) -> float:
        return 1.0


def functions(rng: np.random.Generator) -> Case:
    return Case((Summed(),))


def anything_goes(case: Case, got: object, title: str) -> Judgement:
    return RIGHT


def test_a_mistake_left_to_chance_is_not_stored() -> None:
    assert list(stored_exercise(declared(numbers))["sentences"]) == ["size"]


def test_what_is_no_data_or_has_no_one_answer_is_not_stored() -> None:
    assert stored_exercise(declared(functions)) == {}
    assert stored_exercise(declared(numbers, judge=anything_goes)) == {}


@pytest.mark.slow
def test_the_command_writes_the_file_and_the_certificate_knows_when_it_is_stale(
    folder: Path,
) -> None:
    lab, path = COURSE.lab("lab1_convolution"), folder / "lab1_convolution.json"
    root = str(COURSE.root)
    done = CliRunner().invoke(commands, ["store-cases", "lab1_convolution", "--course", root])
    assert done.exit_code == 0, done.output
    exercises = json.loads(SHIPPED.read_text(encoding="utf-8"))["exercises"]
    assert f"{len(exercises)} exercises of lab1_convolution are stored in" in done.output
    assert path.read_text() == SHIPPED.read_text()
    data = json.loads(path.read_text())
    data["exercises"]["conv2d"]["cases"][0]["expected"]["array"][0] += 1e-3
    path.write_text(as_text(data))
    assert "do not belong to today's declarations" in look_at_stored(lab).faults()[0]


def never_written(x, w, b, *, stride=1, pad=0):
    return np.zeros_like(convolution.CONV1D.reference(x, w, b, stride=stride, pad=pad))


@pytest.mark.parametrize(
    "function",
    [never_written, *(mistake.function for mistake in convolution.CONV1D.mistakes)],
    ids=lambda function: function.__name__,
)
def test_a_visible_test_and_the_feedback_name_a_mistake_in_the_same_words(
    function: Callable[..., object],
) -> None:
    with cases_for("secret", "lab1_convolution", "ada"):
        mark = convolution.CONV1D.grade(function)
    (sentence,) = (message.text for message in mark.messages if message.kind == "diagnosis")
    with pytest.raises(checks.CheckFailed) as failed:
        checks.check_stored(function, "lab1_convolution/conv1d")
    assert f"  cause:     {sentence}\n" in str(failed.value)


def test_a_notebook_that_asks_for_what_is_not_there_is_told() -> None:
    stored = Stored("lab", made=("a", "b"), used=("a", "c"), current=True, there=True)
    assert stored.faults() == ("check_stored asks for lab/c, which has none",)
    missing = Stored("lab", made=("a",), used=("a",), current=False, there=False)
    assert "are missing: run `autograder store-cases lab`" in missing.faults()[0]
    assert stored.remarks() == ("no visible test asks for the stored cases of b",)


def test_a_lab_without_such_exercises_has_nothing_to_store(course: Course, folder: Path) -> None:
    done = CliRunner().invoke(commands, ["store-cases", "--all", "--course", str(course.root)])
    assert done.exit_code == 0
    assert "nothing is written" in done.output
    assert list(folder.glob("*.json")) == []
