"""What the student's copies in ``work/`` have in common: whole files, editions, links that hold."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from pathlib import Path, PurePosixPath

from coursekit.atomic_write import write_whole

MODE = 0o644
"""Of a student's copies: a teacher may look at them."""
EDITIONS = ".editions.json"  # in work/ and release/: the edition that each file or lab is made from
LINK = re.compile(r"\]\((\.\./[^()\s#]+)(#[^()\s]*)?\)")


def edition(content: bytes) -> str:
    """Return the SHA-256 by which an edition of a file is known."""
    return hashlib.sha256(content).hexdigest()


def read_editions(folder: Path) -> dict[str, str]:
    """Return the editions kept in ``folder``, by name; none where nothing is kept yet."""
    record = folder / EDITIONS
    if not record.exists():
        return {}
    editions: dict[str, str] = json.loads(record.read_text(encoding="utf-8"))
    return editions


def write_editions(folder: Path, editions: dict[str, str]) -> None:
    """Keep the editions for the next run."""
    write_whole(folder / EDITIONS, json.dumps(editions, indent=1), mode=MODE)


def students_place(place: PurePosixPath) -> PurePosixPath:
    """Return where a student has a file of the course; other files are where they are.

    Args:
        place: a path below the course's folder.
    """
    match place.parts:
        case ("labs", *rest):
            return PurePosixPath("work", *rest)
        case ("lessons", *_):
            return PurePosixPath("work", place)
    return place


def for_students(content: bytes, place: PurePosixPath) -> bytes:
    """Return a notebook whose relative links lead from copy to copy; another file as it is.

    Args:
        content: the file's.
        place: where its source lies, below the course's folder.
    """
    if place.suffix != ".ipynb":
        return content
    home = students_place(place).parent

    def moved(link: re.Match[str]) -> str:
        target = PurePosixPath(posixpath.normpath(place.parent / link[1]))
        path = posixpath.relpath(students_place(target), home)
        return f"]({path}{link[2] or ''})"

    return LINK.sub(moved, content.decode()).encode()
