"""Runs the hidden part of one test cell and says what it is worth."""

from __future__ import annotations

import ast
import contextlib
import io
import math
import traceback
from typing import Any

import numpy as np

from autograder.cells import code_lines
from autograder.errors import (
    AutograderError,
    BadAnswer,
    GraderError,
    HiddenTestBug,
    KernelDied,
    OutOfMemory,
    StudentError,
    StudentFailure,
    StudentTimeout,
)
from autograder.examiner.link import Link
from autograder.examiner.namespace import ExamNamespace, Given
from autograder.examiner.precedents import TEST_FILE
from autograder.examiner.proxy import DataProxy
from autograder.examiner.seeds import shared_seeds
from autograder.marks import Mark, Message, Outcome
from coursekit.checks.waiting import is_stub

_DOES_NOT_HOLD = "A hidden test of this task does not hold."
_MEMORY_ERRORS = ("MemoryError", "_ArrayMemoryError", "ResourceExhaustedError")


class _Unread(io.TextIOBase):
    """Takes what a test prints, or the student's code in it, and keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)


def examine(hidden: str, link: Link, *, maximum: float, given: Given | None = None) -> Mark:
    """The mark for one test cell by its hidden part.

    The last line may be an expression that gives a `Mark` or, as under nbgrader, a number:
    the points. Without one, all points are earned when nothing raises.

    Args:
        hidden: the code between the hidden tests' marks.
        link: the student's kernel.
        maximum: the cell's points.
        given: what the lab itself says about names.

    Raises:
        HiddenTestBug: the test raised an error of its own, or gave impossible points. Whether the
            test is wrong or met a value that it could not use is for the caller to find out.
    """
    try:
        namespace = ExamNamespace(link, given)
        with shared_seeds(link.seed):
            value = _run(hidden, namespace)
        value = link.plain(value) if type(value) is DataProxy else value
    except StudentFailure as failure:
        return mark_for_failure(failure, maximum)
    except AssertionError as error:
        return _lost("failed", Message("problem", _assertion_text(error)), maximum)
    except AutograderError:
        raise
    except (MemoryError, OSError) as error:
        raise GraderError(f"the grader ran out of something: {error}") from error
    except Exception as error:
        raise HiddenTestBug(_explain(error)) from error
    return _mark_for_value(value, maximum)


def _run(source: str, namespace: dict[str, Any]) -> Any:
    """Runs the source; the value of its last line if that is an expression, else None."""
    try:
        tree = ast.parse(code_lines(source), TEST_FILE)
    except SyntaxError as error:
        raise HiddenTestBug(f"a hidden test cannot be parsed: {error}") from error
    last = tree.body[-1] if tree.body else None
    with contextlib.redirect_stdout(_Unread()):
        if not isinstance(last, ast.Expr):
            exec(compile(tree, TEST_FILE, "exec"), namespace)
            return None
        tree.body.pop()
        exec(compile(tree, TEST_FILE, "exec"), namespace)
        return eval(compile(ast.Expression(last.value), TEST_FILE, "eval"), namespace)


def _mark_for_value(value: Any, maximum: float) -> Mark:
    if isinstance(value, Mark):
        if value.maximum != maximum:
            raise HiddenTestBug(
                f"the exercise is worth {value.maximum:g} points, but its cell {maximum:g}"
            )
        return value
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        if not math.isfinite(value) or not 0 <= value <= maximum:
            raise HiddenTestBug(f"a hidden test gave {value} points of {maximum:g}")
        outcome: Outcome = "passed" if value == maximum else "partial" if value else "failed"
        return Mark(float(value), maximum=maximum, outcome=outcome)
    if value is False or value is np.False_:
        return _lost("failed", Message("problem", _DOES_NOT_HOLD), maximum)
    if value is not None and value is not True and value is not np.True_:
        raise HiddenTestBug(f"a hidden test ends in a {type(value).__name__}, which is no points")
    return Mark(maximum, maximum=maximum, outcome="passed")


def mark_for_failure(failure: StudentFailure, maximum: float) -> Mark:
    """No points, and the outcome and message that a failure stands for."""
    if isinstance(failure, StudentTimeout):
        hint = f"{failure}. Does a loop in it never end?"
        return _lost("timeout", Message("problem", hint), maximum)
    if isinstance(failure, OutOfMemory):
        return _lost("out_of_memory", Message("problem", str(failure)), maximum)
    if isinstance(failure, StudentError):
        return _mark_for_error(failure, maximum)
    if isinstance(failure, KernelDied):
        text = "the kernel ended while it ran this task, so nothing more could be asked of it"
        return _lost("student_error", Message("problem", text), maximum)
    assert isinstance(failure, BadAnswer)
    text = f"what came back cannot be read as plain data: {failure}"
    return _lost("failed", Message("problem", text), maximum)


def _mark_for_error(error: StudentError, maximum: float) -> Mark:
    if is_stub(error.type_name, error.text):
        message = Message("problem", "This task is not written yet.")
        return _lost("not_attempted", message, maximum)
    message = Message("problem", f"Your code raised {StudentError.__str__(error)}", error.traceback)
    if error.type_name in _MEMORY_ERRORS:
        return _lost("out_of_memory", message, maximum)
    return _lost("student_error", message, maximum)


def _assertion_text(error: AssertionError) -> str:
    """The sentence that the test's author wrote; a library's text could show expected values."""
    frames = traceback.extract_tb(error.__traceback__)
    own = bool(frames) and frames[-1].filename == TEST_FILE
    return (str(error).strip() if own else "") or _DOES_NOT_HOLD


def _lost(outcome: Outcome, message: Message, maximum: float) -> Mark:
    return Mark(0, maximum=maximum, outcome=outcome, messages=(message,))


def _explain(error: Exception) -> str:
    lines = traceback.format_exception(error)
    return f"a hidden test raised an error of its own:\n{''.join(lines)}"
