"""Lays out what the site is built from: texts, notebooks as they are stored, labs as released."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import nbformat
from myst_parser.mdit_to_docutils.base import default_slugify
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.course.course import Course
from scripts.contents import PARTS, read_lessons

TEXTS = (
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "LICENSE-CONTENT"),
    *("coursekit/datasets/LICENSES.md", "lessons/concepts.toml"),
)
PAGES = ("student", "concepts", "instructor", "lab-author", "security", "attacks")
REFERENCE = ("coursekit", "autograder")
HOME = "index.md"
LINK = re.compile(r"\]\((?!\w+:)([\w.][^()\s#]*)?(#[^()\s]*)?\)")
SEEN = re.compile(r"\*What you see: (.+?)\*(?=\s*(?:\n\n|$))", re.DOTALL)
MARKUP = re.compile(r"\*\*|[*`$]")
LESSON_NOTE = """\
```{note}
This is the lesson as it was run. To change things and run them again, type `make lab` in the course's folder.
```"""  # noqa: E501  # a paragraph
LAB_NOTE = """\
```{note}
This is the lab to read. To do it, type `make lab` in the course's folder: it opens a copy of your own.
```"""  # noqa: E501  # a paragraph


def lay_out(root: Path, stage: Path) -> None:
    """Write all sources of the site into a folder, in the course's own order of folders.

    Args:
        root: the course.
        stage: a new folder.
    """
    _copy_texts(root, stage)
    for path in sorted(root.glob("lessons/*/[!.]*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        _write_notebook(notebook, stage / path.relative_to(root), LESSON_NOTE)
    course = Course.load(root)
    for name in course.lab_names:
        for book in course.lab(name).notebooks.values():
            _write_notebook(book.released, stage / "labs" / name / f"{book.name}.ipynb", LAB_NOTE)
    with (stage / HOME).open("a", encoding="utf-8") as home:
        home.write("".join(_toctrees(root, stage)))


def for_site(text: str) -> str:
    """Return Markdown whose links fit the site: its home is the README, headings have slugs."""

    def fitted(link: re.Match[str]) -> str:
        place = PurePosixPath(link[1] or "")
        if place.name == "README.md":
            place = place.with_name(HOME)
        anchor = f"#{slug(link[2][1:])}" if link[2] else ""
        return f"]({place if link[1] else ''}{anchor})"

    return LINK.sub(fitted, text)


def slug(anchor: str) -> str:
    """Return the site's name of a heading, of JupyterLab's name or of its own."""
    return default_slugify(unquote(anchor).replace("-", " "))


def with_alternatives(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook whose pictures have as text what a cell beside them tells of them."""
    cells = notebook.cells
    for place, cell in enumerate(cells):
        if cell.cell_type == "code":
            near = cells[max(place - 1, 0) : place + 2]
            descriptions = [found for one in near for found in SEEN.findall(one.source)]
            if descriptions:
                cell.metadata["mystnb"] = {"image": {"alt": plain(descriptions[0])}}
    return notebook


def plain(markdown: str) -> str:
    """Return a paragraph without marks and line ends."""
    return " ".join(MARKUP.sub("", markdown).split())


def _copy_texts(root: Path, stage: Path) -> None:
    for name in TEXTS:
        _write(stage / name, (root / name).read_text(encoding="utf-8"))
    (stage / "README.md").rename(stage / HOME)
    for page in sorted(root.glob("docs/**/*.md")):
        _write(stage / page.relative_to(root), page.read_text(encoding="utf-8"))
    shutil.copytree(root / "docs/images", stage / "docs/images")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(for_site(text) if path.suffix == ".md" else text, encoding="utf-8")


def _write_notebook(notebook: NotebookNode, path: Path, note: str) -> None:
    for cell in with_alternatives(notebook).cells:
        if cell.cell_type == "markdown":
            cell.source = for_site(cell.source)
    notebook.cells.insert(1, new_markdown_cell(note))
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def _toctrees(root: Path, stage: Path) -> Iterable[str]:
    """Yield the site's table of contents, as it stands in the side bar."""
    lessons = [lesson.place for lesson in read_lessons(root)]
    for part, title in PARTS.items():
        yield _toctree(title, [name for name in lessons if f"/{part}/" in name])
    labs = [path.relative_to(stage) for path in sorted(stage.glob("labs/*/*.ipynb"))]
    yield _toctree("Labs", map(os.fspath, labs))
    docs = (*(f"docs/{page}.md" for page in PAGES), "CONTRIBUTING.md", "CHANGELOG.md")
    yield _toctree("Reference", (f"docs/reference/{name}.md" for name in REFERENCE))
    yield _toctree("About the course", (*docs, "coursekit/datasets/LICENSES.md"))


def _toctree(title: str, pages: Iterable[str]) -> str:
    entries = "\n".join(pages)
    return f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n{entries}\n```\n" if entries else ""
