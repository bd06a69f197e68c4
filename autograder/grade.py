"""Grades one submission: its cells run in a kernel behind walls, its tests outside it."""

from __future__ import annotations

import ast
import copy
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder import cells, intake
from autograder.errors import HiddenTestBug, UnreadableSubmission
from autograder.examiner.examine import examine
from autograder.examiner.namespace import Given, import_statements
from autograder.examiner.proxy import Link
from autograder.intake import Submission
from autograder.lab import LabNotebook
from autograder.marks import Mark, Message
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import CellRun, KernelSession
from autograder.seeding import cases_for
from autograder.untrusted import read_untrusted
from autograder.verdict import CellVerdict, Verdict, make_key

_UNUSABLE = Message(
    "problem", "The tests cannot use what your code gives: it is not the kind of value asked for."
)
_SLOW_LIBRARIES = ("tensorflow", "keras", "scipy")
_MAX_KERNELS = 12
"""Kernels that one submission may use up before its remaining cells are not run."""


@dataclass(frozen=True)
class GradingOptions:
    """How submissions are graded.

    Args:
        limits: what a submission may use.
        isolation: ``bubblewrap``, or ``process`` where that is asked for by name.
        secret: what the random cases depend on beside student and lab.
        grader_digest: hash of the hidden tests, so that a changed test makes verdicts stale.
        hide: folders that no kernel may see, such as the course's, wherever they lie.
    """

    limits: Limits = field(default_factory=Limits)
    isolation: str = "bubblewrap"
    secret: str = ""
    grader_digest: str = ""
    hide: tuple[Path, ...] = ()


def verdict_key(
    path: Path,
    lab: LabNotebook,
    student: str,
    options: GradingOptions,
    *,
    below: Path | None = None,
    files: Mapping[str, bytes] | None = None,
) -> str:
    """What a verdict on the file depends on, as one hash."""
    try:
        data: bytes = read_untrusted(path, below=below)
    except UnreadableSubmission as error:
        data = f"unreadable: {error}".encode()
    how = (repr(options.limits), options.isolation, options.secret, options.grader_digest)
    beside = [part for pair in sorted((files or {}).items()) for part in pair]
    return make_key(data, lab.digest, student, *how, *beside)


def grade_file(
    path: Path,
    lab_name: str,
    lab: LabNotebook,
    student: str,
    options: GradingOptions,
    *,
    below: Path | None = None,
    files: Mapping[str, bytes] | None = None,
    broken: Mapping[str, str] | None = None,
) -> Verdict:
    """The verdict on a notebook that was handed in.

    Args:
        path: the notebook; it may be missing or anything else.
        lab_name: the assignment's id.
        lab: the lab's notebook of the same name.
        student: the student's id.
        options: limits and isolation.
        below: a trusted folder above the file, from which on links are not followed.
        files: what lies beside the notebook, by relative path.
        broken: why test cells are broken, by id, from `check_lab`; they give no score.

    Raises:
        GraderError: the host or the grader failed; nothing is known about the submission.
    """
    key = verdict_key(path, lab, student, options, below=below, files=files)
    common: dict[str, Any] = {"notebook": lab.name, "key": key, "isolation": options.isolation}
    try:
        submission = intake.take_in(path, lab, student, below=below)
    except UnreadableSubmission as error:
        return Verdict(student, lab_name, unreadable=str(error), **common)
    started = time.monotonic()
    with cases_for(options.secret, lab_name, lab.name, student):
        run = _NotebookRun(submission, lab, options, files)
        run.run()
    verdicts = [run.verdicts[name] for name in lab.given_cells if name in run.verdicts]
    reasons = broken or {}
    return Verdict(
        student,
        lab_name,
        cells=tuple(
            _as_broken(verdict, reasons[verdict.grade_id])
            if verdict.grade_id in reasons
            else verdict
            for verdict in verdicts
        ),
        outputs=run.outputs,
        notes=tuple(dict.fromkeys((*submission.notes, *run.notes))),
        seconds=round(time.monotonic() - started, 2),
        **common,
    )


