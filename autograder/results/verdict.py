"""What grading a notebook gave."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from autograder.results.marks import Message, Outcome
from autograder.results.printable import printable

_MAX_NOTES, _MAX_NOTE = 100, 2000
"""Notes of a verdict that are kept, and characters of each; both may depend on the hand-in."""


@dataclass(frozen=True)
class CellVerdict:
    """The verdict on one test cell.

    Args:
        grade_id: the cell's nbgrader id.
        points: points earned; None only where the grader failed.
        maximum: the cell's points.
        outcome: one of `autograder.results.marks.OUTCOMES`.
        messages: for the student; for ``grader_error`` for the instructor.
        mistakes: ids of recognised mistakes.
        visible_error: what the visible part raised, such as ``CheckFailed``; empty if nothing.
    """

    grade_id: str
    points: float | None
    maximum: float
    outcome: Outcome
    messages: tuple[Message, ...] = ()
    mistakes: tuple[str, ...] = ()
    visible_error: str = ""


@dataclass(frozen=True)
class Written:
    """What there is of the answers that a person marks and whose own cells hold nothing new.

    Args:
        elsewhere: ids of those for which the student may have written in another cell. They wait
            for a person.
        unanswered: ids of those for which nothing was written anywhere.
    """

    elsewhere: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()

    def notes(self) -> list[str]:
        """Return a sentence for the instructor and the student; none if nothing is to be said."""
        if not self.elsewhere:
            return []
        names = ", ".join(self.elsewhere)
        return [f"text outside the cells for written answers; a person marks it with: {names}"]


@dataclass(frozen=True)
class Verdict:
    """The verdict on one student's notebook.

    Args:
        student: the student's id.
        lab: the assignment's id.
        notebook: the notebook's name.
        key: what the verdict was made from; another key means that it must be made again.
        cells: verdicts on the test cells, in the lab's order.
        outputs: nbformat outputs of the submission's cells, by the cell's id in the restored
            notebook.
        notes: what loading and running it noticed, for the report.
        of_tests: what the lab's author should know of its tests, a sentence each.
        unreadable: why there was nothing to grade; empty if there was.
        isolation: how the kernel was isolated.
        seconds: wall time of the run.
        hand_in_notes: how the notebook was found and read, for the student as well.
        written: what there is of the answers that a person marks.
    """

    student: str
    lab: str
    notebook: str
    key: str
    cells: tuple[CellVerdict, ...] = ()
    outputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    of_tests: tuple[str, ...] = ()
    unreadable: str = ""
    isolation: str = "bubblewrap"
    seconds: float = 0.0
    hand_in_notes: tuple[str, ...] = ()
    written: Written = field(default_factory=Written)

    def __post_init__(self) -> None:
        object.__setattr__(self, "notes", _printable_notes(self.notes))
        object.__setattr__(self, "unreadable", printable(self.unreadable, most=_MAX_NOTE))

    @property
    def points(self) -> float:
        """Points of all cells that have some."""
        return round(sum(cell.points or 0.0 for cell in self.cells), 2)

    @property
    def maximum(self) -> float:
        """Points that tests can give."""
        return sum(cell.maximum for cell in self.cells)

    @property
    def has_grade(self) -> bool:
        """Whether every test cell has points."""
        return not self.unreadable and all(cell.points is not None for cell in self.cells)

    @property
    def is_final(self) -> bool:
        """Whether grading the same again can give nothing new: no cell failed by the grader."""
        return all(cell.points is not None for cell in self.cells)

    @property
    def why_no_grade(self) -> str:
        """Why there is no grade yet, or no whole one; empty if there is."""
        if self.unreadable:
            return self.unreadable
        failed = [cell.grade_id for cell in self.cells if cell.points is None]
        return f"the tests of {', '.join(failed)} failed of themselves" if failed else ""

    def by_id(self) -> dict[str, CellVerdict]:
        """Return the cells' verdicts by nbgrader id."""
        return {cell.grade_id: cell for cell in self.cells}


def _printable_notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the notes without control characters, long ones cut, and not too many of them."""
    kept = tuple(printable(note, most=_MAX_NOTE) for note in notes[: _MAX_NOTES + 1])
    if len(notes) <= _MAX_NOTES + 1:
        return kept
    return (*kept[:_MAX_NOTES], f"{len(notes) - _MAX_NOTES:,} more notes are not shown")


def warning_of_isolation(isolation: str) -> str:
    """Return the warning for a grade that was made without a sandbox; else an empty string."""
    if isolation == "bubblewrap":
        return ""
    return f"Isolation was {isolation!r}, as asked: no sandbox around files and network."


def make_key(*parts: str | bytes) -> str:
    """Return one key of everything that a verdict depends on."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()
