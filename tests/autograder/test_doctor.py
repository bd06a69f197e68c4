"""``autograder doctor``: it tries what it tells, and says what to type where something lacks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from rich.console import Console

from autograder.app.doctor import (
    Examination,
    Finding,
    doctor_command,
    examine_host,
    print_examination,
)
from autograder.sandbox.host import namespaces_remedy
from autograder.sandbox.probe import Enforced

_COMMAND = [
    sys.executable,
    "-c",
    "from autograder.app.doctor import doctor_command; doctor_command()",
]


def _doctor(*before: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "COLUMNS": "200", **environment}
    command = [*before, *_COMMAND]
    return subprocess.run(
        command, env=env, capture_output=True, text=True, timeout=600, check=False
    )


def test_it_is_a_command_with_help() -> None:
    assert isinstance(doctor_command, click.Command)
    assert doctor_command.name == "doctor"
    assert doctor_command.help


@pytest.mark.sandbox
def test_where_walls_can_be_built_every_limit_is_seen_to_hold() -> None:
    examination = examine_host()
    assert [row.limit for row in examination.enforced if not row.holds] == []
    assert [finding.name for finding in examination.findings if finding.ok is False] == []
    assert len(examination.enforced) >= 15
    assert (examination.exit_code, examination.remedy) == (0, "")


@pytest.mark.sandbox
def test_the_command_prints_findings_and_limits_and_ends_with_0() -> None:
    done = _doctor(DOCTORS_SECRET="s3cret")
    assert done.returncode == 0, done.stdout + done.stderr
    names = ("bubblewrap", "user namespaces", "AppArmor", "cgroups", "pid_max", "GPU", "user")
    limits = (
        "rights",
        "network",
        "files",
        "system calls",
        "environment",
        "memory",
        "output",
        "open files",
    )
    assert all(name in done.stdout for name in (*names, *limits))
    assert "Grading can run with bubblewrap's isolation." in done.stdout
    assert "s3cret" not in done.stdout
    assert done.stderr == ""


def test_without_bubblewrap_it_says_what_to_install(tmp_path: Path) -> None:
    done = _doctor(PATH=str(tmp_path))
    assert done.returncode == 1
    assert "not installed" in done.stdout
    assert done.stdout.strip().endswith("Type: sudo apt-get install bubblewrap")
    assert "yes     " not in done.stdout, "no limit is told to hold that was not tried"
    assert "Traceback" not in done.stderr


def test_an_old_bubblewrap_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "bwrap").write_text("#!/bin/sh\necho bubblewrap 0.4.1\n", encoding="utf-8")
    (tmp_path / "bwrap").chmod(0o755)
    done = _doctor(PATH=str(tmp_path))
    assert done.returncode == 1
    assert "bubblewrap is 0.4.1, and 0.5.0 is needed" in done.stdout


@pytest.mark.sandbox
def test_where_namespaces_are_forbidden_it_says_so() -> None:
    inside = ("bwrap", "--unshare-user", "--disable-userns", "--dev-bind", "/", "/")
    done = _doctor(*inside)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "this host does not allow user namespaces" in done.stdout
    assert "Type: " in done.stdout


def test_the_setting_that_forbids_namespaces_decides_what_to_type(tmp_path: Path) -> None:
    setting = tmp_path / "restrict"
    switches = ((setting, "1", "sudo sysctl restrict=0"),)
    setting.write_text("1\n", encoding="ascii")
    assert namespaces_remedy(switches) == "sudo sysctl restrict=0"
    setting.write_text("0\n", encoding="ascii")
    assert namespaces_remedy(switches) != "sudo sysctl restrict=0"


def test_a_limit_that_does_not_hold_is_a_reason_not_to_grade() -> None:
    fine = Finding("bubblewrap", True, "there")
    examination = Examination((fine,), (Enforced("network", "a namespace", holds=False),))
    assert (examination.can_grade, examination.exit_code) == (False, 1)
    console = Console(width=100)
    with console.capture() as said:
        print_examination(examination, console)
    assert "Not enforced: network" in said.get()
