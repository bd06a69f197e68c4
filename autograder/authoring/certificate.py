"""The certificate of a lab: counts, faults, the table and the exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import reduce
from operator import add
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.authoring.mutations import Mutant
from autograder.authoring.survivors import as_toml

NAMED_AT_LEAST = 0.95
"""Part of a lab's mistakes that must be named rightly."""
_COLUMNS = ("task", "points", "caught", "named", "variants", "mutants", "explained")
_LEGEND = (
    "\ncaught, named: mistakes that lose points; that are named as what they are\n"
    "variants: right ways that earn all points\n"
    "mutants: changed solutions that lose points; explained: those that cannot"
)


@dataclass(frozen=True)
class Count:
    """How many of how many; counts add up."""

    good: int = 0
    of: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.good + other.good, self.of + other.of)

    def __str__(self) -> str:
        return f"{self.good}/{self.of}" if self.of else "–"

    @property
    def share(self) -> float:
        """The part that is good; 1 where there is nothing to count."""
        return self.good / self.of if self.of else 1.0


@dataclass(frozen=True)
class Row:
    """What was counted for one task; rows add up.

    Args:
        task: the exercise's name.
        points: its points.
        caught: mistakes that lose points for every student.
        named: mistakes that are named rightly for every student.
        variants: right ways, the reference among them, that earn all points.
        mutants: changed solutions that lose points.
        explained: how many of the others are explained.
    """

    task: str
    points: float = 0.0
    caught: Count = Count()
    named: Count = Count()
    variants: Count = Count()
    mutants: Count = Count()
    explained: int = 0

    def __add__(self, other: Row) -> Row:
        return Row(
            self.task,
            self.points + other.points,
            self.caught + other.caught,
            self.named + other.named,
            self.variants + other.variants,
            self.mutants + other.mutants,
            self.explained + other.explained,
        )

    def texts(self) -> tuple[str, ...]:
        """Return the cells of the table's row."""
        counts = (self.caught, self.named, self.variants, self.mutants)
        return (self.task, f"{self.points:g}", *map(str, counts), str(self.explained or "–"))


@dataclass(frozen=True)
class Certificate:
    """What certifying one lab gave.

    Args:
        lab: the assignment's id.
        rows: one for each task.
        facts: what was looked at beside the table, by name.
        survivors: mutants that no test notices and nobody explains.
        faults: what must be mended, each with what to do.
        remarks: what is worth knowing and stops nothing.
        seconds: wall time.
        whole: whether the release and the solution were run, and not the declarations alone.
    """

    lab: str
    rows: tuple[Row, ...]
    facts: dict[str, str] = field(default_factory=dict)
    survivors: tuple[Mutant, ...] = ()
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0
    whole: bool = True

    @property
    def total(self) -> Row:
        """All tasks together."""
        return reduce(add, self.rows, Row("all"))

    @property
    def holds(self) -> bool:
        """Whether the lab is certified."""
        return not self.faults and not self.survivors

    @property
    def exit_code(self) -> int:
        """0 where it is certified, else 1."""
        return 0 if self.holds else 1

    def data(self) -> dict[str, Any]:
        """Return the certificate as plain data."""
        survivors = [_without_source(mutant) for mutant in self.survivors]
        data = {**asdict(self), "survivors": survivors, "total": asdict(self.total)}
        return {"certified": self.holds and self.whole, **data}

    def print(self, console: Console) -> None:
        """Print the table, what was graded beside it, and what has to be fixed."""
        console.print(self._table())
        lines = [(_LEGEND, "dim"), ("", ""), *self._facts(), *self._to_mend(), self._end()]
        for text, style in lines:
            is_code = text.startswith("\n[[")  # to be copied, so no line of it is broken
            console.print(Text(text, style=style), soft_wrap=is_code)

    def _table(self) -> Table:
        table = Table(
            title=f"Certificate of {self.lab}",
            title_justify="left",
            box=SIMPLE_HEAD,
            padding=(0, 1, 0, 0),
            show_edge=False,
            show_footer=True,
        )
        for name, sum_of_all in zip(_COLUMNS, self.total.texts(), strict=True):
            is_name = name == "task"
            table.add_column(
                name, Text(sum_of_all), justify="left" if is_name else "right", no_wrap=True
            )
        for row in self.rows:
            table.add_row(*(Text(text) for text in row.texts()))
        return table

    def _facts(self) -> Iterator[tuple[str, str]]:
        width = max(map(len, self.facts), default=0)
        yield from ((f"{name:<{width}}  {text}", "") for name, text in self.facts.items())
        yield from ((f"Note: {remark}", "yellow") for remark in self.remarks)
        yield "", ""

    def _to_mend(self) -> Iterator[tuple[str, str]]:
        yield from ((f"✗ {fault}", "red") for fault in self.faults)
        for mutant in self.survivors:
            yield f"✗ no test notices: {mutant}", "red"
        if self.survivors:
            yield "  Add a case that notices it, or say in survivors.toml why none can:", ""
            yield from ((f"\n{as_toml(mutant)}", "dim") for mutant in self.survivors)
            yield "", ""

    def _end(self) -> tuple[str, str]:
        count = len(self.faults) + len(self.survivors)
        if self.holds and not self.whole:
            return f"✓ The declarations of {self.lab} hold ({self.seconds:.0f} s).", "bold green"
        if self.holds:
            return f"✓ {self.lab} is certified ({self.seconds:.0f} s).", "bold green"
        things = "thing has" if count == 1 else "things have"
        return f"✗ {self.lab} is not certified: {count} {things} to be mended.", "bold red"


def _without_source(mutant: Mutant) -> dict[str, Any]:
    return {name: value for name, value in asdict(mutant).items() if name != "source"}


def as_json(certificates: Sequence[Certificate]) -> str:
    """Return certificates as JSON: one object with ``certified`` and a list of ``labs``."""
    data = {
        "certified": all(certificate.holds for certificate in certificates),
        "labs": [certificate.data() for certificate in certificates],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
