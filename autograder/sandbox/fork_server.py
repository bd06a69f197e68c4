"""The grader's side of the fork server, a sandboxed process that forks kernels."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.errors import GraderError, SandboxLost
from autograder.sandbox.bubblewrap import (
    HOME,
    INSIDE,
    below_shown,
    kernel_environment,
    package_path,
    shown_paths,
    warm_arguments,
)
from autograder.sandbox.folders import OwnedFolder, tidy_up
from autograder.sandbox.host import gpu_devices, require_isolation
from autograder.sandbox.limits import Limits
from autograder.sandbox.processor import ProcessorUse

ALWAYS = (
    "numpy",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "IPython",
    "ipykernel.kernelapp",
)
"""Modules that every kernel has loaded. Not the inline back end: its import needs a shell."""
LOST = "lost"
"""The reason for the end of a kernel whose fork server has ended."""
_START_SECONDS = 120.0
_SEND_SECONDS = 10.0
_LOOK_AGAIN = 0.002
_WRITABLE = ("/tmp", "/dev/shm", HOME)


class ForkServer:
    """A sandboxed process that has imported what notebooks need and forks kernels.

    Args:
        preload: modules to import in addition to `ALWAYS`, such as ``tensorflow``.
        hide: folders that must not be visible inside.
        gpu: whether its kernels have GPU devices.
        withheld: modules that its kernels cannot use; see `autograder.sandbox.withholding`.

    Raises:
        SandboxUnavailable: this host lacks what the sandbox or GPUs need.
        GraderError: the process does not start.
    """

    def __init__(
        self,
        preload: Sequence[str] = (),
        hide: Sequence[Path] = (),
        *,
        gpu: bool = False,
        withheld: Sequence[str] = (),
    ) -> None:
        require_isolation("bubblewrap", gpu=gpu)
        tidy_up()
        self._owned = OwnedFolder()
        self.folder = self._owned.path
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        self._ended: dict[str, tuple[int, str]] = {}
        self._used: dict[str, ProcessorUse | None] = {}
        self._ready = False
        settings = {"socket": theirs.fileno(), "preload": [*ALWAYS, *preload]}
        program = [sys.executable, str(INSIDE / "_grading_warm.py"), json.dumps(settings)]
        environment = kernel_environment("/tmp", package_path(), gpu=gpu)
        command = warm_arguments(
            program,
            exchange=self.folder,
            environment=environment,
            hide=hide,
            gpus=gpu_devices() if gpu else (),
            withheld=withheld,
        )
        self._log = self.folder / "warm.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        theirs.close()
        self._wait_until_ready()

    @property
    def alive(self) -> bool:
        """Whether it can fork."""
        return self._process.poll() is None

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._ready:
            if not self.alive or time.monotonic() > deadline:
                said = self._log.read_text(errors="replace")[-2000:]
                self.close()
                raise GraderError(f"the warm process did not start: {said.strip()}")
            self._read(0.05)

    def start(self, folder: Path, argv: Sequence[str], limits: Limits) -> ForkedKernel:
        """Fork a kernel.

        Args:
            folder: the kernel's exchange folder, below `folder`.
            argv: ipykernel's arguments.
            limits: its limits.

        Raises:
            SandboxLost: the process has ended.
        """
        request = {
            "op": "start",
            "name": folder.name,
            "exchange": str(folder),
            "argv": list(argv),
            "environment": kernel_environment(HOME, package_path(), gpu=limits.gpu),
            "keep": [str(path) for path in shown_paths() if _is_below_writable(path)],
            "writable": list(_WRITABLE),
            "folder_bytes": limits.folder_bytes,
            "limits": limits.resource_limits(),
            "watch": {"memory": limits.memory_bytes, "processes": limits.processes},
        }
        self._send(request)
        return ForkedKernel(self, folder.name)

    def ended(self, name: str) -> tuple[int, str] | None:
        """Return a kernel's exit code and why it was ended, or None while it runs."""
        self._read(0)
        if not self.alive:
            return self._ended.get(name, (-signal.SIGKILL, LOST))
        return self._ended.get(name)

    def kill(self, name: str) -> None:
        """End a kernel and every process of its namespace."""
        self._send({"op": "kill", "name": name})

    def used(self, name: str) -> ProcessorUse | None:
        """Return the processor time of a kernel and all that it started; None if unknown."""
        self._used.pop(name, None)
        self._send({"op": "used", "name": name})
        deadline = time.monotonic() + _SEND_SECONDS
        while name not in self._used and self.alive and time.monotonic() < deadline:
            self._read(0.05)
        return self._used.get(name)

    def close(self) -> None:
        """End the process and all its kernels."""
        self._socket.close()
        if self.alive:
            self._process.kill()
        self._process.wait()
        self._owned.remove()

    def _send(self, message: dict[str, Any]) -> None:
        try:
            with self._lock:
                self._socket.settimeout(_SEND_SECONDS)
                self._socket.send(json.dumps(message).encode())
        except OSError as error:
            raise SandboxLost(f"the warm process has ended: {error}") from error

    def _read(self, timeout: float) -> None:
        with self._lock:
            if self._socket.fileno() < 0:
                return  # closed
            self._socket.settimeout(timeout)
            while True:
                try:
                    packet = self._socket.recv(65536)
                except (BlockingIOError, TimeoutError, OSError):
                    return
                if not packet:
                    return
                message = json.loads(packet)
                if message["event"] == "ready":
                    self._ready = True
                    return
                self._socket.settimeout(0)
                if message["event"] == "used":
                    used = message["used"]
                    self._used[message["name"]] = used and ProcessorUse.from_json(used)
                else:
                    self._ended[message["name"]] = (message["code"], message["why"])


