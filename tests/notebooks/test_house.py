"""Who may import whom, and that the grader knows no lab."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from autograder.course import cells

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted([*ROOT.glob("labs/*/*.ipynb"), *ROOT.glob("lessons/*/*.ipynb")])
PUBLIC = {"coursekit", "numpy", "matplotlib", "tensorflow", "keras", "scipy", "PIL", "ipywidgets"}
STANDARD = {"math", "time", "random", "pathlib", "collections", "itertools", "functools", "json"}
STANDARD |= {"concurrent", "tempfile"}


def _imports(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_only_coursekit_and_public_libraries(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        parts = cells.split_test(cell.source)
        visible = {name.partition(".")[0] for name in _imports(parts.visible)}
        assert visible <= PUBLIC | STANDARD, cell.id
        hidden = set(_imports(parts.hidden))
        assert all(name == "autograder.hidden_tests" for name in hidden), cell.id
        assert not parts.hidden or cells.is_test(cell), cell.id


def test_the_grader_outside_its_hidden_tests_knows_no_convolution() -> None:
    files = [p for p in ROOT.glob("autograder/**/*.py") if "hidden_tests" not in p.parts]
    assert len(files) > 10
    for path in files:
        names = {
            node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)
        }
        assert not [name for name in names if re.search(r"conv(?!er)|pool|kernel_size", name)], path


def test_importing_the_grader_loads_no_hidden_test_and_no_tensorflow() -> None:
    heavy = "[m for m in sys.modules if m in ('tensorflow', 'autograder.hidden_tests.convolution')]"
    code = f"import sys, autograder.app.grade_class; print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
