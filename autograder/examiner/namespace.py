"""The names that a hidden test sees."""

from __future__ import annotations

import ast
import builtins
import importlib.util
from typing import Any

from autograder.errors import HiddenTestBug
from autograder.examiner.proxy import Link


class ExamNamespace(dict[str, Any]):
    """Globals of a hidden test: its own names first, then the course's imports, then proxies.

    A name that the lab's source imports in a locked cell, such as ``np``, is the trusted
    process' own module, whatever a student has bound it to.

    Args:
        link: the student's kernel.
        imports: import statements of the lab's own cells, from `import_statements`.
    """

    def __init__(self, link: Link, imports: tuple[str, ...] = ()) -> None:
        super().__init__(__name__="hidden_test", __builtins__=builtins)
        self._link = link
        for statement in imports:
            _import_into(self, statement)

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            raise KeyError(name)
        return self._link.look_up(name)


def _import_into(namespace: dict[str, Any], statement: str) -> None:
    try:
        exec(compile(statement, "<imports of the lab>", "exec"), namespace)
    except ImportError as error:
        raise HiddenTestBug(f"the lab's own line {statement!r} fails: {error}") from error


def import_statements(sources: list[str]) -> tuple[str, ...]:
    """The top-level imports of public libraries in some cells, a statement each.

    Args:
        sources: the cells' code; cells with IPython's magics are left out.
    """
    found: dict[str, None] = {}
    for source in sources:
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        for node in tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)) and _can_be_found(node):
                found[ast.unparse(node)] = None
    return tuple(found)


def _can_be_found(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level == 0 and _has_spec(node.module or "")
    return all(_has_spec(alias.name) for alias in node.names)


def _has_spec(module: str) -> bool:
    return importlib.util.find_spec(module.partition(".")[0]) is not None
