"""``autograder doctor``: what this host offers, what is therefore enforced, and what to type.

Nothing is concluded from version numbers where it can be tried: a kernel is forked in the sandbox
and looks round from inside.
"""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from autograder.errors import GraderError
from autograder.sandbox.host import (
    APPARMOR,
    OLDEST_BUBBLEWRAP,
    bubblewrap_version,
    dotted,
    gpu_devices,
    missing_bubblewrap,
    missing_isolation,
    namespaces_remedy,
    setting,
)
from autograder.sandbox.probe import Enforced, enforced, probe_kernel

PID_MAX_BY_NAMESPACE = (6, 14)
"""The first Linux in which a process namespace has a ``pid_max`` of its own."""


@dataclass(frozen=True)
class Finding:
    """One thing about this host.

    Args:
        name: what was looked at.
        ok: whether grading can do with it; None where it is told for information alone.
        detail: what was found, a phrase.
        remedy: the line to type where it is not ok; empty otherwise.
    """

    name: str
    ok: bool | None
    detail: str
    remedy: str = ""


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
    """Return what this host offers; it takes some seconds, because a kernel is really forked."""
    sandbox = (_bubblewrap(), _namespaces())
    facts, kernel = _kernel() if all(finding.ok for finding in sandbox) else ({}, None)
    findings = (_user(), *sandbox, *([kernel] if kernel else []), _apparmor(), _cgroups())
    return Examination((*findings, _process_numbers(facts), _gpus(facts)), enforced(facts))


def _user() -> Finding:
    name = "root" if os.geteuid() == 0 else f"an ordinary user (uid {os.geteuid()})"
    return Finding("user", None, f"{name}; either will do")


def _bubblewrap() -> Finding:
    missing = missing_bubblewrap()
    if missing is not None:
        return Finding("bubblewrap", False, missing.what, missing.remedy)
    version, oldest = dotted(bubblewrap_version()), dotted(OLDEST_BUBBLEWRAP)
    return Finding("bubblewrap", True, f"version {version}; {oldest} is needed")


def _namespaces() -> Finding:
    missing = missing_isolation()
    if missing is None:
        return Finding("user namespaces", True, "bubblewrap can make them: tried")
    detail = "not tried without bubblewrap" if missing_bubblewrap() else missing.what
    return Finding("user namespaces", False, detail, missing.remedy)


def _kernel() -> tuple[dict[str, Any], Finding]:
    """Return what a kernel sees from inside, if it can start, and whether it can."""
    name = "a sandboxed kernel"
    try:
        return probe_kernel(), Finding(name, True, "was forked and looked round: tried")
    except GraderError as error:
        text = str(error).strip().splitlines()[-1][:200]
        return {}, Finding(name, False, f"did not start: {text}", namespaces_remedy())


def _apparmor() -> Finding:
    state = setting(APPARMOR)
    meanings = {
        "": "no such setting on this host",
        "0": "off",
        "1": "on (as in Ubuntu 24.04): ordinary programs may not use namespaces",
    }.get(state, state)
    return Finding("AppArmor's restriction of namespaces", None, meanings)


def _cgroups() -> Finding:
    root = Path("/sys/fs/cgroup")
    if (root / "cgroup.controllers").exists():
        version = "version 2"
    else:
        version = "version 1" if (root / "memory").is_dir() else "none"
    return Finding("cgroups", None, f"{version}; not needed")


def _process_numbers(facts: dict[str, Any]) -> Finding:
    own = facts and str(facts["pid_max"]) != setting(Path("/proc/sys/kernel/pid_max"))
    if own:
        detail = f"yes, {facts['pid_max']} numbers in a kernel"
    else:
        detail = "no" if facts else "not tried"
        detail += f"; from Linux {dotted(PID_MAX_BY_NAMESPACE)} on. Other limits count"
    return Finding("pid_max by namespace", None, f"Linux {platform.release()}: {detail}")


def _gpus(facts: dict[str, Any]) -> Finding:
    devices = gpu_devices()
    if not devices:
        return Finding("GPU", None, "none")
    names = ", ".join(map(str, devices))
    if {device.name for device in devices} & set(facts.get("devices", ())):
        return Finding("GPU", False, f"{names}; a kernel sees them, unasked")
    return Finding("GPU", None, f"{names}; kernels have them with --gpu alone")


def print_examination(examination: Examination, console: Console) -> None:
    """Print the findings, the table of limits and the one line to type."""
    signs = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}
    found = _table("This host", "ok", "what", "found")
    for finding in examination.findings:
        found.add_row(signs[finding.ok], finding.name, finding.detail)
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
