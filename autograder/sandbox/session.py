"""One kernel for one submission: runs its cells and the examiner's requests, then ends it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from nbformat import NotebookNode

from autograder.errors import (
    BadAnswer,
    GraderError,
    KernelDied,
    OutOfMemory,
    StudentFailure,
    StudentTimeout,
)
from autograder.sandbox.connection import Connection, Message
from autograder.sandbox.executor import Executor
from autograder.sandbox.fork_server import shared_fork_server
from autograder.sandbox.kernel import Kernel
from autograder.sandbox.limits import Limits
from autograder.sandbox.outputs import OutputBudget, OutputCollector
from autograder.sandbox.processor import ProcessorUse
from autograder.sandbox.zmtp import ChannelLost

_MAX_REPLY = 2**22
"""Bytes of a cell's reply that are read."""
_PREPARE = (
    "__import__('sys').modules['_grading_agent'].prepare(), "
    "__import__('_grading_channels').keep_all_outputs()"
)
_AGENT = "__import__('sys').modules['_grading_agent'].handle({text!r})"
_ANSWER = re.compile(rb'"application/x-examiner":\s*"')


@dataclass(frozen=True)
class CellRun:
    """The result of running a cell.

    Args:
        outputs: nbformat outputs, cut to the limits.
        error: the exception's name if the cell raised, such as ``ValueError``; else empty.
        seconds: wall time.
        timed_out: whether the cell was stopped at its time limit.
        died: whether the kernel ended while the cell ran.
        why_died: why the kernel ended, as a sentence for people.
    """

    outputs: list[NotebookNode] = field(default_factory=list)
    error: str = ""
    seconds: float = 0.0
    timed_out: bool = False
    died: bool = False
    why_died: str = ""


