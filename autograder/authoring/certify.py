"""Certifies one lab of a course, from its trials to its mutants."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from autograder.authoring import survivors as explained
from autograder.authoring.certificate import NAMED_AT_LEAST, Certificate, Count, Row
from autograder.authoring.released import grade_release, release_faults
from autograder.authoring.solution_run import MutationResult, SolutionResult, solve
from autograder.authoring.stored_cases import Stored, look_at_stored
from autograder.authoring.tasks import Task, tasks_of, unused_exercises
from autograder.authoring.trials import STUDENTS, TrialResult, run_trials, simulated, undeclared
from autograder.course.course import Course
from autograder.course.lab import Lab
from autograder.errors import CourseError
from autograder.grading.context import GradingContext
from autograder.grading.course_grader import CourseGrader
from autograder.results.verdict import Verdict
from autograder.sandbox.host import require_isolation

SECRET = "certify"
"""Stands for a course's grading secret, so that every run draws the same cases."""
Progress = Callable[[str], object]


def chosen_labs(course: Course, labs: Sequence[str], *, every: bool) -> list[str]:
    """Return the labs that a command is about.

    Args:
        course: the course.
        labs: their names.
        every: whether all are meant.

    Raises:
        CourseError: none is named, or the course has none.
    """
    known = course.lab_names
    if not known:
        folder = course.folder(course.directory.source_directory, ".", ".")
        raise CourseError(f"there is no lab in {folder}: a lab is a folder with notebooks")
    if not labs and not every:
        raise CourseError(f"name a lab, or --all: there are {', '.join(known)}")
    return known if every else list(labs)


def certify_lab(
    course: Course,
    name: str,
    *,
    mutate: bool = True,
    declarations_only: bool = False,
    students: int = len(STUDENTS),
    progress: Progress = str,
) -> Certificate:
    """Return the certificate of a lab.

    Args:
        course: the course.
        name: the assignment's id.
        mutate: whether to try mutants of the solution.
        declarations_only: whether to grade nothing but the declared mistakes, right ways and
            stubs, which needs no sandbox.
        students: for how many simulated students to grade mistakes and right ways.
        progress: called with a line on what is under way.

    Raises:
        GraderError: the host cannot isolate, or the lab is unknown.
    """
    started = time.monotonic()
    lab, books = course.lab(name), []
    if not declarations_only:
        require_isolation(course.grading.isolation, gpu=course.grading.gpu)
    for context in _contexts(course, lab):
        book = _Book.of_declarations(context, simulated(students), progress)
        books.append(book if declarations_only else book.run(mutate=mutate, progress=progress))
    progress("the stored cases")
    mutated = mutate and not declarations_only
    certificate = _certificate(books, look_at_stored(lab), mutated=mutated)
    return replace(certificate, seconds=round(time.monotonic() - started, 1))


def _contexts(course: Course, lab: Lab) -> Iterator[GradingContext]:
    grader = CourseGrader(course)
    for book in lab.notebooks.values():
        context = grader.context(lab.name, book)
        options = replace(context.options, secret=SECRET)
        yield replace(context, options=options, given=context.files)


