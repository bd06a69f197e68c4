"""Checks a lab before anybody is graded by it: with its solution, its release and wrong answers."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from nbformat import NotebookNode

from autograder.course import cells
from autograder.errors import CourseError
from autograder.examiner.names import asks_for_identity, python_text
from autograder.grading.context import GradingContext
from autograder.grading.lab_tests import LabCheck, TestModes
from autograder.grading.notebook_run import NotebookRun, is_declared
from autograder.grading.trivial_answers import TRIVIAL, trivial_answer

SOLUTION = "the lab's own solution"
RELEASE = "the release, untouched"
_ROUNDS = 3
_IDENTITY = "it asks whether two objects are one"


def check_lab(context: GradingContext) -> LabCheck:
    """Return what the lab's own solution, its release and trivial wrong answers show of its tests.

    A lab without solutions cannot be checked and has no broken test.

    Args:
        context: the lab's notebook, whose own cells are run in a sandbox, and how.
    """
    require_python(context)
    if not context.lab.has_solutions:
        return LabCheck()
    run, in_kernel = _solved(context)
    broken = {name: in_kernel.get(name, why) for name, why in _failures(run).items()}
    if context.options.tests == "outside":
        broken |= dict.fromkeys(_of_identity(context), _IDENTITY)
    kept = {name: why for name, why in in_kernel.items() if name not in broken}
    modes = TestModes(run.learned, frozenset(kept))
    return LabCheck(broken, run.learned, kept, _too_easy(context, modes, set(broken)))


def require_python(context: GradingContext) -> None:
    """Raise CourseError unless the lab's notebook is in Python."""
    if context.lab.language != "python":
        raise CourseError(
            f"{context.lab.path} is a notebook in {context.lab.language!r}; only Python is graded "
            "here. Choose a Python kernel for it in JupyterLab and release it again"
        )


def _solved(context: GradingContext) -> tuple[NotebookRun, dict[str, str]]:
    """Return a run of the solution, and why tests that fail from outside were run in its kernel."""
    in_kernel: dict[str, str] = {}
    if context.options.tests != "outside":
        in_kernel = _with_those_that_they_need(
            context, dict.fromkeys(_of_identity(context), _IDENTITY)
        )
    modes = TestModes(in_kernel=frozenset(in_kernel), is_solution=True)
    run = _run(context, context.lab.source, modes)
    for _ in range(_ROUNDS):
        found = {n: why for n, why in _failures(run).items() if _may_run_inside(context, n)}
        new = _with_those_that_they_need(context, found)
        new = {name: why for name, why in new.items() if name not in in_kernel}
        if context.options.tests == "outside" or not new:
            break
        in_kernel |= new
        modes = TestModes(in_kernel=frozenset(in_kernel), is_solution=True)
        run = _run(context, context.lab.source, modes)
    return run, in_kernel


def _of_identity(context: GradingContext) -> Iterator[str]:
    """Yield the tests of object identity, which the solution may pass by chance."""
    given = context.given_code
    for cell in given.cells:
        plain = cell.kind == "test" and _may_run_inside(context, cell.name)
        if plain and asks_for_identity(cell.source, given.imported):
            yield cell.name


def _may_run_inside(context: GradingContext, name: str) -> bool:
    cell = context.lab.given_cells[name]
    return not is_declared(cell)


def _with_those_that_they_need(context: GradingContext, found: Mapping[str, str]) -> dict[str, str]:
    """Return tests with the earlier ones whose names they read, which run in the same place."""
    given, result = context.given_code, dict(found)
    for name in reversed(list(given.places)):
        if name not in result:
            continue
        place = given.places[name]
        for needed in given.cells_for(given.cells[place].names.needs, place):
            other = given.cells[needed]
            if other.kind == "test" and _may_run_inside(context, other.name):
                result.setdefault(other.name, f"{name} reads its names")
    return result


def _failures(run: NotebookRun) -> dict[str, str]:
    """Return why a run lost points, by test cell."""
    return {
        name: _reason(run, name)
        for name, verdict in run.verdicts.items()
        if verdict.outcome != "passed"
    }


def _reason(run: NotebookRun, name: str) -> str:
    reason = run.bugs.get(name) or " ".join(m.text for m in run.verdicts[name].messages)
    where = run.places.get(name, "")
    return reason if not where or where in reason else f"{where}: {reason}"


def _run(context: GradingContext, notebook: NotebookNode, modes: TestModes) -> NotebookRun:
    run = NotebookRun(copy.deepcopy(notebook), context, cases=context.cases(SOLUTION), modes=modes)
    run.run()
    return run


def _too_easy(context: GradingContext, modes: TestModes, broken: set[str]) -> dict[str, list[str]]:
    """Return wrong answers by the tests that give them all points."""
    found: dict[str, list[str]] = {}
    for what, notebook, unchanged in _wrong_answers(context):
        run = _run(context, notebook, modes)
        for name, verdict in run.verdicts.items():
            easy = verdict.maximum > 0 and verdict.points == verdict.maximum
            if easy and name not in broken and not _rests_on(context, name, unchanged):
                found.setdefault(name, []).append(what)
    return found


def _wrong_answers(context: GradingContext) -> Iterator[tuple[str, NotebookNode, frozenset[str]]]:
    """Yield each wrong answer with its notebook and the names that it leaves right."""
    released = {
        cells.grade_id(c): c.source for c in context.lab.released.cells if cells.is_solution(c)
    }
    yield RELEASE, *_replaced(context, lambda name, _: released[name])
    for kind in TRIVIAL:
        yield kind, *_replaced(context, partial(_trivial, kind))


def _trivial(kind: str, _: str, source: str) -> str:
    return trivial_answer(source, kind)


def _replaced(
    context: GradingContext, other: Callable[[str, str], str]
) -> tuple[NotebookNode, frozenset[str]]:
    notebook, unchanged = copy.deepcopy(context.lab.source), set[str]()
    for cell in notebook.cells:
        if cell.cell_type == "code" and cells.is_solution(cell):
            was, cell.source = cell.source, other(cells.grade_id(cell), cell.source)
            if _same_code(was, cell.source):
                place = context.given_code.places[cells.grade_id(cell)]
                unchanged |= context.given_code.cells[place].names.binds
    return notebook, frozenset(unchanged)


def _same_code(source: str, other: str) -> bool:
    texts = python_text(source), python_text(other)
    return None not in texts and len({ast.dump(ast.parse(text or "")) for text in texts}) == 1


def _rests_on(context: GradingContext, name: str, unchanged: frozenset[str]) -> bool:
    """Return whether all answers that a test reads are right all the same."""
    given = context.given_code
    place = given.places[name]
    read = set(given.cells[place].names.needs)
    for needed in given.cells_for(read, place):
        read |= given.cells[needed].names.needs
    answers = {n for n in read if given.owner(n, place) == "student"}
    return bool(answers) and answers <= unchanged
