"""Reads files that came from students: no link is followed, nothing is larger than its cap."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from autograder.errors import MissingFile, UnreadableSubmission
from autograder.submissions.json_scan import NotJson
from autograder.submissions.notebook_formats import (
    MAX_CELLS,
    NotANotebook,
    ParsedNotebook,
    TooLarge,
    parse,
)

__all__ = ["MAX_CELLS", "MAX_FILE_BYTES", "MAX_NOTEBOOK_BYTES", "parse_notebook", "read_untrusted"]

MAX_NOTEBOOK_BYTES = 200 * 2**20
"""A larger notebook is not read. Outputs make one large; they are skipped, not built."""
MAX_FILE_BYTES = 20 * 2**20
"""The cap for any other file of a hand-in."""


def read_untrusted(
    path: Path, *, below: Path | None = None, most: int = MAX_NOTEBOOK_BYTES
) -> bytes:
    """Return a plain file's bytes; links are not followed, neither of the file nor of its folders.

    Args:
        path: the file.
        below: a trusted folder above it, from which on links are not followed; by default the
            file's own folder.
        most: bytes that it may have.

    Raises:
        MissingFile: there is no file of that name.
        UnreadableSubmission: it is no plain file, reached by a link, or too large.
    """
    try:
        number = _open_below(below or path.parent, path)
    except FileNotFoundError:
        raise MissingFile(
            f"{path.name} is missing; ask the student to hand in the notebook under that name"
        ) from None
    except PermissionError:
        raise UnreadableSubmission(
            f"{path.name} may not be read by this user; change its permissions or its folder's"
        ) from None
    except OSError as error:
        raise UnreadableSubmission(
            f"{path.name} cannot be opened as a plain file ({error.strerror}); "
            "links are not followed"
        ) from None
    found = os.fstat(number)
    if not stat.S_ISREG(found.st_mode):
        os.close(number)
        raise UnreadableSubmission(f"{path.name} is not a plain file")
    with os.fdopen(number, "rb") as file:
        data = b"" if found.st_size > most else file.read(most + 1)
    if found.st_size > most or len(data) > most:
        raise UnreadableSubmission(
            f"{path.name} is larger than {_size(most)}; ask the student to "
            "clear the outputs and hand it in again"
        )
    return data


def _size(most: int) -> str:
    return f"{most // 2**20} MiB" if most >= 2**20 else f"{most:,} bytes"


def _open_below(root: Path, path: Path) -> int:
    """Return a descriptor of the file, opened folder by folder."""
    if not path.is_relative_to(root) or ".." in path.relative_to(root).parts:
        raise OSError(errno.ELOOP, "its path leads out of its folder")
    *folders, name = path.relative_to(root).parts
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for folder in folders:
            inner = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
    finally:
        os.close(here)


def parse_notebook(data: bytes, name: str) -> ParsedNotebook:
    """Read a notebook of any format; only sources, ids, pictures and nbgrader's metadata are kept.

    Args:
        data: a file's bytes.
        name: the file's name, for the error.

    Raises:
        UnreadableSubmission: the bytes are not a notebook; the text says why and what to do.
    """
    try:
        return parse(data)
    except NotJson as error:
        raise UnreadableSubmission(
            f"{name} is not a notebook: it is no JSON text ({error}); ask the student to "
            "hand in the .ipynb file itself"
        ) from None
    except NotANotebook as error:
        raise UnreadableSubmission(f"{name} is JSON but not a notebook ({error})") from None
    except TooLarge as error:
        raise UnreadableSubmission(f"{name} {error}") from None
