"""The first error behind a NameError: why a name that a test asks for was never defined.

A cell with a SyntaxError defines nothing, so its test meets a NameError. What helps the student
is the SyntaxError.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.course import cells
from autograder.results.marks import Message
from autograder.results.printable import one_line

_MISSING = re.compile(r"\bNameError: (?:name ')?(\w+)'? is not defined")
_MISSING_TEXT = re.compile(r"name '(\w+)' is not defined")
_BOUND = re.compile(r"^(?:async +)?(?:def|class) +(\w+)|^(\w+) *(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LINE = re.compile(r"\bIn ?\[\d*\], line (\d+)")
_LINE_OF_SYNTAX = re.compile(r" \((?:[^()]*, )?line (\d+)\)$")
_MAX_TEXT, _MAX_LINE, _MAX_TRACEBACK, _MAX_SOURCE = 500, 200, 20_000, 50_000
_INCOMPLETE = "incomplete input"
"""What IPython says of code that ends too early; Python itself says what was left open."""

_PUBLIC = {"_IncompleteInputError": "SyntaxError"}
"""Private subclasses that Python 3.13 and later raise, by the names that students know."""


@dataclass(frozen=True)
class CellError:
    """The error that stopped a cell of the student's.

    Args:
        cell: how the student finds the cell: its nbgrader id, or words.
        type_name: the exception's name.
        text: its text.
        line: the line of the cell at which it stopped; 0 if that is not known.
        code: that line.
        names: names that the cell would have defined.
    """

    cell: str
    type_name: str
    text: str
    line: int
    code: str
    names: frozenset[str]

    @property
    def missing(self) -> str:
        """The name that was not defined if this is a NameError; else empty."""
        found = _MISSING_TEXT.search(self.text) if self.type_name == "NameError" else None
        return found[1] if found else ""


def cell_error(
    cell: str, source: str, outputs: Iterable[Mapping[str, Any]], *, asked_for: Iterable[str] = ()
) -> CellError | None:
    """Return the error among a cell's outputs; None if there is none.

    Args:
        cell: how the student finds the cell.
        source: the cell's code.
        outputs: what it showed, as nbformat has it.
        asked_for: names that the lab's own solution defines in this cell.
    """
    error = next((output for output in outputs if output.get("output_type") == "error"), None)
    if error is None:
        return None
    text, line = _text_and_line(error, source)
    lines = source.splitlines()
    return CellError(
        cell,
        one_line(_PUBLIC.get(name := str(error.get("ename", "Error")), name), most=_MAX_LINE),
        one_line(text, most=_MAX_TEXT),
        line,
        one_line(lines[line - 1], most=_MAX_LINE) if 0 < line <= len(lines) else "",
        frozenset({*asked_for, *_names_of(source)}),
    )


def _text_and_line(error: Mapping[str, Any], source: str) -> tuple[str, int]:
    """Return an error's text without its place, and the line of the cell; 0 if it is unknown."""
    text = str(error.get("evalue", ""))
    place = _LINE_OF_SYNTAX.search(text[-_MAX_TEXT:])
    if place is None:
        return text, _last_line(error.get("traceback", ()))
    text = text[: -len(place[0])]
    own = _parsed(source)[1] if text == _INCOMPLETE else None
    return (own.msg, own.lineno or int(place[1])) if own else (text, int(place[1]))


def with_first_error(
    messages: Sequence[Message], errors: Sequence[CellError]
) -> tuple[Message, ...]:
    """Return a mark's messages with the error that explains a NameError before it.

    Args:
        messages: of a mark whose test failed.
        errors: of the cells that ran before the test, in their order.
    """
    for place, message in enumerate(messages):
        found = _MISSING.search(message.text)
        cause = _first_cause(found[1], errors) if found else None
        if found and cause:
            then = replace(message, kind="note", text=f"So the test then met this: {message.text}")
            return (*messages[:place], _explained(cause, found[1]), then, *messages[place + 1 :])
    return tuple(messages)


def _first_cause(name: str, errors: Sequence[CellError]) -> CellError | None:
    """Return the error because of which a name is missing, through NameErrors back to the first."""
    for place in reversed(range(len(errors))):
        if name in errors[place].names:
            error = errors[place]
            earlier = _first_cause(error.missing, errors[:place]) if error.missing else None
            return earlier or error
    return None


def _explained(cause: CellError, name: str) -> Message:
    where = f" at line {cause.line}" if cause.line else ""
    text = f"The cell {cause.cell} stopped{where} with {cause.type_name}: {cause.text}".rstrip(": ")
    defined = f"`{name}` was not defined"
    detail = f"line {cause.line}: {cause.code}" if cause.code else ""
    return Message("problem", f"{text}. Because of this error, {defined}.", detail)


def _last_line(traceback: Iterable[Any]) -> int:
    """Return the line of the cell that the first frame of a traceback names; 0 if there is none."""
    text = "\n".join(map(str, traceback))[:_MAX_TRACEBACK]
    found = _LINE.search(_COLOUR.sub("", text))
    return int(found[1]) if found else 0


def _names_of(source: str) -> set[str]:
    """Return names that code defines at its top level, even if it cannot be parsed."""
    found = {first or second for first, second in _BOUND.findall(source)}
    tree, _ = _parsed(source)
    return found | (_bound_below(tree) if tree else set())


def _bound_below(tree: ast.AST) -> set[str]:
    """Return names that a module binds, outside of the bodies of its functions and classes."""
    found, waiting = set(), list(ast.iter_child_nodes(tree))
    for node in waiting:  # grows meanwhile
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        else:
            waiting += ast.iter_child_nodes(node)
    return found


def _parsed(source: str) -> tuple[ast.AST | None, SyntaxError | None]:
    """Return the tree of some code, or why there is none; neither for what Python cannot read."""
    try:
        return ast.parse(cells.code_lines(source[:_MAX_SOURCE])), None
    except SyntaxError as error:
        return None, error
    except (ValueError, RecursionError, MemoryError):
        return None, None
