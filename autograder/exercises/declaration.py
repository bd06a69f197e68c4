"""The declaration of an exercise, which grades, diagnoses and tests itself."""

from __future__ import annotations

import inspect
import itertools
import math
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Literal, cast

import numpy as np

from autograder.errors import HiddenTestBug
from autograder.exercises import grading
from autograder.exercises.cases import Case, CaseGroup, Sampler, call_text
from autograder.exercises.diagnosis import Mistake
from autograder.exercises.judging import (
    WRONG_SHAPE_CREDIT,
    Judge,
    Judgement,
    compare,
    judge_parts,
)
from autograder.exercises.question_cache import cached_questions
from autograder.exercises.questions import Question
from autograder.exercises.speed import SpeedTest
from autograder.results.marks import Mark

Function = Callable[..., object]
CaseJudge = Callable[[Case, object, str], Judgement]
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
        """The mark of what a student wrote. Called by the last line of a hidden test.

        Args:
            function: the student's function or its proxy.
            others: further functions of the student's, by the names that the exercise states.

        Raises:
            GraderError: the declaration or the host failed; never a student's doing.
        """

    @abstractmethod
    def trials(self) -> Iterator[Trial]:
        """All mistakes, variants, the reference and the stub. Called by tests of the tests."""


@dataclass(frozen=True)
class FunctionExercise(Exercise):
    """An exercise in which one function is written.

    Args:
        name: the function's name.
        points: points of the exercise.
        reference: a right implementation, independent of the notebook's solution.
        groups: what is tested; their shares and the speed test's sum to 1.
        mistakes: wrong implementations that people write.
        variants: right implementations that are written in other ways.
        rtol: allowed error relative to the expected entry; by default so much that what is right
            may be computed in single precision.
        atol: allowed absolute error, likewise, where numbers near 1 are added up.
        integer: whether whole numbers must be of an integer type.
        form_credit: what a case earns whose values are right in another shape or number type; 0
            where the shape is all that the function makes.
        judge: judges an answer, given the case, the answer and the call in words; by default it
            is compared with the reference's.
        parts: what is returned, where that is a tuple, and what each counts for, such as
            ``{"dx": 2, "db": 1}``: parts are judged apart and named in the messages.
        speed: if given, right functions are also measured.
        by_chance: whether a right function may give another answer on each call, so that nothing
            is made of it.
    """

    name: str
    points: float
    reference: Function
    groups: tuple[CaseGroup, ...]
    mistakes: tuple[Mistake, ...] = ()
    variants: tuple[Function, ...] = ()
    rtol: float = 1e-5
    atol: float = 5e-6
    integer: bool = False
    form_credit: float = WRONG_SHAPE_CREDIT
    judge: CaseJudge | None = None
    parts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    speed: SpeedTest | None = None
    by_chance: bool = False

    def __post_init__(self) -> None:
        shares = [group.share for group in self.groups] + ([self.speed.share] if self.speed else [])
        if not math.isclose(sum(shares), 1.0):
            raise ValueError(f"shares of {self.name} must sum to 1; got {sum(shares):g}")
        names = [group.name for group in self.groups] + [fault.name for fault in self.mistakes]
        if len(set(names)) < len(names):
            raise ValueError(f"{self.name} names a group or a mistake twice: {names}")

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the function's parameters, in order."""
        return tuple(inspect.signature(self.reference).parameters)

    def questions(self, rng: np.random.Generator) -> tuple[Question, ...]:
        """The cases that the generator draws, ready to be asked.

        Raises:
            HiddenTestBug: a draw or the reference raised.
        """
        draws = [(group.name, draw) for group in self.groups for draw in group.draws]
        return cached_questions(self, rng, partial(self._drawn, draws))

    def speed_questions(self, rng: np.random.Generator) -> Iterator[tuple[Question, int]]:
        """Large questions for a speed test, each drawn when it is asked for, with its seed.

        No grading repeats an input, so that none is known before the clock starts.
        """
        if self.speed:
            for _ in range(self.speed.runs):
                seed = secrets.randbits(63)
                draw = partial(self.speed.case, seed=seed)
                yield self._drawn([("speed", draw)], rng)[0], seed

    def grade(self, function: Function, /, **others: Function) -> Mark:
        """The mark of a student's function; see `Exercise.grade`.

        Args:
            function: the student's function or its proxy.
            others: none.
        """
        if others:
            raise HiddenTestBug(f"{self.name}.grade knows no function {', '.join(others)}")
        return grading.grade(self, function)

    def trials(self) -> Iterator[Trial]:
        """The reference, every variant, every mistake and the stub."""
        yield Trial("reference", f"{self.name}/reference", self.reference)
        for variant in self.variants:
            yield Trial("variant", f"{self.name}/{_name(variant)}", variant)
        for mistake in self.mistakes:
            name = f"{self.name}/{mistake.name}"
            yield Trial("mistake", name, mistake.function)
            for way in mistake.others:
                yield Trial("mistake", name, way, another_way=True)
        yield Trial("stub", f"{self.name}/stub", _stub)

    def _drawn(
        self, draws: Iterable[tuple[str, Sampler]], rng: np.random.Generator
    ) -> tuple[Question, ...]:
        try:
            return tuple(self._question(group, draw(rng)) for group, draw in draws)
        except Exception as error:
            raise HiddenTestBug(f"the cases of {self.name} cannot be made: {error!r}") from error

    def _question(self, group: str, case: Case) -> Question:
        title = call_text(self.name, self.parameters, case)
        if self.judge:
            return Question(group, case, title, partial(_by_judge, self.judge, case, title))
        expected = self.reference(*case.args, **case.kwargs)
        whole = self._comparison(expected, title)
        if not self.parts:
            return Question(group, case, title, whole)
        names = [f"{part} of {title}" for part in self.parts]
        judges = tuple(map(self._comparison, cast("tuple[object, ...]", expected), names))
        judge = partial(judge_parts, judges=judges, weights=tuple(self.parts.values()), whole=whole)
        return Question(group, case, title, judge, judges)

    def _comparison(self, expected: object, name: str) -> Judge:
        return partial(
            compare,
            expected=expected,
            name=name,
            rtol=self.rtol,
            atol=self.atol,
            integer=self.integer,
            form_credit=self.form_credit,
        )


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
        """The parts' marks as one; see `Exercise.grade`.

        Args:
            function: the first part's function.
            others: the other parts' functions by their names.
        """
        functions = {self.parts[0].name: function, **others}
        if set(functions) != {part.name for part in self.parts}:
            raise HiddenTestBug(f"{self.name}.grade got the functions {', '.join(functions)}")
        return grading.joined([part.grade(functions[part.name]) for part in self.parts])

    def trials(self) -> Iterator[Trial]:
        """Every part's trials with the other parts done right, and one stub for all."""
        right = {part.name: next(part.trials()).function for part in self.parts}
        for part, trial in itertools.chain.from_iterable(
            ((part, trial) for trial in part.trials()) for part in self.parts
        ):
            if trial.kind != "stub":
                yield self._trial(trial, {**right, part.name: trial.function})
        stub = Trial("stub", f"{self.name}/stub", _stub)
        yield self._trial(stub, dict.fromkeys(right, _stub))

    def _trial(self, trial: Trial, functions: Mapping[str, Function]) -> Trial:
        first, *rest = (part.name for part in self.parts)
        others = {name: functions[name] for name in rest}
        return replace(trial, function=functions[first], others=others)


def _by_judge(judge: CaseJudge, case: Case, title: str, got: object) -> Judgement:
    return judge(case, got, title)


def _name(function: Function) -> str:
    return str(getattr(function, "__name__", "variant"))


def _stub(*args: object, **kwargs: object) -> object:
    """What a release holds in place of every solution."""
    raise NotImplementedError
