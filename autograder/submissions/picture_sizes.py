"""The size that a picture unfolds to, read from its head; nothing is decoded here.

A PNG file of 20 KB can hold 30,000 x 30,000 pixels, which take a browser several gigabytes.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator

MAX_PIXELS = 40_000_000
"""Pixels of one picture, all its frames together: 12 x 8 inches at 600 dots per inch fit."""
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_MAX_SCANS = 30
"""Passes over a progressive JPEG, each of which takes as long as a whole picture."""
_SHORTEST = 24
"""Bytes that the head of each of these formats takes at least."""
_JPEG_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_JPEG_ALONE = {0x01, *range(0xD0, 0xD9)}


class NotAPicture(ValueError):
    """The data are not what their type says."""


def pixels(data: str) -> int:
    """Return how many pixels a picture unfolds to, all frames together.

    Args:
        data: a PNG, JPEG or GIF file in Base64. Browsers go by the data, too, and not by the
            type that an output names.

    Raises:
        NotAPicture: the data are not such a file, or it is damaged.
    """
    if not _BASE64.fullmatch(data):
        raise NotAPicture("not in Base64")
    try:
        decoded = base64.b64decode("".join(data.split()), validate=True)
        read = next((read for head, read in _READERS.items() if decoded.startswith(head)), None)
        if len(decoded) < _SHORTEST:
            return 0  # nothing that could be unfolded
        if read is None:
            raise NotAPicture("neither PNG nor JPEG nor GIF")
        return read(decoded)
    except (binascii.Error, IndexError) as error:
        raise NotAPicture("damaged") from error


def why_not_shown(data: object, *, most: int = MAX_PIXELS) -> str:
    """Return why a picture cannot be put into a page; empty if it can.

    Args:
        data: the file in Base64.
        most: pixels that it may have.
    """
    try:
        found = pixels(data if isinstance(data, str) else "%")
    except NotAPicture:
        return "it is damaged or not a picture"
    return "" if found <= most else f"it has {found:,} pixels, and {most:,} are shown"


def _png(data: bytes) -> int:
    if data[12:16] != b"IHDR":
        raise NotAPicture("a PNG file without a size")
    one = _big(data[16:20]) * _big(data[20:24])
    return one * max(1, sum(_frames_of_png(data)))


def _frames_of_png(data: bytes) -> Iterator[int]:
    """Yield the numbers of frames that an animated PNG file announces."""
    place = 8
    while place + 8 <= len(data):
        size, name = _big(data[place : place + 4]), data[place + 4 : place + 8]
        if name == b"acTL":
            yield _big(data[place + 8 : place + 12])
        place += size + 12


def _jpeg(data: bytes) -> int:
    sizes = list(_sizes_of_jpeg(data))
    if not sizes:
        raise NotAPicture("a JPEG file without a size")
    scans = data.count(b"\xff\xda")
    return max(sizes) * (1 if scans <= _MAX_SCANS else scans)


def _sizes_of_jpeg(data: bytes) -> Iterator[int]:
    place = 2
    while place + 9 <= len(data):
        marker = data[place + 1]
        if data[place] != 0xFF:  # compressed data
            place = data.find(b"\xff", place) % (len(data) + 1)
        elif marker == 0xFF:  # a byte that only fills
            place += 1
        elif marker == 0x00 or marker in _JPEG_ALONE:
            place += 2
        else:
            if marker in _JPEG_SIZES:
                yield _big(data[place + 5 : place + 7]) * _big(data[place + 7 : place + 9])
            place += 2 + _big(data[place + 2 : place + 4])


def _gif(data: bytes) -> int:
    screen = _little(data[6:8]) * _little(data[8:10])
    frames = list(_frames_of_gif(data))
    return max([screen, *frames]) * max(1, len(frames))


def _frames_of_gif(data: bytes) -> Iterator[int]:
    """Yield each frame's pixels; one may be larger than the file's screen."""
    place = 13 + _colour_table(data[10])
    while place < len(data) and data[place] != 0x3B:
        if data[place] == 0x2C:
            yield _little(data[place + 5 : place + 7]) * _little(data[place + 7 : place + 9])
            place = _after_blocks(data, place + 11 + _colour_table(data[place + 9]))
        elif data[place] == 0x21:
            place = _after_blocks(data, place + 2)
        else:
            raise NotAPicture("a damaged GIF file")


def _colour_table(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, place: int) -> int:
    while data[place]:
        place += data[place] + 1
    return place + 1


def _big(part: bytes) -> int:
    return int.from_bytes(part, "big")


def _little(part: bytes) -> int:
    return int.from_bytes(part, "little")


_READERS: dict[bytes, Callable[[bytes], int]] = {
    b"\x89PNG\r\n\x1a\n": _png,
    b"\xff\xd8": _jpeg,
    b"GIF87a": _gif,
    b"GIF89a": _gif,
}
"""What reads a file that begins so."""
