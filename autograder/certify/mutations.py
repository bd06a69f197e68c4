"""Generic mutants of a solution: the same code with one small thing changed.

A change replaces a piece of the text, so that everything else stays as its author wrote it and a
report can show the line before and after. What is changed suits array code: operators, constants,
slice bounds, the order of arguments and of axes, keywords, NumPy's siblings, dropped statements.
(cosmic-ray and mutmut know neither slices nor swapped arguments, and bring a dozen packages.)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from autograder import cells

Change = tuple[int, int, str]
"""Where a piece of the text begins and ends, in bytes, and what stands there instead."""

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
    """All mutants of a cell's solution, in the order of its lines.

    Args:
        source: an answer cell with its solution between marks.
        name: the cell's id, for lines outside of functions.
    """
    text = _Text(source)
    inside = _solution_lines(source)
    found: dict[str, Mutant] = {}
    for node in _nodes(text.tree):
        if _first_line(node) in inside and _last_line(node) in inside:
            for change in _changes(node, text):
                mutant = text.mutant(change, name)
                if _differs(mutant.source, text.tree):
                    found.setdefault(mutant.source, mutant)
    return tuple(sorted(found.values(), key=lambda mutant: mutant.line))


class _Text:
    """A cell's source as bytes, which the tree's positions count, and its tree."""

    def __init__(self, source: str) -> None:
        self.data = source.encode()
        self.tree = ast.parse(cells.code_lines(source))
        lengths = [len(line) + 1 for line in self.data.split(b"\n")]
        self._starts = [sum(lengths[:number]) for number in range(len(lengths))]

    def start(self, node: ast.AST) -> int:
        return self._starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined,no-any-return]

    def end(self, node: ast.AST) -> int:
        return self._starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined,no-any-return]

    def of(self, node: ast.AST) -> str:
        return self.data[self.start(node) : self.end(node)].decode()

    def between(self, left: ast.AST, right: ast.AST, sign: str, other: str) -> Iterator[Change]:
        """The change of an operator that stands between two nodes."""
        start = self.end(left)
        gap = self.data[start : self.start(right)].decode()
        if found := re.search(re.escape(sign).replace(r"\ ", r"\s+"), gap):
            at = start + len(gap[: found.start()].encode())
            yield at, at + len(found[0].encode()), other

    def swapped(self, left: ast.AST, right: ast.AST) -> Iterator[Change]:
        """The change of places of two nodes."""
        start, end = self.start(left), self.end(right)
        gap = self.data[self.end(left) : self.start(right)].decode()
        yield start, end, f"{self.of(right)}{gap}{self.of(left)}"

    def mutant(self, change: Change, name: str) -> Mutant:
        start, end, new = change
        data = self.data[:start] + new.encode() + self.data[end:]
        first, last = self.data.count(b"\n", 0, start), self.data.count(b"\n", 0, end)
        more = new.count("\n") - self.data.count(b"\n", start, end)
        return Mutant(
            self._function(first + 1) or name,
            first + 1,
            _joined(self.data, first, last),
            _joined(data, first, last + more),
            data.decode(),
        )

    def _function(self, line: int) -> str:
        """The top-level definition that holds a line."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return next(
            (
                node.name
                for node in self.tree.body
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
    """All nodes but those inside f-strings, whose positions Python 3.11 does not know."""
    for child in ast.iter_child_nodes(tree):
        if not isinstance(child, ast.JoinedStr):
            yield child
            yield from _nodes(child)


def _first_line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


def _last_line(node: ast.AST) -> int:
    return int(getattr(node, "end_lineno", 0))


def _differs(source: str, tree: ast.AST) -> bool:
    """Whether a mutant can be parsed and is not the same code written in another way."""
    try:
        return ast.dump(ast.parse(cells.code_lines(source))) != ast.dump(tree)
    except SyntaxError:
        return False


def _changes(node: ast.AST, text: _Text) -> Iterator[Change]:
    for kind, changes in _CHANGES.items():
        if isinstance(node, kind):
            yield from changes(node, text)


def _arithmetic(node: ast.BinOp, text: _Text) -> Iterator[Change]:
    signs = _ARITHMETIC.get(type(node.op))
    if signs:
        yield from text.between(node.left, node.right, *signs)


def _augmented(node: ast.AugAssign, text: _Text) -> Iterator[Change]:
    signs = _ARITHMETIC.get(type(node.op))
    if signs:
        for other in (f"{signs[1]}=", "="):
            yield from text.between(node.target, node.value, f"{signs[0]}=", other)
    yield from _dropped(node, text)


def _comparison(node: ast.Compare, text: _Text) -> Iterator[Change]:
    sides = pairwise([node.left, *node.comparators])
    for (left, right), operator in zip(sides, node.ops, strict=True):
        yield from text.between(left, right, *_COMPARISONS[type(operator)])


def _logic(node: ast.BoolOp, text: _Text) -> Iterator[Change]:
    signs = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    for left, right in pairwise(node.values):
        yield from text.between(left, right, *signs)


def _sign(node: ast.UnaryOp, text: _Text) -> Iterator[Change]:
    if isinstance(node.op, (ast.USub, ast.Not, ast.Invert)):
        yield text.start(node), text.start(node.operand), ""


def _constant(node: ast.Constant, text: _Text) -> Iterator[Change]:
    value, place = node.value, (text.start(node), text.end(node))
    if isinstance(value, bool):
        yield *place, str(not value)
    elif isinstance(value, int):
        yield *place, str(value + 1)
        yield *place, str(value - 1)
    elif isinstance(value, float):
        yield *place, str(value + 1)


def _bounds(node: ast.Slice, text: _Text) -> Iterator[Change]:
    for bound in (node.lower, node.upper, node.step):
        if bound is not None:
            place = (text.start(bound), text.end(bound))
            yield *place, ""
            if not isinstance(bound, (ast.Constant, ast.UnaryOp)):
                yield *place, f"{text.of(bound)} + 1"


def _call(node: ast.Call, text: _Text) -> Iterator[Change]:
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


def _tuple(node: ast.Tuple, text: _Text) -> Iterator[Change]:
    for left, right in pairwise(node.elts):
        yield from text.swapped(left, right)


def _condition(node: ast.If | ast.IfExp | ast.While, text: _Text) -> Iterator[Change]:
    yield text.start(node.test), text.end(node.test), f"not ({text.of(node.test)})"


def _assignment(node: ast.Assign, text: _Text) -> Iterator[Change]:
    """A dropped assignment, where the name has a value before: elsewhere every test notices."""
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


def _statement(node: ast.Expr, text: _Text) -> Iterator[Change]:
    if not isinstance(node.value, ast.Constant):
        yield from _dropped(node, text)


def _dropped(node: ast.stmt, text: _Text) -> Iterator[Change]:
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
