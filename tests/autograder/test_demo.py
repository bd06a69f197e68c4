"""The demo that ships with the project ends as expected, and notices when it does not."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from autograder.app.report import Entry, Report
from autograder.results.verdict import CellVerdict, Verdict
from demo.run import Expected, compare, read_expected

ROOT = Path(__file__).resolve().parents[2]

RIGHT = CellVerdict("test_a", 5, 5, "passed")
WRONG = CellVerdict("test_b", 2, 5, "partial", mistakes=("b/flipped",))
EXPECTED = {"ada": Expected({"test_a": 5, "test_b": 2}, frozenset({"b/flipped"}))}


def _report(*cells: CellVerdict) -> Report:
    return Report("lab", (Entry("ada", (Verdict("ada", "lab", "lab", "key", cells),)),))


def test_what_is_as_expected_has_no_fault() -> None:
    assert compare(_report(RIGHT, WRONG), EXPECTED) == []


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (_report(RIGHT, replace(WRONG, points=3)), "test_b has 3 points, expected 2"),
        (_report(RIGHT, replace(WRONG, points=None)), "test_b has None points, expected 2"),
        (_report(replace(RIGHT, points=5.5), WRONG), "test_a has 5.5 points"),
        (_report(RIGHT, replace(WRONG, mistakes=())), "diagnosed []"),
        (_report(RIGHT, replace(WRONG, mistakes=("b/flipped", "b/other"))), "b/other"),
        (_report(RIGHT), "test_b has None points"),
        (Report("lab", ()), "ada is missing"),
    ],
)
def test_every_difference_is_a_fault(report: Report, said: str) -> None:
    assert any(said in fault for fault in compare(report, EXPECTED))


def test_a_report_shows_a_task_without_points_by_signs() -> None:
    outcomes = ("passed", "partial", "failed", "not_attempted")
    cells = [CellVerdict(f"test_{outcome}", 0, 0, outcome) for outcome in outcomes]
    page = StringIO()
    _report(RIGHT, *cells).print(Console(width=150, file=page))
    text = page.getvalue()
    (row,) = (line.split() for line in text.splitlines() if line.strip().startswith("ada"))
    assert row == ["ada", "5", "5", "✓", "~", "0", "-"]
    assert "2 passed (not graded)" in text
    assert "✓ right, ~ partly right" in text


def test_the_cheat_is_expected_to_earn_nothing_but_one_honest_task() -> None:
    expected = read_expected(ROOT / "demo" / "expected.toml")
    assert {name for name, points in expected["kofi"].points.items() if points} == {
        "test_lecture_error"
    }


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.timeout(1800)
def test_the_demo_gives_the_expected_scores_and_leaves_the_project_as_it_was(
    tmp_path: Path,
) -> None:
    before = _status()
    folder = tmp_path / "demo-course"
    done = subprocess.run(
        [sys.executable, "-m", "demo.run", "--folder", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1700,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All scores and diagnoses are as expected" in done.stdout
    pages = sorted(folder.glob("feedback/*/lab1_convolution/convolution.html"))
    assert len(pages) == 11
    assert _status() == before


def _status() -> str:
    command = ["git", "status", "--porcelain"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
