"""``autograder doctor``: what this host offers, what is therefore enforced, and what to type.

Nothing is concluded from version numbers where it can be tried: a kernel is forked behind walls
and looks round from inside.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

import autograder
from autograder.errors import GraderError
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import CellRun, KernelSession
from autograder.sandbox.walls import kernel_environment, why_no_walls

OLDEST_BUBBLEWRAP = (0, 5, 0)
"""The first that knows ``--clearenv``."""
PID_MAX_BY_NAMESPACE = (6, 14)
"""The first Linux in which a process namespace has a ``pid_max`` of its own."""

_INSTALL = "sudo apt-get install bubblewrap"
_APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
Switches = tuple[tuple[Path, str, str], ...]
_SWITCHES: Switches = (
    (_APPARMOR, "1", "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"),
    (Path("/proc/sys/user/max_user_namespaces"), "0", "sudo sysctl user.max_user_namespaces=15000"),
    (
        Path("/proc/sys/kernel/unprivileged_userns_clone"),
        "0",
        "sudo sysctl kernel.unprivileged_userns_clone=1",
    ),
)
"""Settings that forbid namespaces, the value that does, and the line that allows them."""
_CONTAINER = (
    "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    "--security-opt systempaths=unconfined ..."
)
_GPU_FILES = ("nvidia[0-9]*", "kfd", "dri/renderD*", "dxg")
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
class Finding:
    """One thing about this host.

    Args:
        name: what was looked at.
        ok: whether grading can do with it; None where it is told for information alone.
        told: what was found, a phrase.
        remedy: the line to type where it is not ok; empty otherwise.
    """

    name: str
    ok: bool | None
    told: str
    remedy: str = ""


@dataclass(frozen=True)
class Enforced:
    """One limit of a submission's.

    Args:
        limit: what is limited.
        how: by what means.
        holds: whether it was seen to hold on this host.
    """

    limit: str
    how: str
    holds: bool


@dataclass(frozen=True)
class Examination:
    """All that was found.

    Args:
        findings: about the host.
        enforced: about a submission's kernel; nothing holds where none could be forked.
    """

    findings: tuple[Finding, ...]
    enforced: tuple[Enforced, ...]

    @property
    def can_grade(self) -> bool:
        """Whether grading can run with bubblewrap's isolation, and every limit holds."""
        no_fault = all(finding.ok is not False for finding in self.findings)
        return no_fault and all(row.holds for row in self.enforced)

    @property
    def exit_code(self) -> int:
        """0 where grading can run, else 1."""
        return 0 if self.can_grade else 1

    @property
    def remedy(self) -> str:
        """The one line to type first; empty if there is none to give."""
        return next((f.remedy for f in self.findings if f.ok is False and f.remedy), "")


def examine_host() -> Examination:
    """What this host offers; it takes some seconds, because a kernel is really forked."""
    walls = (_bubblewrap(), _namespaces())
    facts, kernel = _try_kernel() if all(finding.ok for finding in walls) else ({}, None)
    told = (_user(), *walls, *([kernel] if kernel else []), _apparmor(), _cgroups())
    return Examination((*told, _process_numbers(facts), _gpus(facts)), _enforced(facts))


def _user() -> Finding:
    name = "root" if os.geteuid() == 0 else f"an ordinary user (uid {os.geteuid()})"
    return Finding("user", None, f"{name}; either will do")


def _bubblewrap() -> Finding:
    program = shutil.which("bwrap")
    if program is None:
        return Finding("bubblewrap", False, "not installed", _INSTALL)
    done = subprocess.run(
        [program, "--version"], capture_output=True, text=True, timeout=30, check=False
    )
    version = _version(done.stdout)
    oldest = ".".join(map(str, OLDEST_BUBBLEWRAP))
    told = f"{program}, version {'.'.join(map(str, version)) or 'unknown'}; {oldest} is needed"
    enough = version >= OLDEST_BUBBLEWRAP
    return Finding("bubblewrap", enough, told, "" if enough else _INSTALL)


def _version(text: str) -> tuple[int, ...]:
    found = re.search(r"\d+(\.\d+)+", text)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def _namespaces() -> Finding:
    why = why_no_walls()
    if shutil.which("bwrap") is None:
        return Finding("user namespaces", False, "not tried without bubblewrap", _INSTALL)
    if not why:
        return Finding("user namespaces", True, "bubblewrap can make them: tried")
    return Finding("user namespaces", False, why.partition("; ")[0], _remedy_for_namespaces(why))


def _remedy_for_namespaces(why: str, switches: Switches = _SWITCHES) -> str:
    """The line to type where bubblewrap is there and cannot make namespaces."""
    for path, forbids, line in switches:
        if _read(path) == forbids:
            return line
    in_container = any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv"))
    return _CONTAINER if in_container else why.rpartition("type: ")[2]


def _apparmor() -> Finding:
    state = _read(_APPARMOR)
    told = {
        "": "no such setting on this host",
        "0": "off",
        "1": "on (as in Ubuntu 24.04): ordinary programs may not use namespaces",
    }.get(state, state)
    return Finding("AppArmor's restriction of namespaces", None, told)


def _cgroups() -> Finding:
    root = Path("/sys/fs/cgroup")
    if (root / "cgroup.controllers").exists():
        version = "version 2"
    else:
        version = "version 1" if (root / "memory").is_dir() else "none"
    return Finding("cgroups", None, f"{version}; not needed")


