"""The small changes of which each makes a mutant.

They suit array code: operators, constants, slice bounds, the order of arguments and of axes,
keywords, NumPy's siblings, dropped statements.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from itertools import pairwise

from autograder.authoring.source_text import Change, SourceText

_ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"),
    ast.Mod: ("%", "//"),
    ast.Pow: ("**", "*"),
    ast.MatMult: ("@", "*"),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
_PAIRS = (
    ("sum", "mean"),
    ("max", "min"),
    ("argmax", "argmin"),
    ("maximum", "minimum"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("floor", "ceil"),
)
_SIBLINGS = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}
"""Functions and methods of arrays that are easily taken for one another."""


def changes_of(node: ast.AST, text: SourceText) -> Iterator[Change]:
    """Yield all changes of one node of a cell's syntax tree."""
    for kind, changes in _CHANGES.items():
        if isinstance(node, kind):
            yield from changes(node, text)


def _arithmetic(node: ast.BinOp, text: SourceText) -> Iterator[Change]:
    signs = _ARITHMETIC.get(type(node.op))
    if signs:
        yield from text.between(node.left, node.right, *signs)


def _augmented(node: ast.AugAssign, text: SourceText) -> Iterator[Change]:
    signs = _ARITHMETIC.get(type(node.op))
    if signs:
        for other in (f"{signs[1]}=", "="):
            yield from text.between(node.target, node.value, f"{signs[0]}=", other)
    yield from _dropped(node, text)


def _comparison(node: ast.Compare, text: SourceText) -> Iterator[Change]:
    sides = pairwise([node.left, *node.comparators])
    for (left, right), operator in zip(sides, node.ops, strict=True):
        yield from text.between(left, right, *_COMPARISONS[type(operator)])


def _logic(node: ast.BoolOp, text: SourceText) -> Iterator[Change]:
    signs = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    for left, right in pairwise(node.values):
        yield from text.between(left, right, *signs)


def _sign(node: ast.UnaryOp, text: SourceText) -> Iterator[Change]:
    if isinstance(node.op, (ast.USub, ast.Not, ast.Invert)):
        yield text.start(node), text.start(node.operand), ""


def _constant(node: ast.Constant, text: SourceText) -> Iterator[Change]:
    value, place = node.value, (text.start(node), text.end(node))
    if isinstance(value, bool):
        yield *place, str(not value)
    elif isinstance(value, int):
        yield *place, str(value + 1)
        yield *place, str(value - 1)
    elif isinstance(value, float):
        yield *place, str(value + 1)


def _bounds(node: ast.Slice, text: SourceText) -> Iterator[Change]:
    for bound in (node.lower, node.upper, node.step):
        if bound is not None:
            place = (text.start(bound), text.end(bound))
            yield *place, ""
            if not isinstance(bound, (ast.Constant, ast.UnaryOp)):
                yield *place, f"{text.of(bound)} + 1"


def _call(node: ast.Call, text: SourceText) -> Iterator[Change]:
    for left, right in pairwise(node.args[:2]):
        if not isinstance(left, ast.Starred) and not isinstance(right, ast.Starred):
            yield from text.swapped(left, right)
    arguments = [*node.args, *node.keywords]
    for place, argument in enumerate(arguments):
        if isinstance(argument, ast.keyword) and argument.arg:
            start = text.end(arguments[place - 1]) if place else text.start(argument)
            yield start, text.end(argument), ""
    own = node.func.attr if isinstance(node.func, ast.Attribute) else text.of(node.func)
    if own in _SIBLINGS:
        yield text.end(node.func) - len(own), text.end(node.func), _SIBLINGS[own]


def _tuple(node: ast.Tuple, text: SourceText) -> Iterator[Change]:
    for left, right in pairwise(node.elts):
        yield from text.swapped(left, right)


def _condition(node: ast.If | ast.IfExp | ast.While, text: SourceText) -> Iterator[Change]:
    yield text.start(node.test), text.end(node.test), f"not ({text.of(node.test)})"


def _assignment(node: ast.Assign, text: SourceText) -> Iterator[Change]:
    """Yield a dropped assignment if the name had a value before: else every test notices."""
    target = node.targets[0]
    is_part = isinstance(target, (ast.Subscript, ast.Attribute))
    if is_part or (isinstance(target, ast.Name) and _is_bound_before(target, text.tree)):
        yield from _dropped(node, text)


def _is_bound_before(target: ast.Name, tree: ast.AST) -> bool:
    for scope in ast.walk(tree):
        if isinstance(scope, ast.FunctionDef) and target in ast.walk(scope):
            names = {arg.arg for arg in ast.walk(scope.args) if isinstance(arg, ast.arg)}
            names |= {
                node.id
                for node in ast.walk(scope)
                if isinstance(node, ast.Name)
                and isinstance(node.ctx, ast.Store)
                and node.lineno < target.lineno
            }
            return target.id in names
    return False


def _statement(node: ast.Expr, text: SourceText) -> Iterator[Change]:
    if not isinstance(node.value, ast.Constant):
        yield from _dropped(node, text)


def _dropped(node: ast.stmt, text: SourceText) -> Iterator[Change]:
    yield text.start(node), text.end(node), "pass"


_CHANGES: dict[type[ast.AST] | tuple[type[ast.AST], ...], Callable[..., Iterator[Change]]] = {
    ast.BinOp: _arithmetic,
    ast.AugAssign: _augmented,
    ast.Compare: _comparison,
    ast.BoolOp: _logic,
    ast.UnaryOp: _sign,
    ast.Constant: _constant,
    ast.Slice: _bounds,
    ast.Call: _call,
    ast.Tuple: _tuple,
    (ast.If, ast.IfExp, ast.While): _condition,
    ast.Assign: _assignment,
    ast.Expr: _statement,
}
