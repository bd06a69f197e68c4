"""One kernel for one submission: runs its cells and the examiner's requests, then ends it."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager
from nbformat import NotebookNode

from autograder.errors import (
    BadAnswer,
    GraderError,
    KernelDied,
    OutOfMemory,
    SandboxLost,
    StudentFailure,
    StudentTimeout,
)
from autograder.sandbox.limits import Limits
from autograder.sandbox.outputs import OutputCollector
from autograder.sandbox.provisioner import kernel_command
from autograder.sandbox.warm import LOST, WarmProcess, shared_warm_process

_GRACE_SECONDS = 3.0
"""How long an interrupted kernel may take to become idle before it is ended."""
_MAX_GARBAGE = 100
"""Unreadable messages after which a kernel is ended."""
_PREPARE = "__import__('sys').modules['_grading_agent'].prepare()"
_AGENT = "__import__('sys').modules['_grading_agent'].handle({text!r})"


@dataclass(frozen=True)
class CellRun:
    """What running a cell gave.

    Args:
        outputs: nbformat outputs, cut to the limits.
        error: the exception's name if the cell raised, such as ``ValueError``; else empty.
        seconds: wall time.
        timed_out: whether it was stopped by its time limit.
        died: whether the kernel ended while it ran.
        told: why it died, for people.
    """

    outputs: list[NotebookNode] = field(default_factory=list)
    error: str = ""
    seconds: float = 0.0
    timed_out: bool = False
    died: bool = False
    told: str = ""


class _OneKernelSpec(KernelSpecManager):
    """Knows the sandboxed kernel alone, whatever a notebook's metadata ask for."""

    spec: KernelSpec

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return self.spec


def _kernel_spec(limits: Limits, isolation: str, warm: WarmProcess | None) -> KernelSpec:
    config = {"isolation": isolation, "limits": limits, "warm": warm}
    provisioner = {"provisioner_name": "autograder-sandbox", "config": config}
    settings = ["--HistoryManager.enabled=False", "--IPKernelApp.log_level=50"]
    return KernelSpec(
        argv=[
            *kernel_command(),
            json.dumps(limits.resource_limits()),
            "-f",
            "{connection_file}",
            *settings,
        ],
        display_name="Python 3 (sandboxed)",
        language="python",
        interrupt_mode="message",
        metadata={"kernel_provisioner": provisioner},
    )


