"""The hooks of pre-commit, run in a clone by the tool itself: `make hooks` installs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output

ROOT = Path(__file__).resolve().parents[2]
LAB = "labs/lab1_convolution/convolution.ipynb"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The project as it was committed last, with today's hooks and this environment."""
    folder = tmp_path / "clone"
    git("clone", "--quiet", "--depth=1", f"file://{ROOT}", str(folder), cwd=tmp_path)
    (folder / ".pre-commit-config.yaml").write_bytes(
        (ROOT / ".pre-commit-config.yaml").read_bytes()
    )
    (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
    git("add", ".pre-commit-config.yaml", cwd=folder)
    return folder


def git(*arguments: str, cwd: Path) -> None:
    subprocess.run(["git", *arguments], cwd=cwd, check=True, capture_output=True)


def run_hook(name: str, path: str, clone: Path) -> subprocess.CompletedProcess[str]:
    """Runs one hook on one file, with nothing of the hooks' own kept outside the clone."""
    command = [str(clone / ".venv" / "bin" / "pre-commit"), "run", name, "--files", path]
    environment = {**os.environ, "PRE_COMMIT_HOME": str(clone.parent / "pre-commit")}
    return subprocess.run(
        command, cwd=clone, env=environment, capture_output=True, text=True, check=False
    )


def test_outputs_of_a_lab_are_taken_out_and_all_else_stays(clone: Path) -> None:
    path = clone / LAB
    before = path.read_bytes()
    assert run_hook("labs-without-outputs", LAB, clone).returncode == 0
    assert path.read_bytes() == before
    notebook = nbformat.reads(before.decode(), as_version=4)
    (cell,) = (cell for cell in notebook.cells if cell.id == "setup")
    cell.execution_count = 7
    cell.outputs = [new_output("stream", text="ran")]
    notebook.metadata.language_info = {"name": "python", "version": "3.11.7"}
    nbformat.write(notebook, path)
    done = run_hook("labs-without-outputs", LAB, clone)
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout
    assert path.read_bytes() == before


def test_code_that_the_linter_refuses_is_refused(clone: Path) -> None:
    (clone / "coursekit" / "new.py").write_text("import os\nprint(undefined)\n", encoding="utf-8")
    done = run_hook("ruff-check", "coursekit/new.py", clone)
    assert done.returncode == 1
    assert "F821" in done.stdout


@pytest.mark.slow
def test_notebooks_that_their_tests_refuse_are_refused(clone: Path) -> None:
    path = clone / LAB
    path.write_text(path.read_text(encoding="utf-8").replace('"points": 25', '"points": 24'))
    done = run_hook("notebooks", LAB, clone)
    assert done.returncode == 1, done.stdout
    assert "test_the_points_are_the_tables_and_add_up_to_100" in done.stdout
