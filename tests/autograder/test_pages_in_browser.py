"""Feedback and the formgrader's view in Chromium: nothing of a student's runs or is fetched."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbconvert.filters.markdown import markdown2html
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_raw_cell
from nbgrader.api import Gradebook
from playwright.sync_api import Browser

from autograder.app.grade_class import grade_lab
from autograder.course.course import Course
from autograder.nbgrader_plugin.sanitize import sanitize_markdown
from autograder.nbgrader_plugin.writer import give_feedback, release
from tests.autograder.conftest import CONFIG, tiny_lab_notebook
from tests.autograder.texts import HOSTILE, soups

pytestmark = [pytest.mark.browser, pytest.mark.sandbox, pytest.mark.slow]

TOKEN = "0" * 40
HANDLERS = """() => [...document.querySelectorAll("*")].flatMap(element =>
  [...element.attributes].filter(a => a.name.startsWith("on")).map(a => a.value))"""
ACTIVE = """() => [...document.querySelectorAll(
  "script, style, link, meta, base, iframe, frame, object, embed, form, svg, video, audio, area"
)].map(element => element.tagName + (element.src || element.href || "")).sort()"""
LINKS = "() => [...document.links].map(link => link.protocol)"


class Visit:
    """A page that was loaded, with what it ran and whom it asked.

    Args:
        browser: Chromium.
        address: where to go.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.ran: list[str] = []
        self.asked: list[str] = []
        context = browser.new_context(extra_http_headers={"Authorization": f"token {TOKEN}"})
        self.page = context.new_page()
        self.page.expose_function("won", lambda *_: self.ran.append("won"))
        self.page.on("pageerror", lambda error: self.ran.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address, wait_until="networkidle")
        self.handlers = self.page.evaluate(HANDLERS)
        self.active = self.page.evaluate(ACTIVE)
        self.links = set(self.page.evaluate(LINKS))


