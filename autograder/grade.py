"""Grades one submission: its cells run in a kernel behind walls, its tests outside it."""

from __future__ import annotations

import ast
import copy
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder import cells, intake
from autograder.errors import HiddenTestBug, UnreadableSubmission
from autograder.examiner.examine import examine
from autograder.examiner.namespace import import_statements
from autograder.examiner.proxy import Link
from autograder.intake import Submission
from autograder.lab import LabNotebook
from autograder.marks import Mark, Message
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import CellRun, KernelSession
from autograder.seeding import cases_for
from autograder.verdict import CellVerdict, Verdict, make_key

_UNUSABLE = Message(
    "problem", "The tests cannot use what your code gives: it is not the kind of value asked for."
)
_SLOW_LIBRARIES = ("tensorflow", "keras", "scipy")
_MAX_KERNELS = 3
"""Kernels that one submission may use up before its remaining cells are not run."""


@dataclass(frozen=True)
class GradingOptions:
    """How submissions are graded.

    Args:
        limits: what a submission may use.
        isolation: ``bubblewrap``, or ``process`` where that is asked for by name.
        secret: what the random cases depend on beside student and lab.
        grader_digest: hash of the hidden tests, so that a changed test makes verdicts stale.
    """

    limits: Limits = field(default_factory=Limits)
    isolation: str = "bubblewrap"
    secret: str = ""
    grader_digest: str = ""


def verdict_key(path: Path, lab: LabNotebook, student: str, options: GradingOptions) -> str:
    """What a verdict on the file depends on, as one hash."""
    try:
        data: bytes = intake.read_untrusted(path)
    except UnreadableSubmission as error:
        data = f"unreadable: {error}".encode()
    how = (repr(options.limits), options.isolation, options.secret, options.grader_digest)
    return make_key(data, lab.digest, student, *how)


def grade_file(
    path: Path, lab_name: str, lab: LabNotebook, student: str, options: GradingOptions
) -> Verdict:
    """The verdict on a notebook that was handed in.

    Args:
        path: the notebook; it may be missing or anything else.
        lab_name: the assignment's id.
        lab: the lab's notebook of the same name.
        student: the student's id.
        options: limits and isolation.

    Raises:
        GraderError: the host or the grader failed; nothing is known about the submission.
    """
    key = verdict_key(path, lab, student, options)
    common: dict[str, Any] = {"notebook": lab.name, "key": key, "isolation": options.isolation}
    try:
        submission = intake.take_in(path, lab, student)
    except UnreadableSubmission as error:
        return Verdict(student, lab_name, unreadable=str(error), **common)
    started = time.monotonic()
    with cases_for(options.secret, lab_name, lab.name, student):
        run = _NotebookRun(submission, lab, options)
        run.run()
    return Verdict(
        student,
        lab_name,
        cells=tuple(run.verdicts[name] for name in lab.given_cells if name in run.verdicts),
        outputs=run.outputs,
        notes=(*submission.notes, *run.notes),
        seconds=round(time.monotonic() - started, 2),
        **common,
    )


