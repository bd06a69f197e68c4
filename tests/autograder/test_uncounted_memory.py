"""Memory that a process' own limits do not see: it is counted from outside, or cannot be had."""

from __future__ import annotations

import os
import platform
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox.bubblewrap import INSIDE
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import CellRun, KernelSession

sys.path.append(str(INSIDE))  # where a kernel finds it
from _grading_filter import filter_program

SMALL = Limits(memory_bytes=2**29, processes=40, folder_bytes=2**26, cell_seconds=30)

_COLUMN = {"aarch64": 1}.get(platform.machine(), 0)
KEYCTL, IO_SETUP, SECCOMP, FANOTIFY = (
    numbers[_COLUMN] for numbers in ((250, 219), (206, 0), (317, 277), (300, 262))
)
LANDLOCK, CACHESTAT = 444, 451
HELD = {
    "by processes that may not be looked at": """
import ctypes, os, time
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
for _ in range(4):
    if os.fork() == 0:
        held = b"x" * (200 * 2**20)
        time.sleep(60)
time.sleep(60)
""",
    "by threads whose process seems to have ended": """
import subprocess, sys, time
code = '''
import ctypes, os, threading, time
def hold():
    while "State:\\\\tZ" not in open(f"/proc/{os.getpid()}/status").read():
        time.sleep(0.01)
    held = b"x" * (200 * 2**20)
    time.sleep(60)
threading.Thread(target=hold).start()
ctypes.CDLL(None).pthread_exit(None)
'''
children = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(4)]
time.sleep(60)
""",
    "in sockets that nobody reads": """
import os, socket, time
for _ in range(4):
    if os.fork() == 0:
        kept = []
        while True:
            try:
                kept += socket.socketpair()
            except OSError:
                time.sleep(60)
            kept[-1].setblocking(False)
            try:
                while True:
                    kept[-1].send(b"x" * 60_000)
            except BlockingIOError:
                pass
time.sleep(60)
""",
    "in tables of pages that are only read": """
import mmap, time
kept = []
for _ in range(400):
    kept.append(mmap.mmap(-1, 2**31, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ))
    for place in range(0, 2**31, 2**21):
        kept[-1][place]
time.sleep(60)
""",
}
REFUSED = {
    "a file in memory": "import os\nos.memfd_create('x')",
    "shared memory without a name": "import mmap\nmmap.mmap(-1, 4096)",
    "shared memory of the device": "open('/dev/zero', 'r+b')",
    "a family of sockets that leaves the network namespace": (
        "import socket\nsocket.socket(socket.AF_VSOCK)"
    ),
    "larger buffers": (
        "import socket\n"
        "socket.socketpair()[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**22)"
    ),
    "a System V segment": "called('shmget', 0, 4096, 0o1600)",
    "System V semaphores": "called('semget', 0, 4096, 0o1600)",
    "System V messages": "called('msgget', 0, 0o1600)",
    "a message queue": "called('mq_open', b'/x', 0o102, 0o600, None)",
    "a thread with open files of its own": "called('unshare', 0x400)",
    "another session's keys": f"called('syscall', {KEYCTL}, 0, -3, 0)",
    "asynchronous input and output, of which the host has a limit": (
        f"called('syscall', {IO_SETUP}, 1, ctypes.byref(ctypes.c_ulong()))"
    ),
    "notices of changed files, of which the host's user has few": "called('inotify_init1', 0)",
    "notices of all files": f"called('syscall', {FANOTIFY}, 0x200, 0)",
    "filters of system calls, which share one memory of the host's": (
        f"called('syscall', {SECCOMP}, 2, 0, 0)"
    ),
    "the same by the older call": "called('prctl', 22, 0, 0)",
    "rules of access, which are in no process' memory": f"called('syscall', {LANDLOCK}, 0, 0, 1)",
    "filters of a socket": (
        "import socket, struct\n"
        "socket.socketpair()[0].setsockopt(socket.SOL_SOCKET, 26, struct.pack('HP', 1, 0))"
    ),
    "larger pipes": "import fcntl\nfcntl.fcntl(os.pipe()[0], 1031, 2**20)",
    "leases of files": "import fcntl\nfcntl.fcntl(os.open('/tmp/x', 66), 1024, 1)",
    "locks whose owner cannot be seen": (
        "import fcntl, struct\n"
        "fcntl.fcntl(os.open('/tmp/x', 66), 37, struct.pack('hhqqi', *[0] * 5))"
    ),
    "a read of what is in memory alone": (
        "os.preadv(os.open(os.__file__, 0), [bytearray(1)], 0, os.RWF_NOWAIT)"
    ),
    "the list of a file's pages in memory": (
        "import mmap\n"
        "pages = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE)\n"
        "place = ctypes.byref((ctypes.c_char * 4096).from_buffer(pages))\n"
        "called('mincore', place, ctypes.c_size_t(4096), ctypes.create_string_buffer(1))"
    ),
    "their number": (
        "part, found = (ctypes.c_uint64 * 2)(0, 4096), (ctypes.c_uint64 * 5)()\n"
        f"called('syscall', {CACHESTAT}, os.open(os.__file__, 0), part, found, 0)"
    ),
    "sending pages out of memory": (
        "import mmap\nmmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE).madvise(21)"
    ),
}
CALLED = """
import ctypes, os
def called(name, *arguments):
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
"""
ORDINARY = """
import concurrent.futures, multiprocessing, socket, subprocess, threading
from multiprocessing import shared_memory
thread = threading.Thread(target=print, args=("thread",))
thread.start(); thread.join()
print(subprocess.run(["echo", "process"], capture_output=True, text=True).stdout)
with multiprocessing.Pool(2) as pool:
    print(pool.map(abs, [-1, -2]))
numbers = multiprocessing.Array("d", 1000)
held = shared_memory.SharedMemory(create=True, size=1000)
held.close(); held.unlink()
socket.socketpair(), socket.socket(), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
import asyncio, fcntl, signal, sqlite3, tempfile
with sqlite3.connect("/tmp/data.db") as data:
    data.execute("create table numbers (n int)")
with tempfile.TemporaryFile() as file:
    fcntl.flock(file, fcntl.LOCK_EX), fcntl.lockf(file, fcntl.LOCK_EX)
signal.setitimer(signal.ITIMER_REAL, 100), signal.setitimer(signal.ITIMER_REAL, 0)
new = asyncio.new_event_loop()
new.close()
"""


