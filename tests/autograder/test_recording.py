"""From release to feedback through nbgrader: the same grade by every door."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.batch import grade_lab
from autograder.course import Course
from autograder.errors import CourseError, GraderError
from autograder.lab import Lab
from autograder.recording.writer import give_feedback, release

pytestmark = pytest.mark.sandbox

Answered = Callable[..., NotebookNode]
HandIn = Callable[[str, "NotebookNode | str | None"], Path]


@pytest.fixture
def released(course: Course, lab: Lab) -> Course:
    release(course, lab)
    return course


def _nbgrader(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": os.defpath},  # as in a shell without the environment's programs
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _scores(course: Course, student: str) -> dict[str, tuple[float | None, bool]]:
    """Automatic score and whether a person must look, by cell."""
    with Gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        submission = gradebook.find_submission("tiny", student)
        return {
            grade.name: (grade.auto_score, bool(grade.needs_manual_grade))
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def test_release_holds_stubs_and_nothing_of_the_answers(released: Course) -> None:
    text = (released.root / "release" / "tiny" / "tiny.ipynb").read_text(encoding="utf-8")
    assert "raise NotImplementedError" in text
    for secret in ("SOLUTION", "HIDDEN", "x + x", "double of 21"):
        assert secret not in text


def test_grading_before_release_says_what_to_do(
    course: Course, hand_in: HandIn, answered: Answered
) -> None:
    hand_in("ada", answered())
    with pytest.raises(CourseError, match="autograder release tiny"):
        grade_lab(course, "tiny")


def test_every_door_gives_the_same_scores(
    released: Course, hand_in: HandIn, answered: Answered
) -> None:
    hand_in("ada", answered(essay="Because."))
    hand_in("bo", answered(square="def square(x):\n    return x * abs(x)"))
    report = grade_lab(released, "tiny")
    assert report.exit_code == 0
    expected = {
        "ada": {"test_double": (4, False), "test_square": (6, False), "essay": (None, True)},
        "bo": {"test_double": (4, False), "test_square": (4, False), "essay": (0, False)},
    }
    assert {student: _scores(released, student) for student in expected} == expected

    (released.root / "gradebook.db").unlink()
    assert _nbgrader(released.root, "generate_assignment", "tiny", "--force").returncode == 0
    done = _nbgrader(released.root, "autograde", "tiny", "--force")
    assert done.returncode == 0, done.stderr
    assert {student: _scores(released, student) for student in expected} == expected


def test_bad_input_is_reported_and_waits_for_a_person_while_others_are_graded(
    released: Course, hand_in: HandIn, answered: Answered
) -> None:
    hand_in("not-json", "{ not json")
    hand_in("no-notebook", None)
    (released.root / "submitted" / "nothing-at-all" / "tiny").mkdir(parents=True)
    hand_in("comma, and space", answered())
    hand_in("[glob]*", answered())
    deleted = answered()
    deleted.cells = [c for c in deleted.cells if c.id != "test_double"]
    hand_in("deleted", deleted)
    kernel = answered()
    kernel.metadata["kernelspec"] = {"name": "julia", "display_name": "Julia", "language": "julia"}
    hand_in("kernel", kernel)
    report = grade_lab(released, "tiny")
    assert report.exit_code == 1
    points = {entry.student: entry.points for entry in report.entries if entry.has_grade}
    assert points == {"comma, and space": 10, "[glob]*": 10, "deleted": 10, "kernel": 10}
    remarks = {entry.student: " ".join(entry.remarks()) for entry in report.entries}
    assert "no JSON text" in remarks["not-json"]
    assert "tiny.ipynb is missing" in remarks["nothing-at-all"]
    assert "deleted cells, put back: test_double" in remarks["deleted"]
    for student in ("not-json", "no-notebook", "nothing-at-all"):
        assert set(_scores(released, student).values()) == {(None, True)}, student
        page = released.root / "autograded" / student / "tiny" / "tiny.ipynb"
        assert "could not be graded" in page.read_text(encoding="utf-8")


def test_a_persons_scores_survive_a_regrade(
    released: Course, hand_in: HandIn, answered: Answered
) -> None:
    hand_in("ada", answered(essay="Because."))
    grade_lab(released, "tiny")
    with Gradebook(released.directory.db_url, released.directory.course_id) as gradebook:
        grade = gradebook.find_grade("essay", "tiny", "tiny", "ada")
        grade.manual_score = 1.5
        gradebook.find_comment("essay", "tiny", "tiny", "ada").manual_comment = "Good."
        gradebook.db.commit()
    grade_lab(released, "tiny", force=True)
    with Gradebook(released.directory.db_url, released.directory.course_id) as gradebook:
        assert gradebook.find_grade("essay", "tiny", "tiny", "ada").manual_score == 1.5
        assert gradebook.find_comment("essay", "tiny", "tiny", "ada").comment == "Good."
        assert gradebook.find_submission("tiny", "ada").score == 11.5


def test_a_regrade_runs_again_only_what_changed(
    released: Course, hand_in: HandIn, answered: Answered
) -> None:
    hand_in("ada", answered())
    hand_in("bo", answered())
    grade_lab(released, "tiny")
    hand_in("bo", answered(double="def double(x):\n    return 0"))
    report = grade_lab(released, "tiny")
    assert {entry.student: entry.reused for entry in report.entries} == {"ada": True, "bo": False}
    assert _scores(released, "bo")["test_double"] == (0, False)


def test_feedback_names_the_failure_and_hides_the_test(
    released: Course, lab: Lab, hand_in: HandIn, answered: Answered
) -> None:
    hand_in("ada", answered(double="def double(x):\n    return x + 2 if x == 21 else 2 * x"))
    grade_lab(released, "tiny")
    give_feedback(released, lab, "ada")
    page = released.root / "feedback" / "ada" / "tiny" / "tiny.html"
    text = page.read_text(encoding="utf-8")
    assert "Not right yet: 0 of 4 points" in text
    assert "double of 21" in text
    assert "All right: 6 of 6 points" in text
    assert "<script" not in text
    for secret in ("HIDDEN", "== 42", "np.ones", "right = sum"):
        assert secret not in text


def test_nothing_active_of_a_students_output_is_kept(
    released: Course, hand_in: HandIn, answered: Answered
) -> None:
    show = "from IPython.display import HTML, Javascript\ndisplay(HTML('<b>x</b>'))"
    show += "\ndisplay(Javascript('evil()'))"
    hand_in("ada", answered(square=f"{show}\nsquare = lambda x: x * x"))
    grade_lab(released, "tiny")
    page = released.root / "autograded" / "ada" / "tiny" / "tiny.ipynb"
    text = page.read_text(encoding="utf-8")
    assert "application/javascript" not in text
    assert '<b>x</b>"' not in text


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("beside", "    return x + x  # my answer to the task"),
        ("beside", "from autograder.hidden_tests import convolution"),
        ("notebook", "### BEGIN SOLUTION is what the teacher wrote"),
    ],
)
def test_a_planted_leak_stops_the_release(
    course: Course, course_folder: Path, where: str, text: str
) -> None:
    source = course_folder / "labs" / "tiny"
    if where == "beside":
        text = text.replace("    return x + x  # my answer to the task", "    return x + x")
        (source / "notes.txt").write_text(f"hello\n{text}\n", encoding="utf-8")
    else:
        path = source / "tiny.ipynb"
        stored = path.read_text(encoding="utf-8")
        path.write_text(stored.replace("YOUR ANSWER HERE", text), encoding="utf-8")
    with pytest.raises(GraderError, match=r"notes\.txt|SOLUTION"):
        release(course, course.lab("tiny"))
    assert not (course_folder / "release" / "tiny" / "tiny.ipynb").exists()
