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
    """What is to be so in one lab. What can be read off its notebook is not repeated here."""

    folder: str
    notebook: str
    package: str
    """The hidden tests are `autograder.hidden_tests.<package>`."""
    waiting: Mapping[str, str]
    """By cell: what it waits for in a release on which nobody has worked."""
    needed: tuple[str, ...] = ("setup",)
    """The cells that the visible tests of `mistakes` need."""
    mistakes: Mapping[str, tuple[str, str]]
    """By the answer's cell: a typical wrong one, and how its visible test names it."""


@dataclass(frozen=True)
class Row:
    """A row of the table of tasks at the top of a lab."""

    number: str
    what: str
    tier: str
    minutes: int
    points: str
    """``not graded``, or a number."""

    @property
    def worth(self) -> int:
        return 0 if self.points == "not graded" else int(self.points)

    @property
    def heading(self) -> tuple[str, str, str, str]:
        points = self.points if not self.worth else f"{self.points} points"
        return self.number, self.tier, points, f"{self.minutes}"


def rows_of(source: NotebookNode) -> list[Row]:
    """The table of tasks, without the line of totals."""
    lines = [line.split("|") for line in source.cells[0].source.splitlines() if line[:1] == "|"]
    cells = [[part.strip() for part in line[1:6]] for line in lines]
    return [Row(n, what, tier, int(m), p) for n, what, tier, m, p in cells if n.isdecimal()]


def graded_cells(source: NotebookNode) -> dict[str, NotebookNode]:
    """The cells that have points, if only 0, by nbgrader's id."""
    return {
        str(graded(cell)["grade_id"]): cell for cell in source.cells if graded(cell).get("grade")
    }


def written_answer(source: NotebookNode) -> str:
    """The id of the cell that a person grades."""
    (name,) = (name for name, cell in graded_cells(source).items() if graded(cell)["solution"])
    return name


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

    # The notebook's source

    def test_the_points_are_the_tables_and_add_up_to_100(self, source: NotebookNode) -> None:
        points = [graded(cell)["points"] for cell in graded_cells(source).values()]
        assert points == [row.worth for row in rows_of(source)]
        assert sum(points) == 100

    def test_the_totals_are_right_and_the_core_takes_under_90_minutes(
        self, source: NotebookNode
    ) -> None:
        rows = rows_of(source)
        core = [row for row in rows if row.tier == "core"]
        counted = sum(row.minutes for row in rows if row.worth)
        assert {row.tier for row in rows} == {"core", "stretch", "challenge"}
        assert f"| | | | **{counted}** | **100** |" in source.cells[0].source
        assert f" {sum(row.worth for row in core)} of 100 points." in _prose(source)
        minutes = sum(row.minutes for row in core)
        assert minutes < 90
        welcome = (ROOT / "welcome.md").read_text(encoding="utf-8")
        (line,) = (line for line in welcome.splitlines() if f"/{self.lab.notebook}.ipynb)" in line)
        assert f"| {5 * round(minutes / 5)} to {5 * round(counted / 5)} minutes |" in line

    def test_every_task_says_what_its_row_of_the_table_says(self, source: NotebookNode) -> None:
        announced = [row.heading for row in rows_of(source)]
        heading = r"^## Task (\d+) .*`(\w+)` · (\d+ points|not graded) · (\d+) minutes$"
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
        written = list(graded_cells(source)).index(written_answer(source)) + 1
        tasks = _prose(source).split("## Task ")[1:]
        coding = [task for task in tasks if not task.startswith(f"{written} ")]
        assert len(coding) == len(graded_cells(source)) - 1
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
        self, source: NotebookNode, release: NotebookNode, hidden: ModuleType
    ) -> None:
        text = "\n".join(cell.source for cell in release.cells)
        assert [word for word in ("SOLUTION", "HIDDEN", "autograder") if word in text] == []
        code = "\n".join(
            cell.source
            for cell in release.cells
            if graded(cell).get("solution") and cell.cell_type == "code"
        )
        functions = re.findall(r"^def (\w+)", code, re.MULTILINE)
        assert len(functions) >= len(hidden.EXERCISES) - 1  # a task may ask for a value
        assert code.count("\n    raise NotImplementedError") == len(functions)
        assert graded_cells(release)[written_answer(source)].source == "YOUR ANSWER HERE"

    def test_every_function_with_stored_cases_is_tried_on_them(self, release: NotebookNode) -> None:
        lines = {line for cell in release.cells for line in cell.source.splitlines()}
        names = stored_cases.names_in(self.lab.folder)
        assert names
        asked = {name: f'checks.check_stored({name}, "{self.lab.folder}/{name}")' for name in names}
        assert [name for name, line in asked.items() if line not in lines] == []

    @pytest.mark.slow
    def test_the_release_runs_to_its_stubs_and_says_what_to_do(
        self, source: NotebookNode, release: NotebookNode, tmp_path: Path
    ) -> None:
        ran = run(release, tmp_path)
        stopped = errors(ran)
        tests = set(graded_cells(source)) - {written_answer(source)}
        assert {name.replace("-", "_") for name in stopped} == tests
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
