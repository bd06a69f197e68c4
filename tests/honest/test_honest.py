"""Honest submissions get their due, to the point."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from autograder.course.lab import LabNotebook
from autograder.results.verdict import Verdict
from tests.honest import answers, files, notebooks, outputs, surroundings, tasks
from tests.honest.lab import MAXIMUM
from tests.honest.submission import Honest, Task

pytestmark = pytest.mark.sandbox

MODULES = (outputs, answers, surroundings, notebooks, files, tasks)
ALL = [honest for module in MODULES for honest in module.SUBMISSIONS]

_NOT_HERE = (
    Task(
        "class Money:\n    def __init__(self, n): self.n = n\n"
        "    def __eq__(self, n): return self.n == n",
        "assert Money(3) == 3",
    ),
    Task(
        "class Money:\n    def __init__(self, n): self.n = n\n"
        "    def __lt__(self, n): return self.n < n",
        "assert Money(3) < 5",
    ),
    Task("def first(x):\n    return x[0]", "assert first(memoryview(b'a')) == 97"),
)
"""Tasks whose tests do what the examiner refuses."""


def _parameters() -> Iterator[object]:
    for honest in ALL:
        marks = [pytest.mark.slow] if honest.slow else []
        yield pytest.param(honest, id=honest.name, marks=marks)


@pytest.mark.parametrize("honest", list(_parameters()))
def test_an_honest_submission_gets_its_due(
    honest: Honest, verdict_on: Callable[[Honest], Verdict]
) -> None:
    verdict = verdict_on(honest)
    full = {"test_task": 10} if honest.task else MAXIMUM
    points = {cell.grade_id: cell.points for cell in verdict.cells}
    told = [(m.text, m.detail) for cell in verdict.cells for m in cell.messages]
    assert points == {**full, **honest.due}, (honest.says, verdict.unreadable, verdict.notes, told)


@pytest.mark.parametrize("task", _NOT_HERE, ids=lambda task: task.hidden)
def test_a_test_that_cannot_be_examined_from_outside_runs_in_the_kernel_and_is_named(
    task: Task, verdict_on: Callable[[Honest], Verdict]
) -> None:
    verdict = verdict_on(Honest("right", "The solution.", {"task": task.solution}, task=task))
    assert [(cell.points, cell.outcome) for cell in verdict.cells] == [(10.0, "passed")]
    assert "a submission can forge what it says" in str(verdict.of_tests)


def test_there_are_many_of_many_kinds_and_each_has_a_sentence() -> None:
    names = [honest.name for honest in ALL]
    assert len(set(names)) == len(names) >= 40
    assert all(honest.says.endswith(".") for honest in ALL)


def test_what_is_due_is_not_given_to_everybody(
    lab_for: Callable[[Task | None], LabNotebook], verdict_on: Callable[[Honest], Verdict]
) -> None:
    untouched = lab_for(None).released
    verdict = verdict_on(Honest("untouched", "Nothing was done.", save=lambda _: untouched))
    assert verdict.points == 0
