"""What a grading run did, in words, numbers and an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.results.verdict import CellVerdict, Verdict, warning_of_isolation

_NOT_GRADED = "none"


@dataclass(frozen=True)
class Entry:
    """One student's part of a run.

    Args:
        student: the student's id.
        verdicts: verdicts on the lab's notebooks; empty where the grader failed.
        failure: why the grader, not the student, failed; empty if it did not.
        reused: whether all verdicts were on disk already and still held.
        notes: what else was noticed of the hand-in, such as that its time is not known.
    """

    student: str
    verdicts: tuple[Verdict, ...] = ()
    failure: str = ""
    reused: bool = False
    notes: tuple[str, ...] = ()

    @property
    def has_grade(self) -> bool:
        """Whether every test cell of every notebook has points."""
        return not self.failure and all(verdict.has_grade for verdict in self.verdicts)

    @property
    def points(self) -> float:
        """Points of all test cells."""
        return round(sum(verdict.points for verdict in self.verdicts), 2)

    @property
    def cells(self) -> tuple[CellVerdict, ...]:
        """All cells' verdicts."""
        return tuple(cell for verdict in self.verdicts for cell in verdict.cells)

    def remarks(self) -> list[str]:
        """Return why there is no grade, and what loading and running it noticed."""
        reasons = [self.failure] if self.failure else []
        reasons += [verdict.unreadable for verdict in self.verdicts if verdict.unreadable]
        reasons += [note for verdict in self.verdicts for note in verdict.notes]
        return reasons + list(self.notes)


@dataclass(frozen=True)
class Report:
    """A run over a class.

    Args:
        lab: the assignment's id.
        entries: the students' parts, in their order.
        isolation: how kernels were isolated.
        seconds: wall time.
    """

    lab: str
    entries: tuple[Entry, ...] = field(default_factory=tuple)
    isolation: str = "bubblewrap"
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """0 where every submission has a grade, else 1."""
        return 0 if all(entry.has_grade for entry in self.entries) else 1

    def summary(self) -> str:
        """Return one line: how many, how long, how many without a grade."""
        graded = sum(entry.has_grade for entry in self.entries)
        reused = sum(entry.reused for entry in self.entries)
        line = f"{graded} of {len(self.entries)} submissions of {self.lab} have a grade"
        line += f" ({reused} unchanged since the last run)" if reused else ""
        return f"{line}; {self.seconds:.0f} s"

    def print(self, console: Console) -> None:
        """Print the table, what was diagnosed, remarks, failed tests and the summary."""
        if warning := warning_of_isolation(self.isolation):
            console.print(_plain(warning, "yellow"))
        for part in (self._table(), self._legend()):
            console.print(part)
        lines = *self._diagnoses(), *self._remarks(), *self._of_tests(), *self._test_failures()
        for line, style in lines:
            console.print(_plain(line, style))
        console.print(_plain(self.summary(), "bold"))

    def _tasks(self) -> list[str]:
        return _in_order([cell.grade_id for entry in self.entries for cell in entry.cells])

    def _table(self) -> Table:
        table = Table(
            title=f"Grades of {self.lab}",
            title_justify="left",
            box=SIMPLE_HEAD,
            padding=(0, 1, 0, 0),
        )
        table.add_column("student", overflow="fold", min_width=10)
        table.add_column("points", justify="right", no_wrap=True)
        for number, _ in enumerate(self._tasks(), start=1):
            table.add_column(str(number), justify="right", no_wrap=True)
        for entry in self.entries:
            table.add_row(*(_plain(text) for text in _row(entry, self._tasks())))
        return table

    def _legend(self) -> Text:
        maxima = {cell.grade_id: cell.maximum for entry in self.entries for cell in entry.cells}
        tasks = [
            f"{number} {_title(name)} ({f'{maxima[name]:g}' if maxima[name] else 'not graded'})"
            for number, name in enumerate(self._tasks(), start=1)
        ]
        signs = "t stopped by the time limit, - not attempted, ? has no score"
        if not all(maxima.values()):
            signs += ", ✓ right, ~ partly right"
        return _plain(f"{' · '.join(tasks)}\n{signs}\n", "dim")

    def _diagnoses(self) -> list[tuple[str, str]]:
        """Return how many made which mistake, and who."""
        made: dict[str, list[str]] = {}
        for entry in self.entries:
            for mistake in _in_order([m for cell in entry.cells for m in cell.mistakes]):
                made.setdefault(mistake, []).append(entry.student)
        ordered = sorted(made.items(), key=lambda item: -len(item[1]))
        return [
            (f"{len(students)} × {mistake.replace('_', ' ')}: {', '.join(students)}", "cyan")
            for mistake, students in ordered
        ]

    def _remarks(self) -> list[tuple[str, str]]:
        return [
            (f"{entry.student}: {remark}", "" if entry.has_grade else "red")
            for entry in self.entries
            for remark in entry.remarks()
        ]

    def _of_tests(self) -> list[tuple[str, str]]:
        """Return what the lab's author should know of the tests that gave scores."""
        broken = {cell.grade_id for e in self.entries for cell in e.cells if cell.points is None}
        found = [text for e in self.entries for v in e.verdicts for text in v.of_tests]
        return [(t, "yellow") for t in _in_order(found) if t.partition(" ")[0] not in broken]

    def _test_failures(self) -> list[tuple[str, str]]:
        """Return each hidden test that failed of itself, once, with its traceback."""
        failed = {
            cell.grade_id: cell.messages[0].detail
            for entry in self.entries
            for cell in entry.cells
            if cell.outcome == "grader_error"
        }
        return [
            (f"{name} is broken; mend it and grade again\n{why}", "red")
            for name, why in failed.items()
        ]


def _title(grade_id: str) -> str:
    return grade_id.removeprefix("test_").replace("_", " ")


def _in_order(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _row(entry: Entry, names: list[str]) -> list[str]:
    by_id = {cell.grade_id: cell for cell in entry.cells}
    shown = [_cell(by_id[name]) if name in by_id else "?" for name in names]
    return [entry.student, f"{entry.points:g}" if entry.has_grade else _NOT_GRADED, *shown]


def _cell(cell: CellVerdict) -> str:
    if cell.points is None:
        return "?"
    if not cell.maximum and cell.outcome in ("passed", "partial"):
        return {"passed": "✓", "partial": "~"}[cell.outcome]
    if not cell.points:
        return {"timeout": "t", "not_attempted": "-"}.get(cell.outcome, "0")
    return f"{cell.points:g}"


def _plain(text: str, style: str = "") -> Text:
    """Return text as it is: a student's id is never read as markup or as a terminal's commands."""
    return Text("".join(c if c.isprintable() or c == "\n" else "?" for c in text), style=style)
