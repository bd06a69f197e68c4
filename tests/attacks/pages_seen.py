"""What a browser gets of a graded notebook: the feedback page and the formgrader's view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.filters.markdown import markdown2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from tests.attacks.judging import active_content


def rendered(notebook: Path) -> Iterator[str]:
    """HTML of the text cells and outputs of a notebook, as nbconvert's HTML exporter makes it.

    Code and plain text are escaped by the exporter and are left out.
    """
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "markdown":
            yield _text(cell)
        for output in cell.get("outputs", []):
            yield from map(_one_output, *_items(output))


def _text(cell: NotebookNode) -> str:
    """A text cell with its attachments, as nbconvert's exporter gives them to its renderer."""
    renderer = IPythonRenderer(escape=False, attachments=cell.get("attachments", {}))
    return MarkdownWithMath(renderer=renderer).render(cell.source)


def _items(output: dict[str, Any]) -> tuple[list[str], list[str]]:
    data = output.get("data", {})
    return list(data), ["".join(map(str, data[kind])) for kind in data]


def _one_output(kind: str, data: str) -> str:
    if kind in ("text/html", "image/svg+xml"):
        return data
    if kind == "text/markdown":
        return markdown2html(data)
    if kind.startswith("image/"):
        return f'<img src="data:{kind};base64,{escape(data)}">'
    if kind == "text/latex":
        return data  # nbconvert puts it into the page as it is, for MathJax to read
    return f"<script>{escape(data)}</script>" if kind == "application/javascript" else ""


def feedback_body(folder: Path) -> str:
    """The bodies of a student's feedback pages."""
    pages = [page.read_text(encoding="utf-8", errors="replace") for page in folder.glob("*.html")]
    return "\n".join(page.partition("<body")[2] for page in pages)


def active_in(pages: Iterable[str], given: Iterable[str] = ()) -> tuple[str, ...]:
    """What of some pages a browser would run or fetch, beyond what is given in every such page."""
    found = Counter(what for page in pages for what in active_content(page))
    return tuple((found - Counter(given)).elements())
