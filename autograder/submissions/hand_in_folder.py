"""One student's folder of one lab."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from autograder.course.course import Course
from autograder.course.lab import Lab, LabNotebook
from autograder.errors import UnreadableSubmission
from autograder.submissions.hand_in import HandIn, find_hand_in
from autograder.submissions.timestamps import HandInTime, hand_in_time
from autograder.submissions.untrusted import MAX_FILE_BYTES, read_untrusted


@dataclass(frozen=True)
class HandInFolder:
    """What a student handed in for a lab, each file of it read once.

    Nothing in it is trusted, and links are not followed. Whatever grades, records and shows a
    submission gets the same object, and so the same bytes, even if the files change meanwhile.

    Args:
        course: the course.
        student: the student's id.
        lab: the assignment's id.
    """

    course: Course
    student: str
    lab: str
    _found: dict[str, HandIn] = field(default_factory=dict, repr=False, compare=False)

    @property
    def path(self) -> Path:
        """The folder, which may be missing."""
        return self.course.hand_in_folder(self.student, self.lab)

    def find(self, notebook: LabNotebook) -> HandIn:
        """Return the notebook that was handed in for one of the lab's.

        Args:
            notebook: the lab's notebook.
        """
        if notebook.name not in self._found:
            path = self.path / f"{notebook.name}.ipynb"
            found = find_hand_in(path, notebook, below=self.course.submitted)
            self._found[notebook.name] = found
        return self._found[notebook.name]

    def notebooks(self, lab: Lab) -> list[str]:
        """Return which of a lab's notebooks are there, by any name; all if none is.

        Args:
            lab: the lab.
        """
        found = [name for name, book in lab.notebooks.items() if not self.find(book).missing]
        return found or [*lab.notebooks]

    @cached_property
    def time(self) -> HandInTime:
        """When it was handed in, as far as that is known."""
        zone = str(self.course.config.Exchange.get("timezone", ""))
        return hand_in_time(self.path, below=self.course.submitted, zone=zone)

    @cached_property
    def allowed_files(self) -> dict[str, bytes]:
        """The files that the lab allows by name; those that cannot be read are left out."""
        found = {}
        for name in self.course.allowed_names(self.lab):
            with contextlib.suppress(UnreadableSubmission):
                path = self.path / name
                found[name] = read_untrusted(path, below=self.course.submitted, most=MAX_FILE_BYTES)
        return found
