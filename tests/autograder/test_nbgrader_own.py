"""nbgrader's own tests for autograding, as they are installed, pass with our steps switched on."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import nbgrader
import pytest

from tests.autograder.nbgrader_exceptions import EXCEPTIONS

pytestmark = [pytest.mark.sandbox, pytest.mark.slow, pytest.mark.timeout(2400)]

HERE = Path(__file__).parent
TESTS = Path(nbgrader.__file__).parent / "tests" / "apps" / "test_nbgrader_autograde.py"
CONFIG = "from autograder import configure\n\nc = get_config()\nconfigure(c)\n"


def test_nbgraders_own_tests_pass_but_for_exceptions_that_have_reasons(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")  # theirs warn
    plugins = ["-p", "nbgrader_exceptions", "-p", "no:cacheprovider"]
    settings = ["-c", str(tmp_path / "pytest.ini"), "--rootdir", str(tmp_path), *plugins]
    results = tmp_path / "results.xml"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *settings, f"--junitxml={results}", str(TESTS)],
        cwd=tmp_path,
        env={**os.environ, "JUPYTER_CONFIG_PATH": str(tmp_path), **_search_path()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    counted = _outcomes(results)
    assert counted["xfail"] == len(EXCEPTIONS)
    assert counted["skip"] == 2  # nbgrader skips two of its own: they take too long
    assert counted["pass"] >= 34


def _search_path() -> dict[str, str]:
    """Where our packages, the plugin beside this file and nbgrader's ``alembic`` are found."""
    given = os.environ.get("PYTHONPATH", "")
    paths = [str(HERE.parent.parent), str(HERE), *given.split(os.pathsep)]
    programs = [str(Path(sys.executable).parent), os.environ["PATH"]]
    return {"PYTHONPATH": os.pathsep.join(paths), "PATH": os.pathsep.join(programs)}


def _outcomes(results: Path) -> Counter[str]:
    cases = ET.parse(results).getroot().iter("testcase")
    return Counter(_outcome(case) for case in cases)


def _outcome(case: ET.Element) -> str:
    skipped = case.find("skipped")
    if skipped is None:
        return "pass"
    return "xfail" if skipped.get("type") == "pytest.xfail" else "skip"
