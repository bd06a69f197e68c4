"""What a person marks waits for that person, and no grade is never 0, by every door."""

from __future__ import annotations

import copy
import csv
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from nbgrader.api import Gradebook

from autograder.app.grade_class import grade_lab
from autograder.app.report import Report
from autograder.course.course import Course
from autograder.course.lab import Lab, LabNotebook
from autograder.nbgrader_plugin.writer import give_feedback, release
from autograder.results.verdict import Written
from autograder.submissions.submission import Submission, load_submission, restore
from autograder.submissions.written_answers import look_for_written_answers

Answered = Callable[..., NotebookNode]
HandIn = Callable[[str, "NotebookNode | str | None"], Path]
Change = Callable[[NotebookNode], object]

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
_TEXT = "Because convolution commutes with translation."


def _below(notebook: NotebookNode) -> None:
    notebook.cells.append(new_markdown_cell(_TEXT, id="mine"))


def _replaced(notebook: NotebookNode) -> None:
    del notebook.cells[-1]
    notebook.cells.insert(0, new_markdown_cell(_TEXT, id="mine"))


def _metadata_lost(notebook: NotebookNode) -> None:
    notebook.cells[-1].source = _TEXT
    for cell in notebook.cells:
        cell.metadata.clear()


def _as_comment(notebook: NotebookNode) -> None:
    notebook.cells.append(new_code_cell(f"# {_TEXT}", id="mine"))


def _as_raw(notebook: NotebookNode) -> None:
    notebook.cells.insert(0, new_raw_cell(_TEXT, id="mine"))


def _blank_cells(notebook: NotebookNode) -> None:
    notebook.cells += [new_markdown_cell(" \n", id="a"), new_code_cell("", id="b")]
    notebook.cells.append(new_markdown_cell("YOUR ANSWER HERE", id="c"))
    notebook.cells.insert(2, new_code_cell("scratch = 1", id="d"))


def _deleted(notebook: NotebookNode) -> None:
    del notebook.cells[-1]


ELSEWHERE: dict[str, Change] = {
    "below the stub": _below,
    "in place of the cell": _replaced,
    "without metadata": _metadata_lost,
    "as a comment": _as_comment,
    "as a raw cell": _as_raw,
}
NOWHERE: dict[str, Change] = {"blank": _blank_cells, "deleted": _deleted, "stub": lambda _: None}


def _taken_in(folder: Path, notebook: NotebookNode, book: LabNotebook) -> Submission:
    nbformat.write(notebook, folder / "tiny.ipynb")
    return load_submission(folder / "tiny.ipynb", book, "ada")


@pytest.mark.parametrize("how", ELSEWHERE)
def test_an_answer_in_another_cell_waits_for_a_person_with_a_note(
    tmp_path: Path, book: LabNotebook, answered: Answered, how: str
) -> None:
    notebook = answered()
    ELSEWHERE[how](notebook)
    submission = _taken_in(tmp_path, notebook, book)
    assert submission.written == Written(elsewhere=("essay",))
    assert "a person marks it with: essay" in submission.notes[-1]
    assert any(_TEXT in cell.source for cell in submission.notebook.cells)


@pytest.mark.parametrize("how", NOWHERE)
def test_an_untouched_stub_is_unanswered(
    tmp_path: Path, book: LabNotebook, answered: Answered, how: str
) -> None:
    notebook = answered()
    NOWHERE[how](notebook)
    assert _taken_in(tmp_path, notebook, book).written == Written(unanswered=("essay",))


def test_an_answer_in_its_own_cell_is_neither(book: LabNotebook, answered: Answered) -> None:
    for change in (_TEXT, "", " "):
        restored, _ = restore(answered(essay=change), book)
        assert look_for_written_answers(restored, book) == Written()
    notebook = answered()
    notebook.cells[-1]["attachments"] = {"a.png": {"image/png": PNG}}
    assert look_for_written_answers(restore(notebook, book)[0], book) == Written()


def test_what_was_written_into_a_given_text_is_kept_below_it(
    course_folder: Path,
) -> None:
    path = course_folder / "labs" / "tiny" / "tiny.ipynb"
    source = nbformat.read(path, as_version=4)
    question = new_markdown_cell("Why is it so?", id="question")
    flags = {"grade": False, "solution": False, "locked": True, "task": False}
    question.metadata["nbgrader"] = {"grade_id": "question", "schema_version": 3, **flags}
    source.cells.insert(-1, question)
    nbformat.write(source, path)
    book = Course.load(course_folder).lab("tiny").notebooks["tiny"]
    handed_in = copy.deepcopy(book.released)
    handed_in.cells[-2].source += f"\n\n{_TEXT}"
    restored, _ = restore(handed_in, book)
    assert restored.cells[-3].source == "Why is it so?"
    assert _TEXT in restored.cells[-2].source
    assert look_for_written_answers(restored, book).elsewhere == ("essay",)