class _NotebookRun:
    """One pass through a submission's cells, over as many kernels as it takes.

    A kernel that ended may have been ended from outside, so the cell is tried again in a new one.
    If that ends as well, the cell before it may have been its undoing (``exit()`` ends a kernel
    a moment after its cell), so the next try leaves that one out. A third end is the cell's own.
    """

    def __init__(
        self,
        submission: Submission,
        lab: LabNotebook,
        options: GradingOptions,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        self._files = dict(files or {})
        self._cells: list[NotebookNode] = submission.notebook.cells
        self._given = Given.by(lab)
        self._options = options
        self._preload = preload_for(lab)
        self._session = self._new_session()
        self._kernels = 1
        self._lethal: set[int] = set()
        self.verdicts: dict[str, CellVerdict] = {}
        self.outputs: dict[str, list[dict[str, Any]]] = {}
        self.notes: list[str] = []

    def _new_session(self) -> KernelSession:
        return KernelSession(
            self._options.limits,
            isolation=self._options.isolation,
            preload=self._preload,
            hide=self._options.hide,
            files=self._files,
        )

    def run(self) -> None:
        """Runs every code cell and examines every test cell."""
        self._session.start()
        try:
            for place, cell in enumerate(self._cells):
                if cell.cell_type == "code":
                    self._try(place, cell)
        finally:
            self._session.close()

    def _try(self, place: int, cell: NotebookNode) -> None:
        suspect = None
        for attempt in range(3):
            self._run_or_examine(cell)
            if self._session.alive or self._kernels >= _MAX_KERNELS:
                return
            if attempt == 1 and (suspect := self._own_cell_before(place)) is not None:
                self._lethal.add(suspect)
            if attempt == 2 or self._session.ended_by_a_limit:
                break
            self._revive(place)
        self._lethal.discard(-1 if suspect is None else suspect)
        self._lethal.add(place)
        self._revive(place)

    def _run_or_examine(self, cell: NotebookNode) -> None:
        if cells.is_test(cell):
            self._examine(cell)
        else:
            self._run_cell(cell, cell.source)

    def _own_cell_before(self, place: int) -> int | None:
        """The student's last cell that ran before this one."""
        earlier = [
            number
            for number, cell in enumerate(self._cells[:place])
            if cell.cell_type == "code" and not cells.is_test(cell) and number not in self._lethal
        ]
        return earlier[-1] if earlier else None

    def _run_cell(self, cell: NotebookNode, source: str) -> CellRun:
        if not self._session.alive:
            return CellRun(died=True)
        run = self._session.run_cell(source)
        self.outputs[cell.id] = [dict(output) for output in run.outputs]
        name = cells.grade_id(cell) or cell.id
        if run.timed_out:
            self.notes.append(f"cell {name!r} was stopped after {run.seconds:.0f} seconds")
        if run.died:
            self.notes.append(f"cell {name!r}: {run.told}")
        return run

    def _examine(self, cell: NotebookNode) -> None:
        name, maximum = cells.grade_id(cell), cells.points(cell)
        parts = cells.split_test(cell.source)
        shown = self._run_cell(cell, parts.visible)
        if not self._session.alive and self._kernels < _MAX_KERNELS:
            self._revive(self._cells.index(cell))
        hidden = parts.hidden if _is_declared(parts.hidden) else cell.source
        try:
            mark = examine(hidden, Link(self._session.ask), maximum=maximum, given=self._given)
        except HiddenTestBug as bug:
            mark = self._after_bug(name, maximum, bug)
        points = None if mark.outcome == "grader_error" else float(mark)
        self.verdicts[name] = CellVerdict(
            name, points, maximum, mark.outcome, mark.messages, mark.mistakes, shown.error
        )

    def _after_bug(self, name: str, maximum: float, bug: HiddenTestBug) -> Mark:
        """The lab's own solution passes this test, so what it met is the student's doing."""
        return Mark(0, maximum=maximum, outcome="failed", messages=(_UNUSABLE,))

    def _revive(self, place: int) -> None:
        """A new kernel in which the student's cells before `place` ran, but the lethal ones."""
        left = self._session.seconds_left
        self._session.close()
        self._session = self._new_session()
        self._session.seconds_left = left
        self._session.start()
        self._kernels += 1
        for earlier, cell in enumerate(self._cells[:place]):
            is_own = cell.cell_type == "code" and not cells.is_test(cell)
            if is_own and earlier not in self._lethal and self._session.alive:
                self._session.run_cell(cell.source)


def preload_for(lab: LabNotebook) -> tuple[str, ...]:
    """The slow libraries that a lab's own cells import, to be loaded before its kernels start."""
    imported = "\n".join(import_statements(lab.trusted_sources()))
    return tuple(name for name in _SLOW_LIBRARIES if name in imported)


def check_lab(
    lab: LabNotebook, options: GradingOptions, *, files: Mapping[str, bytes] | None = None
) -> dict[str, str]:
    """Why test cells are broken: those that the lab's own solution does not pass, by id.

    A lab without solutions cannot be checked and has no broken test.

    Args:
        lab: the lab's notebook; its own cells are run behind walls.
        options: how.
        files: what lies beside the notebook, by relative path.
    """
    if not lab.has_solutions:
        return {}
    solution = Submission("", copy.deepcopy(lab.source), (), "")
    with cases_for(options.secret, "the lab's own solution"):
        run = _SolutionRun(solution, lab, options, files)
        run.run()
    return {
        name: run.bugs.get(name) or " ".join(message.text for message in verdict.messages)
        for name, verdict in run.verdicts.items()
        if verdict.points != verdict.maximum
    }


class _SolutionRun(_NotebookRun):
    """A run of the lab's own solution, which keeps what tests raise."""

    def __init__(
        self,
        submission: Submission,
        lab: LabNotebook,
        options: GradingOptions,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        super().__init__(submission, lab, options, files)
        self.bugs: dict[str, str] = {}

    def _after_bug(self, name: str, maximum: float, bug: HiddenTestBug) -> Mark:
        self.bugs[name] = str(bug)
        return super()._after_bug(name, maximum, bug)


def _as_broken(verdict: CellVerdict, why: str) -> CellVerdict:
    """No score for a test that the lab's own solution does not pass."""
    text = "The lab's own solution does not pass this test, so nobody is scored by it."
    message = Message("problem", text, why)
    return CellVerdict(
        verdict.grade_id,
        None,
        verdict.maximum,
        "grader_error",
        (message,),
        (),
        verdict.visible_error,
    )


def _is_declared(hidden: str) -> bool:
    """Whether hidden tests end in ``EXERCISE.grade(...)``, which alone decides on the points."""
    try:
        body = ast.parse(hidden).body
    except SyntaxError:
        return False
    last = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
    is_method = isinstance(last, ast.Call) and isinstance(last.func, ast.Attribute)
    return is_method and last.func.attr == "grade"  # type: ignore[union-attr]