@pytest.fixture(scope="module")
def session() -> Iterator[KernelSession]:
    with KernelSession(SMALL) as started:
        started.run_cell(CALLED)
        yield started


def _printed(run: CellRun) -> str:
    return "".join(output.get("text", "") for output in run.outputs)


@pytest.mark.sandbox
def test_no_kernel_puts_a_file_out_of_the_hosts_memory(session: KernelSession) -> None:
    path = Path(np.__file__)
    path.read_bytes()
    run = session.run_cell(
        f"os.posix_fadvise(os.open({str(path)!r}, 0), 0, 0, os.POSIX_FADV_DONTNEED)"
    )
    assert run.error == ""
    with path.open("rb") as file:
        assert os.preadv(file.fileno(), [bytearray(1)], 0, os.RWF_NOWAIT) == 1


@pytest.mark.sandbox
@pytest.mark.parametrize("where", HELD)
def test_memory_ends_the_kernel_when_it_is_held(where: str) -> None:
    with KernelSession(SMALL) as session:
        run = session.run_cell(HELD[where])
    assert (run.died, run.why_died) == (True, "your code held more than 0.5 GiB of memory")


@pytest.mark.sandbox
def test_files_in_folders_are_memory() -> None:
    limits = Limits(memory_bytes=2**28, folder_bytes=2**28, cell_seconds=30)
    fill = "import time\nfor n in range(4):\n    open(f'/tmp/{n}', 'wb').write(b'x' * 2**26)\n"
    with KernelSession(limits) as session:
        run = session.run_cell(fill + "time.sleep(60)")
    assert (run.died, run.why_died) == (True, "your code held more than 0.25 GiB of memory")


@pytest.mark.sandbox
@pytest.mark.parametrize("what", REFUSED)
def test_a_kernel_is_refused(what: str, session: KernelSession) -> None:
    assert session.run_cell(REFUSED[what]).error in (
        "OSError",
        "PermissionError",
        "FileNotFoundError",
    )


COUNTED_BY_USER = {
    "waiting signals": "libc.sigqueue(os.getpid(), 40, None)",
    "timers": "libc.timer_create(1, None, ctypes.byref(ctypes.c_void_p()))",
}
IN_A_PROCESS = """
import subprocess, sys
code = '''
import ctypes, os, signal
libc = ctypes.CDLL(None)
signal.pthread_sigmask(signal.SIG_BLOCK, [40])
print(next(n for n in range(100_000) if {call} < 0))
'''
print(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout)
"""
HANDLES = {
    "watches of files": """
import select, time
kept = []
for _ in range(4):
    if os.fork() == 0:
        while True:
            try:
                kept.append(select.epoll())
            except OSError:
                time.sleep(60)
time.sleep(60)
""",
    "locks on files": """
import fcntl, time
with open("/tmp/locked", "w") as file:
    for place in range(0, 10_000, 2):
        fcntl.lockf(file, fcntl.LOCK_EX, 1, place)
    time.sleep(60)
""",
}


