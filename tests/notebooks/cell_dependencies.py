"""Which cells of a lesson must run so that one of them can."""

from __future__ import annotations

import ast
from collections.abc import Mapping


def needed(code: Mapping[int, str], place: int) -> list[int]:
    """The places of the cells whose names a cell reads, or a cell that they need; itself the last.

    Args:
        code: the source of the code cells, by their place.
        place: the cell's.
    """
    wanted, found = names(code[place], ast.Load), [place]
    for earlier in sorted((other for other in code if other < place), reverse=True):
        if made := names(code[earlier], ast.Store) & wanted:
            wanted = wanted - made | names(code[earlier], ast.Load)
            found.insert(0, earlier)
    return found


def names(source: str, context: type[ast.expr_context]) -> set[str]:
    """The names that code reads (``ast.Load``) or that it makes (``ast.Store``)."""
    nodes = list(ast.walk(ast.parse(source)))
    found = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, context)}
    if context is ast.Store:
        found |= {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        found |= {n.asname or n.name for n in nodes if isinstance(n, ast.alias)}
    return found
