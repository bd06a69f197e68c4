"""Checks in a real sandboxed kernel what it can see and which limits hold."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import autograder
from autograder.errors import GraderError
from autograder.sandbox.bubblewrap import kernel_environment
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import CellRun, KernelSession

_LIMITS = Limits(cell_seconds=4, output_bytes=30_000, folder_bytes=2**26, processes=300)
_SET_BY_IPYKERNEL = {"CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "GIT_PAGER", "PAGER", "TERM"}

_PROBE = """
import json, os, resource, socket
def fails(action, *arguments):
    try:
        action(*arguments)
    except OSError:
        return True
    return False
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
size = os.statvfs(os.path.expanduser("~"))
print(json.dumps({
    "capabilities": [status[n].strip() for n in ("CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb")],
    "no_new_privileges": status["NoNewPrivs"].strip(),
    "filter": status["Seccomp"].strip() == "2" and fails(os.memfd_create, "doctor"),
    "no_way_out": fails(socket.create_connection, ("192.0.2.1", 9), 1),
    "interfaces": [name for _, name in socket.if_nameindex()],
    "processes": sum(name.isdigit() for name in os.listdir("/proc")),
    "read_only": all(fails(open, f"{d}/doctor", "w") for d in ("/usr", "/etc", "/", os.sys.prefix)),
    "grader": os.path.exists(@GRADER@),
    "environment": dict(os.environ),
    "limits": {n: resource.getrlimit(getattr(resource, "RLIMIT_" + n))[1] for n in @NAMES@},
    "folder": size.f_blocks * size.f_frsize,
    "pid_max": int(open("/proc/sys/kernel/pid_max").read()),
    "devices": sorted(os.listdir("/dev")),
}))
"""
_STAY = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", @NAME@])
print("x" * 100_000)
while True:
    pass
"""


@dataclass(frozen=True)
class Enforced:
    """One limit of a submission, and whether it holds.

    Args:
        limit: what is limited.
        how: how it is enforced.
        holds: whether it was observed to hold on this host.
    """

    limit: str
    how: str
    holds: bool


def probe_kernel() -> dict[str, Any]:
    """Probe a sandboxed kernel and return the observations by name; this takes some seconds.

    Raises:
        GraderError: no kernel could be forked, or it did not report.
    """
    name = f"doctor-{uuid.uuid4().hex}"
    with KernelSession(_LIMITS) as session:
        looked = session.run_cell(_probe())
        stayed = session.run_cell(_STAY.replace("@NAME@", repr(name)))
    try:
        facts: dict[str, Any] = json.loads(_printed(looked))
    except ValueError:
        raise GraderError(f"a kernel was forked and said: {_printed(looked)!r}") from None
    stopped = {"cut": "[output cut" in _printed(stayed), "stopped": stayed.timed_out}
    return facts | stopped | {"gone": not _runs(name)}


def _probe() -> str:
    names = repr(list(_LIMITS.resource_limits()))
    grader = repr(autograder.__file__)
    return _PROBE.replace("@GRADER@", grader).replace("@NAMES@", names)


def _printed(run: CellRun) -> str:
    return "".join(output.get("text", "") for output in run.outputs)


def _runs(argument: str) -> bool:
    """Return whether a process with this argument runs on the host."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if argument.encode() in path.read_bytes():
                return True
        except OSError:
            continue  # it has ended meanwhile
    return False


def enforced(facts: dict[str, Any]) -> tuple[Enforced, ...]:
    """Return the table of limits.

    Args:
        facts: the observations from `probe_kernel`; if empty, no limit holds.
    """
    rights = set("".join(facts.get("capabilities", ["?"]))) == {"0"}
    wanted = _LIMITS.resource_limits()
    kept = {name: facts.get("limits", {}).get(name) == wanted[name] for name in wanted}
    rows = (
        ("rights", "no capabilities, none to be had", rights and facts["no_new_privileges"] == "1"),
        ("odd system calls", "a filter (seccomp)", facts.get("filter")),
        ("network", "a namespace without a way out", facts.get("no_way_out")),
        ("other processes", "a process namespace of its own", 0 < facts.get("processes", 0) <= 3),
        ("files", "the system is read-only", facts.get("read_only")),
        ("grader and gradebook", "not in the kernel's file system", facts.get("grader") is False),
        ("environment", "cleared", bool(facts) and not _leaked(facts["environment"])),
        ("time of a cell and of all", "interrupted, then ended", facts.get("stopped")),
        ("processor time", "RLIMIT_CPU", kept["CPU"]),
        ("memory", "RLIMIT_DATA, and a watch over all it holds", kept["DATA"]),
        ("processes", "RLIMIT_NPROC, and the same watch", kept["NPROC"]),
        ("size of a file", "RLIMIT_FSIZE", kept["FSIZE"]),
        ("size of folders", "tmpfs", facts.get("folder") == _LIMITS.folder_bytes),
        ("open files", "RLIMIT_NOFILE", kept["NOFILE"]),
        ("output", "cut while it is read", facts.get("cut")),
        ("what stays behind", "ends with its namespace", facts.get("gone")),
    )
    return tuple(Enforced(limit, how, bool(holds)) for limit, how, holds in rows)


def _leaked(inside: dict[str, str]) -> set[str]:
    """Return the names of the host's environment variables that leaked into a kernel."""
    environment = kernel_environment("", "")
    allowed = {*environment, *_SET_BY_IPYKERNEL}
    return {n for n in inside if n not in allowed and os.environ.get(n) == inside[n]}