@pytest.fixture
def visit(browser: Browser) -> Callable[[str], Visit]:
    """Loads a page in Chromium."""
    return lambda address: Visit(browser, address)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with ada's honest hand-in and eve's with all that is hostile; both have feedback.

    So has old, whose autograded notebook is hostile, as if others had written it.
    """
    root = tmp_path_factory.mktemp("pages")
    (root / "labs" / "tiny").mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    lab = tiny_lab_notebook()
    lab.cells.insert(0, new_markdown_cell("# The lab\n\nFind $y = \\sum_a x_a$.", id="text"))
    nbformat.write(lab, root / "labs" / "tiny" / "tiny.ipynb")
    course = Course.load(root)
    release(course, course.lab("tiny"))
    hand_ins = {"ada": _honest(root), "eve": _hostile(root), "old": _honest(root)}
    for student, notebook in hand_ins.items():
        path = root / "submitted" / student / "tiny" / "tiny.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    grade_lab(course, "tiny")
    with Gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        name = "<img src=x onerror=won()>"
        gradebook.update_or_create_student("eve", first_name=name, last_name=name)
    autograded = root / "autograded" / "old" / "tiny" / "tiny.ipynb"
    notebook = nbformat.read(autograded, as_version=4)
    notebook.cells += [new_markdown_cell(text) for text in HOSTILE]
    nbformat.write(notebook, autograded)
    for student in hand_ins:
        give_feedback(course, course.lab("tiny"), student)
    return course


def _honest(root: Path, code: str = "", essay: str = "Because $a < b$.") -> NotebookNode:
    notebook = nbformat.read(root / "release" / "tiny" / "tiny.ipynb", as_version=4)
    sources = {"double": f"{code}\ndef double(x):\n    return 2 * x", "essay": essay}
    for cell in notebook.cells:
        cell.source = sources.get(cell.id, cell.source)
    return notebook


def _hostile(root: Path) -> NotebookNode:
    bad = "</pre></div><script>won()</script><img src=x onerror=won()>"
    kinds = ("text/html", "text/markdown", "text/latex", "text/plain", "image/svg+xml")
    shown = dict.fromkeys(kinds, bad) | {"application/javascript": "won()"}
    code = f"display({shown}, raw=True)\ndisplay({{'image/png': '\">{bad}'}}, raw=True)"
    notebook = _honest(root, f"{code}\nprint({bad!r})  # {bad}", "# test_double\n\nI hope.")
    notebook.cells += [new_markdown_cell(text) for text in [*HOSTILE, *soups(50)]]
    notebook.cells += [new_raw_cell(text) for text in HOSTILE]
    return notebook


def _feedback(course: Course, student: str) -> str:
    return (course.root / "feedback" / student / "tiny" / "tiny.html").as_uri()


@pytest.fixture(scope="module")
def formgrader(graded: Course) -> Iterator[str]:
    """The address of nbgrader's formgrader."""
    server = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--port=0"]
    extension = "--ServerApp.jpserver_extensions=nbgrader.server_extensions.formgrader=True"
    running = subprocess.Popen(
        [*server, extension, f"--IdentityProvider.token={TOKEN}"],
        cwd=graded.root,
        env=os.environ | {"JUPYTER_NO_CONFIG": "1"},  # no other extensions
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stderr
        said = iter(running.stderr.readline, "")
        address = next(line.split()[-1] for line in said if " http://127.0.0.1:" in line)
        yield f"{address.partition('?')[0]}formgrader"
    finally:
        running.terminate()
        running.communicate(timeout=30)


def _submission(course: Course, student: str) -> str:
    with Gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        notebook = gradebook.find_submission("tiny", student).notebooks[0]
        return f"/submissions/{notebook.id}/"


def test_a_page_of_the_same_texts_uncleaned_would_run_them(
    visit: Callable[[str], Visit], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text("".join(markdown2html(text) for text in HOSTILE[:10]), encoding="utf-8")
    seen = visit(page.as_uri())
    assert "won" in seen.ran
    assert seen.handlers
    assert [address for address in seen.asked if "evil.example" in address]


def test_cleaned_texts_run_nothing_and_stay_in_their_places(
    visit: Callable[[str], Visit], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    texts = [*HOSTILE, *soups(150)]
    cells = "".join(f"<section>{markdown2html(sanitize_markdown(t))}</section>" for t in texts)
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8><body>{cells}", encoding="utf-8")
    seen = visit(page.as_uri())
    assert (seen.ran, seen.handlers, seen.active) == ([], [], ["META"])
    assert seen.asked == [page.as_uri()]
    assert "javascript:" not in seen.links
    assert seen.page.locator("body > section").count() == len(texts)
    assert seen.page.locator("body > *").count() == len(texts)


@pytest.mark.parametrize("student", ["eve", "old"])
def test_feedback_runs_nothing_and_asks_nobody(
    visit: Callable[[str], Visit], graded: Course, student: str
) -> None:
    honest, hostile = (visit(_feedback(graded, name)) for name in ("ada", student))
    assert (hostile.ran, hostile.handlers) == ([], [])
    assert hostile.active == honest.active
    assert hostile.asked == [_feedback(graded, student)]
    assert "javascript:" not in hostile.links
    assert "look" in hostile.page.locator("body").inner_text()


def test_the_formgrader_runs_nothing_of_a_students_and_asks_nobody_else(
    visit: Callable[[str], Visit], graded: Course, formgrader: str
) -> None:
    honest, hostile = (visit(formgrader + _submission(graded, name)) for name in ("ada", "eve"))
    assert (hostile.ran, hostile.handlers) == ([], honest.handlers)
    assert hostile.active == honest.active
    assert not {a for a in [*honest.asked, *hostile.asked] if not a.startswith(formgrader)}
    assert "javascript:" not in hostile.links
    # A heading with a task's name does not take the place of the field for its score.
    assert hostile.page.get_by_role("heading", name="test_double").count() == 1
    assert hostile.page.locator("#test_double").get_attribute("placeholder") == "4"
