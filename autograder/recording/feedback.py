"""The page that a student gets back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import bleach
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config

from autograder import cells
from autograder.recording.panel import brief
from autograder.recording.preprocessors import WithVerdict
from autograder.verdict import CellVerdict

Resources = dict[str, Any]


_TEXT = {"a", "b", "br", "code", "del", "em", "i", "img", "s", "span", "strong", "sub", "sup"}
_BLOCKS = {"blockquote", "details", "div", "hr", "p", "pre", "summary"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LISTS = {"dd", "dl", "dt", "li", "ol", "table", "tbody", "td", "th", "thead", "tr", "ul"}
_TAGS = frozenset(_TEXT | _BLOCKS | _HEADINGS | _LISTS)
_ATTRIBUTES = {"*": ["title"], "a": ["href"], "img": ["src", "alt", "width"], "td": ["colspan"]}


def harmless_html(html: str) -> str:
    """HTML of a notebook's text without anything that a browser would run or fetch.

    Args:
        html: what a markdown cell became; a student may have put raw HTML into it.
    """
    cleaned: str = bleach.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, protocols={"data"}, strip=True
    )
    return cleaned


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
            "extra_template_basedirs": [here],
            "exclude_anchor_links": True,
        }
        config = Config({"FeedbackExporter": ours})
        config.merge(super().default_config)
        return config

    def default_filters(self) -> Iterable[tuple[str, Callable[..., str]]]:
        """nbconvert's filters and `harmless_html`; called when the template is made ready."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]  # typed in part
        yield "harmless_html", harmless_html


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
