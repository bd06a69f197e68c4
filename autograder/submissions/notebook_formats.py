"""Reads notebooks of every format that Jupyter has had, in bounded time and memory.

Only what grading needs is read of a notebook: each cell's type, source, id and nbgrader metadata,
and the pictures of its texts. Nothing of nbformat's own conversion runs: of a heading with level
10,000,000 it makes as many characters.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from autograder.course.cells import with_plain_line_ends
from autograder.submissions.json_scan import JsonCursor, NotJson
from autograder.submissions.pictures import (
    MAX_PICTURE_CHARACTERS,
    PictureBudget,
    with_pictures_attached,
)

MAX_CELLS = 2000
MAX_TEXT_BYTES = 20 * 2**20
"""What the sources of all cells may take together in the file."""
_MAX_METADATA_BYTES = 20_000
_MAX_WORD_BYTES = 400
_CELL_ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")
_DEEPEST_HEADING = 6
_ABSURD_HEADING = 100
_CHUNK = 2**20


class NotANotebook(ValueError):
    """The text is JSON but not a notebook."""


class TooLarge(ValueError):
    """The notebook has more cells or more text than is read."""


@dataclass(frozen=True)
class ParsedNotebook:
    """A notebook of format 4.5, whatever format it was handed in with.

    Args:
        notebook: sources, ids and nbgrader's metadata alone.
        notes: what could not be read as it was meant, a sentence each.
    """

    notebook: NotebookNode
    notes: tuple[str, ...] = ()


@dataclass
class _Cell:
    """A cell as the file has it; which fields count depends on the notebook's format."""

    kind: object = None
    sources: dict[str, list[str]] = field(default_factory=dict)
    level: object = None
    identity: object = None
    nbgrader: dict[str, Any] | None = None
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class _Found:
    """What a notebook's top level holds."""

    format: object = None
    cells: list[_Cell] | None = None
    sheets: list[_Cell] | None = None
    count: int = 0
    text_left: int = MAX_TEXT_BYTES
    picture_left: int = 2 * MAX_PICTURE_CHARACTERS


def parse(data: bytes) -> ParsedNotebook:
    """Read a notebook.

    Args:
        data: a file's bytes: JSON in UTF-8, UTF-16 or UTF-32, with or without a byte order mark;
            NULs may follow.

    Raises:
        NotJson: it is no JSON text.
        NotANotebook: it is no notebook.
        TooLarge: it has more cells or text than is read.
    """
    text, start = _as_ascii_compatible(data)
    cursor = JsonCursor(text, start)
    if not cursor.begins(b"{"):
        raise NotJson("it does not begin with {")
    found = _top_level(cursor)
    cursor.finish()
    budget = PictureBudget()
    cells = [_made(cell, place, found.format, budget) for place, cell in enumerate(_cells(found))]
    _make_ids_differ(cells)
    return ParsedNotebook(_notebook_of(cells), tuple(_notes(cursor, budget)))


def _as_ascii_compatible(data: bytes) -> tuple[bytes, int]:
    """Return the text as UTF-8 or an encoding that contains ASCII, and where it begins."""
    encoding = json.detect_encoding(data[:4])
    if encoding in ("utf-8", "utf-8-sig"):
        return data, 3 if encoding == "utf-8-sig" else 0
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    chunks = (data[place : place + _CHUNK] for place in range(0, len(data), _CHUNK))
    return b"".join(decoder.decode(chunk).encode("utf-8") for chunk in chunks), 0


def _top_level(cursor: JsonCursor) -> _Found:
    found = _Found()
    for key in cursor.members():
        if key == "nbformat":
            found.format = cursor.value(most=_MAX_WORD_BYTES)
        elif key == "cells":
            found.cells = _cells_in(cursor, found)
        elif key == "worksheets":
            found.sheets = _cells_in_sheets(cursor, found)
    if found.count > MAX_CELLS:
        raise TooLarge(f"has {found.count:,} cells; at most {MAX_CELLS:,} are read")
    return found


def _cells_in_sheets(cursor: JsonCursor, found: _Found) -> list[_Cell]:
    """Return the cells of all worksheets, which notebooks had before format 4."""
    cells: list[_Cell] = []
    for _ in cursor.elements():
        for key in cursor.members():
            if key == "cells":
                cells += _cells_in(cursor, found)
    return cells


def _cells_in(cursor: JsonCursor, found: _Found) -> list[_Cell]:
    cells = []
    for _ in cursor.elements():
        found.count += 1
        if found.count <= MAX_CELLS:
            cells.append(_cell_at(cursor, found))
    return cells


def _cell_at(cursor: JsonCursor, found: _Found) -> _Cell:
    cell = _Cell()
    for key in cursor.members():
        if key in ("source", "input", "code", "text"):
            cell.sources[key] = _source_at(cursor, found)
        elif key == "cell_type":
            cell.kind = cursor.value(most=_MAX_WORD_BYTES)
        elif key == "id":
            cell.identity = cursor.value(most=_MAX_WORD_BYTES)
        elif key == "level":
            cell.level = cursor.value(most=_MAX_WORD_BYTES)
        elif key == "metadata" and cursor.begins(b"{"):
            cell.nbgrader = _nbgrader_at(cursor)
        elif key == "attachments" and cursor.begins(b"{"):
            cell.attachments = _attachments_at(cursor, found)
    return cell