@dataclass(frozen=True)
class _Book:
    """All that was found out about one notebook."""

    context: GradingContext
    tasks: tuple[Task, ...]
    uncertain: tuple[str, ...]
    trials: dict[str, list[TrialResult]]
    solved: SolutionResult = field(default_factory=SolutionResult)
    release: Verdict | None = None

    @classmethod
    def of_declarations(
        cls, context: GradingContext, students: Sequence[str], progress: Progress
    ) -> _Book:
        """Grade the trials that the notebook's exercises declare, in this process."""
        tasks, uncertain = tasks_of(context.lab)
        trials = {
            task.grade_id: run_trials(
                task.exercise, task.exercise.trials(), context.lab_name, students, progress
            )
            for task in tasks
        }
        return cls(context, tasks, uncertain, trials)

    def run(self, *, mutate: bool, progress: Progress) -> _Book:
        """Grade the untouched release, the lab's own solution and mutants of it, sandboxed."""
        progress("the untouched release")
        release = grade_release(self.context)
        progress("the lab's own solution")
        solved = solve(
            self.context, mutate=mutate, progress=lambda text: progress(f"mutant of {text}")
        )
        return replace(self, solved=solved, release=release)

    def faults(self) -> Iterator[str]:
        yield from self.uncertain
        yield from self.solved.faults()
        yield from self.release_faults()
        for task in self.tasks:
            yield from undeclared(task.exercise)

    def release_faults(self) -> tuple[str, ...]:
        return release_faults(self.release, self.context.lab) if self.release else ()

    def row(self, task: Task, entries: Sequence[explained.Explanation]) -> Row:
        results = self.trials[task.grade_id]
        mistakes = [each for each in results if each.trial.kind == "mistake"]
        right = [each for each in results if each.trial.kind in ("reference", "variant")]
        mutated = self.solved.mutated.get(task.grade_id, MutationResult())
        killed, survived = len(mutated.killed), mutated.survived
        return Row(
            task.exercise.name,
            task.points,
            Count(sum(each.caught for each in mistakes), len(mistakes)),
            Count(sum(each.named for each in mistakes), len(mistakes)),
            Count(sum(each.right for each in right), len(right)),
            Count(killed, killed + len(survived)),
            sum(any(entry.explains(mutant) for entry in entries) for mutant in survived),
        )


def _certificate(books: Sequence[_Book], stored: Stored, *, mutated: bool) -> Certificate:
    tasks = [task for book in books for task in book.tasks]
    modules = dict.fromkeys(module for task in tasks for module in task.modules)
    entries = explained.explanations_beside(modules) if mutated else ()
    survivors = [mutant for book in books for mutant in book.solved.survivors]
    faults, remarks = _of_trials([each for book in books for each in _all_tried(book)])
    found = [fault for book in books for fault in book.faults()]
    others = (*found, *_unused(tasks), *stored.faults(), *explained.stale(entries, survivors))
    return Certificate(
        stored.lab,
        tuple(book.row(task, entries) for book in books for task in book.tasks),
        {**_facts(books), "stored": stored.fact()},
        tuple(m for m in survivors if not any(entry.explains(m) for entry in entries)),
        (*faults, *others),
        (*remarks, *stored.remarks()),
        whole=all(book.release for book in books),
    )


def _all_tried(book: _Book) -> list[TrialResult]:
    return [each for results in book.trials.values() for each in results]


def _unused(tasks: Sequence[Task]) -> list[str]:
    return [
        f"{name} is declared in EXERCISES, but no test cell of the lab grades it"
        for name in unused_exercises(tuple(tasks))
    ]


def _of_trials(results: Sequence[TrialResult]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return faults and remarks; that a mistake has another name is a remark while few have."""
    mistakes = [each for each in results if each.trial.kind == "mistake"]
    misnamed = [each for each in mistakes if each.caught and not each.named and not each.leaked]
    few = sum(each.named for each in mistakes) >= NAMED_AT_LEAST * len(mistakes)
    excused = misnamed if few else []
    faults = [fault for each in results if each not in excused for fault in each.faults]
    remarks = [fault for each in excused for fault in each.faults]
    remarks += [remark for each in results for remark in each.remarks]
    return tuple(faults), tuple(remarks)


def _facts(books: Sequence[_Book]) -> dict[str, str]:
    releases = [book.release for book in books if book.release]
    if not releases:
        return {"run": "declarations alone: neither the release, the solution nor mutants of it"}
    maximum = sum(v.maximum for book in books for v in book.solved.verdicts.values())
    solution = sum(book.solved.points for book in books)
    release = sum(each.points for each in releases)
    only_stubs = not any(book.release_faults() for book in books)
    ends = "only NotImplementedError is met" if only_stubs else "other errors are met, see below"
    isolation = {book.context.options.isolation for book in books}
    facts = {
        "solution": f"{solution:g} of {maximum:g} points through the grader",
        "release": f"{release:g} of {maximum:g} points through the grader; {ends}",
    }
    if isolation != {"bubblewrap"}:
        facts["isolation"] = ", ".join(sorted(isolation))
    return facts
