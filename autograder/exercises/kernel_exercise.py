"""Exercises whose functions work on what cannot leave a kernel: data sets, networks, clocks.

A *harness* in the grader's process runs such a function. Clocks, losses and weights that record
what was done stay in that process, as functions that the student's code may call; Keras and
TensorFlow run in the kernel and are driven through proxies. The observations are compared with
those of a model of the right work for the same numbers. The kernel never gets the expected values,
and its answers depend on numbers drawn here, so that they cannot be given without doing the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from autograder.errors import BadAnswer
from autograder.exercises.cases import Function
from autograder.exercises.declaration import Exercise, FunctionExercise, Trial, stub
from autograder.exercises.kernel_libraries import KernelLibraries, usual_settings
from autograder.results.marks import Mark, Message

Look = Callable[..., Any]
MOST_TEXT = 200
"""Characters of one part's observation that a message shows."""


def as_returned(answer: Any, *_: Any) -> Any:
    """Return what a harness returned, as it is."""
    return answer


@dataclass(frozen=True)
class KernelExercise(Exercise):
    """An exercise that is graded by what a harness of the student's function returns.

    Args:
        model: declares the expected observations: its reference and its mistakes take the
            harness's arguments after the function and return, in NumPy alone, what ``look``
            should return.
        harness: takes the function, then a case's arguments, and runs the function.
        right: right implementations of the function, at least one.
        wrong: the mistakes as a student writes them, by the names of the model's mistakes.
        look: turns the harness's result, and its arguments, into what is compared with the model.
        keras: whether the harness needs Keras and TensorFlow, with their usual settings.

    Raises:
        ValueError: the names in ``wrong`` are not those of the model's mistakes.
    """

    model: FunctionExercise
    harness: Function
    right: tuple[Function, ...]
    wrong: Mapping[str, Function]
    look: Look = as_returned
    keras: bool = True

    def __post_init__(self) -> None:
        known = {mistake.name for mistake in self.model.mistakes}
        if known != set(self.wrong):
            odd = ", ".join(sorted(known ^ set(self.wrong)))
            raise ValueError(f"{self.name} declares, but does not write, or the reverse: {odd}")

    @property
    def name(self) -> str:  # type: ignore[override]
        """The function's name."""
        return self.model.name

    @property
    def points(self) -> float:  # type: ignore[override]
        """Points of the exercise."""
        return self.model.points

    def grade(self, function: Function, /, **others: Function) -> Mark:
        """Return the mark of a student's function; see `Exercise.grade`.

        Args:
            function: the student's function or its proxy.
            others: must be empty.

        Raises:
            HiddenTestBug: there are other functions, or the declaration is wrong.
        """
        self.refuse(others)
        looked = _Looked(self, function)
        # Networks begin with random weights, and data sets are shuffled.
        mark = replace(self.model, by_chance=True).grade(looked)
        return mark if mark == self.points else _with_what_was_seen(mark, self.model, looked.seen)

    def trials(self) -> Iterator[Trial]:
        """Yield the right ways, every mistake and the stub."""
        first, *more = self.right
        yield Trial("reference", f"{self.name}/reference", first)
        for variant in more:
            yield Trial("variant", f"{self.name}/{variant.__name__}", variant)
        for name, function in self.wrong.items():
            yield Trial("mistake", f"{self.name}/{name}", function)
        yield Trial("stub", f"{self.name}/stub", stub)


class _Looked:
    """A student's function in its harness: a callable that returns the observations of a run."""

    last_call_changed_inputs = ()

    def __init__(self, exercise: KernelExercise, function: Function) -> None:
        self._exercise = exercise
        self._function = function
        self.seen: list[Any] = []

    def __call__(self, *args: Any) -> Any:
        with self._settings():
            answer = self._exercise.harness(self._function, *args)
        try:
            self.seen.append(self._exercise.look(answer, *args))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # What came back is the student's: whatever cannot be looked at is no answer.
            raise BadAnswer(f"{self._exercise.name} gave something else than asked for") from error
        return self.seen[-1]

    def _settings(self) -> AbstractContextManager[None]:
        return (
            usual_settings(KernelLibraries(self._function))
            if self._exercise.keras
            else nullcontext()
        )


def _with_what_was_seen(mark: Mark, model: FunctionExercise, seen: list[Any]) -> Mark:
    """Return the mark with a note of what the harness saw in the first case."""
    first = seen[0] if seen and type(seen[0]) is tuple else ()
    words = [
        f"{part}: {what[:MOST_TEXT] or 'none'}"
        for part, what in zip(model.parts, first, strict=False)
        if type(what) is str
    ]
    if not words:
        return mark
    note = Message("note", f"What {model.name} did in the first case. {'; '.join(words)}.")
    return Mark(
        float(mark),
        maximum=mark.maximum,
        outcome=mark.outcome,
        messages=(*mark.messages, note),
        mistakes=mark.mistakes,
    )