class _NotebookRun:
    """One pass through a submission's cells, over as many kernels as it takes."""

    def __init__(self, submission: Submission, lab: LabNotebook, options: GradingOptions) -> None:
        self._lab = lab
        self._cells: list[NotebookNode] = submission.notebook.cells
        self._imports = import_statements(lab.trusted_sources())
        self._options = options
        self._preload = preload_for(lab)
        self._session = self._new_session()
        self._kernels = 1
        self._lethal: set[int] = set()
        self.verdicts: dict[str, CellVerdict] = {}
        self.outputs: dict[str, list[dict[str, Any]]] = {}
        self.notes: list[str] = []

    def _new_session(self) -> KernelSession:
        isolation = self._options.isolation
        return KernelSession(self._options.limits, isolation=isolation, preload=self._preload)

    def run(self) -> None:
        """Runs every code cell and examines every test cell."""
        self._session.start()
        try:
            for place, cell in enumerate(self._cells):
                if cell.cell_type != "code":
                    continue
                if cells.is_test(cell):
                    self._examine(cell)
                else:
                    self._run_own(place, cell)
                if not self._session.alive and self._kernels < _MAX_KERNELS:
                    self._revive(place)
        finally:
            self._session.close()

    def _run_own(self, place: int, cell: NotebookNode) -> None:
        run = self._run_cell(cell, cell.source)
        if run.died or not self._session.alive:
            self._lethal.add(place)

    def _run_cell(self, cell: NotebookNode, source: str) -> CellRun:
        if not self._session.alive:
            return CellRun(died=True)
        run = self._session.run_cell(source)
        self.outputs[cell.id] = [dict(output) for output in run.outputs]
        name = cells.grade_id(cell) or cell.id
        if run.timed_out:
            self.notes.append(f"cell {name!r} was stopped after {run.seconds:.0f} seconds")
        if run.died:
            self.notes.append(f"cell {name!r} ended its kernel")
        return run

    def _examine(self, cell: NotebookNode) -> None:
        name, maximum = cells.grade_id(cell), cells.points(cell)
        parts = cells.split_test(cell.source)
        shown = self._run_cell(cell, parts.visible)
        if not self._session.alive and self._kernels < _MAX_KERNELS:
            self._revive(self._cells.index(cell))
        hidden = parts.hidden if _is_declared(parts.hidden) else cell.source
        link = Link(self._session.ask)
        try:
            mark = examine(hidden, link, maximum=maximum, imports=self._imports)
        except HiddenTestBug as bug:
            mark = self._after_bug(name, maximum, bug)
        points = None if mark.outcome == "grader_error" else float(mark)
        self.verdicts[name] = CellVerdict(
            name, points, maximum, mark.outcome, mark.messages, mark.mistakes, shown.error
        )

    def _after_bug(self, name: str, maximum: float, bug: HiddenTestBug) -> Mark:
        """A test that raised is broken if it does so for the lab's own solution, too."""
        if name in broken_tests(self._lab, self._options):
            message = Message("problem", "The hidden test itself failed.", str(bug))
            return Mark(0, maximum=maximum, outcome="grader_error", messages=(message,))
        return Mark(0, maximum=maximum, outcome="failed", messages=(_UNUSABLE,))

    def _revive(self, place: int) -> None:
        """A new kernel in which the cells before `place` ran, but those that ended one."""
        left = self._session.seconds_left
        self._session.close()
        self._session = self._new_session()
        self._session.seconds_left = left
        self._session.start()
        self._kernels += 1
        self.notes.append("a kernel had ended; a new one was started and the cells run again")
        for earlier, cell in enumerate(self._cells[:place]):
            is_own = cell.cell_type == "code" and not cells.is_test(cell)
            if not is_own or earlier in self._lethal or not self._session.alive:
                continue
            if self._session.run_cell(cell.source).died:
                self._lethal.add(earlier)


def preload_for(lab: LabNotebook) -> tuple[str, ...]:
    """The slow libraries that a lab's own cells import, to be loaded before its kernels start."""
    imported = "\n".join(import_statements(lab.trusted_sources()))
    return tuple(name for name in _SLOW_LIBRARIES if name in imported)


_broken: dict[str, frozenset[str]] = {}


def broken_tests(lab: LabNotebook, options: GradingOptions) -> frozenset[str]:
    """Ids of the test cells whose hidden part raises an error of its own on the lab's solution.

    Args:
        lab: the lab's notebook; its own cells are run behind walls, once in this process.
        options: how.
    """
    key = make_key(lab.digest, options.grader_digest)
    if key not in _broken:
        solution = Submission("", copy.deepcopy(lab.source), (), "")
        run = _SolutionRun(solution, lab, options)
        run.run()
        _broken[key] = frozenset(run.raised)
    return _broken[key]


class _SolutionRun(_NotebookRun):
    """A run of the lab's own solution, which finds out which tests raise."""

    def __init__(self, submission: Submission, lab: LabNotebook, options: GradingOptions) -> None:
        super().__init__(submission, lab, options)
        self.raised: list[str] = []

    def _after_bug(self, name: str, maximum: float, bug: HiddenTestBug) -> Mark:
        self.raised.append(name)
        return Mark(0, maximum=maximum, outcome="grader_error")


def _is_declared(hidden: str) -> bool:
    """Whether hidden tests end in ``EXERCISE.grade(...)``, which alone decides on the points."""
    try:
        body = ast.parse(hidden).body
    except SyntaxError:
        return False
    last = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
    is_method = isinstance(last, ast.Call) and isinstance(last.func, ast.Attribute)
    return is_method and last.func.attr == "grade"  # type: ignore[union-attr]
