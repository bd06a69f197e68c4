"""Grades a class: verdicts first, then the one writer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable

from autograder.course import Course
from autograder.errors import GraderError
from autograder.lab import Lab
from autograder.recording.writer import record, require_in_gradebook
from autograder.report import Entry, Report
from autograder.sandbox.walls import require_walls

_log = logging.getLogger("autograder.batch")


def grade_lab(
    course: Course,
    lab_name: str,
    *,
    students: Iterable[str] = (),
    force: bool = False,
    progress: Callable[[str], object] = str,
) -> Report:
    """Grades what a class handed in and records it.

    Args:
        course: the course.
        lab_name: the assignment's id.
        students: whom to grade; everyone who handed in if empty.
        force: grade also what has a verdict that still holds.
        progress: called with each student's id when that student is done.

    Raises:
        GraderError: nothing could be graded at all: the host cannot isolate, or the lab is unknown.
    """
    started = time.monotonic()
    lab = course.lab(lab_name)
    require_in_gradebook(course, lab)
    if course.grading.isolation == "bubblewrap":
        require_walls()
    entries = []
    for student in list(students) or course.students(lab_name):
        entries.append(_grade_student(course, lab, student, force=force))
        progress(student)
    seconds = time.monotonic() - started
    return Report(lab_name, tuple(entries), course.grading.isolation, seconds)


def _grade_student(course: Course, lab: Lab, student: str, *, force: bool) -> Entry:
    try:
        books = lab.notebooks.values()
        pairs = [course.verdict(lab.name, book, student, force=force) for book in books]
        record(course, lab, student)
    except GraderError as error:
        _log.error("%s: %s", student, error)
        return Entry(student, failure=f"the grader failed, so there is no grade: {error}")
    verdicts = tuple(verdict for verdict, _ in pairs)
    return Entry(student, verdicts, reused=all(reused for _, reused in pairs))
