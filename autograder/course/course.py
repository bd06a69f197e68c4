"""A course's folders and settings, as nbgrader knows them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.course.autotests import with_made_tests
from autograder.course.lab import Lab, read_lab
from autograder.course.settings import Grading
from autograder.errors import CourseError

CONFIG_FILE = "nbgrader_config.py"
_MAX_GIVEN_BYTES = 100 * 2**20


@dataclass(frozen=True)
class Course:
    """One nbgrader course.

    Args:
        config: its whole configuration.
    """

    config: Config

    @classmethod
    def load(cls, root: Path, overrides: Config | None = None) -> Course:
        """Return the course in a folder.

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

    def folder(self, step: str, student: str, lab: str) -> Path:
        """Return a folder of nbgrader's structure.

        Args:
            step: such as ``submitted``: the value of nbgrader's ``submitted_directory``.
            student: a student's id, or ``.``.
            lab: the assignment's id.
        """
        return Path(os.path.normpath(self.directory.format_path(step, student, lab)))

    def lab(self, name: str) -> Lab:
        """Return a lab by its assignment id.

        Raises:
            CourseError: there is none of that name.
        """
        lab = read_lab(self.folder(self.directory.source_directory, ".", name), self.config)
        return with_made_tests(lab, self.directory, self.config)

    @property
    def lab_names(self) -> list[str]:
        """The names of all labs, sorted."""
        folder = self.folder(self.directory.source_directory, ".", ".")
        return sorted({path.parent.name for path in folder.glob("*/[!.]*.ipynb")})

    @property
    def submitted(self) -> Path:
        """The folder of all students' folders."""
        step = self.directory.submitted_directory
        return Path(os.path.normpath(self.directory.format_path(step, ".", ".")))

    def students(self, lab: str) -> list[str]:
        """Return the names of the students' folders with something for a lab in them, sorted.

        Raises:
            CourseError: there is none.
        """
        found = [p.name for p in self.submitted.iterdir()] if self.submitted.is_dir() else []
        students = sorted(student for student in found if self.has_handed_in(student, lab))
        if not students:
            raise CourseError(
                f"nobody has handed in {lab}: there is no {self.submitted}/<student>/{lab}; "
                "collect the submissions first (nbgrader collect or zip_collect)"
            )
        return students

    def hand_in_folder(self, student: str, lab: str) -> Path:
        """Return where a student's files for a lab lie; the folder may be missing."""
        # Not by nbgrader's format_path, which a name such as {x} would break.
        return self.submitted / student / lab

    def has_handed_in(self, student: str, lab: str) -> bool:
        """Return whether a student has a folder for a lab among the hand-ins."""
        return _is_there(self.hand_in_folder(student, lab))

    def allowed_names(self, lab: str) -> list[str]:
        """Return which files a student may hand in beside the notebooks.

        nbgrader calls the setting ``exclude_overwriting``.
        """
        allowed: dict[str, list[str]] = self.config.Autograde.get("exclude_overwriting", {})
        return list(allowed.get(lab, []))

    def given_files(self, lab: str) -> dict[str, bytes]:
        """Return the files that a lab has beside its notebooks, by relative path.

        Raises:
            CourseError: together they are larger than a kernel's folder should be.
        """
        folder = self.folder(self.directory.source_directory, ".", lab)
        ignored = [*self.directory.ignore, "*.ipynb"]
        paths = [Path(path) for path in find_all_files(str(folder), ignored)]
        if sum(path.stat().st_size for path in paths) > _MAX_GIVEN_BYTES:
            raise CourseError(f"the files in {folder} are larger than {_MAX_GIVEN_BYTES:,} bytes")
        return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def _is_there(path: Path) -> bool:
    """Return whether a path exists, or may exist in a folder that cannot be read."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # no permission, or a link to itself: reading it says what is wrong
        return True
    return True
