"""Attacks that want to use up the machine."""

from __future__ import annotations

from tests.attacks.model import HARMFUL, Attack, called, reporting

_MUST = "Its own kernel ends or is refused more; the grader and the machine go on."


def _use(name: str, tries: str, answers: dict[str, str], **more: object) -> Attack:
    options = {"stock": HARMFUL, **more}
    return Attack(name, "resources", tries, _MUST, answers, **options)


_CHILDREN = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        held = b"x" * (300 * 2**20)
        time.sleep(60)
        os._exit(0)
time.sleep(3)
print(WON)
"""
_TOUCHED = "    for place in range(0, len(held), 4096):\n        held[place] = 1\n"

RESOURCES = [
    _use(
        "memory_at_once",
        "Asks for ten times the memory that it may have.",
        reporting("import numpy as np\nheld = np.ones(10 * 2**27)\nprint(WON)"),
    ),
    _use(
        "memory_in_pieces",
        "Fills memory in small pieces and catches every refusal.",
        reporting(
            """
held = []
try:
    for _ in range(5 * 2**10):
        held.append(b"x" * 2**20)
    print(WON)
except MemoryError:
    print("refused", len(held))
"""
        ),
    ),
    _use("memory_in_children", "Fills memory in several processes at once.", reporting(_CHILDREN)),
    _use(
        "shared_memory",
        "Fills shared anonymous memory, which no limit of the process counts.",
        reporting(
            "import mmap, time\nkept = []\nfor _ in range(3):\n"
            "    held = mmap.mmap(-1, 700 * 2**20)\n    kept.append(held)\n"
            + _TOUCHED
            + "time.sleep(1)\nprint(WON)"
        ),
    ),
    _use(
        "memory_files",
        "Fills files that lie in memory and in no folder (memfd), and maps none of them.",
        reporting(
            """
import os, time
kept, block = [], b"x" * 2**20
for number in range(23):
    kept.append(os.memfd_create(str(number)))
    for _ in range(50):
        os.write(kept[-1], block)
time.sleep(0.6)
print(WON)
"""
        ),
    ),
    _use(
        "shared_segments",
        "Fills System V shared memory and detaches it, so that no process holds it.",
        reporting(
            """
import ctypes, time
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
for _ in range(18):
    segment = called("shmget", 0, 64 * 2**20, 0o1600)
    place = libc.shmat(segment, None, 0)
    ctypes.memset(place, 1, 64 * 2**20)
    libc.shmdt(ctypes.c_void_p(place))
time.sleep(0.6)
print(WON)
"""
        ),
    ),
    _use(
        "disk",
        "Writes files until the disk is full, in every folder that can be written.",
        reporting(
            """
import os
written = 0
for folder in ("/tmp", "/dev/shm", os.path.expanduser("~"), "/var/tmp", "@COURSE@"):
    try:
        for number in range(64):
            with open(f"{folder}/fill-{number}", "wb") as file:
                file.write(b"x" * (16 * 2**20))
            written += 16
    except OSError as refusal:
        print(refusal)
print(WON if written > 900 else written)
"""
        ),
    ),
    _use(
        "one_large_file",
        "Writes one file without end, past the limit on a file's size.",
        reporting(
            """
try:
    with open("large", "wb") as file:
        for _ in range(1000):
            file.write(b"x" * 2**20)
    print(WON)
except OSError as refusal:
    print(refusal)
"""
        ),
    ),
    _use(
        "many_files",
        "Makes so many files that a file system runs out of inodes.",
        reporting(
            """
import os
try:
    for number in range(100_000):
        os.close(os.open(f"/tmp/{number}", os.O_CREAT | os.O_WRONLY))
    print(WON)
except OSError as refusal:
    print(refusal)
"""
        ),
    ),
    _use(
        "open_files",
        "Opens files until there are no more descriptors.",
        reporting(
            """
held = []
try:
    for _ in range(200_000):
        held.append(open("/dev/null"))
    print(WON)
except OSError as refusal:
    print(refusal)
finally:
    held.clear()
"""
        ),
    ),
    _use(
        "fork_bomb",
        "Doubles its processes without end.",
        reporting(
            "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
        ),
    ),
    _use(
        "threads",
        "Starts threads without end.",
        reporting(
            """
import threading
stop = threading.Event()
try:
    for _ in range(20_000):
        threading.Thread(target=stop.wait, args=(15,), daemon=True).start()
    print(WON)
except RuntimeError as refusal:
    print(refusal)
stop.set()
"""
        ),
    ),
    _use(
        "processor_with_signals_blocked",
        "Computes for ever with every signal blocked and ignored.",
        called(
            """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
while True:
    pass
"""
        ),
    ),
    _use(
        "processor_outside_python",
        "Computes for ever in one operation that no interrupt of Python's can stop.",
        reporting("import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')"),
    ),
    _use(
        "stopped_for_ever",
        "Stops its own process, so that it neither runs nor ends.",
        called("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    ),
    _use(
        "output_without_end",
        "Prints lines without end.",
        reporting("while True:\n    print('x' * 200)"),
    ),
    _use("line_of_60_megabytes", "Prints one line of 60 MB.", reporting("print('x' * 60_000_000)")),
    _use(
        "large_messages",
        "Shows 40 pictures of 20 MB each, faster than the grader can read them.",
        reporting(
            """
from IPython.display import display
for _ in range(40):
    display({"text/plain": "x" * 20_000_000}, raw=True)
"""
        ),
    ),
    _use(
        "asynchronous_input_and_output",
        "Asks for so many places for asynchronous reads that the host has none left.",
        reporting(
            """
import ctypes, platform
number = 0 if platform.machine() == "aarch64" else 206
places = [ctypes.c_ulong() for _ in range(64)]
attempt(lambda: [called("syscall", number, 1000, ctypes.byref(p)) for p in places])
"""
        ),
        tells=True,
    ),
    _use(
        "notices_of_changed_files",
        "Takes every inotify instance that the host's user may have.",
        reporting("attempt(lambda: [called('inotify_init1', 0) for _ in range(60)])"),
        tells=True,
    ),
    _use(
        "polled_files",
        "Polls files in so many ways that the host's user may poll no more.",
        reporting(
            """
import os, select, time
for _ in range(4):
    if os.fork() == 0:
        kept = []
        try:
            while True:
                kept.append(select.epoll())
        except OSError:
            time.sleep(60)
time.sleep(3)
print(WON)
"""
        ),
    ),
    _use(
        "locks_on_files",
        "Locks every other byte of a file, which no limit counts.",
        reporting(
            """
import fcntl, time
file = open("/tmp/locked", "w")
for place in range(0, 20_000, 2):
    fcntl.lockf(file, fcntl.LOCK_EX, 1, place)
time.sleep(3)
print(WON)
"""
        ),
    ),
    _use(
        "compiled_filters",
        "Fills the memory that the host has for compiled filters.",
        reporting("attempt(lambda: called('prctl', 22, 2, 0))"),
        tells=True,
    ),
    _use(
        "gpu_memory",
        "Takes all memory of the GPU.",
        reporting("import os\nattempt(lambda: os.close(os.open('/dev/nvidia0', os.O_RDWR)))"),
        tells=True,
    ),
]
