"""Attacks on the gradebook and on other students."""

from __future__ import annotations

from tests.attacks.model import Attack, reporting

_GROUP = "gradebook and other students"
_MUST = "Neither the gradebook nor anything of another student's can be reached."


def _other(name: str, tries: str, code: str, **more: object) -> Attack:
    return Attack(name, _GROUP, tries, _MUST, reporting(code), **more)


_REWRITE = """
import sqlite3, os
def rewrite():
    if not os.path.exists("@COURSE@/gradebook.db"):
        raise FileNotFoundError("there is no gradebook")
    try:
        with sqlite3.connect("@COURSE@/gradebook.db", timeout=5) as book:
            book.execute("update grade set manual_score = 6, needs_manual_grade = 0")
    except sqlite3.OperationalError as error:
        raise OSError(error) from error
    return "rewritten"
"""
_LEAVE = """
def note(read, write):
    try:
        print(WON, read())
    except (OSError, KeyError):
        print(TRIED)
    try:
        write()
    except OSError as refusal:
        print(TRIED, refusal)
"""

OTHERS = [
    _other(
        "gradebook_rewritten",
        "Opens gradebook.db and gives itself points.",
        _REWRITE + "attempt(rewrite)",
        tells=True,
    ),
    _other(
        "gradebook_rewritten_later",
        "Leaves a process behind that gives itself points when grading is over.",
        _REWRITE
        + """
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    import time
    for _ in range(400):
        time.sleep(0.05)
        try:
            rewrite()
        except OSError:
            pass
    os._exit(0)
""",
    ),
    _other(
        "gradebook_deleted",
        "Deletes the gradebook.",
        "import os\nattempt(lambda: os.remove('@COURSE@/gradebook.db'))",
        tells=True,
    ),
    _other(
        "others_notebook_read",
        "Reads the notebook that another student handed in.",
        "attempt(lambda: open('@COURSE@/submitted/ada/attacked/attacked.ipynb').read())",
        tells=True,
    ),
    _other(
        "others_notebook_overwritten",
        "Overwrites the notebook that another student handed in.",
        "attempt(lambda: open('@COURSE@/submitted/ada/attacked/attacked.ipynb', 'w').write('{}'))",
        tells=True,
    ),
    _other(
        "verdict_written",
        "Writes a verdict of its own where the grader keeps them.",
        """
import os
folder = "@COURSE@/.autograder/verdicts/attacked/ada"
attempt(lambda: open(folder + "/attacked.json", "w").write("{}"))
attempt(lambda: os.mkdir(folder + "/more"))
""",
        tells=True,
        stock="not run against stock: it keeps no verdicts",
    ),
    _other(
        "lab_overwritten",
        "Overwrites the lab's source, so that everyone's tests are empty.",
        "attempt(lambda: open('@COURSE@/labs/attacked/attacked.ipynb', 'a').write(' '))",
        tells=True,
    ),
    _other(
        "note_in_temporary_folders",
        "Leaves a file for the next submission in every folder that can be written.",
        _LEAVE
        + """
import os
for folder in sorted({"/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~"), os.getcwd()}):
    path = folder + "/left-@MARK@"
    note(lambda: open(path).read(), lambda: open(path, "w").write("a note"))
""",
        tells=True,
        rounds=2,
    ),
    _other(
        "start_up_file",
        "Leaves an IPython start-up file that would run in the next student's kernel.",
        _LEAVE
        + """
import os
folder = os.path.join(os.environ.get("IPYTHONDIR", os.path.expanduser("~/.ipython")),
                      "profile_default", "startup")
path = folder + "/00-left.py"
def write():
    os.makedirs(folder, exist_ok=True)
    open(path, "w").write("left = 1")
note(lambda: open(path).read(), write)
""",
        tells=True,
        rounds=2,
    ),
    _other(
        "poisoned_library",
        "Changes an installed library on disk, so that the next student's kernel imports it.",
        """
import numpy, os, sys
folder = os.path.dirname(numpy.__file__)
attempt(lambda: open(folder + "/left_@MARK@.py", "w").write("x = 1"))
attempt(lambda: open(sys.prefix + "/left_@MARK@.pth", "w").write("import os"))
""",
        tells=True,
    ),
    _other(
        "note_in_a_keyring",
        "Leaves a key in the kernel's key rings for the next submission.",
        _LEAVE
        + """
rings = (-3, -4, -5)  # of the session, of the user, of the user's session
for ring in rings:
    note(lambda: called("syscall", 250, 10, ring, b"user", b"left-@MARK@", 0), lambda: None)
for ring in rings:
    try:
        called("syscall", 248, b"user", b"left-@MARK@", b"a note", 6, ring)
    except OSError as refusal:
        print(TRIED, refusal)
""",
        tells=True,
        rounds=2,
    ),
    _other(
        "note_in_shared_memory",
        "Leaves a System V shared memory segment for the next submission.",
        _LEAVE + "note(lambda: called('shmget', 0x5EED, 4096, 0), "
        "lambda: called('shmget', 0x5EED, 4096, 0o1666))",
        tells=True,
        rounds=2,
    ),
    _other(
        "note_in_a_message_queue",
        "Leaves a POSIX message queue for the next submission.",
        _LEAVE
        + """
import os
def open_queue(flags):
    return called("mq_open", b"/left-@MARK@", flags, 0o666, None)
note(lambda: open_queue(os.O_RDWR), lambda: open_queue(os.O_RDWR | os.O_CREAT))
""",
        tells=True,
        rounds=2,
    ),
    _other(
        "other_kernels_exchange",
        "Looks for another kernel's connection file and for the fork server's folder.",
        """
import glob, os
mine = os.path.dirname(get_ipython().config["IPKernelApp"]["connection_file"])
found = [p for p in glob.glob(os.path.dirname(mine) + "/*") if p != mine]
found += [p for p in glob.glob("/tmp/*/kernel*.json") + glob.glob("/tmp/*/*/kernel.json")
          if not p.startswith(mine)]
print(WON, found) if found else print(TRIED)
""",
        tells=True,
        stock="not run against stock: it runs one kernel at a time",
    ),
]
