"""The names in a lab's tests: who owns each, and which cells define it."""

from __future__ import annotations

import ast
import builtins
import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from autograder.course import cells
from autograder.course.lab import LabNotebook
from autograder.examiner.names import CodeNames, names_of, python_text

Kind = Literal["given", "test", "answer"]
Owner = Literal["lab", "student"]


@dataclass(frozen=True)
class LabCell:
    """A code cell of a lab's source.

    Args:
        name: its nbgrader id, or its cell id.
        kind: ``answer`` for a cell that students write in, ``test`` for a graded one, else
            ``given``: locked or not, the lab's text counts.
        source: the code, with the solution or the hidden tests.
    """

    name: str
    kind: Kind
    source: str

    @property
    def names(self) -> CodeNames:
        """The names in its code."""
        return names_of(self.source)


@dataclass(frozen=True)
class Given:
    """The code of a lab, in its order.

    Args:
        cells: its code cells.
    """

    cells: tuple[LabCell, ...] = ()

    @classmethod
    def by(cls, lab: LabNotebook) -> Given:
        """Return the code of a lab's notebook."""
        code = [cell for cell in lab.source.cells if cell.cell_type == "code"]
        return cls(
            tuple(LabCell(cells.grade_id(c) or c.id, cells.kind_of(c), c.source) for c in code)
        )

    @classmethod
    def from_sources(cls, sources: Iterable[str], answers: Iterable[str] = ()) -> Given:
        """Return the code of given cells, followed by answer cells."""
        kinds: list[tuple[Kind, str]] = [("given", source) for source in sources]
        kinds += [("answer", source) for source in answers]
        return cls(tuple(LabCell(f"cell-{i}", kind, s) for i, (kind, s) in enumerate(kinds)))

    @cached_property
    def places(self) -> dict[str, int]:
        """The cells' places by name."""
        return {cell.name: place for place, cell in enumerate(self.cells)}

    @cached_property
    def names(self) -> frozenset[str]:
        """All names that the lab's cells bind."""
        return frozenset().union(*(cell.names.binds for cell in self.cells))

    @cached_property
    def answer_names(self) -> frozenset[str]:
        """All names that answer cells bind."""
        return frozenset().union(*(c.names.binds for c in self.cells if c.kind == "answer"))

    @cached_property
    def read_by_answers(self) -> frozenset[str]:
        """Global names that the lab's solutions read, builtins among them."""
        return frozenset().union(*(c.names.loads for c in self.cells if c.kind == "answer"))

    @cached_property
    def draws(self) -> bool:
        """Whether a given cell uses random numbers."""
        return any(cell.names.draws for cell in self.cells if cell.kind == "given")

    @cached_property
    def modules(self) -> frozenset[str]:
        """Names of the modules that the lab's cells import."""
        return frozenset(name for cell in self.cells for name in _modules(cell.source))

    @cached_property
    def imported(self) -> frozenset[str]:
        """Names that import statements alone bind, in the whole lab."""
        other = [c.names.binds - c.names.imports for c in self.cells]
        both = frozenset().union(*(c.names.imports for c in self.cells))
        return both - frozenset().union(*other)

    @cached_property
    def leaves_names_open(self) -> bool:
        """Whether an answer cell binds nothing in the lab itself: its names are not known."""
        return any(c.kind == "answer" and not c.names.binds for c in self.cells)

    def import_of(self, name: str, before: int | None = None) -> str:
        """Return the statement by which an answer cell imports a name; empty if none does.

        Empty as well if a cell of the lab binds the name in another way.

        Args:
            name: a global name.
            before: the test's place among the cells; the end by default.
        """
        if name not in self.imported:
            return ""
        found = ""
        for cell in self.cells[:before]:
            if cell.kind == "answer" and name in cell.names.imports:
                found = next(_imports_of(name, cell.source), found)
        return found

    def owner(self, name: str, before: int | None = None) -> Owner | None:
        """Return who owns a name in a test; None if nobody does.

        The cell that binds it last decides. A library that the lab and the solution both import
        is the lab's. A name that no cell binds is the student's where the lab has an answer cell
        without a solution, since nothing but that answer can bind it.

        Args:
            name: a global name.
            before: the test's place among the cells; the end by default.
        """
        earlier = self.cells if before is None else self.cells[:before]
        binding = [cell for cell in earlier if name in cell.names.binds]
        if not binding:
            is_open = self.leaves_names_open and not hasattr(builtins, name)
            return "student" if name in self.answer_names or is_open else None
        if name in self.imported:
            return "student" if all(cell.kind == "answer" for cell in binding) else "lab"
        return "student" if binding[-1].kind == "answer" else "lab"

    def cells_for(self, names: Iterable[str], before: int) -> list[int]:
        """Return the indices of the lab's cells that define some names, in order.

        These are the cells that bind one of the names or may change its object, and, recursively,
        those for the names that these cells read. A cell that draws random numbers also needs all
        given cells before it that draw.

        Args:
            names: global names; the student's names need no cell.
            before: only cells before this index count.
        """
        chosen: set[int] = set()
        new = self._found(names, before)
        while new:
            chosen |= new
            read = {name for place in new for name in self.cells[place].names.needs}
            if any(self.cells[place].names.reads_any for place in new):
                read |= self.names
            new = self._found(read, before)
            if any(self.cells[place].names.draws for place in chosen):
                new |= {p for p in self._own(max(chosen)) if self._draws(p)}
            new -= chosen
        return sorted(chosen)

    def _found(self, names: Iterable[str], before: int) -> set[int]:
        wanted = {name for name in names if self.owner(name, before) == "lab"}
        return {place for place in self._own(before) if self._makes(place, wanted)}

    def _own(self, before: int) -> Iterator[int]:
        return (p for p, cell in enumerate(self.cells[:before]) if cell.kind != "answer")

    def _draws(self, place: int) -> bool:
        return self.cells[place].kind == "given" and self.cells[place].names.draws

    def _makes(self, place: int, wanted: set[str]) -> bool:
        found = self.cells[place].names
        return bool(wanted & found.binds or (wanted & found.changes) - self.imported)


