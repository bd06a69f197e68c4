"""Grades the ways of doing an exercise whose grade is known beforehand, and says what is off.

Tests of a lab's hidden tests and the certificate both stand on this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.errors import GraderError
from autograder.examiner.seeding import cases_for, generator
from autograder.exercises.declaration import (
    Exercise,
    FunctionExercise,
    JointExercise,
    Trial,
)
from autograder.results.marks import Mark
from coursekit.models.quiet import quiet_start

STUDENTS = ("ada", "bob", "eve", "kim", "zoe")
"""Simulated students: each has random cases of their own. See `simulated` for more of them."""
FEWER = 2
"""Students for a mistake's other ways, and for right ways whose speed is measured."""
UNEQUAL = 0.2
"""Part of an exercise's points by which a mistake may cost one student more than another."""
_CAUGHT = ("partial", "failed", "student_error")


@dataclass(frozen=True)
class TrialResult:
    """One trial, graded for some students.

    Args:
        trial: what was graded.
        points: the exercise's points.
        marks: one mark for each student, in their order.
        students: who they are.
        leaked: an expected number that a message holds, or empty.
        failure: why there are no marks: the declaration itself raised.
    """

    trial: Trial
    points: float
    marks: tuple[Mark, ...] = ()
    students: tuple[str, ...] = ()
    leaked: str = ""
    failure: str = ""

    @property
    def caught(self) -> bool:
        """Whether a mistake loses points for every student."""
        return not self._students_where(lambda mark: not self._loses(mark))

    @property
    def named(self) -> bool:
        """Whether the messages name this mistake and no other, for every student."""
        return not self._students_where(lambda mark: mark.mistakes != (self.trial.id,))

    @property
    def right(self) -> bool:
        """Whether it earns all points, for every student and without a diagnosis."""
        return not self._students_where(lambda mark: not self._is_full(mark))

    @property
    def not_attempted(self) -> bool:
        """Whether it earns nothing because it is not written, for every student."""
        return not self._students_where(lambda m: m > 0 or m.outcome != "not_attempted")

    @property
    def faults(self) -> tuple[str, ...]:
        """What is not as it should be, each with what to do; empty if all is well."""
        if self.failure:
            return (f"{self.trial.id} cannot be graded: {self.failure}",)
        checks = {"mistake": self._mistake_faults, "stub": self._stub_faults}
        return tuple(checks.get(self.trial.kind, self._right_faults)())

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is worth knowing of it: that it costs students different points, by their cases."""
        if self.trial.kind != "mistake" or not self.marks:
            return ()
        low, high = min(self.marks), max(self.marks)
        if high - low <= UNEQUAL * self.points:
            return ()
        return (
            f"{self.trial.id} leaves one student {low:g} and another {high:g} of {self.points:g} "
            "points, as their cases will have it: see `sampling.distinguishing`",
        )

    def _mistake_faults(self) -> Iterator[str]:
        name = self.trial.id
        if free := self._students_where(lambda mark: not self._loses(mark)):
            yield f"{name} loses no points for {free}: add a case that it gets wrong"
        elif other := self._students_where(lambda mark: mark.mistakes != (name,)):
            said = sorted({text for mark in self.marks for text in mark.mistakes or ("nothing",)})
            yield (
                f"{name} is not named for {other} but {', '.join(said)}: add a case on which the "
                "two differ, or declare the likelier one first"
            )
        if self.leaked:
            yield f"the messages on {name} tell the expected number {self.leaked}"

    def _right_faults(self) -> Iterator[str]:
        if who := self._students_where(lambda mark: not self._is_full(mark)):
            lowest = min(self.marks)
            worst = next((m.text for m in lowest.messages if m.kind == "problem"), "")
            yield (
                f"{self.trial.id} is right but earns {lowest:g} of {self.points:g} points or a "
                f"diagnosis for {who}. {worst}".rstrip()
            )

    def _stub_faults(self) -> Iterator[str]:
        if not self.not_attempted:
            yield f"{self.trial.id}: a released stub must earn 0 points as not attempted"

    def _loses(self, mark: Mark) -> bool:
        return mark.outcome in _CAUGHT

    def _is_full(self, mark: Mark) -> bool:
        return (mark.outcome, mark.mistakes) == ("passed", ())

    def _students_where(self, condition: Any) -> str:
        if self.failure:
            return "anyone"
        pairs = zip(self.students, self.marks, strict=True)
        return ", ".join(student for student, mark in pairs if condition(mark))


def run_trials(
    exercise: Exercise,
    trials: Iterable[Trial],
    lab: str = "",
    students: Sequence[str] = STUDENTS,
    progress: Callable[[str], object] = str,
) -> list[TrialResult]:
    """Grade trials for several students: one student after the other, who share what is kept.

    Args:
        exercise: the declaration.
        trials: some of its trials.
        lab: name of the lab, on which the random cases depend.
        students: whose random cases to draw.
        progress: called with a line on what is under way.
    """
    running = [_RunningTrial(trial, set(_enough(exercise, trial, students))) for trial in trials]
    for student in students:
        for each in running:
            if student in each.students and not each.failure:
                progress(f"{each.trial.kind} {each.trial.id}")
                each.grade(exercise, lab, student)
    return [each.result(exercise.points, students) for each in running]


@dataclass
class _RunningTrial:
    """A trial that is graded for one student after the other."""

    trial: Trial
    students: set[str]
    marks: list[Mark] = field(default_factory=list)
    leaked: str = ""
    failure: str = ""

    def grade(self, exercise: Exercise, lab: str, student: str) -> None:
        trial = self.trial
        try:
            # TensorFlow writes what looks like errors, when it starts and when a data set ends.
            with cases_for("certify", lab, student), quiet_start():
                mark = exercise.grade(trial.function, **trial.others)
                if trial.kind == "mistake" and not self.leaked:
                    self.leaked = leaked_number(exercise, mark)
        except GraderError as error:
            self.failure = str(error)
        else:
            self.marks.append(mark)

    def result(self, points: float, students: Sequence[str]) -> TrialResult:
        if self.failure:
            return TrialResult(self.trial, points, failure=self.failure)
        who = tuple(student for student in students if student in self.students)
        return TrialResult(self.trial, points, tuple(self.marks), who, self.leaked)


def simulated(number: int) -> tuple[str, ...]:
    """Return so many simulated students: those of `STUDENTS` first."""
    more = (f"student{place}" for place in range(len(STUDENTS) + 1, number + 1))
    return (*STUDENTS, *more)[:number]


def _enough(exercise: Exercise, trial: Trial, students: Sequence[str]) -> Sequence[str]:
    """Return all students, or a few for variants of a mistake and for measured speeds."""
    measured = any(part.speed for part in functions_of(exercise))
    if trial.kind == "stub":
        return students[:1]
    few = measured and trial.kind != "mistake"
    return students[:FEWER] if few or trial.another_way else students


def functions_of(exercise: Exercise) -> tuple[FunctionExercise, ...]:
    """Return the exercises in which one function is written: itself, or its parts."""
    if isinstance(exercise, JointExercise):
        return tuple(found for part in exercise.parts for found in functions_of(part))
    return (exercise,) if isinstance(exercise, FunctionExercise) else ()


def leaked_number(exercise: Exercise, mark: Mark) -> str:
    """Return an entry of an expected answer that stands in a mark's messages, or an empty string.

    To be called for the student for whom the mark was made. Numbers in the calls' own words and
    in the mistakes' sentences do not count, nor do those with fewer than three decimals.

    Args:
        exercise: the declaration.
        mark: what it gave.
    """
    text = "\n".join(f"{message.text}\n{message.detail}" for message in mark.messages)
    numbers: list[float] = []
    for part in functions_of(exercise):
        if part.judge:
            continue
        for question in part.questions(generator(part.name)):
            expected = part.reference(*question.case.args, **question.case.kwargs)
            numbers.extend(numbers_in(expected))
            text = text.replace(question.title, "")
        for mistake in part.mistakes:
            text = text.replace(mistake.sentence, "")
    return next((seen for seen in re.findall(r"\d+\.\d{3,}", text) if _is_one(seen, numbers)), "")


def _is_one(seen: str, numbers: Iterable[float]) -> bool:
    digits = len(seen.partition(".")[2])
    return seen in {f"{abs(number):.{digits}f}" for number in numbers}


def numbers_in(value: Any) -> Iterator[float]:
    """Yield all real numbers in plain data."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from numbers_in(part)
    elif np.asarray(value).dtype.kind in "iuf":
        yield from np.asarray(value, float).ravel().tolist()


def undeclared(exercise: Exercise) -> tuple[str, ...]:
    """Return what an exercise, or a part of it, lacks: mistakes or right variants."""
    kinds: dict[str, set[str]] = {}
    for trial in exercise.trials():
        kinds.setdefault(trial.id.partition("/")[0], set()).add(trial.kind)
    return tuple(
        f"{name} declares no {wanted}s: without them nobody knows what its tests are worth"
        for name, declared in kinds.items()
        if declared != {"stub"}
        for wanted in ("mistake", "variant")
        if wanted not in declared
    )
