"""What an attack is: a tiny submission, what it tries, and how its success would be seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from nbformat import NotebookNode

Group = Literal[
    "forging a pass",
    "reading tests or expected values",
    "gradebook and other students",
    "escaping the sandbox",
    "network",
    "resources",
    "staying behind",
    "breaking the grader",
    "values that lie",
    "submission files",
    "pages",
]
GROUPS: tuple[str, ...] = get_args(Group)

HOST_GROUPS = (
    "gradebook and other students",
    "escaping the sandbox",
    "network",
    "resources",
    "staying behind",
)
"""Groups that are about the host, not about the grade."""

TASKS = ("double", "square", "scale", "total")
"""The tasks of the lab that is attacked, by the ids of their cells."""

PRELUDE = '''\
WON, TRIED = "!DEPACSE"[::-1], "DEIRT-SAW"[::-1]  # backwards: showing the source says nothing
def attempt(deed):
    """Says whether a deed is refused, which is an error of the operating system, or done."""
    try:
        got = deed()
    except (OSError, ImportError, SyntaxError) as refusal:
        print(TRIED, type(refusal).__name__, refusal)
    else:
        print(WON, str(got)[:200])
def called(name, *arguments):
    """A call into the C library, with its error as Python's."""
    import ctypes, os
    libc = ctypes.CDLL(None, use_errno=True)
    got = getattr(libc, name)(*arguments)
    if got in (-1, 2**64 - 1):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return got
'''
_NEEDS_PRELUDE = re.compile(r"\b(attempt|called|WON|TRIED)\b")
WON = "ESCAPED!"
TRIED = "WAS-TRIED"

HARMFUL = "not run against stock: would harm this machine"
NOT_THERE = "not run against stock: there is nothing of the kind in it"

Tamper = Callable[[Path, NotebookNode], "NotebookNode | str | bytes | None"]
"""Changes a hand-in's folder and notebook; what it returns is written as the notebook file."""


@dataclass(frozen=True)
class Attack:
    """One attack.

    Args:
        name: a short id; it is the attacking student's id, too.
        group: which of `GROUPS`.
        tries: one sentence: what it tries.
        must: what must happen instead.
        answers: source by the id of a task's cell; the others stay as released. ``@NAME@`` in it
            is replaced by a place of the run at hand, see `arena.Places`.
        tamper: what it does to the notebook or to the folder that is handed in, if anything.
        markdown: source of a markdown cell of its own, if it has one.
        earns: points that are honestly earned by the way.
        tells: whether its code says by `PRELUDE` what was refused and what was done.
        ungraded: whether the right end is no grade with a reason, because nothing can be read.
        rounds: how often it is handed in; the later rounds look for what the first one left.
        seconds: how long grading may take.
        stock: why it is not run against stock nbgrader; empty if it is.
        known: why it still succeeds against ours; empty if it does not.
        hangs: whether its success is that the grader waits for ever, so that it cannot be run.
    """

    name: str
    group: Group
    tries: str
    must: str = "It earns nothing, and nobody else notices."
    answers: Mapping[str, str] = field(default_factory=dict)
    tamper: Tamper | None = None
    markdown: str = ""
    earns: float = 0.0
    tells: bool = False
    ungraded: bool = False
    rounds: int = 1
    seconds: float = 60.0
    stock: str = ""
    known: str = ""
    hangs: bool = False

    def sources(self) -> dict[str, str]:
        """The answers with the prelude where they need it."""
        return {
            task: f"{PRELUDE}\n{code}" if _NEEDS_PRELUDE.search(code) else code
            for task, code in self.answers.items()
        }


def everywhere(code: str) -> dict[str, str]:
    """A cheat that defines ``double`` as the answer to every task."""
    return {"double": code} | {task: f"{task} = double" for task in TASKS[1:]}


def reporting(code: str) -> dict[str, str]:
    """Code that runs in the first cell and says what was refused."""
    return {"double": code}


def called(body: str) -> dict[str, str]:
    """Code that runs when a hidden test calls the first task's function."""
    lines = "\n".join(f"    {line}" for line in body.strip("\n").split("\n"))
    return {"double": f"def double(x):\n{lines}"}
