"""What to do about failures of the host: full disks, locked gradebooks, missing rights."""

from __future__ import annotations

_DISK = "the disk is full; make room and grade again: nothing recorded is lost"
_LOCKED = (
    "another program holds the gradebook; close it or wait for it, and grade again: what is done "
    "is kept"
)
_RIGHTS = "this user may not read or write what is needed; change its permissions and grade again"
_DAMAGED = "the gradebook is no database; put back a copy of it, and grade again"
_REMEDIES = {
    "No space left on device": _DISK,
    "Disk quota exceeded": _DISK,
    "database or disk is full": _DISK,
    "database is locked": _LOCKED,
    "Permission denied": _RIGHTS,
    "Read-only file system": _RIGHTS,
    "readonly database": _RIGHTS,
    "unable to open database file": _RIGHTS,
    "file is not a database": _DAMAGED,
}
"""What a failure's text has in it, and the sentence that helps."""


def explain(error: BaseException) -> str:
    """Return what is wrong with the host, with the line that says so; empty if that is unknown.

    Args:
        error: what was raised; its text may be a whole log.
    """
    for line in str(error).splitlines():
        for sign, sentence in _REMEDIES.items():
            if sign in line:
                return f"{sentence} ({line.strip()[:200]})"
    return ""
