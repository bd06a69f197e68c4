"""A trace of what the lab's own solution did in a hidden test, by position in its code.

Some operations on a student's object would usually be dangerous: in ``f(x) - 3`` the object would
see the expected value and could return 0. They are harmless if the lab's own solution returns an
object as well, as in ``2 * Vector(1, 2)``, where the operator itself is tested. So the solution's
run is traced, and a student's code may do at a position of the test what the solution did there.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Collection, Iterable
from types import FrameType

TEST_FILE = "<hidden test>"
GIVEN_FILE = "<given by the lab>"
"""What the file names begin with that tests and the lab's given cells are compiled as."""
_DECLARED = ("autograder.hidden_tests", "autograder.exercises")


class SolutionTrace:
    """Operations with the positions at which the lab's own solution did them.

    Args:
        known: operations with their positions, from `learned` of an earlier trace.
        classes: names of the classes that the lab defines; if given, this is the run of the
            lab's solution, in which such operations are recorded and not refused.
    """

    def __init__(
        self, known: Iterable[str] = (), *, classes: Collection[str] | None = None
    ) -> None:
        self._known = set(known)
        self._classes = frozenset(classes or ())
        self._of_solution = classes is not None
        self.remark = ""
        """What the lab's author should know if the solution does not pass."""

    @property
    def learns(self) -> bool:
        """Whether this is the solution's run, and a line of the test itself runs."""
        return self._of_solution and in_a_test()

    @property
    def learned(self) -> list[str]:
        """All operations with their positions, sorted."""
        return sorted(self._known)

    def has(self, operation: str) -> bool:
        """Return whether the solution did this operation at the test's current position."""
        return f"{operation} {_place()}" in self._known

    def note(self, operation: str) -> None:
        """Record an operation at the test's current position, if this is the solution's run."""
        if self.learns:
            self._known.add(f"{operation} {_place()}")

    def allows(self, operation: str, type_name: str) -> bool:
        """Return whether an object may do an operation at the test's current position.

        Args:
            operation: such as ``operate``.
            type_name: the object's class; it only matters in the solution's run.
        """
        if self.learns and type_name in self._classes:
            self.note(operation)
        return self.has(operation)


def in_a_test() -> bool:
    """Return whether a hidden test's own line runs, and not an exercise that it called."""
    return bool(_place())


def _place() -> str:
    """Return the position in the hidden test that runs; empty in an exercise declared elsewhere."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith((TEST_FILE, GIVEN_FILE)):
            positions = itertools.islice(code.co_positions(), frame.f_lasti // 2, None)
            where = "-".join(map(str, next(positions, ())))
            return f"{code.co_filename} {code.co_qualname} {where}"
        if str(frame.f_globals.get("__name__")).startswith(_DECLARED):
            return ""
        frame = frame.f_back
    return ""
