"""Makes a mark: asks the cases, adds up the points and says what happened.

Points are the groups' shares times the part of their cases that is right. The outcome follows
from the points: all of them ``passed``, some ``partial``, and for none of them what the first
failure was: ``not_attempted``, ``timeout``, ``out_of_memory``, ``student_error``, else ``failed``.
What was earned before a time-out or a dead kernel is kept; no call is made after it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from autograder.examiner.first_loss import stops_at_first_loss
from autograder.examiner.seeding import generator
from autograder.exercises import speed as speeds
from autograder.exercises import wording
from autograder.exercises.calls import Failure
from autograder.exercises.cases import Function
from autograder.exercises.constant_answers import constant_note, is_constant, without_credit
from autograder.exercises.declared_function import DeclaredFunction
from autograder.exercises.diagnosis import (
    Diagnosis,
    diagnose_chance,
    diagnose_parts,
    diagnose_zeros,
)
from autograder.exercises.questions import Question, Result, ask
from autograder.results.marks import Mark, Message, Outcome


@contextmanager
def quiet_numpy() -> Iterator[None]:
    """Keep NumPy's warnings away from the instructor's terminal.

    The mistakes that an exercise declares overflow and divide by 0, and so may what a student's
    function returned.
    """
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def grade(exercise: DeclaredFunction, function: Function) -> Mark:
    """Return the mark of a student's function; only `FunctionExercise.grade` calls it.

    Args:
        exercise: the declaration.
        function: the student's function or its proxy.

    Raises:
        GraderError: the declaration or the host failed; no student can cause it.
    """
    with quiet_numpy():
        return _grade(exercise, function)


def _grade(exercise: DeclaredFunction, function: Function) -> Mark:
    rng = generator(exercise.name)
    questions = exercise.questions(rng)
    groups = [question.group for question in questions]
    results = _asked(exercise, function, questions)
    if len(results) < len(questions) and stops_at_first_loss():
        return _mark(exercise, _at_most(exercise, groups, results), results, ())
    if _untouched(results):
        return _mark(exercise, 0.0, results, (wording.not_written(exercise.name),))
    diagnoses = _diagnoses(exercise, function, results)
    notes: tuple[Message, ...] = ()
    if is_constant(results, rtol=exercise.rtol, atol=exercise.atol):
        results, notes = without_credit(results), (constant_note(exercise.name),)
    speed = _speed(exercise, function, results, rng)
    messages = (*wording.messages(exercise, groups, results, diagnoses, speed), *notes)
    share = sum(group.share * _credit(group.name, groups, results) for group in exercise.groups)
    if exercise.speed and speed:
        share += exercise.speed.share * exercise.speed.credit(speed.ratio)
    return _mark(exercise, share, results, messages, diagnoses)


def _asked(
    exercise: DeclaredFunction, function: Function, questions: Sequence[Question]
) -> tuple[Result, ...]:
    """Return the answers to all questions, or those up to the first that costs points."""
    if not stops_at_first_loss():
        return ask(function, questions, exercise.parameters)
    groups, results = [question.group for question in questions], list[Result]()
    for question in questions:
        results += ask(function, (question,), exercise.parameters)
        if _earned(exercise, _at_most(exercise, groups, results)) < _scale(exercise):
            break
    return tuple(results)


def _at_most(exercise: DeclaredFunction, groups: Sequence[str], results: Sequence[Result]) -> float:
    """Return the share of the points, 0 to 1, that is earned if all other answers are right."""
    shares = {group.name: group.share / groups.count(group.name) for group in exercise.groups}
    return 1 - sum(shares[each.question.group] * (1 - each.credit) for each in results)


def joined(marks: Sequence[Mark]) -> Mark:
    """Return the sum of the marks of an exercise's parts, with all their messages."""
    outcomes = [mark.outcome for mark in marks]
    return Mark(
        round(sum(marks), 2),
        maximum=sum(mark.maximum for mark in marks),
        outcome=_joined_outcome(outcomes),
        messages=tuple(message for mark in marks for message in mark.messages),
        mistakes=tuple(mistake for mark in marks for mistake in mark.mistakes),
    )


def _diagnoses(
    exercise: DeclaredFunction, function: Function, results: Sequence[Result]
) -> tuple[Diagnosis, ...]:
    """Return the diagnoses of the wrong answers; those of zeros and randomness are built in."""
    how = {"rtol": exercise.rtol, "atol": exercise.atol}
    if not exercise.judge and (zeros := diagnose_zeros(results)):
        return (zeros,)
    found = diagnose_parts(results, exercise.mistakes, len(exercise.parts), **how)
    if exercise.by_chance or any(diagnosis.sure for diagnosis in found):
        return found
    chance = diagnose_chance(function, results, **how)
    return (chance,) if chance else found


def _speed(
    exercise: DeclaredFunction,
    function: Function,
    results: Sequence[Result],
    rng: np.random.Generator,
) -> speeds.Speed | None:
    """Return the measured speed, if the exercise has a speed test."""
    if not exercise.speed:
        return None
    if not all(result.right for result in results):
        return speeds.Speed(0.0, "it is measured once all cases are right")
    return speeds.measure(exercise.speed, function, exercise.speed_questions(rng))


def _credit(group: str, groups: Sequence[str], results: Sequence[Result]) -> float:
    """Return the share of a group's cases that is right; cases not asked count as wrong."""
    earned = sum(result.credit for result in results if result.question.group == group)
    return earned / groups.count(group)


def _untouched(results: Sequence[Result]) -> bool:
    return all(
        isinstance(result.answer, Failure) and result.answer.outcome == "not_attempted"
        for result in results
    )


def _mark(
    exercise: DeclaredFunction,
    share: float,
    results: Sequence[Result],
    messages: tuple[Message, ...],
    diagnoses: tuple[Diagnosis, ...] = (),
) -> Mark:
    earned = _earned(exercise, share)
    return Mark(
        earned if exercise.points else 0.0,
        maximum=exercise.points,
        outcome=_outcome(earned, _scale(exercise), _failure(results)),
        messages=messages,
        mistakes=tuple(f"{exercise.name}/{each.mistake.name}" for each in diagnoses),
    )


def _scale(exercise: DeclaredFunction) -> float:
    """Return the exercise's points; an exercise without points is judged as if it had one."""
    return float(exercise.points) or 1.0


def _earned(exercise: DeclaredFunction, share: float) -> float:
    return min(round(_scale(exercise) * share, 2), _scale(exercise))


def _joined_outcome(outcomes: Sequence[Outcome]) -> Outcome:
    if set(outcomes) == {"passed"}:
        return "passed"
    if "passed" in outcomes or "partial" in outcomes:
        return "partial"
    return next((each for each in outcomes if each != "not_attempted"), "not_attempted")


def _outcome(points: float, maximum: float, nothing: Outcome) -> Outcome:
    if points == maximum:
        return "passed"
    return "partial" if points > 0 else nothing


def _failure(results: Sequence[Result]) -> Outcome:
    """Return the outcome of an exercise that earned nothing.

    It is that of the final failure, if there is one, else of the first error that is not a stub's
    if every call failed, else ``failed``.
    """
    answers = [result.answer for result in results]
    if not all(isinstance(answer, Failure) for answer in answers):
        last = answers[-1]
        return last.outcome if isinstance(last, Failure) and last.final else "failed"
    failures = [answer for answer in answers if isinstance(answer, Failure)]
    if failures[-1].final:
        return failures[-1].outcome
    written = [failure for failure in failures if failure.outcome != "not_attempted"]
    return written[0].outcome if written else "not_attempted"
