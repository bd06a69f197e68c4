"""Marks functions as what strangers hand in, with what should become of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.exercises.declaration import Exercise

Function = Callable[..., Any]


@dataclass(frozen=True)
class Stranger:
    """A function that somebody could hand in.

    Args:
        exercise: what it is an answer to.
        function: the function.
        share: part of the points that it earns; 1 for a right one.
        says: for each diagnosis a piece of its text; nothing where no declared mistake is it.
    """

    exercise: Exercise
    function: Function
    share: float = 1.0
    says: tuple[str, ...] = ()


class Hands:
    """Collects what strangers hand in for one lab."""

    def __init__(self) -> None:
        self.strangers: list[Stranger] = []

    def right(self, exercise: Exercise) -> Callable[[Function], Function]:
        """Declare the decorated function right: it earns all points."""
        return self.wrong(exercise, 1.0)

    def wrong(self, exercise: Exercise, share: float, *says: str) -> Callable[[Function], Function]:
        """Declare the decorated function wrong; see `Stranger`."""

        def declare(function: Function) -> Function:
            self.strangers.append(Stranger(exercise, function, share, says))
            return function

        return declare
