"""What is graded, recorded and shown is what was read first, even if the file changes meanwhile."""

from __future__ import annotations

import hashlib
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI

from autograder.app.grade_class import grade_lab
from autograder.course.course import Course
from autograder.course.lab import Lab, LabNotebook
from autograder.grading import course_grader
from autograder.grading.context import GradingContext
from autograder.grading.course_grader import CourseGrader
from autograder.grading.grade import grade, verdict_key
from autograder.nbgrader_plugin.writer import give_feedback, release
from autograder.results.verdict import Verdict
from autograder.submissions.hand_in import HandIn
from autograder.submissions.hand_in_folder import HandInFolder

pytestmark = pytest.mark.sandbox

Answered = Callable[..., NotebookNode]
HandInNotebook = Callable[[str, "NotebookNode | str | None"], Path]
FIRST = "def double(x):\n    return x + x  # the first file"
SECOND = "def double(x):\n    return 0  # the second file"


@pytest.fixture
def swapped(
    monkeypatch: pytest.MonkeyPatch, hand_in: HandInNotebook, answered: Answered
) -> list[HandIn]:
    """Replaces what ada handed in while it is graded, and afterwards; what was graded."""
    graded: list[HandIn] = []

    def swap_and_grade(context: GradingContext, found: HandIn, student: str) -> Verdict:
        hand_in("ada", answered(double=SECOND))
        graded.append(found)
        return grade(context, found, student)

    hand_in("ada", answered(double=FIRST))
    monkeypatch.setattr(course_grader, "grade", swap_and_grade)
    return graded


def _score(course: Course) -> float:
    with Gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        return float(gradebook.find_submission("tiny", "ada").score)


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader 0.9.6 with 2.1
@pytest.mark.parametrize("door", ["autograder grade", "nbgrader autograde"])
def test_a_file_that_is_swapped_while_it_is_graded_changes_nothing(
    door: str, course: Course, lab: Lab, swapped: list[HandIn]
) -> None:
    release(course, lab)
    handed_in = course.hand_in_folder("ada", "tiny") / "tiny.ipynb"
    digest = hashlib.sha256(handed_in.read_bytes()).hexdigest()
    if door == "autograder grade":
        (entry,) = grade_lab(course, "tiny").entries
        assert entry.failure == ""
    else:
        done = NbGraderAPI(config=course.config).autograde("tiny", "ada")
        assert done["success"], done
    give_feedback(course, lab, "ada")

    assert "the second file" in handed_in.read_text(encoding="utf-8")
    assert [found.digest for found in swapped] == [digest]
    grader = CourseGrader(course)
    verdict = grader.verdicts.read("tiny", "ada", "tiny")
    assert verdict is not None
    context = grader.context("tiny", lab.notebooks["tiny"])
    assert verdict.key == verdict_key(swapped[0], "ada", context)
    assert (verdict.points, _score(course)) == (10, 10)
    recorded = course.root / "autograded" / "ada" / "tiny" / "tiny.ipynb"
    page = course.root / "feedback" / "ada" / "tiny" / "tiny.html"
    for shown in (recorded, page):
        text = shown.read_text(encoding="utf-8")
        assert "the first file" in text
        assert "the second file" not in text


def test_the_next_run_grades_what_came_meanwhile(
    course: Course, lab: Lab, swapped: list[HandIn]
) -> None:
    release(course, lab)
    grade_lab(course, "tiny")
    (entry,) = grade_lab(course, "tiny").entries
    assert (entry.reused, entry.points) == (False, 6)
    assert len(swapped) == 2


JOB = """
import pickle, sys
from autograder.grading.grade import grade
context, found, student = pickle.load(sys.stdin.buffer)
verdict = grade(context, found, student)
sys.stdout.buffer.write(pickle.dumps(verdict))
"""


def test_a_job_depends_on_its_arguments_alone(
    book: LabNotebook,
    course: Course,
    hand_in: HandInNotebook,
    answered: Answered,
    tmp_path: Path,
) -> None:
    """In a new process without environment, with neither the course nor the hand-in on disk."""
    hand_in("ada", answered(square="square = lambda x: x + x"))
    grader, folder = CourseGrader(course), HandInFolder(course, "ada", "tiny")
    context, found = grader.prepare("tiny", book), folder.find(book)
    here = grade(context, found, "ada")
    course.root.rename(tmp_path / "away")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", JOB],
        input=pickle.dumps((context, found, "ada")),
        cwd=tmp_path,
        env={},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    there = pickle.loads(done.stdout)
    assert 0 < here.points < 10
    assert there.cells == here.cells
    assert (there.key, there.notes, there.written) == (here.key, here.notes, here.written)
