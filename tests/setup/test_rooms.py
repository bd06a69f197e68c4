"""Imports in the grader run downward, and no two modules import each other.

A room is a folder of `autograder`. Which of them may import which is the order of `ROOMS`; what an
import in a function or for a type checker says counts, too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "app",
    "nbgrader_plugin",
    "authoring",
    "grading",
    "hidden_tests",
    "exercises",
    "submissions",
    "examiner",
    "course",
    "sandbox",
    "results",
    "errors",
)
"""From top to bottom: a room imports from itself and from those that stand below it."""
CONTENT = "hidden_tests"
"""This course's own: imports `exercises` and errors alone, and no room imports it."""


def modules_of(package: Path) -> dict[str, Path]:
    """Return the files of a package by the names under which they are imported."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(name: str, path: Path, known: Mapping[str, Path]) -> Iterator[str]:
    """Yield which of some modules a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            wanted = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = name if path.name == "__init__.py" else name.rpartition(".")[0]
            parents = package.split(".")
            base = ".".join(parents[: len(parents) + 1 - node.level]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            wanted = [f"{module}.{alias.name}" for alias in node.names]
            wanted = [each if each in known else module for each in wanted]
        else:
            continue
        yield from (each for each in wanted if each in known and each != name)


def arrows(package: Path) -> dict[str, set[str]]:
    """Return the imports within a package, by the module that imports."""
    known = modules_of(package)
    return {name: set(imports_of(name, path, known)) for name, path in known.items()}


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_the_table_names_each_room() -> None:
    found = {_room(name) for name in modules_of(ROOT / "autograder")} - {""}
    assert found == set(ROOMS)


def test_no_import_runs_upward() -> None:
    upward = [
        f"{name} imports {other}"
        for name, others in arrows(ROOT / "autograder").items()
        for other in others
        if _room(name) and _room(other) and ROOMS.index(_room(name)) > ROOMS.index(_room(other))
    ]
    assert upward == []


def test_hidden_tests_are_content_of_the_course() -> None:
    found = arrows(ROOT / "autograder")
    inward = [n for n, others in found.items() if CONTENT in {*map(_room, others)} - {_room(n)}]
    outward = {o for n, others in found.items() for o in others if _room(n) == CONTENT}
    assert inward == []
    assert {_room(name) for name in outward} == {CONTENT, "exercises", "errors"}


@pytest.mark.parametrize("package", ["autograder", "coursekit", "scripts"])
def test_no_modules_import_each_other(package: str) -> None:
    try:
        tuple(TopologicalSorter(arrows(ROOT / package)).static_order())
    except CycleError as error:
        pytest.fail(f"these import each other: {' -> '.join(error.args[1])}")


def test_an_upward_import_and_a_circle_are_found(tmp_path: Path) -> None:
    package = tmp_path / "autograder"
    for room in ("app", "results"):
        (package / room).mkdir(parents=True)
        (package / room / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "app" / "cli.py").write_text("from ..results import marks\n")
    (package / "results" / "marks.py").write_text(
        "def f():\n    from autograder.app.cli import main\n"
    )
    found = arrows(package)
    assert found["autograder.results.marks"] == {"autograder.app.cli"}
    assert found["autograder.app.cli"] == {"autograder.results.marks"}
    with pytest.raises(CycleError):
        tuple(TopologicalSorter(found).static_order())
