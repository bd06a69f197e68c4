"""From release to feedback through nbgrader: the same grade by every door."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.app.grade_class import grade_lab
from autograder.course.course import Course
from autograder.course.lab import Lab
from autograder.errors import CourseError, GraderError
from autograder.grading.course_grader import CourseGrader
from autograder.nbgrader_plugin.writer import give_feedback, release
from autograder.submissions.hand_in_folder import HandInFolder

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
        timeout=600,
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


def test_links_lead_nowhere(released: Course, hand_in: HandIn, answered: Answered) -> None:
    """Neither files, nor a lab's folder, nor a student's folder may be somebody else's."""
    hand_in("zoe", answered())
    spy = hand_in("spy", answered()).parent
    (spy / "notes.txt").symlink_to(released.root / "gradebook.db")
    (spy / "endless").symlink_to("/dev/zero")
    os.mkfifo(spy / "pipe")
    (released.submitted / "eve").mkdir()
    (released.submitted / "eve" / "tiny").symlink_to(released.root / "labs" / "tiny")
    (released.submitted / "mallory").symlink_to(released.submitted / "zoe")
    report = grade_lab(released, "tiny")
    graded = {entry.student: entry.points for entry in report.entries if entry.has_grade}
    assert graded == {"zoe": 10, "spy": 10}
    for student in ("eve", "mallory"):
        assert set(_scores(released, student).values()) == {(None, True)}
    give_feedback(released, released.lab("tiny"), "spy")
    for step in ("autograded", "feedback"):
        names = {path.name for path in (released.root / step / "spy" / "tiny").iterdir()}
        assert names <= {"tiny.ipynb", "tiny.html"}, step


def test_nbgraders_own_command_keeps_no_file_that_a_link_led_to(
    released: Course, hand_in: HandIn, answered: Answered
) -> None:
    spy = hand_in("spy", answered()).parent
    (spy / "notes.txt").symlink_to(released.root / "gradebook.db")
    assert _nbgrader(released.root, "autograde", "tiny").returncode == 0
    assert not (released.root / "autograded" / "spy" / "tiny" / "notes.txt").exists()


def test_a_folder_that_cannot_be_a_student_is_told_and_nobody_elses_record_changes(
    released: Course, hand_in: HandIn, answered: Answered
) -> None:
    hand_in("ada", answered())
    hand_in(" ada", answered(double="double = 3"))
    hand_in(os.fsdecode(b"J\xf6rg"), answered())
    hand_in("<b>ada", answered())
    report = grade_lab(released, "tiny")
    told = {entry.student: entry.failure for entry in report.entries if entry.failure}
    assert set(told) == {" ada", os.fsdecode(b"J\xf6rg"), "<b>ada"}
    assert all("rename it" in text for text in told.values())
    assert _scores(released, "ada")["test_double"] == (4, False)