@pytest.fixture
def released(course: Course, lab: Lab) -> Course:
    """The tiny course after its release."""
    release(course, lab)
    return course


@pytest.fixture
def graded_class(
    released: Course, lab: Lab, hand_in: HandIn, answered: Answered
) -> tuple[Course, Report]:
    """A class of seven with their feedback."""
    below = answered()
    _below(below)
    picture = answered(essay="See:\n\n![photo](attachment:photo.png)")
    picture.cells[-1]["attachments"] = {"photo.png": {"image/png": PNG}}
    colab = answered(essay=f"<b>See</b> ![photo](data:image/png;base64,{PNG})")
    timed = hand_in("timed", answered(essay="Because.")).with_name("timestamp.txt")
    timed.write_text("2026-01-02 10:00:00 EDT", encoding="utf-8")
    hand_in("whole", answered())
    hand_in("below", below)
    hand_in("picture", picture)
    hand_in("colab", colab)
    hand_in("damaged", "no notebook")
    copied = hand_in("copied", answered())
    copied.rename(copied.with_name("tiny (1).ipynb"))
    report = grade_lab(released, "tiny")
    for entry in report.entries:
        give_feedback(released, lab, entry.student)
    return released, report


def _page(course: Course, student: str) -> str:
    path = course.root / "feedback" / student / "tiny" / "tiny.html"
    return re.sub(r"<style>.*?</style>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def _rows(course: Course) -> dict[str, dict[str, str]]:
    command = [sys.executable, "-m", "nbgrader", "export"]
    subprocess.run(command, cwd=course.root, env=os.environ, capture_output=True, check=True)
    with (course.root / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


@pytest.mark.sandbox
def test_no_grade_is_told_apart_from_0_everywhere(graded_class: tuple[Course, Report]) -> None:
    course, report = graded_class
    _check_gradebook(course)
    _check_report(report)
    _check_export(course)
    _check_pages(course)


def _check_gradebook(course: Course) -> None:
    with Gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        found = {
            student: (essay.auto_score, bool(essay.needs_manual_grade), comment.comment or "")
            for student in ("whole", "below", "damaged")
            for essay in [gradebook.find_grade("essay", "tiny", "tiny", student)]
            for comment in [gradebook.find_comment("essay", "tiny", "tiny", student)]
        }
        assert gradebook.find_submission("tiny", "timed").timestamp is None
    assert found["whole"] == (0, False, "No response.")
    assert found["below"][:2] == (None, True)
    assert "looks for the answer in other cells" in found["below"][2]
    assert found["damaged"][:2] == (None, True)
    assert "could not be graded" in found["damaged"][2]


def _check_report(report: Report) -> None:
    entries = {entry.student: entry for entry in report.entries}
    assert [name for name, entry in entries.items() if not entry.has_grade] == ["damaged"]
    assert "a person marks it with: essay" in entries["below"].remarks()[0]
    assert "'tiny (1).ipynb'" in entries["copied"].remarks()[0]
    assert [r for r in entries["timed"].remarks() if "'EDT', which is not certain" in r]
    assert entries["whole"].remarks() == []


def _check_export(course: Course) -> None:
    rows = _rows(course)
    found = {
        name: (row["score"], row["status"], row["points_so_far"]) for name, row in rows.items()
    }
    assert found == {
        "whole": ("10.0", "graded", "10.0"),
        "copied": ("10.0", "graded", "10.0"),
        "below": ("", "waits for marking", "10.0"),
        "picture": ("", "waits for marking", "10.0"),
        "colab": ("", "waits for marking", "10.0"),
        "timed": ("", "waits for marking", "10.0"),
        "damaged": ("", "not graded", ""),
    }
    assert "no JSON text" in rows["damaged"]["reason"]
    assert rows["below"]["reason"] == "no score yet for essay"


def _check_pages(course: Course) -> None:
    damaged = _page(course, "damaged")
    assert "tiny: no grade yet" in damaged
    assert "is no JSON text" in damaged
    assert "0 of" not in damaged
    assert "– of 4" in damaged
    assert "10 of 12 points so far" in _page(course, "below")
    assert "your instructor has not marked it yet" in _page(course, "below")
    whole = _page(course, "whole")
    assert "10 of 12 points" in whole
    assert "so far" not in whole
    assert "no response" in whole
    assert "'tiny (1).ipynb', which has this lab's cells, was graded" in _page(course, "copied")
    for student in ("picture", "colab"):
        assert _page(course, student).count(f"data:image/png;base64,{PNG}") == 1
        kept = (course.root / "autograded" / student / "tiny" / "tiny.ipynb").read_text("utf-8")
        assert PNG in kept
