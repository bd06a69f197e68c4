"""The resources that a kernel and all its processes hold, measured from outside.

Nothing here may depend on what a process lets others read, nor on its first thread, which can end
before the others. What cannot be read counts as its maximum.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_PROCESSES = Path("/proc")
_OPEN_FILES_UNREAD = 1024
_BUFFERS = {"socket": 2**18, "pipe": 2**16, "/dev/p": 2**17}
"""The most that Linux keeps for one of them, by the start of its name; the filter of system calls
lets nobody make it more."""
_BYTES_OF_A_DESCRIPTOR = 1024
"""What Linux keeps for an open file or the like, beside its contents."""
_POLLED = "anon_inode:[eventpoll]"
_CLOCK_OF_A_PROCESS = 2
"""Linux's ``CPUCLOCK_SCHED``: with a process' number, the clock of all its threads' work."""
_LOCKS = Path("/proc/locks")
_MAX_LOCKS_TEXT = 2**20


def descendants(roots: Iterable[int]) -> dict[int, list[int]]:
    """Return all descendants of each process, children first."""
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
    """Return every process' parent, as this process sees them."""
    found = {}
    for entry in _PROCESSES.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                text = (entry / "stat").read_text(errors="replace")
                found[int(entry.name)] = int(text.rpartition(")")[2].split()[1])
    return found


def hold_more_than(
    limit: int, pids: Sequence[int], folders: Iterable[str], opened: Sequence[str]
) -> bool:
    """Return whether processes, their open files and their folders in memory hold too much.

    Args:
        limit: bytes that they may hold.
        pids: the processes; the first must be none of a student's: its folders are looked at.
        folders: paths of file systems in memory, as that process sees them.
        opened: names of what the processes have open, by `names_of_open_files`.
    """
    beside = sum(map(_buffer_bytes, set(opened))) + _BYTES_OF_A_DESCRIPTOR * len(opened)
    beside += sum(_folder_bytes(pids[0], folder) for folder in folders if pids)
    if beside + sum(map(_memory_at_most, pids)) <= limit:
        return False  # as a rule; the exact sum takes Linux a hundred times as long
    return beside + sum(map(_memory, pids)) > limit


def processor_use(root: int) -> dict[str, object]:
    """Return the processor time of a process' children, and what tells whether any came or went.

    Args:
        root: the process.
    """
    # Before the list: a process that is not in it begins later, and the next number says so.
    newest, begun = _newest(), _begun()
    used = {}
    for pid in sorted(descendants([root])[root]):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            used[pid] = time.clock_gettime_ns((~pid << 3) | _CLOCK_OF_A_PROCESS)
    return {"nanoseconds": sum(used.values()), "processes": [newest, *used], "begun": begun}


def _newest() -> int:
    """Return the latest process or thread id that this process can see."""
    return int((_PROCESSES / "loadavg").read_text(encoding="ascii").split()[-1])


def _begun() -> int:
    """Return how many processes and threads the host has started since boot."""
    rows = (_PROCESSES / "stat").read_text(encoding="ascii").splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("processes "))


def names_of_open_files(pids: Sequence[int]) -> list[str]:
    """Return the names of what some processes have open, one for each descriptor.

    Args:
        pids: the processes.
    """
    return [name for pid in pids for name in _open_buffers(pid)]


def host_wide_uses(pids: Sequence[int], opened: Sequence[str]) -> int:
    """Return how many epoll sets and file locks processes hold.

    An epoll set may hold a thousand watches, which count towards a limit of the host's user. Locks
    have no limit at all.

    Args:
        pids: the processes.
        opened: names of what they have open, by `names_of_open_files`.
    """
    return sum(name == _POLLED for name in opened) + _locks_of(set(pids))


def _locks_of(pids: set[int]) -> int:
    """Return how many locks on files processes hold, as far as the table is read."""
    try:
        with _LOCKS.open(errors="replace") as file:
            rows = file.read(_MAX_LOCKS_TEXT).splitlines()
    except OSError:
        return 0
    owners = (row.split()[4:5] for row in rows if "->" not in row)
    return sum(owner[0].isdigit() and int(owner[0]) in pids for owner in owners if owner)


def _memory_at_most(pid: int) -> int:
    """Return the bytes of anonymous and shared memory and of page tables.

    A process can have large tables for pages that it only reads.
    """
    _, known = _living_thread(pid)
    return 1024 * sum(known.get(name, 0) for name in ("RssAnon", "RssShmem", "VmPTE"))


def _memory(pid: int) -> int:
    """Return the same with each page divided by its sharers, where that may be read."""
    thread, known = _living_thread(pid)
    exact = _kibibytes(thread / "smaps_rollup")
    if "Pss_Anon" not in exact:
        return _memory_at_most(pid)
    return 1024 * (exact["Pss_Anon"] + exact["Pss_Shmem"] + known.get("VmPTE", 0))


def _living_thread(pid: int) -> tuple[Path, dict[str, int]]:
    """Return a thread that still has the process' memory, and its status; empty if none has."""
    process = _PROCESSES / str(pid)
    for thread in (process, *_entries(process / "task")):
        known = _kibibytes(thread / "status")
        if "VmRSS" in known:
            return thread, known
    return process, {}


def _kibibytes(path: Path) -> dict[str, int]:
    """Return the sizes in a table of ``/proc`` in KiB; empty if it cannot be read."""
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


def _open_buffers(pid: int) -> list[str]:
    """Return names of the files, sockets, pipes and terminals that a process has open."""
    found = []
    try:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                found.append(str(link.readlink()))
    except PermissionError:
        return [f"socket of {pid}, {number}" for number in range(_OPEN_FILES_UNREAD)]
    except OSError:
        return []  # it has ended
    return found


def _buffer_bytes(name: str) -> int:
    return next((size for start, size in _BUFFERS.items() if name.startswith(start)), 0)


def _folder_bytes(pid: int, folder: str) -> int:
    try:
        size = os.statvfs(f"/proc/{pid}/root{folder}")
    except OSError:
        return 0
    return (size.f_blocks - size.f_bfree) * size.f_frsize
