"""The student's copies: made once, never written to again."""

import os
import shutil
import subprocess

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from scripts import copies, prepare_labs

ANSWER = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"


def write_lab(root, answer=ANSWER):
    solution = new_code_cell(answer, id="double")
    solution.metadata.nbgrader = {
        "schema_version": 3,
        "grade_id": "double",
        "grade": False,
        "solution": True,
        "locked": False,
        "task": False,
    }
    lab = root / "labs" / "lab9"
    lab.mkdir(parents=True, exist_ok=True)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=[solution], metadata={"kernelspec": kernel})
    nbformat.write(notebook, lab / "doubling.ipynb")
    return lab / "doubling.ipynb"


@pytest.fixture
def released(tmp_path):
    (tmp_path / "release" / "lab9").mkdir(parents=True)
    (tmp_path / "release" / "lab9" / "doubling.ipynb").write_text("first edition")
    return tmp_path / "release"


def test_a_missing_file_is_copied(released, tmp_path):
    assert prepare_labs.copy_missing(released, tmp_path / "work") == []
    assert (tmp_path / "work/lab9/doubling.ipynb").read_text() == "first edition"


def test_a_students_file_is_never_written_to(released, tmp_path):
    mine = tmp_path / "work/lab9/doubling.ipynb"
    prepare_labs.copy_missing(released, tmp_path / "work")
    mine.write_text("my answers")
    (released / "lab9/doubling.ipynb").write_text("second edition")
    assert prepare_labs.copy_missing(released, tmp_path / "work") == ["lab9/doubling.ipynb"]
    assert mine.read_text() == "my answers"


def test_a_renamed_file_gets_the_new_edition_beside_it(released, tmp_path):
    mine = tmp_path / "work/lab9/doubling.ipynb"
    prepare_labs.copy_missing(released, tmp_path / "work")
    mine.rename(mine.with_name("old.ipynb"))
    (released / "lab9/doubling.ipynb").write_text("second edition")
    assert prepare_labs.copy_missing(released, tmp_path / "work") == []
    assert mine.read_text() == "second edition"
    assert mine.with_name("old.ipynb").read_text() == "first edition"


def test_a_copy_of_unknown_origin_is_not_called_old(released, tmp_path):
    (tmp_path / "work/lab9").mkdir(parents=True)
    (tmp_path / "work/lab9/doubling.ipynb").write_text("fetched from elsewhere")
    assert prepare_labs.copy_missing(released, tmp_path / "work") == []


def test_what_a_release_keeps_for_itself_is_no_students_file(released, tmp_path):
    copies.write_editions(released, {"lab9": "an edition"})
    prepare_labs.copy_missing(released, tmp_path / "work")
    assert list(copies.read_editions(tmp_path / "work")) == ["lab9/doubling.ipynb"]


def nbgrader_that(works, monkeypatch):
    """Puts a function in nbgrader's place: it is called for a release and returns an exit code."""

    def run(command, **_):
        return subprocess.CompletedProcess(command, works(), "", "what nbgrader says")

    monkeypatch.setattr(subprocess, "run", run)


@pytest.fixture
def made(released, tmp_path, monkeypatch):
    """The releases that were made of a lab, whose notebook is as nbgrader would write it."""
    made = []

    def copy():
        (source,) = (tmp_path / "labs/lab9").glob("*.ipynb")
        (released / "lab9/doubling.ipynb").write_bytes(source.read_bytes())
        made.append(source.read_text())
        return 0

    nbgrader_that(copy, monkeypatch)
    return made


def test_a_lab_with_other_content_is_released_again_though_its_date_is_older(made, tmp_path):
    write_lab(tmp_path)
    prepare_labs.prepare(tmp_path)
    notebook = write_lab(tmp_path, ANSWER.replace("2 * x", "x + x"))
    os.utime(notebook, (1e9, 1e9))
    prepare_labs.prepare(tmp_path)
    assert ["x + x" in text for text in made] == [False, True]


def test_an_unchanged_lab_is_not_released_again_though_its_date_is_newer(made, tmp_path):
    notebook = write_lab(tmp_path)
    prepare_labs.prepare(tmp_path)
    os.utime(notebook, (4e9, 4e9))
    for folder in (".ipynb_checkpoints", "__pycache__"):
        (notebook.parent / folder).mkdir()
        (notebook.parent / folder / "by-product").touch()
    prepare_labs.prepare(tmp_path)
    assert len(made) == 1


