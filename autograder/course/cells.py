"""Cells of an nbgrader notebook: which are graded, and where a hidden test begins and ends."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass
from typing import Any, Literal

from nbformat import NotebookNode

from autograder.errors import CourseError

BEGIN_HIDDEN = "BEGIN HIDDEN TESTS"
END_HIDDEN = "END HIDDEN TESTS"
BEGIN_SOLUTION = "BEGIN SOLUTION"
END_SOLUTION = "END SOLUTION"


@dataclass(frozen=True)
class SplitTest:
    """A test cell's two parts, each empty if it has none."""

    visible: str
    hidden: str


def with_plain_line_ends(source: str) -> str:
    """Return a cell's source with line feeds alone, as it is where no Windows editor wrote it."""
    return source.replace("\r\n", "\n").replace("\r", "\n")


def nbgrader_metadata(cell: NotebookNode) -> dict[str, Any]:
    """Return a cell's nbgrader metadata; empty if it has none or they are no dict."""
    found = cell.get("metadata", {}).get("nbgrader")
    return found if isinstance(found, dict) else {}


def grade_id(cell: NotebookNode) -> str:
    """Return a cell's nbgrader id, or an empty string."""
    found = nbgrader_metadata(cell).get("grade_id")
    return found if isinstance(found, str) else ""


def is_test(cell: NotebookNode) -> bool:
    """Return whether the cell holds tests that are run and scored."""
    metadata = nbgrader_metadata(cell)
    graded = bool(metadata.get("grade")) and not metadata.get("solution")
    return graded and cell.cell_type == "code"


def is_graded(cell: NotebookNode) -> bool:
    """Return whether the cell has points, by tests or by hand."""
    metadata = nbgrader_metadata(cell)
    return bool(metadata.get("grade") or metadata.get("task"))


def is_solution(cell: NotebookNode) -> bool:
    """Return whether a student is meant to write in the cell."""
    return bool(nbgrader_metadata(cell).get("solution"))


def is_locked(cell: NotebookNode) -> bool:
    """Return whether the cell is given and restored before grading, as nbgrader defines it."""
    metadata = nbgrader_metadata(cell)
    if metadata.get("solution"):
        return False
    return bool(metadata.get("grade") or metadata.get("locked") or metadata.get("task"))


def kind_of(cell: NotebookNode) -> Literal["given", "test", "answer"]:
    """Return what a code cell is for: students write in it, it is graded by tests, or neither."""
    if is_solution(cell):
        return "answer"
    return "test" if is_test(cell) else "given"


def points(cell: NotebookNode) -> float:
    """Return the points of a graded cell.

    Raises:
        CourseError: the cell has none that make sense.
    """
    value = nbgrader_metadata(cell).get("points")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e6:
        raise CourseError(f"cell {grade_id(cell)!r} has points {value!r}; wanted a number from 0")
    return float(value)


def split_test(source: str) -> SplitTest:
    """Return the visible and the hidden lines of a test cell.

    Raises:
        CourseError: a mark for the beginning or the end of hidden tests has no partner.
    """
    return SplitTest(*_partition(source, BEGIN_HIDDEN, END_HIDDEN))


def visible_lines(source: str) -> frozenset[int]:
    """Return the numbers of the lines that students see of a test cell, from 1."""
    found, within = set(), False
    for number, line in enumerate(source.split("\n"), start=1):
        within = (within or BEGIN_HIDDEN in line) and END_HIDDEN not in line
        if not within:
            found.add(number)
    return frozenset(found)


def code_lines(source: str) -> str:
    """Return a cell's Python without IPython's magics and shell lines."""
    return "\n".join("" if line.lstrip()[:1] in ("%", "!") else line for line in source.split("\n"))


def defined_names(source: str) -> list[str]:
    """Return the names that a cell's code binds at its top level by ``def``, ``class`` or ``=``."""
    try:
        body = ast.parse(code_lines(source)).body
    except SyntaxError:
        return []
    found = []
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.append(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [n for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
            found += [name.id for name in names]
    return found


def solution_lines(source: str) -> str:
    """Return the lines between a solution's marks.

    Raises:
        CourseError: a mark has no partner.
    """
    return _partition(source, BEGIN_SOLUTION, END_SOLUTION)[1]


def _partition(source: str, begin: str, end: str) -> tuple[str, str]:
    outside: list[str] = []
    inside: list[str] = []
    within = False
    for line in source.split("\n"):
        if begin in line or end in line:
            if within == (begin in line):
                raise CourseError(f"{line.strip()!r} has no partner in its cell")
            within = begin in line
        else:
            (inside if within else outside).append(line)
    if within:
        raise CourseError(f"a cell has {begin!r} without {end!r}")
    return "\n".join(outside).strip("\n"), textwrap.dedent("\n".join(inside).strip("\n"))


def graded_expression(hidden: str) -> ast.expr | None:
    """Return what stands before ``.grade(...)`` in the last line of hidden tests, or None.

    Such a line decides on the points: ``convolution.CONV2D.grade(conv2d)``.

    Args:
        hidden: the hidden part of a test cell, without nbgrader's marks.
    """
    try:
        body = ast.parse(code_lines(hidden)).body
    except SyntaxError:
        return None
    match body:
        case [*_, ast.Expr(ast.Call(ast.Attribute(value=expression, attr="grade")))]:
            return expression
    return None
