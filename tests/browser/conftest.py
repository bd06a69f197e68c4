"""A copy of the course, served by `make lab` itself, and Chromium to look at it."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+\S+token=\w+")
PATIENCE = 180_000  # milliseconds; a kernel starts in ten seconds, or many more on a busy machine


@dataclass(frozen=True)
class Lab:
    """A running `make lab`.

    Args:
        address: what it printed, with the token.
        folder: the copy of the course that it serves.
    """

    address: str
    folder: Path


@pytest.fixture(scope="session")
def lab(copy_course, tmp_path_factory) -> Iterator[Lab]:
    """The course as a newcomer finds it, with the packages of this environment."""
    folder = copy_course(tmp_path_factory.mktemp("course"))
    with start_lab(folder) as server:
        # What it says after its address is read away, or it would stop at a full pipe.
        reader = threading.Thread(target=server.communicate, daemon=True)
        try:
            address = read_address(server)
            reader.start()
            yield Lab(address, folder)
        finally:
            with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
                os.killpg(server.pid, signal.SIGTERM)
            if reader.is_alive():  # it never started if there was no address
                reader.join(timeout=30)


def start_lab(folder: Path) -> subprocess.Popen[str]:
    packages = ["INSTALLED=", f"BIN={Path(sys.executable).parent}"]
    # Without the variables by which a running `make test` speaks to its own children.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    return subprocess.Popen(
        ["make", "lab", *packages, "ARGS=--no-browser --port=0"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def read_address(server: subprocess.Popen[str]) -> str:
    """Returns the address that the server prints."""
    assert server.stdout is not None
    said = []
    for line in server.stdout:
        said.append(line)
        if found := ADDRESS.search(line):
            return found.group()
    pytest.fail("make lab ended without an address:\n" + "".join(said))


@pytest.fixture
def page(lab: Lab, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The first page that `make lab` opens, in a fresh browser without earlier tabs.

    A picture of how the page looked at the end lies in the test's temporary folder.
    """
    expect.set_options(timeout=PATIENCE)
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{lab.address}&reset")
    # Not before: JupyterLab opens it late, and in front of whatever a test has opened.
    expect(page.locator(".jp-MarkdownViewer h1")).to_be_visible()
    yield page
    page.screenshot(path=tmp_path / "page.png")
    context.close()
