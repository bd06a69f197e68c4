"""Runs a submission's cells behind walls and examines its test cells from outside."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Any

from nbformat import NotebookNode

from autograder import cells
from autograder.errors import HiddenTestBug
from autograder.exam import Exam
from autograder.examiner.examine import examine
from autograder.examiner.link import Link
from autograder.examiner.namespace import Given
from autograder.examiner.precedents import Precedents
from autograder.marks import Mark, Message
from autograder.sandbox.session import CellRun, KernelSession
from autograder.verdict import CellVerdict

_UNUSABLE = Message(
    "problem", "The tests cannot use what your code gives: it is not the kind of value asked for."
)
_MAX_KERNELS = 12
"""Kernels that one submission may use up before its remaining cells are not run."""


class NotebookRun:
    """One pass through a notebook's cells, over as many kernels as it takes.

    A kernel that ended may have been ended from outside, so the cell is tried again in a new one.
    If that ends as well, the cell before it may have been its undoing (``exit()`` ends a kernel
    a moment after its cell), so the next try leaves that one out. A third end is the cell's own.

    Args:
        notebook: a submission's notebook, put right, or the lab's own.
        exam: what it is graded with.
        precedents: what the lab's own solution did in each test, by id; None if this is its run.
    """

    def __init__(
        self,
        notebook: NotebookNode,
        exam: Exam,
        *,
        precedents: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self._cells: list[NotebookNode] = notebook.cells
        self._exam = exam
        self._given = Given.by(exam.lab)
        self._known = precedents
        self._precedents: dict[str, Precedents] = {}
        self._session = self._new_session()
        self._kernels = 1
        self._lethal: set[int] = set()
        self.verdicts: dict[str, CellVerdict] = {}
        self.outputs: dict[str, list[dict[str, Any]]] = {}
        self.notes: list[str] = []
        self.bugs: dict[str, str] = {}
        """What test cells raised of their own, by id."""

    def _new_session(self) -> KernelSession:
        options = self._exam.options
        return KernelSession(
            options.limits,
            isolation=options.isolation,
            preload=self._exam.preload,
            hide=options.hide,
            files=self._exam.files,
            withheld=self._exam.withheld,
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
            mark = examine(hidden, self._link(name), maximum=maximum, given=self._given)
        except HiddenTestBug as bug:
            # The lab's own solution passes this test, so what it met is the student's doing.
            self.bugs[name] = str(bug)
            mark = Mark(0, maximum=maximum, outcome="failed", messages=(_UNUSABLE,))
        if float(mark) < maximum and (remark := self._precedents[name].remark):
            self.bugs.setdefault(name, remark)
        points = None if mark.outcome == "grader_error" else float(mark)
        self.verdicts[name] = CellVerdict(
            name, points, maximum, mark.outcome, mark.messages, mark.mistakes, shown.error
        )

    def _link(self, name: str) -> Link:
        """A test cell's way into the kernel."""
        if name not in self._precedents:
            known = (self._known or {}).get(name, ())
            classes = self._given.names if self._known is None else None
            self._precedents[name] = Precedents(known, classes=classes)
        return Link(self._session.ask, self._precedents[name])

    @property
    def learned(self) -> dict[str, list[str]]:
        """What this solution did in the tests, by their ids."""
        return {name: found.learned for name, found in self._precedents.items()}

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


def _is_declared(hidden: str) -> bool:
    """Whether hidden tests end in ``EXERCISE.grade(...)``, which alone decides on the points."""
    try:
        body = ast.parse(hidden).body
    except SyntaxError:
        return False
    last = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
    is_method = isinstance(last, ast.Call) and isinstance(last.func, ast.Attribute)
    return is_method and last.func.attr == "grade"  # type: ignore[union-attr]
