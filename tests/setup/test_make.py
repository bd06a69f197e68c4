"""What `make` offers and when it does work again."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

FILES = ("Makefile", "pyproject.toml", "requirements.lock", "scripts/make_venv.sh")
ORDER = (*FILES, ".venv/.locked", ".venv/.installed")


def run(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # Without the variables by which a running `make test` speaks to its own children.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    environment |= variables
    return subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True
    )


@pytest.fixture
def project(root, tmp_path):
    """The set-up's files, each newer than the one before, as after an installation."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / ".venv").mkdir()
    for name in FILES:
        shutil.copy(root / name, tmp_path / name)
    for age, name in enumerate(ORDER):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1e9 + age, 1e9 + age))
    return tmp_path


def test_help_gives_each_target_a_line(root):
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = " ".join(re.findall(r"^\.PHONY: (.*)", makefile, re.M)).split()
    shown = run(root, "make", "help").stdout
    assert re.findall(r"^make (\S+) +\S", shown, re.M) == targets
    assert run(root, "make").stdout == shown


def test_a_second_run_installs_nothing(project):
    steps = run(project, "make", "-n", "lab", "ARGS=--no-browser").stdout.splitlines()
    assert steps == [".venv/bin/python -m scripts.lab --no-browser"]


def test_a_changed_pyproject_reinstalls_only_the_course(project):
    os.utime(project / "pyproject.toml")
    steps = run(project, "make", "-n", "lab").stdout
    assert "-e ." in steps
    assert "make_venv" not in steps


def test_a_changed_lock_makes_the_environment_anew(project):
    os.utime(project / "requirements.lock")
    assert "scripts/make_venv.sh" in run(project, "make", "-n", "lab").stdout


@pytest.mark.slow
def test_a_failed_installation_is_done_again(project):
    shutil.rmtree(project / ".venv")
    # pip gets as far as an archive that does not exist
    failed = run(project, "make", "lab", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(project))
    assert failed.returncode != 0
    assert (project / ".venv/bin/python").exists()
    assert "scripts/make_venv.sh" in run(project, "make", "-n", "lab").stdout


def test_without_a_supported_python_one_line_says_what_is_needed(project):
    done = run(project, "/bin/sh", "scripts/make_venv.sh", PATH=str(project / "scripts"))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "Python 3.11, 3.12 or 3.13 is needed" in done.stderr


def test_a_newer_python_is_taken_where_there_is_no_3_11(project):
    newer = project / "scripts" / "python3.12"
    newer.write_text('#!/bin/sh\ncase "$2" in *version_info*) exit 0;; *) exit 1;; esac\n')
    newer.chmod(0o755)
    done = run(project, "/bin/sh", "scripts/make_venv.sh", PATH=str(newer.parent))
    assert done.returncode == 1
    assert "python3.12 cannot make virtual environments" in done.stderr
