"""A course's folders and settings, as nbgrader knows them."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets import Enum, Float, Unicode
from traitlets.config import Config, Configurable
from traitlets.config.loader import PyFileConfigLoader

from autograder.errors import CourseError
from autograder.grade import GradingOptions, grade_file, verdict_key
from autograder.lab import Lab, LabNotebook, read_lab
from autograder.sandbox.limits import Limits
from autograder.verdict import Verdict, VerdictStore

CONFIG_FILE = "nbgrader_config.py"


class Grading(Configurable):
    """What an ``nbgrader_config.py`` can say about grading, as ``c.Grading.<name>``."""

    isolation = Enum(
        ("bubblewrap", "process"),
        default_value="bubblewrap",
        help="'process' grades without walls round files and network.",
    ).tag(config=True)
    cell_seconds = Float(Limits.cell_seconds, help="Wall time of one cell.").tag(config=True)
    call_seconds = Float(
        Limits.call_seconds, help="Wall time of one call that a hidden test makes."
    ).tag(config=True)
    submission_seconds = Float(
        Limits.submission_seconds, help="Wall time of a submission's cells and calls together."
    ).tag(config=True)
    state_directory = Unicode(
        ".autograder", help="Folder of verdicts and of the grading secret, in the course's root."
    ).tag(config=True)

    def limits(self) -> Limits:
        """The limits with what the configuration says."""
        return replace(
            Limits(),
            cell_seconds=self.cell_seconds,
            call_seconds=self.call_seconds,
            submission_seconds=self.submission_seconds,
        )


@dataclass(frozen=True)
class Course:
    """One nbgrader course.

    Args:
        config: its whole configuration.
    """

    config: Config

    @classmethod
    def load(cls, root: Path, overrides: Config | None = None) -> Course:
        """The course in a folder.

        Args:
            root: the folder of ``nbgrader_config.py``.
            overrides: settings that go before the file's.

        Raises:
            CourseError: there is no such file.
        """
        if not (root / CONFIG_FILE).is_file():
            raise CourseError(
                f"there is no {CONFIG_FILE} in {root}; run the command in the course's folder, or "
                "name it with --course"
            )
        config = PyFileConfigLoader(CONFIG_FILE, path=str(root)).load_config()
        config.CourseDirectory.setdefault("root", str(root.resolve()))
        config.merge(overrides or Config())
        return cls(config)

    @cached_property
    def directory(self) -> CourseDirectory:
        """nbgrader's own view of the folders."""
        return CourseDirectory(config=self.config)

    @property
    def root(self) -> Path:
        """The course's folder."""
        return Path(self.directory.root)

    @cached_property
    def grading(self) -> Grading:
        """The settings of this package."""
        return Grading(config=self.config)

    @property
    def state(self) -> Path:
        """Folder of verdicts and secret."""
        return self.root / self.grading.state_directory

    @property
    def verdicts(self) -> VerdictStore:
        """The verdicts on disk."""
        return VerdictStore(self.state / "verdicts")

    def folder(self, step: str, student: str, lab: str) -> Path:
        """A folder of nbgrader's structure.

        Args:
            step: such as ``submitted``: the value of nbgrader's ``submitted_directory``.
            student: a student's id, or ``.``.
            lab: the assignment's id.
        """
        return Path(os.path.normpath(self.directory.format_path(step, student, lab)))

    def lab(self, name: str) -> Lab:
        """A lab by its assignment id.

        Raises:
            CourseError: there is none of that name.
        """
        return read_lab(self.folder(self.directory.source_directory, ".", name), self.config)

    def students(self, lab: str) -> list[str]:
        """Ids of the students who handed something in, sorted.

        Raises:
            CourseError: nobody did.
        """
        everywhere = Path(self.directory.format_path(self.directory.submitted_directory, ".", "."))
        submitted = Path(os.path.normpath(everywhere))
        found = [p.name for p in submitted.iterdir()] if submitted.is_dir() else []
        students = sorted(s for s in found if self._submitted(s, lab).exists())
        if not students:
            raise CourseError(
                f"nobody has handed in {lab}: there is no {submitted}/<student>/{lab}; collect the "
                "submissions first (nbgrader collect or zip_collect)"
            )
        return students

    def _submitted(self, student: str, lab: str) -> Path:
        return self.folder(self.directory.submitted_directory, student, lab)

    def submitted_notebook(self, student: str, lab: str, notebook: str) -> Path:
        """Where a student's notebook should lie."""
        return self._submitted(student, lab) / f"{notebook}.ipynb"

    def verdict(
        self, lab: str, notebook: LabNotebook, student: str, *, force: bool = False
    ) -> tuple[Verdict, bool]:
        """The verdict on a student's notebook, and whether it lay on disk and still holds.

        Without one that holds, the notebook is graded now and the verdict written.
        """
        path = self.submitted_notebook(student, lab, notebook.name)
        options = self.options()
        found = None if force else self.verdicts.read(lab, student, notebook.name)
        key = verdict_key(path, notebook, student, options)
        if found is not None and found.key == key and not found.needs_another_try:
            return found, True
        verdict = grade_file(path, lab, notebook, student, options)
        self.verdicts.write(verdict)
        return verdict, False

    def options(self) -> GradingOptions:
        """How this course's submissions are graded."""
        return GradingOptions(
            limits=self.grading.limits(),
            isolation=self.grading.isolation,
            secret=self._secret(),
            grader_digest=_digest_of_hidden_tests(),
        )

    def _secret(self) -> str:
        """The grading secret; made once, so that a regrade draws the same cases."""
        path = self.state / "secret"
        try:
            return path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        return path.read_text(encoding="ascii").strip()


def _digest_of_hidden_tests() -> str:
    digest = hashlib.sha256()
    for path in sorted((Path(__file__).parent / "hidden_tests").rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
