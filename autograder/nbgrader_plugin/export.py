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

from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
)
from nbgrader.plugins.export import ExportPlugin

from autograder.course.course import Course
from autograder.grading.course_grader import CourseGrader

_STOCK_COLUMNS = (
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
COLUMNS = (*_STOCK_COLUMNS, "status", "reason", "points_so_far")
"""nbgrader's and ours behind them."""

GRADED = "graded"
NOT_GRADED = "not graded"
WAITS = "waits for marking"
NOTHING = "nothing handed in"

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take for a formula's beginning: https://owasp.org/www-community/attacks/CSV_Injection."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)

Row = dict[str, object]


class SafeCsvExport(ExportPlugin):  # type: ignore[misc]
    """Writes the grades as CSV with every text quoted and every formula defused."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the file. Called by ``nbgrader export``.

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
            course = Course(self.config)
            for row in grade_rows(
                gradebook, students=students, assignments=assignments, course=course
            ):
                writer.writerow([safe_field(row[column]) for column in COLUMNS])


def safe_field(value: object) -> float | str:
    """Return a number as it is, anything else as text that no spreadsheet computes.

    Args:
        value: None, a number, a time or text. A text that would be a formula gets an apostrophe
            in front, unless it is a plain number such as ``-1.5``.
    """
    if isinstance(value, (int, float)):
        return value
    text = "" if value is None else str(value)
    is_formula = text.startswith(_BEGINS_FORMULA) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def has_no_score(grade: Grade) -> bool:
    """Return whether neither a test nor a person has scored a cell; nbgrader counts it as 0."""
    return grade.auto_score is None and grade.manual_score is None


def grade_rows(
    gradebook: Gradebook,
    *,
    students: list[str],
    assignments: list[str],
    course: Course | None = None,
) -> Iterator[Row]:
    """Yield one row for each assignment and student, by column.

    Who handed in nothing has 0. A submission without a score for each of its cells has an empty
    score, a status and a reason.

    Args:
        gradebook: the open gradebook.
        students: ids of the only students to tell of; empty for all.
        assignments: names of the only assignments to tell of; empty for all.
        course: the course, whose folders and verdicts say why there is no score.
    """
    for assignment in gradebook.assignments:
        if assignments and assignment.name not in assignments:
            continue
        for student in gradebook.students:
            if not students or student.id in students:
                yield _row(gradebook, assignment, student, course)


def _row(
    gradebook: Gradebook, assignment: Assignment, student: Student, course: Course | None
) -> Row:
    return {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "max_score": assignment.max_score,
        **_scores(gradebook, assignment.name, student.id, course),
    }


def _scores(gradebook: Gradebook, assignment: str, student: str, course: Course | None) -> Row:
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return _without_entry(assignment, student, course)
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    missing = [grade.name for grade in grades if has_no_score(grade)]
    status, reason = _status(submission, missing, course)
    score, penalty = submission.score, submission.late_submission_penalty
    is_whole = status == GRADED
    return {
        "timestamp": submission.timestamp,
        "raw_score": score if is_whole else None,
        "late_submission_penalty": penalty,
        "score": max(0.0, score - (penalty or 0.0)) if is_whole else None,
        "status": status,
        "reason": reason,
        "points_so_far": score if len(missing) < len(grades) or is_whole else None,
    }


def _without_entry(assignment: str, student: str, course: Course | None) -> Row:
    """Return the scores of a student of whom the gradebook has no submission."""
    is_there = course is not None and course.has_handed_in(student, assignment)
    nothing = dict.fromkeys(
        ("raw_score", "late_submission_penalty", "score", "points_so_far"),
        None if is_there else 0.0,
    )
    reason = f"handed in, but not recorded: autograder grade {assignment}" if is_there else ""
    status = NOT_GRADED if is_there else NOTHING
    return {"timestamp": None, **nothing, "status": status, "reason": reason}


def _status(
    submission: SubmittedAssignment, missing: list[str], course: Course | None
) -> tuple[str, str]:
    """Return whether a submission has a grade, and why not.

    Args:
        submission: the gradebook's entry.
        missing: names of the cells without a score.
        course: the course with its verdicts, if there is one.
    """
    if not missing:
        return GRADED, ""
    books = [notebook.name for notebook in submission.notebooks]
    where = (submission.name, submission.student.id)
    reasons = _reasons(course, *where, books) if course else ""
    if reasons:
        return NOT_GRADED, reasons
    return WAITS, f"no score yet for {', '.join(missing)}"


def _reasons(course: Course, assignment: str, student: str, books: list[str]) -> str:
    """Return why notebooks were not graded, by their verdicts; empty if they were."""
    verdicts = [CourseGrader(course).verdicts.read(assignment, student, book) for book in books]
    found = [f"{v.notebook}: {v.why_no_grade}" for v in verdicts if v and v.why_no_grade]
    return "; ".join(found)
