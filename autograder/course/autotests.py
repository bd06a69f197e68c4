"""Tests that nbgrader made from ``### AUTOTEST`` lines when a lab was released."""

from __future__ import annotations

import copy
from dataclasses import replace

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import InstantiateTests
from traitlets.config import Config

from autograder.course import cells
from autograder.course.lab import Lab, LabNotebook


def with_made_tests(lab: Lab, directory: CourseDirectory, config: Config) -> Lab:
    """Return the lab with the tests that its ``### AUTOTEST`` lines stand for.

    nbgrader's `InstantiateTests` makes them by running the lab's own solution when the lab is
    released; what it made stands in the gradebook alone. A lab that is not released has none.

    Args:
        lab: the lab as it is kept.
        directory: where the gradebook is.
        config: nbgrader's configuration, for the mark that it looks for.
    """
    mark = InstantiateTests(config=config).autotest_delimiter
    marked = {
        name: found for name, book in lab.notebooks.items() if (found := _marked_cells(book, mark))
    }
    if not marked:
        return lab
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        made = {name: _made(gradebook, lab, name, ids) for name, ids in marked.items()}
    books = {name: _filled(book, made.get(name, {})) for name, book in lab.notebooks.items()}
    return replace(lab, notebooks=books)


def _marked_cells(book: LabNotebook, mark: str) -> list[str]:
    return [
        name
        for name, cell in book.given_cells.items()
        if cell.cell_type == "code" and mark in cell.source
    ]


def _made(gradebook: Gradebook, lab: Lab, notebook: str, ids: list[str]) -> dict[str, str]:
    try:
        return {name: gradebook.find_source_cell(name, notebook, lab.name).source for name in ids}
    except MissingEntry:
        return {}


def _filled(book: LabNotebook, made: dict[str, str]) -> LabNotebook:
    source = copy.deepcopy(book.source)
    for cell in source.cells:
        cell.source = made.get(cells.grade_id(cell), cell.source)
    return replace(book, source=source)
