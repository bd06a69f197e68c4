"""The messages of a mark for the student: plain text, without any expected entry.

They come in this order: what is right, the smallest wrong case with the kind of result that was
returned and expected, the mistake that explains it, the speed, and notes that cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograder.exercises.calls import Failure, Returned
from autograder.exercises.declared_function import DeclaredFunction
from autograder.exercises.diagnosis import Diagnosis
from autograder.exercises.judging import WRONG_SHAPE_CREDIT
from autograder.exercises.questions import Result, smallest_wrong
from autograder.exercises.speed import Speed, SpeedTest
from autograder.results.marks import Message
from coursekit.checks import Problem
from coursekit.diagnosis import explanation


def not_written(name: str) -> Message:
    """Return the message for a stub that was left as it is."""
    return Message(
        "problem", f"{name} is not written yet: replace `raise NotImplementedError` by your code."
    )


def messages(
    exercise: DeclaredFunction,
    groups: Sequence[str],
    results: Sequence[Result],
    diagnoses: Sequence[Diagnosis],
    speed: Speed | None,
) -> tuple[Message, ...]:
    """Return all messages of one exercise, in the order in which to read them.

    Args:
        exercise: the declaration.
        groups: the group of every case, asked or not.
        results: the results of the cases that were asked.
        diagnoses: the mistakes that explain the wrong ones.
        speed: the measured speed, if the exercise has a speed test.
    """
    said = [*_rights(exercise.name, groups, results)]
    if failing := smallest_wrong(results):
        said += _parts(exercise.name, (*exercise.parts,), results)
        sure = any(diagnosis.sure for diagnosis in diagnoses)
        said.append(_problem(failing, len(groups) - len(results), advise=not sure))
    said += map(_diagnosis, diagnoses)
    if exercise.speed and speed:
        said.append(_speed(exercise.name, exercise.speed, speed))
    return (*said, *_notes(exercise.name, results))


def _rights(name: str, groups: Sequence[str], results: Sequence[Result]) -> Iterator[Message]:
    """Yield one message with each group's count, split into what is right and what is not yet."""
    counts = dict.fromkeys(groups, 0)
    for result in results:
        counts[result.question.group] += result.right
    full = [group for group, count in counts.items() if count == groups.count(group)]
    right = [f"{group}: {counts[group]} of {groups.count(group)}" for group in full]
    other = [f"{g}: {n} of {groups.count(g)}" for g, n in counts.items() if g not in full]
    if right:
        yield Message("passed", f"{name} is right in {_listed(right)}.")
    if other:
        yield Message("problem", f"{name} is not yet right in {_listed(other)}.")


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(parts)


def _parts(name: str, parts: Sequence[str], results: Sequence[Result]) -> Iterator[Message]:
    """Yield how often each part was right, where an answer has parts and some are right."""
    judged = [result.parts for result in results if result.parts]
    counts = [sum(each[i].right for each in judged) for i in range(len(parts))] if judged else []
    if any(counts):
        counted = [f"{part} in {count}" for part, count in zip(parts, counts, strict=True)]
        yield Message("note", f"Of {len(results)} cases, {name} has {_listed(counted)} right.")


def _problem(failing: Result, unasked: int, *, advise: bool) -> Message:
    """Return the message about the smallest wrong case, with advice unless a diagnosis is sure."""
    if isinstance(failing.answer, Failure):
        text = _failure(failing.question.title, failing.answer)
        detail = failing.answer.traceback
    else:
        problem = failing.problem or Problem("values", "", "", "")
        text, detail = _problem_text(problem, advise=advise), ""
    if unasked:
        text += f" After that, {unasked} more cases were not tried and count as wrong."
    inputs = failing.question.case.args or failing.question.case.kwargs
    lead = "Smallest case that is not right: " if inputs else ""
    return Message("problem", f"{lead}{text}", detail)


def _problem_text(problem: Problem, *, advise: bool) -> str:
    if advise:
        return str(problem)
    return str(replace(problem, advice="")).removesuffix("\n  next step:")


def _failure(title: str, failure: Failure) -> str:
    """Return a sentence that says why a call returned no value."""
    if failure.outcome == "not_attempted":
        return f"{title} is not written yet: it raised NotImplementedError."
    match failure.type_name:
        case "StudentTimeout":
            return f"{title} took too long: {failure.text}. Does every loop come to its end?"
        case "OutOfMemory":
            return f"{title} took more memory than there is, and the kernel was ended."
        case "KernelDied":
            return f"{title} ended the kernel."
        case "BadAnswer":
            return f"{title} gave back what cannot be graded. {failure.text}"
    said = f"{failure.type_name}: {failure.text}" if failure.text else failure.type_name
    return f"{title} stopped with {said}"


def _diagnosis(diagnosis: Diagnosis) -> Message:
    sentence = diagnosis.mistake.sentence
    if not diagnosis.sure:
        start = f"This looks like what comes out when {sentence}"
        return Message(
            "diagnosis", f"{start} It does not fit every case: look on when that is mended."
        )
    return Message("diagnosis", explanation(sentence, by_value=diagnosis.by_value))


def _speed(name: str, test: SpeedTest, speed: Speed) -> Message:
    """Return the message about the points for speed, or why it was not measured."""
    if speed.reason:
        return Message("problem", f"No points for the speed of {name}: {speed.reason}.")
    bound = f"{test.times:g} times as fast as our loop version"
    if test.credit(speed.ratio):
        return Message("passed", f"{name} is more than {bound}: all points for speed.")
    text = (
        f"No points for the speed of {name}: it is about {speed.ratio:.1f} times as fast as our "
        f"loop version, and {test.times:g} times earns them. {test.hint}"
    )
    return Message("problem", text.rstrip())


def _notes(name: str, results: Sequence[Result]) -> Iterator[Message]:
    """Yield what is worth knowing and costs nothing, or why a wrong case still earned something."""
    judged = [part for result in results for part in result.parts or (result,)]
    if any(each.credit == WRONG_SHAPE_CREDIT for each in judged):
        share = "that part" if any(result.parts for result in results) else "a case"
        yield Message(
            "note",
            f"Right values in another shape or number type earn half of {share}: only the form of "
            "the result is wrong there.",
        )
    answers = [result.answer for result in results]
    changed = {n: None for a in answers if isinstance(a, Returned) for n in a.changed}
    if changed:
        yield Message(
            "note",
            f"{name} changes its input {', '.join(changed)} in place. That costs nothing here, "
            f"but whoever calls it loses their array: work on a copy.",
        )
