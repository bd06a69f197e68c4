"""Text of students made safe to open: nothing in it runs, and nothing is fetched from afar.

A page holds what a student wrote in two ways: as the HTML that nbconvert makes of Markdown, which
keeps raw HTML, and as raw cells, which are HTML already. `sanitize_html` cleans a page that is
being made; `sanitize_markdown` and `sanitize_raw` clean a cell's source, for pages that others
make of it, such as nbgrader's formgrader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

import bleach
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.nbgrader_plugin.highlighting import is_quickly_read
from autograder.results.printable import visible
from autograder.submissions.picture_sizes import why_not_shown

MAX_TEXT = 12_000
"""Characters of a text cell that are read as Markdown; longer ones are shown as they were typed."""
_MAX_OPENED = 200
"""Marks that begin a formula: for each, nbconvert looks for its end through all the rest."""
_MOST_ROUNDS = 4
_OPENS_FORMULA = re.compile(r"\\\\[\[(]|\\begin\{|\$\$")

_TEXT = {"a", "b", "br", "code", "del", "em", "i", "img", "s", "span", "strong", "sub", "sup"}
_BLOCKS = {"blockquote", "details", "div", "hr", "p", "pre", "summary"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LISTS = {"dd", "dl", "dt", "li", "ol", "table", "tbody", "td", "th", "thead", "tr", "ul"}
_TAGS = frozenset(_TEXT | _BLOCKS | _HEADINGS | _LISTS)

_ANYTHING = re.compile(r".*", re.DOTALL)
_LENGTH = re.compile(r"\d{1,4}%?")
_SPAN = re.compile(r"\d{1,3}")
_ALIGNMENT = re.compile(r"text-align: ?(left|right|center);?")
# Of relative links only a lab's own ones to lessons: others reach into the page's own server.
_HREF = r"(https?://|mailto:|#|(\.\./){1,3}lessons/\w+/\w+\.ipynb($|#)).*"
_ATTRIBUTES = {
    ("*", "title"): _ANYTHING,
    ("a", "href"): re.compile(_HREF, re.DOTALL | re.IGNORECASE),
    ("code", "class"): re.compile(r"language-[\w+#.-]+"),
    ("details", "open"): re.compile(r"(open)?"),
    ("div", "class"): re.compile(r"highlight"),
    ("img", "alt"): _ANYTHING,
    ("img", "height"): _LENGTH,
    ("img", "src"): re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*"),
    ("img", "width"): _LENGTH,
    ("li", "class"): re.compile(r"task-list-item"),
    ("ol", "start"): re.compile(r"\d{1,9}"),
    ("span", "class"): re.compile(r"[a-z][a-z0-9]{0,2}"),  # of highlighted code
    **{(cell, name): _SPAN for cell in ("td", "th") for name in ("colspan", "rowspan")},
    **{(cell, "style"): _ALIGNMENT for cell in ("td", "th")},
}
_PYTHON = {"ipython", "ipython3", "py", "python", "python3"}
_LEFT_OUT = "<p><em>(Some HTML of this text is left out here.)</em></p>"
_BOX = re.compile(r'<input class="task-list-item-checkbox" type="checkbox" disabled( checked)?/>')
_VOID_END = re.compile(r"<(br|hr|img [^<>]*?) ?/>")
_BLANK_LINE = re.compile(r"\n(?=[^\S\n]*\n)")
_EMPTY_PICTURE = re.compile(r"<img(?![^<>]* src=)[^<>]*>")
_TEXT_OF_PICTURE = re.compile(r' alt="([^"<>]*)"')
_PREFORMATTED = re.compile(r"<pre>[^<]*</pre>")


class _CheckedCss:
    """Lets a style pass, which `_is_allowed` has looked at."""

    def sanitize_css(self, style: str) -> str:
        """Return the style as it is; called by bleach."""
        return style


def sanitize_html(html: str) -> str:
    """Return HTML of a notebook's text without anything that a browser would run or fetch.

    Links stay; of pictures those stay whose data are in the page.

    Args:
        html: what a text cell became; a student may have put raw HTML into it.
    """
    cleaner = bleach.Cleaner(
        tags=_TAGS,
        attributes=_is_allowed,
        protocols={"data", "http", "https", "mailto"},
        strip=True,
        css_sanitizer=_CheckedCss(),
    )
    cleaned: str = cleaner.clean(_BOX.sub(_box, html))
    return cleaned


def sanitize_markdown(source: str, *, pictures: Sequence[str] = ()) -> str:
    """Return a Markdown cell's source that becomes a harmless page in any hands.

    What is harmless comes back as it is. Of the rest the page is made and cleaned here, and comes
    back as one block of HTML, which Markdown leaves alone. Cleaning twice changes nothing more.

    Args:
        source: what a student wrote.
        pictures: names of the cell's attachments, which were checked when it was loaded. Each is
            shown once: where the text has it, or below the text.
    """
    text = without_pictures_below(source, pictures)
    if len(text) > MAX_TEXT or len(_OPENS_FORMULA.findall(text)) > _MAX_OPENED:
        return with_pictures_below(preformatted(text), pictures)
    stand_ins = {name: {"image/png": f"{number:08d}"} for number, name in enumerate(pictures)}
    page = _rendered(text, TextRenderer, stand_ins)
    if page is not None and _is_sanitized(page):
        counts = {name: page.count(f",{stand_ins[name]['image/png']}") for name in pictures}
        if max(counts.values(), default=0) <= 1:
            return with_pictures_below(text, [name for name in pictures if not counts[name]])
    return with_pictures_below(_cleaned(text), pictures)


def with_pictures_below(text: str, pictures: Sequence[str]) -> str:
    """Return a text with attachments shown below it."""
    return text + "".join(map(_picture_below, pictures))


def without_pictures_below(text: str, pictures: Sequence[str]) -> str:
    """Return a text as it was before `with_pictures_below`."""
    for name in reversed(pictures):
        text = text.removesuffix(_picture_below(name))
    return text


def _picture_below(name: str) -> str:
    return f"\n\n![{name}](attachment:{name})"


def _cleaned(source: str) -> str:
    """Return the page of a Markdown source, cleaned, as one block of HTML."""
    page = f"{_rendered(source, _WithoutRemotePictures) or ''}{_LEFT_OUT}"
    for _ in range(_MOST_ROUNDS):  # a browser puts some odd nesting right only bit by bit
        page = _as_one_block(_EMPTY_PICTURE.sub(_its_text, sanitize_html(page)))
        if _is_sanitized(page):
            return page
    return preformatted(source)


def sanitize_raw(source: str) -> str:
    """Return a raw cell's source if it is harmless, else the source as preformatted text."""
    is_harmless = len(source) <= MAX_TEXT and _is_sanitized(source)
    return source if is_harmless else preformatted(source)


