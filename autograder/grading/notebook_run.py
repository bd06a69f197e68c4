"""Runs a submission's cells in a sandbox and examines its test cells from outside."""

from __future__ import annotations

import contextlib
import hashlib
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.course import cells
from autograder.errors import StudentFailure
from autograder.examiner.given import visible_setup
from autograder.examiner.messages import Examined, Request
from autograder.examiner.raised import MEMORY_ERRORS
from autograder.examiner.remote import RemoteExaminer, shared_server
from autograder.grading.answer_errors import CellError, cell_error, with_first_error
from autograder.grading.context import GradingContext
from autograder.grading.kernel_tests import mark_of_run
from autograder.grading.lab_tests import TestModes
from autograder.results.verdict import CellVerdict
from autograder.sandbox.inside import _grading_wire as wire
from autograder.sandbox.session import CellRun, KernelSession

_MAX_KERNELS = 12
"""Kernels that one submission may use up before its remaining cells are not run."""
_LARGE_SHARE = 1 / 3
"""Part of the memory limit: a cell that holds so much is left out where memory runs out later."""


class NotebookRun:
    """One pass through a notebook's cells, over as many kernels as it takes.

    A kernel that ended may have been ended from outside, so the cell is tried again in a new one.
    If that ends as well, the cell before it may have been its undoing (``exit()`` ends a kernel
    a moment after its cell), so the next try leaves that one out. A third end is the cell's own.
    Where memory runs out, the cell that holds most of it is left out, and the pass goes on in a
    new kernel without it.

    Args:
        notebook: a submission's notebook, put right, or the lab's own.
        context: what it is graded with.
        cases: what its random cases depend on.
        modes: how its tests are run.
    """

    def __init__(
        self,
        notebook: NotebookNode,
        context: GradingContext,
        *,
        cases: tuple[str, ...],
        modes: TestModes | None = None,
    ) -> None:
        self._cells: list[NotebookNode] = notebook.cells
        self._exam = context
        self._given = context.given_code
        self._modes = modes or TestModes()
        self._cases = cases
        digest = hashlib.sha256("\0".join(("the lab's stream", *cases)).encode()).digest()
        self._seed = int.from_bytes(digest[:4], "big")
        self._drawing = {
            cell.source.strip()
            for cell in self._given.cells
            if cell.kind == "given" and cell.names.draws
        }
        self._session = self._new_session()
        self._examiner = self._new_examiner()
        self._kernels = 1
        self._lethal: set[int] = set()
        self._held: dict[int, int] = {}
        self._errors: dict[str, CellError] = {}
        self._out_of_memory = False
        self.verdicts: dict[str, CellVerdict] = {}
        self.outputs: dict[str, list[dict[str, Any]]] = {}
        self.notes: list[str] = []
        self.bugs: dict[str, str] = {}
        """What test cells raised by themselves, by id."""
        self.places: dict[str, str] = {}
        """The lines at which test cells ended early, by id."""
        self.learned: dict[str, list[str]] = {}
        """What the solution did in the tests, by id."""

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

    def _new_examiner(self) -> RemoteExaminer:
        exam, limits = self._exam, self._exam.options.limits
        return RemoteExaminer(
            shared_server(exam.test_modules, gpu=limits.gpu, code=exam.options.grader_digest),
            self._given,
            files=self._exam.given,
            cases=self._cases,
            seed=self._seed,
            limits=limits,
        )

    def run(self) -> None:
        """Run every code cell and examine every test cell."""
        with self._examiner:
            self._start()
            try:
                for place, cell in enumerate(self._cells):
                    if cell.cell_type == "code":
                        self._try(place, cell)
            finally:
                self._session.close()

    def _start(self) -> None:
        self._session.start()
        self._held = {-1: self._bytes_held()}
        if self._drawing:
            self._ask_agent({"op": "random", "step": "start", "seed": self._seed})

    def _try(self, place: int, cell: NotebookNode) -> None:
        suspect = None
        for attempt in range(3):
            self._out_of_memory = False
            self._run_or_examine(cell)
            if self._memory_ran_out():
                hoarder = self._hoarder(place)
                if hoarder is None or attempt == 2:
                    break
                self._leave_out(hoarder)
                self._revive(place)
                continue
            self._note_held(place)
            if self._session.alive or self._kernels >= _MAX_KERNELS:
                return
            if attempt == 1 and (suspect := self._own_cell_before(place)) is not None:
                self._lethal.add(suspect)
            if attempt == 2 or self._session.ended_by_a_limit:
                break
            self._revive(place)
        self._lethal.discard(-1 if suspect is None else suspect)
        if self._kernels < _MAX_KERNELS:
            self._lethal.add(place)
            self._revive(place)

    def _run_or_examine(self, cell: NotebookNode) -> None:
        if cells.is_test(cell):
            self._examine(cell)
        else:
            self._run_cell(cell, cell.source)

    def _own_cell_before(self, place: int) -> int | None:
        """Return the student's last cell that ran before this one."""
        earlier = [number for number in self._own_cells(place) if number not in self._lethal]
        return earlier[-1] if earlier else None

    def _own_cells(self, place: int) -> list[int]:
        return [
            number
            for number, cell in enumerate(self._cells[:place])
            if cell.cell_type == "code" and not cells.is_test(cell)
        ]

    def _memory_ran_out(self) -> bool:
        return self._out_of_memory or self._session.why_ended == "memory"

    def _hoarder(self, place: int) -> int | None:
        """Return the earlier cell of the student's that holds most memory, if that is much."""
        gained, before = {}, self._held.get(-1, 0)
        for number in self._own_cells(place):
            now = self._held.get(number, before)
            gained[number], before = now - before, now
        most = max(gained, key=lambda number: gained[number], default=None)
        limit = self._exam.options.limits.memory_bytes * _LARGE_SHARE
        return most if most is not None and gained[most] > limit else None

    def _leave_out(self, place: int) -> None:
        self._lethal.add(place)
        name = cells.grade_id(self._cells[place]) or self._cells[place].id
        self.notes.append(f"cell {name!r} holds so much memory that it was left out")

    def _note_held(self, place: int) -> None:
        if self._session.alive and not cells.is_test(self._cells[place]):
            self._held[place] = self._bytes_held()

    def _bytes_held(self) -> int:
        found = self._ask_agent({"op": "held"}).get("value")
        return found if type(found) is int else 0

    def _ask_agent(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the agent's answer to a request that needs no object; empty if there is none."""
        text = wire.dumps({**request, "keep": ""}, lambda _: wire.Handle(0, "", False))
        with contextlib.suppress(StudentFailure, wire.WireError):
            found = wire.loads(self._session.ask(text), lambda _: None)
            return found if type(found) is dict else {}
        return {}

    def _run_cell(self, cell: NotebookNode, source: str) -> CellRun:
        if not self._session.alive:
            return CellRun(died=True)
        run = self._run_source(source)
        self.outputs[cell.id] = [dict(output) for output in run.outputs]
        self._note_error(cell)
        self._out_of_memory = run.error in MEMORY_ERRORS
        name = cells.grade_id(cell) or cell.id
        if run.timed_out:
            self.notes.append(f"cell {name!r} was stopped after {run.seconds:.0f} seconds")
        if run.died:
            self.notes.append(f"cell {name!r}: {run.why_died}")
        return run

    def _note_error(self, cell: NotebookNode) -> None:
        """Keep what stopped a cell of the student's: a test may miss the names that it binds."""
        self._errors.pop(cell.id, None)
        name = cells.grade_id(cell)
        if cells.is_test(cell):
            return
        place = self._given.places.get(name)
        asked_for = () if place is None else self._given.cells[place].names.binds
        outputs = self.outputs[cell.id]
        error = cell_error(name or cell.id, cell.source, outputs, asked_for=asked_for)
        if error is not None:
            self._errors[cell.id] = error

    def _run_source(self, source: str) -> CellRun:
        """Run a cell; a cell of the lab's that draws goes on where the last such one ended."""
        if source.strip() not in self._drawing:
            return self._session.run_cell(source)
        self._ask_agent({"op": "random", "step": "enter"})
        try:
            return self._session.run_cell(source)
        finally:
            self._ask_agent({"op": "random", "step": "leave"})

    def _examine(self, cell: NotebookNode) -> None:
        name = cells.grade_id(cell)
        if name in self._modes.in_kernel:
            self._examine_inside(cell)
            return
        parts, declared = cells.split_test(cell.source), is_declared(cell)
        place = self._given.places[name]
        setup = visible_setup(self._given.cells[place], self._given)
        shown = self._run_cell(cell, parts.visible if declared else setup)
        if not self._session.alive and self._kernels < _MAX_KERNELS:
            self._revive(self._cells.index(cell))
        found = self._examiner.examine(
            Request(
                name,
                parts.hidden if declared else cell.source,
                cells.points(cell),
                visible=() if declared else tuple(sorted(cells.visible_lines(cell.source))),
                known=tuple(self._modes.trace.get(name, ())),
                learns=self._modes.is_solution,
            ),
            self._session.ask,
            self._session.used,
        )
        self._keep(cell, found, shown.error if declared else "")

    def _keep(self, cell: NotebookNode, found: Examined, visible_error: str) -> None:
        name, mark = cells.grade_id(cell), found.mark
        self.learned[name] = list(found.learned)
        self._out_of_memory = self._out_of_memory or found.out_of_memory
        for kept in (self.bugs, self.places):
            kept.pop(name, None)
        if found.bug:
            # The lab's own solution passes this test, so what it met is the student's doing.
            self.bugs[name] = found.bug
        elif mark.outcome != "passed" and found.remark:
            self.bugs[name] = found.remark
        if found.where:
            self.places[name] = found.where
        if found.printed:
            stream = new_output("stream", name="stdout", text=found.printed)
            self.outputs[cell.id] = [*self.outputs.get(cell.id, []), dict(stream)]
        points = None if mark.outcome == "grader_error" else float(mark)
        messages = with_first_error(mark.messages, list(self._errors.values()))
        self.verdicts[name] = CellVerdict(
            name, points, mark.maximum, mark.outcome, messages, mark.mistakes, visible_error
        )

    def _examine_inside(self, cell: NotebookNode) -> None:
        """Run a test cell whole and once in the student's kernel, as nbgrader does."""
        run = self._run_cell(cell, cell.source)
        mark = mark_of_run(run, maximum=cells.points(cell))
        self.outputs[cell.id] = []  # they may show hidden lines
        self._keep(cell, Examined(mark), "")

    def _revive(self, place: int) -> None:
        """Run the student's cells before `place` in a new kernel, but for the lethal ones."""
        left, budget = self._session.seconds_left, self._session.output_budget
        self._session.close()
        self._examiner.reset()  # it knows objects of the kernel that has ended
        self._session = self._new_session()
        self._session.seconds_left, self._session.output_budget = left, budget
        self._start()
        self._kernels += 1
        for earlier in self._own_cells(place):
            if earlier not in self._lethal and self._session.alive:
                self._run_source(self._cells[earlier].source)
                self._note_held(earlier)


def is_declared(cell: NotebookNode) -> bool:
    """Return whether the hidden tests of a cell end in ``EXERCISE.grade(...)``."""
    return cells.graded_expression(cells.split_test(cell.source).hidden) is not None
