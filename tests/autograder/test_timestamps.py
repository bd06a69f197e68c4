"""The time of a hand-in is read with certainty or not at all."""

from __future__ import annotations

import contextlib
import os
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from autograder.submissions.timestamps import HandInTime, UnknownTime, hand_in_time, parse_time

TEN = datetime(2026, 7, 1, 10)


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-01 10:00:00 UTC",
        "2026-07-01 10:00:00.000000 UTC",
        "2026-07-01 10:00:00",
        "2026-07-01T10:00:00Z",
        "2026/07/01 10:00 GMT",
        "20260701T100000Z",
        "2026-07-01 12:00:00 +0200",
        "2026-07-01 12:00:00+02:00",
        "2026-07-01 06:00:00 EDT -0400",
        "2026-07-01 12:00:00 UTC+2",
        "2026-07-01 12:00:00 Europe/Berlin",
        "Wed, 01 Jul 2026 06:00:00 -0400 (EDT)",
        "Wed Jul  1 10:00:00 UTC 2026",
        "July 1, 2026 10:00",
        "\ufeff 2026-07-01 10:00:00 UTC \r\n",
    ],
)
def test_a_time_that_is_certain_is_read(text: str) -> None:
    assert parse_time(text) == TEN


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        (" \r\n\0", "is empty"),
        ("soon", "no date with a time of day"),
        ("2026-07-01", "no date with a time of day"),
        ("10:00", "no date with a time of day"),
        ("07/01/2026 10:00", "no date with a time of day"),
        ("99999-01-01 10:00:00 UTC", "no date with a time of day"),
        ("9999-12-31 23:59:59 -1200", "no possible time"),
        ("0001-01-01 00:00:00 +1200", "no possible time"),
        ("2026-02-30 10:00:00 UTC", "no possible time"),
        ("2026-07-01 10:00:00 +9999", "no possible time"),
        ("2026-07-01 10:00:00 EDT", "time zone 'EDT', which is not certain"),
        ("2026-07-01 10:00:00 EST", "time zone 'EST', which is not certain"),
        ("2026-07-01 10:00:00 EST5", "time zone 'EST5', which is not certain"),
        ("Wed Jul  1 10:00:00 EDT 2026", "time zone 'EDT', which is not certain"),
        ("2026-07-01 10:00:00 ../../etc/passwd", "which is not certain"),
        ("2026-07-01 10:00:00 No/Where", "which is not certain"),
        ("2026-10-25 02:30:00 Europe/Berlin", "which is not certain"),
        ("2026-07-01 10:00:00 UTC" + "0" * 100, "is too long"),
    ],
)
def test_a_time_that_is_not_certain_is_no_time(text: str, why: str) -> None:
    with pytest.raises(UnknownTime, match=why):
        parse_time(text)


def test_an_abbreviation_is_understood_by_the_zone_of_the_courses_exchange() -> None:
    zone = "America/New_York"
    assert parse_time("2026-07-01 06:00:00 EDT", zone=zone) == TEN
    assert parse_time("2026-11-01 01:30:00 EDT", zone=zone) == datetime(2026, 11, 1, 5, 30)
    assert parse_time("2026-11-01 01:30:00 EST", zone=zone) == datetime(2026, 11, 1, 6, 30)
    for text in ("2026-07-01 06:00:00 EST", "2026-07-01 06:00:00 PDT"):
        with pytest.raises(UnknownTime):
            parse_time(text, zone=zone)


def test_any_text_is_a_time_or_unknown() -> None:
    random = np.random.default_rng(3)
    letters = list("0123456789-:/. TZUC+,JanFeb\n\0é(")
    for _ in range(5000):
        with contextlib.suppress(UnknownTime):
            parse_time("".join(random.choice(letters, random.integers(40))))


def _time(folder: Path) -> HandInTime:
    return hand_in_time(folder, below=folder.parent)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A hand-in's folder."""
    folder = tmp_path / "ada"
    folder.mkdir()
    return folder


def test_no_file_is_no_time_without_a_note(folder: Path) -> None:
    assert _time(folder) == HandInTime()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_file_is_read_in_every_encoding_that_editors_write(folder: Path, encoding: str) -> None:
    (folder / "timestamp.txt").write_bytes("2026-07-01 10:00:00 UTC\r\n".encode(encoding))
    assert _time(folder).time == TEN
    assert _time(folder).note == ""


@pytest.mark.parametrize("what", ["pipe", "link", "folder", "large", "bytes", "nonsense"])
def test_a_file_that_is_none_is_a_note_of_one_line(folder: Path, what: str) -> None:
    path = folder / "timestamp.txt"
    if what == "pipe":
        os.mkfifo(path)
    elif what == "link":
        (folder / "other.txt").write_text("2026-07-01 10:00:00 UTC", encoding="utf-8")
        path.symlink_to("other.txt")
    elif what == "folder":
        path.mkdir()
    elif what == "large":
        with path.open("wb") as file:
            file.truncate(2 * 2**30)
    else:
        path.write_bytes(b"\xff\x00\x9c" if what == "bytes" else b"soon")
    found = _time(folder)
    assert found.time is None
    assert found.note.startswith("the time of the hand-in is not known: timestamp.txt ")
    assert "\n" not in found.note
    assert "notebook" not in found.note
