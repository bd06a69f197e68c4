"""Keeps nbgrader's `Autograde` out of the folders that students handed in.

It copies all files of such a folder and opens its ``timestamp.txt``, and follows links on the way:
a pipe blocks it for ever, a link to a device fills the disk. While it prepares an assignment it is
therefore shown another folder, with nothing in it but the time of the hand-in.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.utils import find_all_files, parse_utc

from autograder.nbgrader_plugin.hand_ins import hand_ins_of
from autograder.submissions.timestamps import FILE, HandInTime


def keep_out_of_hand_ins(converter: Autograde) -> None:
    """Make a converter prepare its assignments without opening a file of a hand-in.

    nbgrader has no hook before it does. Called when it creates its exporter, which is before.

    Args:
        converter: nbgrader's own or one that extends it.
    """
    decide, prepare = converter.init_destination, converter.init_assignment

    def init_destination(assignment_id: str, student_id: str) -> bool:
        """Say whether there is something to do; called by nbgrader."""
        with _stand_in(converter, assignment_id, student_id):
            return bool(decide(assignment_id, student_id))

    def init_assignment(assignment_id: str, student_id: str) -> None:
        """Make the entries in the gradebook and copy the lab's files; called by nbgrader."""
        _name_all_notebooks(converter, assignment_id, student_id)
        with _stand_in(converter, assignment_id, student_id) as handed_in:
            prepare(assignment_id, student_id)
        _copy_files_beside_notebooks(converter, assignment_id, student_id)
        if handed_in.note:
            converter.log.warning("%s: %s", student_id, handed_in.note)
            _forget_time(converter, assignment_id, student_id)

    converter.init_destination = init_destination
    converter.init_assignment = init_assignment


@contextmanager
def _stand_in(converter: Any, assignment: str, student: str) -> Iterator[HandInTime]:
    """Show the converter a folder with a time that nbgrader understands in place of a hand-in."""
    found = hand_ins_of(converter).folder(student, assignment).time
    with tempfile.TemporaryDirectory(prefix="autograder-hand-in-") as empty:
        if found.time:
            (Path(empty) / FILE).write_text(_text_of(found), encoding="utf-8")
        converter._format_source = lambda *_, **__: empty
        try:
            yield found
        finally:
            del converter._format_source


def _text_of(found: HandInTime) -> str:
    """Return the submission time as it was written if nbgrader reads it right, else in its form."""
    with contextlib.suppress(ValueError, OverflowError, TypeError):
        if parse_utc(found.text) == found.time:
            return found.text
    return f"{found.time and found.time.isoformat(' ')} UTC"


def _name_all_notebooks(converter: Any, assignment: str, student: str) -> None:
    """Have every notebook of the hand-in recorded, whatever its name, and none that is missing."""
    if converter.coursedir.notebook_id == "*" and converter.notebooks:
        folder = Path(converter.notebooks[0]).parent
        hand_ins = hand_ins_of(converter)
        names = hand_ins.folder(student, assignment).notebooks(hand_ins.lab(assignment))
        converter.notebooks = [str(folder / f"{name}.ipynb") for name in names]


def _copy_files_beside_notebooks(converter: Any, assignment: str, student: str) -> None:
    """Copy the files that students may change, which nbgrader leaves out: theirs or the lab's."""
    course = converter.coursedir
    given = Path(course.format_path(course.source_directory, ".", assignment))
    target = Path(converter._format_dest(assignment, student))
    folder = hand_ins_of(converter).folder(student, assignment)
    for name, data in folder.allowed_files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(data)
    for path in find_all_files(str(given), [*course.ignore, "*.ipynb"]):
        copy = target / Path(path).relative_to(given)
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _forget_time(converter: Any, assignment: str, student: str) -> None:
    """Take a time out of the gradebook that an earlier hand-in had."""
    course = converter.coursedir
    with Gradebook(course.db_url, course.course_id) as gradebook:
        gradebook.update_or_create_submission(assignment, student, timestamp=None)
