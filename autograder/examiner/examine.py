"""Runs the hidden part of a test cell and marks it."""

from __future__ import annotations

import ast
import contextlib
import errno
import io
import math
import sys
import traceback
from collections.abc import Collection
from functools import partial
from types import FrameType
from typing import Any

import numpy as np

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
from autograder.examiner.given import Given
from autograder.examiner.link import Link
from autograder.examiner.names import python_text
from autograder.examiner.namespace import ExamNamespace
from autograder.examiner.proxy import DataProxy
from autograder.examiner.raised import MEMORY_ERRORS
from autograder.examiner.seeds import shared_seeds
from autograder.examiner.solution_trace import TEST_FILE
from autograder.results.marks import Mark, Message, Outcome
from coursekit.checks.waiting import is_stub

_DOES_NOT_HOLD = "A hidden test of this task does not hold."
_ARGUMENT_CHANGED = "Your code changes an argument that the test needs as it was."
TOO_LARGE_FOR_THE_TEST = (
    "What your code gave back makes the test need more memory than it may have. Is a value far too "
    "large?"
)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EROFS)
"""Errors of the operating system that are the host's and no value's doing."""
MAX_PRINTED = 20_000
"""Characters of what the visible part of one test prints."""


class _Printed(io.TextIOBase):
    """Keep what the visible lines of a test print, and nothing of the hidden ones.

    Args:
        file_name: what the test is compiled as.
        lines: the numbers of its visible lines.
    """

    def __init__(self, file_name: str, lines: Collection[int]) -> None:
        self._file_name = file_name
        self._lines = lines
        self.text = ""

    def write(self, text: str) -> int:
        """Take a text; see `io.TextIOBase.write`."""
        if self._lines and self._line() in self._lines:
            self.text += text[: MAX_PRINTED - len(self.text)]
        return len(text)

    def _line(self) -> int:
        """Return the number of the test's own line that runs; 0 if none does."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            code = frame.f_code
            if code.co_filename == self._file_name and code.co_name == "<module>":
                return frame.f_lineno
            frame = frame.f_back
        return 0


class Examination:
    """The tests of one submission, examined one after the other over one kernel.

    Args:
        link: the student's kernel.
        given: the code of the lab.
        seed: the seed of random numbers in the lab's own cells.
    """

    def __init__(self, link: Link, given: Given | None = None, *, seed: int = 0) -> None:
        self._link = link
        self._given = given or Given()
        self._namespace = ExamNamespace(link, self._given, seed=seed)
        self.where = ""
        """The line of the last test at which it ended early, for the lab's author."""
        self.printed = ""
        """What the visible lines of the last test printed."""

    def examine(
        self,
        source: str,
        *,
        maximum: float,
        name: str = "",
        visible: Collection[int] = (),
    ) -> Mark:
        """Return the mark for one test.

        The last line may be an expression that gives a `Mark` or, as under nbgrader, a number:
        the points. Without one, all points are earned when nothing raises.

        Args:
            source: the code of the test cell, or its hidden part.
            maximum: the cell's points.
            name: the cell's name in `given`; by default the test stands behind all cells.
            visible: numbers of the lines that students see, whose output is kept.

        Raises:
            HiddenTestBug: the test itself raised an error, or gave points outside its range. The
                caller has to find out whether the test is wrong or met a value that it could not
                use.
            GraderError: the host failed.
        """
        run = partial(self._once, source, maximum=maximum, name=name, visible=visible)
        mark = run()
        if not self._link.argument_changed or not mark or mark.messages:
            return mark
        # A test may ask whether its arguments are what they were. It has to hold with the changes
        # that the student's code makes to them, and without: neither can hide a wrong answer.
        printed = self.printed
        try:
            with self._link.changes_kept():
                again = run()
        except HiddenTestBug:  # it cannot use what its argument has become
            again = _lost("failed", Message("problem", _ARGUMENT_CHANGED), maximum)
        self.printed = printed
        return min(mark, again)

    def _once(self, source: str, *, maximum: float, name: str, visible: Collection[int]) -> Mark:
        place = self._given.places.get(name, len(self._given.cells))
        file_name = f"{TEST_FILE} {name}".rstrip()
        output = _Printed(file_name, visible)
        self.where = ""
        try:
            with shared_seeds(self._link.seed), contextlib.redirect_stdout(output):
                self._namespace.begin(place, source)
                value = _run(source, file_name, self._namespace)
                self._namespace.end(place)
            value = self._link.plain(value) if type(value) is DataProxy else value
            return _mark_for_value(value, maximum)
        except BaseException as error:
            self._namespace.end(place)
            self.where = _line_of(error, file_name, source)
            return _mark_for_exception(error, maximum, self.where)
        finally:
            self.printed = output.text


