"""Grading behind full walls as an ordinary account, whoever runs the tests."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograder.course import Course

NOBODY = 65534
BECOME = (
    "import os, sys\n"
    f"os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY})\n"
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])\n"
)
MAIN = "import os; print('uid', os.getuid()); from autograder.cli import main; main()"

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


def _closed_parents(paths: list[Path]) -> list[Path]:
    """The topmost folders above some paths that other accounts may not enter."""
    parents = dict.fromkeys(p for path in paths for p in reversed(path.parents))
    closed = [p for p in parents if not p.stat().st_mode & stat.S_IXOTH]
    return [p for p in closed if not any(p.is_relative_to(q) for q in closed if q != p)]


def _opened(needed: list[Path]) -> list[str]:
    """A command before which others may enter what is above some paths; they see nothing else."""
    program, made = ["bwrap", "--dev-bind", "/", "/"], set()
    for top in _closed_parents(needed):
        program += ["--perms", "0755", "--tmpfs", str(top)]
        below = [path for path in needed if path.is_relative_to(top)]
        for parent in (p for path in below for p in reversed(path.parents)):
            if parent.is_relative_to(top) and parent != top and parent not in made:
                made.add(parent)
                program += ["--perms", "0755", "--dir", str(parent)]
        for path in below:
            program += ["--ro-bind", str(path), str(path)]
    return program


def _as_an_ordinary_user(needed: list[Path]) -> list[str]:
    """What to put before a Python's arguments so that an account without rights runs it."""
    if os.geteuid() != 0:
        return [sys.executable]
    command = [*_opened(needed), sys.executable, "-c", BECOME]
    tried = subprocess.run(
        [*command, "-c", "import autograder"], capture_output=True, text=True, check=False
    )
    if tried.returncode:
        pytest.skip(f"root cannot become another account here: {tried.stderr[-300:]}")
    return command


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder whose parents all accounts may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="ordinary-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def _give(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)


def test_a_submission_gets_its_points_behind_full_walls(
    course_folder: Path,
    answered: Callable[..., NotebookNode],
    hand_in: Callable[[str, NotebookNode], Path],
    open_folder: Path,
    root: Path,
) -> None:
    hand_in("ada", answered())
    course = open_folder / "course"
    shutil.copytree(course_folder, course)
    command = _as_an_ordinary_user([Path(sys.base_prefix).resolve(), Path(sys.prefix), root])
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
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert int(done.stdout.split()[1]) != 0
    verdict = Course.load(course).verdicts.read("tiny", "ada", "tiny")
    assert verdict is not None
    assert (verdict.points, verdict.isolation) == (10, "bubblewrap")
