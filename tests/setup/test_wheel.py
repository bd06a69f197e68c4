"""What the wheel holds: the packages with their data, and no hidden test."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of what git knows, built as ``pip wheel .`` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    archive = ["git", "archive", "--format=tar", "--output", str(folder / "source.tar"), "HEAD"]
    files = ["pyproject.toml", "README.md", "LICENSE", "LICENSE-CONTENT", "autograder", "coursekit"]
    subprocess.run([*archive, *files], cwd=ROOT, check=True)
    (folder / "source").mkdir()
    subprocess.run(
        ["tar", "xf", str(folder / "source.tar"), "-C", str(folder / "source")], check=True
    )
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run(
        [*pip, "--quiet", "--wheel-dir", str(folder), str(folder / "source")],
        check=True,
        timeout=600,
    )
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def _tracked(folder: str, suffixes: tuple[str, ...]) -> set[str]:
    command = ["git", "ls-tree", "-r", "--name-only", "HEAD", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in done.stdout.splitlines() if name.endswith(suffixes)}


def test_no_hidden_test_is_in_it(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    assert [name for name in names if "hidden_tests" in name] == []
    assert {name.split("/")[0] for name in names if "dist-info" not in name} == {
        "autograder",
        "coursekit",
    }


def test_all_else_is_in_it(wheel: zipfile.ZipFile) -> None:
    code = _tracked("autograder", (".py", ".j2", ".html", ".json"))
    code |= _tracked("coursekit", (".py", ".npz", ".json", ".png", ".jpg"))
    wanted = {name for name in code if not name.startswith("autograder/hidden_tests/")}
    assert len(wanted) > 100
    assert wanted - set(wheel.namelist()) == set()
