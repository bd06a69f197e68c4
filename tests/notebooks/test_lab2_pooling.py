"""Lab 2: the source notebook and its release."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets.config.loader import PyFileConfigLoader

from autograder.hidden_tests import pooling
from autograder.lab import read_lab
from coursekit import stored_cases

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "labs" / "lab2_pooling" / "pooling.ipynb"
POINTS = {
    "test_relu": 5,
    "test_max_pool2d": 20,
    "test_wrong_maxima": 5,
    "test_avg_pool2d": 8,
    "test_global_avg_pool": 4,
    "test_shifts": 8,
    "test_head": 10,
    "test_softmax": 8,
    "test_digit_probabilities": 12,
    "written_invariance": 6,
    "test_receptive_field": 6,
    "test_max_pool2d_fast": 8,
}
FUNCTIONS = 13  # two tasks have two functions, one has none
WAITING = {
    "measure-linear": "relu",
    "measure-nine": "shifted, relative_change and max_pool2d",
    "measure-speed": "max_pool2d_fast and max_pool2d",
    "picture-maps": "relu and max_pool2d",
    "picture-max-or-mean": "max_pool2d and avg_pool2d",
    "picture-network-shift": "digit_probabilities and shifted",
    "picture-shifts": "shifted, relative_change and max_pool2d",
    "picture-what-stays": "relu and max_pool2d",
    "picture-wrong-digits": "digit_probabilities",
}

MISTAKES = {
    "relu": (
        "def relu(x):\n    return np.max(x, 0)",
        "This is what comes out when np.max(x, 0) is used: its 0 is an axis",
    ),
    "max-pool2d": (
        """\
def max_pool2d(x, *, size, stride=None):
    height, width = as_pair(size)
    down, right = as_pair(stride or size)
    rows, columns = (x.shape[1] - height) // down + 1, (x.shape[2] - width) // right + 1
    out = np.zeros((len(x), rows, columns, x.shape[3]))
    for n, i, j, c in np.ndindex(out.shape):
        window = x[n, i * down : i * down + height, j * right : j * right + width, c]
        for number in window.ravel():
            if number > out[n, i, j, c]:
                out[n, i, j, c] = number
    return out""",
        "This is what comes out when the maximum starts from 0",
    ),
    "softmax": (
        """\
def softmax(scores):
    powers = np.exp(scores - scores.max(axis=0))
    return powers / powers.sum(axis=0)""",
        "This is what comes out when the columns sum to 1",
    ),
}
"""By the answer's cell: a typical wrong one, and how the visible test names it."""


@pytest.fixture(scope="module")
def source() -> NotebookNode:
    notebook: NotebookNode = nbformat.read(SOURCE, as_version=4)
    return notebook


@pytest.fixture(scope="module")
def release() -> NotebookNode:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    return read_lab(SOURCE.parent, config).notebooks["pooling"].released


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


def texts(notebook: NotebookNode, cell_id: str, stream: str = "stdout") -> str:
    (cell,) = (cell for cell in notebook.cells if cell.id == cell_id)
    return "".join(out.text for out in cell.outputs if out.get("name") == stream)


def test_points_are_as_announced_and_add_up_to_100(source: NotebookNode) -> None:
    marks = [graded(cell) for cell in source.cells]
    points = {mark["grade_id"]: mark["points"] for mark in marks if mark.get("grade")}
    assert points == POINTS
    assert sum(POINTS.values()) == 100


def test_the_table_says_the_same_and_the_core_takes_under_90_minutes(source: NotebookNode) -> None:
    table = [row.split("|") for row in source.cells[0].source.splitlines() if row.startswith("|")]
    rows = [[part.strip() for part in row] for row in table if row[1].strip().isdecimal()]
    assert [int(row[5]) for row in rows] == list(POINTS.values())
    assert {row[3] for row in rows} == {"core", "stretch", "challenge"}
    core = [row for row in rows if row[3] == "core"]
    assert sum(int(row[4]) for row in core) == 80
    assert sum(int(row[5]) for row in core) == 86
    assert sum(int(row[4]) for row in rows) == 100


def test_each_tasks_heading_says_what_the_table_says(source: NotebookNode) -> None:
    table = [row.split("|") for row in source.cells[0].source.splitlines() if row.startswith("|")]
    announced = {
        int(row[1]): (row[3].strip(), int(row[5]), int(row[4]))
        for row in table
        if row[1].strip().isdecimal()
    }
    text = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    heading = r"^## Task (\d+) .*`(\w+)` · (\d+) points · (\d+) minutes$"
    found = {
        int(number): (tier, int(points), int(minutes))
        for number, tier, points, minutes in re.findall(heading, text, re.MULTILINE)
    }
    assert found == announced