def _is_below_writable(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in _WRITABLE)


class ForkedKernel:
    """A kernel that was forked; its number inside other namespaces means nothing out here."""

    def __init__(self, warm: ForkServer, name: str) -> None:
        self._warm = warm
        self._name = name

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        ended = self._warm.ended(self._name)
        return None if ended is None else ended[0]

    @property
    def why_ended(self) -> str:
        """``memory`` or ``processes`` where the watch ended it; else empty."""
        ended = self._warm.ended(self._name)
        return "" if ended is None else ended[1]

    def used(self) -> ProcessorUse | None:
        """Return the processor time of the kernel and all that it started; None if unknown."""
        return self._warm.used(self._name)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the kernel has ended and return its exit code.

        Args:
            timeout: seconds to wait; without limit by default.

        Raises:
            subprocess.TimeoutExpired: it still runs.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self._name, timeout or 0)
            time.sleep(_LOOK_AGAIN)
        return code

    def kill(self) -> None:
        """End the kernel with everything that it started."""
        if self.poll() is None:
            with contextlib.suppress(GraderError):
                self._warm.kill(self._name)


_Key = tuple[tuple[str, ...], tuple[Path, ...], bool, tuple[str, ...]]
_shared: dict[_Key, ForkServer] = {}
_shared_by: list[int] = []


def shared_fork_server(
    preload: Sequence[str] = (),
    hide: Sequence[Path] = (),
    *,
    gpu: bool = False,
    withheld: Sequence[str] = (),
) -> ForkServer:
    """Return this process' server with some modules loaded; start it on the first call.

    Args:
        preload: see `ForkServer`.
        hide: see `ForkServer`.
        gpu: see `ForkServer`.
        withheld: see `ForkServer`.

    Raises:
        SandboxUnavailable: see `ForkServer`.
        GraderError: the server does not start.
    """
    if _shared_by != [os.getpid()]:  # a fork of the grader must not use its parent's
        _shared.clear()
        _shared_by[:] = [os.getpid()]
        atexit.register(close_fork_servers)
    key = (
        tuple(preload),
        tuple(below_shown(hide)),
        gpu,
        tuple(withheld),
    )  # others are hidden by every one
    found = _shared.get(key)
    if found is None or not found.alive:
        if found is not None:
            found.close()
        found = _shared[key] = ForkServer(preload, hide, gpu=gpu, withheld=withheld)
    return found


def close_fork_servers() -> None:
    """End this process' fork servers."""
    for warm in _shared.values() if _shared_by == [os.getpid()] else ():
        warm.close()
    _shared.clear()