class KernelSession:
    """A kernel from `start` to `close`; use it as a context manager.

    Args:
        limits: the limits of the submission.
        isolation: ``bubblewrap`` or ``process``.
        preload: modules that the fork server imports before it forks this kernel.
        hide: folders that the kernel must not see.
        files: contents of the kernel's working folder at the start, by relative path.
        withheld: modules that the kernel cannot use, with bubblewrap.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        isolation: str = "bubblewrap",
        preload: Sequence[str] = (),
        hide: Sequence[Path] = (),
        files: Mapping[str, bytes] | None = None,
        withheld: Sequence[str] = (),
    ) -> None:
        self.limits = limits
        self.isolation = isolation
        self._preload = tuple(preload)
        self._hide = tuple(hide)
        self._withheld = tuple(withheld)
        self._files = dict(files or {})
        self._killed = False
        self.seconds_left = limits.submission_seconds
        self.output_budget = OutputBudget(limits.all_output_bytes)
        self._kernel: Kernel | None = None
        self._connection: Connection | None = None
        self._executor: Executor | None = None

    def __enter__(self) -> KernelSession:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the kernel runs."""
        return self._kernel is not None and self._kernel.alive

    @property
    def folder(self) -> Path | None:
        """The folder of the kernel's sockets, while there is a kernel."""
        return None if self._kernel is None else self._kernel.folder

    def start(self) -> None:
        """Start a kernel and wait until it is ready.

        Raises:
            GraderError: it was not ready within ``limits.start_seconds``.
            SandboxUnavailable: this host lacks what the sandbox needs.
        """
        warm = None
        if self.isolation == "bubblewrap":
            warm = shared_fork_server(
                self._preload, self._hide, gpu=self.limits.gpu, withheld=self._withheld
            )
        deadline = time.monotonic() + self.limits.start_seconds
        self._kernel = Kernel(self.limits, self.isolation, warm=warm, files=self._files)
        try:
            self._kernel.start()
            self._connection = self._kernel.connection()
            self._connection.open(deadline, lambda: self.alive)
            self._connection.wait_until_ready(deadline, lambda: self.alive)
            self._kernel.close_the_exchange(deadline)
            self._executor = Executor(self._kernel, self._connection, self.limits)
            self._execute("", deadline, expression=_PREPARE)
        except (StudentFailure, TimeoutError, ChannelLost) as error:
            said = self._kernel.last_words
            self.close()
            raise GraderError(f"the kernel did not start: {error} {said}".rstrip()) from None
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the kernel with all its processes and remove its folder."""
        kernel, connection = self._kernel, self._connection
        self._kernel = self._connection = self._executor = None
        if connection is not None:
            connection.close()
        if kernel is not None:
            kernel.remove()

    def run_cell(self, source: str) -> CellRun:
        """Run the source of a cell; errors, time-outs and a kernel's end are part of the result.

        Args:
            source: the code, including magics.

        Raises:
            SandboxLost: the fork server ended, which no source can cause.
        """
        if not source.strip():
            return CellRun()
        run = self._run_cell(source, self.output_budget.collector(self.limits.output_bytes))
        self.output_budget.spend(run.outputs)
        return run

    def _run_cell(self, source: str, collector: OutputCollector) -> CellRun:
        started = time.monotonic()
        try:
            with self._on_the_clock(self.limits.cell_seconds, "the cell") as deadline:
                reply = self._execute(source, deadline, collector=collector)
        except StudentTimeout:
            return CellRun(collector.outputs, "", time.monotonic() - started, timed_out=True)
        except (KernelDied, OutOfMemory) as death:
            seconds = time.monotonic() - started
            return CellRun(collector.outputs, "", seconds, died=True, why_died=str(death))
        return CellRun(collector.outputs, _error_name(reply), time.monotonic() - started)

    def ask(self, text: str, what: str = "the call") -> str:
        """Send a request to the agent in the kernel and return its answer.

        Args:
            text: a message for the agent; see `_grading_wire`.
            what: a name for the request in the text of a time-out.

        Raises:
            StudentTimeout: no answer within ``limits.call_seconds``.
            KernelDied: the kernel ended.
            OutOfMemory: the kernel was ended at its memory limit.
            BadAnswer: the kernel answered, but not with the agent's reply.
            SandboxLost: the fork server ended.
        """
        with self._on_the_clock(self.limits.call_seconds, what) as deadline:
            reply = self._execute("", deadline, expression=_AGENT.format(text=text), what=what)
        return _answer(reply)

    def used(self) -> ProcessorUse | None:
        """Return the kernel's processor use; None if it is unknown."""
        return None if self._kernel is None else self._kernel.used()

    @contextmanager
    def _on_the_clock(self, seconds: float, what: str) -> Iterator[float]:
        """Yield the deadline of a request and subtract its time from the submission's."""
        if self.seconds_left <= 0:
            raise StudentTimeout(self.limits.submission_seconds, "the submission")
        started = time.monotonic()
        try:
            yield started + min(seconds, self.seconds_left)
        finally:
            self.seconds_left -= time.monotonic() - started

    def _execute(self, source: str, deadline: float, **options: Any) -> Message:
        if self._executor is None:
            raise KernelDied("there is no kernel")
        return self._executor.execute(source, deadline, **options)

    @property
    def why_ended(self) -> str:
        """Why the sandbox ended the kernel, such as ``memory``; empty if it did not."""
        return "" if self._kernel is None else self._kernel.why_ended

    @property
    def ended_by_a_limit(self) -> bool:
        """Whether the kernel was ended for exceeding a limit, not by itself or from outside."""
        return self._executor is not None and self._executor.ended_by_a_limit


def _error_name(reply: Message) -> str:
    """Return the exception's name in a cell's reply; empty if the cell raised none."""
    if len(reply.content) > _MAX_REPLY or not reply.whole:
        return "Error"  # nothing but an exception's text makes a reply so large
    content = reply.parsed() or {}
    return str(content.get("ename", "Error"))[:200] if content.get("status") == "error" else ""


def _answer(reply: Message) -> str:
    """Return the agent's text in a reply.

    The text is found by its key, since quotation marks within JSON strings are always escaped:
    parsing everything that a hostile kernel may have put around it would take ten times its size.

    Raises:
        BadAnswer: the reply has no text of the agent's.
    """
    found = _ANSWER.search(reply.content)
    if not reply.whole:
        raise BadAnswer("the kernel's answer is too large")
    if found is None:
        raise BadAnswer("the kernel did not answer the examiner as a kernel does")
    try:
        text, _ = json.JSONDecoder().raw_decode(reply.content[found.end() - 1 :].decode())
    except ValueError:
        raise BadAnswer("the kernel's answer is not text") from None
    return str(text)
