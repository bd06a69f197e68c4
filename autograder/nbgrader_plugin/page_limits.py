"""Limits on what one page holds of a hand-in, shared so that one huge cell costs no other its part.

The grader's own panels are added afterwards and count towards none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.course import cells
from autograder.nbgrader_plugin.fair_share import fair_share
from autograder.results.printable import cut
from autograder.submissions.picture_sizes import MAX_PIXELS, NotAPicture, pixels, why_not_shown

MAX_WRITTEN = 500_000
"""Characters of all texts of a student's that a page shows."""
MAX_OUTPUT_TEXT = 1_000_000
"""Characters of all outputs."""
MAX_OUTPUTS = 3000
MAX_PICTURE_TEXT = 12 * 2**20
"""Characters of all pictures, which are in the page as Base64."""
MAX_PAGE_PIXELS = 6 * MAX_PIXELS
PICTURES = ("image/png", "image/jpeg")
"""What is kept of a student's outputs beside text: nothing that a browser would run."""
_MAX_ERROR_TEXT = 4000
_NOTHING = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
"""A picture of one transparent pixel, for one that is left out."""


def limit_texts(notebook: NotebookNode) -> None:
    """Cut the student's texts that together are too long for a page.

    Args:
        notebook: as `autograder.submissions` restored it; it is changed.
    """
    own = [c for c in notebook.cells if c.cell_type != "code" and not cells.is_locked(c)]
    share = fair_share((len(cell.source) for cell in own), MAX_WRITTEN)
    for cell in own:
        cell.source = cut(cell.source, most=share)


def limit_outputs(notebook: NotebookNode) -> None:
    """Cut outputs and leave out pictures that together are too much for a page.

    Args:
        notebook: with outputs of text and pictures alone; it is changed.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    _limit_pictures([output for cell in code for output in cell.outputs])
    share = fair_share((sum(map(_text_size, cell.outputs)) for cell in code), MAX_OUTPUT_TEXT)
    count = fair_share((len(cell.outputs) for cell in code), MAX_OUTPUTS)
    for cell in code:
        cell.outputs = list(_within(cell.outputs, share, count))


def limit_attachments(notebook: NotebookNode) -> None:
    """Leave out pictures pasted into texts that are no pictures or too large for a page.

    Args:
        notebook: with the student's texts; it is changed.
    """
    for cell in notebook.cells:
        for name, bundle in cell.get("attachments", {}).items():
            reasons = {kind: why_not_shown(data) for kind, data in bundle.items()}
            for kind, reason in reasons.items():
                if reason and not cells.is_locked(cell):
                    bundle[kind] = _NOTHING
                    cell.source += f"\n\n(A picture, {_plain(name)}, is not shown here: {reason}.)"


def replace_picture(data: dict[str, Any], kind: str, reason: str) -> None:
    """Put a line in the place of a picture.

    Args:
        data: an output's, by type; it is changed.
        kind: the picture's type.
        reason: why the picture is not shown.
    """
    del data[kind]
    data["text/plain"] = f"[a picture that is not shown here: {reason}]"


def _limit_pictures(outputs: list[NotebookNode]) -> None:
    found = [(o.data, kind) for o in outputs if "data" in o for kind in PICTURES if kind in o.data]
    sizes = [len(data[kind]) for data, kind in found]
    areas = [_pixels(data[kind]) for data, kind in found]
    longest, largest = fair_share(sizes, MAX_PICTURE_TEXT), fair_share(areas, MAX_PAGE_PIXELS)
    for (data, kind), size, area in zip(found, sizes, areas, strict=True):
        if size > longest or area > largest:
            replace_picture(data, kind, "the pictures of this notebook are too large together")


def _pixels(data: str) -> int:
    try:
        return pixels(data)
    except NotAPicture:
        return 0


def _within(outputs: list[NotebookNode], text: int, count: int) -> Iterator[NotebookNode]:
    """Yield a cell's outputs up to two limits, and a line that says so if there were more."""
    for place, output in enumerate(outputs):
        size = _text_size(output)
        if place >= count or size > text:
            if place < count:
                yield _cut_output(output, text)
            more = "the outputs of this notebook are too long together for one page"
            yield new_output("stream", name="stdout", text=f"\n[output cut: {more}]\n")
            return
        text -= size
        yield output


def _text_size(output: NotebookNode) -> int:
    if output.output_type == "error":
        return sum(map(len, output.traceback)) + len(output.evalue)
    return len(output.get("text", "")) + len(output.get("data", {}).get("text/plain", ""))


def _cut_output(output: NotebookNode, most: int) -> NotebookNode:
    """Return an output with its text cut; of an error the end is kept, which names it."""
    if output.output_type == "stream":
        output.text = output.text[:most]
    elif output.output_type == "error":
        output.evalue = output.evalue[:_MAX_ERROR_TEXT]
        output.traceback = ["\n".join(output.traceback)[-_MAX_ERROR_TEXT:]]
    else:
        output.data["text/plain"] = output.data.get("text/plain", "")[:most]
    return output


def _plain(name: str) -> str:
    """Return a file's name without what Markdown reads as markup."""
    return "".join(c for c in name[:60] if c.isalnum() or c in " .-") or "without a name"
