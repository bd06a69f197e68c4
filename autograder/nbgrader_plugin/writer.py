"""The one writer: records verdicts through nbgrader's own `Autograde`."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from autograder.course.course import Course
from autograder.course.lab import Lab
from autograder.errors import CourseError, GraderError
from autograder.nbgrader_plugin.hand_ins import HandIns
from autograder.results.verdict import Verdict
from autograder.submissions.hand_in_folder import HandInFolder

_log = logging.getLogger("autograder.nbgrader_plugin")


class _OneStudent:
    """Takes a lab's notebooks of one student instead of what matches nbgrader's patterns."""

    lab: Lab
    notebooks: Any

    def init_notebooks(self: Any) -> None:
        """Set the notebooks' names, whether they are there or not; called by nbgrader."""
        folder = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        self.assignments = {folder: [f"{folder}/{name}.ipynb" for name in self.lab.notebooks]}
        self.notebooks = []


class RecordingAutograde(_OneStudent, Autograde):  # type: ignore[misc]
    """nbgrader's `Autograde` for one student, also where a notebook or all of them are missing.

    Of the student's other files it copies none; see `autograder.nbgrader_plugin.untouched_source`.
    """


class RecordingFeedback(_OneStudent, GenerateFeedback):  # type: ignore[misc]
    """nbgrader's `GenerateFeedback` for one student, whatever the id looks like."""


def record(lab: Lab, folder: HandInFolder, verdicts: Mapping[str, Verdict]) -> tuple[str, ...]:
    """Write a student's verdicts into the gradebook and ``autograded/``.

    Args:
        lab: the lab.
        folder: what the student handed in, as it was graded.
        verdicts: by the notebooks' names.

    Returns:
        What the instructor should know beside the verdicts, such as that the time of the hand-in
        is not known.

    Raises:
        GraderError: nbgrader could not; the text has its log.
    """
    hand_ins = HandIns(folder.course)
    hand_ins.use(lab, folder, {**verdicts})
    what = f"the verdict on {folder.student}"
    _convert(RecordingAutograde, folder.course, lab, folder.student, what=what, hand_ins=hand_ins)
    return (folder.time.note,) if folder.time.note else ()


def release(course: Course, lab: Lab) -> None:
    """Make the students' version of a lab in the release folder and enter it in the gradebook.

    Raises:
        GraderError: nbgrader could not, or a leak was found; the text has its log.
    """
    _convert(GenerateAssignment, course, lab, ".", what=f"the release of {lab.name}")


def give_feedback(course: Course, lab: Lab, student: str) -> None:
    """Write a student's feedback pages.

    Raises:
        GraderError: nbgrader could not; the text has its log.
    """
    _convert(RecordingFeedback, course, lab, student, what=f"the feedback for {student}")


def require_in_gradebook(course: Course, lab: Lab) -> None:
    """Raise CourseError unless the gradebook knows the lab.

    Raises:
        CourseError: it does not, so nothing could be recorded.
    """
    directory = course.directory
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        try:
            for name in lab.notebooks:
                gradebook.find_notebook(name, lab.name)
        except MissingEntry:
            raise CourseError(
                f"the gradebook does not know {lab.name}; release it first: autograder release "
                f"{lab.name}"
            ) from None


def _convert(
    kind: type[BaseConverter],
    course: Course,
    lab: Lab,
    student: str,
    *,
    what: str,
    hand_ins: HandIns | None = None,
) -> None:
    """Run one of nbgrader's converters; raise its warnings and errors as one `GraderError`.

    Args:
        kind: the converter.
        course: the course.
        lab: the lab.
        student: a student's id, or ``.`` for the whole class.
        what: what it writes, for the error.
        hand_ins: what was read of the hand-in before.
    """
    config = Config()
    config.merge(course.config)
    config.CourseDirectory.assignment_id = lab.name
    config.CourseDirectory.student_id = student
    converter = kind(coursedir=type(course.directory)(config=config), config=config)
    converter.lab = lab
    converter.force = True
    if hand_ins:
        converter.hand_ins = hand_ins
    with _listening(converter) as said, warnings.catch_warnings():
        # nbgrader 0.9.6 builds its rows in an order that SQLAlchemy 2.1 remarks upon.
        warnings.simplefilter("ignore", SAWarning)
        try:
            converter.start()
        except (NbGraderException, SystemExit) as error:
            raise GraderError(f"nbgrader could not write {what}: {error}\n{said()}") from error


@contextmanager
def _listening(converter: BaseConverter) -> Iterator[Callable[[], str]]:
    records: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: records.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.Logger("nbgrader", logging.WARNING)
    logger.addHandler(handler)
    converter.log = logger
    yield lambda: "\n".join(records)
    for line in records:
        _log.info("%s", line)
