"""The page that a student gets back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config

from autograder import cells
from autograder.recording.ansi import ansi2html
from autograder.recording.formulas import markdown2html
from autograder.recording.harmless import harmless_markdown
from autograder.recording.highlighting import highlight_code
from autograder.recording.panel import brief
from autograder.recording.preprocessors import WithVerdict, make_texts_harmless
from autograder.verdict import CellVerdict

Resources = dict[str, Any]


class FeedbackExporter(HTMLExporter):
    """Feedback as one page without scripts, whose code and pictures are inside it.

    nbgrader's `GenerateFeedback` creates one for a run. Its settings go before those that nbgrader
    makes for every HTML exporter, so no other page changes.
    """

    @property
    def default_config(self) -> Config:
        """The template that stands beside this module."""
        here = str(Path(__file__).parent / "templates")
        ours = {
            "template_name": "course_feedback",
            "template_file": "index.html.j2",
            "extra_template_basedirs": [here],
        }
        config = Config({"FeedbackExporter": ours})
        config.merge(super().default_config)
        return config

    def default_filters(self) -> Iterable[tuple[str, Callable[..., str]]]:
        """nbconvert's filters and ours; called when the template is made ready."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]  # typed in part
        yield "ansi2html", ansi2html
        yield "highlight_code", highlight_code
        yield "markdown2html", markdown2html
        yield "harmless_markdown", harmless_markdown


class PrepareFeedback(WithVerdict):
    """Hides hidden tests and gathers what the top of the page says of each task.

    nbgrader calls it after `GetGrades`, which puts each cell's score into its metadata.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """The notebook without hidden parts; ``resources`` get the tasks."""
        marks = self.recorded_verdict(resources).by_id()
        resources["nbgrader"]["tasks"] = [
            _task(cell, marks.get(cells.grade_id(cell)))
            for cell in nb.cells
            if cells.is_graded(cell)
        ]
        make_texts_harmless(nb, self.lab_notebook(resources))  # whoever wrote ``autograded/``
        for cell in nb.cells:
            if cells.is_test(cell):
                shown = cells.split_test(cell.source).visible
                cell.source = shown or "# The tests of this task are hidden."
        return nb, resources


def _task(cell: NotebookNode, mark: CellVerdict | None) -> dict[str, str]:
    told = cells.nbgrader_metadata(cell)
    name = cells.grade_id(cell)
    return {
        "grade_id": name,
        "title": name.removeprefix("test_"),
        "score": f"{float(told.get('score') or 0):g} of {float(told.get('points') or 0):g}",
        "brief": brief(mark) if mark else "marked by your instructor",
    }
