"""What every lab must show: its notebook, its release, its solution's run.

A lab's test file derives a class from `LabTests`, gives it the lab's data and adds what is asked of
that lab alone. The solution runs once for a class.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config.loader import PyFileConfigLoader

from autograder.course.lab import read_lab
from coursekit import stored_cases

ROOT = Path(__file__).resolve().parents[2]
LISTED = ("picture-", "measure-", "ask-keras")  # cells that show something


def graded(cell: NotebookNode) -> dict[str, object]:
    return dict(cell.metadata.get("nbgrader", {}))


def run(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Runs a copy of a notebook to its end, whatever fails, as Jupyter would."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        client = NotebookClient(
            nbformat.from_dict(notebook),
            timeout=900,
            allow_errors=True,
            resources={"metadata": {"path": str(folder)}},
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
    """All that a cell printed."""
    (cell,) = (cell for cell in notebook.cells if cell.id == cell_id)
    return "".join(output.get("text", "") for output in cell.outputs)


def _prose(notebook: NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@dataclass(frozen=True, kw_only=True)
class Lab:
    """What is to be so in one lab."""

    folder: str
    notebook: str
    package: str
    """The hidden tests are `autograder.hidden_tests.<package>`."""
    points: Mapping[str, int]
    """By nbgrader's id of the cell, in the order of the tasks."""
    written: str
    """The id among these that a person grades."""
    core: tuple[int, int]
    """Minutes and points of the core tasks."""
    minutes: int
    """Minutes of all tasks."""
    functions: int
    """How many functions the student writes."""
    stored: int
    """How many of them have stored cases."""
    waiting: Mapping[str, str]
    """By cell: what it waits for in a release on which nobody has worked."""
    needed: tuple[str, ...] = ("setup",)
    """The cells that the visible tests of `mistakes` need."""
    mistakes: Mapping[str, tuple[str, str]]
    """By the answer's cell: a typical wrong one, and how its visible test names it."""


