"""The grader's side of the examiners' processes."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from autograder.errors import GraderError, SandboxLost, StudentFailure
from autograder.examiner.child import MAX_MESSAGE
from autograder.examiner.given import Given
from autograder.examiner.messages import (
    CLOCK,
    READY,
    Examined,
    Job,
    Request,
    answer_as_bytes,
    ask_from_bytes,
    failure_as_json,
    used_as_text,
)
from autograder.results.marks import Mark, Message
from autograder.sandbox.folders import OwnedFolder
from autograder.sandbox.limits import Limits
from autograder.sandbox.processor import Clock, no_clock

_START_SECONDS = 120.0
_TRIES = 2
"""Attempts at one test: a process that ended may have been ended from outside."""
_WALL_SECONDS = 4
"""Wall time for each second of processor time: a value may also make a test wait."""
_LOST = "the process that examiners are forked from has ended"
_ENDED_TWICE = (
    "The tests cannot use what your code gives: the process that examines it ended, twice. "
    "Is a value far too large?"
)
_ENVIRONMENT = {
    "MPLBACKEND": "agg",
    "NBGRADER_EXECUTION": "autograde",
    "OMP_NUM_THREADS": "1",  # as in the kernels, so that a library computes the same on both sides
    "OPENBLAS_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}

Ask = Callable[[str, str], str]


class ExaminerServer:
    """A trusted process that has imported what tests use and forks examiners.

    Args:
        preload: names of the modules to import.
        gpu: whether tests may use a GPU.

    Raises:
        GraderError: it does not start.
    """

    def __init__(self, preload: Iterable[str] = (), *, gpu: bool = False) -> None:
        self._socket, theirs = socket.socketpair()
        self._names = map(str, itertools.count())
        path = [folder for folder in sys.path if folder]
        settings = {"socket": theirs.fileno(), "path": path, "preload": list(preload)}
        devices = {} if gpu else {"CUDA_VISIBLE_DEVICES": "-1"}
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as the server runs
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "autograder.examiner.server", json.dumps(settings)],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                env={**os.environ, **_ENVIRONMENT, **devices, "PYTHONPATH": os.pathsep.join(path)},
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._socket.settimeout(_START_SECONDS)
        try:
            started = self._socket.recv(1) == READY
        except OSError:
            started = False
        if not started:
            said = self.last_words
            self.close()
            raise GraderError(f"the examiner did not start: {said}")

    @property
    def alive(self) -> bool:
        """Whether it can fork."""
        return self._process.poll() is None

    @property
    def last_words(self) -> str:
        """The end of what it and its examiners have printed."""
        size = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), 2000, max(size - 2000, 0)).decode(errors="replace")

    def fork(self) -> tuple[str, Connection]:
        """Fork an examiner; return its name and the connection to it.

        Raises:
            SandboxLost: the server has ended.
        """
        ours, theirs = socket.socketpair()
        name = next(self._names)
        with theirs:
            self._send({"op": "start", "name": name}, [theirs.fileno()])
        return name, Connection(ours.detach())

    def kill(self, name: str) -> None:
        """End an examiner, whatever it does."""
        self._send({"op": "kill", "name": name}, [])

    def close(self) -> None:
        """End the server and all its examiners."""
        self._socket.close()
        if self.alive:
            self._process.kill()
        self._process.wait()
        self._log.close()

    def _send(self, message: Mapping[str, str], descriptors: list[int]) -> None:
        try:
            socket.send_fds(self._socket, [json.dumps(message).encode()], descriptors)
            obeyed = self._socket.recv(1) == READY
        except OSError as error:
            raise SandboxLost(f"{_LOST}: {error}") from None
        if not obeyed:
            raise SandboxLost(_LOST)


class RemoteExaminer:
    """The examiner of one submission; use it as a context manager.

    Args:
        server: what to fork it from.
        given: the code of the lab.
        files: the lab's files, by relative path.
        cases: what the random cases depend on; see `autograder.examiner.seeding.cases_for`.
        seed: the seed of random numbers in the lab's own cells.
        limits: the limits of the submission.
    """

    def __init__(
        self,
        server: ExaminerServer,
        given: Given,
        *,
        files: Mapping[str, bytes],
        cases: tuple[str, ...],
        seed: int,
        limits: Limits,
    ) -> None:
        self._server = server
        self._files = files
        self._limits = limits
        self._job = Job(given, cases, "", seed, limits.test_bytes, limits.test_seconds)
        self._seconds_left = limits.examining_seconds
        self._name = ""
        self._connection: Connection | None = None
        self._folder: OwnedFolder | None = None

    def __enter__(self) -> RemoteExaminer:
        return self

    def __exit__(self, *error: object) -> None:
        self.reset()

    def reset(self) -> None:
        """End the process, and with it all that it knows of a kernel."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
            with contextlib.suppress(SandboxLost):
                self._server.kill(self._name)
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.remove()

    def examine(self, request: Request, ask: Ask, clock: Clock = no_clock) -> Examined:
        """Examine a test and return the result.

        Args:
            request: the test.
            ask: sends a request to the student's kernel.
            clock: returns the processor time that the kernel has used.

        Raises:
            GraderError: the host failed.
            SandboxLost: the server has ended.
        """
        for _ in range(_TRIES):
            deadline = min(_WALL_SECONDS * self._limits.test_seconds, self._seconds_left)
            started = self._seconds_left
            try:
                return self._examine(request, ask, clock, deadline)
            except TimeoutError:
                return self._given_up(request, "timeout", self._too_long())
            except (EOFError, ConnectionError) as error:
                self.reset()
                if not self._server.alive:
                    raise SandboxLost(_LOST) from error
                if started - self._seconds_left >= self._limits.test_seconds:
                    return self._given_up(request, "timeout", self._too_long())
        return self._given_up(request, "failed", _ENDED_TWICE)

    def _too_long(self) -> str:
        return (
            "The test was stopped after "
            f"{self._limits.test_seconds:g} seconds of work on what your code gave back. "
            "Is a value far too large, or does it never end?"
        )

    def _given_up(self, request: Request, outcome: Any, text: str) -> Examined:
        self.reset()
        message = Message("problem", text)
        return Examined(Mark(0, maximum=request.maximum, outcome=outcome, messages=(message,)))

    def _examine(self, request: Request, ask: Ask, clock: Clock, seconds: float) -> Examined:
        connection = self._connection or self._start()
        _send(connection, asdict(request))
        while True:
            began = time.monotonic()
            there = connection.poll(max(seconds, 0.0))
            took = time.monotonic() - began
            seconds, self._seconds_left = seconds - took, self._seconds_left - took
            if not there:
                raise TimeoutError
            data = connection.recv_bytes(MAX_MESSAGE)
            if data == CLOCK:
                answer = self._answer(lambda: used_as_text(clock()))
            elif asked := ask_from_bytes(data):
                answer = self._answer(partial(ask, *asked))
            else:
                return self._result(_parsed(data))
            connection.send_bytes(answer)

    def _answer(self, ask: Callable[[], str]) -> bytes:
        try:
            return answer_as_bytes(ask())
        except SandboxLost:
            self.reset()
            raise
        except (StudentFailure, GraderError) as failure:
            return json.dumps(failure_as_json(failure)).encode()

    def _result(self, message: Mapping[str, Any]) -> Examined:
        if "error" in message:
            raise GraderError(str(message["error"]))
        try:
            return Examined.from_json(message)
        except ValueError as error:
            raise GraderError(f"the examiner gave {error}") from None

    def _start(self) -> Connection:
        self._folder = OwnedFolder("lab-")
        working = self._folder.path / "lab"
        for name, data in self._files.items():
            path = working / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        working.mkdir(exist_ok=True)
        self._name, self._connection = self._server.fork()
        _send(self._connection, {**self._job.as_json(), "folder": str(working)})
        return self._connection


