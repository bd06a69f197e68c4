"""The one writer: records verdicts through nbgrader's own `Autograde`."""

from __future__ import annotations

import glob
import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from autograder.course import Course
from autograder.errors import CourseError, GraderError
from autograder.lab import Lab

_log = logging.getLogger("autograder.recording")


class RecordingAutograde(Autograde):  # type: ignore[misc]
    """nbgrader's `Autograde` for one student, also where a notebook or all of them are missing.

    Args:
        lab: the lab; each of its notebooks is recorded, as a stand-in where it was not handed in.
    """

    def __init__(self, lab: Lab, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._lab = lab

    def init_notebooks(self) -> None:
        """Takes the lab's notebooks instead of what lies in the folder."""
        folder = self._format_source(self.coursedir.assignment_id, self._student)
        self.assignments = {folder: [f"{folder}/{name}.ipynb" for name in self._lab.notebooks]}
        self.notebooks: list[str] = []

    @property
    def _student(self) -> str:
        student: str = self.coursedir.student_id
        return student


def record(course: Course, lab: Lab, student: str) -> None:
    """Writes a student's verdicts into the gradebook and ``autograded/``.

    Raises:
        GraderError: nbgrader could not; the text has its log.
    """
    directory = _directory_for(course, lab.name, student)
    converter = RecordingAutograde(
        lab, coursedir=directory, config=_config_for(course, lab.name, student)
    )
    converter.force = True
    _run(converter, f"the verdict on {student}")


def release(course: Course, lab: Lab) -> None:
    """Makes the students' version of a lab in the release folder and enters it in the gradebook.

    Raises:
        GraderError: nbgrader could not, or a leak was found; the text has its log.
    """
    config = _config_for(course, lab.name, ".")
    converter = GenerateAssignment(coursedir=_directory_for(course, lab.name, "."), config=config)
    converter.force = True
    _run(converter, f"the release of {lab.name}")


def give_feedback(course: Course, lab: Lab, student: str) -> None:
    """Writes a student's feedback pages.

    Raises:
        GraderError: nbgrader could not; the text has its log.
    """
    config = _config_for(course, lab.name, student)
    directory = _directory_for(course, lab.name, glob.escape(student))
    converter = GenerateFeedback(coursedir=directory, config=config)
    converter.force = True
    _run(converter, f"the feedback for {student}")


def require_in_gradebook(course: Course, lab: Lab) -> None:
    """Returns where the gradebook knows the lab.

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


def _config_for(course: Course, lab: str, student: str) -> Config:
    config = Config()
    config.merge(course.config)
    config.CourseDirectory.assignment_id = lab
    config.CourseDirectory.student_id = student
    return config


def _directory_for(course: Course, lab: str, student: str) -> object:
    return type(course.directory)(config=_config_for(course, lab, student))


def _run(converter: BaseConverter, what: str) -> None:
    """Runs a converter; its warnings and errors come back as one `GraderError`."""
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
