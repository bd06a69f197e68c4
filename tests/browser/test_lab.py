"""What a student and an instructor do in JupyterLab, done in a real browser."""

import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from demo.hand_ins import write_hand_ins

pytestmark = pytest.mark.browser

STUDENT = "ada"


def open_lab1(page: Page) -> Locator:
    """Follows the welcome page's link and returns the notebook."""
    page.locator(".jp-MarkdownViewer").get_by_role("link", name="1 Convolution").click()
    notebook = page.locator(".jp-NotebookPanel:visible")
    expect(notebook.locator(".jp-Cell").first).to_contain_text("Lab 1")
    # Before the kernel is there, JupyterLab ignores a request to run a cell.
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    return notebook


def run_cell(page: Page, cell: Locator) -> None:
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))


def open_formgrader(page: Page) -> FrameLocator:
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    return page.frame_locator("iframe")


def test_the_welcome_page_is_shown_as_a_page_and_asks_nobody_else(page, lab):
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.reload()
    expect(page.get_by_role("heading", name="Labs", exact=True)).to_be_visible()
    expect(page.locator(".jp-MarkdownViewer")).not_to_contain_text("##")
    page.wait_for_load_state("networkidle")
    assert hosts <= {"127.0.0.1", None, ""}


def test_a_student_opens_the_lab_and_runs_cells(page, lab):
    notebook = open_lab1(page)
    assert (lab.folder / "work/lab1_convolution/convolution.ipynb").exists()
    code = notebook.locator(".jp-CodeCell")
    run_cell(page, code.filter(has_text="import numpy").first)
    run_cell(page, code.filter(has_text="show_pixels").first)
    expect(notebook.locator(".jp-OutputArea-output img")).to_be_visible()


def test_validate_names_the_cells_that_fail(page):
    notebook = open_lab1(page)
    notebook.get_by_role("button", name="Validate").click()
    result = page.locator(".jp-Dialog")
    expect(result).to_contain_text("Validation Results")
    expect(result.get_by_text("The following cell failed").first).to_be_visible()
    expect(result.get_by_text("conv_output_size is not written yet").first).to_be_attached()


def test_a_released_lab_is_in_the_assignment_list(page, lab):
    nbgrader = [sys.executable, "-m", "nbgrader"]
    release = [*nbgrader, "release_assignment", "lab1_convolution"]
    subprocess.run(release, cwd=lab.folder, check=True, capture_output=True)
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Assignment List").click()
    # The copy that `make lab` made counts as fetched, so it can be handed in from here.
    fetched = page.locator("#fetched_assignments_list").filter(has_text="lab1_convolution")
    expect(fetched.get_by_role("button", name="Submit")).to_be_visible()


@pytest.mark.sandbox
def test_an_instructor_grades_with_the_formgraders_button(page, lab):
    write_hand_ins(lab.folder / "submitted", [STUDENT])
    formgrader = open_formgrader(page)
    row = formgrader.locator("#main-table tr").filter(has_text="lab1_convolution")
    expect(row).to_be_visible()
    row.locator(".num-submissions").get_by_role("link", name="1").click()

    row = formgrader.locator("#main-table tr").filter(has_text=STUDENT)
    expect(row.locator(".status")).to_have_text("needs autograding")
    row.locator(".autograde a").click()
    report = formgrader.get_by_role("dialog")
    expect(report).to_contain_text("Successfully autograded", timeout=8 * 60_000)
    report.get_by_role("button", name="OK").click()
    expect(report).to_be_hidden()
    expect(row.locator(".score")).to_have_text("94 / 100")
    expect(row.locator(".status")).to_have_text("needs manual grading")


def opened_lesson(page: Page, title: str) -> str:
    """The path of the notebook that is shown, when it shows a lesson."""
    notebook = page.locator(".jp-NotebookPanel:visible")
    expect(notebook.locator(".jp-Cell").first).to_contain_text(title)
    return urlsplit(page.url).path.partition("/lab/tree/")[2]


def test_links_of_the_welcome_page_and_of_a_lab_open_the_students_copies_of_lessons(page, lab):
    page.locator(".jp-MarkdownViewer").get_by_role("link", name="1.3 Optimizers").click()
    assert opened_lesson(page, "Lesson 1.3") == "work/lessons/1_fundamentals/3_optimizers.ipynb"
    page.get_by_role("tab", name="welcome.md").click()
    open_lab1(page).get_by_role("link", name="what it is not").click()
    assert opened_lesson(page, "Lesson 2.2") == "work/lessons/2_cnns/2_convolution.ipynb"