def _send(connection: Connection, message: Mapping[str, Any]) -> None:
    connection.send_bytes(json.dumps(message).encode())


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError as error:
        raise GraderError(f"the examiner sent no message: {error}") from None
    if not isinstance(found, dict):
        raise GraderError("the examiner sent no message")
    return found


_Key = tuple[tuple[str, ...], bool]
_shared: dict[_Key, tuple[ExaminerServer, str]] = {}
_shared_by: list[int] = []


def shared_server(
    preload: Iterable[str] = (), *, gpu: bool = False, code: str = ""
) -> ExaminerServer:
    """Return this process' server with some modules loaded; start it on the first call.

    Args:
        preload: see `ExaminerServer`.
        gpu: see `ExaminerServer`.
        code: hash of these modules' code; after an edit a new server is started.

    Raises:
        GraderError: the server does not start.
    """
    if _shared_by != [os.getpid()]:  # a fork of the grader must not use its parent's
        _shared.clear()
        _shared_by[:] = [os.getpid()]
        atexit.register(close_servers)
    key = (tuple(preload), gpu)
    found, loaded = _shared.get(key, (None, ""))
    if found is not None and loaded != code:
        found.close()
        found = None
    if found is None or not found.alive:
        if found is not None:
            found.close()
        found = ExaminerServer(preload, gpu=gpu)
        _shared[key] = found, code
    return found


def close_servers() -> None:
    """End this process' servers."""
    for server, _ in _shared.values() if _shared_by == [os.getpid()] else ():
        server.close()
    _shared.clear()
