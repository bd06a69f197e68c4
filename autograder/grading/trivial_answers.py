"""Wrong answers of the simplest kinds, which no test should give its points to."""

from __future__ import annotations

import ast

from autograder.course.cells import code_lines

TRIVIAL = ("answers that return None", "answers that return 0", "answers that return an argument")
_NONE, _ZERO, _ARGUMENT = TRIVIAL


def trivial_answer(source: str, kind: str) -> str:
    """Return a solution's code with functions and values that are wrong in a simple way.

    Args:
        source: the code of an answer cell with the solution.
        kind: one of `TRIVIAL`.
    """
    try:
        tree = ast.parse(code_lines(source))
    except SyntaxError:
        return source
    return ast.unparse(ast.fix_missing_locations(_Replacer(kind).change(tree)))


class _Replacer:
    """Replace the bodies of functions, and values that are assigned at the top level."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def change(self, tree: ast.Module) -> ast.Module:
        """Return the code with each of its own functions, classes and values replaced."""
        tree.body = [self._changed(statement) for statement in tree.body]
        return tree

    def _changed(self, node: ast.stmt) -> ast.stmt:
        if isinstance(node, ast.ClassDef):
            node.body = [self._changed(part) for part in node.body]
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if not (node.name.startswith("__") and node.name.endswith("__")):
                node.body = [ast.Return(self._result(node.args))]
        elif isinstance(node, ast.Assign):
            node.value = ast.Constant(None if self._kind == _NONE else 0)
        return node

    def _result(self, arguments: ast.arguments) -> ast.expr:
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args) if a.arg != "self"]
        if self._kind == _ARGUMENT and names:
            return ast.Name(names[0], ast.Load())
        return ast.Constant(0 if self._kind == _ZERO else None)
