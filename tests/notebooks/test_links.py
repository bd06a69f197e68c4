"""Links of labs and lessons lead somewhere: from the source and from the student's copy."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import nbformat
import pytest

from scripts.copies import for_students, students_place

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted([*ROOT.glob("labs/*/[!.]*.ipynb"), *ROOT.glob("lessons/*/[!.]*.ipynb")])
LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
LESSON = re.compile(r"[Ll]essons? \d\.\d")

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def _texts(content: bytes) -> str:
    cells = nbformat.reads(content.decode(), as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def _links(content: bytes) -> list[str]:
    return [link for link in LINK.findall(_texts(content)) if not re.match(r"\w+:", link)]


def _anchors(path: Path) -> set[str]:
    """JupyterLab's names of a notebook's headings."""
    headings = re.findall(r"^#+ +(.+?) *$", _texts(path.read_bytes()), re.MULTILINE)
    return {heading.replace(" ", "-") for heading in headings}


@each_notebook
def test_every_link_leads_to_a_file_and_a_heading_of_it(path: Path) -> None:
    for link in _links(path.read_bytes()):
        target, _, anchor = link.partition("#")
        goal = (path.parent / target).resolve() if target else path
        assert goal.is_file(), link
        assert not anchor or unquote(anchor) in _anchors(goal), link


@each_notebook
def test_a_link_of_a_students_copy_leads_to_the_students_copy(path: Path) -> None:
    place = PurePosixPath(path.relative_to(ROOT).as_posix())
    source, copied = (_links(text) for text in (path.read_bytes(), _copy(path, place)))
    for before, after in zip(source, copied, strict=True):
        target, _, anchor = after.partition("#")
        assert anchor == before.partition("#")[2]
        if target:
            meant = PurePosixPath(os.path.normpath(place.parent / before.partition("#")[0]))
            reached = os.path.normpath(students_place(place).parent / target)
            assert reached == str(students_place(meant))


def _copy(path: Path, place: PurePosixPath) -> bytes:
    return for_students(path.read_bytes(), place)


def test_from_copy_to_copy_is_written_as_expected() -> None:
    lesson = b"[a](../../labs/lab1_x/x.ipynb) [b](../1_y/z.ipynb#A-b?) [c](../../docs/d.md) [d](#e)"
    copied = for_students(lesson, PurePosixPath("lessons/2_cnns/1_a.ipynb"))
    assert copied == (
        b"[a](../../lab1_x/x.ipynb) [b](../1_y/z.ipynb#A-b?) [c](../../../docs/d.md) [d](#e)"
    )
    lab = b"[a](../../lessons/2_cnns/1_a.ipynb#A:-b)"
    assert (
        for_students(lab, PurePosixPath("labs/l/x.ipynb"))
        == b"[a](../lessons/2_cnns/1_a.ipynb#A:-b)"
    )
    assert for_students(lab, PurePosixPath("labs/l/x.png")) == lab


@pytest.mark.parametrize("path", sorted(ROOT.glob("labs/*/*.ipynb")), ids=lambda path: path.stem)
def test_a_lab_links_to_each_lesson_that_it_names(path: Path) -> None:
    text = _texts(path.read_bytes())
    assert any("/lessons/" in link for link in _links(path.read_bytes()))
    unlinked = LINK.sub("", text)
    assert LESSON.findall(unlinked) == []
