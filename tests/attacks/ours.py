"""The attacked course with our grader."""

from __future__ import annotations

import json
import warnings
from dataclasses import asdict
from pathlib import Path

from autograder.app.grade_class import grade_lab
from autograder.course.course import Course
from autograder.grading.course_grader import CourseGrader
from autograder.nbgrader_plugin.writer import give_feedback, release
from autograder.sandbox.limits import Limits
from autograder.submissions.hand_in_folder import HandInFolder
from tests.attacks.arena import Arena
from tests.attacks.lab import LAB

_OURS = """
from autograder import configure
configure(c)
"""
LIMITS = Limits(
    cell_seconds=4,
    call_seconds=4,
    submission_seconds=20,
    memory_bytes=2**30,
    processes=60,
    file_bytes=2**26,
    folder_bytes=2**26,
    output_bytes=200_000,
    all_output_bytes=2_000_000,
)
"""Small ones, so that what uses them up is done soon."""


class OurArena(Arena):
    """Graded as ``autograder grade`` does it."""

    def __init__(self, folder: Path, *, isolation: str = "bubblewrap") -> None:
        super().__init__(folder, f'{_OURS}c.Grading.isolation = "{isolation}"\n')

    @property
    def course(self) -> Course:
        """The course as it is on disk."""
        return Course.load(self.root)

    def release(self) -> None:
        release(self.course, self.course.lab(LAB))

    def grade(self, student: str) -> str:
        with warnings.catch_warnings():  # as in a terminal, where a warning ends nothing
            warnings.simplefilter("ignore")
            return self._grade(student)

    def _grade(self, student: str) -> str:
        course = self.course
        report = grade_lab(course, LAB, students=[student], force=True)
        remarks = " ".join(report.entries[0].remarks())
        if report.entries[0].failure:
            return remarks
        if self.with_feedback:
            give_feedback(course, course.lab(LAB), student)
        return "" if report.entries[0].has_grade else remarks

    def points_without_recording(self, student: str) -> float:
        """A student's points, graded anew."""
        course = self.course
        book = course.lab(LAB).notebooks[LAB]
        folder = HandInFolder(course, student, LAB)
        return CourseGrader(course).verdict(folder, book, force=True)[0].points

    def shown(self, student: str) -> str:
        verdict = CourseGrader(self.course).verdicts.read(LAB, student, LAB)
        reporting = json.dumps(asdict(verdict), ensure_ascii=False) if verdict else ""
        pages = (self.root / "feedback" / student / LAB).glob("**/*")
        files = [page for page in pages if page.is_file()]
        beside = (self.root / "autograded" / student / LAB).glob("**/*")
        files += [path for path in beside if path.is_file() and path.suffix != ".ipynb"]
        texts = [file.read_text(encoding="utf-8", errors="replace") for file in files]
        return "\n".join([reporting.replace("\\n", "\n"), *texts])

    def secrets(self) -> tuple[str, ...]:
        """What else must not be shown."""
        return ((self.root / ".autograder" / "secret").read_text(encoding="ascii").strip(),)