def visible_setup(cell: LabCell, given: Given) -> str:
    """Return the lines of a test's visible part that do not use the student's code.

    They are run in the kernel as well, where later cells and the student's functions may read
    what they bind. The others are run by the examiner alone, so that they happen once.

    Args:
        cell: a test cell.
        given: the code of the lab.
    """
    text = python_text(cells.split_test(cell.source).visible)
    if text is None:
        return ""
    place = given.places[cell.name]
    students = {n for n in given.names if given.owner(n, place) == "student"}
    touching = _reaching(given.cells[:place], students)
    kept = []
    for statement in ast.parse(text).body:
        found = names_of(ast.unparse(statement))
        defines = isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef))
        if ((found.loads | found.deletes) & touching) or found.reads_any:
            touching |= found.binds
            if not defines:
                continue
        kept.append(ast.unparse(statement))
    return "\n".join(kept)


def _reaching(earlier: Iterable[LabCell], students: set[str]) -> set[str]:
    """Return the student's names and the lab's names that depend on them."""
    touching = set(students)
    for cell in earlier:
        if cell.kind != "answer" and cell.names.loads & touching:
            touching |= cell.names.binds - cell.names.imports
    return touching


def _imports_of(name: str, source: str) -> Iterator[str]:
    """Yield the import statements of a cell that bind a name, each cut down to it."""
    for node in ast.walk(ast.parse(python_text(source) or "")):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for alias in node.names:
            if name == (alias.asname or alias.name.partition(".")[0]):
                yield ast.unparse(_import_of_one(node, alias))


def _import_of_one(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> ast.stmt:
    if isinstance(node, ast.Import):
        return ast.Import([alias])
    return ast.ImportFrom(node.module, [alias], node.level)


def _modules(source: str) -> Iterator[str]:
    text = python_text(source)
    for node in ast.walk(ast.parse(text or "")):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def imported_modules(sources: Iterable[str]) -> tuple[str, ...]:
    """Return the names of what some cells import from installed packages, in any block.

    ``from package import name`` gives ``package.name`` as well, since that may be a module.

    Args:
        sources: the cells' code.
    """
    found = dict.fromkeys(
        name for source in sources for name in (*_modules(source), *_from_packages(source))
    )
    return tuple(name for name in found if _is_installed(name))


def _from_packages(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(python_text(source) or "")):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_installed(module: str) -> bool:
    return importlib.util.find_spec(module.partition(".")[0]) is not None
