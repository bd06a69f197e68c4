"""Finds the notebook that a student handed in, also where it is not called as it should be.

Canvas adds ``-1`` to a name, a browser `` (1)``, Jupyter ``-Copy1``; some students hand in the
folder, or a ZIP archive of it. A notebook is known by the nbgrader ids of its cells.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode

from autograder.course import cells
from autograder.course.lab import LabNotebook
from autograder.errors import MissingFile, UnreadableSubmission
from autograder.submissions import zip_archive
from autograder.submissions.untrusted import MAX_NOTEBOOK_BYTES, parse_notebook, read_untrusted

MAX_ENTRIES = 1000
"""Files and folders of a hand-in that are looked at when its notebook has another name."""
MAX_DEPTH = 6
MAX_SEARCHED_BYTES = 2 * MAX_NOTEBOOK_BYTES
_SHOWN_NAMES = 5
_LEAST_SHARE = 0.5
"""The share of a lab's ids that a notebook must have to be known as this lab's."""


@dataclass(frozen=True)
class HandIn:
    """The notebook that is graded, as it was found and read once.

    Args:
        name: the file's name, relative to the hand-in's folder; of a member of an archive, with
            the archive's name before it.
        digest: SHA-256 of the file's bytes; empty if there is none.
        notebook: what was read of it; None if nothing can be graded.
        notes: what the student and the instructor should know of how it was found and read.
        unreadable: why nothing can be graded; empty if something can.
        missing: whether nothing of the kind was handed in.
    """

    name: str
    digest: str = ""
    notebook: NotebookNode | None = None
    notes: tuple[str, ...] = ()
    unreadable: str = ""
    missing: bool = False

    @property
    def fingerprint(self) -> str:
        """All that a verdict depends on of the hand-in."""
        return "\0".join((self.digest, self.unreadable, *self.notes))


def find_hand_in(path: Path, lab: LabNotebook, *, below: Path | None = None) -> HandIn:
    """Find and read the notebook that was handed in.

    A notebook of the right name counts, unless it is empty, damaged, not this lab's or untouched,
    and another one in the folder is this lab's. Two of those are too many: which one is meant, only
    the student knows.

    Args:
        path: where the notebook should lie.
        lab: the lab's notebook of the same name.
        below: a trusted folder above the file; see
            `autograder.submissions.untrusted.read_untrusted`.
    """
    try:
        expected = _read(read_untrusted(path, below=below), path.name)
    except MissingFile as error:
        return _search(HandIn(path.name, unreadable=str(error), missing=True), path, lab, below)
    except UnreadableSubmission as error:
        return HandIn(path.name, unreadable=str(error))
    if expected.notebook and _share(expected, lab) and not _is_untouched(expected.notebook, lab):
        return expected
    return _search(expected, path, lab, below)


def _read(data: bytes, name: str) -> HandIn:
    digest = hashlib.sha256(data).hexdigest()
    try:
        parsed = parse_notebook(data, name)
    except UnreadableSubmission as error:
        return HandIn(name, digest, unreadable=str(error))
    return HandIn(name, digest, parsed.notebook, parsed.notes)


def _search(expected: HandIn, path: Path, lab: LabNotebook, below: Path | None) -> HandIn:
    """Return the notebook of another name that should count, or the expected one."""
    search = _Search(path, lab, below or path.parent)
    try:
        found = [
            other
            for other in search.notebooks()
            if other.notebook
            and _share(other, lab) >= _LEAST_SHARE
            and not (expected.notebook and _is_untouched(other.notebook, lab))
        ]
    except UnreadableSubmission as error:
        return expected if expected.notebook else HandIn(path.name, unreadable=str(error))
    if len({other.digest for other in found}) > 1:
        return HandIn(path.name, unreadable=_which_one(path, found))
    if found:
        return _instead(found[0], expected, path, lab)
    return expected if expected.notebook else _with_what_is_there(expected, search.others)


def _share(hand_in: HandIn, lab: LabNotebook) -> float:
    """Return the share of the lab's ids that a notebook has."""
    nodes = hand_in.notebook.cells if hand_in.notebook else []
    ids = {cells.grade_id(cell) for cell in nodes} & lab.given_cells.keys()
    return len(ids) / max(1, len(lab.given_cells))


def _is_untouched(notebook: NotebookNode, lab: LabNotebook) -> bool:
    """Return whether a notebook holds nothing but what the lab's release has in it."""
    given = {cell.source.strip() for cell in lab.released.cells} | {""}
    return all(cell.source.strip() in given for cell in notebook.cells)


