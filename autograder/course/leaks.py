"""Searches what students will receive for solutions, hidden tests and traces of the grader."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from nbformat import NotebookNode

from autograder.course import cells
from autograder.course.lab import Lab

_MARKS = (
    cells.BEGIN_HIDDEN,
    cells.END_HIDDEN,
    cells.BEGIN_SOLUTION,
    cells.END_SOLUTION,
    "BEGIN MARK SCHEME",
    "END MARK SCHEME",
    "import autograder",
    "from autograder",
    "autograder.hidden_tests",
)
SOLUTION_LINE = "a line of a solution"
HIDDEN_TEST = "a hidden test"
_MIN_LINE = 10
"""Shorter lines, such as ``return x``, say nothing."""
_SAY_NOTHING = {"return None", "return True", "return False", "return 0.0", "import numpy as np"}
"""Longer ones that stand in any program."""
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Leak:
    """Something in a release that students must not see.

    Args:
        path: the file, relative to what was searched.
        what: what kind of thing it is.
        line: the line that gave it away.
    """

    path: Path
    what: str
    line: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}: {self.line.strip()[:80]!r}"


def find_leaks(folder: Path, lab: Lab) -> list[Leak]:
    """Return all that must not leave in a folder of files, archives and notebooks among them.

    Args:
        folder: what students would receive; it may not exist.
        lab: the lab whose solutions and hidden tests are looked for.
    """
    secrets = secret_lines(lab)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        leak
        for path in files
        for text in _texts(path)
        for leak in _search(text, path.relative_to(folder), secrets)
    ]


def find_leaks_in_notebook(notebook: NotebookNode, lab: Lab, path: Path) -> list[Leak]:
    """Return all that must not leave in a notebook that is not on disk yet."""
    return list(_search("\n".join(_strings(notebook)), path, secret_lines(lab)))


def secret_lines(lab: Lab) -> dict[str, str]:
    """Return a lab's lines of solutions and hidden tests, with what each is."""
    found: dict[str, str] = {}
    public: set[str] = set()
    for book in lab.notebooks.values():
        for cell in book.source.cells:
            solution = cells.solution_lines(cell.source)
            hidden = cells.split_test(cell.source).hidden
            for text, what in ((solution, SOLUTION_LINE), (hidden, HIDDEN_TEST)):
                found |= {line.strip(): what for line in text.split("\n")}
        for cell in book.released.cells:
            public |= {line.strip() for line in cell.source.split("\n")}
    return {line: what for line, what in found.items() if _is_telling(line, public)}


def _is_telling(line: str, public: set[str]) -> bool:
    return len(line) >= _MIN_LINE and line not in public | _SAY_NOTHING


def _search(text: str, path: Path, secrets: dict[str, str]) -> Iterator[Leak]:
    for line in text.split("\n"):
        for mark in _MARKS:
            if mark in line:
                yield Leak(path, f"{mark!r}", line)
        if line.strip() in secrets:
            yield Leak(path, secrets[line.strip()], line)


def _texts(path: Path) -> Iterator[str]:
    """Yield a file's text: strings of a notebook, what a page shows, members of an archive."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield _as_text(archive.read(name), name)
    else:
        yield _as_text(path.read_bytes(), path.name)


def _as_text(data: bytes, name: str) -> str:
    text = data.decode("utf-8", errors="replace")
    if name.endswith((".html", ".htm")):
        return unescape(_TAG.sub("", text))
    if name.endswith((".ipynb", ".json")):
        try:
            return "\n".join(_strings(json.loads(text)))
        except ValueError:
            return text
    return text


def _strings(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from _strings(value)
    elif isinstance(node, list) and all(isinstance(item, str) for item in node):
        yield "".join(node)
    elif isinstance(node, list):
        for item in node:
            yield from _strings(item)
