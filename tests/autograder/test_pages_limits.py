"""Pages of hand-ins have an end: in size, in colours, in pixels; and no character hides another."""

from __future__ import annotations

import base64
import copy
import io
import logging
import random
import re
from collections.abc import Iterator

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.ansi import ansi2html as ansi2html_of_nbconvert
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.server_extensions.formgrader import handlers
from PIL import Image
from traitlets.config import Config

from autograder import configure
from autograder.course.lab import LabNotebook
from autograder.nbgrader_plugin.ansi import MAX_COLOURS, ansi2html
from autograder.nbgrader_plugin.fair_share import fair_share
from autograder.nbgrader_plugin.feedback import FeedbackExporter
from autograder.nbgrader_plugin.highlighting import MAX_CODE, MAX_COLOURED
from autograder.nbgrader_plugin.page_limits import (
    MAX_OUTPUT_TEXT,
    MAX_OUTPUTS,
    MAX_PAGE_PIXELS,
    MAX_PICTURE_TEXT,
    MAX_WRITTEN,
    limit_attachments,
    limit_outputs,
    limit_texts,
)
from autograder.nbgrader_plugin.panel import brief, panel_html, panel_text
from autograder.nbgrader_plugin.preprocessors import harmless_output, make_texts_harmless
from autograder.nbgrader_plugin.sanitize import sanitize_markdown
from autograder.results.marks import Message
from autograder.results.printable import PrintableFormatter, one_line, printable, visible
from autograder.results.verdict import CellVerdict, Verdict
from autograder.submissions.picture_sizes import MAX_PIXELS, NotAPicture, pixels, why_not_shown

REORDERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROLS = "".join(map(chr, [*range(9), 11, 12, *range(14, 32), *range(127, 160)]))
HIDING = re.compile(f"[{re.escape(CONTROLS + REORDERING)}]")


def _exporters() -> Iterator[HTMLExporter]:
    """Yield what makes the feedback page and what makes the formgrader's."""
    config = Config()
    configure(config)
    yield FeedbackExporter(config=config)
    formgrader = Config()
    configure(formgrader)
    formgrader.HTMLExporter.template_name = "formgrade"
    formgrader.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    yield HTMLExporter(config=formgrader)


@pytest.fixture(params=["feedback", "formgrader"])
def exporter(request: pytest.FixtureRequest) -> HTMLExporter:
    return dict(zip(["feedback", "formgrader"], _exporters(), strict=True))[request.param]


def _page(exporter: HTMLExporter, *cells: NotebookNode) -> str:
    nbgrader = {"notebook": "n", "score": 0, "max_score": 1, "tasks": [], "late_penalty": 0}
    names = ("assignment_id", "notebook_id", "submission_id", "base_url")
    resources = {"nbgrader": nbgrader, "index": 0, "total": 1, **dict.fromkeys(names, "")}
    page, _ = exporter.from_notebook_node(new_notebook(cells=list(cells)), resources)
    return str(page).partition("<body")[2]


def _printing(*texts: str) -> NotebookNode:
    return new_code_cell("x", outputs=[new_output("stream", text=text) for text in texts])


def _picture(width: int, height: int, kind: str = "PNG", frames: int = 1, **more: object) -> str:
    """Return a picture of one colour in Base64; a GIF or PNG file may have several frames."""
    images = [Image.new("RGB", (width, height), (30 * n, 0, 0)) for n in range(frames)]
    options = {"save_all": True, "append_images": images[1:]} if frames > 1 else {}
    with io.BytesIO() as file:
        images[0].save(file, kind, **options, **more)
        return base64.b64encode(file.getvalue()).decode()


def _claiming(width: int, height: int) -> str:
    """Return the head of a PNG file of some size, in Base64."""
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    sizes = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return base64.b64encode(head + sizes + bytes(20)).decode()


# Colours


def test_colours_are_those_of_nbconvert() -> None:
    rng = random.Random(0)
    codes = ["", "0", "1", "4", "7", "22", "24", "27", "31", "39", "41", "49", "91", "97", "101"]
    codes += ["38;5;3", "38;5;100", "48;5;250", "38;2;1;2;3", "48;2;1;2;300", "1;31", "x", "99"]
    pieces = ["a", "<b>", "&", "'", "\n", "\t", "\x1b[2K", *(f"\x1b[{code}m" for code in codes)]
    for _ in range(3000):
        text = "".join(rng.choices(pieces, k=rng.randint(0, 12)))
        wanted = ansi2html_of_nbconvert(text).replace("&#39;", "&#x27;")
        assert ansi2html(text) == wanted, repr(text)