def _instead(found: HandIn, expected: HandIn, path: Path, lab: LabNotebook) -> HandIn:
    if expected.notebook is None:
        why = "cannot be read" if expected.digest else "is missing"
    else:
        why = "is untouched" if _share(expected, lab) else "has none of them"
    note = f"{found.name!r}, which has this lab's cells, was graded: {path.name} {why}"
    return HandIn(found.name, found.digest, found.notebook, (note, *found.notes))


def _which_one(path: Path, found: list[HandIn]) -> str:
    names = ", ".join(repr(other.name) for other in found[:_SHOWN_NAMES])
    return (
        f"there are {len(found)} notebooks of this lab and none is called {path.name}: {names}; "
        f"ask the student which one counts and give it that name"
    )


def _with_what_is_there(expected: HandIn, others: list[str]) -> HandIn:
    if not others:
        return expected
    names = ", ".join(repr(name) for name in others[:_SHOWN_NAMES])
    text = f"{expected.unreadable}; what is there and is no notebook of this lab: {names}"
    return replace(expected, unreadable=text)


@dataclass
class _Search:
    """A look through a hand-in's folder for notebooks of other names.

    Args:
        path: where the notebook should lie.
        lab: the lab's notebook.
        below: a trusted folder above it.
        entries: how many files and folders may still be looked at.
        left: how many bytes may still be read.
        others: names of the files that may have been meant.
    """

    path: Path
    lab: LabNotebook
    below: Path
    entries: int = MAX_ENTRIES
    left: int = MAX_SEARCHED_BYTES
    others: list[str] = field(default_factory=list)

    def notebooks(self) -> Iterator[HandIn]:
        """Yield all that may be notebooks, in the order of their names.

        Raises:
            UnreadableSubmission: there is more in the folder than is looked at.
        """
        for relative in sorted(self._files(self.path.parent, 0)):
            yield from self._in_file(relative)

    def _files(self, folder: Path, depth: int) -> Iterator[PurePosixPath]:
        """Yield plain files that are a notebook or an archive by their names."""
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    self._count()
                    relative = PurePosixPath(folder.relative_to(self.path.parent)) / entry.name
                    if entry.name.startswith((".", "__MACOSX")):
                        continue
                    if entry.is_dir(follow_symlinks=False) and depth < MAX_DEPTH:
                        yield from self._files(folder / entry.name, depth + 1)
                    elif entry.is_file(follow_symlinks=False) and self._is_wanted(relative):
                        yield relative
        except OSError:
            return  # no folder, or one that may not be read: there is nothing to find

    def _count(self) -> None:
        self.entries -= 1
        if self.entries < 0:
            raise UnreadableSubmission(
                f"{self.path.name} is missing, and the hand-in has more than {MAX_ENTRIES:,} "
                "files to look for it; ask the student to hand in the notebook under that name"
            )

    def _is_wanted(self, relative: PurePosixPath) -> bool:
        """Return whether a file may be this notebook and is not another one of the lab's."""
        if (self.path.parent / relative).resolve() == self.lab.path.resolve():
            return False
        siblings = {found.name for found in self.lab.path.parent.glob("*.ipynb")}
        if str(relative) in siblings:
            return False
        return _is_notebook(relative.name) or relative.suffix.lower() == ".zip"

    def _in_file(self, relative: PurePosixPath) -> Iterator[HandIn]:
        self.others.append(str(relative))
        try:
            data = self._bytes_of(relative)
        except UnreadableSubmission:
            return
        if relative.suffix.lower() == ".zip":
            yield from self._in_archive(str(relative), data)
        else:
            yield _read(data, str(relative))

    def _bytes_of(self, relative: PurePosixPath) -> bytes:
        most = min(self.left, MAX_NOTEBOOK_BYTES)
        data = read_untrusted(self.path.parent / relative, below=self.below, most=most)
        self.left -= len(data)
        return data

    def _in_archive(self, name: str, data: bytes) -> Iterator[HandIn]:
        most = min(self.left, MAX_NOTEBOOK_BYTES)
        try:
            for member, content in zip_archive.members(data, wanted=_is_wanted_member, most=most):
                self._count()
                self.left -= len(content)
                yield _read(content, f"{name}/{member}")
        except zip_archive.BadArchive as error:
            self.others[-1] = f"{name} ({error})"


def _is_notebook(name: str) -> bool:
    lower = name.lower()
    return not name.startswith(".") and (".ipynb" in lower or lower.endswith(".json"))


def _is_wanted_member(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts[:-1])
    return bool(parts) and not hidden and _is_notebook(parts[-1])