class KernelSession:
    """A kernel from `start` to `close`; use it as a context manager.

    Args:
        limits: what the submission may use.
        isolation: ``bubblewrap`` or ``process``.
        preload: modules that the warm process has imported before it forks this kernel.
        hide: folders that the kernel may not see, wherever they lie.
        files: what lies in the kernel's working folder at the start, by relative path.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        isolation: str = "bubblewrap",
        preload: Sequence[str] = (),
        hide: Sequence[Path] = (),
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        self.limits = limits
        self.isolation = isolation
        self._preload = tuple(preload)
        self._hide = tuple(hide)
        self._files = dict(files or {})
        self._killed = False
        self.seconds_left = limits.submission_seconds
        self._folder: Path | None = None
        self._manager: KernelManager | None = None
        self._client: BlockingKernelClient | None = None
        self._context: zmq.Context[Any] | None = None

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
        """Whether the kernel can be asked to do something."""
        return self._manager is not None and bool(self._manager.is_alive())

    def start(self) -> None:
        """Starts a kernel and waits until it is ready.

        Raises:
            GraderError: it was not ready within ``limits.start_seconds``.
        """
        walled = self.isolation == "bubblewrap"
        warm = shared_warm_process(self._preload, self._hide) if walled else None
        parent = None if warm is None else warm.folder
        self._folder = Path(tempfile.mkdtemp(prefix="autograder-", dir=parent))
        for name, data in self._files.items():
            path = self._folder / "files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        self._context = zmq.Context()
        self._context.setsockopt(zmq.MAXMSGSIZE, self.limits.message_bytes)
        self._context.setsockopt(zmq.LINGER, 0)
        specs = _OneKernelSpec()
        specs.spec = _kernel_spec(self.limits, self.isolation, warm)
        self._manager = KernelManager(
            kernel_spec_manager=specs,
            kernel_name="sandboxed",
            transport="ipc",
            connection_file=str(self._folder / "kernel.json"),
            context=self._context,
        )
        try:
            self._manager.start_kernel()
            self._client = self._manager.blocking_client()
            self._client.start_channels(stdin=False, hb=False)
            self._client.allow_stdin = False
            self._wait_until_ready(self._client)
            self._close_the_exchange()
            self._execute("", time.monotonic() + self.limits.start_seconds, expression=_PREPARE)
        except BaseException:
            self.close()
            raise

    def _wait_until_ready(self, client: BlockingKernelClient) -> None:
        """Returns once the kernel answers and its outputs arrive.

        jupyter_client's own way waits a fifth of a second for silence; here the kernel is asked
        until the answer has come by both channels.

        Raises:
            GraderError: it ended, or did not answer in time.
        """
        deadline = time.monotonic() + self.limits.start_seconds
        asked = {client.kernel_info()}
        heard: set[Any] = set()
        while heard != {client.shell_channel, client.iopub_channel}:
            if time.monotonic() > deadline or not self.alive:
                raise GraderError(f"the kernel did not start: {self._last_words()}")
            if client.shell_channel in heard:
                asked.add(client.kernel_info())
            for channel in (client.shell_channel, client.iopub_channel):
                if channel.socket.poll(10):
                    message = _read(channel)
                    if message and message["parent_header"].get("msg_id") in asked:
                        heard.add(channel)

    def _close_the_exchange(self) -> None:
        """Nothing more can be written to the folder of sockets: asked for before any student code.

        Raises:
            GraderError: the kernel's first process did not do it.
        """
        if self.isolation != "bubblewrap" or self._folder is None:
            return
        (self._folder / "seal").touch()
        deadline = time.monotonic() + self.limits.start_seconds
        while "sealed" not in self._last_words():
            if time.monotonic() > deadline or not self.alive:
                raise GraderError("the folder of the kernel's sockets could not be closed")
            time.sleep(0.002)

    def _last_words(self) -> str:
        log = self._folder / "kernel.log" if self._folder else Path()
        return log.read_text(errors="replace")[-2000:] if log.is_file() else ""

    def close(self) -> None:
        """Ends the kernel with all its processes and removes its folder."""
        client, manager, context = self._client, self._manager, self._context
        self._client = self._manager = self._context = None
        try:
            if client is not None:
                client.stop_channels()
            if manager is not None and manager.has_kernel:
                manager.shutdown_kernel(now=True)
        finally:
            if context is not None:
                context.destroy(linger=0)
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)

    def run_cell(self, source: str) -> CellRun:
        """Runs the source of a cell. Nothing that the source does raises here.

        Args:
            source: the code, magics included.

        Raises:
            SandboxLost: the kernel's warm process ended, which no source can bring about.
        """
        collector = OutputCollector(self.limits.output_bytes)
        if not source.strip():
            return CellRun()
        started = time.monotonic()
        try:
            with self._on_the_clock(self.limits.cell_seconds, "the cell") as deadline:
                reply = self._execute(source, deadline, collector=collector)
        except StudentTimeout:
            return CellRun(collector.outputs, "", time.monotonic() - started, timed_out=True)
        except (KernelDied, OutOfMemory) as death:
            seconds = time.monotonic() - started
            return CellRun(collector.outputs, "", seconds, died=True, told=str(death))
        failed = reply.get("status") == "error"
        error = str(reply.get("ename", "Error"))[:200] if failed else ""
        return CellRun(collector.outputs, error, time.monotonic() - started)

    def ask(self, text: str, what: str = "the call") -> str:
        """The agent's answer to one request.

        Args:
            text: a message for the agent.
            what: what is called, for the text of a time-out.

        Raises:
            StudentTimeout: no answer within ``limits.call_seconds``.
            KernelDied: the kernel ended.
            BadAnswer: the kernel answered, but not with the agent's reply.
        """
        with self._on_the_clock(self.limits.call_seconds, what) as deadline:
            reply = self._execute("", deadline, expression=_AGENT.format(text=text), what=what)
        return _bundle_text(reply)

    @contextmanager
    def _on_the_clock(self, seconds: float, what: str) -> Iterator[float]:
        """The deadline of one request, within what the submission as a whole has left."""
        if self.seconds_left <= 0:
            raise StudentTimeout(self.limits.submission_seconds, "the submission")
        started = time.monotonic()
        try:
            yield started + min(seconds, self.seconds_left)
        finally:
            self.seconds_left -= time.monotonic() - started

    def _execute(
        self,
        source: str,
        deadline: float,
        *,
        expression: str = "",
        what: str = "the cell",
        collector: OutputCollector | None = None,
    ) -> dict[str, Any]:
        client = self._client
        if client is None or not self.alive:
            raise self._death()
        request = client.execute(
            source,
            silent=bool(expression),
            store_history=False,
            user_expressions={"reply": expression} if expression else {},
            allow_stdin=False,
            stop_on_error=False,
        )
        started = time.monotonic()
        reply = self._wait_for_reply(client, request, deadline, collector)
        if reply is None:
            self._stop(client, request, collector)
            raise StudentTimeout(round(deadline - started, 1), what)
        if collector is not None:
            self._drain(client, request, collector)
        return reply

    def _wait_for_reply(
        self,
        client: BlockingKernelClient,
        request: str,
        deadline: float,
        collector: OutputCollector | None,
    ) -> dict[str, Any] | None:
        """The content of the reply, or None when the deadline passes first."""
        poller = zmq.Poller()
        channels: tuple[Any, Any] = (client.iopub_channel, client.shell_channel)
        for channel in channels:
            poller.register(channel.socket, zmq.POLLIN)
        garbage = 0
        while (left := deadline - time.monotonic()) > 0:
            ready = dict(poller.poll(int(min(left, 0.5) * 1000) + 1))
            if not ready and not self.alive:
                raise self._death()
            for channel in channels:
                if channel.socket not in ready:
                    continue
                message = _read(channel)
                if message is None:
                    garbage += 1
                    if garbage > _MAX_GARBAGE:
                        self._kill()
                        raise KernelDied("the kernel sent messages that cannot be read")
                elif message["parent_header"].get("msg_id") != request:
                    continue
                elif channel is client.shell_channel:
                    return dict(message["content"])
                elif collector is not None:
                    collector.add(message)
        return None

    def _drain(
        self, client: BlockingKernelClient, request: str, collector: OutputCollector
    ) -> None:
        """Reads the outputs still under way, until the kernel says that it is idle."""
        deadline = time.monotonic() + _GRACE_SECONDS
        while not collector.idle and (left := deadline - time.monotonic()) > 0:
            if not client.iopub_channel.socket.poll(left * 1000):
                return
            message = _read(client.iopub_channel)
            if message is not None and message["parent_header"].get("msg_id") == request:
                collector.add(message)

    def _stop(
        self, client: BlockingKernelClient, request: str, collector: OutputCollector | None
    ) -> None:
        """Interrupts what runs; ends the kernel if it does not obey."""
        if self._manager is not None:
            self._manager.interrupt_kernel()
        try:
            deadline = time.monotonic() + _GRACE_SECONDS
            if self._wait_for_reply(client, request, deadline, collector) is None:
                self._kill()
        except KernelDied:
            return

    def _kill(self) -> None:
        self._killed = True
        if self._manager is not None and self._manager.has_kernel:
            self._manager.shutdown_kernel(now=True)

    @property
    def ended_by_a_limit(self) -> bool:
        """Whether the kernel was ended for what it took, not by itself or from outside."""
        return self._killed or self._why_ended in ("memory", "processes")

    @property
    def _why_ended(self) -> str:
        provisioner = None if self._manager is None else self._manager.provisioner
        return str(getattr(provisioner, "why_ended", ""))

    def _death(self) -> StudentFailure:
        why = self._why_ended
        if why == LOST:
            raise SandboxLost("the process that kernels are forked from has ended")
        if why == "memory":
            limit = self.limits.memory_bytes / 2**30
            return OutOfMemory(f"your code held more than {limit:.3g} GiB of memory")
        if why == "processes":
            return KernelDied(f"your code ran more than {self.limits.processes} processes at once")
        return KernelDied("the kernel ended while it ran the student's code")


def _read(channel: Any) -> dict[str, Any] | None:
    """The next message of a channel, or None where it is not one."""
    try:
        message = channel.get_msg(timeout=0)
    except Exception:  # whatever a hostile kernel sends: it is counted, not interpreted
        return None
    shapes = (message.get("parent_header"), message.get("content"), message.get("header"))
    return dict(message) if all(isinstance(part, dict) for part in shapes) else None


def _bundle_text(reply: dict[str, Any]) -> str:
    try:
        text = reply["user_expressions"]["reply"]["data"]["application/x-examiner"]
    except (KeyError, TypeError):
        raise BadAnswer("the kernel did not answer the examiner as a kernel does") from None
    if type(text) is not str:
        raise BadAnswer("the kernel's answer is not text")
    return text
