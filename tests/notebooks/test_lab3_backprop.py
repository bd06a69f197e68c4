"""Lab 3: the source notebook, its release, and a network that learns with its solutions."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.hidden_tests.backprop import EXERCISES
from autograder.lab import read_lab
from coursekit import stored_cases

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "labs" / "lab3_backprop" / "backprop.ipynb"
POINTS = {
    "test_numerical_gradient": 6,
    "test_relative_error": 3,
    "test_notes_error": 8,
    "test_dense_layer": 9,
    "test_relu_layer": 4,
    "test_loss": 10,
    "test_max_pool2d_backward": 10,
    "test_conv2d_backward": 20,
    "test_descent": 5,
    "test_adam": 6,
    "test_avg_pool2d_backward": 5,
    "test_cnn_gradients": 9,
    "written_gradients": 5,
}
FUNCTIONS = 18

MISTAKES = {
    "conv2d-backward": (
        """\
def conv2d_backward(dout, x, w, *, stride=1, pad=0):
    framed = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dx, dw = np.zeros(framed.shape), np.zeros(w.shape)
    for n, i, j, f in np.ndindex(dout.shape):
        rows = slice(i * stride, i * stride + w.shape[0])
        columns = slice(j * stride, j * stride + w.shape[1])
        dx[n, rows, columns] += dout[n, i, j, f] * w[:, :, :, f]
        dw[:, :, :, f] += dout[n, i, j, f] * framed[n, rows, columns]
    return dx[:, pad:-pad, pad:-pad], dw, dout.sum(axis=(0, 1, 2))""",
        "This is what comes out when the frame is cut off dx with a slice like pad:-pad",
    ),
    "max-pool2d-backward": (
        """\
