"""A course that is attacked: hands in, has it graded, and notes what is to be seen outside."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from tests.attacks import watching
from tests.attacks.judging import Seen
from tests.attacks.lab import (
    ENVIRONMENT_CANARY,
    FILE_CANARY,
    LAB,
    hand_in,
    lab_notebook,
    write_honest,
)
from tests.attacks.model import Attack
from tests.attacks.pages_seen import active_in, feedback_body, rendered

HONEST = "ada"
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "attacked"
c.CourseDirectory.source_directory = "labs"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
"""
_NOTHING_NEW_IN_FEEDBACK = ("escaping the sandbox", "network", "resources", "staying behind")
"""Groups whose feedback is not written, to save time: the verdict has all that is in it."""
_SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")


class Arena(ABC):
    """A course in a folder, released, with one honest hand-in.

    Args:
        folder: a new folder.
        config: more lines for the course's ``nbgrader_config.py``.
        template: the folder of a course that was made like this one, to start from a copy of it.
    """

    def __init__(self, folder: Path, config: str = "", *, template: Path | None = None) -> None:
        self.root = folder / "course"
        if template is None:
            self._make(config)
        else:
            shutil.copytree(template, self.root)
        os.environ["GRADING_TOKEN"] = ENVIRONMENT_CANARY
        self._counter = 0
        self.with_feedback = True
        self.patience = 10.0
        self.listeners = watching.Listeners(self.root)
        if template is None:
            self.release()
        self.released = nbformat.read(self.root / "release" / LAB / f"{LAB}.ipynb", as_version=4)
        if template is None:
            write_honest(self.released, self.root / "submitted" / HONEST / LAB)
            self.grade(HONEST)
        self.given = active_in(self._pages(HONEST))

    def _make(self, config: str) -> None:
        (self.root / "labs" / LAB).mkdir(parents=True)
        (self.root / "nbgrader_config.py").write_text(CONFIG + config, encoding="utf-8")
        (self.root / "instructor.txt").write_text(FILE_CANARY, encoding="utf-8")
        nbformat.write(lab_notebook(), self.root / "labs" / LAB / f"{LAB}.ipynb")

    def close(self) -> None:
        """Ends what was started."""
        self.listeners.close()
        os.environ.pop("GRADING_TOKEN", None)

    @abstractmethod
    def release(self) -> None:
        """Makes the students' version and enters the lab into the gradebook."""

    @abstractmethod
    def grade(self, student: str) -> str:
        """Grades, records and gives feedback; returns why there is no grade, or nothing."""

    @abstractmethod
    def shown(self, student: str) -> str:
        """All that came out of a submission."""

    def places(self, mark: str) -> dict[str, str]:
        """What stands for ``@NAME@`` in an attack's code."""
        return {
            "COURSE": str(self.root),
            "MARK": mark,
            "PID": str(os.getpid()),
            "WARM": str(max(watching.family(os.getpid()))),
            **self.listeners.places,
        }

    def run(self, attack: Attack) -> Seen:
        """Hands an attack in, has it graded, and says what was seen."""
        self._counter += 1
        mark = f"{os.getpid()}{self._counter:03d}"
        folder = self.root / "submitted" / attack.name / LAB
        hand_in(attack, self.released, folder, self.places(mark))
        self.with_feedback = attack.group not in _NOTHING_NEW_IN_FEEDBACK
        self.listeners.taken()
        others, family = self._others(attack.name), watching.family(os.getpid())
        start = (time.monotonic(), time.process_time(), watching.reset_peak())
        seen = self._graded(attack)
        seen = replace(
            seen,
            seconds=time.monotonic() - start[0],
            cpu_seconds=time.process_time() - start[1],
            memory=watching.peak() - start[2],
        )
        seen = replace(seen, survivors=self._survivors(family, mark))
        changed = watching.differences(others, self._others(attack.name))
        changed += tuple(_litter(mark))
        self._remove(attack.name)
        return replace(seen, changed=changed, reached=self.listeners.taken())

    def _graded(self, attack: Attack) -> Seen:
        reason = ""
        for _ in range(attack.rounds):
            try:
                reason = self.grade(attack.name)
            except (Exception, SystemExit) as error:
                return Seen(crash=f"{type(error).__name__}: {error}"[:500])
        shown, pages = self.shown(attack.name), list(self._pages(attack.name))
        return Seen(
            points=self.points(attack.name),
            reason=reason,
            shown=shown,
            active=active_in(pages, self.given),
            size=len(shown) + sum(map(len, pages)),
        )

    def reset_scores(self) -> None:
        """Puts the honest student's scores right, after a success that was made to happen."""
        directory = CourseDirectory(config=self.config())
        with Gradebook(directory.db_url, directory.course_id) as gradebook:
            for notebook in gradebook.find_submission(LAB, HONEST).notebooks:
                for grade in notebook.grades:
                    grade.manual_score = None
            gradebook.db.commit()

    def points(self, student: str) -> float | None:
        """A student's points in the gradebook; None where a cell waits for a person."""
        directory = CourseDirectory(config=self.config())
        with Gradebook(directory.db_url, directory.course_id) as gradebook:
            try:
                grades = [
                    grade
                    for notebook in gradebook.find_submission(LAB, student).notebooks
                    for grade in notebook.grades
                ]
            except MissingEntry:
                return None
            if any(grade.needs_manual_grade for grade in grades) or not grades:
                return None
            return float(sum(grade.score for grade in grades))

    def config(self) -> Config:
        """nbgrader's configuration of the course."""
        config = Config()
        config.CourseDirectory.root = str(self.root)
        config.CourseDirectory.course_id = "attacked"
        config.CourseDirectory.source_directory = "labs"
        config.CourseDirectory.assignment_id = LAB
        return config

    def outputs_of(self, student: str) -> Path:
        """A student's autograded notebook."""
        return self.root / "autograded" / student / LAB / f"{LAB}.ipynb"

    def _pages(self, student: str) -> Iterator[str]:
        yield feedback_body(self.root / "feedback" / student / LAB)
        if self.outputs_of(student).is_file():
            yield from rendered(self.outputs_of(student))

    def _others(self, attacker: str) -> dict[str, str]:
        """Fingerprints of all in the course that is not the attacker's, and a foreign score."""
        found = watching.fingerprints([self.root])
        kept = {
            path: value
            for path, value in found.items()
            if attacker not in Path(path).parts and not Path(path).name.startswith("gradebook.db")
        }
        there = (self.root / "gradebook.db").exists()
        kept["the gradebook"] = str(self.points(HONEST)) if there else "gone"
        return kept

    def _survivors(self, family: set[int], mark: str) -> tuple[str, ...]:
        def now() -> set[int]:
            return watching.family(os.getpid()) | watching.with_mark(f".{mark}")

        left = watching.left_over(family, now, self.patience)
        known = watching.processes()
        return tuple(known.get(pid, (0, "?"))[1][:80] for pid in left)

    def _remove(self, student: str) -> None:
        for step in ("submitted", "autograded", "feedback", ".autograder/verdicts"):
            for path in (self.root / step / student, self.root / step / LAB / student):
                for link in [p for p in path.glob("*") if p.is_symlink()]:
                    link.unlink()
                shutil.rmtree(path, ignore_errors=True)


def _litter(mark: str) -> Iterator[str]:
    """Files in folders that all share, with a mark in their name; they are removed."""
    for folder in {*_SHARED_FOLDERS, tempfile.gettempdir()}:
        for path in Path(folder).glob(f"*{mark}*"):
            path.unlink()
            yield str(path)
