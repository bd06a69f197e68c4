"""Cells that were added, split, moved, deleted or merged."""

from __future__ import annotations

import copy

from nbformat import NotebookNode

from tests.honest.lab import ANSWERS
from tests.honest.submission import Cell, Honest

_STUB_WINS = "a deleted stub is put back behind the answer and hides it, as `def f(): raise ...`"
_HELPER = "def windows(values, width):\n    return zip(*(values[i:] for i in range(width)))"


def _place(notebook: NotebookNode, name: str) -> int:
    return [cell.id for cell in notebook.cells].index(name)


def _without(*names: str) -> object:
    def save(notebook: NotebookNode) -> NotebookNode:
        notebook.cells = [cell for cell in notebook.cells if cell.id not in names]
        return notebook

    return save


def _split_answer(notebook: NotebookNode) -> NotebookNode:
    """As JupyterLab splits a cell: both halves have the metadata."""
    place = _place(notebook, "moving_sum")
    first = copy.deepcopy(notebook.cells[place])
    first.id, first.source = "first-half", _HELPER
    notebook.cells.insert(place, first)
    return notebook


def _copied_test(notebook: NotebookNode) -> NotebookNode:
    """The test cell copied above its answer and played with."""
    place = _place(notebook, "double")
    played = copy.deepcopy(notebook.cells[_place(notebook, "test_double")])
    played.id, played.source = "played", "double(5)\nassert False"
    notebook.cells.insert(place, played)
    return notebook


def _copied_answer(notebook: NotebookNode) -> NotebookNode:
    """A first try, wrong, left above the answer as a copy of its cell."""
    place = _place(notebook, "double")
    attempt = copy.deepcopy(notebook.cells[place])
    attempt.id, attempt.source = "attempt", "def double(x):\n    return x"
    notebook.cells.insert(place, attempt)
    return notebook


def _answer_as_markdown(notebook: NotebookNode) -> NotebookNode:
    """The key m was pressed on an answer."""
    cell = notebook.cells[_place(notebook, "double")]
    cell.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]
    return notebook


def _tests_at_the_end(notebook: NotebookNode) -> NotebookNode:
    tests = [cell for cell in notebook.cells if cell.id.startswith("test_")]
    notebook.cells = [cell for cell in notebook.cells if cell not in tests] + tests
    return notebook


def _answers_reversed(notebook: NotebookNode) -> NotebookNode:
    first = [cell for cell in notebook.cells if cell.id in ("imports", "intro")]
    notebook.cells = first + [cell for cell in reversed(notebook.cells) if cell not in first]
    return notebook


def _everything_in_one_cell(notebook: NotebookNode) -> NotebookNode:
    """All answers merged into the first one's cell, the emptied cells deleted."""
    notebook.cells[_place(notebook, "double")].source = "\n\n".join(ANSWERS.values())
    notebook.cells = [c for c in notebook.cells if c.id not in set(ANSWERS) - {"double"}]
    return notebook


def _answer_merged_into_the_one_before(notebook: NotebookNode) -> NotebookNode:
    """Two answers in one cell, above the first one's test."""
    notebook.cells[_place(notebook, "double")].source += f"\n\n{ANSWERS['moving_sum']}"
    del notebook.cells[_place(notebook, "moving_sum")]
    return notebook


def _given_cells_changed(notebook: NotebookNode) -> NotebookNode:
    """Comments in test cells and in the imports."""
    for cell in notebook.cells:
        if cell.id.startswith("test_") or cell.id == "imports":
            cell.source += "\n# passes!"
    return notebook


SUBMISSIONS = (
    Honest(
        "helper_cells",
        "Helpers stand in cells of their own, before and between.",
        {"moving_sum": "def moving_sum(v, w):\n    return [sum(part) for part in windows(v, w)]"},
        (
            Cell("imports", "import math, os, sys"),
            Cell("double", _HELPER),
            Cell("end", "double(2)"),
        ),
    ),
    Honest(
        "many_cells_between",
        "Eighty cells of trying out stand between the answers, in order.",
        extra=tuple(
            Cell(before, f"tried_{n} = {n}\ntried_{n}")
            for n, before in enumerate(["double", "test_double", "convolve2d", "end"] * 20)
        ),
    ),
    Honest(
        "markdown_edits",
        "Texts were edited and added, with pictures, HTML and raw cells.",
        {"intro": "# My lab\n\n<img src='x.png'> $x$"},
        (
            Cell("double", "I think that *x + x* is right. 😀", "markdown"),
            Cell("double", "", "markdown"),
            Cell("end", "```python\ndouble(2)\n```", "markdown"),
            Cell("moving_sum", "\\raw{x}", "raw"),
            Cell("moving_sum", ""),
            Cell("moving_sum", "# only a comment"),
        ),
    ),
    Honest(
        "answer_in_another_cell",
        "The stub was left as it was, and the answer stands in a cell below it.",
        {"double": "def double(x):\n    raise NotImplementedError"},
        (Cell("test_double", ANSWERS["double"]),),
    ),
    Honest(
        "redefined_later",
        "A name of an answer is used for something else behind its test.",
        extra=(
            Cell("moving_sum", "def double(a, b, c):\n    return None"),
            Cell("end", "moving_sum = 'done'\nclass RunningMean: pass"),
        ),
    ),
    Honest(
        "split_answer",
        "An answer's cell was split in two.",
        {"moving_sum": "def moving_sum(v, w):\n    return [sum(part) for part in windows(v, w)]"},
        save=_split_answer,
    ),
    Honest("copied_test", "A test cell was copied and played with.", save=_copied_test),
    Honest("copied_answer", "A wrong first try stands above, as a copy.", save=_copied_answer),
    Honest("answer_as_markdown", "An answer has become Markdown.", save=_answer_as_markdown),
    Honest("tests_at_the_end", "All tests were moved to the end.", save=_tests_at_the_end),
    Honest("answers_reversed", "The tasks stand in reverse order.", save=_answers_reversed),
    Honest(
        "tests_deleted", "Test cells were deleted.", save=_without("test_double", "test_convolve2d")
    ),
    Honest("imports_deleted", "The given imports were deleted.", save=_without("imports")),
    Honest(
        "answer_in_a_new_cell",
        "The stub was deleted, and the answer stands in a cell of the student's own.",
        extra=(Cell("moving_sum", ANSWERS["moving_sum"]),),
        save=_without("moving_sum"),
    ),
    Honest(
        "answer_at_the_top",
        "The stub was deleted, and the answer stands in a cell at the top.",
        extra=(Cell("imports", ANSWERS["moving_sum"]),),
        save=_without("moving_sum"),
    ),
    Honest(
        "answer_merged_into_the_one_before",
        "Two answers stand in the first one's cell, and the second's was deleted.",
        save=_answer_merged_into_the_one_before,
    ),
    Honest(
        "everything_in_one_cell",
        "All answers stand in one cell, and the others' cells were deleted.",
        save=_everything_in_one_cell,
    ),
    Honest("given_cells_changed", "Comments were put in given cells.", save=_given_cells_changed),
)
