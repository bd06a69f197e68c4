"""Examples in docstrings give what they say."""

from __future__ import annotations

import doctest
import importlib
import inspect
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from autograder import exercises
from autograder.exercises import (
    Case,
    CaseGroup,
    DeclaredFunction,
    FunctionExercise,
    MistakeList,
    distinguishing,
)

ROOT = Path(__file__).resolve().parents[2]


def _modules_with_examples() -> list[str]:
    found = []
    for package in ("autograder", "coursekit", "scripts"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if ">>> " in path.read_text(encoding="utf-8"):
                parts = path.relative_to(ROOT).with_suffix("").parts
                found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


@pytest.mark.parametrize("name", _modules_with_examples())
def test_examples_run(name: str) -> None:
    flags = doctest.NORMALIZE_WHITESPACE  # a long line of output is broken in the docstring
    result = doctest.testmod(importlib.import_module(name), optionflags=flags)
    plt.close("all")
    assert result.attempted > 0
    assert result.failed == 0


def test_there_are_examples() -> None:
    assert len(_modules_with_examples()) > 1


@pytest.mark.parametrize("module", ["checks", "plots", "widgets"])
def test_every_public_function_has_an_example(module: str) -> None:
    public = importlib.import_module(f"coursekit.{module}")
    functions = [getattr(public, name) for name in public.__all__]
    functions = [each for each in functions if inspect.isfunction(each)]
    assert len(functions) > 5
    assert [each.__name__ for each in functions if ">>> " not in (each.__doc__ or "")] == []


def test_what_declares_an_exercise_has_an_example() -> None:
    declaring = (exercises, Case, CaseGroup, DeclaredFunction, FunctionExercise, MistakeList)
    functions = (MistakeList.add, distinguishing)
    assert [each for each in (*declaring, *functions) if ">>> " not in (each.__doc__ or "")] == []
