"""Runs a lab's own solution in the sandbox and, on the way, every mutant of it.

The cells run in order, as in grading. After a task's test cells each mutant of its answer cells is
defined in the same kernel and examined by the same hidden lines; then the answer is as before.
A mutant that never ends or eats the memory is stopped by the limits, and a new kernel begins.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from nbformat import NotebookNode

from autograder.authoring.mutations import Mutant, mutants_of
from autograder.course import cells
from autograder.examiner.messages import Request
from autograder.grading.context import GradingContext
from autograder.grading.lab_check import SOLUTION
from autograder.grading.lab_tests import TestModes
from autograder.grading.notebook_run import NotebookRun
from autograder.results.verdict import CellVerdict
from autograder.sandbox.limits import Limits

CALL_SECONDS = 5.0
"""A mutant's call may take this long, or what the course allows if that is less."""


@dataclass(frozen=True)
class Part:
    """A task of a notebook: its answer cells and the test cells up to the next answer.

    Args:
        answers: the cells to write in.
        tests: the cells that grade them.
    """

    answers: tuple[NotebookNode, ...]
    tests: tuple[NotebookNode, ...]


@dataclass(frozen=True)
class MutationResult:
    """What became of a task's mutants.

    Args:
        killed: those that lost points.
        survived: those that did not.
    """

    killed: tuple[Mutant, ...] = ()
    survived: tuple[Mutant, ...] = ()


@dataclass(frozen=True)
class SolutionResult:
    """What the lab's own solution and its mutants gave.

    Args:
        verdicts: the solution's verdict on each test cell, by id.
        bugs: what hidden tests raised of themselves, by id.
        mutated: what became of the mutants, by the first test cell of their task.
    """

    verdicts: dict[str, CellVerdict] = field(default_factory=dict)
    bugs: dict[str, str] = field(default_factory=dict)
    mutated: dict[str, MutationResult] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """What the solution earns."""
        return sum(verdict.points or 0.0 for verdict in self.verdicts.values())

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """All mutants that no test killed."""
        return tuple(mutant for each in self.mutated.values() for mutant in each.survived)

    def faults(self) -> tuple[str, ...]:
        """Return a line for each test cell that the solution does not pass."""
        return tuple(
            f"the lab's own solution earns {verdict.points or 0:g} of {verdict.maximum:g} in "
            f"{name}. {self.bugs.get(name) or ' '.join(m.text for m in verdict.messages)}"
            for name, verdict in self.verdicts.items()
            if verdict.outcome != "passed"
        )


def solve(
    context: GradingContext, *, mutate: bool = True, progress: Callable[[str], object] = str
) -> SolutionResult:
    """Return what the lab's own solution earns, and which of its mutants no test notices.

    Args:
        context: the lab's notebook and how it is graded.
        mutate: whether to try mutants.
        progress: called with the mutant under way.
    """
    run = _MutatingRun(context, mutate=mutate, progress=progress)
    run.run()
    return SolutionResult(run.verdicts, run.bugs, run.mutated)


class _MutatingRun(NotebookRun):
    """A pass through the solution's cells that stops after each task to try its mutants."""

    def __init__(
        self, context: GradingContext, *, mutate: bool, progress: Callable[[str], object]
    ) -> None:
        limits = replace(context.options, limits=mutant_limits(context.options.limits))
        super().__init__(
            copy.deepcopy(context.lab.source),
            replace(context, options=limits),
            cases=context.cases(SOLUTION),
            modes=TestModes(is_solution=True),
        )
        self._parts = parts_of(self._cells) if mutate else {}
        self._progress = progress
        self.mutated: dict[str, MutationResult] = {}

    def _try(self, place: int, cell: NotebookNode) -> None:
        super()._try(place, cell)
        if place in self._parts:
            self._mutate(place, self._parts[place])

    def _mutate(self, place: int, part: Part) -> None:
        fates: dict[bool, list[Mutant]] = {True: [], False: []}
        for answer in part.answers:
            for mutant in mutants_of(answer.source, cells.grade_id(answer) or answer.id):
                self._progress(str(mutant))
                fates[self._is_killed(mutant, part.tests)].append(mutant)
                if not self._session.alive:
                    self._revive(place + 1)
            self._session.run_cell(answer.source)
        found = MutationResult(tuple(fates[True]), tuple(fates[False]))
        self.mutated[cells.grade_id(part.tests[0])] = found

    def _is_killed(self, mutant: Mutant, tests: Sequence[NotebookNode]) -> bool:
        """Return whether a mutant loses points or ends the kernel."""
        run = self._session.run_cell(mutant.source)
        return run.timed_out or run.died or any(map(self._loses, tests))

    def _loses(self, test: NotebookNode) -> bool:
        name, maximum = cells.grade_id(test), cells.points(test)
        found = self._examiner.examine(
            Request(
                name,
                cells.split_test(test.source).hidden,
                maximum,
                known=tuple(self.learned[name]),
                stops_at_first_loss=True,
            ),
            self._session.ask,
            self._session.used,
        )
        # The solution passes, so what the test met otherwise is the mutant's doing.
        return bool(found.bug) or found.mark.outcome != "passed"


def mutant_limits(limits: Limits) -> Limits:
    """Return limits under which mutants run: less for each call, more for all together."""
    return replace(
        limits,
        call_seconds=min(CALL_SECONDS, limits.call_seconds),
        submission_seconds=100 * limits.submission_seconds,
        examining_seconds=100 * limits.examining_seconds,
        cpu_seconds=100 * limits.cpu_seconds,
    )


def parts_of(notebook_cells: Sequence[NotebookNode]) -> dict[int, Part]:
    """Return the tasks with answers in code, by the place of their last test cell.

    Args:
        notebook_cells: all cells of a notebook.
    """
    found: dict[int, Part] = {}
    part, last = Part((), ()), -1
    for place, cell in enumerate(notebook_cells):
        if cell.cell_type == "code" and cells.is_solution(cell):
            if part.tests:
                found[last], part = part, Part((), ())
            part = replace(part, answers=(*part.answers, cell))
        elif cells.is_test(cell) and part.answers:
            part, last = replace(part, tests=(*part.tests, cell)), place
    return {**found, last: part} if part.tests else found
