"""The page that a student gets back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from traitlets.config import Config

from autograder.course import cells
from autograder.nbgrader_plugin.ansi import ansi2html
from autograder.nbgrader_plugin.export import has_no_score
from autograder.nbgrader_plugin.highlighting import highlight_code
from autograder.nbgrader_plugin.mathml import markdown2html
from autograder.nbgrader_plugin.panel import brief
from autograder.nbgrader_plugin.preprocessors import WithVerdict, make_texts_harmless
from autograder.nbgrader_plugin.sanitize import sanitize_markdown
from autograder.results.verdict import Verdict

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
        """Yield nbconvert's filters and ours; called when the template is made ready."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]  # typed in part
        yield "ansi2html", ansi2html
        yield "highlight_code", highlight_code
        yield "markdown2html", markdown2html
        yield "sanitize_markdown", sanitize_markdown


class PrepareFeedback(WithVerdict):
    """Hides hidden tests and gathers what the top of the page says of each task.

    nbgrader calls it after `GetGrades`, which puts each cell's score into its metadata.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook without hidden parts; ``resources`` get the tasks."""
        verdict = self.recorded_verdict(resources)
        without = _without_score(resources)
        for cell in nb.cells:
            if cells.grade_id(cell) in without:
                cell.metadata.nbgrader["has_no_score"] = True  # on this page alone
        resources["nbgrader"] |= {
            "tasks": [_task(cell, verdict) for cell in nb.cells if cells.is_graded(cell)],
            "unreadable": verdict.unreadable,
            "is_complete": not without,
            "notes": list(verdict.hand_in_notes),
        }
        make_texts_harmless(nb, self.lab_notebook(resources))  # whoever wrote ``autograded/``
        for cell in nb.cells:
            if cells.is_test(cell):
                shown = cells.split_test(cell.source).visible
                cell.source = shown or "# The tests of this task are hidden."
        return nb, resources


def _without_score(resources: Resources) -> set[str]:
    """Return ids of the graded cells that have no score in the gradebook yet."""
    where = resources["nbgrader"]
    with Gradebook(where["db_url"]) as gradebook:
        notebook = gradebook.find_submission_notebook(
            where["notebook"], where["assignment"], where["student"]
        )
        return {grade.name for grade in notebook.grades if has_no_score(grade)}


def _task(cell: NotebookNode, verdict: Verdict) -> dict[str, str]:
    """Return a row of the table at the top of the page."""
    metadata = cells.nbgrader_metadata(cell)
    name = cells.grade_id(cell)
    score, points = float(metadata.get("score") or 0), float(metadata.get("points") or 0)
    earned = "–" if metadata.get("has_no_score") else f"{score:g}"
    return {
        "grade_id": name,
        "title": name.removeprefix("test_"),
        "score": f"{earned} of {points:g}" if points else "not graded",
        "brief": _brief(name, verdict, is_open=bool(metadata.get("has_no_score"))),
    }


def _brief(name: str, verdict: Verdict, *, is_open: bool) -> str:
    if mark := verdict.by_id().get(name):
        return brief(mark)
    if verdict.unreadable and is_open:
        return "not graded yet"
    if name in verdict.written.unanswered:
        return "no response"
    return "your instructor has not marked it yet" if is_open else "marked by your instructor"