class LabTests:
    """The tests that all labs share."""

    lab: ClassVar[Lab]

    @pytest.fixture(scope="class")
    @classmethod
    def source(cls) -> NotebookNode:
        path = ROOT / "labs" / cls.lab.folder / f"{cls.lab.notebook}.ipynb"
        notebook: NotebookNode = nbformat.read(path, as_version=4)
        return notebook

    @pytest.fixture(scope="class")
    @classmethod
    def release(cls) -> NotebookNode:
        config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
        return read_lab(ROOT / "labs" / cls.lab.folder, config).notebooks[cls.lab.notebook].released

    @pytest.fixture(scope="class")
    @classmethod
    def done(cls, source: NotebookNode, tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
        return run(source, tmp_path_factory.mktemp("solution"))

    @pytest.fixture(scope="class")
    @classmethod
    def hidden(cls) -> ModuleType:
        return importlib.import_module(f"autograder.hidden_tests.{cls.lab.package}")

    @staticmethod
    def table(source: NotebookNode) -> list[list[str]]:
        """The rows of the table of tasks: number, what, tier, minutes, points."""
        rows = [row.split("|") for row in source.cells[0].source.splitlines() if row[:1] == "|"]
        return [[part.strip() for part in row[1:]] for row in rows if row[1].strip().isdecimal()]

    # The notebook's source

    def test_points_are_as_announced_and_add_up_to_100(self, source: NotebookNode) -> None:
        marks = [graded(cell) for cell in source.cells]
        points = {mark["grade_id"]: mark["points"] for mark in marks if mark.get("grade")}
        assert points == self.lab.points
        assert sum(self.lab.points.values()) == 100

    def test_the_table_says_the_same_and_the_core_takes_under_90_minutes(
        self, source: NotebookNode
    ) -> None:
        rows = self.table(source)
        core = [row for row in rows if row[2] == "core"]
        assert [int(row[4]) for row in rows] == list(self.lab.points.values())
        assert {row[2] for row in rows} == {"core", "stretch", "challenge"}
        assert (sum(int(row[3]) for row in core), sum(int(row[4]) for row in core)) == self.lab.core
        assert sum(int(row[3]) for row in rows) == self.lab.minutes
        assert self.lab.core[0] < 90

    def test_every_task_says_what_its_row_of_the_table_says(self, source: NotebookNode) -> None:
        announced = [(row[0], row[2], row[4], row[3]) for row in self.table(source)]
        heading = r"^## Task (\d+) .*`(\w+)` · (\d+) points · (\d+) minutes$"
        assert re.findall(heading, _prose(source), re.MULTILINE) == announced

    def test_a_cells_points_are_its_exercises(
        self, source: NotebookNode, hidden: ModuleType
    ) -> None:
        names = []
        for cell in source.cells:
            call = rf"^{self.lab.package}\.([A-Z0-9_]+)\.grade"
            if found := re.search(call, cell.source, re.MULTILINE):
                exercise = getattr(hidden, found[1])
                names.append(exercise.name)
                assert exercise.points == graded(cell)["points"], cell.id
        assert sorted(names) == sorted(exercise.name for exercise in hidden.EXERCISES)

    def test_ids_are_unique_and_readable(self, source: NotebookNode) -> None:
        ids = [cell.id for cell in source.cells]
        grade_ids = [mark["grade_id"] for cell in source.cells if (mark := graded(cell))]
        assert len(ids) == len(set(ids))
        assert len(grade_ids) == len(set(grade_ids))
        assert all(cell_id.replace("-", "").isalnum() for cell_id in ids)

    def test_the_source_holds_no_outputs_and_no_stray_metadata(self, source: NotebookNode) -> None:
        assert set(source.metadata) == {"autograder", "kernelspec"}
        assert set(source.metadata.autograder) == {"withheld"}
        for cell in source.cells:
            assert set(cell.metadata) <= {"nbgrader"}
            assert not cell.get("outputs")
            assert cell.get("execution_count") is None

    def test_no_cell_is_long(self, source: NotebookNode) -> None:
        lengths = {cell.id: len(cell.source.splitlines()) for cell in source.cells}
        assert {name: length for name, length in lengths.items() if length > 30} == {}

    def test_everything_that_is_shown_is_described_in_words_before_it(
        self, source: NotebookNode
    ) -> None:
        described = ""
        for cell in source.cells:
            if cell.cell_type == "markdown":
                described = cell.source
            elif cell.id.startswith(LISTED):
                assert "*What you see" in described, cell.id

    def test_every_coding_task_has_hints(self, source: NotebookNode) -> None:
        written = list(self.lab.points).index(self.lab.written) + 1
        tasks = _prose(source).split("## Task ")[1:]
        coding = [task for task in tasks if not task.startswith(f"{written} ")]
        assert len(coding) == len(self.lab.points) - 1
        assert all(2 <= task.count("<details><summary>Hint") <= 3 for task in coding)

    def test_hidden_lines_import_the_hidden_tests_and_grade_in_one_call(
        self, source: NotebookNode
    ) -> None:
        for cell in source.cells:
            visible, _, hidden = cell.source.partition("### BEGIN HIDDEN TESTS\n")
            assert "autograder" not in visible
            if hidden:
                first, _, *call, end = hidden.splitlines()
                assert first == f"from autograder.hidden_tests import {self.lab.package}"
                assert re.fullmatch(rf"{self.lab.package}\.[A-Z0-9_]+\.grade\(.+\)", "".join(call))
                assert end == "### END HIDDEN TESTS"

    # The release

    def test_the_release_holds_stubs_and_neither_solutions_nor_hidden_tests(
        self, release: NotebookNode
    ) -> None:
        text = "\n".join(cell.source for cell in release.cells)
        assert [word for word in ("SOLUTION", "HIDDEN", "autograder") if word in text] == []
        code = "\n".join(
            cell.source
            for cell in release.cells
            if graded(cell).get("solution") and cell.cell_type == "code"
        )
        assert code.count("\n    raise NotImplementedError") == self.lab.functions
        assert code.count("def ") == self.lab.functions
        written = [c.source for c in release.cells if graded(c).get("grade_id") == self.lab.written]
        assert written == ["YOUR ANSWER HERE"]

    def test_every_function_with_stored_cases_is_tried_on_them(self, release: NotebookNode) -> None:
        lines = {line for cell in release.cells for line in cell.source.splitlines()}
        names = stored_cases.names_in(self.lab.folder)
        assert len(names) == self.lab.stored
        asked = {name: f'checks.check_stored({name}, "{self.lab.folder}/{name}")' for name in names}
        assert [name for name, line in asked.items() if line not in lines] == []

    @pytest.mark.slow
    def test_the_release_runs_to_its_stubs_and_says_what_to_do(
        self, release: NotebookNode, tmp_path: Path
    ) -> None:
        ran = run(release, tmp_path)
        stopped = errors(ran)
        assert {name.replace("-", "_") for name in stopped} == set(self.lab.points) - {
            self.lab.written
        }
        for cell_id, (name, text) in stopped.items():
            assert name in ("NotImplementedError", "CheckFailed"), (cell_id, name, text)
            assert name == "NotImplementedError" or "is not written yet" in text
        for cell_id, functions in self.lab.waiting.items():
            assert f"waits until {functions} is written" in texts(ran, cell_id)

    # The solution and typical mistakes

    @pytest.mark.slow
    def test_the_solution_runs_through_and_earns_every_point(self, done: NotebookNode) -> None:
        assert errors(done) == {}
        for cell in done.cells:
            if "BEGIN HIDDEN" in cell.source:
                results = [o.data["text/plain"] for o in cell.outputs if "data" in o]
                assert [float(result) for result in results] == [graded(cell)["points"]], cell.id

    @pytest.mark.slow
    def test_no_cell_of_the_solution_writes_to_stderr(self, done: NotebookNode) -> None:
        """Validate and stock nbgrader count anything there as a failure."""
        outputs = [output for cell in done.cells for output in cell.get("outputs", [])]
        assert [output.text for output in outputs if output.get("name") == "stderr"] == []

    @pytest.mark.slow
    def test_every_picture_is_drawn(self, done: NotebookNode) -> None:
        for cell in done.cells:
            if cell.id.startswith("picture-") and cell.cell_type == "code":
                drawn = [output for output in cell.outputs if "image/png" in output.get("data", {})]
                assert drawn, cell.id

    @pytest.mark.slow
    def test_the_visible_tests_name_typical_mistakes(
        self, release: NotebookNode, tmp_path: Path
    ) -> None:
        by_id = {cell.id: cell for cell in release.cells}
        cells = [by_id[name] for name in self.lab.needed]
        for answer, (code, _) in self.lab.mistakes.items():
            cells += [new_code_cell(code), by_id[f"test-{answer}"]]
        told = errors(run(new_notebook(cells=cells, metadata=release.metadata), tmp_path))
        assert set(told) == {f"test-{answer}" for answer in self.lab.mistakes}
        for answer, (_, sentence) in self.lab.mistakes.items():
            name, text = told[f"test-{answer}"]
            assert name == "CheckFailed"
            assert f"cause:     {sentence}" in text
