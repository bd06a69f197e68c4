"""A jupyter_client kernel provisioner that starts a kernel behind walls."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Enum, Instance

from autograder.sandbox.bubblewrap import INSIDE, coursekit_path, kernel_environment
from autograder.sandbox.fork_server import ForkServer, KernelProcess, shared_fork_server
from autograder.sandbox.limits import Limits
from autograder.sandbox.processor import ProcessorUse


class SandboxProvisioner(LocalProvisioner):
    """Forks the kernel from a warm process, or starts one with limits alone where asked by name.

    jupyter_client creates one for each kernel whose kernelspec names ``autograder-sandbox`` and
    calls, in this order, `pre_launch`, `launch_kernel`, then `poll`, `kill` and `cleanup`.
    Ending the kernel ends every process that it started.
    """

    isolation = Enum(
        ("bubblewrap", "process"),
        default_value="bubblewrap",
        help="'process' has limits and no walls round files and network.",
    ).tag(config=True)
    limits = Instance(Limits, args=(), help="What the kernel may use.").tag(config=True)
    warm = Instance(ForkServer, allow_none=True, help="Where to fork from.").tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel; called once by jupyter_client for each start.

        Args:
            cmd: the kernelspec's command with the connection file filled in.
            **kwargs: what goes to `subprocess.Popen`; the environment is replaced.
        """
        assert self.parent is not None, "jupyter_client sets the kernel manager as parent"
        exchange = Path(self.parent.connection_file).parent
        if self.isolation == "bubblewrap":
            warm = self.warm or shared_fork_server(gpu=self.limits.gpu)
            forked = warm.start(exchange, _kernel_arguments(cmd), self.limits)
            self.process = cast("subprocess.Popen[bytes]", forked)  # all of it that is used
            return self.connection_info
        home = exchange / "home"
        home.mkdir(exist_ok=True)
        if (exchange / "files").is_dir():
            shutil.copytree(exchange / "files", home, dirs_exist_ok=True)
        kwargs["cwd"] = str(home)
        packages = _link_to_coursekit(exchange)
        kwargs["env"] = kernel_environment(str(home), packages, gpu=self.limits.gpu)
        with (exchange / "kernel.log").open("wb") as log:
            kwargs |= {"stdout": log, "stderr": log}
            return await super().launch_kernel(cmd, **kwargs)

    def end(self, seconds: float) -> None:
        """End the kernel at once; jupyter_client looks only ten times a second whether it has.

        Args:
            seconds: how long it may take.
        """
        process: object = self.process
        if isinstance(process, KernelProcess):
            process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)

    @property
    def why_ended(self) -> str:
        """``memory`` or ``processes`` where the kernel was ended for using too much."""
        process: object = self.process
        return process.why_ended if isinstance(process, KernelProcess) else ""

    def used(self) -> ProcessorUse | None:
        """Return what the kernel has used of the processors; None where it has no walls."""
        process: object = self.process
        return process.used() if isinstance(process, KernelProcess) else None


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


def _kernel_arguments(cmd: list[str]) -> list[str]:
    """Return what of the kernelspec's command goes to ipykernel: all behind launcher and limits."""
    return cmd[len(kernel_command()) + 1 :]
