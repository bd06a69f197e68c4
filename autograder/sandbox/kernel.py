"""The process of one kernel and its folder."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import psutil
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

from autograder.errors import GraderError
from autograder.sandbox.connection import Connection
from autograder.sandbox.folders import OwnedFolder
from autograder.sandbox.fork_server import ForkServer
from autograder.sandbox.limits import Limits
from autograder.sandbox.processor import ProcessorUse
from autograder.sandbox.provisioners import ForkServerProvisioner, kernel_command

_LOOK_AGAIN = 0.002
_END_SECONDS = 5.0


class _OneKernelSpec(KernelSpecManager):
    """Gives only the sandboxed kernel, whatever kernel a notebook's metadata name."""

    spec: KernelSpec

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return self.spec


class _SilentManager(KernelManager):
    """Starts and ends a kernel without a word: libzmq would wait for it, and hold what it sends."""

    def _connect_control_socket(self) -> None:
        return

    async def _async_interrupt_kernel(self) -> None:
        return


def tasks_of_this_account() -> int:
    """Return how many processes and threads this account has on the whole machine.

    Linux counts them together where a kernel lacks its own user namespace (``RLIMIT_NPROC``
    in setrlimit(2)): an instructor's browser may have a thousand threads.
    """
    tasks = 0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.uids().real == os.getuid():
                tasks += process.num_threads()
    return tasks


def _kernel_spec(limits: Limits, isolation: str, warm: ForkServer | None) -> KernelSpec:
    beside = 0
    config: dict[str, object] = {"limits": limits, "fork_server": warm}
    provisioner = {"provisioner_name": "autograder-sandbox", "config": config}
    if isolation == "process":
        beside = tasks_of_this_account()
        provisioner = {"provisioner_name": "autograder-limits", "config": {"limits": limits}}
    settings = [
        "--HistoryManager.enabled=False",
        "--IPKernelApp.log_level=50",
        # ipykernel waits before it replies, for outputs that are late; we wait for them ourselves.
        "--IPythonKernel._execute_sleep=0",
    ]
    return KernelSpec(
        argv=[
            *kernel_command(),
            json.dumps(limits.resource_limits(beside=beside)),
            "-f",
            "{connection_file}",
            *settings,
        ],
        display_name="Python 3 (sandboxed)",
        language="python",
        interrupt_mode="message",
        metadata={"kernel_provisioner": provisioner},
    )


class Kernel:
    """A kernel's process and its folder, until `remove`.

    Args:
        limits: the kernel's limits.
        isolation: ``bubblewrap`` or ``process``.
        warm: the fork server, with bubblewrap.
        files: contents of its working folder at the start, by relative path.
    """

    def __init__(
        self,
        limits: Limits,
        isolation: str,
        *,
        warm: ForkServer | None,
        files: Mapping[str, bytes],
    ) -> None:
        self._limits = limits
        self._isolation = isolation
        self._owned = OwnedFolder() if warm is None else None
        if self._owned is not None:
            self.folder = self._owned.path
        elif warm is not None:
            self.folder = Path(tempfile.mkdtemp(prefix="autograder-", dir=warm.folder))
        for name, data in files.items():
            path = self.folder / "files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        specs = _OneKernelSpec()
        specs.spec = _kernel_spec(limits, isolation, warm)
        self._manager = _SilentManager(
            kernel_spec_manager=specs,
            kernel_name="sandboxed",
            transport="ipc",
            connection_file=str(self.folder / "kernel.json"),
        )

    def start(self) -> None:
        """Start the process, without waiting until it is ready."""
        self._manager.start_kernel()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return bool(self._manager.is_alive())

    @property
    def why_ended(self) -> str:
        """Why the sandbox ended it, such as ``memory``; empty if it did not."""
        return str(getattr(self._manager.provisioner, "why_ended", ""))

    def used(self) -> ProcessorUse | None:
        """Return the processor time of the kernel and all that it started; None if unknown."""
        provisioner = self._manager.provisioner
        return provisioner.used() if isinstance(provisioner, ForkServerProvisioner) else None

    @property
    def last_words(self) -> str:
        """The end of its log."""
        log = self.folder / "kernel.log"
        return log.read_text(errors="replace")[-2000:] if log.is_file() else ""

    def connection(self) -> Connection:
        """Return a connection to the kernel that is not open yet."""
        manager = self._manager
        ports = {name: getattr(manager, f"{name}_port") for name in ("shell", "control", "iopub")}
        return Connection(manager.ip, ports, manager.session, self._limits)

    def close_the_exchange(self, deadline: float) -> None:
        """Make the folder of sockets read-only in the sandbox, before any student code runs.

        Args:
            deadline: the latest time, by `time.monotonic`.

        Raises:
            GraderError: the kernel's first process did not do it in time.
        """
        if self._isolation != "bubblewrap":
            return
        (self.folder / "seal").touch()
        while "sealed" not in self.last_words:
            if time.monotonic() > deadline or not self.alive:
                raise GraderError("the folder of the kernel's sockets could not be closed")
            time.sleep(_LOOK_AGAIN)

    def kill(self) -> None:
        """End the process with all that it started."""
        if self._manager.has_kernel:
            if isinstance(self._manager.provisioner, ForkServerProvisioner):
                self._manager.provisioner.end(_END_SECONDS)
            self._manager.shutdown_kernel(now=True)

    def remove(self) -> None:
        """End the process and remove its folder."""
        try:
            self.kill()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
            if self._owned:
                self._owned.remove()
