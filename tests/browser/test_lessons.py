"""Lessons in JupyterLab: each widget is a picture first, and then follows mouse and keyboard."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.notebooks.cell_dependencies import needed

pytestmark = pytest.mark.browser

LESSONS = Path(__file__).resolve().parents[2] / "lessons"
WIDGET = re.compile(r"^(widgets\.\w+)\(", re.MULTILINE)
# Controls, by the names that ipywidgets gives their kinds.
KINDS = ("hslider", "dropdown", "checkbox", "text", "toggle-buttons", "play")
CELLS = ".jp-Notebook .jp-Cell"
CONTROLS = ", ".join(f".widget-{kind}" for kind in KINDS)
DRAWN = "picture => picture.complete && picture.naturalWidth > 200"  # its bytes come after its tag
UNREADABLE = re.compile(r"\$\$|\\[a-z]{2}")  # TeX that stayed text


def code_of(path: Path) -> dict[int, str]:
    """The code cells of a lesson by their place among all cells."""
    cells = nbformat.read(path, as_version=4).cells
    return {place: cell.source for place, cell in enumerate(cells) if cell.cell_type == "code"}


def widgets_of(path: Path) -> list[int]:
    """The places of the cells that end in a widget."""
    return [place for place, source in code_of(path).items() if WIDGET.search(source)]


ALL = sorted(LESSONS.glob("*/[!.]*.ipynb"))


def named(path: Path) -> str:
    """A lesson's name in the list of tests; two parts have a first lesson."""
    return f"{path.parent.name}-{path.stem}"


def pictures_of(path: Path) -> list[int]:
    """The places of the cells with a stored picture."""
    cells = nbformat.read(path, as_version=4).cells
    stored = [[one.get("data", {}) for one in cell.get("outputs", [])] for cell in cells]
    return [place for place, outputs in enumerate(stored) if "image/png" in str(outputs)]


def address_of(lab) -> tuple[str, str]:
    """Where the server is, and the token that it wants."""
    address = urlsplit(lab.address)
    return f"{address.scheme}://{address.netloc}", parse_qs(address.query)["token"][0]


@pytest.fixture(autouse=True)
def kernels_end(page: Page, lab) -> Iterator[None]:
    """A lesson's kernel holds TensorFlow and its models; it ends with the test."""
    yield
    server, token = address_of(lab)
    look = {"headers": {"Authorization": f"token {token}"}}
    for kernel in page.request.get(f"{server}/api/kernels", **look).json():
        assert page.request.delete(f"{server}/api/kernels/{kernel['id']}", **look).ok


def open_lesson(page: Page, lab, path: Path) -> Locator:
    shutil.copytree(LESSONS, lab.folder / "lessons", dirs_exist_ok=True)
    (server, token), lesson = address_of(lab), path.relative_to(LESSONS).as_posix()
    page.goto(f"{server}/lab/tree/lessons/{lesson}?reset&token={token}")
    notebook = page.locator(".jp-NotebookPanel:visible")
    expect(notebook.locator(".jp-Cell").first).to_contain_text("Lesson")
    # Before the kernel is there, JupyterLab ignores a request to run a cell.
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    return notebook


def run_cell(page: Page, cell: Locator) -> None:
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")


def moves(page: Page, control: Locator) -> Iterator[tuple[str, Callable[[], object]]]:
    """What can be done to a control, by mouse and by keyboard."""
    if control.locator("[role=slider]").count():
        yield from moves_of_slider(control)
    elif control.locator("select").count():
        choice = control.locator("select")
        other = 0 if choice.evaluate("list => list.selectedIndex") else 1
        yield "mouse", lambda: choice.select_option(index=other)  # its list is no part of the page
        back = "ArrowUp" if other else "ArrowDown"
        yield "keyboard", lambda: press(page, choice, "Space", back, "Enter")
    elif control.locator("input[type=checkbox]").count():
        box = control.locator("input")
        yield "mouse", box.click
        yield "keyboard", lambda: press(page, box, "Space")
    elif control.locator("input[type=number]").count():
        field = control.locator("input")
        yield "mouse", lambda: click_upper_arrow(field)
        yield "keyboard", lambda: press(page, field, "ArrowUp")
    elif control.locator("button.mod-active").count():
        button = control.locator("button:not(.mod-active)").first
        yield "mouse", button.click
        yield "keyboard", lambda: press(page, button, "Enter")
    else:
        yield from moves_of_player(page, control.locator("button").first)


