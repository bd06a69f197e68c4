"""Text of students made safe to print: no control characters, no invisible reordering, an end."""

from __future__ import annotations

import logging
import re

_ESCAPE_SEQUENCE = re.compile(
    r"\x1b\[[0-?]{0,200}[ -/]{0,20}[@-~]|\x1b\][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)"
)
"""Terminal codes: colours and cursor movements, window titles and links."""
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters except tab and newline
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Characters that print as nothing or reorder their neighbours. The joiners that emoji and several
scripts need (U+200C and U+200D) are not among them."""
_MAX_LOG_LINE = 20_000
_ROOM_FOR_THE_NOTE = 60
"""A text that is longer by no more than this stays whole, so that cutting twice cuts once."""


def visible(text: str) -> str:
    r"""Return the text with its control and invisible characters written as Python escapes.

    Args:
        text: any text.

    Returns:
        The text in which, for example, U+202E reads ``\u202e``. Newlines and tabs stay.
    """
    return _INVISIBLE.sub(_escape, text.replace("\r\n", "\n"))


def printable(text: str, *, most: int) -> str:
    """Return the text as it may be shown in a panel, a report or a terminal.

    Terminal codes are removed, other control characters and invisible ones become visible, and
    text over the limit is cut with a line that says so. Doing it twice changes nothing more.

    Args:
        text: any text, also from an enemy.
        most: characters that are kept.
    """
    scanned = text[: 4 * most]  # so that a text of any size takes a bounded time
    cleaned = visible(_ESCAPE_SEQUENCE.sub("", scanned))
    unread = len(text) - len(scanned)
    return cut(cleaned, most=most, unread=unread)


def cut(text: str, *, most: int, unread: int = 0) -> str:
    """Return the text up to a limit, with a note of how much was left out.

    Args:
        text: any text.
        most: characters that are kept.
        unread: characters that followed the text and are not in it.
    """
    missing = max(len(text) - most, 0) + unread
    if missing <= _ROOM_FOR_THE_NOTE:
        return text
    return f"{text[:most]} [… {missing:,} more characters are not shown]"


def one_line(text: str, *, most: int) -> str:
    """Return the text as one printable line.

    Args:
        text: any text.
        most: characters that are kept.
    """
    return printable(" ".join(text[: 4 * most].split()), most=most)


class PrintableFormatter(logging.Formatter):
    """Formats log records for a terminal: they may hold an error's text that a student wrote."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as printable text; called by a handler."""
        return printable(super().format(record), most=_MAX_LOG_LINE)


def _escape(found: re.Match[str]) -> str:
    number = ord(found.group())
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
