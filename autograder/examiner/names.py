"""The names that a cell's code binds, reads and may change, by static analysis alone."""

from __future__ import annotations

import ast
import builtins
import itertools
import symtable
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from autograder.course.cells import code_lines

_LEAVE_ARGUMENTS_ALONE = frozenset(
    (
        *("abs", "all", "any", "bool", "bytes", "complex", "dict", "display", "divmod"),
        *("enumerate", "float", "format", "frozenset", "hash", "int", "isinstance", "issubclass"),
        *("iter", "len", "list", "map", "max", "min", "print", "range", "repr", "reversed"),
        *("round", "set", "sorted", "str", "sum", "tuple", "type", "zip"),
    )
)
"""Builtins that do not change their arguments."""
_READ_ANY_NAME = frozenset(["dir", "eval", "exec", "globals", "locals", "vars"])

_ALWAYS_BIND = (
    *(ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, ast.With),
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
)
"""Statements after which the names that they bind are bound, whatever happens."""


@dataclass(frozen=True)
class CodeNames:
    """The names in the code of one cell.

    Args:
        binds: names that it binds at the top level, in whatever statement.
        deletes: names that it takes away with ``del``.
        imports: those that only import statements bind.
        loads: global names that it reads, also in its functions.
        needs: those that it may read before it binds them itself.
        changes: names whose objects it may change: stores to their items and attributes, their
            methods, and calls that get them as arguments.
        draws: whether it uses random numbers.
        reads_any: whether it can read names that do not stand in the text, as `eval` does.
    """

    binds: frozenset[str] = frozenset()
    deletes: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    loads: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    draws: bool = False
    reads_any: bool = False


def python_text(source: str) -> str | None:
    """Return the Python of a cell, without IPython's magics; None if it cannot be parsed."""
    for text in (source, code_lines(source)):
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            continue
        return text
    return None


@lru_cache(maxsize=1000)
def names_of(source: str) -> CodeNames:
    """Return the names in a cell's code; none if the code cannot be parsed."""
    text = python_text(source)
    if text is None:
        return CodeNames()
    try:
        top = symtable.symtable(text, "<cell>", "exec")
    except SyntaxError:  # such as `return` outside a function, which ast lets pass
        return CodeNames()
    tree = ast.parse(text)
    symbols = top.get_symbols()
    inner = [s for table in _tables_below(top) for s in table.get_symbols() if s.is_global()]
    loads = {s.get_name() for s in [*symbols, *inner] if s.is_referenced()}
    binds = {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    binds |= {s.get_name() for s in inner if s.is_assigned()}
    return CodeNames(
        binds=frozenset(binds),
        deletes=frozenset(_deleted(tree)),
        imports=frozenset(s.get_name() for s in symbols if s.is_imported() and not s.is_assigned()),
        loads=frozenset(loads),
        needs=frozenset(_needed(tree.body) if len(tree.body) > 1 else loads - _targets(tree.body)),
        changes=frozenset(_changed_names(tree)),
        draws=any("random" in word or "seed" in word for word in _words(tree)),
        reads_any=bool(loads & _READ_ANY_NAME),
    )


def asks_for_identity(source: str, imports: frozenset[str]) -> bool:
    """Return whether a test compares objects' identity, which a proxy cannot show.

    `None`, types, modules and builtins are the same objects in both processes.

    Args:
        source: the test's code.
        imports: names that the lab's import statements bind.
    """
    text = python_text(source)
    for node in ast.walk(ast.parse(text or "")):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "id":
            return True
        if isinstance(node, ast.Compare) and _compares_objects(node, imports):
            return True
    return False


def _compares_objects(node: ast.Compare, imports: frozenset[str]) -> bool:
    sides = [node.left, *node.comparators]
    return any(
        isinstance(operator, (ast.Is, ast.IsNot))
        and not any(_is_the_same_everywhere(side, imports) for side in pair)
        for operator, pair in zip(node.ops, itertools.pairwise(sides), strict=True)
    )


def _is_the_same_everywhere(node: ast.expr, imports: frozenset[str]) -> bool:
    if isinstance(node, ast.Name):
        return hasattr(builtins, node.id) or node.id in imports
    is_type = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "type"
    return is_type or isinstance(node, (ast.Constant, ast.Attribute))


def _tables_below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _tables_below(child)


def _needed(statements: list[ast.stmt]) -> set[str]:
    needed: set[str] = set()
    bound: set[str] = set()
    for statement in statements:
        found = names_of(ast.unparse(statement))
        needed |= found.needs - bound
        bound |= found.binds if isinstance(statement, _ALWAYS_BIND) else set()
    return needed


def _targets(statements: list[ast.stmt]) -> set[str]:
    """Return the names that a loop or a ``with`` binds before its body reads them."""
    found: set[str] = set()
    for statement in statements:
        if isinstance(statement, (ast.For, ast.AsyncFor)):
            parts: list[ast.expr] = [statement.target]
            sources: list[ast.expr] = [statement.iter]
        elif isinstance(statement, (ast.With, ast.AsyncWith)):
            parts = [item.optional_vars for item in statement.items if item.optional_vars]
            sources = [item.context_expr for item in statement.items]
        else:
            continue
        found |= {
            node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)
        }
        found -= {
            node.id for part in sources for node in ast.walk(part) if isinstance(node, ast.Name)
        }
    return found


def _deleted(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
            yield node.id


def _changed_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            yield from _root(node)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield from _root(node.func)
            elif isinstance(node.func, ast.Name) and node.func.id in _LEAVE_ARGUMENTS_ALONE:
                continue
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from _root(argument)


def _root(node: ast.expr) -> Iterator[str]:
    """Yield the name at the beginning of ``name.attribute[item]``."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _words(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield getattr(node, "module", None) or ""
            yield from (alias.name for alias in node.names)
