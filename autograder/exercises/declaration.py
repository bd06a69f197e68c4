"""The declaration of an exercise, which grades, diagnoses and tests itself."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from autograder.errors import HiddenTestBug
from autograder.exercises import grading
from autograder.exercises.cases import Function
from autograder.exercises.declared_function import DeclaredFunction
from autograder.results.marks import Mark

TrialKind = Literal["reference", "variant", "mistake", "stub"]


@dataclass(frozen=True)
class Trial:
    """One way of doing an exercise whose grade is known beforehand: what the tests grade.

    Args:
        kind: ``reference`` and ``variant`` earn all points, ``mistake`` less and its own id,
            ``stub`` (what is released) nothing.
        id: the exercise's name and the trial's own, such as ``conv2d/bias_missing``.
        function: what to hand to ``grade`` first.
        others: what to hand to it by keyword.
        another_way: whether it is a mistake that is declared in a further way of writing.
    """

    kind: TrialKind
    id: str
    function: Function
    others: Mapping[str, Function] = field(default_factory=dict)
    another_way: bool = False


class Exercise(ABC):
    """Anything that a hidden test can grade. A lab module lists its own as ``EXERCISES``."""

    name: str
    points: float

    @abstractmethod
    def grade(self, function: Function, /, **others: Function) -> Mark:
        """Return the mark of what a student wrote. Called by the last line of a hidden test.

        Args:
            function: the student's function or its proxy.
            others: further functions of the student's, by the names that the exercise states.

        Raises:
            GraderError: the declaration or the host failed; never a student's doing.
        """

    def refuse(self, others: Mapping[str, Function]) -> None:
        """Raise HiddenTestBug if a hidden test names functions that the exercise has no use for.

        Args:
            others: what ``grade`` got by keyword.
        """
        if others:
            raise HiddenTestBug(f"{self.name}.grade knows no function {', '.join(others)}")

    @abstractmethod
    def trials(self) -> Iterator[Trial]:
        """Yield all mistakes, variants, the reference and the stub, for tests of the tests."""


@dataclass(frozen=True)
class FunctionExercise(DeclaredFunction, Exercise):
    """An exercise in which one function is written; see `DeclaredFunction` for its arguments."""

    def grade(self, function: Function, /, **others: Function) -> Mark:
        """Return the mark of a student's function; see `Exercise.grade`.

        Args:
            function: the student's function or its proxy.
            others: none.
        """
        self.refuse(others)
        return grading.grade(self, function)

    def trials(self) -> Iterator[Trial]:
        """Yield the reference, every variant, every mistake and the stub."""
        yield Trial("reference", f"{self.name}/reference", self.reference)
        for variant in self.variants:
            yield Trial("variant", f"{self.name}/{_name(variant)}", variant)
        for mistake in self.mistakes:
            name = f"{self.name}/{mistake.name}"
            yield Trial("mistake", name, mistake.function)
            for way in mistake.others:
                yield Trial("mistake", name, way, another_way=True)
        yield Trial("stub", f"{self.name}/stub", stub)


@dataclass(frozen=True)
class JointExercise(Exercise):
    """An exercise in which several functions are written; each part earns its own points.

    Args:
        name: name of the exercise.
        parts: the first gets ``grade``'s first function, the others theirs by their names.
    """

    name: str
    parts: tuple[Exercise, ...]

    @property
    def points(self) -> float:  # type: ignore[override]
        """Points of all parts together."""
        return sum(part.points for part in self.parts)

    def grade(self, function: Function, /, **others: Function) -> Mark:
        """Return the parts' marks as one; see `Exercise.grade`.

        Args:
            function: the first part's function.
            others: the other parts' functions by their names.
        """
        functions = {self.parts[0].name: function, **others}
        if set(functions) != {part.name for part in self.parts}:
            raise HiddenTestBug(f"{self.name}.grade got the functions {', '.join(functions)}")
        return grading.joined([part.grade(functions[part.name]) for part in self.parts])

    def trials(self) -> Iterator[Trial]:
        """Yield every part's trials with the other parts done right, and one stub for all."""
        right = {part.name: next(part.trials()).function for part in self.parts}
        for part, trial in itertools.chain.from_iterable(
            ((part, trial) for trial in part.trials()) for part in self.parts
        ):
            if trial.kind != "stub":
                yield self._trial(trial, {**right, part.name: trial.function})
        nothing = Trial("stub", f"{self.name}/stub", stub)
        yield self._trial(nothing, dict.fromkeys(right, stub))

    def _trial(self, trial: Trial, functions: Mapping[str, Function]) -> Trial:
        first, *rest = (part.name for part in self.parts)
        others = {name: functions[name] for name in rest}
        return replace(trial, function=functions[first], others=others)


def _name(function: Function) -> str:
    return str(getattr(function, "__name__", "variant"))


def stub(*args: object, **kwargs: object) -> object:
    """Raise NotImplementedError, as a released stub does."""
    raise NotImplementedError
