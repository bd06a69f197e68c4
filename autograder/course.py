"""A course's folders and settings, as nbgrader knows them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.autotests import with_made_tests
from autograder.errors import CourseError, UnreadableSubmission
from autograder.exam import Exam, GradingOptions
from autograder.grade import grade_hand_in, verdict_key
from autograder.hand_in import find_hand_in
from autograder.lab import Lab, LabNotebook, read_lab
from autograder.lab_check import LabCheck, check_lab
from autograder.settings import Grading
from autograder.timestamps import HandInTime, hand_in_time
from autograder.untrusted import MAX_FILE_BYTES, read_untrusted
from autograder.verdict import Verdict, VerdictStore, write_whole

CONFIG_FILE = "nbgrader_config.py"
_MAX_GIVEN_BYTES = 100 * 2**20
_checked: dict[Path, LabCheck] = {}
"""What this process has found out about labs."""


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
        lab = read_lab(self.folder(self.directory.source_directory, ".", name), self.config)
        return with_made_tests(lab, self.directory, self.config)

    @property
    def submitted(self) -> Path:
        """The folder of all students' folders."""
        step = self.directory.submitted_directory
        return Path(os.path.normpath(self.directory.format_path(step, ".", ".")))

    def students(self, lab: str) -> list[str]:
        """Names of the students' folders with something for a lab in them, sorted.

        Raises:
            CourseError: there is none.
        """
        found = [p.name for p in self.submitted.iterdir()] if self.submitted.is_dir() else []
        students = sorted(s for s in found if _is_there(self._handed_in(s, lab)))
        if not students:
            raise CourseError(
                f"nobody has handed in {lab}: there is no {self.submitted}/<student>/{lab}; "
                "collect the submissions first (nbgrader collect or zip_collect)"
            )
        return students

    def _handed_in(self, student: str, lab: str) -> Path:
        # Not by nbgrader's format_path, which a name such as {x} would break.
        return self.submitted / student / lab

    def has_handed_in(self, student: str, lab: str) -> bool:
        """Return whether a student has a folder for a lab among the hand-ins."""
        return _is_there(self._handed_in(student, lab))

    def submitted_notebook(self, student: str, lab: str, notebook: str) -> Path:
        """Where a student's notebook should lie."""
        return self._handed_in(student, lab) / f"{notebook}.ipynb"

    def hand_in_time(self, student: str, lab: str) -> HandInTime:
        """Return when a student handed a lab in, as far as that is known."""
        zone = str(self.config.Exchange.get("timezone", ""))
        return hand_in_time(self._handed_in(student, lab), below=self.submitted, zone=zone)

    def verdict(
        self,
        lab: str,
        notebook: LabNotebook,
        student: str,
        *,
        force: bool = False,
        retry: bool = False,
    ) -> tuple[Verdict, bool]:
        """The verdict on a student's notebook, and whether it lay on disk and still holds.

        Without one that holds, the notebook is graded now and the verdict written.

        Args:
            lab: the assignment's id.
            notebook: the lab's notebook.
            student: the student's id.
            force: grade even where a verdict holds.
            retry: grade where the verdict that holds leaves a cell without a score.
        """
        path = self.submitted_notebook(student, lab, notebook.name)
        hand_in = find_hand_in(path, notebook, below=self.submitted)
        own = self.exam(lab, notebook)
        exam = replace(own, files={**own.files, **self.allowed_files(student, lab)})
        found = None if force else self.verdicts.read(lab, student, notebook.name)
        key = verdict_key(hand_in, student, exam)
        if found and found.key == key and (found.is_final or not retry):
            return found, True
        checked = self.checked(own)
        verdict = grade_hand_in(hand_in, student, exam, checked=checked)
        self.verdicts.write(verdict)
        return verdict, False

    def handed_in(self, student: str, lab: str) -> list[str]:
        """Return which of a lab's notebooks a hand-in has, by any name; all if it has none.

        Args:
            student: the student's id.
            lab: the assignment's id.
        """
        names = []
        for name, notebook in self.lab(lab).notebooks.items():
            path = self.submitted_notebook(student, lab, name)
            if not find_hand_in(path, notebook, below=self.submitted).missing:
                names.append(name)
        return names or [*self.lab(lab).notebooks]

    def exam(self, lab: str, notebook: LabNotebook) -> Exam:
        """What a lab's notebook is graded with, before a student's own files are added."""
        files = self.given_files(lab)
        allowed = {os.path.normpath(name) for name in self._allowed_names(lab)}
        given = {name: data for name, data in files.items() if name not in allowed}
        return Exam(lab, notebook, self.options(), files, given)

    def given_files(self, lab: str) -> dict[str, bytes]:
        """The files that a lab has beside its notebooks, by relative path.

        Raises:
            CourseError: together they are larger than a kernel's folder should be.
        """
        folder = self.folder(self.directory.source_directory, ".", lab)
        ignored = [*self.directory.ignore, "*.ipynb"]
        paths = [Path(path) for path in find_all_files(str(folder), ignored)]
        if sum(path.stat().st_size for path in paths) > _MAX_GIVEN_BYTES:
            raise CourseError(f"the files in {folder} are larger than {_MAX_GIVEN_BYTES:,} bytes")
        return {str(path.relative_to(folder)): path.read_bytes() for path in paths}

    def allowed_files(self, student: str, lab: str) -> dict[str, bytes]:
        """The student's files that the lab allows by name: nbgrader's ``exclude_overwriting``."""
        found = {}
        for name in self._allowed_names(lab):
            with contextlib.suppress(UnreadableSubmission):
                path = self._handed_in(student, lab) / name
                found[name] = read_untrusted(path, below=self.submitted, most=MAX_FILE_BYTES)
        return found

    def _allowed_names(self, lab: str) -> list[str]:
        allowed: dict[str, list[str]] = self.config.Autograde.get("exclude_overwriting", {})
        return list(allowed.get(lab, []))

    def checked(self, exam: Exam) -> LabCheck:
        """What a run of the lab's own solution shows of its tests.

        Found out once for each state of the lab and of the hidden tests, and kept on disk; where a
        test is broken only for this process, since the host may be at fault.
        """
        path = self.state / "checked" / f"{exam.digest}.json"
        if path in _checked:
            return _checked[path]
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return LabCheck(**found)
        except (OSError, ValueError, TypeError):
            made = _checked[path] = check_lab(exam)
            if not made.broken:
                write_whole(path, json.dumps(asdict(made)))
        return made

    def options(self) -> GradingOptions:
        """How this course's submissions are graded."""
        return GradingOptions(
            limits=self.grading.limits(),
            isolation=self.grading.isolation,
            secret=self._secret(),
            grader_digest=_digest_of_hidden_tests(),
            tests=self.grading.tests,
            hide=(self.root.resolve(),),
        )

    def _secret(self) -> str:
        """The grading secret; made once, so that a regrade draws the same cases."""
        path = self.state / "secret"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            made = path.with_name(f".secret-{os.getpid()}")
            with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
            with contextlib.suppress(FileExistsError):
                os.link(made, path)  # the first of two that start at once wins, whole
            made.unlink()
        return path.read_text(encoding="ascii").strip()


def _is_there(path: Path) -> bool:
    """Whether there is anything of that name, or a folder in which we may not look for it."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # no permission, or a link to itself: reading it says what is wrong
        return True
    return True


def why_bad_student_id(student: str) -> str:
    """Why a folder's name cannot be a student's id, with what to do; empty if it can."""
    if student.strip() != student:
        return f"the folder {student!r} begins or ends with white space; rename it"
    try:
        student.encode("utf-8")
    except UnicodeEncodeError:
        return f"the name of the folder {student!r} is no UTF-8 text; rename it"
    if not student.isprintable() or student in (".", "..") or "/" in student:
        return f"the name of the folder {student!r} cannot be printed; rename it"
    if found := sorted(set(student) & set('<>"')):
        return f"the name of the folder {student!r} has {' '.join(found)} in it; rename it"
    return ""


def _digest_of_hidden_tests() -> str:
    digest = hashlib.sha256()
    for path in sorted((Path(__file__).parent / "hidden_tests").rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
