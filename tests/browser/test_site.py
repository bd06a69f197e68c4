"""The site: what its pages show, that they stand alone, and that they give nothing away."""

from __future__ import annotations

import html
import importlib
import inspect
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser, Page, expect

from autograder.course.course import Course
from autograder.course.leaks import HIDDEN_TEST, SOLUTION_LINE, secret_lines
from scripts import build_site
from scripts.site_sources import for_site, with_alternatives

pytestmark = pytest.mark.slow

LESSON = "lessons/1_fundamentals/3_optimizers"
LAB = "labs/lab1_convolution/convolution"
WIDE = ("index", LESSON, LAB, "docs/attacks", "docs/concepts", "docs/instructor", "search")
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def site(root, tmp_path_factory) -> Path:
    """The built site."""
    folder = tmp_path_factory.mktemp("site") / "site"
    build_site.build(root, folder)
    return folder


@pytest.fixture(scope="session")
def soups(site) -> dict[Path, BeautifulSoup]:
    """All its pages."""
    pages = sorted(site.rglob("*.html"))
    return {page: BeautifulSoup(page.read_bytes(), "html.parser") for page in pages}


@pytest.fixture
def asked(page) -> list[str]:
    """Addresses outside the site's files that the browser has asked for."""
    others: list[str] = []
    own = ("file:", "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else others.append(r.url))
    return others


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """An empty tab; a picture of it at the end lies in the test's temporary folder."""
    context = browser.new_context()
    page = context.new_page()
    yield page
    page.screenshot(path=tmp_path / "page.png")
    context.close()


def _addresses(soup: BeautifulSoup) -> Iterator[str]:
    for name in ("href", "src"):
        yield from (tag[name] for tag in soup.find_all(attrs={name: True}))


# What the pages show


def test_every_lesson_lab_and_text_has_a_page(root, site):
    sources = [*root.glob("lessons/*/[!.]*.ipynb"), *root.glob("labs/*/*.ipynb")]
    sources += root.glob("docs/**/*.md")
    assert len(sources) > 10
    pages = [site / path.relative_to(root).with_suffix(".html") for path in sources]
    assert [page for page in pages if not page.exists()] == []


def _public(module: str) -> Iterator[str]:
    """Names of what a module makes public: its submodules, or what it lists or defines."""
    loaded = importlib.import_module(module)
    own = [name for name, v in vars(loaded).items() if getattr(v, "__module__", "") == module]
    for name in getattr(loaded, "__all__", None) or own:
        thing = getattr(loaded, name, None)
        if thing is None or inspect.ismodule(thing):
            yield from _public(f"{module}.{name}")
        elif (inspect.isclass(thing) or inspect.isroutine(thing)) and not name.startswith("_"):
            yield f"{thing.__module__ if thing.__module__.endswith('.errors') else module}.{name}"


@pytest.mark.parametrize("package", ["coursekit", "autograder"])
def test_the_reference_has_an_entry_for_each_public_name_and_no_other(soups, site, package):
    page = soups[site / "docs" / "reference" / f"{package}.html"]
    entries = {
        tag["id"] for tag in page.select("dl.class > dt, dl.function > dt, dl.exception > dt")
    }
    assert entries == set(_public(package))


def test_every_link_leads_to_a_page_and_a_place_on_it(soups, site):
    ids = {page: {tag["id"] for tag in soup.find_all(id=True)} for page, soup in soups.items()}
    for page, soup in soups.items():
        for address in _addresses(soup):
            path, _, anchor = address.partition("#")
            if not re.match(r"\w+:", address):
                goal = (page.parent / unquote(path.partition("?")[0])).resolve() if path else page
                assert goal.is_file(), (page, address)
                if anchor and goal in ids:
                    assert unquote(anchor) in ids[goal], (page, address)


def test_labs_and_lessons_lead_to_each_other(soups, site):
    links = {page: set(_addresses(soup)) for page, soup in soups.items()}
    assert "../../lessons/2_cnns/2_convolution.html#what-it-is-not" in links[site / f"{LAB}.html"]
    assert "../../labs/lab3_backprop/backprop.html" in links[site / f"{LESSON}.html"]
    concepts = links[site / "docs/concepts.html"]
    assert "../lessons/1_fundamentals/3_optimizers.html#optimizers" in concepts


def test_every_picture_has_a_text(soups):
    pictures = [(page, tag) for page, soup in soups.items() for tag in soup.find_all("img")]
    assert len(pictures) > 30
    for page, tag in pictures:
        alt = tag.get("alt", "")
        assert len(alt) > 30, (page, tag["src"])
        assert not alt.endswith(".png"), (page, "a file's name is no text")


def test_a_picture_of_a_lesson_says_what_is_seen(soups, site):
    alt = soups[site / f"{LESSON}.html"].find("img")["alt"]
    assert alt.startswith("four times the same parabola with a path on it")


def test_formulas_need_no_script(soups, site):
    page = soups[site / f"{LESSON}.html"]
    assert len(page.find_all("math")) > 5
    assert "\\frac" not in page.get_text()


@pytest.mark.browser
def test_the_search_finds_a_word_of_a_lesson(page, site, asked):
    page.goto((site / "search.html").as_uri() + "?q=ravine")
    results = page.locator("#search-results")
    expect(results.get_by_role("link", name="Lesson 1.3")).to_be_visible()
    assert asked == []


# That they stand alone


def test_no_page_loads_anything_from_elsewhere(soups):
    for page, soup in soups.items():
        loaded = [tag["src"] for tag in soup.find_all(src=True)]
        loaded += [tag["href"] for tag in soup.find_all("link", href=True)]
        assert [one for one in loaded if re.match(r"(?!data:)\w*:|//", one)] == [], page


@pytest.mark.browser
@pytest.mark.parametrize("name", WIDE)
def test_a_page_fits_a_phone_and_asks_nobody(page, site, asked, name):
    page.set_viewport_size(PHONE)
    page.goto((site / f"{name}.html").as_uri(), wait_until="networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.locator(".content").is_visible()
    assert asked == []


def test_a_dead_link_and_a_formula_that_cannot_be_shown_stop_the_build(tmp_path, capfd):
    (tmp_path / "index.md").write_text("# Home\n\n[a page](nowhere.md) $\\notacommand{x}$\n")
    with pytest.raises(subprocess.CalledProcessError):
        build_site.render(tmp_path, tmp_path / "site")
    said = capfd.readouterr().err
    assert "nowhere.md" in said
    assert r"this formula cannot be shown: \notacommand{x}" in said


# That they give nothing away


def test_the_pages_show_nothing_of_solutions_and_hidden_tests(root, site):
    assert [str(leak) for leak in build_site.leaks(root, site)] == []


@pytest.mark.parametrize("kind", [SOLUTION_LINE, HIDDEN_TEST])
@pytest.mark.parametrize("name", [LAB, LESSON])
def test_a_planted_line_is_found_though_it_is_coloured(root, tmp_path, kind, name):
    lines = secret_lines(Course.load(root).lab("lab1_convolution"))
    secret = max((line for line, what in lines.items() if what == kind), key=len)
    coloured = " ".join(f"<span>{html.escape(word)}</span>" for word in secret.split(" "))
    page = tmp_path / f"{name}.html"
    page.parent.mkdir(parents=True)
    page.write_text(f"<pre>\n    {coloured}\n</pre>")
    (leak,) = build_site.leaks(root, tmp_path)
    assert (leak.path, leak.line.strip()) == (Path(f"{name}.html"), secret)


def test_a_mark_on_a_labs_page_is_a_leak_and_in_the_docs_it_is_not(root, tmp_path):
    for name in (f"{LAB}.html", "docs/lab-author.html"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("<pre>### BEGIN SOLUTION</pre>")
    assert {leak.path for leak in build_site.leaks(root, tmp_path)} == {Path(f"{LAB}.html")}


# What is laid out


@pytest.mark.parametrize(
    ("link", "on_the_site"),
    [
        ("[a](../README.md)", "[a](../index.md)"),
        ("[a](x.ipynb#A-layer:-from-volume)", "[a](x.ipynb#a-layer-from-volume)"),
        ("[a](x.ipynb#One-number-for-%22how-bad%22)", "[a](x.ipynb#one-number-for-how-bad)"),
        ("[a](#walls)", "[a](#walls)"),
        ("[a](https://example.org/A-b#C-d)", "[a](https://example.org/A-b#C-d)"),
    ],
)
def test_links_are_fitted_to_the_site(link, on_the_site):
    assert for_site(link) == on_the_site


@pytest.mark.parametrize("before", [True, False])
def test_a_pictures_text_stands_in_a_cell_beside_it(before):
    told = new_markdown_cell("Look.\n\n*What you see: a **red**\nline at `x` = $2$.*\n\nMore.")
    picture = new_output("display_data", {"image/png": "", "text/plain": "<Figure>"})
    drawn = new_code_cell("draw()", outputs=[picture])
    notebook = new_notebook(cells=[told, drawn] if before else [drawn, told])
    with_alternatives(notebook)
    assert drawn.metadata.mystnb.image.alt == "a red line at x = 2."
    nbformat.validate(notebook)
