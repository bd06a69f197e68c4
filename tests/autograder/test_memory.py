"""A cell that eats memory costs its own task, the same way each time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.results.verdict import Verdict

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(900)]

MEMORY = 2**30
HOARD = "kept = []\nwhile True:\n    kept.append(bytearray(10**7))"
ALL = {"test_double": 4.0, "test_square": 6.0}
SQUARE = "def square(x):\n    return len(bytearray(5 * 10**8)) and x * x"
RIGHT = "def double(x):\n    return x + x"

Answered = Callable[..., NotebookNode]
Graded = Callable[..., Verdict]


def _points(verdict: Verdict) -> dict[str, float | None]:
    return {cell.grade_id: cell.points for cell in verdict.cells}


@pytest.mark.parametrize(
    ("double", "due"),
    [
        (f"{HOARD}\n{RIGHT}", {"test_double": 0}),
        (f"{RIGHT}\nimport numpy as np\nx = np.ones(10**10)", {"test_double": 0}),
        (f"{RIGHT}\nkept = bytearray(5 * 10**8)", {}),
        ("kept = []\ndef double(x):\n    kept.extend(bytearray(10**7) for _ in range(10**4))", {}),
        ("def double(x):\n    return x + x + 0 * len(bytearray(10**10))", {}),
        ("import os\ndef double(x):\n    return os.fork() and 0", {}),
    ],
    ids=["hoards", "too large", "holds half", "calls hoard", "calls fail", "a wrong one"],
)
def test_a_cell_that_eats_memory_costs_its_own_task(
    double: str, due: dict[str, float], answered: Answered, graded: Graded
) -> None:
    holds_half = "5 * 10**8)" in double
    expected = {**ALL, **({} if holds_half else {"test_double": 0.0}), **due}
    found = [
        _points(graded(answered(double=double, square=SQUARE), memory_bytes=MEMORY))
        for _ in range(3)
    ]
    assert found == [expected] * 3


def test_a_cell_of_the_students_own_that_hoards_is_left_out_with_a_note(
    answered: Answered, graded: Graded
) -> None:
    notebook = answered(square=SQUARE)
    notebook.cells.insert(1, new_code_cell("kept = bytearray(5 * 10**8)", id="hoard"))
    verdict = graded(notebook, memory_bytes=MEMORY)
    assert _points(verdict) == ALL
    assert "cell 'hoard' holds so much memory that it was left out" in verdict.notes


def test_an_error_for_want_of_memory_is_told_as_that(answered: Answered, graded: Graded) -> None:
    verdict = graded(
        answered(double="def double(x):\n    return len(bytearray(10**10))"), memory_bytes=MEMORY
    )
    (mark,) = [cell for cell in verdict.cells if cell.grade_id == "test_double"]
    assert mark.outcome == "out_of_memory"