@pytest.mark.parametrize("change", ["new", "renamed", "removed"])
def test_a_lab_is_released_again_when_a_file_beside_its_notebook_is(change, made, tmp_path):
    picture = write_lab(tmp_path).with_name("picture.png")
    picture.write_bytes(b"pixels")
    prepare_labs.prepare(tmp_path)
    match change:
        case "new":
            picture.with_name("second.png").touch()
        case "renamed":
            picture.rename(picture.with_name("second.png"))
        case "removed":
            picture.unlink()
    prepare_labs.prepare(tmp_path)
    assert len(made) == 2


def test_a_release_without_a_kept_edition_or_a_notebook_is_made_again(made, released, tmp_path):
    write_lab(tmp_path)
    prepare_labs.prepare(tmp_path)
    (released / copies.EDITIONS).unlink()
    prepare_labs.prepare(tmp_path)
    assert len(made) == 2
    (released / "lab9/doubling.ipynb").unlink()
    prepare_labs.prepare(tmp_path)
    assert len(made) == 3


def test_a_new_edition_of_a_lab_leaves_the_students_notebook_alone(made, tmp_path, capsys):
    write_lab(tmp_path)
    prepare_labs.prepare(tmp_path)
    mine = tmp_path / "work/lab9/doubling.ipynb"
    mine.write_text("my answers")
    write_lab(tmp_path, ANSWER.replace("2 * x", "x + x"))
    prepare_labs.prepare(tmp_path)
    assert mine.read_text() == "my answers"
    assert "work/lab9/doubling.ipynb is from an earlier edition" in capsys.readouterr().out


def test_an_old_release_that_nbgrader_left_in_place_is_no_new_one(
    made, tmp_path, monkeypatch, capsys
):
    write_lab(tmp_path)
    prepare_labs.prepare(tmp_path)
    lab = write_lab(tmp_path, ANSWER.replace("2 * x", "x + x")).parent
    nbgrader_that(lambda: 0, monkeypatch)
    prepare_labs.prepare(tmp_path)
    said = capsys.readouterr().out
    assert "lab9 could not be prepared; nbgrader says:\nwhat nbgrader says" in said
    assert not prepare_labs.is_released(lab, tmp_path / "release/lab9")


def test_a_release_at_which_nbgrader_stopped_is_none(released, tmp_path, monkeypatch, capsys):
    lab = write_lab(tmp_path).parent

    def stop_after_a_notebook():
        (released / "lab9/doubling.ipynb").write_text("written, and then killed")
        return -9

    nbgrader_that(stop_after_a_notebook, monkeypatch)
    prepare_labs.prepare(tmp_path)
    assert "lab9 could not be prepared" in capsys.readouterr().out
    assert not prepare_labs.is_released(lab, released / "lab9")


def test_a_lab_that_changes_while_it_is_released_is_released_again(made, tmp_path, monkeypatch):
    notebook = write_lab(tmp_path)

    def edit_meanwhile():
        (tmp_path / "release/lab9/doubling.ipynb").write_bytes(notebook.read_bytes())
        write_lab(tmp_path, ANSWER.replace("2 * x", "x + x"))
        return 0

    nbgrader_that(edit_meanwhile, monkeypatch)
    prepare_labs.prepare(tmp_path)
    assert not prepare_labs.is_released(notebook.parent, tmp_path / "release/lab9")


@pytest.mark.slow
def test_nbgrader_makes_the_copy_and_the_solution_stays_behind(root, tmp_path, capsys):
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    source = write_lab(tmp_path)
    prepare_labs.prepare(tmp_path)
    mine = tmp_path / "work/lab9/doubling.ipynb"
    (cell,) = nbformat.read(mine, as_version=4).cells
    assert cell.source == "def double(x):\n    raise NotImplementedError"
    assert capsys.readouterr().out == "preparing lab9 ...\n"

    made = (tmp_path / "release/lab9/doubling.ipynb").stat().st_mtime_ns
    prepare_labs.prepare(tmp_path)
    assert (tmp_path / "release/lab9/doubling.ipynb").stat().st_mtime_ns == made
    assert capsys.readouterr().out == ""

    source.write_text("this is no notebook")
    prepare_labs.prepare(tmp_path)
    assert "lab9 could not be prepared" in capsys.readouterr().out
    assert nbformat.read(mine, as_version=4).cells == [cell]
