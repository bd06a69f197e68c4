"""Texts and outputs of students as pages show them: clean, and honest ones as they are."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.filters.markdown import markdown2html
from nbformat.v4 import new_markdown_cell, new_output, new_raw_cell

from autograder.course.lab import LabNotebook
from autograder.nbgrader_plugin.mathml import MAX_FORMULA, mathml
from autograder.nbgrader_plugin.preprocessors import harmless_output, make_texts_harmless
from autograder.nbgrader_plugin.sanitize import (
    MAX_TEXT,
    preformatted,
    sanitize_html,
    sanitize_markdown,
    sanitize_raw,
)
from tests.autograder.texts import HONEST, HOSTILE, soups

ACTIVE = {"script", "style", "link", "meta", "base", "iframe", "object", "form", "input", "svg"}


@pytest.mark.parametrize("text", HONEST)
def test_honest_markdown_stays_as_it_is(text: str) -> None:
    assert sanitize_markdown(text) == text


def test_every_text_of_the_labs_stays_as_it_is(root: Path) -> None:
    for path in (root / "labs").rglob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                assert sanitize_markdown(cell.source) == cell.source


@pytest.mark.parametrize("text", HOSTILE)
def test_cleaning_leaves_nothing_to_clean(text: str) -> None:
    once = sanitize_markdown(text)
    page = markdown2html(once)
    assert sanitize_markdown(once) == once
    for tag in BeautifulSoup(page, "html.parser").find_all(True):
        assert tag.name not in ACTIVE
        assert set(tag.attrs) <= {"alt", "class", "href", "id", "open", "src", "style", "title"}
        assert not tag.attrs.get("href", "").startswith("javascript:")
    assert sanitize_raw(sanitize_raw(text)) == sanitize_raw(text)


def test_cleaning_twice_changes_nothing_more_whatever_the_text() -> None:
    for text in soups(150):
        once = sanitize_markdown(text)
        assert sanitize_markdown(once) == once, repr(text)


def test_of_hostile_markdown_the_honest_part_is_shown() -> None:
    text = "**Because** $a < b$:\n\n```python\nx = 1\n\n\ny = 2\n```\n"
    text += "<script>won()</script>\n\n- [x] ok"
    page = markdown2html(sanitize_markdown(text))
    assert "<strong>Because</strong>" in page
    assert "$a &lt; b$" in page
    assert "☑ ok" in page
    assert "Some HTML of this text is left out here." in page
    assert "<script" not in page
    assert '<span class="n">y</span>' in page


@pytest.mark.parametrize("steps", ["", "/", "../nbconvert/html/", "../../../../"])
def test_of_relative_links_only_those_to_lessons_stay(steps: str) -> None:
    lesson = "lessons/2_cnns/2_convolution.ipynb#A-layer:-from-volume-to-volume"
    assert sanitize_markdown(f"[a layer](../../{lesson})") == f"[a layer](../../{lesson})"
    assert "href" not in markdown2html(sanitize_markdown(f"[a layer]({steps}{lesson})"))


def test_a_picture_from_elsewhere_becomes_a_link_and_an_empty_one_its_text() -> None:
    page = markdown2html(sanitize_markdown("![my plot](https://i.example/a.png) ![own](plot.png)"))
    assert '<a href="https://i.example/a.png">my plot</a>' in page
    assert "own" in page
    assert "<img" not in page


@pytest.mark.parametrize(
    "text", ["a " * MAX_TEXT, "\\\\[" * 1000, "\\begin{a}" * 1000, "$$" * 1000]
)
def test_what_takes_long_to_read_is_shown_as_typed(text: str) -> None:
    assert sanitize_markdown(text) == preformatted(text)
    assert sanitize_markdown(preformatted(text)) == preformatted(text)


@pytest.mark.parametrize(
    "attribute",
    ["onclick=x", "style='position: fixed'", "class=full-credit", "id=test_double", "name=x"],
)
def test_no_attribute_gets_through_that_the_formgrader_could_take_for_its_own(
    attribute: str,
) -> None:
    for tag in ("a", "details", "div", "span", "td"):
        assert sanitize_html(f"<table><tr><td><{tag} {attribute}></table>").count("=") == 0


def test_raw_cells_show_as_typed_what_is_not_harmless() -> None:
    assert sanitize_raw("plain & <b>bold</b>") == preformatted("plain & <b>bold</b>")
    assert sanitize_raw("plain <b>bold</b>") == "plain <b>bold</b>"
    shown = sanitize_raw("<script>won()</script>")
    assert shown == "<pre>&lt;script&gt;won()&lt;/script&gt;</pre>"


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg"])
def test_a_picture_in_an_output_is_one_or_is_left_out(kind: str) -> None:
    data = {"text/plain": "x", "text/html": "<b>x</b>", kind: "iVBO\nRw=="}
    assert set(harmless_output(new_output("display_data", data)).data) == {"text/plain", kind}
    data[kind] = 'AAAA"><script>won()</script>'
    assert set(harmless_output(new_output("display_data", data)).data) == {"text/plain"}


def test_the_labs_own_texts_stay_with_their_pictures(book: LabNotebook) -> None:
    ours = "<span style='color: red'>Look:</span> ![p](attachment:p.png)"
    given = new_markdown_cell(ours, attachments={"p.png": {"image/png": "iVBO"}})
    book.source.cells.append(given)
    notebook = nbformat.from_dict(book.released)
    del notebook.cells[-1]["attachments"]  # as intake leaves it
    notebook.cells += [new_markdown_cell(f"{ours} "), new_raw_cell(ours)]
    make_texts_harmless(notebook, book)
    same, changed, raw = notebook.cells[-3:]
    assert (same.source, same.attachments) == (ours, given.attachments)
    assert "style" not in changed.source
    assert raw.source.startswith("<pre>&lt;span")


def test_a_notebooks_texts_take_no_longer_than_a_long_essay(book: LabNotebook) -> None:
    long = "**word** " * (MAX_TEXT // 10)
    notebook = nbformat.from_dict(book.released)
    notebook.cells += [new_markdown_cell(f"{place}{long}") for place in range(10)]
    make_texts_harmless(notebook, book)
    shown = [cell.source for cell in notebook.cells[-10:]]
    assert shown[0] == f"0{long}"
    assert shown[9] == preformatted(f"9{long}")


@pytest.mark.parametrize(
    ("tex", "part"),
    [
        (r"\frac{a}{b}", "<mfrac>"),
        (r"\text{out}[i, j] = \sum_{a} x_a", "<mtext>out</mtext>"),
        (r"a < b & c", ""),
        (r"\text{<script>}", "<mtext>&lt;script&gt;</mtext>"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "<mtable"),
        (r"\nosuchcommand{x}", ""),
        (r"\frac{1}{", ""),
        (r"\def\a{\b\b}\a", ""),
        (r"\newcommand{\a}{x}\a", ""),
        ("{" * 1500, ""),
        ("x" * (MAX_FORMULA + 1), ""),
    ],
)
def test_a_formula_becomes_mathml_or_stays_tex(tex: str, part: str) -> None:
    made = mathml(tex)
    assert bool(made) == bool(part)
    assert part in made


@pytest.mark.parametrize(
    "tex", [r"\href{javascript:won()}{x}", r"\style{background: url(//x)}{x}", r"\class{score}{x}"]
)
def test_a_formula_has_neither_links_nor_styles(tex: str) -> None:
    made = mathml(tex)
    assert "<mi>x</mi>" in made
    assert not {"href", "style=", "class", "score"} & set(made.replace('"', " ").split())
    assert "won" not in made
