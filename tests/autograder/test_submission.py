"""What is handed in is put right, or refused with a reason."""

from __future__ import annotations

import copy
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.course import cells
from autograder.course.lab import LabNotebook
from autograder.errors import UnreadableSubmission
from autograder.submissions import untrusted
from autograder.submissions.submission import load_submission, placeholder_notebook, restore

Answered = Callable[..., NotebookNode]


def _ids(notebook: NotebookNode) -> list[str]:
    return [cells.grade_id(cell) for cell in notebook.cells]


def _by_id(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if cells.grade_id(cell) == name)


def test_an_honest_submission_needs_no_repair(book: LabNotebook, answered: Answered) -> None:
    restored, notes = restore(answered(), book)
    assert notes == []
    assert _ids(restored) == _ids(book.source)
    assert "return 2 * x" in _by_id(restored, "double").source
    assert "BEGIN HIDDEN TESTS" in _by_id(restored, "test_double").source


def test_a_deleted_test_cell_is_put_back_in_its_place(
    book: LabNotebook, answered: Answered
) -> None:
    notebook = answered()
    notebook.cells = [c for c in notebook.cells if c.id not in ("test_double", "imports")]
    restored, notes = restore(notebook, book)
    assert _ids(restored) == _ids(book.source)
    assert notes == ["deleted cells, put back: imports, test_double"]


def test_a_deleted_answer_comes_back_empty_and_hides_no_other(
    book: LabNotebook, answered: Answered
) -> None:
    notebook = answered()
    notebook.cells = [c for c in notebook.cells if c.id != "double"]
    restored, _ = restore(notebook, book)
    assert _by_id(restored, "double").source == "# This cell had been deleted."
    assert "return x + x" not in _by_id(restored, "double").source


@pytest.mark.parametrize("worked_on", [0, 1])
def test_of_a_doubled_answer_the_one_worked_on_counts(
    book: LabNotebook, answered: Answered, worked_on: int
) -> None:
    notebook = answered()
    twin = copy.deepcopy(notebook.cells[1])
    stub = _by_id(book.released, "double").source
    notebook.cells.insert(2, twin)
    notebook.cells[2 - worked_on].source = stub
    restored, notes = restore(notebook, book)
    assert "return 2 * x" in _by_id(restored, "double").source
    assert _ids(restored).count("double") == 1
    assert any("stand twice" in note for note in notes)


def test_an_edited_test_cell_is_put_right(book: LabNotebook, answered: Answered) -> None:
    restored, notes = restore(answered(test_double="pass"), book)
    assert _by_id(restored, "test_double").source == _by_id(book.source, "test_double").source
    assert notes == ["given cells that had been changed, put right: test_double"]


def test_a_test_moved_before_its_answer_is_moved_back(
    book: LabNotebook, answered: Answered
) -> None:
    notebook = answered()
    notebook.cells.insert(0, notebook.cells.pop(2))
    restored, notes = restore(notebook, book)
    assert _ids(restored).index("test_double") > _ids(restored).index("double")
    assert any("moved behind" in note for note in notes)


def test_a_forged_twin_of_a_test_is_the_students_own_and_scores_nothing(
    book: LabNotebook, answered: Answered
) -> None:
    notebook = answered()
    twin = copy.deepcopy(notebook.cells[2])
    twin.source, twin.id = "pass", "twin"
    notebook.cells.append(twin)
    restored, notes = restore(notebook, book)
    tests = [cell for cell in restored.cells if cells.grade_id(cell) == "test_double"]
    assert [cell.source for cell in tests] == [_by_id(book.source, "test_double").source]
    assert any("stand twice" in note for note in notes)


def test_unlocking_a_given_cell_changes_nothing(book: LabNotebook, answered: Answered) -> None:
    notebook = answered(imports="np = None")
    notebook.cells[0].metadata["nbgrader"]["locked"] = False
    notebook.cells[0].metadata["nbgrader"]["solution"] = True
    restored, notes = restore(notebook, book)
    assert _by_id(restored, "imports") == _by_id(book.source, "imports")
    assert notes == ["given cells that had been changed, put right: imports"]


