"""A jupyter_client kernel provisioner that starts a kernel behind walls."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Enum

from autograder.sandbox.walls import (
    HOME,
    INSIDE,
    bubblewrap_arguments,
    coursekit_path,
    require_walls,
)

_PASSED_ON = ("LANG", "LC_ALL", "TZ")
"""Variables of the host's environment that a kernel may see."""


def kernel_environment(home: str, package_path: str = "") -> dict[str, str]:
    """The whole environment of a kernel: no token, no key, no path of the instructor's.

    Args:
        home: the kernel's writable folder.
        package_path: what is put in ``PYTHONPATH``.
    """
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return environment | {
        "HOME": home,
        "IPYTHONDIR": f"{home}/.ipython",
        "LOGNAME": "student",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": f"{home}/.matplotlib",
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "OMP_NUM_THREADS": "1",  # kernels run side by side; threads of one would slow the others
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": package_path,
        "TF_CPP_MIN_LOG_LEVEL": "1",
        "TMPDIR": "/tmp",
        "USER": "student",
    }


class SandboxProvisioner(LocalProvisioner):
    """Starts the kernel in bubblewrap, or with limits alone where that was asked for by name.

    jupyter_client creates one for each kernel whose kernelspec names ``autograder-sandbox`` and
    calls, in this order, `pre_launch`, `launch_kernel`, then `send_signal`, `kill` and `cleanup`.
    Ending the process that it started ends every process of the sandbox.
    """

    isolation = Enum(
        ("bubblewrap", "process"),
        default_value="bubblewrap",
        help="'process' has limits and no walls round files and network.",
    ).tag(config=True)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Checks that this host can isolate as asked; called before every start.

        Raises:
            SandboxUnavailable: it cannot.
        """
        if self.isolation == "bubblewrap":
            require_walls()
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Starts `cmd` behind the walls; called once by jupyter_client for each start.

        Args:
            cmd: the kernelspec's command with the connection file filled in.
            **kwargs: what goes to `subprocess.Popen`; the environment is replaced.
        """
        assert self.parent is not None, "jupyter_client sets the kernel manager as parent"
        exchange = Path(self.parent.connection_file).parent
        if self.isolation == "bubblewrap":
            environment = kernel_environment(HOME, str(coursekit_path().parent))
            cmd = bubblewrap_arguments(cmd, exchange=exchange, environment=environment)
            kwargs["cwd"] = "/"
        else:
            home = exchange / "home"
            home.mkdir(exist_ok=True)
            kwargs["cwd"] = str(home)
            environment = kernel_environment(str(home), _link_to_coursekit(exchange))
        kwargs["env"] = environment
        with (exchange / "kernel.log").open("wb") as log:
            kwargs |= {"stdout": log, "stderr": log}
            return await super().launch_kernel(cmd, **kwargs)


def _link_to_coursekit(exchange: Path) -> str:
    """A folder from which ``coursekit`` and nothing else of ours can be imported.

    Behind walls the package's own parent serves, because nothing else of that folder is there.
    """
    packages = exchange / "packages"
    packages.mkdir(exist_ok=True)
    link = packages / "coursekit"
    if not link.is_symlink():
        link.symlink_to(coursekit_path())
    return str(packages)


def kernel_command() -> list[str]:
    """The kernelspec's command: this Python, the launcher, and the place for its limits."""
    return [sys.executable, str(INSIDE / "_grading_launch.py")]
