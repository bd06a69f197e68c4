"""Formulas of a text as MathML, which browsers show without a script.

The text must be harmless already, see `autograder.nbgrader_plugin.sanitize`: a formula gets into
its page after that.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element, tostring

from jinja2 import pass_context
from jinja2.runtime import Context
from latex2mathml.converter import Converter
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from autograder.nbgrader_plugin.sanitize import TextRenderer

MAX_FORMULA = 2000
"""Characters of TeX that are converted; a longer formula stays TeX."""
_DEFINES = re.compile(r"\\([a-z]*def|let|(re)?new|provide|declare)", re.IGNORECASE)
"""What begins a definition, by which few characters can become a page of any size."""

_TOKENS = {"mi", "mn", "mo", "ms", "mspace", "mtext"}
_LAYOUT = {"math", "menclose", "mfrac", "mpadded", "mphantom", "mroot", "mrow", "msqrt", "mstyle"}
_SCRIPTS = {"mmultiscripts", "mover", "msub", "msubsup", "msup", "munder", "munderover"}
_ELEMENTS = frozenset(_TOKENS | _LAYOUT | _SCRIPTS | {"mtable", "mtd", "mtr"})
_ATTRIBUTES = {
    *("accent", "accentunder", "columnalign", "columnlines", "columnspacing", "columnspan"),
    *("depth", "display", "displaystyle", "fence", "form", "height", "largeop", "linethickness"),
    *("lspace", "mathcolor", "mathsize", "mathvariant", "maxsize", "minsize", "movablelimits"),
    *("notation", "rowlines", "rowspacing", "rspace", "scriptlevel", "separator", "stretchy"),
    *("symmetric", "voffset", "width"),
}
_WORDS_AND_LENGTHS = re.compile(r"[a-zA-Z0-9#%.+ -]{0,60}")


def mathml(tex: str, *, block: bool = False) -> str:
    """Return a formula as MathML; empty where it cannot be converted, or not in full.

    Args:
        tex: what stands between the marks of a formula; a student may have written it.
        block: whether the formula has a line of its own.
    """
    if len(tex) > MAX_FORMULA or _DEFINES.search(tex):
        return ""
    known = tex.replace("{aligned}", "{align*}")  # which the converter does not know
    try:
        tree = Converter(display="block" if block else "inline").convert_to_element(known)
        return tostring(_presentation(tree), encoding="unicode")
    except Exception:  # it meets malformed TeX with whatever comes up
        return ""


def _presentation(element: Element) -> Element:
    """Return a copy with nothing in it but symbols and their places: no link, style, class or id.

    Raises:
        ValueError: an element is of another kind, or a command of TeX was not understood.
    """
    text = unescape(element.text or "")  # the converter writes symbols as entities
    if element.tag not in _ELEMENTS or text.startswith("\\") or (element.tag, text) == ("mi", "&"):
        raise ValueError(f"not understood: {element.tag} {text}")
    made = Element(element.tag, {n: v for n, v in element.items() if _is_allowed(n, v)})
    made.text = text
    made.extend(map(_presentation, element))
    return made


def _is_allowed(name: str, value: str) -> bool:
    return name in _ATTRIBUTES and bool(_WORDS_AND_LENGTHS.fullmatch(value))


class _FormulaRenderer(TextRenderer):
    """nbconvert's renderer of Markdown, with MathML for each formula that can be converted."""

    def block_math(self, body: str) -> str:
        """Render ``$$...$$`` as MathML; called by the renderer."""
        return mathml(body, block=True) or super().block_math(body)

    def inline_math(self, body: str) -> str:
        """Render ``$...$`` as MathML; called by the renderer."""
        return mathml(body) or super().inline_math(body)

    def latex_environment(self, name: str, body: str) -> str:
        r"""``\begin{...}...\end{...}``; called by the renderer."""
        whole = rf"\begin{{{name}}}{body}\end{{{name}}}"
        return mathml(whole, block=True) or super().latex_environment(name, body)


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """Return a text as HTML; takes the place of nbconvert's filter in templates.

    Headings get no ids, which nbgrader's formgrader would take for those of its own fields.

    Args:
        context: the template's; its cell may have attachments.
        source: Markdown, harmless by `autograder.nbgrader_plugin.sanitize` unless it was given.
    """
    cell: Any = context.get("cell", {})
    renderer = _FormulaRenderer(
        escape=False, exclude_anchor_links=True, attachments=cell.get("attachments", {})
    )
    return MarkdownWithMath(renderer=renderer).render(source)