def _source_at(cursor: JsonCursor, found: _Found) -> list[str]:
    before = cursor.place
    lines = cursor.text(most=found.text_left)
    if lines is None:
        raise TooLarge(f"has more than {MAX_TEXT_BYTES // 2**20} MiB of text in its cells")
    found.text_left -= cursor.place - before
    return lines


def _nbgrader_at(cursor: JsonCursor) -> dict[str, Any] | None:
    """Return a cell's nbgrader metadata, which are flat; None if there are none."""
    found = None
    for key in cursor.members():
        if key == "nbgrader":
            found = cursor.value(most=_MAX_METADATA_BYTES)
    if not isinstance(found, dict):
        return None
    return {clean_text(name): _flat(value) for name, value in found.items()}


def _flat(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    return value if isinstance(value, (bool, int, float)) else None


def _attachments_at(cursor: JsonCursor, found: _Found) -> dict[str, dict[str, str]]:
    attachments: dict[str, dict[str, str]] = {}
    for name in cursor.members():
        if cursor.begins(b"{"):
            bundle = attachments.setdefault(clean_text(name), {})
            for kind in cursor.members():
                bundle[kind] = _picture_at(cursor, found)
    return attachments


def _picture_at(cursor: JsonCursor, found: _Found) -> str:
    """Return a picture's base64 characters; empty if they are none or too many."""
    before = cursor.place
    try:
        lines = cursor.text(most=min(found.picture_left, 2 * MAX_PICTURE_CHARACTERS)) or []
    except NotJson:
        return ""
    found.picture_left -= cursor.place - before if lines else 0
    return "".join(lines)


def _cells(found: _Found) -> list[_Cell]:
    """Return the cells, from the place where the notebook's format has them."""
    if isinstance(found.format, bool) or found.format not in (1, 2, 3, 4):
        raise NotANotebook(f"its nbformat is {str(found.format)[:40]}; 1 to 4 are known")
    cells = found.sheets if found.format in (2, 3) else found.cells
    if cells is None:
        raise NotANotebook("it has no cells")
    return cells


def _made(cell: _Cell, place: int, format_: object, budget: PictureBudget) -> NotebookNode:
    """Return a cell of format 4.5."""
    if not isinstance(cell.kind, str):
        raise NotANotebook(f"cell {place + 1} has no type")
    kind, source = (_kind_and_source if format_ == 4 else _old_kind_and_source)(cell)
    source = with_plain_line_ends(clean_text(source))
    usable = isinstance(cell.identity, str) and _CELL_ID.fullmatch(cell.identity)
    made = NotebookNode(
        id=cell.identity if usable else f"handed-in-{place}",
        cell_type=kind,
        metadata=NotebookNode(),
    )
    if kind == "markdown":
        source, pictures = with_pictures_attached(source, cell.attachments, budget)
        made |= NotebookNode(attachments=NotebookNode(pictures)) if pictures else {}
    if cell.nbgrader is not None:
        made.metadata["nbgrader"] = NotebookNode(cell.nbgrader)
    made.source = source
    return NotebookNode(made, execution_count=None, outputs=[]) if kind == "code" else made


def _kind_and_source(cell: _Cell) -> tuple[str, str]:
    kind = str(cell.kind)
    source = "".join(cell.sources.get("source", []))
    if kind == "heading":  # some programs kept them in format 4
        return "markdown", _heading(cell.level, source)
    return kind if kind in ("code", "markdown", "raw") else "raw", source


def _old_kind_and_source(cell: _Cell) -> tuple[str, str]:
    """Return the type and source of a cell of format 1, 2 or 3."""
    if cell.kind == "code":
        return "code", _joined(cell.sources.get("input") or cell.sources.get("code") or [])
    source = _joined(cell.sources.get("source") or cell.sources.get("text") or [])
    if cell.kind == "heading":
        return "markdown", _heading(cell.level, source)
    return "markdown" if cell.kind in ("markdown", "html", "text") else "raw", source


def _joined(lines: list[str]) -> str:
    """Return lines as one text; some old programs left out the line ends."""
    return ("" if lines and lines[0].endswith(("\n", "\r")) else "\n").join(lines)


def _heading(level: object, source: str) -> str:
    deep = level if isinstance(level, int) else 1
    if deep > _ABSURD_HEADING:
        raise NotANotebook(f"a heading in it has level {deep:,}")
    return f"{'#' * max(1, min(deep, _DEEPEST_HEADING))} {' '.join(source.splitlines())}"


def _make_ids_differ(cells: list[NotebookNode]) -> None:
    taken: set[str] = set()
    for place, cell in enumerate(cells):
        if cell.id in taken:
            cell.id = f"handed-in-{place}"
        taken.add(cell.id)


def _notebook_of(cells: list[NotebookNode]) -> NotebookNode:
    return NotebookNode(cells=cells, metadata=NotebookNode(), nbformat=4, nbformat_minor=5)


def _notes(cursor: JsonCursor, budget: PictureBudget) -> list[str]:
    notes = []
    if cursor.guessed:
        notes.append("the file is no UTF-8 text; its texts were read as Windows-1252")
    if budget.refused:
        notes.append(
            f"{budget.refused} pasted pictures were left out: too large, or no PNG, JPEG or GIF"
        )
    return notes


def clean_text(text: str) -> str:
    """Return the text with question marks for what no file can hold, such as half a character."""
    return text.encode("utf-8", "replace").decode("utf-8")