def test_all_deleted_cells_come_back_in_order_the_one_for_a_person_as_its_stub(
    book: LabNotebook, answered: Answered
) -> None:
    notebook = answered()
    notebook.cells = []
    restored, _ = restore(notebook, book)
    assert _ids(restored) == _ids(book.source)
    assert _by_id(restored, "essay").source == _by_id(book.released, "essay").source


def test_a_picture_in_a_written_answer_is_kept_and_nothing_else_that_is_attached(
    tmp_path: Path, book: LabNotebook, answered: Answered
) -> None:
    notebook = answered(essay="![plot](attachment:plot.png)")
    notebook.cells[-1]["attachments"] = {
        "plot.png": {"image/png": "iVBORw0KGgo=\n", "text/html": "<script>"},
        "evil.png": {"image/png": '"><script>'},
        "evil.svg": {"image/svg+xml": "PHN2Zz4="},
    }
    submission = load_submission(_file(tmp_path, nbformat.writes(notebook).encode()), book, "ada")
    kept = _by_id(submission.notebook, "essay")["attachments"]
    assert kept == {"plot.png": {"image/png": "iVBORw0KGgo=\n"}}


def test_cells_of_the_students_own_stay_where_they_are(
    book: LabNotebook, answered: Answered
) -> None:
    notebook = answered()
    notebook.cells.insert(2, new_code_cell("helper = 1", id="mine"))
    restored, notes = restore(notebook, book)
    assert restored.cells[2].source == "helper = 1"
    assert notes == []


def test_forged_metadata_and_kernelspec_have_no_effect(
    book: LabNotebook, answered: Answered
) -> None:
    notebook = answered()
    notebook.cells[2].metadata["nbgrader"]["points"] = 1000
    notebook.cells[2].metadata["nbgrader"]["solution"] = True
    notebook.cells[3].metadata["nbgrader"]["grade"] = True
    notebook.cells.append(new_code_cell("1", id="forged"))
    notebook.cells[-1].metadata["nbgrader"] = {"grade_id": "bonus", "grade": True, "points": 50}
    notebook.metadata["kernelspec"] = {"name": "evil", "display_name": "evil"}
    restored, notes = restore(notebook, book)
    assert cells.points(_by_id(restored, "test_double")) == 4
    assert not cells.is_solution(_by_id(restored, "test_double"))
    assert not cells.is_graded(_by_id(restored, "square"))
    assert sum(cells.is_graded(cell) for cell in restored.cells) == 3
    assert restored.metadata.kernelspec.name == "python3"
    assert any("unknown nbgrader ids" in note for note in notes)


def test_an_answer_made_a_code_cell_becomes_markdown_again(
    book: LabNotebook, answered: Answered
) -> None:
    notebook = answered()
    notebook.cells[-1] = new_code_cell("because", id="essay", metadata=notebook.cells[-1].metadata)
    restored, notes = restore(notebook, book)
    assert _by_id(restored, "essay").cell_type == "markdown"
    assert _by_id(restored, "essay").source == "because"
    assert any("had become code cells" in note for note in notes)


def _file(folder: Path, data: bytes) -> Path:
    path = folder / "tiny.ipynb"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"not json", "no JSON text"),
        (b"", "no JSON text"),
        (b"\xff\xfe\x00", "no JSON text"),
        (b"[" * 100_000, "no JSON text"),
        (b'{"nbformat": 4, "metadata": {"z": ' + b"[" * 90 + b"]" * 90 + b"}}", "nested more than"),
        (b"[]", "not a notebook"),
        (b"{}", "not a notebook"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 3}', "not a notebook"),
        (b'{"nbformat": 99, "cells": []}', "not a notebook"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}', "not a notebook"),
    ],
)
def test_what_is_no_notebook_is_refused_with_a_reason(
    tmp_path: Path, book: LabNotebook, data: bytes, said: str
) -> None:
    with pytest.raises(UnreadableSubmission, match=said):
        load_submission(_file(tmp_path, data), book, "ada")


