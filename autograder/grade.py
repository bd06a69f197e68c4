"""Grades one submission: its cells run in a kernel behind walls, its tests outside it."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder import intake
from autograder.errors import CourseError, UnreadableSubmission
from autograder.exam import Exam
from autograder.hand_in import HandIn, find_hand_in
from autograder.intake import Submission
from autograder.marks import Message
from autograder.notebook_run import NotebookRun
from autograder.seeding import cases_for
from autograder.verdict import CellVerdict, Verdict, make_key


@dataclass(frozen=True)
class LabCheck:
    """What a run of the lab's own solution showed of its tests.

    Args:
        broken: why test cells are broken, by id; they give no score.
        precedents: what the solution did in each test, by id; see `examiner.precedents`.
    """

    broken: Mapping[str, str] = field(default_factory=dict)
    precedents: Mapping[str, list[str]] = field(default_factory=dict)


def verdict_key(found: HandIn, student: str, exam: Exam) -> str:
    """What a verdict on a hand-in depends on, as one hash."""
    return make_key(found.fingerprint, student, exam.digest)


def grade_file(
    path: Path,
    student: str,
    exam: Exam,
    *,
    below: Path | None = None,
    checked: LabCheck | None = None,
) -> Verdict:
    """The verdict on a notebook that was handed in.

    Args:
        path: the notebook; it may be missing or anything else.
        student: the student's id.
        exam: what it is graded with.
        below: a trusted folder above the file, from which on links are not followed.
        checked: what `check_lab` found.

    Raises:
        GraderError: the host or the grader failed; nothing is known about the submission.
    """
    found = find_hand_in(path, exam.lab, below=below)
    return grade_hand_in(found, student, exam, checked=checked)


def grade_hand_in(
    found: HandIn, student: str, exam: Exam, *, checked: LabCheck | None = None
) -> Verdict:
    """Return the verdict on the notebook that was found in a hand-in.

    Args:
        found: what `autograder.hand_in.find_hand_in` returned.
        student: the student's id.
        exam: what it is graded with.
        checked: what `check_lab` found.

    Raises:
        GraderError: the host or the grader failed; nothing is known about the submission.
    """
    _require_python(exam)
    empty = Verdict(
        student,
        exam.lab_name,
        exam.lab.name,
        verdict_key(found, student, exam),
        isolation=exam.options.isolation,
        hand_in_notes=found.notes,
    )
    try:
        submission = intake.put_right(found, exam.lab, student)
    except UnreadableSubmission as error:
        return replace(empty, unreadable=str(error))
    empty = replace(empty, written=submission.written)
    return _filled(empty, submission, exam, checked or LabCheck())


def _filled(empty: Verdict, submission: Submission, exam: Exam, checked: LabCheck) -> Verdict:
    """The verdict with what a run of the submission gave."""
    started = time.monotonic()
    cases = cases_for(exam.options.secret, exam.lab_name, exam.lab.name, submission.student)
    with cases, exam.surroundings():
        run = NotebookRun(submission.notebook, exam, precedents=checked.precedents)
        run.run()
    broken = checked.broken
    verdicts = [run.verdicts[name] for name in exam.lab.given_cells if name in run.verdicts]
    return replace(
        empty,
        cells=tuple(
            _as_broken(cell, broken[cell.grade_id]) if cell.grade_id in broken else cell
            for cell in verdicts
        ),
        outputs=run.outputs,
        notes=tuple(dict.fromkeys((*submission.notes, *run.notes))),
        seconds=round(time.monotonic() - started, 2),
    )


def check_lab(exam: Exam) -> LabCheck:
    """Which test cells the lab's own solution does not pass, and what it does in the others.

    A lab without solutions cannot be checked and has no broken test.

    Args:
        exam: the lab's notebook, whose own cells are run behind walls, and how.
    """
    _require_python(exam)
    if not exam.lab.has_solutions:
        return LabCheck()
    with cases_for(exam.options.secret, "the lab's own solution"), exam.surroundings():
        run = NotebookRun(copy.deepcopy(exam.lab.source), exam)
        run.run()
    broken = {
        name: run.bugs.get(name) or " ".join(message.text for message in verdict.messages)
        for name, verdict in run.verdicts.items()
        if verdict.points != verdict.maximum
    }
    return LabCheck(broken, run.learned)


def _require_python(exam: Exam) -> None:
    """Returns where the lab's notebook is in Python.

    Raises:
        CourseError: it is not.
    """
    if exam.lab.language != "python":
        raise CourseError(
            f"{exam.lab.path} is a notebook in {exam.lab.language!r}; only Python is graded here. "
            "Choose a Python kernel for it in JupyterLab and release it again"
        )


def _as_broken(verdict: CellVerdict, why: str) -> CellVerdict:
    """No score for a test that the lab's own solution does not pass."""
    text = "The lab's own solution does not pass this test, so nobody is scored by it."
    message = Message("problem", text, why)
    return replace(verdict, points=None, outcome="grader_error", messages=(message,), mistakes=())
