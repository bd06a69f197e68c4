"""One student's folder of one lab."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from autograder.course.course import Course
from autograder.course.lab import LabNotebook
from autograder.errors import UnreadableSubmission
from autograder.submissions.hand_in import HandIn, find_hand_in
from autograder.submissions.timestamps import HandInTime, hand_in_time
from autograder.submissions.untrusted import MAX_FILE_BYTES, read_untrusted


@dataclass(frozen=True)
class HandInFolder:
    """What a student handed in for a lab; nothing in it is trusted, and links are not followed.

    Args:
        course: the course.
        student: the student's id.
        lab: the assignment's id.
    """

    course: Course
    student: str
    lab: str

    @property
    def path(self) -> Path:
        """The folder, which may be missing."""
        return self.course.hand_in_folder(self.student, self.lab)

    def find(self, notebook: LabNotebook) -> HandIn:
        """Return the notebook that was handed in for one of the lab's.

        Args:
            notebook: the lab's notebook.
        """
        path = self.path / f"{notebook.name}.ipynb"
        return find_hand_in(path, notebook, below=self.course.submitted)

    def notebooks(self) -> list[str]:
        """Return which of a lab's notebooks are there, by any name; all if none is."""
        books = self.course.lab(self.lab).notebooks
        return [name for name, book in books.items() if not self.find(book).missing] or [*books]

    def time(self) -> HandInTime:
        """Return when it was handed in, as far as that is known."""
        zone = str(self.course.config.Exchange.get("timezone", ""))
        return hand_in_time(self.path, below=self.course.submitted, zone=zone)

    def allowed_files(self) -> dict[str, bytes]:
        """Return the files that the lab allows by name; those that cannot be read are left out."""
        found = {}
        for name in self.course.allowed_names(self.lab):
            with contextlib.suppress(UnreadableSubmission):
                path = self.path / name
                found[name] = read_untrusted(path, below=self.course.submitted, most=MAX_FILE_BYTES)
        return found
