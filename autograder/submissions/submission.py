"""Makes an untrusted folder into a `Submission`, or says why there is none."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.course import cells
from autograder.course.lab import LabNotebook
from autograder.errors import UnreadableSubmission
from autograder.results.verdict import Written
from autograder.submissions.hand_in import HandIn, find_hand_in
from autograder.submissions.written_answers import look_for_written_answers

_DELETED = "# This cell had been deleted."


@dataclass(frozen=True)
class Submission:
    """One student's notebook, put right and ready to run.

    Args:
        student: the student's id.
        notebook: cells in the student's order, given cells as the lab has them, no outputs.
        notes: what was put right, a sentence each.
        digest: SHA-256 of the file as handed in.
        written: what there is of the answers that a person marks.
    """

    student: str
    notebook: NotebookNode
    notes: tuple[str, ...]
    digest: str
    written: Written = field(default_factory=Written)


def load_submission(
    path: Path, lab: LabNotebook, student: str, *, below: Path | None = None
) -> Submission:
    """Load the submission in a file.

    Args:
        path: the notebook that was handed in.
        lab: the lab's notebook of the same name.
        student: the student's id.
        below: a trusted folder above the file; see
            `autograder.submissions.untrusted.read_untrusted`.

    Raises:
        UnreadableSubmission: there is no notebook in it; the text says why and what to do.
    """
    return make_submission(find_hand_in(path, lab, below=below), lab, student)


def make_submission(found: HandIn, lab: LabNotebook, student: str) -> Submission:
    """Make a submission of the notebook that was found.

    Args:
        found: what `autograder.submissions.hand_in.find_hand_in` returned.
        lab: the lab's notebook of the same name.
        student: the student's id.

    Raises:
        UnreadableSubmission: nothing was found that can be graded.
    """
    if found.notebook is None:
        raise UnreadableSubmission(found.unreadable)
    restored, repairs = restore(found.notebook, lab)
    written = look_for_written_answers(restored, lab)
    notes = (*found.notes, *repairs, *written.notes())
    return Submission(student, restored, notes, found.digest, written)


class _Repairs:
    """What was put right, gathered so that the report has a sentence for each kind."""

    def __init__(self) -> None:
        self._names: dict[str, list[str]] = {}

    def add(self, sentence: str, name: str) -> None:
        """Note a repair: `sentence` ends where the cells' names follow."""
        self._names.setdefault(sentence, []).append(name)

    def sentences(self) -> list[str]:
        """Return one sentence for each kind of repair."""
        return [f"{sentence}: {', '.join(names)}" for sentence, names in self._names.items()]


def restore(handed_in: NotebookNode, lab: LabNotebook) -> tuple[NotebookNode, list[str]]:
    """Return the notebook with every given cell as the lab has it, and a note for each repair.

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
            result += _text_in_given_cell(cell, lab, name)
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
    if result.cell_type == "markdown" and "attachments" in cell:
        # Pictures in a written answer.
        result["attachments"] = copy.deepcopy(cell["attachments"])
    was, is_now = cells.nbgrader_metadata(given), cells.nbgrader_metadata(cell)
    if any(was.get(name) != is_now.get(name) for name in ("points", "grade", "solution", "task")):
        notes.add("cells with changed nbgrader metadata, put right", name)
    return result


def _text_in_given_cell(cell: NotebookNode, lab: LabNotebook, name: str) -> list[NotebookNode]:
    """Return a student's cell that was changed in place of a given text, such as the question."""
    given = lab.given_cells[name]
    shown = next(c.source for c in lab.released.cells if cells.grade_id(c) == name)
    known = {shown.strip(), given.source.strip(), ""}
    is_text = given.cell_type == "markdown" and cells.is_locked(given)
    if not is_text or cell.source.strip() in known:
        return []
    return [_plain_copy(NotebookNode(cell, id=f"{name[:40]}-as-handed-in"))]


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
            missing = copy.deepcopy(given if cells.is_locked(given) else released[name])
            if cells.is_solution(given) and given.cell_type == "code":
                missing.source = _DELETED  # a stub could hide the answer, in a cell further up
            result.insert(present.get(before, -1) + 1, missing)
        before = name


def _move_tests_behind_answers(
    result: list[NotebookNode], lab: LabNotebook, notes: _Repairs
) -> None:
    """Place a test after every answer that the lab has before it, wherever it was moved."""
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


def placeholder_notebook(lab: LabNotebook, reason: str) -> NotebookNode:
    """Return the lab as released with the reason on top, for a submission that cannot be read."""
    notebook = copy.deepcopy(lab.released)
    text = f"**This submission could not be graded.** {reason}"
    notebook.cells.insert(0, new_markdown_cell(text, id="not-graded"))
    return notebook
