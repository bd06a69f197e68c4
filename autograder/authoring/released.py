"""Grades the untouched release as if a student had handed it in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat

from autograder.course import cells
from autograder.course.lab import LabNotebook
from autograder.grading.context import GradingContext
from autograder.grading.grade import grade_file
from autograder.results.verdict import Verdict

STUB_ERROR = "NotImplementedError"
_UNWRITTEN = ("is not written yet", "waits until")


def grade_release(context: GradingContext) -> Verdict:
    """Return the verdict on what students get, handed in as it is.

    Args:
        context: a lab's notebook and how it is graded.
    """
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        path = Path(folder) / f"{context.lab.name}.ipynb"
        nbformat.write(context.lab.released, path)
        return grade_file(path, "release", context)


def release_faults(verdict: Verdict, book: LabNotebook) -> tuple[str, ...]:
    """Return what an untouched release does but end at its stubs without a point.

    Args:
        verdict: what `grade_release` gave.
        book: the lab's notebook.
    """
    if verdict.unreadable:
        return (f"the release cannot be read: {verdict.unreadable}",)
    return (*_graded_otherwise(verdict), *_other_errors(verdict, book))


def _graded_otherwise(verdict: Verdict) -> Iterator[str]:
    for cell in verdict.cells:
        if cell.points or cell.outcome != "not_attempted":
            message = next((message.text for message in cell.messages), "")
            yield (
                f"{cell.grade_id} of the untouched release is {cell.outcome} with "
                f"{cell.points or 0:g} points and not 'not attempted' with 0. {message}".rstrip()
            )


def _other_errors(verdict: Verdict, book: LabNotebook) -> Iterator[str]:
    """Yield errors of cells that are no stub's: a student would meet them before writing a line."""
    tests = {cell.id for cell in book.source.cells if cells.is_test(cell)}
    for cell_id, outputs in verdict.outputs.items():
        for output in outputs:
            if output.get("output_type") != "error":
                continue
            name, text = str(output.get("ename")), str(output.get("evalue"))
            unwritten = cell_id in tests and any(words in text for words in _UNWRITTEN)
            if name != STUB_ERROR and not unwritten:
                yield (
                    f"cell {cell_id!r} of the untouched release stops with {name}: {text[:120]}; "
                    f"only {STUB_ERROR} may be met there"
                )