def test_one_submission_that_breaks_the_grader_does_not_stop_the_class(
    released: Course, hand_in: HandIn, answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in("ada", answered())
    hand_in("bo", answered())
    right = CourseGrader.verdict

    def break_for_ada(self: CourseGrader, folder: HandInFolder, book: Any, **how: bool) -> Any:
        if folder.student == "ada":
            raise RuntimeError("a bug of ours")
        return right(self, folder, book, **how)

    monkeypatch.setattr(CourseGrader, "verdict", break_for_ada)
    report = grade_lab(released, "tiny")
    assert [entry.has_grade for entry in report.entries] == [False, True]
    assert "a bug of ours" in report.entries[0].failure
    assert report.exit_code == 1


def test_feedback_is_of_the_recorded_verdict_and_runs_nothing(
    released: Course, lab: Lab, hand_in: HandIn, answered: Answered
) -> None:
    hand_in("[glob]*", answered())
    grade_lab(released, "tiny")
    hand_in("[glob]*", answered(double="double = 3"))
    give_feedback(released, lab, "[glob]*")
    page = released.root / "feedback" / "[glob]*" / "tiny" / "tiny.html"
    assert "All right: 4 of 4 points" in page.read_text(encoding="utf-8")


def test_a_student_who_handed_in_nothing_is_not_made_up(
    released: Course, hand_in: HandIn, answered: Answered
) -> None:
    hand_in("ada", answered())
    with pytest.raises(CourseError, match="nothing was handed in for tiny by adda"):
        grade_lab(released, "tiny", students=["adda"])


def test_a_labs_own_files_are_copied_beside_the_autograded_notebook(
    course: Course, lab: Lab, hand_in: HandIn, answered: Answered
) -> None:
    (course.root / "labs" / "tiny" / "picture.svg").write_text("<svg/>", encoding="utf-8")
    release(course, lab)
    hand_in("ada", answered())
    grade_lab(course, "tiny")
    assert (course.root / "autograded" / "ada" / "tiny" / "picture.svg").is_file()


def test_the_labs_files_and_those_allowed_by_name_lie_beside_the_notebook_and_no_others(
    course_folder: Path, hand_in: HandIn, answered: Answered
) -> None:
    config = course_folder / "nbgrader_config.py"
    allowed = 'c.Autograde.exclude_overwriting = {"tiny": ["mine.py", "../../gradebook.db"]}\n'
    config.write_text(config.read_text(encoding="utf-8") + allowed, encoding="utf-8")
    (course_folder / "labs" / "tiny" / "table.csv").write_text("21", encoding="utf-8")
    course = Course.load(course_folder)
    release(course, course.lab("tiny"))
    source = "import os, mine\nassert open('table.csv').read() == '21'\nprint(sorted(os.listdir()))"
    folder = hand_in("ada", answered(square=f"{source}\nsquare = mine.square")).parent
    (folder / "mine.py").write_text("square = lambda x: x * x", encoding="utf-8")
    (folder / "numpy.py").write_text("raise SystemExit", encoding="utf-8")
    (folder / "table.csv").write_text("forged", encoding="utf-8")
    report = grade_lab(course, "tiny")
    assert report.entries[0].points == 10, report.entries[0].remarks()
    shown = str(report.entries[0].verdicts[0].outputs["square"])
    assert "['.ipython', 'mine.py', 'table.csv']" in shown


def test_a_newer_hand_in_is_graded_by_nbgraders_command_without_force(
    released: Course, hand_in: HandIn, answered: Answered
) -> None:
    folder = hand_in("ada", answered(double="double = 3")).parent
    (folder / "timestamp.txt").write_text("2026-01-01 10:00:00 UTC", encoding="utf-8")
    grade_lab(released, "tiny")
    assert _scores(released, "ada")["test_double"] == (0, False)
    hand_in("ada", answered())
    (folder / "timestamp.txt").write_text("2026-01-02 10:00:00 UTC", encoding="utf-8")
    assert _nbgrader(released.root, "autograde", "tiny").returncode == 0
    assert _scores(released, "ada")["test_double"] == (4, False)


@pytest.mark.parametrize("door", ["autograder", "nbgrader"])
def test_no_door_opens_a_file_beside_the_notebook(
    released: Course, hand_in: HandIn, answered: Answered, door: str
) -> None:
    """Nothing blocks, no link is followed, and an odd time costs no grade."""
    late = hand_in("late", answered()).parent
    (late / "timestamp.txt").write_bytes(b"\xef\xbb\xbf2026-01-02 10:00:00 +0100\r\n")
    piped = hand_in("piped", answered()).parent
    os.mkfifo(piped / "timestamp.txt")
    os.mkfifo(piped / "data.csv")
    (piped / "notes.txt").symlink_to(released.root / "gradebook.db")
    (hand_in("soon", answered()).parent / "timestamp.txt").write_text("soon", encoding="utf-8")
    hand_in("copied", answered()).rename(released.submitted / "copied" / "tiny" / "my-1.ipynb")
    if door == "autograder":
        assert grade_lab(released, "tiny").exit_code == 0
    else:
        done = _nbgrader(released.root, "autograde", "tiny")
        assert done.returncode == 0, done.stderr
        assert "the time of the hand-in is not known: timestamp.txt says 'soon'" in done.stderr
    for student in ("late", "piped", "soon", "copied"):
        assert _scores(released, student)["test_double"] == (4, False)
        found = {path.name for path in (released.root / "autograded" / student / "tiny").iterdir()}
        assert found == {"tiny.ipynb", *(["timestamp.txt"] if student == "late" else [])}
    assert _times(released) == {
        "late": "2026-01-02 09:00:00",
        **dict.fromkeys(("piped", "soon", "copied"), "None"),
    }


def _times(course: Course) -> dict[str, str]:
    with Gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        found = gradebook.assignment_submissions("tiny")
        return {submission.student.id: str(submission.timestamp) for submission in found}


def test_a_time_that_is_no_longer_known_leaves_the_gradebook(
    released: Course, hand_in: HandIn, answered: Answered
) -> None:
    folder = hand_in("ada", answered()).parent
    (folder / "timestamp.txt").write_text("2026-01-02 10:00:00 UTC", encoding="utf-8")
    assert grade_lab(released, "tiny").entries[0].remarks() == []
    assert _times(released) == {"ada": "2026-01-02 10:00:00"}
    (folder / "timestamp.txt").write_text("2026-01-03 10:00:00 EDT", encoding="utf-8")
    (remark,) = grade_lab(released, "tiny").entries[0].remarks()
    assert "'EDT', which is not certain" in remark
    assert _times(released) == {"ada": "None"}


def test_a_source_with_windows_line_ends_is_graded_as_any_other(
    course: Course, hand_in: HandIn
) -> None:
    path = course.root / "labs" / "tiny" / "tiny.ipynb"
    text = path.read_text(encoding="utf-8")
    text = text.replace("import numpy as np", "import math\\nimport numpy as np")
    path.write_bytes(text.replace("\\n", "\\r\\n").replace("\n", "\r\n").encode())
    release(course, course.lab("tiny"))
    handed_out = (course.root / "release" / "tiny" / "tiny.ipynb").read_text(encoding="utf-8")
    assert "\\r" not in handed_out
    hand_in("untouched", handed_out)
    answers = {"double": "def double(x):\\n    return 2 * x", "square": "square = lambda x: x * x"}
    for name, stub in (("double", "def double(x):"), ("square", "def square(x):")):
        begin = handed_out.index(f'"{stub}')
        end = handed_out.index("]", begin)
        handed_out = f'{handed_out[:begin]}"{answers[name]}"{handed_out[end:]}'
    hand_in("ada", handed_out)
    entries = {entry.student: entry for entry in grade_lab(course, "tiny").entries}
    assert entries["ada"].points == 10, entries["ada"].remarks()
    assert entries["untouched"].points == 0
    assert all(entry.remarks() == [] for entry in entries.values())
    assert _scores(course, "untouched")["essay"] == (0, False)
