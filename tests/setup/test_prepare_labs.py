"""The student's copies: made once, never written to again."""

import os
import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from scripts import prepare_labs

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


def test_a_lab_is_released_again_when_any_of_its_files_is_newer(released, tmp_path):
    notebook = write_lab(tmp_path)
    os.utime(notebook, (1e9, 1e9))
    assert prepare_labs.is_released(notebook.parent, released / "lab9")
    (notebook.parent / "picture.png").touch()
    os.utime(released / "lab9/doubling.ipynb", (1e9, 1e9))
    assert not prepare_labs.is_released(notebook.parent, released / "lab9")


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
