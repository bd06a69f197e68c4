"""Grading in the full sandbox as an ordinary account, also if root runs the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograder.course.course import Course
from autograder.grading.course_grader import CourseGrader
from scripts import as_ordinary_user

MAIN = "import os; print('uid', os.getuid()); from autograder.app.cli import main; main()"

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder whose parents all accounts may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="ordinary-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def _give(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, as_ordinary_user.NOBODY, as_ordinary_user.NOBODY)


def test_a_submission_gets_its_points_behind_full_walls(
    course_folder: Path,
    answered: Callable[..., NotebookNode],
    hand_in: Callable[[str, NotebookNode], Path],
    open_folder: Path,
) -> None:
    hand_in("ada", answered())
    course = open_folder / "course"
    shutil.copytree(course_folder, course)
    if why := as_ordinary_user.why_not():
        pytest.skip(why)
    command = as_ordinary_user.command()
    if os.geteuid() == 0:
        _give(open_folder)
    environment = {"HOME": str(open_folder), "PATH": os.environ["PATH"], "COLUMNS": "120"}
    for action in ("release", "grade"):
        done = subprocess.run(
            [*command, "-W", "ignore", "-c", MAIN, action, "tiny", "--course", str(course)],
            cwd=course,
            env=environment,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert int(done.stdout.split()[1]) != 0
    verdict = CourseGrader(Course.load(course)).verdicts.read("tiny", "ada", "tiny")
    assert verdict is not None
    assert (verdict.points, verdict.isolation) == (10, "bubblewrap")


BESIDE_MANY_THREADS = """
import threading
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import KernelSession
for _ in range(400):
    threading.Thread(target=threading.Event().wait, daemon=True).start()
with KernelSession(Limits(processes=200), isolation="process") as session:
    assert not session.run_cell("1").error
    bomb = "import os, time\\nfor _ in range(1000):\\n    os.fork() or time.sleep(60)"
    assert session.run_cell(bomb).error == "BlockingIOError"
"""


def test_without_walls_other_programs_threads_are_not_the_submissions() -> None:
    if why := as_ordinary_user.why_not():
        pytest.skip(why)
    command = [sys.executable, "-m", "scripts.as_ordinary_user", "-c", BESIDE_MANY_THREADS]
    done = subprocess.run(
        command, cwd=as_ordinary_user.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
