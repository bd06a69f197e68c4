"""Grades a class, student by student: the verdict first, then nbgrader's gradebook."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable

from autograder.app.host_errors import explain
from autograder.app.report import Entry, Report
from autograder.course.course import Course
from autograder.course.lab import Lab
from autograder.errors import CourseError, SandboxLost
from autograder.grading.course_grader import CourseGrader
from autograder.nbgrader_plugin.writer import record, require_in_gradebook
from autograder.sandbox.fork_server import close_fork_servers
from autograder.sandbox.host import require_isolation
from autograder.submissions.hand_in_folder import HandInFolder
from autograder.submissions.student_ids import why_bad_student_id

_log = logging.getLogger("autograder.app.grade_class")


def grade_lab(
    course: Course,
    lab_name: str,
    *,
    students: Iterable[str] = (),
    force: bool = False,
    progress: Callable[[str], object] = str,
) -> Report:
    """Grade what a class handed in and record it.

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
    require_isolation(course.grading.isolation, gpu=course.grading.gpu)
    grader, entries = CourseGrader(course), []
    for student in _chosen(course, lab_name, students):
        entries.append(_grade_student(grader, lab, student, force=force))
        progress(student)
    seconds = time.monotonic() - started
    return Report(lab_name, tuple(entries), course.grading.isolation, seconds)


def _chosen(course: Course, lab: str, students: Iterable[str]) -> list[str]:
    """Return the students to grade: those named, of whom all must have handed in, or everyone."""
    everyone = course.students(lab)
    named = list(students)
    missing = [student for student in named if student not in everyone]
    if missing:
        raise CourseError(f"nothing was handed in for {lab} by {', '.join(missing)}")
    return named or everyone


def _grade_student(
    grader: CourseGrader, lab: Lab, student: str, *, force: bool, again: bool = True
) -> Entry:
    if reason := why_bad_student_id(student):
        return Entry(student, failure=reason)
    try:
        folder = HandInFolder(grader.course, student, lab.name)
        pairs = {
            name: grader.verdict(folder, book, force=force, retry=True)
            for name, book in lab.notebooks.items()
        }
        notes = record(lab, folder, {name: verdict for name, (verdict, _) in pairs.items()})
    except Exception as error:  # whatever one submission brings about, the others are graded
        if isinstance(error, (SandboxLost, FileNotFoundError)) and again:
            close_fork_servers()  # the folder of one's kernels may have been tidied away
            _log.warning("%s: %s; grading it again", student, error)
            return _grade_student(grader, lab, student, force=force, again=False)
        advice = explain(error)
        _log.error("grading %s failed", student, exc_info=None if advice else error)
        return Entry(student, failure=f"the grader failed, so there is no grade: {advice or error}")
    verdicts = tuple(verdict for verdict, _ in pairs.values())
    return Entry(student, verdicts, notes=notes, reused=all(old for _, old in pairs.values()))
