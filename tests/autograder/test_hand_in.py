"""The notebook that counts is found by the lab's ids, wherever it lies and however it is saved."""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.course import cells
from autograder.course.course import Course
from autograder.course.lab import LabNotebook
from autograder.submissions import hand_in, zip_archive
from autograder.submissions.hand_in import HandIn, find_hand_in

Answered = Callable[..., NotebookNode]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder that a student handed in."""
    folder = tmp_path / "submitted" / "ada" / "tiny"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def right(answered: Answered) -> bytes:
    """The bytes of a worked-on notebook."""
    return nbformat.writes(answered()).encode()


def _found(folder: Path, book: LabNotebook) -> HandIn:
    return find_hand_in(folder / "tiny.ipynb", book, below=folder.parents[1])


def _answer(found: HandIn) -> str:
    assert found.notebook, found.unreadable
    sources = [c.source for c in found.notebook.cells if cells.grade_id(c) == "double"]
    return str(sources[0])


def _archive(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "tiny-1.ipynb",
        "tiny (1).ipynb",
        "tiny-Copy1.ipynb",
        "Tiny.IPYNB",
        "tiny.ipynb.txt",
        "tiny.ipynb.json",
        "größe 😀.ipynb",
        "tiny/tiny.ipynb",
        "a/b/c/other.ipynb",
    ],
)
def test_a_notebook_of_another_name_is_taken_with_a_note(
    folder: Path, book: LabNotebook, right: bytes, name: str
) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(right)
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "tiny-checkpoint.ipynb").write_bytes(right + b"\n")
    (folder / "empty.ipynb").write_text(nbformat.writes(new_notebook()), encoding="utf-8")
    found = _found(folder, book)
    assert "return 2 * x" in _answer(found)
    assert found.name == name
    note = f"{name!r}, which has this lab's cells, was graded: tiny.ipynb is missing"
    assert found.notes == (note,)


def test_a_notebook_inside_an_archive_is_taken_with_a_note(
    folder: Path, book: LabNotebook, right: bytes
) -> None:
    hidden = {"__MACOSX/tiny.ipynb": b"\0", "x/.hidden.ipynb": right + b" "}
    archive = _archive(**{"lab/tiny.ipynb": right, "photo.png": b"x" * 1000, **hidden})
    (folder / "lab1.zip").write_bytes(archive)
    found = _found(folder, book)
    assert "return 2 * x" in _answer(found)
    assert found.name == "lab1.zip/lab/tiny.ipynb"


def test_two_of_them_are_no_grade_and_both_are_named(
    folder: Path, book: LabNotebook, answered: Answered
) -> None:
    for number in (1, 2):
        nbformat.write(
            answered(double=f"def double(x):\n    return {number}"), folder / f"a-{number}.ipynb"
        )
    found = _found(folder, book)
    assert found.notebook is None
    assert "'a-1.ipynb', 'a-2.ipynb'" in found.unreadable
    assert "ask the student which one counts" in found.unreadable


def test_two_equal_copies_are_no_question(folder: Path, book: LabNotebook, right: bytes) -> None:
    for name in ("b.ipynb", "a.ipynb"):
        (folder / name).write_bytes(right)
    assert _found(folder, book).name == "a.ipynb"


def test_the_right_name_counts_whatever_lies_beside_it(
    folder: Path, book: LabNotebook, answered: Answered, right: bytes
) -> None:
    nbformat.write(answered(double="double = 3"), folder / "tiny.ipynb")
    (folder / "tiny-Copy1.ipynb").write_bytes(right)
    found = _found(folder, book)
    assert _answer(found) == "double = 3"
    assert found.notes == ()


@pytest.mark.parametrize("what", ["untouched", "empty", "damaged", "another lab's"])
def test_a_worked_on_copy_goes_before_a_right_name_that_holds_no_work(
    folder: Path, book: LabNotebook, right: bytes, what: str
) -> None:
    contents = {
        "untouched": nbformat.writes(book.released),
        "empty": "",
        "damaged": right.decode()[:-200],
        "another lab's": nbformat.writes(new_notebook()),
    }
    (folder / "tiny.ipynb").write_text(contents[what], encoding="utf-8")
    (folder / "tiny-Copy1.ipynb").write_bytes(right)
    found = _found(folder, book)
    assert "return 2 * x" in _answer(found)
    assert "'tiny-Copy1.ipynb', which has this lab's cells, was graded" in found.notes[0]


def test_an_untouched_notebook_alone_counts_without_a_note(folder: Path, book: LabNotebook) -> None:
    nbformat.write(book.released, folder / "tiny.ipynb")
    nbformat.write(book.released, folder / "tiny-Copy1.ipynb")
    assert _found(folder, book).notes == ()


def test_what_is_there_is_named_when_no_notebook_is_this_labs(
    folder: Path, book: LabNotebook
) -> None:
    nbformat.write(new_notebook(), folder / "homework.ipynb")
    (folder / "all.zip").write_bytes(b"PK no archive")
    found = _found(folder, book)
    assert "tiny.ipynb is missing" in found.unreadable
    assert "'all.zip (it has no table of contents)', 'homework.ipynb'" in found.unreadable


def test_each_notebook_of_a_lab_is_known_by_its_ids(
    course_folder: Path, folder: Path, answered: Answered
) -> None:
    source = (course_folder / "labs" / "tiny" / "tiny.ipynb").read_text(encoding="utf-8")
    for old, new in (("double", "triple"), ("square", "cube"), ("essay", "report")):
        source = source.replace(old, new)
    (course_folder / "labs" / "tiny" / "other.ipynb").write_text(source, encoding="utf-8")
    books = Course.load(course_folder).lab("tiny").notebooks
    nbformat.write(books["other"].released, folder / "handed (2).ipynb")
    nbformat.write(answered(), folder / "handed (1).ipynb")
    names = {
        name: find_hand_in(folder / f"{name}.ipynb", book).name for name, book in books.items()
    }
    assert names == {"tiny": "handed (1).ipynb", "other": "handed (2).ipynb"}
    (folder / "handed (2).ipynb").rename(folder / "other.ipynb")
    assert find_hand_in(folder / "tiny.ipynb", books["tiny"]).name == "handed (1).ipynb"


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "utf-8"]
)
@pytest.mark.parametrize("nuls", [0, 1, 4999])
def test_every_encoding_of_json_is_read_with_nuls_behind_it(
    folder: Path, book: LabNotebook, answered: Answered, encoding: str, nuls: int
) -> None:
    text = json.dumps(answered(double="# größe 😀"), ensure_ascii=False)
    bom = {"utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    (folder / "tiny.ipynb").write_bytes(bom + f"{text}\r\n".encode(encoding) + b"\0" * nuls)
    assert _answer(_found(folder, book)) == "# größe 😀"


def test_a_file_in_a_windows_code_page_is_read_with_a_note(
    folder: Path, book: LabNotebook, answered: Answered
) -> None:
    text = json.dumps(answered(double="# größe"), ensure_ascii=False)
    (folder / "tiny.ipynb").write_bytes(text.encode("cp1252"))
    found = _found(folder, book)
    assert _answer(found) == "# größe"
    assert found.notes == ("the file is no UTF-8 text; its texts were read as Windows-1252",)


def test_of_a_notebook_with_very_large_outputs_the_cells_are_read(
    folder: Path, book: LabNotebook, answered: Answered
) -> None:
    raw = json.loads(nbformat.writes(answered()))
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 10**6}}
    for cell in raw["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [picture] * 8
    (folder / "tiny.ipynb").write_text(json.dumps(raw), encoding="utf-8")
    assert (folder / "tiny.ipynb").stat().st_size > 30 * 2**20
    assert "return 2 * x" in _answer(_found(folder, book))


def test_links_and_pipes_are_not_taken_for_the_notebook(
    folder: Path, book: LabNotebook, right: bytes, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere.ipynb").write_bytes(right)
    (folder / "a.ipynb").symlink_to(tmp_path / "elsewhere.ipynb")
    (folder / "deeper").symlink_to(tmp_path)
    os.mkfifo(folder / "b.ipynb")
    os.mkfifo(folder / "c.zip")
    assert "tiny.ipynb is missing" in _found(folder, book).unreadable


def test_a_folder_of_very_many_files_is_not_searched(folder: Path, book: LabNotebook) -> None:
    for number in range(hand_in.MAX_ENTRIES + 1):
        (folder / f"{number}.txt").touch()
    assert "has more than 1,000 files" in _found(folder, book).unreadable


@pytest.mark.parametrize("bomb", ["large", "many", "nested", "lzma", "lying", "encrypted"])
def test_an_archive_that_is_a_bomb_gives_a_reason(
    folder: Path, book: LabNotebook, right: bytes, bomb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_in, "MAX_NOTEBOOK_BYTES", 10**6)
    (folder / "lab.zip").write_bytes(_bomb(bomb, right))
    found = _found(folder, book)
    assert found.notebook is None
    assert "lab.zip" in found.unreadable


def _bomb(kind: str, right: bytes) -> bytes:
    if kind == "large":
        return _archive(**{"tiny.ipynb": right + b" " * 2 * 10**6})
    if kind == "many":
        return _archive(**{f"{n}.txt": b"" for n in range(zip_archive.MAX_MEMBERS + 1)})
    if kind == "nested":
        return _archive(**{"inner.zip": _archive(**{"tiny.ipynb": right})})
    if kind == "lzma":
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
            archive.writestr("tiny.ipynb", right)
        return file.getvalue()
    made = bytearray(_archive(**{"tiny.ipynb": right}))
    if kind == "encrypted":
        place = made.rfind(b"PK\x01\x02")
        made[place + 8] |= 1
    else:  # the table of contents says that it is larger than the whole file
        struct.pack_into("<I", made, len(made) - 10, 2**31)
    return bytes(made)


def test_a_verdict_depends_on_the_file_that_was_found(
    folder: Path, book: LabNotebook, right: bytes
) -> None:
    (folder / "a.ipynb").write_bytes(right)
    first = _found(folder, book).fingerprint
    assert _found(folder, book).fingerprint == first
    (folder / "a.ipynb").write_bytes(right.replace(b"2 * x", b"3 * x"))
    assert _found(folder, book).fingerprint != first
