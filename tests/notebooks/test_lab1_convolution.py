"""Lab 1: the source notebook, its release, and the demo's hand-ins that are made from it."""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.hidden_tests.convolution import EXERCISES

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "labs" / "lab1_convolution" / "convolution.ipynb"
POINTS = {
    "test_conv_output_size": 8,
    "test_zero_pad": 8,
    "test_correlate2d": 12,
    "test_lecture_error": 5,
    "test_convolve2d": 6,
    "test_conv_step": 6,
    "test_conv2d": 25,
    "written_translation": 6,
    "test_vertical_edges": 6,
    "test_conv1d": 8,
    "test_conv2d_fast": 10,
}
FUNCTIONS = 11  # the lecture-error task has two


@pytest.fixture(scope="module")
def source() -> NotebookNode:
    notebook: NotebookNode = nbformat.read(SOURCE, as_version=4)
    return notebook


@pytest.fixture(scope="module")
def demo() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_submissions", ROOT / "demo" / "make_submissions.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def release(demo: ModuleType) -> NotebookNode:
    notebook: NotebookNode = demo.released_lab()
    return notebook


def graded(cell: NotebookNode) -> dict[str, object]:
    return dict(cell.metadata.get("nbgrader", {}))


def run(notebook: NotebookNode, folder: Path, monkeypatch: pytest.MonkeyPatch) -> NotebookNode:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    copy = nbformat.from_dict(notebook)
    client = NotebookClient(
        copy, timeout=120, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    executed: NotebookNode = client.execute()
    return executed


def errors(notebook: NotebookNode) -> dict[str, tuple[str, str]]:
    """Name and text of the error of each cell that has one, by cell id."""
    return {
        cell.id: (output.ename, output.evalue)
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "error"
    }


def texts(notebook: NotebookNode, cell_id: str) -> str:
    (cell,) = (cell for cell in notebook.cells if cell.id == cell_id)
    return "".join(output.get("text", "") for output in cell.outputs)


def test_points_are_as_announced_and_add_up_to_100(source: NotebookNode) -> None:
    marks = [graded(cell) for cell in source.cells]
    points = {mark["grade_id"]: mark["points"] for mark in marks if mark.get("grade")}
    assert points == POINTS
    assert sum(POINTS.values()) == 100


def test_the_points_table_says_the_same(source: NotebookNode) -> None:
    table = [row.split("|") for row in source.cells[0].source.splitlines() if row.startswith("|")]
    rows = [row for row in table if row[1].strip().isdecimal()]
    assert sorted(int(row[5]) for row in rows) == sorted(POINTS.values())
    assert sum(int(row[4]) for row in rows) == 90


def test_ids_are_unique_and_readable(source: NotebookNode) -> None:
    ids = [cell.id for cell in source.cells]
    grade_ids = [mark["grade_id"] for cell in source.cells if (mark := graded(cell))]
    assert len(ids) == len(set(ids))
    assert len(grade_ids) == len(set(grade_ids))
    assert all(cell_id.replace("-", "").isalnum() for cell_id in ids)


def test_the_source_holds_no_outputs_and_no_stray_metadata(source: NotebookNode) -> None:
    assert set(source.metadata) == {"kernelspec"}
    for cell in source.cells:
        assert set(cell.metadata) <= {"nbgrader"}
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_no_cell_is_long(source: NotebookNode) -> None:
    assert {cell.id: n for cell in source.cells if (n := len(cell.source.splitlines())) > 30} == {}


def test_every_figure_is_described_in_words_just_before_it(source: NotebookNode) -> None:
    for before, cell in zip(source.cells, source.cells[1:], strict=False):
        if cell.id.startswith("picture-"):
            assert "*What you see" in before.source, cell.id


def test_every_task_has_hints(source: NotebookNode) -> None:
    text = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    tasks = [part for part in text.split("## Task ")[1:] if not part.startswith("8")]
    assert len(tasks) == 10
    assert all(2 <= part.count("<details><summary>Hint") <= 3 for part in tasks)


def test_hidden_lines_import_the_hidden_tests_and_grade_in_one_line(source: NotebookNode) -> None:
    for cell in source.cells:
        visible, _, hidden = cell.source.partition("### BEGIN HIDDEN TESTS\n")
        assert "autograder" not in visible
        if hidden:
            first, _, call, end = hidden.splitlines()
            assert first == "from autograder.hidden_tests import convolution"
            assert re.fullmatch(r"convolution\.[A-Z0-9_]+\.grade\(.+\)", call)
            assert end == "### END HIDDEN TESTS"


def test_the_release_holds_stubs_and_neither_solutions_nor_hidden_tests(
    release: NotebookNode,
) -> None:
    text = "\n".join(cell.source for cell in release.cells)
    assert [word for word in ("SOLUTION", "HIDDEN", "autograder") if word in text] == []
    solutions = [
        cell.source
        for cell in release.cells
        if graded(cell).get("solution") and cell.cell_type == "code"
    ]
    assert sum(code.count("\n    raise NotImplementedError") for code in solutions) == FUNCTIONS
    assert sum(code.count("def ") for code in solutions) == FUNCTIONS
    written = [cell.source for cell in release.cells if cell.id == "written-translation"]
    assert written == ["YOUR ANSWER HERE"]


@pytest.mark.slow
def test_the_solution_runs_through_and_earns_every_point(
    source: NotebookNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(source, tmp_path, monkeypatch)
    assert errors(done) == {}
    for cell in done.cells:
        if "BEGIN HIDDEN" in cell.source:
            results = [o.data["text/plain"] for o in cell.outputs if "data" in o]
            assert [float(result) for result in results] == [graded(cell)["points"]], cell.id


@pytest.mark.slow
def test_the_release_runs_to_its_stubs_and_says_what_to_do(
    release: NotebookNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(release, tmp_path, monkeypatch)
    stopped = errors(done)
    tests = set(POINTS) - {"written_translation"}
    assert {cell_id.replace("-", "_") for cell_id in stopped} == tests
    for cell_id, (name, text) in stopped.items():
        assert name in ("NotImplementedError", "CheckFailed"), (cell_id, name, text)
        assert name == "NotImplementedError" or "is not written yet" in text
    assert "waits until correlate2d is written" in texts(done, "picture-kernels")


def test_the_demo_hand_ins_are_made_from_todays_lab(demo: ModuleType) -> None:
    stale = [path for path, text in demo.submissions() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run python demo/make_submissions.py"


def test_the_demo_has_a_class_of_eleven(demo: ModuleType) -> None:
    shipped = {path.name for path in (ROOT / "demo" / "submitted").iterdir()}
    assert shipped == set(demo.students())
    assert len(shipped) == 11


def test_the_demo_expects_something_of_everyone_and_names_known_mistakes(demo: ModuleType) -> None:
    expected = tomllib.loads((ROOT / "demo" / "expected.toml").read_text(encoding="utf-8"))
    known = {trial.id for exercise in EXERCISES for trial in exercise.trials()}
    automatic = set(POINTS) - {"written_translation"}
    assert set(expected) == set(demo.students())
    for student, marks in expected.items():
        assert set(marks["points"]) == automatic, student
        assert all(0 <= marks["points"][task] <= POINTS[task] for task in automatic), student
        assert sum(marks["points"].values()) == pytest.approx(marks["total"]), student
        assert set(marks["mistakes"]) <= known, student
    assert [s for s in expected if expected[s]["total"] == 94] == ["ada", "bao"]
