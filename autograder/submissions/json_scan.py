"""Reads parts of a JSON text of any size without building the rest of it.

`json.loads` makes an object of every value, so that a text of 20 MiB can take a gigabyte. A
`JsonCursor` walks over the bytes instead: what is not asked for is skipped by regular expressions
that neither recurse nor remember.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

MAX_STEPS = 2_000_000
"""Brackets, members and elements that are looked at one by one in a text."""
MAX_DEPTH = 60
_MAX_KEY_BYTES = 400

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_FLAT = rb'[^"\[\]{}]++|' + _STRING
_LEVELS = 4


def _nested(levels: int) -> bytes:
    """Return a pattern of what stands between two brackets that are nested deeper than `levels`."""
    if not levels:
        return _FLAT
    inner = rb"(?:" + _nested(levels - 1) + rb")*+"
    return _FLAT + rb"|\[" + inner + rb"\]|\{" + inner + rb"\}"


_RUN = re.compile(rb"(?:" + _nested(_LEVELS) + rb")*+", re.DOTALL)
_WHOLE_STRING = re.compile(_STRING, re.DOTALL)
_WORD = re.compile(rb'[^\s,:"\[\]{}]++')
_BLANK = re.compile(rb"[ \t\r\n]*+")
_TAIL = re.compile(rb"[\s\0]*+")
"""What may stand behind the end: some programs pad a file with NULs."""
_TEXT = re.compile(
    _STRING + rb"|\[\s*+(?:" + _STRING + rb"\s*+(?:,\s*+" + _STRING + rb"\s*+)*+)?+\]", re.DOTALL
)


class NotJson(ValueError):
    """The bytes are no JSON text, or too large a part of them would have to be read."""


class JsonCursor:
    """A place in a JSON text.

    Args:
        data: the text, as UTF-8 or in any other encoding that keeps ASCII.
        start: where it begins.

    Attributes:
        guessed: whether some text was not UTF-8 and was read as Windows-1252.
    """

    def __init__(self, data: bytes, start: int = 0) -> None:
        self._data = data
        self._place = start
        self._steps = 0
        self.guessed = False

    @property
    def place(self) -> int:
        """The byte at which the next value or sign begins."""
        return self._place

    def members(self) -> Iterator[str]:
        """Yield the keys of an object; what the caller does not read of a value is skipped."""
        yield from self._parts(b"{", b"}", keyed=True)

    def elements(self) -> Iterator[None]:
        """Yield once for each element of an array; what is not read of it is skipped."""
        for _ in self._parts(b"[", b"]", keyed=False):
            yield

    def _parts(self, begin: bytes, end: bytes, *, keyed: bool) -> Iterator[str]:
        self._expect(begin)
        if self._accept(end):
            return
        while True:
            key = self._key() if keyed else ""
            self._blank()
            before = self._place
            yield key
            if self._place == before:
                self.skip()
            self._step()
            if not self._accept(b","):
                self._expect(end)
                return

    def begins(self, with_: bytes) -> bool:
        """Return whether the next value begins with a character."""
        self._blank()
        return self._next() == with_

    def skip(self) -> None:
        """Move behind the next value."""
        self._blank()
        first = self._next()
        if first in (b"{", b"["):
            self._skip_nested()
        else:
            self._match(_WHOLE_STRING if first == b'"' else _WORD)

    def _skip_nested(self) -> None:
        depth = 0
        while True:
            here = self._next()
            if here in (b"{", b"["):
                depth += 1
                if depth > MAX_DEPTH:
                    raise NotJson(f"nested more than {MAX_DEPTH} deep")
            elif here in (b"}", b"]"):
                depth -= 1
            else:
                raise NotJson(self._what_is_wrong())
            self._place += 1
            self._step()
            if not depth:
                return
            self._match(_RUN)

    def value(self, *, most: int) -> Any:
        """Return the next value, read; None if it takes more than `most` bytes or is no JSON."""
        raw = self._raw(most)
        try:
            return None if raw is None else json.loads(self._decoded(raw), strict=False)
        except (ValueError, RecursionError):
            return None

    def text(self, *, most: int) -> list[str] | None:
        """Return the next value, a string or an array of strings, as a list of strings.

        Args:
            most: bytes that it may take.

        Returns:
            The strings; None if it takes more bytes.

        Raises:
            NotJson: the value is something else.
        """
        raw = self._raw(most)
        if raw is None:
            return None
        if not _TEXT.fullmatch(raw):
            raise NotJson("a text in it is neither a string nor a list of strings")
        try:
            found = json.loads(self._decoded(raw), strict=False)
        except ValueError as error:
            raise NotJson(str(error)) from None
        return found if isinstance(found, list) else [found]

    def _raw(self, most: int) -> bytes | None:
        self._blank()
        begin = self._place
        self.skip()
        return self._data[begin : self._place] if self._place - begin <= most else None

    def _decoded(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            self.guessed = True
            return raw.decode("cp1252", "replace")

    def finish(self) -> None:
        """Raise NotJson unless nothing but blanks and NULs follows."""
        if not _TAIL.fullmatch(self._data, self._place):
            raise NotJson(f"there is more behind its end, at byte {self._place:,}")

    def _key(self) -> str:
        self._blank()
        begin = self._place
        self._match(_WHOLE_STRING)
        raw = self._data[begin : self._place][: _MAX_KEY_BYTES + 1]
        self._expect(b":")
        try:
            return str(json.loads(self._decoded(raw), strict=False))
        except ValueError:
            return ""  # none of those that are looked for

    def _match(self, pattern: re.Pattern[bytes]) -> None:
        found = pattern.match(self._data, self._place)
        if found is None:
            raise NotJson(self._what_is_wrong())
        self._place = found.end()

    def _blank(self) -> None:
        self._match(_BLANK)

    def _next(self) -> bytes:
        return self._data[self._place : self._place + 1]

    def _accept(self, character: bytes) -> bool:
        self._blank()
        found = self._next() == character
        self._place += found
        return found

    def _expect(self, character: bytes) -> None:
        if not self._accept(character):
            raise NotJson(self._what_is_wrong())

    def _what_is_wrong(self) -> str:
        if self._place >= len(self._data):
            return "it ends in the middle"
        return f"unexpected {self._data[self._place : self._place + 10]!r} at byte {self._place:,}"

    def _step(self) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise NotJson(f"it has more than {MAX_STEPS:,} parts")