def test_a_missing_or_huge_file_a_link_a_folder_and_a_pipe_are_refused(
    tmp_path: Path, book: LabNotebook, answered: Answered
) -> None:
    path = tmp_path / "tiny.ipynb"
    with pytest.raises(UnreadableSubmission, match="is missing; ask the student"):
        load_submission(path, book, "ada")
    nbformat.write(answered(), tmp_path / "other.ipynb")
    path.symlink_to(tmp_path / "other.ipynb")
    with pytest.raises(UnreadableSubmission, match="links are not followed"):
        load_submission(path, book, "ada")
    path.unlink()
    path.mkdir()
    with pytest.raises(UnreadableSubmission, match="plain file"):
        load_submission(path, book, "ada")
    path.rmdir()
    os.mkfifo(path)
    with pytest.raises(UnreadableSubmission, match="plain file"):
        load_submission(path, book, "ada")
    path.unlink()
    with path.open("wb") as file:
        file.truncate(untrusted.MAX_NOTEBOOK_BYTES + 1)
    with pytest.raises(UnreadableSubmission, match="larger than 200 MiB"):
        load_submission(path, book, "ada")


def test_a_socket_is_refused(
    tmp_path: Path, book: LabNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path has to be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("tiny.ipynb")
        with pytest.raises(UnreadableSubmission, match="plain file"):
            load_submission(tmp_path / "tiny.ipynb", book, "ada")


def test_a_path_that_leads_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "submitted" / "ada").mkdir(parents=True)
    (tmp_path / "gradebook.db").write_text("secret", encoding="utf-8")
    for path in ("submitted/ada/../../gradebook.db", "gradebook.db"):
        with pytest.raises(UnreadableSubmission, match="cannot be opened"):
            untrusted.read_untrusted(tmp_path / path, below=tmp_path / "submitted")


@pytest.mark.parametrize("form", [3, 4])
def test_a_notebook_of_very_many_cells_is_refused_before_they_are_looked_at(
    tmp_path: Path, book: LabNotebook, form: int
) -> None:
    cells_of_it = [{"cell_type": "nonsense"}] * (untrusted.MAX_CELLS + 1)
    sheet = {"cells": cells_of_it}
    notebook = {"nbformat": form, "nbformat_minor": 0, "metadata": {}}
    notebook |= {"worksheets": [sheet]} if form == 3 else sheet
    with pytest.raises(UnreadableSubmission, match="has 2,001 cells; at most 2,000"):
        load_submission(_file(tmp_path, json.dumps(notebook).encode()), book, "ada")


def test_half_a_character_becomes_a_question_mark(
    tmp_path: Path, book: LabNotebook, answered: Answered
) -> None:
    text = nbformat.writes(answered(essay="HALF")).replace("HALF", "\\ud83d!")
    submission = load_submission(_file(tmp_path, text.encode()), book, "ada")
    assert _by_id(submission.notebook, "essay").source == "?!"


def test_format_3_windows_line_ends_and_a_byte_order_mark_are_read(
    tmp_path: Path, book: LabNotebook, answered: Answered
) -> None:
    old = nbformat.convert(answered(double="def double(x):\r\n    return 2 * x  # ×2"), 3)
    text = json.dumps(old).replace("\n", "\r\n")
    submission = load_submission(_file(tmp_path, b"\xef\xbb\xbf" + text.encode()), book, "ada")
    source = _by_id(submission.notebook, "double").source
    assert source == "def double(x):\n    return 2 * x  # ×2"


def test_a_stand_in_shows_the_reason_and_no_solution(book: LabNotebook) -> None:
    notebook = placeholder_notebook(book, "It is a picture of a cat.")
    text = "\n".join(cell.source for cell in notebook.cells)
    assert "picture of a cat" in notebook.cells[0].source
    assert "return x + x" not in text
    assert "HIDDEN" not in text
