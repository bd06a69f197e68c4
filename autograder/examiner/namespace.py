"""The names that a hidden test sees."""

from __future__ import annotations

import ast
import builtins
import contextlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from autograder.cells import code_lines, defined_names
from autograder.errors import AutograderError, HiddenTestBug
from autograder.examiner.link import Link
from autograder.examiner.precedents import GIVEN_FILE
from autograder.lab import LabNotebook


@dataclass(frozen=True)
class Given:
    """What a lab itself says about the names in its hidden tests.

    Args:
        imports: import statements of its cells, from `import_statements`.
        definitions: the statement that defines a name in a locked cell, by name, from
            `definitions`.
        answers: names that are the student's to define, whatever else is called so.
    """

    imports: tuple[str, ...] = ()
    definitions: dict[str, str] = field(default_factory=dict)
    answers: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """All names that the lab's cells define."""
        return self.answers.union(self.definitions)

    @classmethod
    def by(cls, lab: LabNotebook) -> Given:
        """What a lab's notebook says."""
        imports = import_statements(lab.trusted_sources())
        return cls(imports, definitions(lab.locked_sources()), lab.answer_names)


class ExamNamespace(dict[str, Any]):
    """Globals of a hidden test: its own names, then what the lab gives, then the student's.

    A name that the lab imports or defines in a locked cell, such as ``np`` or a helper that
    compares, is the trusted process' own, whatever a student has bound it to. A name that the
    lab's solutions define is the student's, even if a builtin is called so. ``del`` takes a name
    of the student's out of the kernel, and what is then bound to it goes back there.

    Args:
        link: the student's kernel.
        given: what the lab says.
    """

    def __init__(self, link: Link, given: Given | None = None) -> None:
        super().__init__(__name__="hidden_test", __builtins__=builtins)
        self._link = link
        self._given = given or Given()
        self._taken_out: set[str] = set()
        for statement in self._given.imports:
            self._run(statement)
        for name in self._given.answers:
            self.pop(name, None)

    def __missing__(self, name: str) -> Any:
        if name in self._given.answers:
            return self._link.look_up(name)
        if name in self._given.definitions:
            self._run(self._given.definitions[name])
            return self[name]
        if hasattr(builtins, name):
            raise KeyError(name)
        return self._link.look_up(name)

    def __delitem__(self, name: str) -> None:
        if name not in self:
            self[name]  # raises where there is none
        if name in self:
            super().__delitem__(name)
            return
        self._link.unbind(name)
        self._taken_out.add(name)

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self._taken_out:
            self._link.bind(name, value)
            self._taken_out.remove(name)
        else:
            super().__setitem__(name, value)

    def _run(self, statement: str) -> None:
        try:
            exec(compile(statement, GIVEN_FILE, "exec"), self)
        except AutograderError:
            raise
        except Exception as error:
            raise HiddenTestBug(f"the lab's own line {statement!r} fails: {error}") from error


def definitions(sources: list[str]) -> dict[str, str]:
    """The statements that define names at the top level of some cells, by name; the last counts.

    They are run only when a hidden test uses the name, so a cell that draws costs nothing.
    """
    found: dict[str, str] = {}
    for source in sources:
        code = code_lines(source)
        for name in defined_names(source):
            found[name] = _statement_for(name, code)
    return found


def _statement_for(name: str, code: str) -> str:
    texts = [ast.get_source_segment(code, node) or "" for node in ast.parse(code).body]
    return next(text for text in reversed(texts) if name in defined_names(text))


def import_statements(sources: list[str]) -> tuple[str, ...]:
    """The top-level imports of public libraries in some cells, a statement each.

    Args:
        sources: the cells' code; IPython's magics are left out.
    """
    found: dict[str, None] = {}
    for tree in _trees(sources):
        for node in tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)) and _can_be_found(node):
                found[ast.unparse(node)] = None
    return tuple(found)


def imported_libraries(sources: list[str]) -> frozenset[str]:
    """Names of the packages that some cells import, in whatever block or function.

    Args:
        sources: the cells' code; IPython's magics are left out.
    """
    nodes = [node for tree in _trees(sources) for node in ast.walk(tree)]
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    parts = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return frozenset(name.partition(".")[0] for name in plain + parts)


def _trees(sources: list[str]) -> Iterator[ast.Module]:
    for source in sources:
        with contextlib.suppress(SyntaxError):
            yield ast.parse(code_lines(source))


def _can_be_found(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level == 0 and _has_spec(node.module or "")
    return all(_has_spec(alias.name) for alias in node.names)


def _has_spec(module: str) -> bool:
    return importlib.util.find_spec(module.partition(".")[0]) is not None
