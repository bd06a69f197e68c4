"""Questions: cases together with the judges of their answers, and the results of asking them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from autograder.exercises.calls import Answer, Failure, Returned, call
from autograder.exercises.cases import Case, size
from autograder.exercises.judging import Judge, Judgement
from coursekit.checks import Problem


@dataclass(frozen=True, eq=False)
class Question:
    """One case with the judges of its answer; compared by identity.

    Args:
        group: name of its case group.
        case: the inputs.
        title: the call in words.
        judge: returns what an answer earns.
        part_judges: one judge for each part of an answer, if the exercise names parts.
    """

    group: str
    case: Case
    title: str
    judge: Judge
    part_judges: tuple[Judge, ...] = ()


@dataclass(frozen=True)
class Result:
    """One question, the answer to it and what the answer earned.

    Args:
        question: what was asked.
        answer: what came back.
        credit: part of the case that is earned, 0 to 1.
        problem: what is wrong with a value that came back.
        parts: the judgements of the answer's parts, where there are any.
    """

    question: Question
    answer: Answer
    credit: float
    problem: Problem | None = None
    parts: tuple[Judgement, ...] = ()

    @property
    def right(self) -> bool:
        """Whether the answer is wholly right."""
        return isinstance(self.answer, Returned) and self.problem is None


def ask(
    function: Callable[..., object], questions: Iterable[Question], names: Sequence[str] = ()
) -> tuple[Result, ...]:
    """Ask questions one after the other, up to the first failure that is final.

    Args:
        function: the student's function or its proxy.
        questions: in the order in which to ask.
        names: names of the function's positional parameters.

    Returns:
        One result for each question that was asked; fewer than questions after a final failure.

    Raises:
        GraderError: the grader or its host failed.
    """
    results = []
    for question in questions:
        results.append(result_of(question, call(function, question.case, names)))
        if isinstance(results[-1].answer, Failure) and results[-1].answer.final:
            break
    return tuple(results)


def result_of(question: Question, answer: Answer) -> Result:
    """Return the judged result of an answer; a failure earns nothing."""
    if isinstance(answer, Failure):
        return Result(question, answer, 0.0)
    judgement = question.judge(answer.value)
    return Result(question, answer, judgement.credit, judgement.problem, judgement.parts)


def smallest_wrong(results: Sequence[Result]) -> Result | None:
    """Return the wrong result with the smallest inputs, or None if all are right."""
    failing = [result for result in results if not result.right]
    return min(failing, key=lambda result: size(result.question.case), default=None)
