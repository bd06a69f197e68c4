"""Grades an honest submission in the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from traitlets.config import Config

from autograder.course.lab import LabNotebook, read_lab
from autograder.grading.context import GradingContext, GradingOptions
from autograder.grading.grade import grade_file
from autograder.grading.lab_check import check_lab
from autograder.grading.lab_tests import LabCheck
from autograder.results.verdict import Verdict
from autograder.sandbox.limits import Limits
from tests.honest.lab import answered, honest_lab, lab_of
from tests.honest.submission import Honest, Task

_CONFIG = Config({"ClearSolutions": {"code_stub": {"python": "raise NotImplementedError"}}})


@pytest.fixture(scope="session")
def lab_for(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Task | None], LabNotebook]:
    """The lab's notebook of a task, or the usual one."""
    made: dict[Task | None, LabNotebook] = {}

    def lab(task: Task | None) -> LabNotebook:
        if task not in made:
            folder = tmp_path_factory.mktemp("lab")
            nbformat.write(lab_of(task) if task else honest_lab(), folder / "honest.ipynb")
            made[task] = read_lab(folder, _CONFIG).notebooks["honest"]
        return made[task]

    return lab


@pytest.fixture(scope="session")
def checked_by() -> Callable[[GradingContext], LabCheck]:
    """What the lab's own solution shows of its tests; found out once for each lab."""
    found: dict[str, LabCheck] = {}

    def checked(context: GradingContext) -> LabCheck:
        if context.lab.digest not in found:
            found[context.lab.digest] = check_lab(replace(context, options=GradingOptions()))
        return found[context.lab.digest]

    return checked


@pytest.fixture
def verdict_on(
    tmp_path: Path,
    lab_for: Callable[[Task | None], LabNotebook],
    checked_by: Callable[[GradingContext], LabCheck],
) -> Callable[[Honest], Verdict]:
    """Writes what was handed in and grades it."""

    def grade(honest: Honest) -> Verdict:
        lab = lab_for(honest.task)
        handed_in = honest.save(answered(lab.released, honest.answers, honest.extra))
        path = tmp_path / "honest.ipynb"
        if isinstance(handed_in, bytes):
            path.write_bytes(handed_in)
        elif isinstance(handed_in, str):
            path.write_text(handed_in, encoding="utf-8")
        else:
            nbformat.write(handed_in, path)
        options = GradingOptions(Limits(**honest.limits), secret="honest")
        context = GradingContext("honest", lab, options)
        return grade_file(path, "ada", replace(context, check=checked_by(context)))

    return grade
