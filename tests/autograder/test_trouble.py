"""A full disk, a held gradebook, what vanishes or may not be read: told, and mended by a next run.

Each time the run ends with a clear line and an exit code other than 0, and the next one with the
grades of an undisturbed run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.app.grade_class import grade_lab
from autograder.app.report import Report
from autograder.course.course import Course
from autograder.nbgrader_plugin.writer import release
from autograder.sandbox import fork_server

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

HandIn = Callable[[str, "NotebookNode | str | None"], Path]
GRADE = "import sys; sys.argv[0] = 'autograder'; from autograder.app.cli import main; main()"
EXPECTED = {"ada": 10.0, "bo": 8.0, "cy": 10.0}


@pytest.fixture
def handed_in(course: Course, hand_in: HandIn, answered: Callable[..., NotebookNode]) -> Course:
    """The tiny course, released, with three hand-ins."""
    release(course, course.lab("tiny"))
    for student, points in EXPECTED.items():
        wrong = answered(square="def square(x):\n    return x * abs(x)")
        hand_in(student, answered() if points == 10 else wrong)
    return course


def _command(course: Path, *options: str) -> list[str]:
    return [sys.executable, "-c", GRADE, "grade", "tiny", "--course", str(course), *options]


def _grade(course: Course, *before: str) -> tuple[int, str]:
    """The exit code of ``autograder grade``, and all that it says on lines of one."""
    done = subprocess.run(
        [*before, *_command(course.root)],
        env={**os.environ, "COLUMNS": "1000"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def _scores(database: Path) -> dict[str, float]:
    with Gradebook(f"sqlite:///{database}") as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions("tiny")}


def _assert_next_run_is_right(course: Course) -> None:
    report = grade_lab(Course.load(course.root), "tiny")
    assert report.exit_code == 0, _failures(report)
    assert _scores(course.root / "gradebook.db") == EXPECTED


def _failures(report: Report) -> dict[str, str]:
    return {entry.student: entry.failure for entry in report.entries if entry.failure}


@pytest.fixture
def small_disk() -> list[str]:
    """The beginning of a command in a mount namespace, where a small disk can be mounted."""
    command = ["unshare", "--user", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None or subprocess.call([*command, "true"]):
        pytest.skip("this host lets nobody mount a small disk")
    return command


ON_A_SMALL_DISK = """
cp -a "$1" "$2/kept"
mount -t tmpfs -o size=1500k tmpfs "$1" && cp -a "$2/kept/." "$1" || exit 99
head -c "$3" /dev/zero > "$1/room"
head -c 9m /dev/zero > "$1/filler" 2> /dev/null
rm "$1/room"
shift 3
"$@"; first=$?
echo "--- room is made ---"
rm "$OLDPWD/filler"
"$@"; second=$?
echo "codes $first $second"
cp "$OLDPWD/gradebook.db" "$PWD"
"""


@pytest.mark.parametrize("room", [1, 60_000])
def test_a_full_disk_is_told_and_loses_nothing(
    handed_in: Course, small_disk: list[str], tmp_path: Path, room: int
) -> None:
    """With no room at all, and with room for the first submissions."""
    outside = tmp_path / "outside"
    outside.mkdir()
    script = [*small_disk, "sh", "-c", ON_A_SMALL_DISK, "sh", str(handed_in.root), str(outside)]
    done = subprocess.run(
        [*script, str(room), *_command(handed_in.root)],
        cwd=outside,
        env={**os.environ, "COLUMNS": "1000", "OLDPWD": str(handed_in.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    first, _, second = done.stdout.partition("--- room is made ---")
    assert "the disk is full; make room" in first, done.stdout
    assert "3 of 3 submissions of tiny have a grade" in second, done.stdout
    assert done.stdout.splitlines()[-1] in ("codes 1 0", "codes 2 0")
    assert _scores(outside / "gradebook.db") == EXPECTED


@contextmanager
def _held(database: Path) -> Iterator[None]:
    """Another process has the gradebook for itself."""
    hold = "import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
    hold += "db.execute('BEGIN EXCLUSIVE')\nprint(flush=True)\nsys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        yield
        holder.communicate()


def test_a_held_gradebook_is_told_at_once(handed_in: Course) -> None:
    with _held(handed_in.root / "gradebook.db"):
        code, said = _grade(handed_in)
    assert code == 2
    assert "another program holds the gradebook" in said
    assert "Traceback" not in said
    _assert_next_run_is_right(handed_in)


# nbgrader does not close a gradebook that it cannot open; Python says so from 3.13 on.
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <sqlite3.Connection:pytest.PytestUnraisableExceptionWarning"
)
def test_a_gradebook_held_in_the_middle_of_a_run_costs_no_verdict(handed_in: Course) -> None:
    database = handed_in.root / "gradebook.db"
    holder = _held(database)
    report = grade_lab(
        handed_in, "tiny", progress=lambda student: student == "ada" and holder.__enter__()
    )
    holder.__exit__(None, None, None)
    told = _failures(report)
    assert report.exit_code == 1
    assert set(told) == {"bo", "cy"}
    assert all("another program holds the gradebook" in text for text in told.values())
    again = grade_lab(handed_in, "tiny")
    assert again.exit_code == 0
    assert all(entry.reused for entry in again.entries), "verdicts were kept; only recording is new"
    assert _scores(database) == EXPECTED


def test_a_hand_in_that_vanishes_is_told_and_the_others_are_graded(
    handed_in: Course, tmp_path: Path
) -> None:
    folder = handed_in.submitted / "bo"
    report = grade_lab(
        handed_in,
        "tiny",
        progress=lambda student: student == "ada" and folder.rename(tmp_path / "bo"),
    )
    assert report.exit_code == 1
    assert [entry.student for entry in report.entries if not entry.has_grade] == ["bo"]
    assert "tiny.ipynb is missing" in report.entries[1].remarks()[0]
    (tmp_path / "bo").rename(folder)
    _assert_next_run_is_right(handed_in)


def test_a_tidied_temporary_folder_costs_nothing(handed_in: Course) -> None:
    def tidy_up(student: str) -> None:
        if student == "ada":
            for process in fork_server._shared.values():
                shutil.rmtree(process.folder)

    report = grade_lab(handed_in, "tiny", progress=tidy_up)
    assert report.exit_code == 0, _failures(report)
    assert _scores(handed_in.root / "gradebook.db") == EXPECTED


def test_lost_verdicts_and_pages_are_made_again(handed_in: Course) -> None:
    grade_lab(handed_in, "tiny")
    shutil.rmtree(handed_in.state / "verdicts" / "tiny" / "ada")
    shutil.rmtree(handed_in.root / "autograded")
    report = grade_lab(handed_in, "tiny")
    assert {entry.student: entry.reused for entry in report.entries}["ada"] is False
    assert sum(entry.reused for entry in report.entries) == 2
    pages = {path.parent.parent.name for path in handed_in.root.glob("autograded/*/tiny/*.ipynb")}
    assert pages == set(EXPECTED)
    assert _scores(handed_in.root / "gradebook.db") == EXPECTED


@pytest.fixture
def as_anybody() -> list[str]:
    """The beginning of a command that may read only what its user may; root may read all."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is not installed, and root may read everything")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


