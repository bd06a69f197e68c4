"""Text with terminal colours as HTML, in linear time and with a bounded number of colours.

nbconvert's filter of the same name copies the rest of the text at each code: 250,000 of them take
it eight seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from nbconvert.filters.ansi import _get_extended_color, _htmlconverter

from autograder.results.printable import cut, visible

MAX_COLOURS = 2000
"""Changes of colour in one text; what follows them has no colour."""
MAX_TEXT = 1_100_000
"""Characters of one text. A cell's outputs are cut to fewer before they get here."""
_CODE = re.compile(r"\x1b\[([0-?]{0,100})[ -/]{0,10}([@-~])")
_LINK_OR_TITLE = re.compile(r"\x1b\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)")
_BRIGHT = 8
"""What is added to the number of one of the eight colours for its bright variant."""
_Colour = int | tuple[int, int, int] | None


class _Style:
    """Colours and weight at one place of a text."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self._foreground: _Colour = None
        self._background: _Colour = None
        self._bold = self._underline = self._inverse = False

    def tags(self) -> tuple[str, str]:
        """Return the tags around text of this style; both are empty for plain text."""
        shown = self._foreground
        if self._bold and isinstance(shown, int) and shown < _BRIGHT:
            shown += _BRIGHT
        start, end = _htmlconverter(
            shown, self._background, self._bold, self._underline, self._inverse
        )
        return str(start), str(end)

    def apply(self, codes: str) -> None:
        """Change the style by the numbers of one code, such as ``1;31``; see ECMA-48, SGR."""
        try:
            numbers = [int(number or 0) for number in codes.split(";")]
        except ValueError:
            return  # not a colour: nbconvert leaves such a code out, too
        while numbers:
            self._apply_one(numbers.pop(0), numbers)

    def _apply_one(self, number: int, rest: list[int]) -> None:
        if number == 0:
            self._reset()
        elif number in (1, 5, 21, 22):
            self._bold = number < 20
        elif number in (4, 24):
            self._underline = number == 4
        elif number in (7, 27):
            self._inverse = number == 7
        elif number in (38, 48):
            self._apply_extended(number, rest)
        else:
            self._apply_colour(number)

    def _apply_extended(self, number: int, rest: list[int]) -> None:
        try:
            colour = _get_extended_color(rest)
        except (ValueError, IndexError):
            rest.clear()
            return
        if number == 38:
            self._foreground = colour
        else:
            self._background = colour

    def _apply_colour(self, number: int) -> None:
        colour = None if number % 10 == 9 else number % 10 + (_BRIGHT if number >= 90 else 0)
        if 30 <= number <= 39 or 90 <= number <= 97:
            self._foreground = colour
        elif 40 <= number <= 49 or 100 <= number <= 107:
            self._background = colour


def ansi2html(text: object) -> str:
    """Return a text as HTML with spans for its colours; takes the place of nbconvert's filter.

    Other terminal codes are left out. Control and invisible characters are shown as Python
    escapes, so that what is read is what is there.

    Args:
        text: an output of a student's.
    """
    source = cut(str(text), most=MAX_TEXT)
    return "".join(_parts(_LINK_OR_TITLE.sub("", _overprinted(source))))


def _overprinted(text: str) -> str:
    """Return text with lines that were printed over, such as a progress bar's, as they ended."""
    lines = text.replace("\x08", "").split("\n")
    return "\n".join(_last_version(line) if "\r" in line else line for line in lines)


def _last_version(line: str) -> str:
    return next((part for part in reversed(line.split("\r")) if part), "")


def _parts(text: str) -> Iterator[str]:
    style, place, left = _Style(), 0, MAX_COLOURS
    for code in _CODE.finditer(text):
        chunk = text[place : code.start()]
        place = code.end()
        if chunk:
            left -= 1
            yield _spanned(chunk, style if left > 0 else None)
        if code[2] == "m" and left > 0:
            style.apply(code[1])
    yield _spanned(text[place:], style if left > 0 else None)


def _spanned(chunk: str, style: _Style | None) -> str:
    start, end = style.tags() if style else ("", "")
    return f"{start}{escape(visible(chunk))}{end}" if chunk else ""
