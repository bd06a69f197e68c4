"""Importing the package is light, has no side effects and never reaches for the grader."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import coursekit

PACKAGE = Path(coursekit.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))


def loaded_after(statement):
    code = (
        f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); {statement}; "
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


@pytest.mark.parametrize("statement", ["import coursekit", "from coursekit import checks, data"])
def test_importing_loads_no_heavy_library(statement):
    heavy = {"tensorflow", "keras", "matplotlib", "scipy", "IPython", "socket"}
    assert not loaded_after(statement) & heavy


def test_importing_checks_loads_numpy_alone_of_the_public_libraries():
    assert not loaded_after("from coursekit import checks") & {"PIL", "matplotlib", "scipy"}


def test_importing_plots_chooses_no_back_end_and_opens_no_figure():
    code = (
        f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); from coursekit import plots; "
        "import matplotlib as m; print(m.rcParams._get_backend_or_none()); "
        "import matplotlib.pyplot as plt; print(plt.get_fignums()); "
        "print({'tensorflow', 'scipy'} & set(sys.modules))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert result.stdout == "None\n[]\nset()\n"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_imports_the_grader(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [
        name
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in [getattr(node, "module", None), *(alias.name for alias in node.names)]
    ]
    assert not [name for name in names if name and name.split(".")[0] == "autograder"]


def test_the_package_says_its_version_and_that_it_is_typed():
    assert coursekit.__version__.count(".") == 2
    assert (PACKAGE / "py.typed").exists()
