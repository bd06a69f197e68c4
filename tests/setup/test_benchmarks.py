"""What the notebooks cost: which are measured, and what is said of them."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from benchmarks import notebooks


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of two lessons and a lab in the working directory, each of which takes 72 s."""
    for name in ("lessons/1_first/1_a.ipynb", "lessons/2_second/1_b.ipynb", "labs/lab1/c.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(notebooks, "ROOT", tmp_path.resolve())
    monkeypatch.setattr(notebooks, "cost", lambda path: notebooks.Cost(72, 5, path.stem, 100))


def said(capsys, monkeypatch, *names):
    """The last line on each folder."""
    monkeypatch.setattr("sys.argv", ["notebooks", *names])
    notebooks.main()
    return [line for line in capsys.readouterr().out.splitlines() if "peak" not in line]


def test_all_notebooks_are_held_to_the_limits_of_their_folders(course, capsys, monkeypatch):
    assert said(capsys, monkeypatch) == [
        "lessons: 144 s of 720 s, ratio 0.20",
        "labs: 72 s of 360 s, ratio 0.20",
    ]


def test_a_folder_whose_notebooks_are_all_named_is_held_to_its_limit(course, capsys, monkeypatch):
    names = ("lessons/1_first/1_a.ipynb", "lessons/2_second/1_b.ipynb")
    assert said(capsys, monkeypatch, *names) == ["lessons: 144 s of 720 s, ratio 0.20"]


def test_a_part_of_a_folder_has_a_sum_and_no_ratio(course, capsys, monkeypatch):
    lines = said(capsys, monkeypatch, "lessons/2_second/1_b.ipynb")
    assert lines == ["lessons: 72 s for 1 of 2 notebooks"]


def test_a_name_that_is_no_notebook_of_the_course_ends_it_before_anything_runs(
    course, capsys, monkeypatch
):
    with pytest.raises(SystemExit, match=r"not a notebook of the course: lessons/9\.ipynb; wanted"):
        said(capsys, monkeypatch, "lessons/1_first/1_a.ipynb", "lessons/9.ipynb")
    assert capsys.readouterr().out == ""


@pytest.mark.slow
def test_the_cost_of_a_notebook_is_its_seconds_its_longest_cell_and_its_peak(tmp_path):
    cells = [
        new_code_cell("kept = bytearray(300 * 2**20)", id="memory"),
        new_code_cell("import time; time.sleep(2)", id="sleeps"),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = tmp_path / "two.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    before = path.read_bytes()
    found = notebooks.cost(path)
    assert found.cell == "sleeps"
    assert 2 <= found.longest <= found.seconds
    assert 300 < found.peak < 1000
    assert path.read_bytes() == before
