"""What a forked kernel does before a student's code runs: namespaces, mounts, no privileges.

Linux only, by the C library, because Python 3.11 has none of these calls.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

NEW_MOUNTS = 0x00020000
NEW_HOST_NAME = 0x04000000
NEW_IPC = 0x08000000
NEW_USER = 0x10000000
NEW_PROCESSES = 0x20000000
NEW_NETWORK = 0x40000000

_PRIVATE_RECURSIVE = 0x4000 | 0x40000
_BIND = 0x1000
_RECURSIVE = 0x4000
_REMOUNT = 0x20
_READ_ONLY = 0x1
_NO_SETUID_NO_DEVICES = 0x2 | 0x4
_SET_PARENT_DEATH_SIGNAL = 1
_DROP_FROM_BOUNDING_SET = 24
_NO_NEW_PRIVILEGES = 38
_CAPABILITY_VERSION = 0x20080522
_TERMINALS = b"newinstance,ptmxmode=666,mode=620,max=256"
_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Move this process, or for `NEW_PROCESSES` its later children, into new namespaces."""
    _call("unshare", flags)


def die_with_parent() -> None:
    """Have the kernel end this process when the one that forked it ends."""
    _call("prctl", _SET_PARENT_DEATH_SIGNAL, 9, 0, 0, 0)


def mount(kind: str, target: str, options: str = "") -> None:
    """Mount a fresh ``proc`` or ``tmpfs``.

    Args:
        kind: the file system's type.
        target: where; the folder must exist.
        options: such as ``size=268435456``.
    """
    flags = _NO_SETUID_NO_DEVICES
    _call("mount", kind.encode(), target.encode(), kind.encode(), flags, options.encode())


def bind(source: str, target: str) -> None:
    """Show a folder, with all that is mounted below it, at another place, too."""
    _call("mount", source.encode(), target.encode(), None, _BIND | _RECURSIVE, None)


def private_files(exchange: str, keep: list[str], writable: list[str], folder_bytes: int) -> None:
    """Give this process its own mounts: of all exchange folders, only its own is left.

    Args:
        exchange: the folder of this kernel's sockets, below ``/tmp``; kept at its path.
        keep: other folders below writable ones that stay to be seen, such as a course below
            ``/tmp``.
        writable: folders that become empty ones of this kernel's own.
        folder_bytes: what each of them may hold.
    """
    _call("mount", None, b"/", None, _PRIVATE_RECURSIVE, None)
    mount("proc", "/proc")
    _call("mount", b"devpts", b"/dev/pts", b"devpts", 0x8, _TERMINALS)
    kept = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in (*keep, exchange)}
    for folder in writable:
        mount("tmpfs", folder, f"size={folder_bytes},nr_inodes=20000,mode=777")
    for path, descriptor in kept.items():
        Path(path).mkdir(parents=True, exist_ok=True)
        bind(f"/proc/self/fd/{descriptor}", path)
        os.close(descriptor)


def make_read_only(folder: str) -> None:
    """Let nobody in these namespaces write below a folder that `bind` has shown here."""
    flags = _REMOUNT | _BIND | _READ_ONLY | _NO_SETUID_NO_DEVICES
    _call("mount", None, folder.encode(), None, flags, None)


def close_settings() -> None:
    """Make the host's settings in ``/proc`` read-only.

    Some belong to the host's root alone, and a kernel graded by root has that user's number.
    """
    names = ("acpi", "bus", "driver", "fs", "irq", "scsi", "sys", "sysrq-trigger")
    for path in (f"/proc/{name}" for name in names):
        if Path(path).exists():
            bind(path, path)
            make_read_only(path)


def limit_process_numbers(number: int) -> None:
    """Cap the processes of this process namespace, where the kernel can (from Linux 6.14)."""
    try:
        Path("/proc/sys/kernel/pid_max").write_text(str(max(number, 301)), encoding="ascii")
    except OSError:
        return  # other limits count processes as well


def give_up_rights() -> None:
    """Enter a user namespace without any rights, from which there is no way into another."""
    user, group = os.getuid(), os.getgid()
    unshare(NEW_USER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"1000 {user} 1")
    _write("/proc/self/gid_map", f"1000 {group} 1")
    _allow_nothing_counted_by_user()
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text(encoding="ascii"))
    for capability in range(last + 1):
        _call("prctl", _DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)
    _call("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    # Should the host run out of memory, kernels end first; they may lower it to the grader's own.
    _write("/proc/self/oom_score_adj", "1000")
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())


def _allow_nothing_counted_by_user() -> None:
    """Set the limits of this user namespace to 0: on namespaces, and on watches of files.

    What is made here counts towards the user of the host, too, who has a limit as well.
    """
    for path in Path("/proc/sys/user").iterdir():
        _write(str(path), "0")


def _write(path: str, text: str) -> None:
    Path(path).write_text(text, encoding="ascii")
