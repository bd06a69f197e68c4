"""Makes an untrusted folder into a `Submission`, or says why there is none."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import stat
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder import cells
from autograder.errors import UnreadableSubmission
from autograder.lab import LabNotebook

MAX_NOTEBOOK_BYTES = 20 * 2**20
"""A larger notebook is not read; outputs are what makes one large, and they are not needed."""
MAX_CELLS = 2000


@dataclass(frozen=True)
class Submission:
    """One student's notebook, put right and ready to run.

    Args:
        student: the student's id.
        notebook: cells in the student's order, given cells as the lab has them, no outputs.
        notes: what was put right, a sentence each.
        digest: SHA-256 of the file as handed in.
    """

    student: str
    notebook: NotebookNode
    notes: tuple[str, ...]
    digest: str


def take_in(path: Path, lab: LabNotebook, student: str) -> Submission:
    """The submission in a file.

    Args:
        path: the notebook that was handed in.
        lab: the lab's notebook of the same name.
        student: the student's id.

    Raises:
        UnreadableSubmission: there is no notebook in it; the text says why and what to do.
    """
    data = read_untrusted(path)
    notebook = parse_notebook(data, path.name)
    restored, notes = restore(notebook, lab)
    return Submission(student, restored, tuple(notes), hashlib.sha256(data).hexdigest())


def read_untrusted(path: Path) -> bytes:
    """A plain file's bytes; links are not followed.

    Raises:
        UnreadableSubmission: it is missing, no plain file, or too large.
    """
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise UnreadableSubmission(
            f"{path.name} is missing; ask the student to hand in the notebook under that name"
        ) from None
    except OSError as error:
        raise UnreadableSubmission(
            f"{path.name} cannot be opened as a plain file ({error.strerror}); "
            "links are not followed"
        ) from None
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise UnreadableSubmission(f"{path.name} is not a plain file")
    with os.fdopen(number, "rb") as file:
        data = file.read(MAX_NOTEBOOK_BYTES + 1)
    if len(data) > MAX_NOTEBOOK_BYTES:
        raise UnreadableSubmission(
            f"{path.name} is larger than {MAX_NOTEBOOK_BYTES // 2**20} MiB; ask the student to "
            "clear the outputs and hand it in again"
        )
    return data


def parse_notebook(data: bytes, name: str) -> NotebookNode:
    """A notebook of format 4 from a file's bytes.

    Raises:
        UnreadableSubmission: the bytes are not a notebook.
    """
    try:
        raw = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableSubmission(
            f"{name} is not a notebook: it is no JSON text ({_short(error)}); ask the student to "
            "hand in the .ipynb file itself"
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook: NotebookNode = nbformat.convert(nbformat.from_dict(raw), 4)
            _tidy(notebook)
            nbformat.validate(notebook)
    except (nbformat.ValidationError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableSubmission(f"{name} is JSON but not a notebook ({_short(error)})") from None
    if len(notebook.cells) > MAX_CELLS:
        raise UnreadableSubmission(f"{name} has {len(notebook.cells):,} cells; at most {MAX_CELLS}")
    return notebook


def _tidy(notebook: NotebookNode) -> None:
    """Drops what is not needed and could be malformed: outputs, attachments, foreign metadata."""
    seen: set[str] = set()
    for place, cell in enumerate(notebook.cells):
        if isinstance(cell.source, list):
            cell.source = "".join(cell.source)
        cell.source = cell.source.replace("\r\n", "\n")
        cell.metadata = NotebookNode(_kept_metadata(cell))
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if notebook.nbformat_minor >= 5 and (cell.get("id") in seen or not cell.get("id")):
            cell.id = f"handed-in-{place}"
        seen.add(str(cell.get("id")))


def _kept_metadata(cell: NotebookNode) -> dict[str, Any]:
    found = cell.get("metadata")
    kept = found.get("nbgrader") if isinstance(found, dict) else None
    return {"nbgrader": kept} if isinstance(kept, dict) else {}


class _Repairs:
    """What was put right, gathered so that the report has a sentence for each kind."""

    def __init__(self) -> None:
        self._names: dict[str, list[str]] = {}

    def add(self, sentence: str, name: str) -> None:
        """Notes a repair: `sentence` ends where the cells' names follow."""
        self._names.setdefault(sentence, []).append(name)

    def sentences(self) -> list[str]:
        """One sentence for each kind of repair."""
        return [f"{sentence}: {', '.join(names)}" for sentence, names in self._names.items()]


