"""Pictures that students paste into their texts: which are kept, and how a text refers to them.

JupyterLab keeps a pasted picture as an attachment of its cell, Colab and VS Code write its data
into the text. Here both become attachments, since a text with megabytes of data in it is
cut short wherever texts are limited.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from autograder.submissions.picture_sizes import why_not_shown

TYPES = ("image/gif", "image/jpeg", "image/png")
MAX_PICTURE_CHARACTERS = 8 * 2**20
"""Base64 characters of one picture: about 6 MB, more than a telephone's photo has."""
MAX_CHARACTERS = 16 * 2**20
"""Base64 characters of all pictures of a notebook."""
MAX_PICTURES = 50
LEFT_OUT = "*(A picture is left out here.)*"

_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*+")
_DATA = r"data:(image/(?:gif|jpeg|jpg|png));base64,([A-Za-z0-9+/=%]*+)"
_IN_TEXT = re.compile(r"\(\s*+<?" + _DATA + r">?(?:\s++\"[^\"\n]*+\")?+\s*+\)", re.IGNORECASE)
"""The data of ``![text](data:image/png;base64,...)``."""
_MAX_LABEL = 300
_TAG = re.compile(
    r"<img\b(?=[^<>]*?\bsrc\s*=\s*[\"']?(?:" + _DATA + r"|attachment:([^\"'<>\s]+)))[^<>]*>",
    re.IGNORECASE,
)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_SIGNATURES = {
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
}


@dataclass
class PictureBudget:
    """What pictures of one notebook may take, and how many were left out.

    Args:
        left: base64 characters that may still be kept.
        pictures: how many pictures may still be kept.
        refused: how many pictures were left out.
    """

    left: int = MAX_CHARACTERS
    pictures: int = MAX_PICTURES
    refused: int = 0

    def admits(self, kind: str, data: Any) -> bool:
        """Return whether a picture is kept, and count it.

        Args:
            kind: its MIME type.
            data: what should be base64 characters.
        """
        small = isinstance(data, str) and len(data) <= min(self.left, MAX_PICTURE_CHARACTERS)
        if small and self.pictures and is_picture(kind, data):
            self.left -= len(data)
            self.pictures -= 1
            return True
        self.refused += 1
        return False


def is_picture(kind: str, data: str) -> bool:
    """Return whether data are base64 of a picture of that type with a bearable size.

    Args:
        kind: the MIME type that it claims to have.
        data: base64 characters.
    """
    if kind not in TYPES or not _BASE64.fullmatch(data):
        return False
    if why_not_shown(data):  # also what cannot be decoded
        return False
    return base64.b64decode(data).startswith(_SIGNATURES[kind])


@dataclass
class _Kept:
    """A text's pictures by the names that it calls them by."""

    budget: PictureBudget
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)

    def name_for(self, kind: str, data: str) -> str:
        """Keep a picture that stands in the text; return its name, empty if it is left out."""
        kind = "image/jpeg" if kind.lower() == "image/jpg" else kind.lower()
        data = unquote(data)
        if not self.budget.admits(kind, data):
            return ""
        return self.add({kind: data})

    def add(self, bundle: dict[str, str], name: str = "") -> str:
        """Keep a picture under its name, or under a new one if that has odd characters."""
        number = len(self.pictures) + 1
        while not _PLAIN_NAME.fullmatch(name) or name in self.pictures:
            name, number = f"picture-{number}", number + 1
        self.pictures[name] = bundle
        return name


def with_pictures_attached(
    source: str, attachments: Mapping[str, Mapping[str, Any]], budget: PictureBudget
) -> tuple[str, dict[str, dict[str, str]]]:
    """Return a text whose pictures are all attachments, and the attachments.

    Args:
        source: Markdown; pictures may be in it as data.
        attachments: pictures by name and type, as the notebook has them.
        budget: what may be kept; it is changed.
    """
    kept = _Kept(budget)
    for name, bundle in attachments.items():
        good = {kind: data for kind, data in bundle.items() if budget.admits(kind, data)}
        if good:
            source = _renamed(source, name, kept.add(good, name))
    source = _TAG.sub(lambda found: _tag(found, kept), source)
    return _with_references(source, kept), kept.pictures


def _with_references(source: str, kept: _Kept) -> str:
    """Return the text with references in place of the data of its pictures."""
    parts, place = [], 0
    for found in _IN_TEXT.finditer(source):
        before = source[place : found.start()]
        if name := kept.name_for(found[1], found[2]):
            parts += [before, f"(attachment:{name})"]
        else:
            parts += [_without_label(before), LEFT_OUT]
        place = found.end()
    return "".join([*parts, source[place:]])


def _without_label(text: str) -> str:
    """Return the text up to the ``![label]`` that ends it."""
    begin = text.rfind("![", max(0, len(text) - _MAX_LABEL))
    return text[:begin] if begin >= 0 and text.endswith("]") else text


def _renamed(source: str, name: str, kept_as: str) -> str:
    """Return the text with a picture called by the name that it is kept under."""
    if name == kept_as:
        return source
    for written in (f"<attachment:{name}>", f"attachment:{quote(name)}", f"attachment:{name}"):
        source = source.replace(written, f"attachment:{kept_as}")
    return source


def _tag(found: re.Match[str], kept: _Kept) -> str:
    """Return an ``<img>`` as Markdown's own picture, whose attachment every program shows."""
    name = found[3] or kept.name_for(found[1], found[2])
    return f"![](attachment:{name})" if name else LEFT_OUT