def max_pool2d_backward(dout, x, *, size, stride=None):
    stride, dx = stride or size, np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        window = np.s_[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        dx[window] += dout[n, i, j, c] * (x[window] == x[window].max())
    return dx""",
        "This is what comes out when every entry that equals the maximum gets the gradient",
    ),
    "adam": (
        """\
def adam(w, dw, m, v, t, *, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m, v = beta1 * m + (1 - beta1) * dw, beta2 * v + (1 - beta2) * dw**2
    return w - rate * m / (np.sqrt(v) + epsilon), m, v""",
        "This is what comes out when the means are not corrected",
    ),
}
"""By the answer's cell: a typical wrong one, and how the visible test names it."""


@pytest.fixture(scope="module")
def source() -> NotebookNode:
    notebook: NotebookNode = nbformat.read(SOURCE, as_version=4)
    return notebook


@pytest.fixture(scope="module")
def release() -> NotebookNode:
    return read_lab(SOURCE.parent).notebooks["backprop"].released


@pytest.fixture(scope="module")
def done(source: NotebookNode, tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    return run(source, tmp_path_factory.mktemp("solution"))


def graded(cell: NotebookNode) -> dict[str, object]:
    return dict(cell.metadata.get("nbgrader", {}))


def run(notebook: NotebookNode, folder: Path) -> NotebookNode:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
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
    assert sum(exercise.points for exercise in EXERCISES) == 95


def test_the_points_table_says_the_same_and_the_core_takes_under_90_minutes(
    source: NotebookNode,
) -> None:
    table = [row.split("|") for row in source.cells[0].source.splitlines() if row.startswith("|")]
    rows = [row for row in table if row[1].strip().isdecimal()]
    assert [int(row[5]) for row in rows] == list(POINTS.values())
    assert sum(int(row[4]) for row in rows) == 115
    core = [row for row in rows if row[3].strip() == "core"]
    assert sum(int(row[4]) for row in core) == 85
    assert sum(int(row[5]) for row in core) == 75


def test_every_task_says_what_its_row_of_the_table_says(source: NotebookNode) -> None:
    table = [row.split("|") for row in source.cells[0].source.splitlines() if row.startswith("|")]
    rows = {row[1].strip(): (row[3].strip(), row[5].strip(), row[4].strip()) for row in table}
    text = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    heading = r"## Task (\d+) · .+ &nbsp; `(\w+)` · (\d+) points · (\d+) minutes"
    found = re.findall(heading, text)
    assert len(found) == 13
    assert all(rows[number] == (*rest,) for number, *rest in found)


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


def test_every_coding_task_has_hints(source: NotebookNode) -> None:
    text = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    tasks = text.split("## Task ")[1:13]
    assert len(tasks) == 12
    assert all(2 <= part.count("<details><summary>Hint") <= 3 for part in tasks)


def test_hidden_lines_import_the_hidden_tests_and_grade_in_one_call(source: NotebookNode) -> None:
    for cell in source.cells:
        visible, _, hidden = cell.source.partition("### BEGIN HIDDEN TESTS\n")
        assert "autograder" not in visible
        if hidden:
            first, _, *call, end = hidden.splitlines()
            assert first == "from autograder.hidden_tests import backprop"
            assert re.fullmatch(r"backprop\.[A-Z0-9_]+\.grade\(.+\)", "".join(call))
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
    written = [cell.source for cell in release.cells if cell.id == "written-gradients"]
    assert written == ["YOUR ANSWER HERE"]


def test_every_function_with_stored_cases_is_tried_on_them(release: NotebookNode) -> None:
    lines = {line for cell in release.cells for line in cell.source.splitlines()}
    names = stored_cases.names_in("lab3_backprop")
    assert len(names) == FUNCTIONS - 1  # numerical_gradient is given functions
    missing = [n for n in names if f'checks.check_stored({n}, "lab3_backprop/{n}")' not in lines]
    assert missing == []


@pytest.mark.slow
def test_the_solution_runs_through_and_earns_every_point(done: NotebookNode) -> None:
    assert errors(done) == {}
    for cell in done.cells:
        if "BEGIN HIDDEN" in cell.source:
            results = [o.data["text/plain"] for o in cell.outputs if "data" in o]
            assert [float(result) for result in results] == [graded(cell)["points"]], cell.id


@pytest.mark.slow
def test_the_network_learns_to_read_nine_digits_in_ten(done: NotebookNode) -> None:
    said = re.search(
        r"right on ([\d.]+)% of 2,000 held-out digits", texts(done, "picture-training")
    )
    assert said
    assert float(said[1]) >= 90


@pytest.mark.slow
def test_the_gradient_check_agrees_with_the_formulas(done: NotebookNode) -> None:
    found = re.findall(r"relative error (\S+)", texts(done, "check-the-network"))
    assert len(found) == 4
    assert max(map(float, found)) < 1e-7


@pytest.mark.slow
def test_the_notes_errors_do_what_the_text_says(done: NotebookNode) -> None:
    said = texts(done, "picture-notes")
    assert "'products, minus': 0.562" in said
    assert "'the notes: plus': 2747.781" in said


@pytest.mark.slow
def test_no_cell_of_the_solution_says_anything_but_its_results(done: NotebookNode) -> None:
    outputs = [output for cell in done.cells for output in cell.get("outputs", [])]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []


@pytest.mark.slow
def test_the_release_runs_to_its_stubs_and_says_what_to_do(
    release: NotebookNode, tmp_path: Path
) -> None:
    ran = run(release, tmp_path)
    stopped = errors(ran)
    tests = set(POINTS) - {"written_gradients"}
    assert {cell_id.replace("-", "_") for cell_id in stopped} == tests
    for cell_id, (name, text) in stopped.items():
        assert name in ("NotImplementedError", "CheckFailed"), (cell_id, name, text)
        assert name == "NotImplementedError" or "is not written yet" in text
    assert "waits until cnn_gradients and momentum is written" in texts(ran, "picture-training")


def with_mistakes(release: NotebookNode) -> NotebookNode:
    """The setup and, for each mistake, the wrong answer and its visible test."""
    by_id = {cell.id: cell for cell in release.cells}
    cells = [by_id["setup"], by_id["picture-max-pool"]]  # the test uses the picture's numbers
    for answer, (code, _) in MISTAKES.items():
        cells += [nbformat.v4.new_code_cell(code), by_id[f"test-{answer}"]]
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=cells, metadata=release.metadata)
    return notebook


@pytest.mark.slow
def test_the_visible_tests_name_typical_mistakes(release: NotebookNode, tmp_path: Path) -> None:
    told = errors(run(with_mistakes(release), tmp_path))
    assert set(told) == {f"test-{answer}" for answer in MISTAKES}
    for answer, (_, sentence) in MISTAKES.items():
        name, text = told[f"test-{answer}"]
        assert name == "CheckFailed"
        assert f"cause:     {sentence}" in text