@pytest.mark.sandbox
@pytest.mark.parametrize("what", COUNTED_BY_USER)
def test_a_kernel_has_few_of_what_counts_for_the_hosts_user(
    what: str, session: KernelSession
) -> None:
    run = session.run_cell(IN_A_PROCESS.format(call=COUNTED_BY_USER[what]))
    assert 500 < int(_printed(run)) <= 1024


@pytest.mark.sandbox
@pytest.mark.parametrize("what", HANDLES)
def test_what_nothing_else_limits_ends_the_kernel_when_it_is_held(what: str) -> None:
    with KernelSession(SMALL) as session:
        run = session.run_cell(f"import os\n{HANDLES[what]}")
    assert (run.died, run.why_died) == (True, "your code held too many file locks or epoll sets")


@pytest.mark.sandbox
def test_nothing_that_the_hosts_user_has_few_of_can_be_had(session: KernelSession) -> None:
    look = (
        "from pathlib import Path\nprint({p.read_text() for p in Path('/proc/sys/user').iterdir()})"
    )
    assert _printed(session.run_cell(look)).strip() == r"{'0\n'}"


@pytest.mark.sandbox
def test_a_kernel_may_do_what_notebooks_do(session: KernelSession) -> None:
    run = session.run_cell(ORDINARY)
    assert (run.error, _printed(run).split()) == ("", ["thread", "process", "[1,", "2]"])


@pytest.mark.sandbox
def test_terminals_are_few(session: KernelSession) -> None:
    run = session.run_cell("import os\nkept = []\nwhile True:\n    kept.append(os.openpty())")
    assert run.error == "OSError"
    assert 100 < int(_printed(session.run_cell("print(len(kept))"))) <= 256
    session.run_cell("for pair in kept:\n    os.close(pair[0]), os.close(pair[1])")


@pytest.mark.sandbox
def test_where_memory_runs_out_kernels_end_before_the_grader(session: KernelSession) -> None:
    run = session.run_cell("print(open('/proc/self/oom_score_adj').read())")
    assert _printed(run).strip() == "1000"


def _decision(program: bytes, architecture: int, number: int, *arguments: int) -> int:
    """What Linux would decide on a call: the filter's steps, one after the other."""
    steps = list(struct.iter_unpack("=HBBI", program))
    seen = struct.pack("=IIQ6Q", number, architecture, 0, *arguments, *[0] * (6 - len(arguments)))
    at = held = 0
    while True:
        code, if_true, if_false, value = steps[at]
        at += 1
        if code == 0x06:
            return value
        if code == 0x20:
            held = int.from_bytes(seen[value : value + 4], sys.byteorder)
        elif code == 0x54:
            held &= value
        else:
            holds = {0x15: held == value, 0x35: held >= value}[code]
            at += if_true if holds else if_false


ALLOWED = 0x7FFF0000
MACHINES = {
    "x86_64": (0xC000003E, {"read": 0, "memfd_create": 319, "mmap": 9, "clone": 56, "socket": 41}),
    "aarch64": (
        0xC00000B7,
        {"read": 63, "memfd_create": 279, "mmap": 222, "clone": 220, "socket": 198},
    ),
}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_refuses_and_allows_the_same_on_every_processor(machine: str) -> None:
    architecture, numbers = MACHINES[machine]

    def allows(name: str, *arguments: int) -> bool:
        program = filter_program(machine)
        return _decision(program, architecture, numbers[name], *arguments) == ALLOWED

    assert allows("read")
    assert not allows("memfd_create")
    assert allows("mmap", 0, 4096, 3, 0x22), "private memory"
    assert allows("mmap", 0, 4096, 3, 0x01, 5), "a shared file"
    assert not allows("mmap", 0, 4096, 3, 0x21)
    assert allows("clone", 0x3D0F00), "an ordinary thread"
    assert allows("clone", 0x4111), "what subprocess does"
    assert not allows("clone", 0x3D0F00 & ~0x400)
    assert [family for family in range(50) if allows("socket", family)] == [1, 2, 10, 16]


def test_the_filter_refuses_calls_by_another_convention() -> None:
    program = filter_program("x86_64")
    assert _decision(program, 0x40000003, 3) != ALLOWED, "32 bits"
    assert _decision(program, 0xC000003E, 0x40000000) != ALLOWED, "x32"


def test_without_numbers_for_a_processor_no_kernel_starts() -> None:
    with pytest.raises(OSError, match="no filter of system calls is known for riscv64"):
        filter_program("riscv64")