@pytest.mark.parametrize("code", ["\x1b[38m", "\x1b[48;5m", "\x1b[38;2;1m", f"\x1b[{'9' * 50}m"])
def test_a_colour_code_that_ends_too_early_is_left_out(code: str) -> None:
    assert ansi2html(f"a{code}b") == "ab"


def test_colours_end_and_the_text_goes_on() -> None:
    html = ansi2html("\x1b[1ma\x1b[0m" * 50_000)
    assert html.count("<span") <= MAX_COLOURS
    assert BeautifulSoup(html, "html.parser").text == "a" * 50_000


@pytest.mark.parametrize("text", ["\x1b[" * 300_000, "\x1b]" * 300_000, "\x1b[" + "1;" * 300_000])
def test_codes_without_an_end_are_read_in_one_pass(text: str) -> None:
    assert "\x1b" not in ansi2html(text)


def test_a_progress_bar_is_shown_as_it_ended() -> None:
    bar = "\r\x1b[1m1/2\x1b[0m loss 3" + "\x08" * 20 + "\r\x1b[1m2/2\x1b[0m loss 1\nnext\r\n"
    assert BeautifulSoup(ansi2html(bar), "html.parser").text == "2/2 loss 1\nnext\n"


# Code


def test_code_of_ordinary_size_is_in_colours(exporter: HTMLExporter) -> None:
    page = _page(exporter, *[new_code_cell(f"def f{n}(x):\n    return x + {n}") for n in range(60)])
    assert page.count('<span class="k">def</span>') == 60


def test_long_code_is_plain_and_cut_and_costs_short_code_nothing(exporter: HTMLExporter) -> None:
    long = f"x = [{'1,' * MAX_CODE}1]"
    page = _page(exporter, new_code_cell(long), new_code_cell("def f():\n    return 1"))
    assert len(page) < 1.2 * MAX_CODE
    assert page.count('<span class="mi">1</span>') == 1
    assert '<span class="k">def</span>' in page
    assert "more characters of this cell are not shown on this page" in page


def test_of_all_code_only_so_much_is_in_colours(exporter: HTMLExporter) -> None:
    lines = [*range(400, 440), *[500] * 200]
    page = _page(exporter, *[new_code_cell("\n".join(["1+1"] * count)) for count in lines])
    coloured = page.count('<span class="mi">1</span>') // 2
    assert sum(lines[:30]) <= coloured <= MAX_COLOURED / len("1+1\n")
    assert page.count("1+1") == sum(lines) - coloured


@pytest.mark.parametrize("code", ["." * 5000, "*" * 5000, "a." * 2500, f"a{' ' * 5000}b"])
def test_code_that_takes_a_lexer_long_is_plain(exporter: HTMLExporter, code: str) -> None:
    page = _page(exporter, new_code_cell(code))
    assert code in page
    assert '<span class="o">' not in page


def test_code_shows_characters_that_reorder_it(exporter: HTMLExporter) -> None:
    for size in (1, MAX_COLOURED):
        source = f"access = 'user{REORDERING}{CONTROLS}'" + "\nx" * size
        page = _page(exporter, new_code_cell(source))
        assert not HIDING.search(page)
        assert r"\u202e" in page


@pytest.mark.parametrize("language", ["python", "ipython3", "perl", "ada", "c++", ""])
def test_code_in_a_text_is_in_colours_only_if_that_is_quick(language: str) -> None:
    dots = "." * 5000
    for code, coloured in (("x = 1", language in ("python", "ipython3")), (dots, False)):
        page = _page(next(_exporters()), new_markdown_cell(f"```{language}\n{code}\n```"))
        assert ("<span class=" in page) == coloured
        assert coloured or code in page


# Outputs


def test_one_cell_without_end_costs_the_others_nothing(exporter: HTMLExporter) -> None:
    notebook = new_notebook(cells=[_printing("short one"), _printing("<" * 3 * MAX_OUTPUT_TEXT)])
    notebook.cells += [_printing(f"number {n}") for n in range(200)]
    limit_outputs(notebook)
    nbformat.validate(notebook)
    page = _page(exporter, *notebook.cells)
    assert len(page) < 6 * MAX_OUTPUT_TEXT
    assert all(f"number {n}\n" in page.replace("<", "\n") for n in range(200))
    assert page.count("[output cut: the outputs of this notebook are too long together") == 1


