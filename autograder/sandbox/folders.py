"""Temporary folders that show whether their owner still runs, so that a later run can remove them.

A process that is killed leaves its folders behind. Each folder holds a file that its owner keeps
locked with flock; Linux releases the lock when the owner's last process has ended.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "autograder-"
_MARK = ".owner"
_TRIES = 10


class OwnedFolder:
    """A new folder of this process below the system's temporary folder.

    Args:
        prefix: what its name begins with, after `PREFIX`.
    """

    def __init__(self, prefix: str = "") -> None:
        for _ in range(_TRIES):
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX + prefix))
            with contextlib.suppress(OSError):  # tidied away before it was locked
                self._lock = _locked(self.path, create=True)
                return
        raise OSError(f"no folder below {tempfile.gettempdir()} could be locked")

    def remove(self) -> None:
        """Remove the folder, then release its lock. Doing it twice does no harm."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
        self._lock = -1


@contextmanager
def owned_folder(prefix: str = "") -> Iterator[Path]:
    """Make a folder of this process and remove it in the end.

    Args:
        prefix: see `OwnedFolder`.
    """
    folder = OwnedFolder(prefix)
    try:
        yield folder.path
    finally:
        folder.remove()


def tidy_up() -> list[Path]:
    """Remove the folders whose owners have ended without removing them.

    Only this user's folders whose lock nobody holds are removed; anything else with such a name
    stays, links in particular.

    Returns:
        The folders that were removed.
    """
    found = sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
    return [path for path in found if _is_ours(path) and _removed(path)]


def _is_ours(path: Path) -> bool:
    try:
        state = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid()


def _removed(path: Path) -> bool:
    try:
        lock = _locked(path)
    except OSError:  # its owner lives, or it has no lock
        return False
    try:
        shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(lock)
    return True


def _locked(folder: Path, *, create: bool = False) -> int:
    """Return a descriptor that holds a folder's lock.

    Args:
        folder: the folder.
        create: whether to make the file that is locked.

    Raises:
        OSError: another process holds it, or there is no such plain file of this user.
    """
    mark = folder / _MARK
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | (os.O_CREAT if create else 0)
    lock = os.open(mark, flags, 0o600)
    try:
        import fcntl  # not on Windows, where this module is imported and nothing graded

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        state, now = os.fstat(lock), mark.lstat()
        is_ours = stat.S_ISREG(state.st_mode) and state.st_uid == os.geteuid()
        if not is_ours or (state.st_ino, state.st_dev) != (now.st_ino, now.st_dev):
            raise OSError(f"{mark} is not the file that was locked")
    except OSError:
        os.close(lock)
        raise
    return lock
