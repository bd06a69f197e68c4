"""Folders of runs that were killed are tidied away; those of runs that live are left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.sandbox.folders import OwnedFolder, owned_folder, tidy_up

ROOT = Path(__file__).parents[2]
OWNER = """
import sys
from pathlib import Path
from autograder.sandbox.folders import OwnedFolder
folder = OwnedFolder("lab-")
(folder.path / "held" / "deep").mkdir(parents=True)
(folder.path / "held" / "file").write_text("x")
print(folder.path, flush=True)
sys.stdin.read()
"""
GRADER = """
import sys
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import KernelSession
with KernelSession(Limits()) as session:
    session.run_cell("1")
    print(session.folder.parent, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder of this test's, for the processes it starts as well.

    Not pytest's own: the path of a socket in it would be longer than Linux allows.
    """
    with tempfile.TemporaryDirectory(prefix="t-") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", None)
        yield Path(folder)
        monkeypatch.undo()


@contextmanager
def _running(program: str) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process that owns a folder, and the folder; it is killed in the end."""
    command = [sys.executable, "-c", program]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:
        try:
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def test_a_folder_goes_with_its_owner_or_with_the_next_run() -> None:
    with _running(OWNER) as (process, folder):
        assert tidy_up() == []
        assert (folder / "held" / "file").is_file()
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert tidy_up() == [folder]
        assert not folder.exists()


@pytest.mark.sandbox
def test_a_killed_grader_leaves_nothing_to_the_run_after_the_next(temporary: Path) -> None:
    with _running(GRADER) as (process, folder):
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert folder.is_dir()
    with _running(GRADER) as (_, second):
        assert [path.name for path in temporary.glob("autograder-*")] == [second.name]


def test_a_folder_that_a_child_of_its_owner_still_uses_stays() -> None:
    folder = OwnedFolder()
    child = os.fork()
    if child == 0:
        signal.pause()
    os.close(folder._lock)
    assert tidy_up() == []
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert tidy_up() == [folder.path]


def test_what_is_not_a_locked_folder_of_ours_stays(temporary: Path) -> None:
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".owner").touch()
    (temporary / "autograder-link").symlink_to(elsewhere)
    (temporary / "autograder-file").touch()
    (temporary / "autograder-unmarked").mkdir()
    for name, make in {"pipe": os.mkfifo, "folder": os.mkdir}.items():
        (temporary / f"autograder-{name}").mkdir()
        make(temporary / f"autograder-{name}" / ".owner")
    linked = temporary / "autograder-linked"
    linked.mkdir()
    (linked / ".owner").symlink_to(elsewhere / ".owner")
    before = sorted(temporary.rglob("*"))
    assert tidy_up() == []
    assert sorted(temporary.rglob("*")) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_folders_of_other_users_stay(temporary: Path) -> None:
    folder = temporary / "autograder-theirs"
    folder.mkdir()
    (folder / ".owner").touch()
    os.chown(folder, 12345, 12345)
    assert tidy_up() == []
    os.chown(folder, os.geteuid(), os.getegid())
    os.chown(folder / ".owner", 12345, 12345)
    assert tidy_up() == []


def test_a_folder_is_removed_by_its_owner() -> None:
    with owned_folder("lab-") as path:
        assert path.name.startswith("autograder-lab-")
    assert not path.exists()
