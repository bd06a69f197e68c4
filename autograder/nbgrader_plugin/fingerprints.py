"""What was recorded for each graded cell, so that the next run sees whether its answer changed.

A grade that a person has given stays marked as long as the answer and the automatic score are the
same; nbgrader itself asks for it again at each run.
"""

from __future__ import annotations

import json
from pathlib import Path

from nbformat import NotebookNode

from autograder.course import cells
from autograder.results.verdict import make_key
from coursekit.atomic_write import write_whole


def fingerprint(notebook: NotebookNode, place: int, score: float | None, reason: str) -> str:
    """Return one hash of what a person looked at who marked a cell.

    Args:
        notebook: the student's, put right.
        place: the graded cell's place in it.
        score: the cell's automatic score.
        reason: why the submission could not be read; empty if it could.
    """
    answers = [json.dumps([c.source, c.get("attachments", {})]) for c in _answer(notebook, place)]
    return make_key(repr(score), reason, *answers)


def _answer(notebook: NotebookNode, place: int) -> list[NotebookNode]:
    """Return the student's cells that belong to a graded cell.

    Of a test these are the cells since the test before. Of a written answer these are the answer
    and the texts around it, because students also write beside the cell that is meant for it.
    """
    before = _run_of_own(notebook.cells[:place][::-1])
    cell = notebook.cells[place]
    if cells.is_test(cell):
        return before
    after = _run_of_own(notebook.cells[place + 1 :])
    return [cell, *(c for c in (*before, *after) if c.cell_type != "code")]


def _run_of_own(row: list[NotebookNode]) -> list[NotebookNode]:
    """Return the student's cells up to the next graded one; the lab's own are left out."""
    found = []
    for cell in row:
        if cells.is_graded(cell):
            break
        if not cells.is_locked(cell):
            found.append(cell)
    return found


def read_fingerprints(path: Path) -> dict[str, str]:
    """Return the hashes by cell that the last run wrote; none if there are none.

    Args:
        path: where they lie.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_fingerprints(path: Path, found: dict[str, str]) -> None:
    """Write the hashes for the next run.

    Args:
        path: where they lie.
        found: hashes by cell.
    """
    write_whole(path, json.dumps(found, indent=1))
