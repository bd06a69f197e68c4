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
        sentence: continues "This is what comes out when": what is wrong, then what to do.
        function: the wrong implementation, with the exercise's own signature.
        recognise: returns whether a result shows this mistake, for exercises in which many
            different results come from one mistake. By default results are compared with those
            of ``function``.
        others: the same mistake written in other ways, if these raise other errors or none.
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
    """The mistakes of an exercise; the first is named of two that the cases cannot tell apart.

    Examples:
        >>> mistakes = MistakeList()
        >>> @mistakes.add("the mean is taken over all axes. Use axis=(1, 2).")
        ... def all_axes_averaged(x):
        ...     return x.mean()
        >>> @mistakes.add("the sum is not divided by the number of entries.")
        ... def sum_not_divided(x):
        ...     return x.sum(axis=(1, 2))
        >>> [mistake.name for mistake in mistakes]
        ['all_axes_averaged', 'sum_not_divided']
    """

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

        Returns:
            A decorator that returns the function unchanged.

        Examples:
            >>> mistakes = MistakeList()
            >>> @mistakes.add("negative values are kept. Use np.maximum(x, 0).")
            ... def negative_kept(x):
            ...     return x
            >>> negative_kept(-1.5)
            -1.5
            >>> next(iter(mistakes)).sentence
            'negative values are kept. Use np.maximum(x, 0).'
        """

        def declare(function: Callable[..., object]) -> Callable[..., object]:
            name = str(getattr(function, "__name__", "mistake"))
            self._mistakes.append(Mistake(name, sentence, function, recognise, others))
            return function

        return declare

    def extend(self, mistakes: Iterable[Mistake]) -> None:
        """Append mistakes that were built elsewhere, such as from the rows of a table."""
        self._mistakes.extend(mistakes)

    def __iter__(self) -> Iterator[Mistake]:
        return iter(self._mistakes)


def of_functions(name: str, sentence: str, *functions: Callable[..., object]) -> Mistake:
    """Return one mistake that can be written in several ways.

    Args:
        name: see `Mistake`.
        sentence: see `Mistake`.
        functions: the implementations, at least one.
    """
    return Mistake(name, sentence, functions[0], others=functions[1:])


def functions_named(mistakes: Iterable[Mistake], *names: str) -> tuple[Callable[..., object], ...]:
    """Return the functions of the mistakes with these names, in the order of the names.

    Args:
        mistakes: the declared mistakes.
        names: names of some of them.

    Raises:
        KeyError: no mistake has one of the names.
    """
    functions = {mistake.name: mistake.function for mistake in mistakes}
    return tuple(functions[name] for name in names)
