"""nbgrader's way into a submission, through our intake."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import Autograde

from autograder import intake
from autograder.course import Course
from autograder.errors import UnreadableSubmission
from autograder.recording.untouched_source import keep_out_of_hand_ins


class IntakeExporter(NotebookExporter):
    """Reads a submitted notebook as `autograder.intake` puts it right.

    nbgrader's `Autograde` creates one for a run and calls `from_filename` twice for a notebook:
    with the submitted file, then with its own copy in ``autograded/``, which is read as it is. A
    submission that cannot be read becomes the released lab with the reason on top.
    """

    def __init__(self, config: Any = None, parent: Any = None, **kw: Any) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # typed in part
            config=config, parent=parent, **kw
        )
        if isinstance(parent, Autograde):
            keep_out_of_hand_ins(parent)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """The notebook in a file with the preprocessors applied; called by nbgrader."""
        if not getattr(self.parent, "_sanitizing", False) or resources is None:
            return super().from_filename(filename, resources, **kw)
        where = resources["nbgrader"]
        course = Course(self.config)
        lab = course.lab(where["assignment"]).notebooks[where["notebook"]]
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