def _process_numbers(facts: dict[str, Any]) -> Finding:
    own = facts and str(facts["pid_max"]) != _read(Path("/proc/sys/kernel/pid_max"))
    if own:
        told = f"yes, {facts['pid_max']} numbers in a kernel"
    else:
        told = "no" if facts else "not tried"
        told += f"; from Linux {'.'.join(map(str, PID_MAX_BY_NAMESPACE))} on. Other limits count"
    return Finding("pid_max by namespace", None, f"Linux {platform.release()}: {told}")


def _gpus(facts: dict[str, Any]) -> Finding:
    found = sorted(str(path) for name in _GPU_FILES for path in Path("/dev").glob(name))
    seen = {Path(path).relative_to("/dev").parts[0] for path in found} & set(
        facts.get("devices", ())
    )
    told = f"{', '.join(found)}; kernels {'see them' if seen else 'do not see them'}"
    return Finding("GPU", None, told if found else "none")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _try_kernel() -> tuple[dict[str, Any], Finding]:
    """What a forked kernel sees from inside, by name; empty where none could be forked."""
    name = f"doctor-{uuid.uuid4().hex}"
    try:
        with KernelSession(_LIMITS) as session:
            looked = session.run_cell(_probe())
            stayed = session.run_cell(_STAY.replace("@NAME@", repr(name)))
        facts = json.loads(_printed(looked))
    except (GraderError, ValueError) as error:
        text = str(error).strip().splitlines()[-1][:200]
        remedy = _remedy_for_namespaces("")
        return {}, Finding("a kernel behind walls", False, f"did not start: {text}", remedy)
    facts |= {"cut": "[output cut" in _printed(stayed), "stopped": stayed.timed_out}
    facts["gone"] = not _runs(name)
    return facts, Finding("a kernel behind walls", True, "was forked and looked round: tried")


def _probe() -> str:
    names = repr(list(_LIMITS.resource_limits()))
    grader = repr(autograder.__file__)
    return _PROBE.replace("@GRADER@", grader).replace("@NAMES@", names)


def _printed(run: CellRun) -> str:
    return "".join(output.get("text", "") for output in run.outputs)


def _runs(argument: str) -> bool:
    """Whether a process with this argument runs on the host."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if argument.encode() in path.read_bytes():
                return True
        except OSError:
            continue  # it has ended meanwhile
    return False


def _enforced(facts: dict[str, Any]) -> tuple[Enforced, ...]:
    """The table of limits; nothing holds without facts."""
    rights = set("".join(facts.get("capabilities", ["?"]))) == {"0"}
    wanted = _LIMITS.resource_limits()
    kept = {name: facts.get("limits", {}).get(name) == wanted[name] for name in wanted}
    rows = (
        ("rights", "no capabilities, none to be had", rights and facts["no_new_privileges"] == "1"),
        ("network", "a namespace without a way out", facts.get("no_way_out")),
        ("other processes", "a process namespace of its own", 0 < facts.get("processes", 0) <= 3),
        ("files", "the system is read-only", facts.get("read_only")),
        ("grader and gradebook", "not in the kernel's file system", facts.get("grader") is False),
        ("environment", "cleared", bool(facts) and not _leaked(facts["environment"])),
        ("time of a cell and of all", "interrupted, then ended", facts.get("stopped")),
        ("processor time", "RLIMIT_CPU", kept["CPU"]),
        ("memory", "RLIMIT_DATA, and a watch over all processes", kept["DATA"]),
        ("processes", "RLIMIT_NPROC, and the same watch", kept["NPROC"]),
        ("size of a file", "RLIMIT_FSIZE", kept["FSIZE"]),
        ("size of folders", "tmpfs", facts.get("folder") == _LIMITS.folder_bytes),
        ("open files", "RLIMIT_NOFILE", kept["NOFILE"]),
        ("output", "cut while it is read", facts.get("cut")),
        ("what stays behind", "ends with its namespace", facts.get("gone")),
    )
    return tuple(Enforced(limit, how, bool(holds)) for limit, how, holds in rows)


def _leaked(inside: dict[str, str]) -> set[str]:
    """Names of the host's variables that a kernel sees although it should not."""
    given = kernel_environment("", "")
    allowed = {*given, *_SET_BY_IPYKERNEL}
    return {n for n in inside if n not in allowed and os.environ.get(n) == inside[n]}


def print_examination(examination: Examination, console: Console) -> None:
    """Prints the findings, the table of limits and the one line to type."""
    signs = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}
    found = _table("This host", "ok", "what", "found")
    for finding in examination.findings:
        found.add_row(signs[finding.ok], finding.name, finding.told)
    limits = _table("What is enforced on a submission", "yes/no", "limit", "how")
    for row in examination.enforced:
        limits.add_row(signs[row.holds], row.limit, row.how)
    console.print(found, limits)
    if examination.can_grade:
        console.print("Grading can run with bubblewrap's isolation.", style="bold green")
        return
    lacking = ", ".join(row.limit for row in examination.enforced if not row.holds)
    console.print("Grading cannot run with bubblewrap's isolation.", style="bold red")
    console.print(f"Not enforced: {lacking}", soft_wrap=True)
    if examination.remedy:
        console.print(f"Type: {examination.remedy}", style="bold", soft_wrap=True, markup=False)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


@click.command("doctor")
def doctor_command() -> None:
    """Show what this host offers for grading safely, and what is therefore enforced."""
    examination = examine_host()
    print_examination(examination, Console())
    sys.exit(examination.exit_code)
