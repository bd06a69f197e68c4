"""Without root or sudo, one line says what to type."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

NOBODY = 65534


@pytest.fixture
def desk(root):
    """A folder that every user may read, with the script and an empty folder of programs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "bin").mkdir()
        shutil.copy(root / "scripts" / "system_packages.py", folder)
        yield folder


def ask(desk: Path, *packages: str) -> subprocess.CompletedProcess[str]:
    """Runs the script as an ordinary user who has only the programs in ``desk/bin``."""
    # The interpreter of .venv may lie in a folder that only root can enter.
    python = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
    return subprocess.run(
        [python, "system_packages.py", *packages],
        cwd=desk,
        env={"PATH": str(desk / "bin")},
        user=NOBODY if os.geteuid() == 0 else None,
        check=False,
        capture_output=True,
        text=True,
    )


def add_program(desk: Path, name: str) -> None:
    (desk / "bin" / name).symlink_to(shutil.which("true"))


def test_on_debian_the_line_can_be_typed(desk):
    add_program(desk, "apt-get")
    done = ask(desk, "bubblewrap", "chromium")
    assert done.returncode == 1
    assert done.stderr == "please type: sudo apt-get install -y bubblewrap chromium\n"


def test_only_what_is_missing_is_named(desk):
    add_program(desk, "apt-get")
    add_program(desk, "bwrap")
    assert ask(desk, "bubblewrap", "chromium").stderr.endswith("install -y chromium\n")


def test_elsewhere_the_line_says_what_each_is_for(desk):
    done = ask(desk, "bubblewrap")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "bubblewrap for grading" in done.stderr


def test_what_is_there_is_left_alone(desk):
    add_program(desk, "bwrap")
    add_program(desk, "google-chrome")
    done = ask(desk, "bubblewrap", "chromium")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
