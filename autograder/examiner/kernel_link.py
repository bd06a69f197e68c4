"""The interface of a kernel's link that proxies use."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from autograder.examiner.solution_trace import SolutionTrace


class KernelLink(Protocol):
    """The part of `autograder.examiner.link.Link` that stand-ins for a student's objects use.

    They are made by the link and hold it, so that neither can import the other's class.
    """

    decoding: bool
    lab_class: Callable[[str], type | None]
    packages: set[str]
    trace: SolutionTrace

    def apply(self, operator: str, *operands: Any) -> Any:
        """Return the result of an operator in the kernel."""

    def call(self, target: Any, args: Any, kwargs: Any) -> tuple[Any, tuple[Any, ...]]:
        """Return the result of a call in the kernel, and the arguments that it changed."""

    def timed_call(
        self, target: Any, seed: int, first: Any, args: Any, kwargs: Any
    ) -> tuple[Any, float]:
        """Return the result of a call on a large input, and the seconds that it took."""

    def plain(self, target: Any) -> Any:
        """Return the data of an object whose class extends a plain type."""

    def signature(self, target: Any) -> inspect.Signature:
        """Return the signature of a function in the kernel."""

    def items(self, target: Any) -> Iterator[Any]:
        """Iterate over an object in the kernel."""

    def next_item(self, target: Any) -> Any:
        """Return an iterator's next item."""

    def module(self, name: str) -> Any:
        """Return a module of the kernel."""
