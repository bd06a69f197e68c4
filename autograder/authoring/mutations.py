"""Generic mutants of a solution: the same code with one small thing changed.

A change replaces a piece of the text, so that everything else stays as its author wrote it and a
report can show the line before and after. (The operators of cosmic-ray 8 and mutmut 3 leave the
bounds of slices and the order of arguments alone, where such solutions go wrong; and both change
modules on disk for a test suite, not a cell in a kernel.)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.authoring.mutation_operators import changes_of
from autograder.authoring.source_text import Change, SourceText
from autograder.course import cells


@dataclass(frozen=True)
class Mutant:
    """A cell with one change.

    Args:
        function: the function that holds the line, or the cell's id outside of one.
        line: number of the line in the cell, from 1.
        before: the line as it is, without its indent.
        after: the line as it is changed.
        source: the whole cell with the change.
    """

    function: str
    line: int
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.function}, line {self.line}: {self.before} → {self.after}"


def mutants_of(source: str, name: str) -> tuple[Mutant, ...]:
    """Return all mutants of a cell's solution, in the order of its lines.

    Args:
        source: an answer cell with its solution between marks.
        name: the cell's id, for lines outside of functions.
    """
    text = SourceText(source)
    inside = _solution_lines(source)
    found: dict[str, Mutant] = {}
    for node in _nodes(text.tree):
        if _first_line(node) in inside and _last_line(node) in inside:
            for change in changes_of(node, text):
                mutant = _mutant(text, change, name)
                if _differs(mutant.source, text.tree):
                    found.setdefault(mutant.source, mutant)
    return tuple(sorted(found.values(), key=lambda mutant: mutant.line))


def _mutant(text: SourceText, change: Change, name: str) -> Mutant:
    start, end, new = change
    data = text.data[:start] + new.encode() + text.data[end:]
    first, last = text.data.count(b"\n", 0, start), text.data.count(b"\n", 0, end)
    more = new.count("\n") - text.data.count(b"\n", start, end)
    return Mutant(
        _function(text, first + 1) or name,
        first + 1,
        _joined(text.data, first, last),
        _joined(data, first, last + more),
        data.decode(),
    )


def _function(text: SourceText, line: int) -> str:
    """Return the top-level definition that holds a line."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return next(
        (
            node.name
            for node in text.tree.body
            if isinstance(node, kinds) and node.lineno <= line <= (node.end_lineno or 0)
        ),
        "",
    )


def _joined(data: bytes, first: int, last: int) -> str:
    lines = data.decode().split("\n")[first : last + 1]
    return " ".join(line.strip() for line in lines)


def _solution_lines(source: str) -> set[int]:
    inside, within = set(), False
    for number, line in enumerate(source.split("\n"), start=1):
        if cells.BEGIN_SOLUTION in line or cells.END_SOLUTION in line:
            within = cells.BEGIN_SOLUTION in line
        elif within:
            inside.add(number)
    return inside


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes but those inside f-strings, whose positions Python 3.11 does not know."""
    for child in ast.iter_child_nodes(tree):
        if not isinstance(child, ast.JoinedStr):
            yield child
            yield from _nodes(child)


def _first_line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


def _last_line(node: ast.AST) -> int:
    return int(getattr(node, "end_lineno", 0))


def _differs(source: str, tree: ast.AST) -> bool:
    """Return whether a mutant can be parsed and is not the same code written in another way."""
    try:
        return ast.dump(ast.parse(cells.code_lines(source))) != ast.dump(tree)
    except SyntaxError:
        return False
