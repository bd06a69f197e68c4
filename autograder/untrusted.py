"""Reads files that came from students: no link is followed, nothing is larger than its cap."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.errors import UnreadableSubmission

MAX_NOTEBOOK_BYTES = 20 * 2**20
"""A larger notebook is not read; outputs are what makes one large, and they are not needed."""
MAX_CELLS = 2000
_MAX_DEPTH = 60
_CELL_ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_PICTURES = ("image/gif", "image/jpeg", "image/png")
_MAKERS = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


def read_untrusted(path: Path, *, below: Path | None = None) -> bytes:
    """A plain file's bytes; links are not followed, neither of the file nor of its folders.

    Args:
        path: the file.
        below: a trusted folder above it, from which on links are not followed; by default the
            file's own folder.

    Raises:
        UnreadableSubmission: it is missing, no plain file, reached by a link, or too large.
    """
    try:
        number = _open_below(below or path.parent, path)
    except FileNotFoundError:
        raise UnreadableSubmission(
            f"{path.name} is missing; ask the student to hand in the notebook under that name"
        ) from None
    except PermissionError:
        raise UnreadableSubmission(
            f"{path.name} may not be read by this user; change its permissions or its folder's"
        ) from None
    except OSError as error:
        raise UnreadableSubmission(
            f"{path.name} cannot be opened as a plain file ({error.strerror}); "
            "links are not followed"
        ) from None
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise UnreadableSubmission(f"{path.name} is not a plain file")
    with os.fdopen(number, "rb") as file:
        data = file.read(MAX_NOTEBOOK_BYTES + 1)
    if len(data) > MAX_NOTEBOOK_BYTES:
        raise UnreadableSubmission(
            f"{path.name} is larger than {MAX_NOTEBOOK_BYTES // 2**20} MiB; ask the student to "
            "clear the outputs and hand it in again"
        )
    return data


def _open_below(root: Path, path: Path) -> int:
    """A descriptor of the file, opened folder by folder."""
    if not path.is_relative_to(root) or ".." in path.relative_to(root).parts:
        raise OSError(errno.ELOOP, "its path leads out of its folder")
    *folders, name = path.relative_to(root).parts
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for folder in folders:
            inner = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
    finally:
        os.close(here)


def parse_notebook(data: bytes, name: str) -> NotebookNode:
    """A notebook of format 4.5 from a file's bytes: sources, ids and nbgrader's metadata alone.

    Raises:
        UnreadableSubmission: the bytes are not a notebook.
    """
    try:
        raw = _cleaned(json.loads(data.decode("utf-8-sig")), 0)
    except (ValueError, RecursionError) as error:
        raise UnreadableSubmission(
            f"{name} is not a notebook: it is no JSON text ({_short(error)}); ask the student to "
            "hand in the .ipynb file itself"
        ) from None
    try:
        count = _count_cells(raw)  # before they are looked at one by one, which takes its time
        if count > MAX_CELLS:
            raise UnreadableSubmission(
                f"{name} has {count:,} cells; at most {MAX_CELLS:,} are read"
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _rebuilt(nbformat.convert(_joined(raw), 4))
    except UnreadableSubmission:
        raise
    except Exception as error:  # nbformat meets malformed input with whatever comes up
        raise UnreadableSubmission(f"{name} is JSON but not a notebook ({_short(error)})") from None


def _count_cells(raw: Any) -> int:
    """How many cells a notebook of any format has; before format 4 they lie in worksheets."""
    sheets = raw.get("worksheets") or [raw]
    return len(sheets) + sum(len(sheet.get("cells", ())) for sheet in sheets) - 1


def _joined(raw: Any) -> NotebookNode:
    """The notebook with sources as text; before format 4 a conversion wants them so."""
    old = isinstance(raw, dict) and raw.get("nbformat") == 3
    joined: NotebookNode = nbformat.v3.nbjson.to_notebook(raw) if old else nbformat.from_dict(raw)
    return joined


def clean_text(text: str) -> str:
    """The text with question marks for what no file can hold, such as half a surrogate pair."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _cleaned(node: Any, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise ValueError(f"nested more than {_MAX_DEPTH} deep")
    if isinstance(node, str):
        return clean_text(node)
    if isinstance(node, list):
        return [_cleaned(item, depth + 1) for item in node]
    if isinstance(node, dict):
        return {clean_text(key): _cleaned(item, depth + 1) for key, item in node.items()}
    return node


def _rebuilt(notebook: NotebookNode) -> NotebookNode:
    """The cells made anew, so that no odd key, output, attachment or id of theirs is left."""
    cells = [_rebuilt_cell(cell, place) for place, cell in enumerate(notebook.cells)]
    taken: set[str] = set()
    for place, cell in enumerate(cells):
        if cell.id in taken:
            cell.id = f"handed-in-{place}"
        taken.add(cell.id)
    rebuilt: NotebookNode = new_notebook(cells=cells)
    nbformat.validate(rebuilt)
    return rebuilt


def _rebuilt_cell(cell: NotebookNode, place: int) -> NotebookNode:
    source = cell["source"]
    text = "".join(source) if isinstance(source, list) else source
    found = cell.get("id")
    usable = isinstance(found, str) and _CELL_ID.fullmatch(found)
    make: Callable[..., NotebookNode] = _MAKERS[cell["cell_type"]]
    made = make(text.replace("\r\n", "\n"), id=found if usable else f"handed-in-{place}")
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    if isinstance(nbgrader, dict):
        made.metadata["nbgrader"] = nbgrader
    if made.cell_type == "markdown" and (pictures := _pictures(cell.get("attachments"))):
        made["attachments"] = pictures
    return made


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """The pictures that were pasted into a text, by name and type; nothing else is kept."""
    found = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        kinds = bundle.items() if isinstance(bundle, dict) else ()
        kept = {kind: data for kind, data in kinds if kind in _PICTURES and _is_base64(data)}
        if kept:
            found[name] = kept
    return found


def _is_base64(data: Any) -> bool:
    return isinstance(data, str) and _BASE64.fullmatch(data) is not None


def _short(error: Exception) -> str:
    return (str(error).strip().split("\n")[0] or type(error).__name__)[:160]
