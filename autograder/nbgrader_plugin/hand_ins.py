"""What one run of nbgrader's `Autograde` knows of the hand-ins that it records."""

from __future__ import annotations

from typing import Any

from autograder.course.course import Course
from autograder.course.lab import Lab
from autograder.grading.course_grader import CourseGrader
from autograder.results.verdict import Verdict
from autograder.submissions.hand_in_folder import HandInFolder


class HandIns:
    """The hand-in at work, each file of it read once, with its verdicts.

    nbgrader makes its exporter and its preprocessors anew on the way, and tells them names alone.
    All of them ask the converter's object of this class, so that what is graded, recorded and
    shown is the same.

    Args:
        course: the course.
    """

    def __init__(self, course: Course) -> None:
        self.course = course
        self._grader = CourseGrader(course)
        self._labs: dict[str, Lab] = {}
        self._folder: HandInFolder | None = None
        self._verdicts: dict[str, Verdict] = {}

    def use(self, lab: Lab, folder: HandInFolder, verdicts: dict[str, Verdict]) -> None:
        """Go on with what was read and graded before the run.

        Args:
            lab: the lab.
            folder: what the student handed in.
            verdicts: by the notebooks' names.
        """
        self._labs[lab.name] = lab
        self._folder, self._verdicts = folder, dict(verdicts)

    def lab(self, name: str) -> Lab:
        """Return a lab, read once in a run.

        Args:
            name: the assignment's id.
        """
        if name not in self._labs:
            self._labs[name] = self.course.lab(name)
        return self._labs[name]

    def folder(self, student: str, lab: str) -> HandInFolder:
        """Return what a student handed in; the one before is forgotten.

        Args:
            student: the student's id.
            lab: the assignment's id.
        """
        if self._folder is None or (self._folder.student, self._folder.lab) != (student, lab):
            self._folder, self._verdicts = HandInFolder(self.course, student, lab), {}
        return self._folder

    def verdict(self, student: str, lab: str, notebook: str) -> Verdict:
        """Return the verdict on a student's notebook; it is graded now if none holds.

        Args:
            student: the student's id.
            lab: the assignment's id.
            notebook: the notebook's name.
        """
        folder = self.folder(student, lab)
        if notebook not in self._verdicts:
            book = self.lab(lab).notebooks[notebook]
            self._verdicts[notebook], _ = self._grader.verdict(folder, book)
        return self._verdicts[notebook]


def hand_ins_of(converter: Any) -> HandIns:
    """Return what a converter knows of hand-ins.

    Args:
        converter: nbgrader's `Autograde` or one that extends it.
    """
    if not hasattr(converter, "hand_ins"):
        converter.hand_ins = HandIns(Course(converter.config))
    found: HandIns = converter.hand_ins
    return found
