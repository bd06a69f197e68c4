"""What the lab's own solution did in a hidden test, place by place.

Some things that a test does with a student's object would be dangerous everywhere: in
``f(x) - 3`` an object would see what is expected and could answer 0. They are harmless where the
lab's own solution gives an object as well, as in ``2 * Vector(1, 2)``: there the operator is what
is tested. So the solution's run is watched, and a student's code may do in the same place of the
test what the solution did.
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
    """Operations by the places where the lab's own solution did them.

    Args:
        known: operations with their places, as `learned` of another gave them.
        classes: names of the classes that the lab defines; with them this is a run of its own
            solution, in which such operations are noted and not refused.
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
        """Whether this is the solution's run, and a line of the test itself is at work."""
        return self._of_solution and in_a_test()

    @property
    def learned(self) -> list[str]:
        """All operations with their places, sorted."""
        return sorted(self._known)

    def has(self, operation: str) -> bool:
        """Return whether the solution did this where the test is now."""
        return f"{operation} {_place()}" in self._known

    def note(self, operation: str) -> None:
        """Note what the solution did where the test is now, if this is its run."""
        if self.learns:
            self._known.add(f"{operation} {_place()}")

    def allows(self, operation: str, type_name: str) -> bool:
        """Return whether an object of a class may do this where the test is now.

        Args:
            operation: such as ``operate``.
            type_name: the object's class, which is only looked at in the solution's run.
        """
        if self.learns and type_name in self._classes:
            self.note(operation)
        return self.has(operation)


def in_a_test() -> bool:
    """Return whether a hidden test's own line is at work, and no exercise that it has called."""
    return bool(_place())


def _place() -> str:
    """Return the line of the hidden test that runs; empty in an exercise declared elsewhere."""
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
