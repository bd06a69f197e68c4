"""Takes the class that ships with the project from release to feedback: ``make demo``.

It runs in a new folder, and the scores are compared with ``expected.toml``.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from traitlets.config import Config

from autograder.app.cli import limit_options, overrides_of, run_command
from autograder.app.grade_class import grade_lab
from autograder.app.report import Entry, Report
from autograder.authoring.solution_run import Part, parts_of
from autograder.course import cells
from autograder.course.course import CONFIG_FILE, Course
from autograder.course.leaks import HIDDEN_TEST, secret_lines
from autograder.errors import CourseError
from autograder.nbgrader_plugin.writer import give_feedback, release
from demo.hand_ins import LAB, lab_notebook, read_answers, write_hand_ins

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
_CELL_SECONDS = 10.0
_CALL_SECONDS = 5.0
_TOLERANCE = 0.005


@dataclass(frozen=True)
class Expected:
    """What a student of the demo class must get.

    Args:
        points: points by test cell.
        mistakes: ids of the mistakes that must be named, and no others.
    """

    points: dict[str, float]
    mistakes: frozenset[str]


def run_demo(console: Console, folder: Path | None = None, overrides: Config | None = None) -> int:
    """Run the demo, print the grades, and compare them with what is expected.

    Args:
        console: where to print.
        folder: a new folder to keep; by default a temporary one is used and removed.
        overrides: settings that go before the course's.

    Returns:
        0 where every score and every diagnosis is as expected, else 1.

    Raises:
        GraderError: the host cannot isolate.
    """
    started = time.monotonic()
    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="demo-course-")))
        course = Course.load(_lay_out(folder), _settings(overrides))
        with console.status("Releasing the lab") as status:
            release(course, course.lab(LAB))
            _hand_in(course)
            report = grade_lab(course, LAB, progress=_progress(status.update))
            status.update("Writing feedback")
            for entry in report.entries:
                give_feedback(course, course.lab(LAB), entry.student)
        report.print(console)
        faults = compare(report, read_expected(HERE / "expected.toml"))
        faults += _check_pages(course, report)
    for fault in faults:
        console.print(f"not as expected: {fault}", style="red", markup=False)
    if not faults:
        seconds = time.monotonic() - started
        console.print(f"All scores and diagnoses are as expected ({seconds:.0f} s in all).")
    return 1 if faults else 0


def compare(report: Report, expected: dict[str, Expected]) -> list[str]:
    """Return every difference between a report and what was expected, a line each."""
    got = {entry.student: entry for entry in report.entries}
    faults = [f"{name} is missing" for name in sorted(expected.keys() - got.keys())]
    for student in sorted(expected.keys() & got.keys()):
        faults += [f"{student}: {line}" for line in _differences(got[student], expected[student])]
    return faults


def _differences(entry: Entry, expected: Expected) -> list[str]:
    points = {cell.grade_id: cell.points for cell in entry.cells}
    lines = [
        f"{name} has {points.get(name)} points, expected {wanted:g}"
        for name, wanted in expected.points.items()
        if abs((points.get(name) or 0.0) - wanted) > _TOLERANCE
    ]
    named = {mistake for cell in entry.cells for mistake in cell.mistakes}
    if named != expected.mistakes:
        lines.append(f"diagnosed {sorted(named)}, expected {sorted(expected.mistakes)}")
    return lines


def read_expected(path: Path) -> dict[str, Expected]:
    """Return what each student of the demo must get.

    A task earns all its points if it was answered and nothing if not, but for what the file says.

    Args:
        path: such as ``demo/expected.toml``: by student, the mistakes that must be named and the
            points that are others than these.
    """
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        student: Expected(
            {**points_for_answers(student), **entry.get("points", {})},
            frozenset(entry.get("mistakes", ())),
        )
        for student, entry in data.items()
    }


def points_for_answers(student: str) -> dict[str, float]:
    """Return the points by test cell of a student whose answers are all right.

    Args:
        student: one of the demo's class.
    """
    answered = {part.grade_id for part in read_answers(student) if part.place == "fill"}
    return {
        cells.grade_id(test): cells.points(test)
        * any(cells.grade_id(answer) in answered for answer in part.answers)
        for part in _tasks()
        for test in part.tests
    }


@cache
def _tasks() -> tuple[Part, ...]:
    return tuple(parts_of(lab_notebook().source.cells).values())


def _check_pages(course: Course, report: Report) -> list[str]:
    """Return students whose feedback page is missing or shows a hidden test."""
    faults = []
    own = secret_lines(course.lab(LAB)).items()
    hidden = [line for line, what in own if what == HIDDEN_TEST and ".grade(" in line]
    for entry in report.entries:
        step = course.directory.feedback_directory
        pages = list(course.folder(step, entry.student, LAB).glob("*.html"))
        if not pages:
            faults.append(f"{entry.student} has no feedback")
        text = "\n".join(_text_of(page) for page in pages)
        if any(line in text for line in hidden):
            faults.append(f"{entry.student}'s feedback shows a hidden test")
    return faults


def _text_of(page: Path) -> str:
    """Return what a page shows, without the marks of its layout and its highlighting."""
    return unescape(re.sub(r"<[^>]*>", "", page.read_text(encoding="utf-8")))


def _lay_out(folder: Path) -> Path:
    """Return a course in a new folder with the project's own lab and settings."""
    if folder.exists() and any(folder.iterdir()):
        raise CourseError(f"{folder} is not empty; name a new folder")
    shutil.copytree(PROJECT / "labs" / LAB, folder / "labs" / LAB)
    shutil.copy(PROJECT / CONFIG_FILE, folder)
    return folder


def _hand_in(course: Course) -> None:
    write_hand_ins(course.root / course.directory.submitted_directory)


def _settings(overrides: Config | None) -> Config:
    settings = Config({"Grading": {"cell_seconds": _CELL_SECONDS, "call_seconds": _CALL_SECONDS}})
    settings.merge(overrides or Config())
    return settings


def _progress(update: Callable[[str], None]) -> Callable[[str], None]:
    return lambda student: update(f"Grading: {student} done")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the demo course there, in a new folder. By default it is thrown away.",
)
@limit_options
def demo(folder: Path | None, **limits: Any) -> None:
    """Grade the class that ships with the project, from release to feedback."""
    sys.exit(run_demo(Console(), folder, overrides_of(**limits)))


if __name__ == "__main__":
    run_command(demo)
