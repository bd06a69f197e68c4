"""Grading is never weaker than asked: it stops, says what to type, and goes on only by name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograder.course.course import Course
from autograder.grading.context import GradingOptions
from autograder.grading.course_grader import CourseGrader
from autograder.nbgrader_plugin.writer import release

HandIn = Callable[[str, NotebookNode], Path]
MAIN = "from autograder.app.cli import main; main()"
NBGRADER = "from nbgrader.apps.nbgraderapp import main; main()"
INSTALL = "bubblewrap is not installed; type: sudo apt-get install bubblewrap"
BY_NAME = "ask for it by name: --isolation process"


@pytest.fixture
def handed_in(course_folder: Path, answered: Callable[..., NotebookNode], hand_in: HandIn) -> Path:
    """The tiny course with one submission, released."""
    hand_in("ada", answered())
    release(Course.load(course_folder), Course.load(course_folder).lab("tiny"))
    return course_folder


@pytest.fixture
def bare(tmp_path: Path) -> Mapping[str, str]:
    """An environment in which bubblewrap is not to be found."""
    (tmp_path / "no-programs").mkdir()
    return {"PATH": str(tmp_path / "no-programs")}


def _run(
    folder: Path, program: str, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    command = [sys.executable, "-W", "ignore", "-c", program, *arguments]
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=600, check=False
    )


def _verdicts(course: Path) -> list[Path]:
    return sorted((course / ".autograder" / "verdicts").glob("**/*.json"))


def test_it_is_chosen_nowhere_by_itself(course_folder: Path) -> None:
    assert GradingOptions().isolation == "bubblewrap"
    assert CourseGrader(Course.load(course_folder)).options().isolation == "bubblewrap"


@pytest.mark.slow
@pytest.mark.parametrize(
    "program", [MAIN, NBGRADER], ids=["autograder grade", "nbgrader autograde"]
)
def test_without_bubblewrap_nothing_is_graded(
    program: str, handed_in: Path, bare: Mapping[str, str]
) -> None:
    command = "grade" if program == MAIN else "autograde"
    done = _run(handed_in, program, command, "tiny", **bare)
    assert done.returncode != 0
    assert INSTALL in done.stderr
    assert BY_NAME in done.stderr
    assert _verdicts(handed_in) == []
    if program == MAIN:
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_by_name_it_grades_without_bubblewrap_and_says_so(
    handed_in: Path, bare: Mapping[str, str]
) -> None:
    done = _run(handed_in, MAIN, "grade", "tiny", "--isolation", "process", **bare)
    assert done.returncode == 0, done.stderr
    first = done.stdout.strip().splitlines()[0]
    assert first == "Isolation was 'process', as asked: no sandbox around files and network."
    (verdict,) = _verdicts(handed_in)
    assert json.loads(verdict.read_text(encoding="utf-8"))["isolation"] == "process"


@pytest.mark.slow
def test_nbgraders_command_says_so_too(handed_in: Path, bare: Mapping[str, str]) -> None:
    done = _run(handed_in, NBGRADER, "autograde", "tiny", "--Grading.isolation=process", **bare)
    assert done.returncode == 0, done.stderr
    assert "ada: Isolation was 'process', as asked: no sandbox" in done.stderr


@pytest.mark.slow
@pytest.mark.sandbox
def test_what_was_graded_without_walls_is_graded_again_with_them(handed_in: Path) -> None:
    _run(handed_in, MAIN, "grade", "tiny", "--isolation", "process")
    done = _run(handed_in, MAIN, "grade", "tiny")
    assert "unchanged" not in done.stdout
    assert "Isolation was" not in done.stdout
    (verdict,) = _verdicts(handed_in)
    assert json.loads(verdict.read_text(encoding="utf-8"))["isolation"] == "bubblewrap"


@pytest.mark.slow
def test_a_gpu_that_is_not_there_is_refused_in_one_line(handed_in: Path) -> None:
    if any(Path("/dev").glob("nvidia[0-9]*")):
        pytest.skip("there is a GPU here")
    done = _run(handed_in, MAIN, "grade", "tiny", "--isolation", "process", "--gpu")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.endswith("install NVIDIA's driver, or grade without --gpu")
    assert _verdicts(handed_in) == []


ONE_SANDBOX_TEST = "tests/autograder/test_gpu.py::test_without_asking_no_kernel_has_a_gpus_device"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ci", "outcome", "code"), [("", "SKIPPED", 0), ("true", "ERROR", 1)], ids=["here", "in CI"]
)
def test_tests_without_namespaces_are_skipped_and_fail_in_continuous_integration(
    ci: str, outcome: str, code: int, root: Path, bare: Mapping[str, str], tmp_path: Path
) -> None:
    program = "import pytest, sys; sys.exit(pytest.main(sys.argv[1:]))"
    options = ("-q", "-o", f"cache_dir={tmp_path / 'cache'}", "-p", "no:xdist")
    done = _run(root, program, *options, ONE_SANDBOX_TEST, CI=ci, **bare)
    assert done.returncode == code, done.stdout
    assert f"{outcome} " in done.stdout
    assert INSTALL in done.stdout
