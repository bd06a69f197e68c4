"""The student's copies of lessons: an unchanged one follows its lesson, a changed one stays."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from scripts import copies, prepare_lessons

NAME = "lessons/2_cnns/2_convolution.ipynb"


def notebook(*sources: str) -> str:
    cells = [new_code_cell(source, id=f"cell-{place}") for place, source in enumerate(sources)]
    return nbformat.writes(new_notebook(cells=cells))


@pytest.fixture
def course(tmp_path) -> Path:
    """A course with one lesson, whose copy is made."""
    (tmp_path / NAME).parent.mkdir(parents=True)
    (tmp_path / NAME).write_text("first edition")
    assert prepare_lessons.update_copies(tmp_path).lines() == []
    return tmp_path


def test_a_lesson_is_copied_and_what_lies_beside_the_lessons_is_not(course):
    (course / "lessons/concepts.toml").touch()
    (course / "lessons/2_cnns/.ipynb_checkpoints").mkdir()
    assert prepare_lessons.update_copies(course).lines() == []
    files = sorted(path for path in (course / "work").rglob("*") if path.is_file())
    assert files == [course / "work" / copies.EDITIONS, course / "work" / NAME]
    assert (course / "work" / NAME).read_text() == "first edition"


def test_an_unchanged_copy_is_renewed_and_that_is_said_once(course):
    (course / NAME).write_text("second edition")
    (line,) = prepare_lessons.update_copies(course).lines()
    assert line == f"renewed, as you had not changed them: {NAME}"
    assert (course / "work" / NAME).read_text() == "second edition"
    assert prepare_lessons.update_copies(course).lines() == []


def test_a_copy_that_was_only_run_is_renewed(course):
    (course / NAME).write_text(notebook("print(1)"))
    prepare_lessons.update_copies(course)
    mine = nbformat.read(course / "work" / NAME, as_version=4)
    mine.metadata.language_info = {"name": "python"}  # which JupyterLab adds when it opens one
    mine.cells[0].execution_count = 1
    mine.cells[0].outputs = [new_output("stream", text="1\n")]
    nbformat.write(mine, course / "work" / NAME)
    (course / NAME).write_text(notebook("print(2)"))
    (line,) = prepare_lessons.update_copies(course).lines()
    assert line.startswith("renewed")
    assert (course / "work" / NAME).read_text() == notebook("print(2)")


@pytest.mark.parametrize("mine", [notebook("print(3)"), notebook("print(1)", "x"), "broken", "{}"])
def test_a_notebook_with_other_code_is_never_written_to(course, mine):
    (course / NAME).write_text(notebook("print(1)"))
    prepare_lessons.update_copies(course)
    (course / "work" / NAME).write_text(mine)
    (course / NAME).write_text(notebook("print(2)"))
    (line,) = prepare_lessons.update_copies(course).lines()
    assert line.startswith("changed by you and kept")
    assert (course / "work" / NAME).read_text() == mine


def test_a_changed_copy_is_never_written_to(course):
    (course / "work" / NAME).write_text("mine")
    assert prepare_lessons.update_copies(course).lines() == []
    (course / NAME).write_text("second edition")
    for _ in range(2):
        (line,) = prepare_lessons.update_copies(course).lines()
        assert line.startswith(f"changed by you and kept, though there are new editions: {NAME};")
    assert (course / "work" / NAME).read_text() == "mine"


def test_a_renamed_copy_gets_the_new_edition_beside_it(course):
    mine = course / "work" / NAME
    mine.write_text("mine")
    (course / NAME).write_text("second edition")
    mine.rename(mine.with_name("mine.ipynb"))
    assert prepare_lessons.update_copies(course).lines() == []
    assert mine.read_text() == "second edition"
    assert mine.with_name("mine.ipynb").read_text() == "mine"


def test_a_copy_of_unknown_origin_stays(course):
    (course / "work" / copies.EDITIONS).unlink()
    (course / NAME).write_text("second edition")
    assert prepare_lessons.update_copies(course).lines() == []
    assert (course / "work" / NAME).read_text() == "first edition"