def test_a_hand_in_that_may_not_be_read_is_told_not_left_out(
    handed_in: Course, as_anybody: list[str]
) -> None:
    folder, file = handed_in.submitted / "ada", handed_in.submitted / "bo" / "tiny" / "tiny.ipynb"
    folder.chmod(0)
    file.chmod(0)
    code, said = _grade(handed_in, *as_anybody)
    folder.chmod(0o755)
    file.chmod(0o644)
    assert code == 1
    assert "ada: tiny.ipynb may not be read by this user" in said
    assert "bo: tiny.ipynb may not be read by this user" in said
    assert "1 of 3 submissions of tiny have a grade" in said
    _assert_next_run_is_right(handed_in)


@pytest.mark.parametrize("name", ["gradebook.db", "submitted", "labs/tiny/tiny.ipynb"])
def test_a_part_of_the_course_that_may_not_be_used_is_told(
    handed_in: Course, as_anybody: list[str], name: str
) -> None:
    path = handed_in.root / name
    mode = path.stat().st_mode
    path.chmod(0)
    code, said = _grade(handed_in, *as_anybody)
    path.chmod(mode)
    assert code == 2
    assert "this user may not read or write what is needed" in said
    assert "Traceback" not in said
    _assert_next_run_is_right(handed_in)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gradebook.db", "the gradebook is no database; put back a copy"),
        ("labs/tiny/tiny.ipynb", "tiny.ipynb is not a notebook"),
    ],
)
def test_a_damaged_part_of_the_course_is_told(handed_in: Course, name: str, told: str) -> None:
    path = handed_in.root / name
    whole = path.read_bytes()
    path.write_bytes(b"{" * 5000)
    code, said = _grade(handed_in)
    path.write_bytes(whole)
    assert code == 2
    assert told in said
    assert "Traceback" not in said
    _assert_next_run_is_right(handed_in)
