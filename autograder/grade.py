"""Grades one submission: its cells run in a sandboxed kernel, its tests outside it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from autograder import intake
from autograder.errors import UnreadableSubmission
from autograder.exam import Exam
from autograder.intake import Submission
from autograder.lab_check import LabCheck, require_python
from autograder.marks import Message
from autograder.notebook_run import NotebookRun
from autograder.untrusted import read_untrusted
from autograder.verdict import CellVerdict, Verdict, make_key


def verdict_key(path: Path, student: str, exam: Exam, *, below: Path | None = None) -> str:
    """What a verdict on the file depends on, as one hash."""
    try:
        data: bytes = read_untrusted(path, below=below)
    except UnreadableSubmission as error:
        data = f"unreadable: {error}".encode()
    return make_key(data, student, exam.digest)


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
    require_python(exam)
    empty = Verdict(
        student,
        exam.lab_name,
        exam.lab.name,
        verdict_key(path, student, exam, below=below),
        isolation=exam.options.isolation,
    )
    try:
        submission = intake.take_in(path, exam.lab, student, below=below)
    except UnreadableSubmission as error:
        return replace(empty, unreadable=str(error))
    return _filled(empty, submission, exam, checked or LabCheck())


def _filled(empty: Verdict, submission: Submission, exam: Exam, checked: LabCheck) -> Verdict:
    """The verdict with what a run of the submission gave."""
    started = time.monotonic()
    cases = exam.cases(exam.lab_name, exam.lab.name, submission.student)
    run = NotebookRun(submission.notebook, exam, cases=cases, modes=checked.modes)
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
        of_tests=tuple(f"{name} {text}" for name, text in checked.findings()),
        seconds=round(time.monotonic() - started, 2),
    )


def _as_broken(verdict: CellVerdict, why: str) -> CellVerdict:
    """No score for a test that the lab's own solution does not pass."""
    text = "The lab's own solution does not pass this test, so nobody is scored by it."
    message = Message("problem", text, why)
    return replace(verdict, points=None, outcome="grader_error", messages=(message,), mistakes=())
