"""What submissions of a lab's notebook are graded with: all that a job depends on beside one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from autograder.course.lab import LabNotebook
from autograder.examiner.given import Given, imported_modules
from autograder.grading.lab_tests import LabCheck
from autograder.results.verdict import make_key
from autograder.sandbox.limits import Limits

_SLOW_LIBRARIES = ("tensorflow", "keras", "scipy")


@dataclass(frozen=True)
class GradingOptions:
    """How submissions are graded.

    Args:
        limits: what a submission may use.
        isolation: ``bubblewrap``, or ``process`` where that is asked for by name.
        secret: what the random cases depend on beside student and lab.
        grader_digest: hash of all code and libraries that can change a score, so that another one
            makes verdicts stale; see `autograder.grading.code_digest`. An examiner with other
            code is not used.
        tests: ``outside`` where no test may run in a student's kernel, else ``any``.
        hide: folders that no kernel may see, such as the course's, wherever they lie.
    """

    limits: Limits = field(default_factory=Limits)
    isolation: str = "bubblewrap"
    secret: str = ""
    grader_digest: str = ""
    tests: str = "any"
    hide: tuple[Path, ...] = ()


@dataclass(frozen=True)
class GradingContext:
    """One notebook of a lab, how it is graded, and the files around it.

    Args:
        lab_name: the assignment's id.
        lab: the lab's notebook.
        options: limits and isolation.
        files: what lies beside the notebook in a kernel, by relative path.
        given: those of them that the lab alone decides on; test cells find them as well.
        check: what a run of the lab's own solution has shown of its tests.
    """

    lab_name: str
    lab: LabNotebook
    options: GradingOptions = field(default_factory=GradingOptions)
    files: Mapping[str, bytes] = field(default_factory=dict)
    given: Mapping[str, bytes] = field(default_factory=dict)
    check: LabCheck = field(default_factory=LabCheck)

    @cached_property
    def digest(self) -> str:
        """Hash of all that a verdict depends on beside the submission."""
        options = self.options
        how = (
            repr(options.limits),
            options.isolation,
            options.secret,
            options.grader_digest,
            options.tests,
        )
        beside = [part for pair in sorted(self.files.items()) for part in pair]
        ours = [part for pair in sorted(self.given.items()) for part in pair]
        return make_key(self.lab.digest, *how, make_key(*beside), make_key(*ours))

    @property
    def withheld(self) -> tuple[str, ...]:
        """The modules that the lab's notebook withholds; see `autograder.sandbox.withholding`."""
        declared = self.lab.source.metadata.get("autograder", {}).get("withheld", [])
        return tuple(str(name) for name in declared)

    @property
    def preload(self) -> tuple[str, ...]:
        """The slow libraries that the lab's own cells import, to be loaded before its kernels."""
        imported = imported_modules(self.lab.trusted_sources())
        return tuple(name for name in _SLOW_LIBRARIES if name in _packages(imported))

    @cached_property
    def given_code(self) -> Given:
        """The code of the lab's cells, which says whose a name in a test is."""
        return Given.by(self.lab)

    @cached_property
    def test_modules(self) -> tuple[str, ...]:
        """The installed modules that the lab's cells and hidden tests import."""
        return imported_modules(cell.source for cell in self.given_code.cells)

    def cases(self, *parts: str) -> tuple[str, ...]:
        """Return what random cases depend on; see `autograder.examiner.seeding.cases_for`.

        Args:
            parts: whose cases they are, such as lab, notebook and student.
        """
        return (self.options.secret, *parts)


def _packages(modules: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}