def test_outputs_of_all_cells_together_have_an_end() -> None:
    cell = _printing(*["x"] * 100)
    notebook = new_notebook()
    notebook.cells = [copy.copy(cell) for _ in range(300)]
    limit_outputs(notebook)
    counts = [len(cell.outputs) for cell in notebook.cells]
    assert set(counts) == {MAX_OUTPUTS // 300 + 1}
    assert "[output cut" in notebook.cells[-1].outputs[-1].text


def test_of_a_long_error_the_end_is_kept_which_names_it() -> None:
    trace = ["\n".join(["frame"] * MAX_OUTPUT_TEXT), "ValueError: the end"]
    error = new_output("error", ename="ValueError", evalue="x" * MAX_OUTPUT_TEXT, traceback=trace)
    notebook = new_notebook(cells=[new_code_cell("x", outputs=[error])])
    limit_outputs(notebook)
    assert notebook.cells[0].outputs[0].traceback[0].endswith("ValueError: the end")
    assert len(nbformat.writes(notebook)) < 20_000


def test_ordinary_outputs_stay_as_they_are() -> None:
    shown = {"image/png": _picture(640, 480), "text/plain": "<Figure>"}
    picture = new_output("display_data", shown)
    notebook = new_notebook(cells=[_printing("a\n" * 1000), new_code_cell("x", outputs=[picture])])
    before = nbformat.writes(notebook)
    limit_outputs(notebook)
    assert nbformat.writes(notebook) == before


def test_text_of_an_output_in_lines_is_one_text() -> None:
    lines = {"output_type": "display_data", "metadata": {}, "data": {"text/plain": ["a\n", "b"]}}
    assert harmless_output(lines).data["text/plain"] == "a\nb"


# Pictures


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (_picture(300, 200), 60_000),
        (_picture(300, 200, "JPEG"), 60_000),
        (_picture(300, 200, "JPEG", progressive=True), 60_000),
        (_picture(300, 200, "GIF"), 60_000),
        (_picture(300, 200, "GIF", frames=7), 420_000),
        (_picture(300, 200, "PNG", frames=5), 300_000),
        (_claiming(30_000, 30_000), 900_000_000),
    ],
    ids=["png", "jpeg", "progressive", "gif", "gif frames", "png frames", "bomb"],
)
def test_pixels_are_read_from_the_head(data: str, wanted: int) -> None:
    assert pixels(data) == wanted


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_a_picture_cut_anywhere_is_read_or_refused(kind: str) -> None:
    whole = base64.b64decode(_picture(64, 48, kind, frames=1 if kind == "JPEG" else 3))
    for end in range(0, len(whole), 7):
        try:
            assert pixels(base64.b64encode(whole[:end]).decode()) <= 3 * 64 * 48
        except NotAPicture:
            continue


@pytest.mark.parametrize("kind", ["BMP", "WEBP", "TIFF"])
def test_a_picture_of_another_format_is_not_shown_under_any_type(kind: str) -> None:
    assert why_not_shown(_picture(300, 200, kind))
    output = new_output("display_data", {"image/png": _picture(300, 200, kind)})
    assert set(harmless_output(output).data) == {"text/plain"}


def test_a_jpeg_counts_with_its_passes() -> None:
    data = base64.b64decode(_picture(300, 200, "JPEG")) + b"\xff\xda" * 1000
    assert pixels(base64.b64encode(data).decode()) > 1000 * 60_000


def test_a_picture_that_unfolds_too_far_is_replaced_by_a_line() -> None:
    shown = {"image/png": _claiming(30_000, 30_000), "text/plain": "<Figure>"}
    data = harmless_output(new_output("display_data", shown)).data
    reason = f"it has 900,000,000 pixels, and {MAX_PIXELS:,} are shown"
    assert data == {"text/plain": f"[a picture that is not shown here: {reason}]"}


