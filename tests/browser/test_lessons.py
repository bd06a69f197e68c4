"""Lessons in JupyterLab: the stored picture is there at once, the live one follows the keyboard."""

import re
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser


def open_lesson(page: Page, lab, root: Path, lesson: str) -> Locator:
    shutil.copytree(root / "lessons", lab.folder / "lessons", dirs_exist_ok=True)
    address = urlsplit(lab.address)
    token = parse_qs(address.query)["token"][0]
    page.goto(f"{address.scheme}://{address.netloc}/lab/tree/lessons/{lesson}?reset&token={token}")
    notebook = page.locator(".jp-NotebookPanel:visible")
    expect(notebook.locator(".jp-Cell").first).to_contain_text("Lesson")
    # Before the kernel is there, JupyterLab ignores a request to run a cell.
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    return notebook


def run_cell(page: Page, cell: Locator) -> None:
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")


@pytest.mark.parametrize(
    ("lesson", "code", "before", "after"),
    [
        ("1_neurons", "widgets.neuron(", "sigmoid(4·x1 + 4·x2", "sigmoid(4.1·x1 + 4·x2"),
        (
            "3_optimizers",
            "widgets.playground(",
            "SGD on the ravine",
            "SGD on the two valleys, η = 0.06, 30 steps",
        ),
    ],
)
def test_a_widget_is_a_picture_first_and_then_follows_the_keyboard(
    page, lab, root, lesson, code, before, after
):
    notebook = open_lesson(page, lab, root, f"1_fundamentals/{lesson}.ipynb")
    cells = notebook.locator(".jp-CodeCell")
    cell = cells.filter(has_text=code).first
    cell.scroll_into_view_if_needed()
    expect(cell.locator(".jp-OutputArea-output img")).to_be_visible()  # as it was stored

    notebook.locator(".jp-CodeCell").filter(has_text="from coursekit import").first.click()
    run_cell(page, cells.filter(has_text="from coursekit import").first)
    run_cell(page, cell)
    picture = cell.locator(".widget-html img")
    expect(picture).to_have_attribute("alt", re.compile(re.escape(before)))

    first = cell.locator(".widget-vbox [tabindex='0'], .widget-vbox select").first
    first.focus()
    page.keyboard.press("ArrowRight" if code == "widgets.neuron(" else "t")
    expect(picture).to_have_attribute("alt", re.compile(re.escape(after)))
