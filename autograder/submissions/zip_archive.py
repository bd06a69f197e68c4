"""Reads notebooks out of a ZIP archive that a student handed in, in bounded time and memory."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

MAX_MEMBERS = 500
_MAX_DIRECTORY_BYTES = 2**18
_END = b"PK\x05\x06"
_END_BYTES = 22
_MAX_COMMENT = 2**16
_LARGE_END = b"PK\x06\x07"
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Other methods may ask for gigabytes before the first byte comes out."""


class BadArchive(ValueError):
    """The archive is damaged, or larger than is read."""


def members(
    data: bytes, *, wanted: Callable[[str], bool], most: int
) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of an archive's files.

    Args:
        data: the archive.
        wanted: whether a file of that name is read.
        most: bytes that all of these may have together.

    Raises:
        BadArchive: it cannot be read, or holds more than is read.
    """
    _require_small_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                if not member.is_dir() and wanted(member.filename):
                    content = _content(archive, member, most)
                    most -= len(content)
                    yield member.filename, content
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, ValueError) as error:
        raise BadArchive(str(error)[:160]) from None
    except (EOFError, NotImplementedError, RuntimeError) as error:
        raise BadArchive(str(error)[:160] or "it ends in the middle") from None


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    if member.flag_bits & 1:
        raise BadArchive(f"{member.filename!r} is encrypted")
    if member.compress_type not in _READABLE:
        raise BadArchive(f"{member.filename!r} is compressed in a way that is not read")
    if member.file_size > most:
        raise BadArchive("its notebooks are too large together")
    with archive.open(member) as file:
        return file.read(most)  # never more than the size that was promised


def _require_small_directory(data: bytes) -> None:
    """Raise BadArchive unless the table of contents is small.

    `zipfile` makes an object of each entry before it says how many there are.
    """
    place = data.rfind(_END, max(0, len(data) - _END_BYTES - _MAX_COMMENT))
    end = data[place : place + _END_BYTES] if place >= 0 else b""
    if len(end) < _END_BYTES:
        raise BadArchive("it has no table of contents")
    count, size, _, comment = struct.unpack("<HIIH", end[10:])
    if place + _END_BYTES + comment != len(data) or data[place - 20 :].startswith(_LARGE_END):
        raise BadArchive("its table of contents is not as usual")
    if count > MAX_MEMBERS or size > _MAX_DIRECTORY_BYTES:
        raise BadArchive(f"it has more than {MAX_MEMBERS} files")
