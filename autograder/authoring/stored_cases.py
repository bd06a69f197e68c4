"""The stored cases of a lab: data for visible tests, from the hidden tests' declarations.

They are drawn with a seed of their own, so no student's hidden cases are among them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.authoring.case_selection import stored_exercise
from autograder.authoring.tasks import tasks_of
from autograder.authoring.trials import functions_of
from autograder.course.lab import Lab
from autograder.examiner.seeding import cases_for
from autograder.exercises.declaration import FunctionExercise
from coursekit import stored_cases

_NOTE = "Made by `autograder store-cases` from the hidden tests' declarations; do not edit."


def store_cases(lab: Lab) -> str:
    """Write the stored cases of a lab into coursekit; a line that says what was written.

    Args:
        lab: the lab.
    """
    data, path = stored_cases_of(lab), stored_path(lab.name)
    made = data["exercises"]
    if not made:
        return f"{lab.name} has no exercise whose answers can be stored as data; nothing is written"
    path.write_text(as_text(data), encoding="utf-8")
    count = sum(len(stored["cases"]) for stored in made.values())
    return f"{count} cases of {len(made)} exercises of {lab.name} are stored in {path}"


def stored_path(lab: str) -> Path:
    """Return where the stored cases of a lab lie."""
    return stored_cases.folder() / f"{lab}.json"


def stored_cases_of(lab: Lab) -> dict[str, Any]:
    """Return the stored cases of a lab as plain data.

    Args:
        lab: the lab; its test cells say which exercises it has.
    """
    made = {}
    with cases_for("stored cases", lab.name):
        for exercise in _exercises(lab):
            if stored := stored_exercise(exercise):
                made[exercise.name] = stored
    return {"about": _NOTE, "exercises": made}


def as_text(data: dict[str, Any]) -> str:
    """Return stored cases as JSON, with each innermost list on one line."""
    text = json.dumps(data, indent=0, ensure_ascii=False, allow_nan=False)
    inner = re.compile(r"\[\n([^\[\]{}]*)\n *\]")
    return inner.sub(lambda found: f"[{_on_one_line(found[1])}]", text) + "\n"


def _on_one_line(text: str) -> str:
    return re.sub(r"\n *", "", text).strip()


@dataclass(frozen=True)
class Stored:
    """What is known about the stored cases of a lab.

    Args:
        lab: the lab's name.
        made: names of the exercises of which cases can be stored.
        used: names of those that the notebooks' visible tests ask for.
        current: whether the file holds what today's declarations give.
        there: whether there is a file.
    """

    lab: str
    made: tuple[str, ...]
    used: tuple[str, ...]
    current: bool
    there: bool

    def fact(self) -> str:
        """Return how many exercises have cases and how many are used."""
        return f"cases of {len(self.made)} exercises; visible tests ask for {len(self.used)}"

    def faults(self) -> tuple[str, ...]:
        """Return what keeps the visible tests from working as declared."""
        unknown = [name for name in self.used if name not in self.made]
        found = [f"check_stored asks for {self.lab}/{name}, which has none" for name in unknown]
        if not self.current and (self.there or self.used):
            problem = "do not belong to today's declarations" if self.there else "are missing"
            found.append(
                f"the stored cases of {self.lab} {problem}: run `autograder store-cases {self.lab}`"
            )
        return tuple(found)

    def remarks(self) -> tuple[str, ...]:
        """Return exercises whose visible test could name mistakes and does not."""
        idle = ", ".join(name for name in self.made if name not in self.used)
        return (f"no visible test asks for the stored cases of {idle}",) if idle else ()


def look_at_stored(lab: Lab) -> Stored:
    """Return what is known about the stored cases of a lab.

    Args:
        lab: the lab.
    """
    path, made = stored_path(lab.name), stored_cases_of(lab)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    return Stored(
        lab.name, tuple(made["exercises"]), tuple(_used(lab)), _alike(found, made), path.is_file()
    )


def _used(lab: Lab) -> list[str]:
    """Return names of exercises that the lab's released cells call `check_stored` with."""
    asked = re.compile(rf"check_stored\(\s*\w+,\s*[\"']{re.escape(lab.name)}/(\w+)[\"']")
    sources = [cell.source for book in lab.notebooks.values() for cell in book.released.cells]
    return list(dict.fromkeys(name for source in sources for name in asked.findall(source)))


def _alike(found: Any, made: Any) -> bool:
    """Return whether two pieces of data are the same, up to rounding."""
    if isinstance(made, float) and isinstance(found, (int, float)):
        return math.isclose(found, made, rel_tol=1e-6, abs_tol=1e-6)
    if isinstance(made, dict) and isinstance(found, dict):
        return list(made) == list(found) and all(_alike(found[key], made[key]) for key in made)
    if isinstance(made, list) and isinstance(found, list):
        return len(made) == len(found) and all(map(_alike, found, made))
    return type(made) is type(found) and bool(made == found)


def _exercises(lab: Lab) -> Iterator[FunctionExercise]:
    for book in lab.notebooks.values():
        for task in tasks_of(book)[0]:
            yield from functions_of(task.exercise)