def test_a_cells_points_are_its_exercises(source: NotebookNode) -> None:
    for cell in source.cells:
        if found := re.search(r"^pooling\.([A-Z0-9_]+)\.grade", cell.source, re.MULTILINE):
            assert getattr(pooling, found[1]).points == graded(cell)["points"], cell.id


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


def test_everything_that_is_shown_is_described_in_words_just_before_it(
    source: NotebookNode,
) -> None:
    for before, cell in zip(source.cells, source.cells[1:], strict=False):
        if cell.id.startswith(("picture-", "measure-", "ask-keras")) and cell.cell_type == "code":
            assert "*What you see" in before.source, cell.id


def test_every_task_has_hints(source: NotebookNode) -> None:
    text = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    tasks = [part for part in text.split("## Task ")[1:] if not part.startswith("10 ")]
    assert len(tasks) == 11
    assert all(2 <= part.count("<details><summary>Hint") <= 3 for part in tasks)


def test_hidden_lines_import_the_hidden_tests_and_grade_in_one_line(source: NotebookNode) -> None:
    for cell in source.cells:
        visible, _, hidden = cell.source.partition("### BEGIN HIDDEN TESTS\n")
        assert "autograder" not in visible
        if hidden:
            first, _, call, end = hidden.splitlines()
            assert first == "from autograder.hidden_tests import pooling"
            assert re.fullmatch(r"pooling\.[A-Z0-9_]+\.grade\(.+\)", call)
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
    written = [cell.source for cell in release.cells if cell.id == "written-invariance"]
    assert written == ["YOUR ANSWER HERE"]


def test_every_function_with_stored_cases_is_tried_on_them(release: NotebookNode) -> None:
    lines = {line for cell in release.cells for line in cell.source.splitlines()}
    names = stored_cases.names_in("lab2_pooling")
    assert len(names) == FUNCTIONS
    missing = [n for n in names if f'checks.check_stored({n}, "lab2_pooling/{n}")' not in lines]
    assert missing == []


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
            # Validate and stock nbgrader count anything there as a failure.
            assert texts(done, cell.id, "stderr") == ""
    assert "relu(-1) + relu(1) = 1\nrelu(-1 + 1)       = 0" in texts(done, "measure-linear")
    assert texts(done, "measure-naive") == "[nan nan nan]\n"
    table = [line.split() for line in texts(done, "measure-nine").splitlines()[1:]]
    assert [(row[0], row[-1]) for row in table[1:]] == [
        ("-1", "2.0"),
        ("+0", "0.0"),
        ("+1", "0.0"),
        ("+2", "2.0"),
        ("+3", "2.0"),
    ]
    assert [line.split()[1] for line in texts(done, "ask-keras").splitlines()] == [
        "3,",
        "9,",
        "8,",
        "3,",
        "8,",
    ]


@pytest.mark.slow
def test_the_release_runs_to_its_stubs_and_says_what_to_do(
    release: NotebookNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(release, tmp_path, monkeypatch)
    stopped = errors(done)
    tests = set(POINTS) - {"written_invariance"}
    assert {cell_id.replace("-", "_") for cell_id in stopped} == tests
    for cell_id, (name, text) in stopped.items():
        assert name in ("NotImplementedError", "CheckFailed"), (cell_id, name, text)
        assert name == "NotImplementedError" or "is not written yet" in text
    for cell_id, functions in WAITING.items():
        assert f"waits until {functions} is written" in texts(done, cell_id)


def with_mistakes(release: NotebookNode) -> NotebookNode:
    """The setup and, for each mistake, the wrong answer and its visible test."""
    by_id = {cell.id: cell for cell in release.cells}
    cells = [by_id["setup"]]
    for answer, (code, _) in MISTAKES.items():
        cells += [nbformat.v4.new_code_cell(code), by_id[f"test-{answer}"]]
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=cells, metadata=release.metadata)
    return notebook


@pytest.mark.slow
def test_the_visible_tests_name_typical_mistakes(
    release: NotebookNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = errors(run(with_mistakes(release), tmp_path, monkeypatch))
    assert set(told) == {f"test-{answer}" for answer in MISTAKES}
    for answer, (_, sentence) in MISTAKES.items():
        name, text = told[f"test-{answer}"]
        assert name == "CheckFailed"
        assert f"cause:     {sentence}" in text
