"""Messages between the grader and an examiner's process: JSON, and the kernel's own as text.

Nothing but plain data is taken from a process that has met a student's values. The grader
sends a `Job` first, then a request for each test. While a test runs, the process asks the kernel
through the grader; see `autograder.examiner.remote` and `autograder.examiner.child`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from autograder.errors import (
    AutograderError,
    BadAnswer,
    GraderError,
    KernelDied,
    OutOfMemory,
    SandboxLost,
    StudentFailure,
    StudentTimeout,
)
from autograder.examiner.given import Given, LabCell
from autograder.results.marks import Mark, Message
from autograder.sandbox.processor import ProcessorUse

READY = b"."
"""What the fork server sends when it has started, and for each request that it has obeyed."""
CLOCK = b"clock"
"""Asks what the kernel has used of the processors."""
_ASK, _ANSWER = b"ask\n", b"answer\n"
_BY_NAME: dict[str, type[AutograderError]] = {
    kind.__name__: kind for kind in (KernelDied, OutOfMemory, BadAnswer, GraderError, SandboxLost)
}


@dataclass(frozen=True)
class Job:
    """What an examiner's process needs beside the kernel.

    Args:
        given: the code of the lab.
        cases: what the random cases depend on; see `autograder.examiner.seeding.cases_for`.
        folder: its working folder, with the lab's files.
        seed: the seed of random numbers in the lab's own cells.
        memory_bytes: memory that it may take in addition to what it starts with, in bytes.
        test_seconds: processor time of one test in this process, in seconds.
    """

    given: Given
    cases: tuple[str, ...]
    folder: str
    seed: int
    memory_bytes: int
    test_seconds: int

    def as_json(self) -> dict[str, Any]:
        """Return the job as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Job:
        """Return the job that plain data describe."""
        cells = tuple(LabCell(**cell) for cell in data["given"]["cells"])
        return cls(**{**data, "given": Given(cells), "cases": tuple(data["cases"])})


@dataclass(frozen=True)
class Request:
    """One test to examine.

    Args:
        name: the test cell's name.
        source: the cell's code, or its hidden part.
        maximum: the cell's points.
        visible: numbers of the lines that students see, whose output is kept.
        known: what the lab's own solution did in the test.
        learns: whether this is the run of the lab's own solution.
        stops_at_first_loss: whether the first loss of points may end the test.
    """

    name: str
    source: str
    maximum: float
    visible: tuple[int, ...] = ()
    known: tuple[str, ...] = ()
    learns: bool = False
    stops_at_first_loss: bool = False


@dataclass(frozen=True)
class Examined:
    """The result of examining a test.

    Args:
        mark: the mark.
        bug: the error that the test itself raised; empty if none.
        where: the line at which the test ended early, for the lab's author.
        printed: what its visible lines printed.
        learned: what the solution did in it; see `autograder.examiner.solution_trace`.
        remark: what the lab's author should know if the solution does not pass.
        out_of_memory: whether memory ran out in the kernel.
    """

    mark: Mark
    bug: str = ""
    where: str = ""
    printed: str = ""
    learned: tuple[str, ...] = ()
    remark: str = ""
    out_of_memory: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain data."""
        mark = self.mark
        messages = [asdict(message) for message in mark.messages]
        points = {"points": float(mark), "maximum": mark.maximum, "outcome": mark.outcome}
        plain = {"messages": messages, "mistakes": list(mark.mistakes), **points}
        others = ("bug", "where", "printed", "learned", "remark", "out_of_memory")
        return {"mark": plain, **{name: getattr(self, name) for name in others}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Examined:
        """Return the result that plain data describe.

        Raises:
            ValueError: they describe no result of a test.
        """
        try:
            plain = dict(data["mark"])
            points = plain.pop("points")
            plain["messages"] = tuple(Message(**message) for message in plain["messages"])
            plain["mistakes"] = tuple(plain["mistakes"])
            learned = tuple(data["learned"])
            return cls(**{**data, "mark": Mark(points, **plain), "learned": learned})
        except (KeyError, TypeError) as error:
            raise ValueError(f"no result of a test: {error!r}") from None


def ask_as_bytes(text: str, what: str) -> bytes:
    """Return a request to the kernel as a message.

    Args:
        text: the request.
        what: what is asked for, for people.
    """
    return _ASK + _encoded(" ".join(what.split())) + b"\n" + _encoded(text)


def ask_from_bytes(data: bytes) -> tuple[str, str] | None:
    """Return a request's text and what it asks for; None for any other message."""
    if not data.startswith(_ASK):
        return None
    what, _, text = data[len(_ASK) :].partition(b"\n")
    return _decoded(text), _decoded(what)


def answer_as_bytes(text: str) -> bytes:
    """Return the kernel's answer as a message."""
    return _ANSWER + _encoded(text)


def answer_from_bytes(data: bytes) -> str | None:
    """Return the kernel's answer; None for any other message."""
    return _decoded(data[len(_ANSWER) :]) if data.startswith(_ANSWER) else None


def used_as_text(used: ProcessorUse | None) -> str:
    """Return a kernel's processor use as text."""
    return json.dumps(None if used is None else used.as_json())


def used_from_text(text: str) -> ProcessorUse | None:
    """Return what `used_as_text` wrote."""
    found = json.loads(text)
    return None if found is None else ProcessorUse.from_json(found)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def failure_as_json(failure: StudentFailure | GraderError) -> dict[str, Any]:
    """Return a failure of a request to the kernel as plain data."""
    if isinstance(failure, StudentTimeout):
        return {"kind": "StudentTimeout", "seconds": failure.seconds, "what": failure.what}
    kinds = (kind.__name__ for kind in type(failure).__mro__)
    return {"kind": next(name for name in kinds if name in _BY_NAME), "text": str(failure)}


def failure_from_json(data: Mapping[str, Any]) -> AutograderError:
    """Return the exception that plain data describe."""
    if data["kind"] == "StudentTimeout":
        return StudentTimeout(data["seconds"], data["what"])
    return _BY_NAME[data["kind"]](data["text"])
