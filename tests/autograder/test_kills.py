"""Whatever is killed, and whenever: the next run ends with the same grades."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.course.course import Course
from autograder.nbgrader_plugin.writer import release

pytestmark = [pytest.mark.sandbox, pytest.mark.slow, pytest.mark.timeout(1800)]

STUDENTS = 30
KILLS = 30
WRONG = "def square(x):\n    return x * abs(x)"


def _start(folder: Path, *options: str) -> subprocess.Popen[str]:
    command = "from autograder.app.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", command, "grade", "tiny", "--course", str(folder), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _targets(grader: int) -> dict[str, list[psutil.Process]]:
    """The processes of a run: the grader, the warm process, and the kernels forked from it.

    Between grader and warm process are two of bubblewrap's, between that and a kernel the one that
    waits for it and the first of its namespace.
    """
    try:
        below = psutil.Process(grader).children(recursive=True)
    except psutil.NoSuchProcess:
        return {}
    warm = [p for p in below if _depth(p, grader) == 3]
    kernels = [p for p in below if _depth(p, grader) == 6]
    return {"grader": [psutil.Process(grader)], "warm": warm, "kernel": kernels}


def _depth(process: psutil.Process, grader: int) -> int:
    try:
        return [parent.pid for parent in process.parents()].index(grader) + 1
    except (psutil.NoSuchProcess, ValueError):
        return -1


def _kill_one(run: subprocess.Popen[str], rng: np.random.Generator) -> bool:
    """Kills one process of the run at some moment; whether it could."""
    what = str(rng.choice(["grader", "warm", "kernel"]))
    moment = time.monotonic() + rng.uniform(0.2, 3)
    while run.poll() is None:
        found = _targets(run.pid).get(what, [])
        if found and time.monotonic() > moment:
            try:
                os.kill(found[int(rng.integers(len(found)))].pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            return True
    return False


def _scores(course: Course) -> dict[str, float]:
    with Gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        submissions = gradebook.assignment_submissions("tiny")
        return {submission.student.id: submission.score for submission in submissions}


def test_thirty_kills_over_a_class_of_thirty_change_no_grade(
    course: Course,
    answered: Callable[..., NotebookNode],
    hand_in: Callable[[str, NotebookNode], Path],
) -> None:
    release(course, course.lab("tiny"))
    expected = {}
    for number in range(STUDENTS):
        student = f"student-{number:02}"
        wrong = number % 3 == 0
        hand_in(student, answered(square=WRONG) if wrong else answered())
        expected[student] = 8 if wrong else 10
    rng = np.random.default_rng(2024)
    kills, runs = 0, 0
    while kills < KILLS:
        run = _start(course.root, *(["--force"] if runs % 4 == 3 else []))
        runs += 1
        while kills < KILLS and _kill_one(run, rng):
            kills += 1
        if kills >= KILLS:
            run.kill()
        run.communicate()
    last = _start(course.root)
    said, _ = last.communicate(timeout=900)
    assert last.returncode == 0, said
    assert f"{STUDENTS} of {STUDENTS} submissions of tiny have a grade" in said
    assert _scores(course) == expected
    names = [p.name for p in course.state.rglob("*") if p.name.startswith(".writing-")]
    assert len(names) <= KILLS  # halves that were never put in place; none is read
