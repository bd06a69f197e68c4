"""Verdicts on what a course's students handed in, kept on disk while they hold."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from autograder.course.course import Course
from autograder.course.lab import LabNotebook
from autograder.grading.code_digest import code_digest, digest_of_tests
from autograder.grading.context import GradingContext, GradingOptions
from autograder.grading.grade import grade, verdict_key
from autograder.grading.lab_check import check_lab
from autograder.grading.lab_tests import LabCheck
from autograder.grading.store import VerdictStore
from autograder.results.verdict import Verdict, make_key
from autograder.submissions.hand_in_folder import HandInFolder
from coursekit.atomic_write import write_whole

_checked: dict[Path, LabCheck] = {}
"""What this process has found out about labs."""


@dataclass(frozen=True)
class CourseGrader:
    """Grades one course's submissions; what it knows of a lab it has read once.

    Args:
        course: the course.
    """

    course: Course
    _contexts: dict[tuple[str, str], GradingContext] = field(default_factory=dict, repr=False)
    _prepared: dict[tuple[str, str], GradingContext] = field(default_factory=dict, repr=False)

    @property
    def verdicts(self) -> VerdictStore:
        """The verdicts on disk."""
        return VerdictStore(self.course.state / "verdicts")

    def verdict(
        self,
        folder: HandInFolder,
        notebook: LabNotebook,
        *,
        force: bool = False,
        retry: bool = False,
    ) -> tuple[Verdict, bool]:
        """Return the verdict on a student's notebook, and whether it lay on disk and still holds.

        Without one that holds, the notebook is graded now and the verdict written.

        Args:
            folder: what the student handed in.
            notebook: the lab's notebook.
            force: grade even where a verdict holds.
            retry: grade where the verdict that holds leaves a cell without a score.
        """
        lab, student, hand_in = folder.lab, folder.student, folder.find(notebook)
        own = self.context(lab, notebook)
        found = None if force else self.verdicts.read(lab, student, notebook.name)
        key = verdict_key(hand_in, student, _with_files_of(own, folder))
        if found and found.key == key and (found.is_final or not retry):
            return found, True
        prepared = self.prepare(lab, notebook)
        verdict = grade(_with_files_of(prepared, folder), hand_in, student)
        self.verdicts.write(verdict)
        return verdict, False

    def context(self, lab: str, notebook: LabNotebook) -> GradingContext:
        """Return what a lab's notebook is graded with, before a student's own files are added.

        Args:
            lab: the assignment's id.
            notebook: the lab's notebook.
        """
        known = (lab, notebook.name)
        if known not in self._contexts:
            files = self.course.given_files(lab)
            allowed = {os.path.normpath(name) for name in self.course.allowed_names(lab)}
            given = {name: data for name, data in files.items() if name not in allowed}
            context = GradingContext(lab, notebook, self.options(), files, given)
            code = make_key(context.options.grader_digest, digest_of_tests(context.test_modules))
            options = replace(context.options, grader_digest=code)
            self._contexts[known] = replace(context, options=options)
        return self._contexts[known]

    def prepare(self, lab: str, notebook: LabNotebook) -> GradingContext:
        """Return what a job needs beside a hand-in: `context`, with what the solution's run shows.

        Args:
            lab: the assignment's id.
            notebook: the lab's notebook.
        """
        known = (lab, notebook.name)
        if known not in self._prepared:
            context = self.context(lab, notebook)
            self._prepared[known] = replace(context, check=self.check(context))
        return self._prepared[known]

    def check(self, context: GradingContext) -> LabCheck:
        """Return what a run of the lab's own solution shows of its tests.

        Found out once for each state of the lab and of the grader, and kept on disk; where a test
        is broken only for this process, since the host may be at fault.

        Args:
            context: what the lab's notebook is graded with.
        """
        path = self.course.state / "checked" / f"{context.digest}.json"
        if path in _checked:
            return _checked[path]
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return LabCheck(**found)
        except (OSError, ValueError, TypeError):
            made = _checked[path] = check_lab(context)
            if not made.broken:
                write_whole(path, json.dumps(asdict(made)))
        return made

    def options(self) -> GradingOptions:
        """Return how this course's submissions are graded."""
        settings = self.course.grading
        return GradingOptions(
            limits=settings.limits(),
            isolation=settings.isolation,
            secret=self._secret(),
            grader_digest=code_digest(),
            tests=settings.tests,
            hide=(self.course.root.resolve(),),
        )

    def _secret(self) -> str:
        """Return the grading secret; made once, so that a regrade draws the same cases."""
        path = self.course.state / "secret"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            made = path.with_name(f".secret-{os.getpid()}")
            with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
            with contextlib.suppress(FileExistsError):
                os.link(made, path)  # the first of two that start at once wins, whole
            made.unlink()
        return path.read_text(encoding="ascii").strip()


def _with_files_of(context: GradingContext, folder: HandInFolder) -> GradingContext:
    """Return the context with the student's own files; the same object where there are none."""
    if not folder.allowed_files:
        return context
    return replace(context, files={**context.files, **folder.allowed_files})
