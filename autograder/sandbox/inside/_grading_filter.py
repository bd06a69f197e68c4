"""The system calls that a kernel is refused: ways to hold memory that nobody counts, and odd doors.

Also those that use up what Linux has once for the whole host, or once for each user of it, and
those that show or change which files the host has in memory.

Linux only. A filter of the kind "seccomp" is a small program for every call that Linux runs before
the call itself. Nobody can take it off, and every process that is started later has it too.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

_NUMBERS: dict[str, tuple[int, int | None, int]] = {
    # name: on x86-64, on 64-bit ARM, error
    "memfd_create": (319, 279, errno.ENOSYS),  # memory in files of no folder
    "memfd_secret": (447, 447, errno.ENOSYS),
    "shmget": (29, 194, errno.ENOSYS),  # memory that stays when nobody has it mapped
    "msgget": (68, 186, errno.ENOSYS),
    "semget": (64, 190, errno.ENOSYS),
    "mq_open": (240, 180, errno.ENOSYS),
    "vmsplice": (278, 75, errno.EPERM),  # holds pages that have left the process
    "io_uring_setup": (425, 425, errno.ENOSYS),  # holds closed files, and calls past this filter
    "userfaultfd": (323, 282, errno.EPERM),
    "unshare": (272, 97, errno.EPERM),  # a thread with open files that are not its process'
    "setns": (308, 268, errno.EPERM),
    "add_key": (248, 217, errno.EPERM),  # keys are in no namespace
    "request_key": (249, 218, errno.EPERM),
    "keyctl": (250, 219, errno.EPERM),
    "bpf": (321, 280, errno.EPERM),
    "perf_event_open": (298, 241, errno.EPERM),
    "clone3": (435, 435, errno.ENOSYS),  # its flags cannot be looked at; libraries fall back
    "io_setup": (206, 0, errno.ENOSYS),  # counts towards the host's fs.aio-max-nr
    "inotify_init": (253, None, errno.ENOSYS),  # few for each user of the host
    "inotify_init1": (294, 26, errno.ENOSYS),
    "fanotify_init": (300, 262, errno.EPERM),  # likewise
    "seccomp": (317, 277, errno.EPERM),  # compiled filters share one limit of the host's
    "landlock_create_ruleset": (444, 444, errno.ENOSYS),  # rules without end, in no process
    # What tells a later kernel something: which pages of a file are in memory.
    "mincore": (27, 232, errno.EPERM),
    "cachestat": (451, 451, errno.ENOSYS),
    "fadvise64": (221, 223, 0),  # advice that is thanked for and not taken
}
_BY_FLAGS: dict[str, tuple[int, int, int, int, tuple[int, ...]]] = {
    # name: on x86-64, on 64-bit ARM, which argument, what of it is looked at, what is refused
    "mmap": (9, 222, 3, 0x01 | 0x20, (0x01 | 0x20,)),  # shared memory that no file names
    "clone": (56, 220, 0, 0x10000 | 0x400, (0x10000,)),  # a thread with open files of its own
    "close_range": (436, 436, 2, 0x2, (0x2,)),  # the same, later
    # Larger buffers than the watch counts with, and compiled filters.
    "setsockopt": (54, 208, 2, 0xFFFFFFFF, (7, 26, 50, 51, 52)),
    "prctl": (157, 167, 0, 0xFFFFFFFF, (22,)),  # compiled filters
    # Locks whose owner cannot be seen, leases, notices of changes, and larger pipes.
    "fcntl": (72, 25, 1, 0xFFFFFFFF, (37, 38, 1024, 1026, 1031)),
    # Pages of a file that leave memory, and a read that finds out whether they are there.
    "madvise": (28, 233, 2, 0xFFFFFFFF, (20, 21)),
    "preadv2": (327, 286, 5, 0x8, (0x8,)),
}
_SOCKET = (41, 198)
_FAMILIES = (1, 2, 10, 16)
"""UNIX, IPv4, IPv6 and netlink: those that a network namespace holds. Others, such as vsock, reach
out of it."""
_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_OTHER_CONVENTION = 0x40000000  # x32's numbers on x86-64

_LOAD, _AND = 0x20, 0x54
_IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in what Linux shows to the program
_SET_FILTER = 22
_FILTER_MODE = 2


def refuse_calls() -> None:
    """Apply the filter to this process and its later children; it needs ``no_new_privs`` first.

    Raises:
        OSError: Linux refuses the filter, or this processor's call numbers are not known.
    """
    code = filter_program(os.uname().machine)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    program = Program(len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_SET_FILTER, _FILTER_MODE, ctypes.byref(program), 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"no filter of system calls: {os.strerror(number)}")


def filter_program(machine: str) -> bytes:
    """Return the filter as a BPF program.

    Args:
        machine: the processor's name as `os.uname` gives it.

    Raises:
        OSError: the numbers of its system calls are not known here.
    """
    if machine not in _ARCHITECTURES:
        raise OSError(errno.ENOTSUP, f"no filter of system calls is known for {machine}")
    architecture, column = _ARCHITECTURES[machine]
    lines = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_IF_EQUAL, architecture, skip_if_true=1),
        _refuse(errno.EPERM),
        _step(_LOAD, _NUMBER),
        _step(_IF_AT_LEAST, _OTHER_CONVENTION, skip_if_false=1),
        _refuse(errno.ENOSYS),
    ]
    for first, second, error in _NUMBERS.values():
        if (number := (first, second)[column]) is not None:
            lines += [_step(_IF_EQUAL, number, skip_if_false=1), _refuse(error)]
    for first, second, argument, mask, forbidden in _BY_FLAGS.values():
        load, steps = _argument(argument), _masked(mask, forbidden)
        lines += _where((first, second)[column], load, steps)
    lines += _where(_SOCKET[column], _argument(0), _unless(_FAMILIES, errno.EAFNOSUPPORT))
    return b"".join([*lines, _step(_RETURN, _ALLOW)])


def _step(code: int, value: int, *, skip_if_true: int = 0, skip_if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, skip_if_true, skip_if_false, value)


def _refuse(error: int) -> bytes:
    return _step(_RETURN, _REFUSE | error)


def _argument(place: int) -> bytes:
    """Return the step that loads an argument's lower half, which holds all flags checked here."""
    offset = _ARGUMENTS + 8 * place
    return _step(_LOAD, offset if sys.byteorder == "little" else offset + 4)


def _masked(mask: int, forbidden: tuple[int, ...]) -> list[bytes]:
    refused = [
        part
        for value in forbidden
        for part in (_step(_IF_EQUAL, value, skip_if_false=1), _refuse(errno.EPERM))
    ]
    return [_step(_AND, mask), *refused]


def _unless(allowed: tuple[int, ...], error: int) -> list[bytes]:
    last = len(allowed)
    steps = [_step(_IF_EQUAL, v, skip_if_true=last - i) for i, v in enumerate(allowed)]
    return [*steps, _refuse(error)]


def _where(number: int, load: bytes, steps: list[bytes]) -> list[bytes]:
    """Return the steps for one system call; they end by allowing it."""
    inside = [load, *steps, _step(_RETURN, _ALLOW)]
    return [_step(_IF_EQUAL, number, skip_if_false=len(inside)), *inside]
