"""What a lab's notebook grades: its tasks, found in the hidden lines of its test cells."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from nbformat import NotebookNode

from autograder.course import cells
from autograder.course.lab import LabNotebook
from autograder.errors import CourseError
from autograder.exercises.declaration import Exercise


@dataclass(frozen=True)
class Task:
    """One test cell and what it grades.

    Args:
        grade_id: the test cell's nbgrader id.
        points: the cell's points.
        exercise: the declaration that the hidden lines end in.
        modules: the modules of hidden tests that they import.
    """

    grade_id: str
    points: float
    exercise: Exercise
    modules: tuple[ModuleType, ...]


def tasks_of(book: LabNotebook) -> tuple[tuple[Task, ...], tuple[str, ...]]:
    """Return the tasks of a notebook, and what keeps other test cells from being certified.

    Args:
        book: a lab's notebook.
    """
    found, faults = [], []
    for cell in book.source.cells:
        if cells.is_test(cell):
            try:
                found.append(_task(cell))
            except CourseError as error:
                faults.append(str(error))
    return tuple(found), tuple(faults)


def _task(cell: NotebookNode) -> Task:
    name, points = cells.grade_id(cell), cells.points(cell)
    hidden = cells.code_lines(cells.split_test(cell.source).hidden)
    imports = [n for n in ast.parse(hidden).body if isinstance(n, (ast.Import, ast.ImportFrom))]
    exercise = _graded(hidden, imports, name)
    if exercise.points != points:
        raise CourseError(
            f"{name} is worth {points:g} points in the notebook and {exercise.points:g} in the "
            f"declaration of {exercise.name}: make them agree"
        )
    return Task(name, points, exercise, tuple(_modules(imports)))


def _graded(hidden: str, imports: list[ast.Import | ast.ImportFrom], name: str) -> Exercise:
    """Return the declaration whose ``grade`` the last line calls."""
    expression, namespace = cells.graded_expression(hidden), dict[str, Any]()
    if expression is not None:
        exec(compile(ast.Module(list(imports), []), name, "exec"), namespace)  # noqa: S102  # the lab's own lines
        found = eval(compile(ast.Expression(expression), name, "eval"), namespace)  # noqa: S307  # the same
        if isinstance(found, Exercise):
            return found
    raise CourseError(
        f"{name} does not end in EXERCISE.grade(...), so nothing is known about its mistakes: "
        "declare the exercise in autograder/hidden_tests"
    )


def _modules(imports: list[ast.Import | ast.ImportFrom]) -> Iterator[ModuleType]:
    """Return the imported modules that list exercises."""
    names: dict[str, None] = {}
    for node in imports:
        package = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        names |= dict.fromkeys([package.rstrip(".")] if package else [])
        names |= dict.fromkeys(f"{package}{alias.name}" for alias in node.names)
    modules = (sys.modules.get(name) for name in names)
    return (module for module in modules if module is not None and hasattr(module, "EXERCISES"))


def unused_exercises(tasks: tuple[Task, ...]) -> tuple[str, ...]:
    """Return names of exercises that the imported modules list and no test cell grades."""
    listed = {
        exercise.name: exercise
        for task in tasks
        for module in task.modules
        for exercise in module.EXERCISES
    }
    graded = {id(task.exercise) for task in tasks}
    return tuple(name for name, exercise in listed.items() if id(exercise) not in graded)