def test_pictures_together_have_an_end_and_small_ones_stay() -> None:
    large, small = _claiming(5000, 5000), _picture(640, 480)
    bulky = small + "A" * (MAX_PICTURE_TEXT // 4)
    outputs = [new_output("display_data", {"image/png": p}) for p in [large, bulky, small] * 20]
    notebook = new_notebook(cells=[new_code_cell("x", outputs=outputs)])
    limit_outputs(notebook)
    kept = [o.data["image/png"] for o in notebook.cells[0].outputs if "image/png" in o.data]
    assert kept.count(small) == 20
    assert sum(map(len, kept)) <= MAX_PICTURE_TEXT
    assert sum(map(pixels, kept)) <= MAX_PAGE_PIXELS


def test_a_picture_in_a_text_keeps_to_the_same_limit() -> None:
    small, bomb = _picture(8, 8), _claiming(30_000, 30_000)
    honest = f"![a](data:image/png;base64,{small})"
    assert sanitize_markdown(honest) == honest
    for text in (
        f"![b](data:image/png;base64,{bomb})",
        f"<img src='data:image/gif;base64,{bomb}'>",
    ):
        assert bomb not in sanitize_markdown(text)
    pasted = {"a.png": {"image/png": small}, "b.png": {"image/png": bomb}}
    cell = new_markdown_cell("![](attachment:a.png) ![](attachment:b.png)", attachments=pasted)
    limit_attachments(new_notebook(cells=[cell]))
    assert cell.attachments["a.png"]["image/png"] == small
    assert pixels(cell.attachments["b.png"]["image/png"]) == 1
    assert "(A picture, b.png, is not shown here: it has 900,000,000 pixels" in cell.source


# Texts


def test_long_texts_are_cut_and_short_ones_stay(book: LabNotebook) -> None:
    notebook = nbformat.from_dict(book.released)
    notebook.cells += [new_markdown_cell("**Because.**"), new_markdown_cell("&" * 4_000_000)]
    limit_texts(notebook)
    make_texts_harmless(notebook, book)
    short, long = (cell.source for cell in notebook.cells[-2:])
    assert short == "**Because.**"
    assert len(long) < 6 * MAX_WRITTEN
    assert "more characters are not shown" in long


def test_a_share_leaves_small_parts_whole() -> None:
    rng = random.Random(1)
    for _ in range(300):
        sizes = [rng.choice([0, 5, 40, 1000, 10**7]) for _ in range(rng.randint(1, 30))]
        share = fair_share(sizes, 5000)
        assert sum(min(size, share) for size in sizes) <= 5000
        assert sum(sizes) > 5000 or share >= max(sizes)


# Characters


@pytest.mark.parametrize("text", ["naïve 中文 שלום עברית", "👩‍🔬 μ = 0.5 °C", "می‌خواهم", "a\tb\nc"])
def test_text_in_any_script_stays_as_it_is(text: str) -> None:
    assert visible(text) == printable(text, most=100) == text


def test_what_hides_or_reorders_text_becomes_visible() -> None:
    shown = printable(f"a{CONTROLS}{REORDERING}\ud800z", most=1000)
    assert not HIDING.search(shown)
    assert shown.isprintable()
    assert (shown[0], shown[-1]) == ("a", "z")
    for escape in (r"\x00", r"\x07", r"\x9f", r"\u202e", r"\u2069", r"\ud800"):
        assert escape in shown


def test_terminal_codes_are_left_out_of_a_message() -> None:
    text = "\x1b[31mred\x1b[0m \x1b]8;;javascript:x\x07link\x1b]8;;\x07"
    assert printable(text, most=100) == "red link"


@pytest.mark.parametrize("text", ["x" * 10**6, "\x1b[1m" * 10**6, "\u202e" * 10**6])
def test_long_text_is_cut_and_cutting_twice_changes_nothing(text: str) -> None:
    once = printable(text, most=500)
    assert len(once) < 600
    assert once.endswith("more characters are not shown]")
    assert printable(once, most=500) == once
    assert "\n" not in one_line(f"a\nb{text}", most=50)


def test_panels_and_verdicts_hide_nothing() -> None:
    bad = f"{CONTROLS}{REORDERING}" + "x" * 10**5
    messages = (Message("diagnosis", bad, bad), Message("problem", bad, bad))
    mark = CellVerdict("test_a", 0, 1, "failed", messages)
    verdict = Verdict("ada", "lab", "n", "k", (mark,), notes=(bad,) * 5000, unreadable=bad)
    shown = [brief(mark), panel_text(mark), panel_html(mark), verdict.unreadable, *verdict.notes]
    assert not any(HIDING.search(text) for text in shown)
    assert "\n" not in brief(mark)
    assert sum(map(len, shown)) < 400_000
    assert verdict.notes[-1] == "4,900 more notes are not shown"


def test_a_log_line_on_the_terminal_hides_nothing() -> None:
    error = ValueError(f"{CONTROLS}{REORDERING}\x1b]0;title\x07")
    record = logging.LogRecord(
        "x", logging.ERROR, "", 0, "a\x1b[2Jb", (), (ValueError, error, None)
    )
    shown = PrintableFormatter().format(record)
    assert shown.startswith("ab\nValueError: ")
    assert not HIDING.search(shown)
    assert "title" not in shown
