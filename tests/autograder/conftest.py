"""A tiny course of one lab, and notebooks handed in for it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course.course import Course
from autograder.course.lab import Lab, LabNotebook
from autograder.grading.context import GradingContext, GradingOptions
from autograder.grading.grade import grade_file
from autograder.results.verdict import Verdict
from autograder.sandbox.limits import Limits

CONFIG = """
from autograder import configure

c = get_config()
c.CourseDirectory.course_id = "tiny"
c.CourseDirectory.source_directory = "labs"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
configure(c)
"""


def _cell(kind: str, name: str, source: str, **metadata: object) -> NotebookNode:
    made = {"code": new_code_cell, "markdown": new_markdown_cell}[kind](source, id=name)
    common = {"grade_id": name, "schema_version": 3, "task": False}
    flags = {"grade": False, "solution": False, "locked": False, **metadata}
    made.metadata["nbgrader"] = {**common, **flags}
    return made


def tiny_lab_notebook() -> NotebookNode:
    """Two tasks with hidden tests (4 and 6 points) and one answer marked by hand (2 points)."""
    answer = "def {0}(x):\n    ### BEGIN SOLUTION\n    {1}\n    ### END SOLUTION"
    hidden = "\n### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
    partial = "right = sum(square(n) == n * n for n in (3, -2, 0.5))\n2 * right"
    test = {"grade": True, "locked": True}
    cells = [
        _cell("code", "imports", "import numpy as np", locked=True),
        _cell("code", "double", answer.format("double", "return x + x"), solution=True),
        _cell(
            "code",
            "test_double",
            "assert double(1) == 2"
            + hidden.format(
                "assert double(21) == 42, 'double of 21'\nassert np.all(double(np.ones(3)) == 2)"
            ),
            points=4,
            **test,
        ),
        _cell("code", "square", answer.format("square", "return x**2"), solution=True),
        _cell("code", "test_square", "print(square(2))" + hidden.format(partial), points=6, **test),
        _cell("markdown", "essay", "YOUR ANSWER HERE", grade=True, solution=True, points=2),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.fixture
def course_folder(tmp_path: Path) -> Path:
    """A course's folder with its configuration and the tiny lab."""
    folder = tmp_path / "course"
    (folder / "labs" / "tiny").mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    nbformat.write(tiny_lab_notebook(), folder / "labs" / "tiny" / "tiny.ipynb")
    return folder


@pytest.fixture
def course(course_folder: Path) -> Course:
    """The tiny course, loaded."""
    return Course.load(course_folder)


@pytest.fixture
def lab(course: Course) -> Lab:
    """The tiny lab."""
    return course.lab("tiny")


@pytest.fixture
def book(lab: Lab) -> LabNotebook:
    """The tiny lab's notebook."""
    return lab.notebooks["tiny"]


@pytest.fixture
def answered(book: LabNotebook) -> Callable[..., NotebookNode]:
    """Makes the released notebook with answers: source by cell id."""

    def make(**sources: str) -> NotebookNode:
        right = {"double": "def double(x):\n    return 2 * x", "square": "square = lambda x: x * x"}
        notebook = copy.deepcopy(book.released)
        for cell in notebook.cells:
            cell.source = {**right, **sources}.get(cell.id, cell.source)
        return notebook

    return make


@pytest.fixture
def hand_in(course_folder: Path) -> Callable[[str, NotebookNode | str | None], Path]:
    """Puts a notebook, or any text, where a student's submission lies."""

    def put(student: str, content: NotebookNode | str | None) -> Path:
        path = course_folder / "submitted" / student / "tiny" / "tiny.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        elif content is not None:
            nbformat.write(content, path)
        return path

    return put


@pytest.fixture
def graded(tmp_path: Path, book: LabNotebook) -> Callable[..., Verdict]:
    """Grades a notebook in the sandbox."""

    def grade(notebook: NotebookNode, **limits: float) -> Verdict:
        path = tmp_path / "tiny.ipynb"
        nbformat.write(notebook, path)
        options = GradingOptions(Limits(**limits), secret="s")
        return grade_file(path, "ada", GradingContext("tiny", book, options))

    return grade
