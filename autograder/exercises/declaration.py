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
    """One implementation of an exercise whose grade is known beforehand, to test the tests.

    Args:
        kind: ``reference`` and ``variant`` earn all points, ``mistake`` earns fewer and is named,
            ``stub`` (what students are given) earns none.
        id: the exercise's name and the trial's own, such as ``conv2d/bias_missing``.
        function: the first argument of ``grade``.
        others: the keyword arguments of ``grade``.
        another_way: whether this is one of the ``others`` of a declared mistake.
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
        """Return the mark of a student's work; the last line of a hidden test calls it.

        Args:
            function: the student's function or its proxy.
            others: the student's other functions, by the names that the exercise declares.

        Returns:
            The points with their outcome, the messages for the student and the ids of the
            recognised mistakes.

        Raises:
            GraderError: the declaration or the host failed; no student can cause it.
        """

    def refuse(self, others: Mapping[str, Function]) -> None:
        """Raise an error if a hidden test passes functions that the exercise does not use.

        Args:
            others: the keyword arguments of ``grade``.

        Raises:
            HiddenTestBug: there are any.
        """
        if others:
            raise HiddenTestBug(f"{self.name}.grade knows no function {', '.join(others)}")

    @abstractmethod
    def trials(self) -> Iterator[Trial]:
        """Yield all mistakes, variants, the reference and the stub, for tests of the tests."""


@dataclass(frozen=True)
class FunctionExercise(DeclaredFunction, Exercise):
    """An exercise in which one function is written; see `DeclaredFunction` for its arguments.

    Examples:
        >>> from autograder.exercises import Case, CaseGroup, MistakeList
        >>> mistakes = MistakeList()
        >>> @mistakes.add("the factor is added. Multiply by it: x * factor.")
        ... def factor_added(x, factor):
        ...     return x + factor
        >>> def vector(rng):
        ...     return Case((rng.standard_normal(3), rng.uniform(2, 3)))
        >>> scale = FunctionExercise(
        ...     "scale",
        ...     points=2,
        ...     reference=lambda x, factor: x * factor,
        ...     groups=(CaseGroup("basic", 1.0, (vector, vector)),),
        ...     mistakes=tuple(mistakes),
        ... )

        A right function earns all points:

        >>> mark = scale.grade(lambda x, factor: factor * x)
        >>> float(mark), mark.outcome
        (2.0, 'passed')

        The mistake of a wrong one is named:

        >>> mark = scale.grade(lambda x, factor: x - -factor)
        >>> float(mark), mark.outcome, mark.mistakes
        (0.0, 'failed', ('scale/factor_added',))
        >>> print(mark.messages[-1].text)
        This is what comes out when the factor is added. Multiply by it: x * factor.
    """

    def grade(self, function: Function, /, **others: Function) -> Mark:
        """Return the mark of a student's function; see `Exercise.grade`.

        Args:
            function: the student's function or its proxy.
            others: must be empty.

        Raises:
            HiddenTestBug: there are other functions, or the declaration is wrong.
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
        parts: the exercises; the first grades the first argument of ``grade``, the others the
            keyword arguments of their names.
    """

    name: str
    parts: tuple[Exercise, ...]

    @property
    def points(self) -> float:  # type: ignore[override]
        """Points of all parts together."""
        return sum(part.points for part in self.parts)

    def grade(self, function: Function, /, **others: Function) -> Mark:
        """Return the marks of all parts, joined; see `Exercise.grade`.

        Args:
            function: the first part's function.
            others: the other parts' functions by their names.

        Raises:
            HiddenTestBug: the names are not those of the parts, or a declaration is wrong.
        """
        functions = {self.parts[0].name: function, **others}
        if set(functions) != {part.name for part in self.parts}:
            raise HiddenTestBug(f"{self.name}.grade got the functions {', '.join(functions)}")
        return grading.joined([part.grade(functions[part.name]) for part in self.parts])

    def trials(self) -> Iterator[Trial]:
        """Yield each part's trials, with the other parts right, and one stub for all parts."""
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
