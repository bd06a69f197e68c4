"""What a kernel and all that it has started hold together, seen from outside of it.

Nothing here may depend on what a process lets others read of it, nor on its first thread, which a
process can end before the others. What cannot be read is counted as the most that it can be.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

_PROCESSES = Path("/proc")
_OPEN_FILES_UNREAD = 1024
_BUFFERS = {"socket": 2**18, "pipe": 2**16, "/dev/p": 2**17}
"""The most that Linux keeps for one of them, by the start of its name. Pipes can be made larger,
up to 64 MiB of all of an account's together."""


def descendants(roots: Iterable[int]) -> dict[int, list[int]]:
    """All processes below each of some processes, their children first."""
    children: dict[int, list[int]] = {}
    for pid, parent in _parents().items():
        children.setdefault(parent, []).append(pid)
    return {root: _below(root, children) for root in roots}


def _below(root: int, children: Mapping[int, list[int]]) -> list[int]:
    found = list(children.get(root, ()))
    for pid in found:  # grows meanwhile
        found += children.get(pid, ())
    return found


def _parents() -> dict[int, int]:
    """Every process' parent, as this process sees them."""
    found = {}
    for entry in _PROCESSES.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                text = (entry / "stat").read_text(errors="replace")
                found[int(entry.name)] = int(text.rpartition(")")[2].split()[1])
    return found


def held_bytes(pids: Iterable[int], folders: Iterable[str]) -> int:
    """Memory of processes, of what they have open and of their folders in memory.

    Args:
        pids: the processes; the first must be none of a student's: its folders are looked at.
        folders: paths of file systems in memory, as that process sees them.
    """
    pids = list(pids)
    memory = sum(map(_memory, pids))
    opened = set().union(*map(_open_buffers, pids))
    buffers = sum(_buffer_bytes(name) for name in opened)
    return memory + buffers + sum(_folder_bytes(pids[0], folder) for folder in folders if pids)


def _memory(pid: int) -> int:
    """Memory that no file backs, shared memory among it, each page divided by its sharers.

    The tables of pages are counted, too: a process can have large ones for pages that it only
    reads. Where the exact sum may not be read, whole shared pages are counted.
    """
    process = _PROCESSES / str(pid)
    for thread in (process, *_entries(process / "task")):
        known = _kibibytes(thread / "status")
        if "VmRSS" in known:
            exact = _kibibytes(thread / "smaps_rollup")
            if "Pss_Anon" in exact:
                return 1024 * (exact["Pss_Anon"] + exact["Pss_Shmem"] + known["VmPTE"])
            return 1024 * (known["RssAnon"] + known["RssShmem"] + known["VmPTE"])
    return 0  # it has ended


def _kibibytes(path: Path) -> dict[str, int]:
    """The rows of a table of ``/proc`` that are sizes; empty if it cannot be read."""
    try:
        rows = [line.split() for line in path.read_text(errors="replace").splitlines()]
    except OSError:
        return {}
    return {row[0].rstrip(":"): int(row[1]) for row in rows if row[2:] == ["kB"]}


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _open_buffers(pid: int) -> set[str]:
    """Names of sockets, pipes and terminals that a process has open."""
    found = set()
    try:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                found.add(str(link.readlink()))
    except PermissionError:
        return {f"socket of {pid}, {number}" for number in range(_OPEN_FILES_UNREAD)}
    except OSError:
        return set()  # it has ended
    return found


def _buffer_bytes(name: str) -> int:
    return next((size for start, size in _BUFFERS.items() if name.startswith(start)), 0)


def _folder_bytes(pid: int, folder: str) -> int:
    try:
        size = os.statvfs(f"/proc/{pid}/root{folder}")
    except OSError:
        return 0
    return (size.f_blocks - size.f_bfree) * size.f_frsize
