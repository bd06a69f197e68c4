"""Grades one submission: its cells run in a sandboxed kernel, its tests outside it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from autograder.errors import UnreadableSubmission
from autograder.grading.context import GradingContext
from autograder.grading.lab_check import require_python
from autograder.grading.notebook_run import NotebookRun
from autograder.results.marks import Message
from autograder.results.verdict import CellVerdict, Verdict, make_key
from autograder.submissions.hand_in import HandIn, find_hand_in
from autograder.submissions.submission import Submission, make_submission


def verdict_key(hand_in: HandIn, student: str, context: GradingContext) -> str:
    """Return what a verdict on a hand-in depends on, as one hash."""
    return make_key(hand_in.fingerprint, student, context.digest)


def grade_file(
    path: Path, student: str, context: GradingContext, *, below: Path | None = None
) -> Verdict:
    """Read a notebook that was handed in, and return the verdict on it.

    Args:
        path: the notebook; it may be missing or anything else.
        student: the student's id.
        context: what it is graded with.
        below: a trusted folder above the file, from which on links are not followed.

    Raises:
        GraderError: the host or the grader failed; nothing is known about the submission.
    """
    return grade(context, find_hand_in(path, context.lab, below=below), student)


def grade(context: GradingContext, hand_in: HandIn, student: str) -> Verdict:
    """Return the verdict on the notebook that was found in a hand-in.

    It depends on its arguments alone, which can be pickled: no folder of the course and no
    gradebook is read or written, so that it can run in any process, on any machine.

    Args:
        context: what it is graded with.
        hand_in: what `autograder.submissions.hand_in.find_hand_in` returned.
        student: the student's id.

    Raises:
        GraderError: the host or the grader failed; nothing is known about the submission.
    """
    require_python(context)
    empty = Verdict(
        student,
        context.lab_name,
        context.lab.name,
        verdict_key(hand_in, student, context),
        isolation=context.options.isolation,
        hand_in_notes=hand_in.notes,
    )
    try:
        submission = make_submission(hand_in, context.lab, student)
    except UnreadableSubmission as error:
        return replace(empty, unreadable=str(error))
    empty = replace(empty, written=submission.written)
    return _filled(empty, submission, context)


def _filled(empty: Verdict, submission: Submission, context: GradingContext) -> Verdict:
    """Return the verdict with what a run of the submission gave."""
    started = time.monotonic()
    cases = context.cases(context.lab_name, context.lab.name, submission.student)
    run = NotebookRun(submission.notebook, context, cases=cases, modes=context.check.modes)
    run.run()
    broken = context.check.broken
    verdicts = [run.verdicts[name] for name in context.lab.given_cells if name in run.verdicts]
    return replace(
        empty,
        cells=tuple(
            _as_broken(cell, broken[cell.grade_id]) if cell.grade_id in broken else cell
            for cell in verdicts
        ),
        outputs=run.outputs,
        notes=tuple(dict.fromkeys((*submission.notes, *run.notes))),
        of_tests=tuple(f"{name} {text}" for name, text in context.check.findings()),
        seconds=round(time.monotonic() - started, 2),
    )


def _as_broken(verdict: CellVerdict, why: str) -> CellVerdict:
    """No score for a test that the lab's own solution does not pass."""
    text = "The lab's own solution does not pass this test, so nobody is scored by it."
    message = Message("problem", text, why)
    return replace(verdict, points=None, outcome="grader_error", messages=(message,), mistakes=())
