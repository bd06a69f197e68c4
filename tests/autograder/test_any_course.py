"""Two lines of configuration: any course gets stock nbgrader's scores, where those are right."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

pytestmark = [pytest.mark.sandbox, pytest.mark.slow, pytest.mark.timeout(1800)]

TWO_LINES = "\nfrom autograder import configure\nconfigure(c)\n"

Score = tuple[float | None, float, bool]
"""Automatic score, maximum, and whether a person must look."""
Scores = dict[str, dict[str, Score]]
Edit = Callable[[NotebookNode], None]


def _nbgrader(folder: Path, *arguments: str) -> None:
    programs = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": programs},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def _hand_in(course: Path, lab: str, student: str, edit: Edit, *, solution: bool = False) -> None:
    """Hands in the released notebooks, or the solution, with changes."""
    origin = course / ("source" if solution else "release") / lab
    folder = course / "submitted" / student / lab
    shutil.copytree(origin, folder)
    for path in folder.glob("*.ipynb"):
        path.chmod(0o644)
        notebook = nbformat.read(path, as_version=4)
        edit(notebook)
        nbformat.write(notebook, path)


def _scores(course: Path) -> Scores:
    found: Scores = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for submission in (s for a in gradebook.assignments for s in a.submissions):
            grades = [grade for book in submission.notebooks for grade in book.grades]
            found[submission.student.id] = {
                f"{grade.notebook.name}/{grade.name}": (
                    grade.auto_score,
                    grade.max_score,
                    bool(grade.needs_manual_grade),
                )
                for grade in grades
            }
    return found


def _graded_twice(course: Path, lab: str, hand_in: Callable[[Path], None]) -> tuple[Scores, Scores]:
    """The scores by stock nbgrader, and by ours after two lines at the end of its configuration."""
    ours = course.with_name("ours")
    shutil.copytree(course, ours)
    config = ours / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + TWO_LINES, encoding="utf-8")
    for folder in (course, ours):
        _nbgrader(folder, "generate_assignment", lab)
        hand_in(folder)
        _nbgrader(folder, "autograde", lab)
    return _scores(course), _scores(ours)


def _cell(notebook: NotebookNode, name: str) -> NotebookNode | None:
    named = (c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)
    return next(named, None)


def _answers(**sources: str) -> Edit:
    """An edit that puts sources into cells by their ids, in whichever notebook they are."""

    def edit(notebook: NotebookNode) -> None:
        for name, source in sources.items():
            cell = _cell(notebook, name.replace("__", "-"))
            if cell is not None:
                cell.source = source

    return edit


def test_the_course_that_quickstart_writes_gets_stock_nbgraders_scores(tmp_path: Path) -> None:
    _nbgrader(tmp_path, "quickstart", "course101")
    squares = "def squares(n):\n    if n < 1:\n        raise ValueError\n"
    squares += "    return [i * i for i in range(1, n + 1)]"
    formula = "def sum_of_squares(n):\n    return n * (n + 1) * (2 * n + 1) // 6"
    partial = _answers(squares=squares, sum_of_squares=formula, part__a="Fibonacci.")

    def hand_in(course: Path) -> None:
        _hand_in(course, "ps1", "solution", _answers(), solution=True)
        _hand_in(course, "ps1", "partial", partial)
        _hand_in(course, "ps1", "empty", _answers())

    stock, ours = _graded_twice(tmp_path / "course101", "ps1", hand_in)
    assert ours == stock
    assert set(ours) == {"solution", "partial", "empty"}
    automatic = ("correct_squares", "squares_invalid_input", "correct_sum_of_squares")
    for student, points in {"solution": 3, "partial": 2.5, "empty": 0}.items():
        scored = [score for score, _, _ in ours[student].values() if score is not None]
        assert sum(scored) == points, student
    for name in automatic:
        assert ours["partial"][f"problem1/{name}"][0] == ours["partial"][f"problem1/{name}"][1]
    assert ours["partial"]["problem1/sum_of_squares_uses_squares"] == (0, 0.5, False)


def _given(name: str, source: str, *, kind: str = "code", **metadata: object) -> NotebookNode:
    make = {"code": new_code_cell, "markdown": new_markdown_cell}[kind]
    cell = make(source, id=name)
    flags = {"grade": False, "solution": False, "locked": False, "task": False}
    cell.metadata["nbgrader"] = {"grade_id": name, "schema_version": 3, **flags, **metadata}
    return cell


def _test(name: str, source: str, points: float) -> NotebookNode:
    return _given(name, source, grade=True, locked=True, points=points)


def _answer(name: str, body: str) -> NotebookNode:
    source = f"def {name}(x):\n    ### BEGIN SOLUTION\n    {body}\n    ### END SOLUTION"
    return _given(name, source, solution=True)


HIDDEN = "\n### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
MEAN_TEST = "assert mean([2]) == 2" + HIDDEN.format("assert abs(mean([1, 2, 6]) - 3) < 1e-9")
SIGN_TEST = """points = 0
if sign(3) == 1:
    points += 1
