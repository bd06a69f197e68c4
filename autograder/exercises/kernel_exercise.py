"""Exercises whose functions work on what cannot leave a kernel: data sets, networks, clocks.

Such a function is tried by a *harness* that runs in the grader's process. Clocks, losses and
weights that show what was done stay here, as functions that the student's code may call; Keras and
TensorFlow are driven in the kernel through proxies. What comes out is compared with what a model of
the right work gives for the same numbers. A kernel is never asked what was right, nor for anything
that could be told without doing the work: its answers depend on numbers drawn here.
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
"""Characters that are told of what was seen in one part."""


def as_returned(answer: Any, *_: Any) -> Any:
    """Return what a harness returned, as it is."""
    return answer


@dataclass(frozen=True)
class KernelExercise(Exercise):
    """An exercise that is graded by what a harness of the student's function returns.

    Args:
        model: declares what should be told, in place of a function's result: the reference and
            the mistakes take the harness's arguments after the function and return the same,
            in NumPy alone.
        harness: takes the function, then a case's arguments.
        right: right ways of writing the function, at least one.
        wrong: the mistakes as a student writes them, by the names of the model's mistakes.
        look: makes of what the harness returned, and of its arguments, what the model gives.
        keras: whether the harness needs Keras and TensorFlow, with their usual settings.
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
            others: none.
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
    """A student's function in its harness: takes the harness's arguments, gives what is seen."""

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
