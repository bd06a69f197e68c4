"""The export of grades as CSV, in which no field is taken for two fields or for a formula.

``nbgrader export`` uses it in place of its own plugin, which joins fields without quoting: a
comma in a student's id shifts the columns behind it, and ``=HYPERLINK(...)`` is run by a
spreadsheet.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.plugins.export import ExportPlugin

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)
"""nbgrader's own, in its order."""

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take for a formula's beginning: https://owasp.org/www-community/attacks/CSV_Injection."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)

Row = dict[str, object]


class SafeCsvExport(ExportPlugin):  # type: ignore[misc]
    """Writes the grades as CSV with every text quoted and every formula defused."""

    def export(self, gradebook: Gradebook) -> None:
        """Writes the file. Called by ``nbgrader export``.

        Args:
            gradebook: the open gradebook.
        """
        path = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", path)
        students = [str(student) for student in self.student]
        assignments = [str(assignment) for assignment in self.assignment]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
            writer.writerow(COLUMNS)
            for row in grade_rows(gradebook, students=students, assignments=assignments):
                writer.writerow([safe_field(row[column]) for column in COLUMNS])


def safe_field(value: object) -> float | str:
    """A number as it is, anything else as text that no spreadsheet computes.

    Args:
        value: None, a number, a time or text. A text that would be a formula gets an apostrophe
            in front, unless it is a plain number such as ``-1.5``.
    """
    if isinstance(value, (int, float)):
        return value
    text = "" if value is None else str(value)
    is_formula = text.startswith(_BEGINS_FORMULA) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def grade_rows(
    gradebook: Gradebook, *, students: list[str], assignments: list[str]
) -> Iterator[Row]:
    """One row for each assignment and student, by column; no submission counts as 0.

    Args:
        gradebook: the open gradebook.
        students: ids of the only students to tell of; empty for all.
        assignments: names of the only assignments to tell of; empty for all.
    """
    for assignment in gradebook.assignments:
        if assignments and assignment.name not in assignments:
            continue
        for student in gradebook.students:
            if not students or student.id in students:
                yield _row(gradebook, assignment, student)


def _row(gradebook: Gradebook, assignment: Assignment, student: Student) -> Row:
    return {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "max_score": assignment.max_score,
        **_scores(gradebook, assignment.name, student.id),
    }


def _scores(gradebook: Gradebook, assignment: str, student: str) -> Row:
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        nothing = dict.fromkeys(("raw_score", "late_submission_penalty", "score"), 0.0)
        return {"timestamp": None, **nothing}
    score, penalty = submission.score, submission.late_submission_penalty
    return {
        "timestamp": submission.timestamp,
        "raw_score": score,
        "late_submission_penalty": penalty,
        "score": max(0.0, score - (penalty or 0.0)),
    }
