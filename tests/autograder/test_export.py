"""The CSV export: what is read back is what was meant, and nothing in it is a formula."""

from __future__ import annotations

import csv
import datetime
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins.export import CsvExportPlugin

from autograder.course.course import Course
from autograder.nbgrader_plugin.export import COLUMNS, SafeCsvExport, grade_rows, safe_field

# SQLAlchemy's remark on how nbgrader itself adds submissions.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

NASTY = (
    "o,comma",
    "=cmd|' /C calc'!A0",
    "+SUM(A1:A9)",
    "-2+3+cmd",
    "@import",
    "\ttab",
    "\rreturn",
    'quo"te',
    "two\nlines",
    "mac\rline",
    "semi;=1+1",
    "größe 😀",
    "",
)


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gradebook]:
    """Two assignments with a graded submission of ada's, and students with nasty names."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with Gradebook(f"sqlite:///{path}") as book:
        book.add_assignment("lab1", duedate=datetime.datetime(2026, 1, 2, 3, 4))
        book.add_notebook("lab", "lab1")
        book.add_grade_cell("test", "lab", "lab1", max_score=5, cell_type="code")
        book.add_assignment("=lab2")
        book.add_student("ada", first_name="Ada", last_name="L", email="ada@example.org")
        for number, name in enumerate(NASTY):
            book.add_student(name or "empty", first_name=name, last_name=name, email=f"{number}")
        submission = book.add_submission("lab1", "ada", timestamp=datetime.datetime(2026, 1, 3))
        submission.notebooks[0].grades[0].auto_score = 4.5
        submission.notebooks[0].late_submission_penalty = 1
        book.db.commit()
        yield book


def _exported(
    gradebook: Gradebook, path: Path, kind: type = SafeCsvExport, **options: object
) -> list[dict[str, str]]:
    kind(to=str(path), **options).export(gradebook)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_every_student_has_one_row_an_assignment_and_nothing_shifts(
    gradebook: Gradebook, tmp_path: Path
) -> None:
    rows = _exported(gradebook, tmp_path / "grades.csv")
    assert len(rows) == 2 * (1 + len(NASTY))
    assert all(tuple(row) == COLUMNS and None not in row.values() for row in rows)
    names = {row["student_id"].removeprefix("'") for row in rows}
    assert names == {"ada", "empty", *(name for name in NASTY if name)}
    assert {row["email"] for row in rows} == {"ada@example.org", *map(str, range(len(NASTY)))}


def test_no_field_begins_as_a_formula(gradebook: Gradebook, tmp_path: Path) -> None:
    rows = _exported(gradebook, tmp_path / "grades.csv")
    assert not [v for row in rows for v in row.values() if v.startswith(tuple("=+-@\t\r"))]
    firsts = {row["first_name"] for row in rows}
    assert {"'=cmd|' /C calc'!A0", "'@import", "'\ttab", "o,comma", 'quo"te'} <= firsts
    assert {row["assignment"] for row in rows} == {"lab1", "'=lab2"}


def test_every_text_is_quoted_so_that_no_other_separator_splits_it(
    gradebook: Gradebook, tmp_path: Path
) -> None:
    _exported(gradebook, tmp_path / "grades.csv")
    text = (tmp_path / "grades.csv").read_text(encoding="utf-8")
    assert '"semi;=1+1"' in text
    assert text.startswith('"assignment","duedate","timestamp"')


def test_scores_are_those_of_the_stock_export(gradebook: Gradebook, tmp_path: Path) -> None:
    only = {"student": ["ada"], "assignment": ["lab1"]}
    ours = _exported(gradebook, tmp_path / "ours.csv", **only)
    stock = _exported(gradebook, tmp_path / "stock.csv", CsvExportPlugin, **only)
    added = ("status", "reason", "points_so_far")
    assert COLUMNS[-len(added) :] == added
    assert {name: ours[0].pop(name) for name in added} == dict(
        zip(added, ("graded", "", "4.5"), strict=True)
    )
    assert ours == stock
    assert (ours[0]["raw_score"], ours[0]["score"], ours[0]["max_score"]) == ("4.5", "3.5", "5.0")
    assert ours[0]["timestamp"] == "2026-01-03 00:00:00"


def test_one_student_or_assignment_can_be_asked_for(gradebook: Gradebook, tmp_path: Path) -> None:
    rows = _exported(gradebook, tmp_path / "grades.csv", student=["o,comma"])
    assert [(row["student_id"], row["score"]) for row in rows] == [("o,comma", "0.0")] * 2


def test_a_cell_without_a_score_leaves_the_score_empty(
    gradebook: Gradebook, tmp_path: Path
) -> None:
    grade = gradebook.find_submission("lab1", "ada").notebooks[0].grades[0]
    grade.auto_score = None
    gradebook.db.commit()
    only = {"student": ["ada"], "assignment": ["lab1"]}
    row = _exported(gradebook, tmp_path / "grades.csv", **only)[0]
    assert (row["raw_score"], row["score"], row["points_so_far"]) == ("", "", "")
    assert (row["status"], row["reason"]) == ("waits for marking", "no score yet for test")
    grade.manual_score = 0
    gradebook.db.commit()
    row = _exported(gradebook, tmp_path / "grades.csv", **only)[0]
    assert (row["raw_score"], row["score"], row["status"]) == ("0.0", "0.0", "graded")
    grade.auto_score, grade.manual_score = 4.5, None
    gradebook.db.commit()


def test_what_was_handed_in_and_not_recorded_is_not_0(course: Course) -> None:
    (course.submitted / "ada" / "tiny").mkdir(parents=True)
    with Gradebook(course.directory.db_url, course.directory.course_id) as book:
        for student in ("ada", "bo"):
            book.add_student(student)
        book.add_assignment("tiny")
        rows = list(grade_rows(book, students=[], assignments=[], course=course))
    found = [(row["student_id"], row["score"], row["status"]) for row in rows]
    assert found == [("ada", None, "not graded"), ("bo", 0.0, "nothing handed in")]


@pytest.mark.parametrize("text", ["-1.5", "+3", "-2e-05", "-.5", "12", "a=b", "o'neil", ""])
def test_plain_numbers_and_plain_text_stay_as_they_are(text: str) -> None:
    assert safe_field(text) == text


@pytest.mark.parametrize("text", ["-1+1", "+1 ", "-", "=1", "-١", "@a", "\t1", "\r1", "-1\n"])
def test_what_is_not_quite_a_number_is_defused(text: str) -> None:
    assert safe_field(text) == f"'{text}"


def test_numbers_and_nothing_are_written_bare(tmp_path: Path) -> None:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_NONNUMERIC).writerow(map(safe_field, (-1.5, 0, None)))
    assert file.getvalue() == '-1.5,0,""\r\n'


def test_nbgrader_export_uses_it_where_the_configuration_says_so(course: Course) -> None:
    with Gradebook(course.directory.db_url, course.directory.course_id) as book:
        book.add_student("=1+1")
        book.add_assignment("tiny")
    plugin = "autograder.nbgrader_plugin.export.SafeCsvExport"
    command = [sys.executable, "-m", "nbgrader", "export", f"--ExportApp.plugin_class={plugin}"]
    done = subprocess.run(
        command, cwd=course.root, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with (course.root / "grades.csv").open(encoding="utf-8", newline="") as file:
        assert [row["student_id"] for row in csv.DictReader(file)] == ["'=1+1"]
