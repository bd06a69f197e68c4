"""The names that a hidden test sees."""

from __future__ import annotations

import builtins
import contextlib
import io
from collections.abc import Iterable, Iterator, KeysView
from typing import Any

from autograder.errors import AutograderError, HiddenTestBug, StudentFailure
from autograder.examiner.given import Given
from autograder.examiner.link import Link
from autograder.examiner.names import names_of, python_text
from autograder.examiner.proxy import BASES
from autograder.examiner.seeds import LabRandom
from autograder.examiner.solution_trace import GIVEN_FILE

_OF_IPYTHON = ("display", "get_ipython")
_PLAIN = frozenset({type(None), bool, *BASES.values()})
"""Types of plain data: what a student binds to the name of an import by mistake."""


class ExamNamespace(dict[str, Any]):
    """The global names of a lab's tests, from the first test to the last.

    A name that the lab's own cells bind, in any statement, belongs to the trusted process: the
    cells that define it run here, whole and in order, when a test first needs it. A name that the
    lab's solutions bind belongs to the student and comes from the kernel; but what they import is
    imported here, if the student has the name at all. Any other name is a builtin or undefined. So
    nothing that a submission binds can replace one of the lab's names. What a test binds stays for
    later tests, as in a kernel.

    ``del`` removes a student's name from the kernel, and a new value of it goes back there; so does
    what a test binds to a name that the lab's solutions read.

    Args:
        link: the student's kernel.
        given: the code of the lab.
        seed: the seed of random numbers in the lab's own cells, here and in the kernel.
    """

    def __init__(self, link: Link, given: Given | None = None, *, seed: int = 0) -> None:
        super().__init__(__name__="__main__", __builtins__=builtins)
        self._link = link
        self._given = given or Given()
        self._place = len(self._given.cells)
        self._ran: set[int] = set()
        self._failures: dict[str, Exception] = {}
        self._taken_out: set[str] = set()
        self._making = False
        self._random = LabRandom(seed)
        link.lab_class = self._lab_class

    def begin(self, place: int, source: str) -> None:
        """Bring the names up to date for a test.

        Args:
            place: the test's place among the lab's cells.
            source: its code.
        """
        for passed in range(min(self._place, place), place):
            if self._given.cells[passed].kind == "answer":
                for name in self._given.cells[passed].names.binds:
                    self.pop(name, None)  # what an earlier test bound: now it is the student's
        self._place = place
        found = names_of(source)
        self._run_for(found.needs if not found.reads_any else self._given.names)

    def end(self, place: int) -> None:
        """Note that a test has run, so that it is not run again for a name that it bound."""
        self._ran.add(place)

    def __missing__(self, name: str) -> Any:
        owner = self._given.owner(name, self._place)
        if owner == "student":
            return self._of_the_student(name)
        if owner == "lab":
            self._run_for([name])
            if super().__contains__(name):
                return self[name]
            if name in self._failures:
                raise self._failures[name]
        raise KeyError(name)

    def _of_the_student(self, name: str) -> Any:
        value = self._link.look_up(name)
        statement = self._given.import_of(name, self._place)
        if not statement or type(value) in _PLAIN:
            return value
        bound: dict[str, Any] = {}
        try:
            exec(statement, bound)  # the lab's own statement
        except Exception:  # such as a module of the student's
            return value
        super().__setitem__(name, bound[name])
        return bound[name]

    def __contains__(self, name: object) -> bool:
        if super().__contains__(name) or not isinstance(name, str):
            return super().__contains__(name)
        try:
            self[name]
        except (KeyError, NameError):
            return False
        return True

    def keys(self) -> KeysView[str]:  # type: ignore[override]  # the keys of another dict
        """Return all names, including the student's, for `dir` and `globals`."""
        names = [n for n in self._given.names if self._given.owner(n, self._place) == "student"]
        present = self._link.defined(names) if names else []
        return dict.fromkeys([*super().keys(), *present]).keys()

    def __delitem__(self, name: str) -> None:
        is_own = super().__contains__(name)
        if is_own:
            super().__delitem__(name)
        if not is_own or name in self._given.read_by_answers:
            self._link.unbind(name)
            self._taken_out.add(name)

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self._taken_out and self._given.owner(name, self._place) == "student":
            self._link.bind(name, value)
            self._taken_out.remove(name)
            return
        super().__setitem__(name, value)
        if name in self._given.read_by_answers and not self._making:
            with contextlib.suppress(HiddenTestBug):  # what cannot cross stays here
                self._link.bind(name, value)

    def _lab_class(self, name: str) -> type | None:
        found = super().get(name)
        is_labs = self._given.owner(name, self._place) == "lab"
        return found if is_labs and isinstance(found, type) else None

    def _run_for(self, names: Iterable[str]) -> None:
        for place in self._given.cells_for(names, self._place):
            if place not in self._ran:
                self._ran.add(place)
                self._run(place)

    def _run(self, place: int) -> None:
        cell = self._given.cells[place]
        text = python_text(cell.source)
        if text is None:
            return
        drawing = cell.kind == "given" and self._given.draws
        with self._random.lab() if drawing else contextlib.nullcontext(), self._aside(place):
            try:
                code = compile(text, f"{GIVEN_FILE} {cell.name}", "exec", dont_inherit=True)
                exec(code, self)  # the lab's own lines
            except StudentFailure as failure:
                self._note(cell.names.binds, failure)
            except AutograderError:
                raise
            except Exception as error:
                text = f"the lab's own cell {cell.name!r} fails in the examiner: {error!r}"
                self._note(cell.names.binds, HiddenTestBug(text))

    def _note(self, names: frozenset[str], error: Exception) -> None:
        """Keep why some names are not there; those that were bound before the error are."""
        self._failures |= {
            name: error for name in names if not super(ExamNamespace, self).__contains__(name)
        }

    @contextlib.contextmanager
    def _aside(self, place: int) -> Iterator[None]:
        """Discard the output and keep the seeds here of a lab's cell that runs within the block."""
        now = self._place, self._making
        self._place, self._making = place, True
        added = [name for name in _OF_IPYTHON if not super(ExamNamespace, self).__contains__(name)]
        for name in added:
            super().__setitem__(name, _nothing)
        try:
            with self._link.aside(), contextlib.redirect_stdout(Unread()):
                yield
        finally:
            self._place, self._making = now
            for name in added:
                if super().get(name) is _nothing:
                    super().__delitem__(name)


class Unread(io.TextIOBase):
    """A text stream that discards what is printed."""

    def write(self, text: str) -> int:
        """Take a text; see `io.TextIOBase.write`."""
        return len(text)


def _nothing(*args: Any, **kwargs: Any) -> None:
    """Take the place of IPython's functions in a cell that runs outside a kernel."""
