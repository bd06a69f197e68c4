"""nbgrader's way into a submission, through our own loading of submissions."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import Autograde

from autograder.errors import UnreadableSubmission
from autograder.nbgrader_plugin.hand_ins import hand_ins_of
from autograder.nbgrader_plugin.untouched_source import keep_out_of_hand_ins
from autograder.submissions.submission import make_submission, placeholder_notebook


class HandInExporter(NotebookExporter):
    """Reads a submitted notebook as `autograder.submissions.submission` puts it right.

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
        """Return the notebook in a file with the preprocessors applied; called by nbgrader."""
        if not getattr(self.parent, "_sanitizing", False) or resources is None:
            return super().from_filename(filename, resources, **kw)
        where = resources["nbgrader"]
        hand_ins = hand_ins_of(self.parent)
        lab = hand_ins.lab(where["assignment"]).notebooks[where["notebook"]]
        found = hand_ins.folder(where["student"], where["assignment"]).find(lab)
        try:
            notebook = make_submission(found, lab, where["student"]).notebook
        except UnreadableSubmission as error:
            notebook = placeholder_notebook(lab, str(error))
        written: tuple[NotebookNode, dict[str, Any]]
        written = self.from_notebook_node(  # type: ignore[no-untyped-call]  # typed in part
            notebook, resources, **kw
        )
        return written