def preformatted(text: str) -> str:
    """Return text as HTML and Markdown that show it just as it was typed."""
    if _PREFORMATTED.fullmatch(text):
        return text
    return f"<pre>{escape(text, quote=False)}</pre>"


class TextRenderer(IPythonRenderer):
    """nbconvert's renderer of Markdown with colours only for code in Python that is quickly read.

    The lexers of other languages may take any time for a line that is made for it.
    """

    def block_code(self, code: str, info: str | None = None) -> str:
        """Return a block of code; called by the renderer."""
        if info and info.startswith("mermaid"):  # not escaped, so it must be looked at
            return str(self.block_mermaidjs(code))
        language = (info or "").split(maxsplit=1)[:1]
        if language and language[0].lower() in _PYTHON and is_quickly_read(code):
            return str(super().block_code(visible(code), info=language[0].lower()))
        return f"<pre><code>{escape(code, quote=False)}</code></pre>\n"


class _WithoutRemotePictures(TextRenderer):
    """A picture from elsewhere becomes a link to it, so that nobody learns who looked and when."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return a picture whose data are here, or a link; called for ``![text](url)``."""
        if url.startswith("attachment:"):  # it is shown below the text
            return text
        if url.startswith("data:"):
            return str(super().image(text, url, title))
        return str(self.link(text or escape(url), url, title))


def _rendered(
    source: str,
    renderer: type[IPythonRenderer],
    attachments: Mapping[str, dict[str, str]] | None = None,
) -> str | None:
    """Return the page of some Markdown; None if the renderer fails."""
    made = renderer(escape=False, exclude_anchor_links=True, attachments=dict(attachments or {}))
    try:
        return MarkdownWithMath(renderer=made).render(source)
    except Exception:  # a missing attachment, or whatever odd text leads to
        return None


def _as_one_block(html: str) -> str:
    """Return HTML that Markdown takes for one block, because no line of it is blank."""
    return f"<div>{_BLANK_LINE.sub('&#10;', html.strip())}</div>"


def _is_sanitized(html: str) -> bool:
    """Return whether sanitizing changes no character, so that each tag is known and closed."""
    plain = _VOID_END.sub(r"<\1>", _BOX.sub(_box, html))
    return sanitize_html(plain) == plain


def _its_text(picture: re.Match[str]) -> str:
    found = _TEXT_OF_PICTURE.search(picture.group())
    return found.group(1) if found else ""


def _box(found: re.Match[str]) -> str:
    return "☑ " if found.group(1) else "☐ "


def _is_allowed(tag: str, name: str, value: str) -> bool:
    pattern = _ATTRIBUTES.get((tag, name)) or _ATTRIBUTES.get(("*", name))
    if not pattern or not pattern.fullmatch(value):
        return False
    return (tag, name) != ("img", "src") or not why_not_shown(value.partition(",")[2])
