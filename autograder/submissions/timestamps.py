"""Reads the time of a hand-in from its ``timestamp.txt``; a time that is not certain is no time.

nbgrader reads the file with dateutil, which takes a time zone that it does not know, such as
``EDT``, for UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.errors import MissingFile, UnreadableSubmission
from autograder.submissions.untrusted import read_untrusted

FILE = "timestamp.txt"
MAX_BYTES = 1000
_MAX_CHARACTERS = 100
_AROUND = "\ufeff\0 \t\r\n"
_YEARS = range(1990, 2200)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
_ZONE = r"(?P<zone>\S(?:.*\S)?)?"
_DAY = r"(?P<day>\d{1,2})"
_MONTH = r"(?P<name>[A-Za-z]{3})[a-z]*\.?"
_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = r"(?:[A-Za-z]+,?\s+)?"
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        # 2026-01-31 10:00:00.5 UTC, as nbgrader writes it, and 2026/01/31T10:00Z
        rf"{_YEAR}[-/.](?P<month>\d{{1,2}})[-/.]{_DAY}[Tt, ]\s*{_CLOCK}\s*{_ZONE}",
        # 20260131T100000Z
        rf"{_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})[Tt ]"
        rf"(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})(?P<part>)\s*{_ZONE}",
        # Sat, 31 Jan 2026 10:00:00 +0100, as in a mail
        rf"{_WEEKDAY}{_DAY}[ -]{_MONTH}[ -]{_YEAR}\s+{_CLOCK}\s*{_ZONE}",
        # Sat Jan 31 10:00:00 UTC 2026, as the command `date` writes it
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_CLOCK}\s+(?:(?P<zone>\S+)\s+)?{_YEAR}",
        # Jan 31, 2026 10:00 UTC
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR},?\s+{_CLOCK}\s*{_ZONE}",
    )
)
_UTC = frozenset({"", "UTC", "GMT", "Z", "UCT", "ETC/UTC", "UTC+0", "GMT+0"})
_OFFSET = re.compile(r"(?:(?:UTC|GMT|[A-Z]{2,5}\s)\s?)?([+-])(\d{2}):?(\d{2})(?:\s*\([^()]*\))?")
_HOURS = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})()")
_PLACE = re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+){1,2}")


class UnknownTime(ValueError):
    """A text from which no point in time can be read with certainty."""


@dataclass(frozen=True)
class HandInTime:
    """When something was handed in.

    Args:
        time: the time in UTC, without a zone as nbgrader keeps it; None if it is not known.
        note: why it is not known although there is a file for it; empty otherwise.
        text: the time as the file has it.
    """

    time: datetime | None = None
    note: str = ""
    text: str = ""


def hand_in_time(folder: Path, *, below: Path, zone: str = "") -> HandInTime:
    """Return when a folder was handed in, by its ``timestamp.txt``.

    Args:
        folder: what a student handed in for a lab.
        below: a trusted folder above it; see `autograder.submissions.untrusted.read_untrusted`.
        zone: the time zone in which the course's exchange writes times, such as
            ``America/New_York``; by it an abbreviation such as ``EDT`` is understood.
    """
    try:
        data = read_untrusted(folder / FILE, below=below, most=MAX_BYTES)
        text = _text(data).strip(_AROUND)
        return HandInTime(parse_time(text, zone=zone), text=text)
    except MissingFile:
        return HandInTime()  # collected by other means than the exchange
    except UnreadableSubmission as error:
        return HandInTime(note=f"the time of the hand-in is not known: {_first_part(error)}")
    except UnknownTime as error:
        return HandInTime(note=f"the time of the hand-in is not known: {FILE} {error}")


def _first_part(error: UnreadableSubmission) -> str:
    return str(error).partition(";")[0]


def _text(data: bytes) -> str:
    """Return the file's text; PowerShell writes UTF-16."""
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise UnknownTime("is no text") from None


def parse_time(text: str, *, zone: str = "") -> datetime:
    """Return the point in time that a text names, in UTC and without a zone.

    Args:
        text: a date and a time of day; without a zone they are UTC, as nbgrader means them.
        zone: the time zone by which abbreviations are understood.

    Raises:
        UnknownTime: it names none, or one that is not certain.
    """
    plain = text.strip(_AROUND)
    if not plain or len(plain) > _MAX_CHARACTERS:
        raise UnknownTime("is empty" if not plain else "is too long for a time")
    for form in _FORMS:
        if found := form.fullmatch(plain):
            return _time_of(found.groupdict(), plain, zone)
    raise UnknownTime(f"says {plain[:40]!r}, which is no date with a time of day")


def _time_of(parts: dict[str, str | None], plain: str, zone: str) -> datetime:
    try:
        naive = datetime(
            int(parts["year"] or 0),
            _month(parts),
            int(parts["day"] or 0),
            int(parts["hour"] or 0),
            int(parts["minute"] or 0),
            int(parts["second"] or 0),
            int((parts.get("part") or "").ljust(6, "0")[:6]),
        )
        if naive.year not in _YEARS:
            raise ValueError("year out of range")
        where = _zone(parts.get("zone") or "", naive, zone)
        return naive.replace(tzinfo=where).astimezone(UTC).replace(tzinfo=None)
    except UnknownTime:
        raise
    except (ValueError, OverflowError):
        raise UnknownTime(f"says {plain[:40]!r}, which is no possible time") from None


def _month(parts: dict[str, str | None]) -> int:
    if name := parts.get("name"):
        return _MONTHS.index(name.lower()) + 1
    return int(parts["month"] or 0)


def _zone(text: str, naive: datetime, course_zone: str) -> tzinfo:
    """Return the zone of a time.

    Raises:
        UnknownTime: it is an abbreviation, which may mean several zones, or none at all.
    """
    upper = text.upper()
    if upper in _UTC:
        return UTC
    if found := _OFFSET.fullmatch(upper) or _HOURS.fullmatch(upper):
        sign, hours, minutes = found.groups()
        size = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-size if sign == "-" else size)
    offsets = _offsets_of_place(text, naive) or _offsets_of_abbreviation(upper, naive, course_zone)
    if len(offsets) == 1:
        return timezone(offsets.pop())
    raise UnknownTime(
        f"has the time zone {text[:20]!r}, which is not certain; write UTC or an offset such as "
        "+0200"
    )


def _offsets_of_place(name: str, naive: datetime) -> set[timedelta]:
    """Return the UTC offsets of a time at a place; two when clocks go back."""
    zone = _known_zone(name) if _PLACE.fullmatch(name) else None
    return set() if zone is None else {_offset(naive, zone, fold) for fold in (0, 1)}


def _offsets_of_abbreviation(name: str, naive: datetime, course_zone: str) -> set[timedelta]:
    zone = _known_zone(course_zone) if course_zone else None
    if zone is None:
        return set()
    named = [f for f in (0, 1) if naive.replace(tzinfo=zone, fold=f).tzname() == name]
    return {_offset(naive, zone, fold) for fold in named}


def _offset(naive: datetime, zone: ZoneInfo, fold: int) -> timedelta:
    return naive.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta()


def _known_zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return None