def press(page: Page, control: Locator, *keys: str) -> None:
    control.focus()
    for key in keys:
        page.keyboard.press(key)


def moves_of_player(page: Page, play: Locator) -> Iterator[tuple[str, Callable[[], object]]]:
    pause = play.locator(".fa-pause")
    yield "mouse", play.click
    if pause.count():  # it may have come to its end
        play.click()
    expect(pause).to_be_hidden()
    yield "keyboard", lambda: press(page, play, "Enter")
    if pause.count():
        play.click()


def moves_of_slider(control: Locator) -> Iterator[tuple[str, Callable[[], object]]]:
    handle, track = control.locator("[role=slider]"), control.locator(".noUi-target")
    low, high, now = (
        float(handle.get_attribute(f"aria-value{name}") or 0) for name in ("min", "max", "now")
    )
    box = track.bounding_box()
    assert box is not None
    far = 0.25 if now > (low + high) / 2 else 0.75
    yield "mouse", lambda: track.click(position={"x": far * box["width"], "y": box["height"] / 2})
    yield "keyboard", lambda: handle.press("ArrowRight" if far < 0.5 else "ArrowLeft")


def click_upper_arrow(field: Locator) -> None:
    field.hover()
    box = field.bounding_box()
    assert box is not None
    field.click(position={"x": box["width"] - 9, "y": box["height"] / 2 - 5})


@pytest.mark.timeout(1800)  # a lesson has up to three widgets with a dozen controls
@pytest.mark.parametrize("path", ALL, ids=named)
def test_a_lesson_opens_whole_and_its_widgets_follow_the_mouse_and_the_keyboard(
    page, lab, path, tmp_path
):
    wrong = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    notebook = open_lesson(page, lab, path)
    every_formula_and_every_picture_is_shown(page, notebook, path)
    assert not wrong
    cells, places = notebook.locator(CELLS), widgets_of(path)
    for place in sorted({run for widget in places for run in needed(code_of(path), widget)}):
        run_cell(page, cells.nth(place))
    for place in places:
        move_all(page, cells.nth(place))
        # To be looked at; a picture of the page alone would show the last widget only.
        cells.nth(place).screenshot(path=tmp_path / f"{path.stem}-{place}.png")


def every_formula_and_every_picture_is_shown(page: Page, notebook: Locator, path: Path) -> None:
    """Fails where a lesson as it is stored is not whole; a widget is a picture until it runs."""
    cells = notebook.locator(CELLS)
    expect(cells).to_have_count(len(nbformat.read(path, as_version=4).cells))  # attached by and by
    pictures = pictures_of(path)
    assert set(widgets_of(path)) <= set(pictures)
    for place in pictures:
        cells.nth(place).scroll_into_view_if_needed()
        picture = cells.nth(place).locator(".jp-OutputArea-output img").first
        expect(picture).to_be_visible()
        page.wait_for_function(DRAWN, arg=picture.element_handle())
    if any("$" in cell.source for cell in nbformat.read(path, as_version=4).cells):
        expect(notebook.locator("mjx-container").first).to_be_attached()
    expect(notebook.locator("mjx-merror")).to_have_count(0)
    for text in notebook.locator(".jp-MarkdownOutput").all():
        expect(text).not_to_have_text(UNREADABLE)


def move_all(page: Page, cell: Locator) -> None:
    """Moves each control of a cell's widget in both ways, and sees the picture change."""
    picture = cell.locator(".widget-html img")
    expect(picture).to_be_visible()
    controls = cell.locator(CONTROLS)
    for number in range(controls.count()):
        control, done = controls.nth(number), []
        if not control.locator("button").count():
            expect(control.locator("label").first).not_to_be_empty()
        for way, move in moves(page, control):
            before = picture.get_attribute("src") or ""
            move()
            expect(picture, f"control {number} by {way}").not_to_have_attribute("src", before)
            done.append(way)
        assert done == ["mouse", "keyboard"]
