"""nbgrader's way into a submission, through our intake."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode

from autograder import intake
from autograder.course import Course
from autograder.errors import UnreadableSubmission
from autograder.untrusted import read_untrusted

_MAX_TIMESTAMP = 200
"""Bytes of a file that holds one point in time."""


class IntakeExporter(NotebookExporter):
    """Reads a submitted notebook as `autograder.intake` puts it right.

    nbgrader's `Autograde` creates one for a run and calls `from_filename` twice for a notebook:
    with the submitted file, then with its own copy in ``autograded/``, which is read as it is. A
    submission that cannot be read becomes the released lab with the reason on top.
    """

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """The notebook in a file with the preprocessors applied; called by nbgrader."""
        if not getattr(self.parent, "_sanitizing", False) or resources is None:
            return super().from_filename(filename, resources, **kw)
        where = resources["nbgrader"]
        course = Course(self.config)
        lab = course.lab(where["assignment"]).notebooks[where["notebook"]]
        _remove_foreign_files(course, where["assignment"], where["student"])
        path = course.submitted_notebook(where["student"], where["assignment"], where["notebook"])
        try:
            notebook = intake.take_in(path, lab, where["student"], below=course.submitted).notebook
        except UnreadableSubmission as error:
            notebook = intake.stand_in(lab, str(error))
        written: tuple[NotebookNode, dict[str, Any]]
        written = self.from_notebook_node(  # type: ignore[no-untyped-call]  # typed in part
            notebook, resources, **kw
        )
        return written


def _remove_foreign_files(course: Course, lab: str, student: str) -> None:
    """Takes out of ``autograded/`` what nbgrader copied there from the student's folder.

    It follows links when it copies, so a link to the gradebook would come back as feedback.
    Files of the lab itself stay. `autograder grade` does not let it copy in the first place.
    """
    folder = course.folder(course.directory.autograded_directory, student, lab)
    given = course.folder(course.directory.source_directory, ".", lab)
    for path in [p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir()]:
        kept = path.suffix == ".ipynb" or (given / path.relative_to(folder)).is_file()
        if not kept:
            path.unlink()
    keep_timestamp(course, lab, student)


def keep_timestamp(course: Course, lab: str, student: str) -> None:
    """Puts the hand-in's time into ``autograded/``, by which nbgrader knows that it is newer."""
    name = "timestamp.txt"
    handed_in = course.submitted / student / lab / name
    try:
        data = read_untrusted(handed_in, below=course.submitted)
    except UnreadableSubmission:
        return  # collected by other means than the exchange, or no plain file
    if len(data) <= _MAX_TIMESTAMP:
        folder = course.folder(course.directory.autograded_directory, student, lab)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
