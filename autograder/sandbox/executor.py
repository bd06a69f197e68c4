"""Runs code in a kernel and waits for the reply: in bounded time, whatever the kernel does."""

from __future__ import annotations

import time
from typing import Any

from autograder.errors import KernelDied, OutOfMemory, SandboxLost, StudentFailure, StudentTimeout
from autograder.sandbox.connection import Connection, Flooded, Message
from autograder.sandbox.fork_server import LOST
from autograder.sandbox.kernel import Kernel
from autograder.sandbox.limits import Limits
from autograder.sandbox.outputs import OutputCollector
from autograder.sandbox.zmtp import ChannelLost

_GRACE_SECONDS = 3.0
"""How long an interrupted kernel may take to become idle before it is ended."""
_ENDING_SECONDS = 5.0
"""How long to wait for the end of a kernel whose channels are closed."""
_LOOK_AGAIN = 0.5
"""Seconds between two checks whether a silent kernel still runs."""


class Executor:
    """Sends one request after the other to a kernel.

    Args:
        kernel: the kernel.
        connection: the connection to it.
        limits: the limits of the submission.
    """

    def __init__(self, kernel: Kernel, connection: Connection, limits: Limits) -> None:
        self._kernel = kernel
        self._connection = connection
        self._limits = limits
        self._killed = False

    def execute(
        self,
        source: str,
        deadline: float,
        *,
        expression: str = "",
        what: str = "the cell",
        collector: OutputCollector | None = None,
    ) -> Message:
        """Run code in the kernel and return the reply, whose content is not checked.

        Args:
            source: code to run.
            deadline: when it is stopped, by `time.monotonic`.
            expression: an expression to evaluate afterwards; outputs are then silenced.
            what: a name for the request in the text of a time-out.
            collector: takes the outputs.

        Raises:
            StudentTimeout: there was no reply in time; the kernel was interrupted or ended.
            KernelDied: the kernel ended, or had to be ended.
            OutOfMemory: the kernel was ended at its memory limit.
            SandboxLost: the fork server ended.
        """
        if not self._kernel.alive:
            raise self._death()
        content = {
            "code": source,
            "silent": bool(expression),
            "store_history": False,
            "user_expressions": {"reply": expression} if expression else {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        started = time.monotonic()
        try:
            reply = self._exchange(content, deadline, collector)
        except ChannelLost as error:
            raise self._lost(str(error)) from None
        except Flooded:
            self._kill()
            most = self._limits.sent_bytes / 2**30
            raise KernelDied(f"your code wrote more than {most:.3g} GiB of output") from None
        if reply is None:
            raise StudentTimeout(round(deadline - started, 1), what)
        return reply

    def _exchange(
        self,
        content: dict[str, Any],
        deadline: float,
        collector: OutputCollector | None,
    ) -> Message | None:
        """Return the reply, or None after the deadline, with the kernel interrupted or ended."""
        try:
            request = self._connection.request("execute_request", content, deadline)
        except TimeoutError:
            self._kill()
            return None
        reply = self._wait_for_reply(request, deadline, collector)
        if reply is None:
            self._stop(request, collector)
        elif collector is not None:
            self._drain(request, collector)
        return reply

    def _wait_for_reply(
        self,
        request: str,
        deadline: float,
        collector: OutputCollector | None,
    ) -> Message | None:
        """Return the reply, or None when the deadline passes first."""
        while (left := deadline - time.monotonic()) > 0:
            message = self._connection.next(min(left, _LOOK_AGAIN))
            if message is None and not self._kernel.alive:
                raise self._death()
            if message is None or message.parent != request:
                continue
            if message.channel == "shell":
                return message
            if collector is not None:
                collector.take(message)
        return None

    def _drain(self, request: str, collector: OutputCollector) -> None:
        """Read the outputs still under way, until the kernel says that it is idle."""
        deadline = time.monotonic() + _GRACE_SECONDS
        while not collector.idle and (left := deadline - time.monotonic()) > 0:
            message = self._connection.next(left)
            if message is not None and message.parent == request and message.channel == "iopub":
                collector.take(message)
        if not collector.idle:
            collector.cut("the rest did not come in time")

    def _stop(self, request: str, collector: OutputCollector | None) -> None:
        """Interrupt what runs; end the kernel if it goes on."""
        try:
            self._connection.interrupt()
            deadline = time.monotonic() + _GRACE_SECONDS
            if self._wait_for_reply(request, deadline, collector) is None:
                self._kill()
        except (Flooded, TimeoutError):
            self._kill()
        except ChannelLost as error:
            self._lost(str(error))
        except KernelDied:
            return

    def _kill(self) -> None:
        self._killed = True
        self._kernel.kill()

    @property
    def ended_by_a_limit(self) -> bool:
        """Whether the kernel was ended for exceeding a limit, not by itself or from outside."""
        return self._killed or self._kernel.why_ended in ("memory", "processes", "handles")

    def _lost(self, why: str) -> StudentFailure:
        """Return why a channel was lost: the kernel ended, or broke the channel while it runs."""
        deadline = time.monotonic() + _ENDING_SECONDS
        while self._kernel.alive and time.monotonic() < deadline:
            time.sleep(0.01)
        if not self._kernel.alive:
            return self._death()
        self._kill()
        return KernelDied(f"your code broke the kernel's connection to the grader: {why}")

    def _death(self) -> StudentFailure:
        why = self._kernel.why_ended
        if why == LOST:
            raise SandboxLost("the process that kernels are forked from has ended")
        if why == "memory":
            limit = self._limits.memory_bytes / 2**30
            return OutOfMemory(f"your code held more than {limit:.3g} GiB of memory")
        if why == "processes":
            return KernelDied(f"your code ran more than {self._limits.processes} processes at once")
        if why == "handles":
            return KernelDied("your code held too many file locks or epoll sets")
        return KernelDied("the kernel ended while it ran the student's code")
