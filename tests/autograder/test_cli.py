"""The command line: help for every command, one clear line for every error."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from nbformat import NotebookNode

from autograder.app.cli import commands


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from autograder.app.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_every_command_and_option_has_help(name: str) -> None:
    command = commands.commands[name]
    assert command.help
    assert all(p.help for p in command.params if isinstance(p, click.Option))
    assert CliRunner().invoke(commands, [name, "--help"]).exit_code == 0


def test_outside_a_course_it_says_where_to_go(tmp_path: Path) -> None:
    done = _run("grade", "lab1", "--course", str(tmp_path))
    assert done.returncode == 2
    assert "there is no nbgrader_config.py" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_lab_is_one_clear_line(course_folder: Path) -> None:
    done = _run("grade", "lab9", "--course", str(course_folder))
    assert done.returncode == 2
    assert "there is no lab notebook in" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.sandbox
def test_release_grade_and_feedback_from_the_command_line(
    course_folder: Path,
    answered: Callable[..., NotebookNode],
    hand_in: Callable[[str, NotebookNode], Path],
) -> None:
    hand_in("ada", answered())
    assert _run("release", "tiny", "--course", str(course_folder)).returncode == 0
    done = _run("grade", "tiny", "--course", str(course_folder))
    assert done.returncode == 0, done.stderr
    assert "1 of 1 submissions of tiny have a grade" in done.stdout
    assert _run("feedback", "tiny", "--course", str(course_folder)).returncode == 0
    assert (course_folder / "feedback" / "ada" / "tiny" / "tiny.html").is_file()
