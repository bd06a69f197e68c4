"""The process that examines one submission: it is forked for the submission and ends with it.

Its working folder, module path, seeds and limits are separate from those of other submissions.
Whatever a student's values make a test do ends with the process.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from autograder.errors import GraderError, HiddenTestBug, SandboxLost
from autograder.examiner.examine import Examination
from autograder.examiner.first_loss import stop_at_first_loss
from autograder.examiner.link import Link
from autograder.examiner.messages import (
    CLOCK,
    Examined,
    Job,
    Request,
    answer_from_bytes,
    ask_as_bytes,
    failure_from_json,
    used_from_text,
)
from autograder.examiner.seeding import cases_for
from autograder.examiner.solution_trace import SolutionTrace
from autograder.results.marks import Mark, Message

MAX_MESSAGE = 2**27
"""Bytes of one message to or from this process."""
UNUSABLE = Message(
    "problem", "The tests cannot use what your code gives: it is not the kind of value asked for."
)


def serve(number: int) -> None:
    """Examine one test after the other until the grader closes the connection.

    Args:
        number: the file descriptor of this process' end of the connection.
    """
    connection = Connection(number)
    job = Job.from_json(_received(connection))
    _prepare(job)
    link = Link(
        lambda text, what: _answered(connection, ask_as_bytes(text, what)),
        modules=job.given.modules,
        clock=lambda: used_from_text(_answered(connection, CLOCK)),
    )
    examination = Examination(link, job.given, seed=job.seed)
    with cases_for(*job.cases):
        while True:
            try:
                asked = _received(connection)
            except EOFError:
                return
            _limit_time(job.test_seconds)
            request = Request(**{**asked, "known": tuple(asked["known"])})
            _send(connection, _examined(request, examination, link, job))


def _examined(request: Request, examination: Examination, link: Link, job: Job) -> dict[str, Any]:
    classes = job.given.names if request.learns else None
    trace = SolutionTrace(request.known, classes=classes)
    link.begin(trace)
    bug = ""
    stop = stop_at_first_loss() if request.stops_at_first_loss else contextlib.nullcontext()
    try:
        with stop:
            mark = examination.examine(
                request.source,
                maximum=request.maximum,
                name=request.name,
                visible=request.visible,
            )
    except HiddenTestBug as error:
        bug = str(error)
        mark = Mark(0, maximum=request.maximum, outcome="failed", messages=(UNUSABLE,))
    except SandboxLost as error:
        return {"lost": str(error)}
    except GraderError as error:
        return {"error": str(error)}
    return Examined(
        mark,
        bug,
        where=examination.where,
        printed=examination.printed,
        learned=tuple(trace.learned),
        remark=trace.remark,
        out_of_memory=link.memory_ran_out,
    ).as_json()


def _answered(connection: Connection, question: bytes) -> str:
    connection.send_bytes(question)
    data = connection.recv_bytes(MAX_MESSAGE)
    answer = answer_from_bytes(data)
    if answer is None:
        raise failure_from_json(json.loads(data))
    return answer


def _received(connection: Connection) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(connection.recv_bytes(MAX_MESSAGE))
    return found


def _send(connection: Connection, message: dict[str, Any]) -> None:
    connection.send_bytes(json.dumps(message).encode())


def _prepare(job: Job) -> None:
    """Enter the job's folder, take its seeds, and give up the right to more memory."""
    os.chdir(job.folder)
    sys.path.append(job.folder)
    digest = hashlib.sha256("\0".join(job.cases).encode()).digest()
    random.seed(digest)
    np.random.seed(int.from_bytes(digest[:4], "big"))
    if sys.platform != "linux":
        return  # nothing else has `RLIMIT_DATA` as Linux means it
    import resource  # not on Windows, where this module is imported and nothing graded

    now = _data_pages() * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_DATA, (now + job.memory_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _data_pages() -> int:
    """Return how many pages this process has of what ``RLIMIT_DATA`` counts."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[5])


def _limit_time(seconds: int) -> None:
    """Limit the processor time of the next test, in seconds; beyond it Linux ends this process."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + seconds
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (until, hard))
