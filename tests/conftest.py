"""What all tests share: an environment of their own and copies of the course to work in."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.lab import project_environment

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
COURSE = (
    *("Makefile", "README.md", "welcome.md", "nbgrader_config.py"),
    *("docs", "labs", "lessons", "scripts"),
)

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_OPTIONS = [
    "--no-sandbox",  # it refuses to run as root with it; the only pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Before a test module imports Matplotlib, Keras or Jupyter: their settings and caches stay out of
# the user's home, and out of what `make lab` keeps.
os.environ.update(project_environment(ROOT / ".cache" / "tests"), MPLBACKEND="agg")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The one place that decides what becomes of `sandbox` tests where there are no namespaces.

    They are skipped with the reason; in continuous integration, which has to have them, they fail.
    """
    if item.get_closest_marker("sandbox") is None:
        return
    from autograder.sandbox.host import missing_isolation

    missing = missing_isolation()
    if missing is not None and os.environ.get("CI") == "true":
        pytest.fail(f"with CI=true the sandbox must be there, and {missing}", pytrace=False)
    if missing is not None:
        pytest.skip(str(missing))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Names a failure when it happens: a run that is stopped never gets to pytest's own list."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        error = getattr(report.longrepr, "reprcrash", None)
        message = str(getattr(error, "message", report.longrepr)).strip().split("\n")[0]
        print(f"\nFAILED {report.nodeid} ({report.when}): {message[:300]}", file=sys.__stderr__)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Browser]":
    """Chromium, once for all tests: Playwright's loop can run only once in a process."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail("no Chromium here: make chromium")
    home = {"HOME": str(tmp_path_factory.mktemp("home"))}  # it keeps notes there
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=CHROMIUM_OPTIONS, env=os.environ | home
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def copy_course() -> Callable[[Path], Path]:
    """A function that copies the course, without the packages, into a folder and returns it."""

    def copy(folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name in COURSE:
            if (ROOT / name).is_dir():
                junk = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
                shutil.copytree(ROOT / name, folder / name, ignore=junk)
            else:
                shutil.copy(ROOT / name, folder / name)
        return folder

    return copy