### BEGIN HIDDEN TESTS
if sign(-3) == -1:
    points += 1.5
if sign(0) == 0:
    points += 0.5
### END HIDDEN TESTS
points"""
CLOSE_TEST = "2 * (1 - abs(share(4) - 0.25))"  # a number made of the answer: it may be NaN
TABLE_TEST = """import helpers
assert total(ROWS) == 6
### BEGIN HIDDEN TESTS
assert total(helpers.read('table.csv')) == 6, 'the table'
try:
    total(None)
except TypeError:
    pass
### END HIDDEN TESTS"""


def _write_course(course: Path) -> None:
    """A course of plain nbgrader: asserts, partial credit, manual cells, a task, two notebooks."""
    first = [
        _given("setup", "import warnings", locked=True),
        _answer("mean", "return sum(x) / len(x)"),
        _test("test_mean", MEAN_TEST, 4),
        _answer("sign", "return (x > 0) - (x < 0)"),
        _test("test_sign", SIGN_TEST, 3),
        _answer("share", "return 1 / x"),
        _test("test_share", CLOSE_TEST, 2),
        _given("why", "YOUR ANSWER HERE", kind="markdown", grade=True, solution=True, points=5),
        _given("plot", "# YOUR CODE HERE", grade=True, solution=True, points=2),
        _given("essay", "Write about it.", kind="markdown", task=True, locked=True, points=3),
    ]
    second = [
        _given("rows", "import helpers\nROWS = helpers.read('table.csv')", locked=True),
        _answer("total", "return sum(x)"),
        _test("test_total", TABLE_TEST, 1.5),
    ]
    lab = course / "source" / "context"
    lab.mkdir(parents=True)
    for name, cells in {"first": first, "second": second}.items():
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(
            new_notebook(cells=cells, metadata={"kernelspec": kernel}), lab / f"{name}.ipynb"
        )
    (lab / "table.csv").write_text("1,2,3", encoding="utf-8")
    helper = "def read(name):\n    with open(name) as file:\n"
    helper += "        return [int(x) for x in file.read().split(',')]\n"
    (lab / "helpers.py").write_text(helper, encoding="utf-8")
    (course / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")


RIGHT = {
    "mean": "def mean(x):\n    return sum(x) / len(x)",
    "sign": "def sign(x):\n    return 0 if x == 0 else x / abs(x)",
    "share": "def share(x):\n    return 1 / x",
    "total": "def total(x):\n    return sum(x)",
    "why": "Because.",
    "plot": "print('a plot')",
}


def _without(*names: str) -> Edit:
    def edit(notebook: NotebookNode) -> None:
        _answers(**RIGHT)(notebook)
        gone = [_cell(notebook, name) for name in names]
        notebook.cells = [cell for cell in notebook.cells if cell not in gone]

    return edit


def test_a_course_of_plain_asserts_gets_stock_nbgraders_scores_where_those_are_right(
    tmp_path: Path,
) -> None:
    course = tmp_path / "stock"
    _write_course(course)
    half = {**RIGHT, "sign": "def sign(x):\n    return 1", "total": "def total(x):\n    return 0"}
    noisy = {**RIGHT, "mean": "def mean(x):\n    warnings.warn('slow')\n    return sum(x) / len(x)"}
    not_a_number = {**RIGHT, "share": "def share(x):\n    return float('nan')"}
    handed_in = {
        "solution": _answers(**RIGHT),
        "partial": _answers(**half),
        "empty": _answers(),
        "noisy": _answers(**noisy),
        "not-a-number": _answers(**not_a_number),
        "deleted": _without("test_mean"),
    }

    def hand_in(folder: Path) -> None:
        for student, edit in handed_in.items():
            _hand_in(folder, "context", student, edit)

    stock, ours = _graded_twice(course, "context", hand_in)
    assert set(ours) == set(stock) == set(handed_in)
    for student in ("solution", "partial", "empty"):
        assert ours[student] == stock[student], student
    full = ours["solution"]
    assert full["first/test_sign"] == (3, 3, False)
    assert full["first/why"] == (None, 5, True)
    assert ours["partial"]["first/test_sign"] == (1, 3, False)
    assert ours["partial"]["second/test_total"] == (0, 1.5, False)
    wrong = {
        "noisy": {"first/test_mean": (0.0, 4.0, False)},  # a warning costs all points
        "not-a-number": {"first/test_share": (2.0, 2.0, False)},  # NaN earns all points
    }
    for student, cells in wrong.items():
        assert {**full, **cells} == stock[student], student
    assert ours["noisy"] == full
    assert ours["not-a-number"] == {**full, "first/test_share": (0.0, 2.0, False)}
    assert stock["deleted"]["first/test_mean"][0] is None  # for ever without a score
    assert ours["deleted"] == full
