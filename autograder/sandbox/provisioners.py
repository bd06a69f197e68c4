"""jupyter_client's kernel provisioners: sandboxed by a fork server, or with limits alone."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Instance

from autograder.sandbox.bubblewrap import INSIDE, coursekit_path, kernel_environment
from autograder.sandbox.fork_server import ForkedKernel, ForkServer, shared_fork_server
from autograder.sandbox.limits import Limits
from autograder.sandbox.processor import ProcessorUse


class ForkServerProvisioner(LocalProvisioner):
    """Forks a sandboxed kernel from a fork server; its processes have no number outside.

    jupyter_client creates one for each kernel whose kernelspec names ``autograder-sandbox`` and
    calls, in this order, `pre_launch`, `launch_kernel`, then `poll`, `kill` and `cleanup`.
    Ending the kernel ends every process that it started.
    """

    limits = Instance(Limits, args=(), help="What the kernel may use.").tag(config=True)
    fork_server = Instance(ForkServer, allow_none=True, help="Where to fork.").tag(config=True)
    forked: ForkedKernel | None = None

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started and not yet waited for."""
        return self.forked is not None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel; called once by jupyter_client for each start.

        Args:
            cmd: the kernelspec's command with the connection file filled in.
            **kwargs: what a `subprocess.Popen` would get; not used.
        """
        server = self.fork_server or shared_fork_server(gpu=self.limits.gpu)
        arguments = cmd[len(kernel_command()) + 1 :]  # all behind the launcher and its limits
        self.forked = server.start(_exchange_folder(self), arguments, self.limits)
        return self.connection_info

    async def poll(self) -> int | None:
        """Return None while the kernel runs, else its exit code; called by jupyter_client."""
        return self.forked.poll() if self.forked else 0

    async def wait(self) -> int | None:
        """Wait until the kernel has ended and return its exit code; called by jupyter_client."""
        code: int | None = 0
        while self.forked and (code := self.forked.poll()) is None:
            await asyncio.sleep(0.1)
        self.forked = None
        return code

    async def send_signal(self, signum: int) -> None:
        """End the kernel at any signal; interrupts go over the control channel instead."""
        await self.kill()

    async def kill(self, restart: bool = False) -> None:
        """End the kernel with all that it started; called by jupyter_client."""
        if self.forked:
            self.forked.kill()

    async def terminate(self, restart: bool = False) -> None:
        """End the kernel with all that it started; called by jupyter_client."""
        await self.kill()

    def end(self, seconds: float) -> None:
        """End the kernel at once; jupyter_client looks only ten times a second whether it has.

        Args:
            seconds: how long it may take.
        """
        if self.forked:
            self.forked.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.forked.wait(seconds)

    @property
    def why_ended(self) -> str:
        """``memory`` or ``processes`` if the kernel was ended for using too much; else empty."""
        return self.forked.why_ended if self.forked else ""

    def used(self) -> ProcessorUse | None:
        """Return what the kernel has used of the processors; None if that is unknown."""
        return self.forked.used() if self.forked else None


class LimitedProvisioner(LocalProvisioner):
    """Starts a kernel with resource limits and no sandbox around files and network."""

    limits = Instance(Limits, args=(), help="What the kernel may use.").tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel in its own folder; called once by jupyter_client for each start.

        Args:
            cmd: the kernelspec's command with the connection file filled in.
            **kwargs: what goes to `subprocess.Popen`; folder, environment and outputs are ours.
        """
        exchange = _exchange_folder(self)
        home = exchange / "home"
        home.mkdir(exist_ok=True)
        if (exchange / "files").is_dir():
            shutil.copytree(exchange / "files", home, dirs_exist_ok=True)
        packages = _link_to_coursekit(exchange)
        environment = kernel_environment(str(home), packages, gpu=self.limits.gpu)
        with (exchange / "kernel.log").open("wb") as log:
            kwargs |= {"cwd": str(home), "env": environment, "stdout": log, "stderr": log}
            return await super().launch_kernel(cmd, **kwargs)


def _exchange_folder(provisioner: LocalProvisioner) -> Path:
    assert provisioner.parent is not None, "jupyter_client sets the kernel manager as parent"
    return Path(provisioner.parent.connection_file).parent


def _link_to_coursekit(exchange: Path) -> str:
    """Return a folder from which ``coursekit`` and nothing else of ours can be imported."""
    packages = exchange / "packages"
    packages.mkdir(exist_ok=True)
    link = packages / "coursekit"
    if not link.is_symlink():
        link.symlink_to(coursekit_path())
    return str(packages)


def kernel_command() -> list[str]:
    """Return the kernelspec's command: this Python, the launcher, and the place for its limits."""
    return [sys.executable, str(INSIDE / "_grading_launch.py")]