def restore(handed_in: NotebookNode, lab: LabNotebook) -> tuple[NotebookNode, list[str]]:
    """The notebook with every given cell as the lab has it, and a note for each repair.

    Cells with the lab's ids keep the student's order; of a cell that stands more than once the
    last one counts that says something; what is missing is put back behind its predecessor.
    Cells of the student's own are kept, without nbgrader's metadata.
    """
    notes = _Repairs()
    chosen = _choose_copies(handed_in, lab, notes)
    result: list[NotebookNode] = []
    for place, cell in enumerate(handed_in.cells):
        name = cells.grade_id(cell)
        if name in lab.given_cells and chosen[name] == place:
            result.append(_as_given(cell, lab, name, notes))
        else:
            if cells.nbgrader_metadata(cell) and name not in lab.given_cells:
                notes.add(
                    "cells with unknown nbgrader ids, which count as the student's", repr(name)
                )
            result.append(_plain_copy(cell))
    _put_back_missing(result, lab, notes)
    _move_tests_behind_answers(result, lab, notes)
    notebook = copy.deepcopy(lab.released)
    notebook.cells = _with_ids(result)
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    return notebook, notes.sentences()


def _choose_copies(handed_in: NotebookNode, lab: LabNotebook, notes: _Repairs) -> dict[str, int]:
    released = {cells.grade_id(c): c for c in lab.released.cells if cells.grade_id(c)}
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(handed_in.cells):
        if cells.grade_id(cell) in lab.given_cells:
            places.setdefault(cells.grade_id(cell), []).append(place)
    chosen = {}
    for name, found in places.items():
        if len(found) > 1:
            notes.add("cells that stand twice, of which the last worked on counts", name)
        stub = released[name].source.strip()
        worked = [place for place in found if handed_in.cells[place].source.strip() != stub]
        chosen[name] = (worked or found)[-1]
    return chosen


def _as_given(cell: NotebookNode, lab: LabNotebook, name: str, notes: _Repairs) -> NotebookNode:
    given = lab.given_cells[name]
    result = copy.deepcopy(given)
    if cells.is_locked(given):
        shown = next(c.source for c in lab.released.cells if cells.grade_id(c) == name)
        if cell.source.strip() not in (shown.strip(), given.source.strip()):
            notes.add("given cells that had been changed, put right", name)
        return result
    if cell.cell_type != given.cell_type:
        notes.add(f"cells that had become {cell.cell_type} cells, put right", name)
    result.source = cell.source
    was, is_now = cells.nbgrader_metadata(given), cells.nbgrader_metadata(cell)
    if any(was.get(name) != is_now.get(name) for name in ("points", "grade", "solution", "task")):
        notes.add("cells with changed nbgrader metadata, put right", name)
    return result


def _plain_copy(cell: NotebookNode) -> NotebookNode:
    result = copy.deepcopy(cell)
    result.metadata = NotebookNode()
    return result


def _put_back_missing(result: list[NotebookNode], lab: LabNotebook, notes: _Repairs) -> None:
    released = {cells.grade_id(c): c for c in lab.released.cells if cells.grade_id(c)}
    before = ""
    for name, given in lab.given_cells.items():
        present = {cells.grade_id(cell): place for place, cell in enumerate(result)}
        if name not in present:
            notes.add("deleted cells, put back", name)
            missing = given if cells.is_locked(given) else released[name]
            result.insert(present.get(before, -1) + 1, copy.deepcopy(missing))
        before = name


def _move_tests_behind_answers(
    result: list[NotebookNode], lab: LabNotebook, notes: _Repairs
) -> None:
    """A test runs after every answer that the lab has before it, wherever it was moved to."""
    answers: list[str] = []
    for name, given in lab.given_cells.items():
        if not cells.is_test(given):
            answers += [name] if cells.is_solution(given) else []
            continue
        present = {cells.grade_id(cell): place for place, cell in enumerate(result)}
        last_answer = max((present[answer] for answer in answers), default=-1)
        if present[name] < last_answer:
            notes.add("tests that stood before the answer they test, moved behind it", name)
            result.insert(last_answer, result.pop(present[name]))


def _with_ids(result: list[NotebookNode]) -> list[NotebookNode]:
    seen: set[str] = set()
    for place, cell in enumerate(result):
        if not cell.get("id") or cell.id in seen:
            cell.id = f"restored-{place}"
        seen.add(cell.id)
    return result


def stand_in(lab: LabNotebook, reason: str) -> NotebookNode:
    """The lab as released with the reason on top, for a submission that cannot be read."""
    notebook = copy.deepcopy(lab.released)
    text = f"**This submission could not be graded.** {reason}"
    notebook.cells.insert(0, new_markdown_cell(text, id="not-graded"))
    return notebook


def _short(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:160]
