"""Checks by trial whether this host offers isolation and GPUs, and names remedies."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SandboxUnavailable

OLDEST_BUBBLEWRAP = (0, 5, 0)
"""The first that knows ``--clearenv``."""
APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
"""Where Ubuntu (from 23.10) restricts namespaces."""
Switches = tuple[tuple[Path, str, str], ...]
_SWITCHES: Switches = (
    (APPARMOR, "1", "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"),
    (Path("/proc/sys/user/max_user_namespaces"), "0", "sudo sysctl user.max_user_namespaces=15000"),
    (
        Path("/proc/sys/kernel/unprivileged_userns_clone"),
        "0",
        "sudo sysctl kernel.unprivileged_userns_clone=1",
    ),
)
"""Settings that forbid namespaces, the value that does, and the line that allows them."""
_INSTALL = "sudo apt-get install bubblewrap"
_CONTAINER = (
    "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    "--security-opt systempaths=unconfined ..."
)
_CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")
_GPU_DEVICES = ("nvidia[0-9]*", "nvidiactl", "nvidia-uvm", "nvidia-caps", "dxg")
_NEEDED_GPU_DEVICES = ("nvidia[0-9]*", "dxg")


@dataclass(frozen=True)
class MissingRequirement:
    """Something that this host lacks.

    Args:
        what: what is missing, and how that was found.
        remedy: the command that helps.
    """

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}; type: {self.remedy}"


def bubblewrap_version() -> tuple[int, ...]:
    """Return bubblewrap's version; empty if it is not installed or does not print one."""
    program = shutil.which("bwrap")
    if program is None:
        return ()
    done = _run(program, "--version")
    found = re.search(r"\d+(\.\d+)+", done.stdout)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def missing_bubblewrap() -> MissingRequirement | None:
    """Return why bubblewrap cannot be used; None if it can."""
    if shutil.which("bwrap") is None:
        return MissingRequirement("bubblewrap is not installed", _INSTALL)
    version = bubblewrap_version()
    if version >= OLDEST_BUBBLEWRAP:
        return None
    old, needed = dotted(version) or "of unknown version", dotted(OLDEST_BUBBLEWRAP)
    return MissingRequirement(f"bubblewrap is {old}, and {needed} is needed", _INSTALL)


@functools.cache
def missing_isolation() -> MissingRequirement | None:
    """Return why this host cannot isolate with bubblewrap; None if it can."""
    missing = missing_bubblewrap()
    if missing is not None:
        return missing
    done = _run(
        "bwrap",
        *["--unshare-user", "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "true"],
    )
    if done.returncode == 0:
        return None
    said = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
    return MissingRequirement(
        f"this host does not allow user namespaces ({said[0]})", namespaces_remedy()
    )


def namespaces_remedy(switches: Switches = _SWITCHES) -> str:
    """Return the command that allows namespaces on this host.

    Args:
        switches: settings that forbid namespaces, the values that do, and the remedies.
    """
    for path, forbids, line in switches:
        if setting(path) == forbids:
            return line
    in_container = any(Path(mark).exists() for mark in _CONTAINER_MARKS)
    return _CONTAINER if in_container else switches[0][2]


def gpu_devices(folder: Path = Path("/dev")) -> list[Path]:
    """Return the devices that a kernel needs to compute on a GPU; empty if there is no GPU.

    Args:
        folder: the folder of devices.
    """
    if not any(any(folder.glob(name)) for name in _NEEDED_GPU_DEVICES):
        return []
    return sorted(path for name in _GPU_DEVICES for path in folder.glob(name))


def require_isolation(isolation: str, *, gpu: bool = False) -> None:
    """Raise SandboxUnavailable unless this host offers the isolation and the GPU.

    Args:
        isolation: ``bubblewrap`` or ``process``.
        gpu: whether kernels are to have the GPU.

    Raises:
        SandboxUnavailable: something is missing; the text names the remedy and the weaker option.
    """
    missing = missing_isolation() if isolation == "bubblewrap" else None
    if missing is not None:
        raise SandboxUnavailable(
            f"{missing}. To grade without a sandbox around files and network all the same, ask for "
            "it by name: --isolation process"
        )
    if gpu and not gpu_devices():
        raise SandboxUnavailable(
            "a GPU was asked for and this host has no device of one (/dev/nvidia0 or /dev/dxg); "
            "install NVIDIA's driver, or grade without --gpu"
        )


def setting(path: Path) -> str:
    """Return the text of a file in ``/proc``; empty if there is no such file."""
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def dotted(version: tuple[int, ...]) -> str:
    """Return a version with dots, such as ``0.8.0``."""
    return ".".join(map(str, version))


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
