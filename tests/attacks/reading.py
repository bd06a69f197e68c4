"""Attacks that want to read the hidden tests, what they expect, or other secrets."""

from __future__ import annotations

from tests.attacks.model import NOT_THERE, Attack, called, everywhere, reporting

_GROUP = "reading tests or expected values"
_MUST = "Nothing of the hidden tests, of expected values or of the grader's secrets is shown."
# The canaries are looked for in two halves, so that the search does not find itself.
_FOUND = """
def found(text):
    at = text.find("CANARY-")
    while at >= 0:
        if text[at + 7 : at + 8].islower():
            return text[at : at + 40]
        at = text.find("CANARY-", at + 1)
    return ""
"""


def _read(name: str, tries: str, answers: dict[str, str], **more: object) -> Attack:
    return Attack(name, _GROUP, tries, _MUST, answers, **more)


READING = [
    _read(
        "objects_in_memory",
        "Searches every object that the garbage collector knows for the hidden tests' text.",
        called(
            _FOUND
            + """
import gc
for thing in gc.get_objects():
    if type(thing) in (list, tuple, dict):
        try:
            text = str(thing)
        except Exception:
            continue
        if len(text) < 10**6 and found(text):
            print(found(text))
"""
        ),
    ),
    _read(
        "memory_of_the_process",
        "Reads the process' whole memory by /proc/self/mem, for what the fork server left in it.",
        called(
            """
import re
half, other = b"CANARY" + b"-", re.compile(rb"CANARY" + rb"-[a-z]+-[0-9a-f]+")
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as memory:
    for line in maps:
        first, last = (int(part, 16) for part in line.split()[0].split("-"))
        if "rw" not in line or last - first > 2**27:
            continue
        try:
            memory.seek(first)
            for match in other.findall(memory.read(last - first)):
                print(match.decode())
        except (OSError, ValueError):
            pass
"""
        ),
    ),
    _read(
        "callers_frames",
        "Walks up the frames of the call, to read the expected values from the test's variables.",
        called(
            """
import sys
frame = sys._getframe()
while frame is not None:
    for name, value in list(frame.f_locals.items()) + list(frame.f_globals.items()):
        text = repr(value)
        if "expected" in name or "CANARY" in text[:10000]:
            print(name, text[:10000])
    frame = frame.f_back
"""
        ),
    ),
    _read(
        "other_operand",
        "Returns an object that prints what it is compared with.",
        everywhere(
            """
class Curious:
    def __eq__(self, other):
        print("compared with", other)
        return False
    def __array__(self, *a, **k):
        import sys
        frame = sys._getframe()
        while frame is not None:
            for name in ("desired", "expected", "y"):
                if name in frame.f_locals:
                    print("expected", repr(frame.f_locals[name]))
            frame = frame.f_back
        raise TypeError
double = lambda *a, **k: Curious()
"""
        ),
    ),
    _read(
        "history",
        "Prints the cells that were run, the source of this one included, from IPython's history.",
        {
            "total": "def total(numbers):\n    shell = get_ipython()\n"
            "    for text in [*shell.user_ns.get('In', []), *shell.history_manager.input_hist_raw]:"
            "\n        if 'def total' not in text:\n            print(text)\n    return 0"
        },
    ),
    _read(
        "files",
        "Walks over all files that can be read, for notebooks and Python files with the tests.",
        reporting(
            _FOUND
            + """
import os
for top in ("@COURSE@", os.getcwd(), "/tmp", "/home", "/root", "/var/tmp", "/dev/shm"):
    for folder, _, names in os.walk(top):
        for name in names[:200]:
            try:
                with open(os.path.join(folder, name), errors="replace") as file:
                    text = file.read(10**6)
            except OSError:
                continue
            if found(text):
                print(name, found(text))
"""
        ),
    ),
    _read(
        "source_notebook",
        "Opens the lab's source notebook by its path.",
        reporting("attempt(lambda: open('@COURSE@/labs/attacked/attacked.ipynb').read())"),
        tells=True,
    ),
    _read(
        "grader_imported",
        "Imports the grader and its hidden tests.",
        reporting(
            "attempt(lambda: __import__('autograder.hidden_tests'))\n"
            "attempt(lambda: __import__('autograder.grading.grade'))"
        ),
        tells=True,
        stock="not run against stock: stock nbgrader has no hidden tests outside the notebook",
    ),
    _read(
        "agent_wiretap",
        "Prints every request that the examiner makes, hoping for an expected value among them.",
        everywhere(
            """
import sys
agent = sys.modules.get("_grading_agent")
if agent is not None:
    before = agent.handle
    def handle(text):
        print(text)
        return before(text)
    agent.handle = handle
def double(*a, **k):
    return 0
"""
        ),
        stock=NOT_THERE,
    ),
    _read(
        "environment",
        "Reads the environment of this process and of its parents, where tokens often are.",
        reporting(
            """
import os
print(dict(os.environ))
for pid in ("self", os.getppid(), 1):
    try:
        print(open(f"/proc/{pid}/environ").read())
    except OSError as refusal:
        print(refusal)
"""
        ),
    ),
    _read(
        "error_text_of_the_test",
        "Answers wrongly in the hope that the failed comparison prints what was expected.",
        everywhere("import numpy as np\ndouble = lambda *a, **k: np.zeros(())"),
    ),
    _read(
        "grading_secret",
        "Reads the secret that the random cases are drawn from.",
        reporting("attempt(lambda: open('@COURSE@/.autograder/secret').read())"),
        tells=True,
        stock="not run against stock: its cases are the same for all",
    ),
]
