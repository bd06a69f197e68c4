"""Answers that a person marks: which are there, which stand elsewhere, which were left out."""

from __future__ import annotations

from collections.abc import Iterator

from nbformat import NotebookNode

from autograder.course import cells
from autograder.course.lab import LabNotebook
from autograder.results.verdict import Written


def look_for_written_answers(notebook: NotebookNode, lab: LabNotebook) -> Written:
    """Return what there is of the answers that a person marks.

    An answer whose cell is as it was released may have been written into a cell of the student's,
    below it or anywhere else, so it is unanswered only if the student has added no text.

    Args:
        notebook: a submission's notebook, put right.
        lab: the lab's notebook.
    """
    stubs = [place for place, cell in enumerate(notebook.cells) if _is_stub(cell, lab)]
    text = any(True for _ in _own_texts(notebook, lab))
    elsewhere: list[str] = []
    unanswered: list[str] = []
    for place in stubs:
        is_elsewhere = text or _has_own_code_beside(notebook, place, lab)
        name = cells.grade_id(notebook.cells[place])
        (elsewhere if is_elsewhere else unanswered).append(name)
    return Written(tuple(elsewhere), tuple(unanswered))


def _is_stub(cell: NotebookNode, lab: LabNotebook) -> bool:
    """Return whether a cell is for an answer that a person marks, and nothing is in it."""
    if not (cells.is_graded(cell) and cells.is_solution(cell)):
        return False
    released = next(c for c in lab.released.cells if cells.grade_id(c) == cells.grade_id(cell))
    same_pictures = cell.get("attachments", {}) == released.get("attachments", {})
    return bool(same_pictures and cell.source.strip() == released.source.strip())


def _own_texts(notebook: NotebookNode, lab: LabNotebook) -> Iterator[NotebookNode]:
    """Yield the student's text cells; what the lab has as well is none."""
    given = {cell.source.strip() for cell in lab.released.cells} | {""}
    for cell in notebook.cells:
        is_own = cell.cell_type != "code" and not cells.grade_id(cell)
        if is_own and (cell.source.strip() not in given or cell.get("attachments")):
            yield cell


def _has_own_code_beside(notebook: NotebookNode, place: int, lab: LabNotebook) -> bool:
    """Return whether code of the student's stands between an answer's neighbours of the lab."""
    given = {cell.source.strip() for cell in lab.released.cells} | {""}
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(notebook.cells) and not cells.grade_id(notebook.cells[at]):
            if notebook.cells[at].source.strip() not in given:
                return True
            at += step
    return False
