"""Bubblewrap's argument list, and a kernel's environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import autograder
import coursekit
from autograder.sandbox import withholding

INSIDE = Path(__file__).parent / "inside"
"""The only files of the grader's that a kernel can see."""

HOME = "/sandbox"
"""The kernel's writable folder in the sandbox; it starts empty and ends with the kernel."""

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
_DEVICES = ("full", "null", "random", "urandom")
"""Not ``zero``: mapped as shared, it is memory that nothing counts."""
_DEVICE_LINKS = {
    "/proc/self/fd": "fd",
    "/proc/self/fd/0": "stdin",
    "/proc/self/fd/1": "stdout",
    "/proc/self/fd/2": "stderr",
    "pts/ptmx": "ptmx",
}
_PASSED_ON = (
    *("LANG", "LC_ALL", "TZ"),
    # By these a library chooses its routines: it has to choose the same on both sides.
    *("NPY_DISABLE_CPU_FEATURES", "OPENBLAS_CORETYPE", "TF_ENABLE_ONEDNN_OPTS"),
)
"""Variables of the host's environment that a kernel may see."""
_SETTINGS = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/ssl/certs",
)
_GPU_SETTINGS = ("/sys/bus/pci", "/sys/devices/system", "/sys/module/nvidia")
"""What CUDA looks up beside its devices."""


def warm_arguments(
    command: Sequence[str],
    *,
    exchange: Path,
    environment: Mapping[str, str],
    hide: Sequence[Path] = (),
    gpus: Sequence[Path] = (),
    withheld: Sequence[str] = (),
) -> list[str]:
    """Return the command that runs the fork server sandboxed: no network, no needless file.

    The fork server may create namespaces and mounts and is root only in its own user namespace;
    each kernel that it forks gives up even that.

    Args:
        command: what to run inside.
        exchange: folder of the kernels' connection files and sockets, writable, at the same path.
        environment: the complete environment inside.
        hide: folders to cover if they lie below a visible one.
        gpus: GPU devices to show.
        withheld: modules to cover by a stand-in; see `autograder.sandbox.withholding`.
    """
    arguments = ["bwrap", "--unshare-user", "--unshare-all", "--uid", "0", "--gid", "0"]
    # To make namespaces, and to map its user into those of the kernels.
    arguments += ["--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SETFCAP"]
    arguments += ["--hostname", "sandbox"]
    arguments += ["--die-with-parent", "--new-session", "--clearenv"]
    for name, value in environment.items():
        arguments += ["--setenv", name, value]
    arguments += ["--proc", "/proc", "--dir", "/dev", "--dir", "/dev/pts", "--tmpfs", "/dev/shm"]
    for device in _DEVICES:
        arguments += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    for path in map(str, gpus):
        arguments += ["--dev-bind", path, path]
    for target, link in _DEVICE_LINKS.items():
        arguments += ["--symlink", target, f"/dev/{link}"]
    arguments += ["--tmpfs", "/tmp", "--tmpfs", HOME]
    for system_path in (*_SYSTEM, *_SETTINGS, *(_GPU_SETTINGS if gpus else ())):
        arguments += _read_only(system_path)
    arguments += _covered(hide)
    for shown in shown_paths()[:-1]:
        arguments += ["--ro-bind", str(shown), str(shown)]
    arguments += withholding.binds(withheld)
    arguments += _covered([Path(autograder.__file__).parent])
    arguments += ["--ro-bind", str(INSIDE), str(INSIDE)]
    arguments += ["--bind", str(exchange), str(exchange)]
    # Or kernels could leave files for each other where no folder of their own covers the root.
    arguments += ["--remount-ro", "/"]
    return [*arguments, "--chdir", HOME, "--", *command]


def _read_only(path: str) -> list[str]:
    where = Path(path)
    if where.is_symlink():
        return ["--symlink", str(where.readlink()), path]
    return ["--ro-bind-try", path, path]


def kernel_environment(home: str, package_path: str, *, gpu: bool = False) -> dict[str, str]:
    """Return a kernel's complete environment, without tokens, keys or the instructor's paths.

    Args:
        home: the kernel's writable folder.
        package_path: the value of ``PYTHONPATH``.
        gpu: whether it may use a GPU.
    """
    chosen = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # Kernels share a GPU: each takes what it needs of its memory, not all.
    chosen |= {"TF_FORCE_GPU_ALLOW_GROWTH": "true"} if gpu else {"CUDA_VISIBLE_DEVICES": "-1"}
    return chosen | {
        "HOME": home,
        "IPYTHONDIR": f"{home}/.ipython",
        "KERAS_HOME": f"{home}/.keras",
        "LOGNAME": "student",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": f"{home}/.matplotlib",
        "OMP_NUM_THREADS": "1",  # kernels run side by side; threads of one would slow the others
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": package_path,
        "TF_CPP_MIN_LOG_LEVEL": "1",
        "TMPDIR": "/tmp",
        "USER": "student",
    }


def shown_paths() -> list[Path]:
    """Return the folders that a kernel sees besides the system's; the last is `INSIDE`."""
    return [*python_paths(), coursekit_path(), INSIDE]


def python_paths() -> list[Path]:
    """Return the folders of this Python and of its virtual environment."""
    found = [Path(sys.base_prefix).resolve(), Path(sys.prefix)]
    system = [Path(path) for path in _SYSTEM]
    return [p for p in dict.fromkeys(found) if not any(p.is_relative_to(s) for s in system)]


def coursekit_path() -> Path:
    """Return the folder of the ``coursekit`` package."""
    return Path(coursekit.__file__).parent


def package_path() -> str:
    """Return the only folder in the sandbox that ``coursekit`` can be imported from."""
    return str(coursekit_path().parent)


def below_shown(paths: Sequence[Path]) -> list[Path]:
    """Return those of the folders that a kernel would see if they were not covered."""
    shown = (*(Path(path) for path in _SYSTEM), *python_paths())
    return [p for p in paths if any(p.is_relative_to(s) and p != s for s in shown)]


def _covered(paths: Sequence[Path]) -> list[str]:
    """Return arguments that cover, by an empty folder, the paths below a visible one."""
    return [part for path in below_shown(paths) for part in ("--tmpfs", str(path))]
