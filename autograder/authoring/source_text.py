"""A cell's text with the places of its syntax tree's nodes, to be changed piece by piece."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograder.course import cells

Change = tuple[int, int, str]
"""Where a piece of the text begins and ends, in bytes, and what stands there instead."""


class SourceText:
    """A cell's source as bytes, which the tree's positions count, and its tree.

    Args:
        source: the cell's code; IPython's magics may stand in it.
    """

    def __init__(self, source: str) -> None:
        self.data = source.encode()
        self.tree = ast.parse(cells.code_lines(source))
        lengths = [len(line) + 1 for line in self.data.split(b"\n")]
        self._starts = [sum(lengths[:number]) for number in range(len(lengths))]

    def start(self, node: ast.AST) -> int:
        """Return where a node begins, in bytes."""
        return self._starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined,no-any-return]

    def end(self, node: ast.AST) -> int:
        """Return where a node ends, in bytes."""
        return self._starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined,no-any-return]

    def of(self, node: ast.AST) -> str:
        """Return a node's own text."""
        return self.data[self.start(node) : self.end(node)].decode()

    def between(self, left: ast.AST, right: ast.AST, sign: str, other: str) -> Iterator[Change]:
        """Yield the change of an operator that stands between two nodes."""
        start = self.end(left)
        gap = self.data[start : self.start(right)].decode()
        if found := re.search(re.escape(sign).replace(r"\ ", r"\s+"), gap):
            at = start + len(gap[: found.start()].encode())
            yield at, at + len(found[0].encode()), other

    def swapped(self, left: ast.AST, right: ast.AST) -> Iterator[Change]:
        """Yield the change of places of two nodes."""
        start, end = self.start(left), self.end(right)
        gap = self.data[self.end(left) : self.start(right)].decode()
        yield start, end, f"{self.of(right)}{gap}{self.of(left)}"
