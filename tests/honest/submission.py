"""What an honest submission is: answers, further cells, how its file was saved, and what is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode

Save = Callable[[NotebookNode], "NotebookNode | str | bytes"]


@dataclass(frozen=True)
class Cell:
    """A cell that the student has added.

    Args:
        before: id of the lab's cell that it stands before; ``end`` for the end.
        source: its text.
        kind: ``code``, ``markdown`` or ``raw``.
    """

    before: str
    source: str
    kind: str = "code"


@dataclass(frozen=True)
class Task:
    """A lab of one task, as an instructor might set it, worth 10 points.

    Args:
        solution: the instructor's solution.
        test: the visible part of the test cell.
        hidden: its hidden part.
    """

    solution: str
    hidden: str
    test: str = ""


@dataclass(frozen=True)
class Honest:
    """One honest submission.

    Args:
        name: the test's id.
        says: what the student did, a sentence.
        answers: sources by cell id, in place of the right and plain ones.
        extra: cells that were added.
        save: makes of the notebook what was handed in.
        due: points by test cell where it is not all of them.
        limits: limits of the sandbox other than usual.
        task: the lab, where it is not the usual one; the answer's cell is called ``task``.
        slow: whether it takes more than some seconds.
    """

    name: str
    says: str
    answers: Mapping[str, str] = field(default_factory=dict)
    extra: tuple[Cell, ...] = ()
    save: Save = lambda notebook: notebook
    due: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    task: Task | None = None
    slow: bool = False
