"""What an exercise declares, and the questions that it asks; nothing here grades."""

from __future__ import annotations

import inspect
import math
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import cast

import numpy as np

from autograder.errors import HiddenTestBug
from autograder.exercises.cases import Case, CaseGroup, Function, Sampler, call_text
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

CaseJudge = Callable[[Case, object, str], Judgement]


@dataclass(frozen=True)
class DeclaredFunction:
    """The declaration of an exercise in which one function is written, and its questions.

    Args:
        name: the function's name.
        points: points of the exercise; 0 if it is only judged and explained.
        reference: a right implementation, independent of the notebook's solution.
        groups: what is tested; their shares and the speed test's sum to 1.
        mistakes: wrong implementations that people write.
        variants: right implementations that are written in other ways.
        rtol: allowed error relative to the expected entry; the default accepts results computed
            in single precision.
        atol: allowed absolute error; the default accepts sums of numbers near 1 in single
            precision.
        integer: whether whole numbers must be of an integer type.
        form_credit: credit, 0 to 1, for right values in another shape or number type; 0 if the
            function only changes the shape.
        judge: takes the case, the result and the call in words, and judges the result; by default
            the result is compared with the reference's.
        parts: the names of the parts of a returned tuple, with their weights, such as
            ``{"dx": 2, "db": 1}``; parts are judged separately and named in the messages.
        speed: how to measure the speed of right functions, if it earns points.
        by_chance: whether a right function may return different results for the same inputs; if
            not, differing results are diagnosed as a mistake.

    Raises:
        ValueError: the shares do not sum to 1, or a name occurs twice.

    Examples:
        >>> import numpy as np
        >>> scale = DeclaredFunction(
        ...     "scale",
        ...     points=2,
        ...     reference=lambda x, factor: x * factor,
        ...     groups=(CaseGroup("basic", 1.0, (lambda rng: Case((rng.random(3), 2)),)),),
        ... )
        >>> question = scale.questions(np.random.default_rng(0))[0]
        >>> question.title
        'scale(x: (3,), factor=2)'
        >>> question.judge(2 * question.case.args[0]).credit
        1.0
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
        """Return one question for each sampler of the groups.

        Args:
            rng: the generator to draw the cases from.

        Raises:
            HiddenTestBug: a draw or the reference raised.
        """
        draws = [(group.name, draw) for group in self.groups for draw in group.draws]
        return cached_questions(self, rng, partial(self._drawn, draws))

    def speed_questions(self, rng: np.random.Generator) -> Iterator[tuple[Question, int]]:
        """Yield large questions for the speed test with their seeds; none without a speed test.

        Each is drawn when it is needed, and no grading repeats an input, so that no input is
        known before the clock starts.

        Args:
            rng: the generator for all inputs but the first, which is drawn from a new seed.

        Raises:
            HiddenTestBug: a draw or the reference raised.
        """
        if self.speed:
            for _ in range(self.speed.runs):
                seed = secrets.randbits(63)
                draw = partial(self.speed.case, seed=seed)
                yield self._drawn([("speed", draw)], rng)[0], seed

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


def _by_judge(judge: CaseJudge, case: Case, title: str, got: object) -> Judgement:
    return judge(case, got, title)