def examine(hidden: str, link: Link, *, maximum: float, given: Given | None = None) -> Mark:
    """Return the mark for one test over a kernel; see `Examination.examine`.

    Args:
        hidden: the code of the test.
        link: the student's kernel.
        maximum: the cell's points.
        given: the code of the lab.

    Raises:
        HiddenTestBug: see `Examination.examine`.
        GraderError: the host failed.
    """
    return Examination(link, given).examine(hidden, maximum=maximum)


def _mark_for_exception(error: BaseException, maximum: float, where: str) -> Mark:
    """Return the mark of a test that an exception ended."""
    if isinstance(error, StudentFailure):
        return mark_for_failure(error, maximum)
    if isinstance(error, AssertionError):
        return _lost("failed", Message("problem", _assertion_text(error)), maximum)
    if isinstance(error, AutograderError):
        raise error
    if isinstance(error, MemoryError):
        return _lost("out_of_memory", Message("problem", TOO_LARGE_FOR_THE_TEST), maximum)
    if isinstance(error, OSError) and error.errno in _FULL:
        raise GraderError(f"the grader ran out of something: {error}") from error
    if isinstance(error, (Exception, SystemExit)):
        text = "".join(traceback.format_exception_only(error)).strip()
        raise HiddenTestBug(f"{where}: {text}" if where else text) from error
    raise error


def _line_of(error: BaseException, file_name: str, source: str) -> str:
    """Return where in a test an exception came up, as text for its author."""
    found = [
        number
        for frame, number in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == file_name
    ]
    lines = source.split("\n")
    if not found or not 0 < found[-1] <= len(lines):
        return ""
    return f"line {found[-1]}, `{lines[found[-1] - 1].strip()[:200]}`"


def _run(source: str, file_name: str, namespace: dict[str, Any]) -> Any:
    """Run a test; return the value of its last line if that is an expression, else None."""
    text = python_text(source)
    if text is None:
        raise HiddenTestBug("the test cannot be parsed as Python")
    tree = ast.parse(text, file_name)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        tree.body.pop()
    exec(compile(tree, file_name, "exec", dont_inherit=True), namespace)  # the lab's own lines
    if not isinstance(last, ast.Expr):
        return None
    expression = ast.Expression(last.value)
    return eval(compile(expression, file_name, "eval", dont_inherit=True), namespace)  # likewise


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
    """Return a mark of no points, with the outcome and the message of a failure.

    Args:
        failure: what kept the student's code from giving a result.
        maximum: the cell's points.
    """
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
    if error.type_name in MEMORY_ERRORS:
        return _lost("out_of_memory", message, maximum)
    return _lost("student_error", message, maximum)


def _assertion_text(error: AssertionError) -> str:
    """Return the test author's own sentence; a library's could show expected values."""
    frames = traceback.extract_tb(error.__traceback__)
    own = bool(frames) and frames[-1].filename.startswith(TEST_FILE)
    return (str(error).strip() if own else "") or _DOES_NOT_HOLD


def _lost(outcome: Outcome, message: Message, maximum: float) -> Mark:
    return Mark(0, maximum=maximum, outcome=outcome, messages=(message,))
