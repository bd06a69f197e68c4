"""A lab's source notebooks are read as their author means them."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from autograder.course import cells
from autograder.course.course import Course
from autograder.course.lab import LabNotebook, read_lab
from autograder.errors import CourseError
from autograder.grading.context import GradingContext
from autograder.grading.grade import grade_file
from autograder.grading.lab_check import check_lab


def _change(book: LabNotebook, **metadata: object) -> LabNotebook:
    notebook = nbformat.read(book.path, as_version=4)
    notebook.metadata |= metadata
    nbformat.write(notebook, book.path)
    return read_lab(book.path.parent).notebooks[book.name]


def test_cells_of_an_old_format_get_ids_that_stay(book: LabNotebook) -> None:
    notebook = nbformat.read(book.path, as_version=4)
    notebook.nbformat_minor = 2
    for cell in notebook.cells:
        del cell["id"]
    nbformat.write(notebook, book.path)
    first, second = (read_lab(book.path.parent).notebooks["tiny"].source for _ in range(2))
    assert [cell.id for cell in first.cells] == [cell.id for cell in second.cells]
    assert len({cell.id for cell in first.cells}) == len(first.cells)


def test_a_notebook_in_another_language_is_not_graded_as_python(
    book: LabNotebook, tmp_path: Path
) -> None:
    kernel = {"name": "ir", "display_name": "R", "language": "R"}
    context = GradingContext("tiny", _change(book, kernelspec=kernel))
    with pytest.raises(CourseError, match="is a notebook in 'r'; only Python is graded here"):
        check_lab(context)
    with pytest.raises(CourseError, match="only Python"):
        grade_file(tmp_path / "tiny.ipynb", "ada", context)


def test_a_notebook_that_names_no_language_is_python(book: LabNotebook) -> None:
    assert _change(book, kernelspec={"name": "python3", "display_name": ""}).language == "python"


def test_the_courses_header_is_part_of_each_notebook(course: Course, book: LabNotebook) -> None:
    given = new_code_cell("LIMIT = 3", id="limit")
    given.metadata["nbgrader"] = {**book.source.cells[0].metadata["nbgrader"], "grade_id": "limit"}
    nbformat.write(new_notebook(cells=[given]), course.root / "labs" / "header.ipynb")
    config = Config({"CourseDirectory": {"root": str(course.root)}})
    config.IncludeHeaderFooter.header = "labs/header.ipynb"
    found = read_lab(book.path.parent, config).notebooks["tiny"]
    assert cells.grade_id(found.source.cells[0]) == "limit"
    assert "limit" in found.given_cells
    config.IncludeHeaderFooter.footer = "labs/gone.ipynb"
    with pytest.raises(CourseError, match=r"header or footer cannot be read.*gone\.ipynb"):
        read_lab(book.path.parent, config)
