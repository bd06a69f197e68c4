"""Lab 4: the source notebook, its release, and a network that learns with its solutions."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets.config.loader import PyFileConfigLoader

from autograder.hidden_tests import training
from autograder.lab import read_lab

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "labs" / "lab4_gpu_training" / "training.ipynb"
POINTS = {
    "test_devices": 5,
    "test_augment": 8,
    "test_make_dataset": 15,
    "test_build_cnn": 12,
    "test_train_step": 15,
    "test_fit": 12,
    "test_first_epoch_below": 5,
    "written_training": 6,
    "test_steps_per_second": 6,
    "test_transfer": 10,
    "test_grad_cam": 6,
}
FUNCTIONS = 12
WAITING = {
    "picture-augmented": "augment",
    "picture-training": "make_dataset, build_cnn, train_step and fit",
    "picture-dropout": "make_dataset, build_cnn, train_step, fit and first_epoch_below",
    "picture-speed": "build_cnn, train_step and steps_per_second",
    "picture-transfer": "build_transfer and unfreeze",
    "picture-evidence": "grad_cam",
}


@pytest.fixture(scope="module")
def source() -> NotebookNode:
    notebook: NotebookNode = nbformat.read(SOURCE, as_version=4)
    return notebook


@pytest.fixture(scope="module")
def release() -> NotebookNode:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    return read_lab(SOURCE.parent, config).notebooks["training"].released


@pytest.fixture(scope="module")
def done(source: NotebookNode, tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    return run(source, tmp_path_factory.mktemp("solution"))


def graded(cell: NotebookNode) -> dict[str, object]:
    return dict(cell.metadata.get("nbgrader", {}))


def run(notebook: NotebookNode, folder: Path) -> NotebookNode:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        copy = nbformat.from_dict(notebook)
        client = NotebookClient(
            copy, timeout=240, allow_errors=True, resources={"metadata": {"path": str(folder)}}
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


def table(source: NotebookNode) -> list[list[str]]:
    rows = [row.split("|") for row in source.cells[0].source.splitlines() if row.startswith("|")]
    return [[part.strip() for part in row] for row in rows if row[1].strip().isdecimal()]


def test_points_are_as_announced_and_add_up_to_100(source: NotebookNode) -> None:
    marks = [graded(cell) for cell in source.cells]
    points = {mark["grade_id"]: mark["points"] for mark in marks if mark.get("grade")}
    assert points == POINTS
    assert sum(POINTS.values()) == 100
    assert [int(row[5]) for row in table(source)] == list(POINTS.values())


def test_the_core_takes_under_90_minutes(source: NotebookNode) -> None:
    core = [row for row in table(source) if row[3] == "core"]
    assert sum(int(row[4]) for row in core) == 84
    assert sum(int(row[5]) for row in core) == 78
    assert "about 84 minutes for the core" in source.cells[0].source
    assert "78 of 100 points" in source.cells[1].source


def test_every_task_says_what_its_row_of_the_table_says(source: NotebookNode) -> None:
    rows = {row[1]: (row[3], row[5], row[4]) for row in table(source)}
    text = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    heading = r"## Task (\d+) · .+ &nbsp; `(\w+)` · (\d+) points · (\d+) minutes"
    found = re.findall(heading, text)
    assert len(found) == 11
    assert all(rows[number] == (*rest,) for number, *rest in found)


def test_a_cells_points_are_its_exercises(source: NotebookNode) -> None:
    names = []
    for cell in source.cells:
        if found := re.search(r"^training\.([A-Z_]+)\.grade", cell.source, re.MULTILINE):
            exercise = getattr(training, found[1])
            names.append(exercise.name)
            assert exercise.points == graded(cell)["points"], cell.id
    assert sorted(names) == sorted(exercise.name for exercise in training.EXERCISES)


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


def test_every_picture_is_described_in_words_before_it(source: NotebookNode) -> None:
    described = ""
    for cell in source.cells:
        if cell.cell_type == "markdown":
            described = cell.source
        elif cell.id.startswith("picture-"):
            assert "*What you see" in described, cell.id


def test_every_coding_task_has_hints(source: NotebookNode) -> None:
    text = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    tasks = [part for part in text.split("## Task ")[1:] if not part.startswith("8 ")]
    assert len(tasks) == 10
    assert all(2 <= part.count("<details><summary>Hint") <= 3 for part in tasks)


def test_hidden_lines_import_the_hidden_tests_and_grade_in_one_line(source: NotebookNode) -> None:
    for cell in source.cells:
        visible, _, hidden = cell.source.partition("### BEGIN HIDDEN TESTS\n")
        assert "autograder" not in visible
        if hidden:
            first, _, call, end = hidden.splitlines()
            assert first == "from autograder.hidden_tests import training"
            assert re.fullmatch(r"training\.[A-Z0-9_]+\.grade\(.+\)", call)
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
    written = [cell.source for cell in release.cells if cell.id == "written-training"]
    assert written == ["YOUR ANSWER HERE"]


@pytest.mark.slow
def test_the_solution_runs_through_and_earns_every_point(done: NotebookNode) -> None:
    assert errors(done) == {}
    for cell in done.cells:
        if "BEGIN HIDDEN" in cell.source:
            results = [o.data["text/plain"] for o in cell.outputs if "data" in o]
            assert [float(result) for result in results] == [graded(cell)["points"]], cell.id


@pytest.mark.slow
def test_the_network_reaches_the_stated_accuracy(done: NotebookNode) -> None:
    said = re.search(r"right on ([\d.]+)% of 2,000 pictures", texts(done, "picture-training"))
    assert said
    assert float(said[1]) >= 84


@pytest.mark.slow
def test_dropout_makes_the_training_loss_fall_later(done: NotebookNode) -> None:
    without, with_it = re.findall(r"below 0.6 in epoch (\w+);", texts(done, "picture-dropout"))
    assert int(without) < (9 if with_it == "None" else int(with_it))


@pytest.mark.slow
def test_no_cell_of_the_solution_says_anything_but_its_results(done: NotebookNode) -> None:
    outputs = [output for cell in done.cells for output in cell.get("outputs", [])]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []


@pytest.mark.slow
def test_every_picture_is_drawn(done: NotebookNode) -> None:
    for cell in done.cells:
        if cell.id.startswith("picture-"):
            assert any("image/png" in output.get("data", {}) for output in cell.outputs), cell.id


@pytest.mark.slow
def test_the_release_runs_to_its_stubs_and_says_what_to_do(
    release: NotebookNode, tmp_path: Path
) -> None:
    ran = run(release, tmp_path)
    stopped = errors(ran)
    tests = set(POINTS) - {"written_training"}
    assert {cell_id.replace("-", "_") for cell_id in stopped} == tests
    for cell_id, (name, text) in stopped.items():
        assert name in ("NotImplementedError", "CheckFailed"), (cell_id, name, text)
        assert name == "NotImplementedError" or "is not written yet" in text
    for cell_id, functions in WAITING.items():
        assert f"waits until {functions} is written" in texts(ran, cell_id)
