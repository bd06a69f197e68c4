"""Code in colours, as far as that takes a bounded time; long code as plain text, cut at a limit.

The lexers of pygments take 50 µs and 300 bytes of page a token, and the square of the length of a
line or of a run of white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters import Highlight2HTML

from autograder.nbgrader_plugin.fair_share import fair_share
from autograder.results.printable import visible

MAX_COLOURED = 60_000
"""Characters of code that one page shows in colours, the shortest cells first."""
MAX_CODE = 1_000_000
"""Characters of code that one page shows at all, all cells together."""
_LONGEST_LINE = 1000
_LONGEST_GAP = 500
_SIZES = "autograder_code_sizes"
"""Key in nbconvert's resources, which live as long as one page is being made."""
_GAP = re.compile(r"\s+")


@pass_context
def highlight_code(context: Context, source: str, **_: Any) -> str:
    """Return a cell's code as HTML; takes the place of nbconvert's filter in templates.

    Args:
        context: the template's; its notebook says how much code there is in all.
        source: the cell's code.
    """
    sizes = _code_sizes(context)
    if len(source) <= _longest_coloured(sizes) and is_quickly_read(source):
        html: str = Highlight2HTML(pygments_lexer="ipython3")(visible(source))
        return html
    return plain_code(source, most=fair_share(sizes, MAX_CODE))


def plain_code(source: str, *, most: int) -> str:
    """Return code as HTML without colours, up to a limit, with a line that says what is left out.

    Args:
        source: the code.
        most: characters that are shown.
    """
    html = f'<div class="highlight"><pre>{escape(visible(source[:most]))}</pre></div>'
    if len(source) <= most:
        return html
    rest = f"{len(source) - most:,} more characters of this cell are not shown on this page"
    return f"{html}<p><em>({rest}; the notebook that was handed in has them.)</em></p>"


def is_quickly_read(source: str) -> bool:
    """Return whether Python's lexer reads the code in time linear in its length."""
    longest_line = max(map(len, source.splitlines()), default=0)
    longest_gap = max(map(len, _GAP.findall(source)), default=0)
    return longest_line <= _LONGEST_LINE and longest_gap <= _LONGEST_GAP


def _code_sizes(context: Context) -> list[int]:
    """Return the lengths of the notebook's code cells; found out once a page."""
    kept: dict[str, Any] = context.get("resources", {})
    if _SIZES not in kept:
        notebook = context.get("nb") or {}
        code = (cell for cell in notebook.get("cells", ()) if cell["cell_type"] == "code")
        kept[_SIZES] = [len(cell["source"]) for cell in code]
    sizes: list[int] = kept[_SIZES]
    return sizes


def _longest_coloured(sizes: Iterable[int]) -> int:
    """Return the length up to which cells are coloured, so that all of these fit a page."""
    total = 0
    for size in sorted(sizes):
        total += size
        if total > MAX_COLOURED:
            return size - 1
    return MAX_COLOURED
