"""Declares the mistakes of an exercise: wrong functions, each with the sentence that helps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

Recognise = Callable[[object], bool]


@dataclass(frozen=True)
class Mistake:
    """A wrong implementation that people really write.

    Args:
        name: its name within the exercise, such as ``stride_ignored_in_rows``.
        sentence: goes on after "This is what comes out when ...": what is wrong, then what to do.
        function: the wrong implementation, with the exercise's own signature.
        recognise: tells from an answer alone whether it is this mistake, for exercises where
            many different answers are one mistake. By default answers are compared with those
            of ``function``.
        others: the same mistake written in other ways, where the way decides which error is
            raised, or whether one is.
    """

    name: str
    sentence: str
    function: Callable[..., object]
    recognise: Recognise | None = None
    others: tuple[Callable[..., object], ...] = ()

    def ways(self) -> tuple[Mistake, ...]:
        """Return the mistake once for each way of writing it, under the same name."""
        functions = (self.function, *self.others)
        return tuple(replace(self, function=each, others=()) for each in functions)


class MistakeList:
    """Collects an exercise's mistakes; of two that the cases cannot tell apart the first wins."""

    def __init__(self) -> None:
        self._mistakes: list[Mistake] = []

    def add(
        self,
        sentence: str,
        *,
        recognise: Recognise | None = None,
        others: tuple[Callable[..., object], ...] = (),
    ) -> Callable[[Callable[..., object]], Callable[..., object]]:
        """Declare the decorated function as a mistake, under its own name.

        Args:
            sentence: see `Mistake`.
            recognise: see `Mistake`.
            others: see `Mistake`.
        """

        def declare(function: Callable[..., object]) -> Callable[..., object]:
            name = str(getattr(function, "__name__", "mistake"))
            self._mistakes.append(Mistake(name, sentence, function, recognise, others))
            return function

        return declare

    def extend(self, mistakes: Iterable[Mistake]) -> None:
        """Declare mistakes that are made elsewhere, such as from the rows of a table."""
        self._mistakes.extend(mistakes)

    def __iter__(self) -> Iterator[Mistake]:
        return iter(self._mistakes)


def of_functions(name: str, sentence: str, *functions: Callable[..., object]) -> Mistake:
    """Return the mistake that functions are ways of writing.

    Args:
        name: see `Mistake`.
        sentence: see `Mistake`.
        functions: at least one.
    """
    return Mistake(name, sentence, functions[0], others=functions[1:])


def functions_named(mistakes: Iterable[Mistake], *names: str) -> tuple[Callable[..., object], ...]:
    """Return the functions of the mistakes of these names, in the names' order."""
    functions = {mistake.name: mistake.function for mistake in mistakes}
    return tuple(functions[name] for name in names)
