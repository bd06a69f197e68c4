"""Attacks by files that block, grow or mislead whoever reads a hand-in."""

from __future__ import annotations

import base64
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.attacks.model import HARMFUL, NOT_THERE, Tamper
from tests.attacks.submitting import (
    UNREAD,
    beside,
    edited,
    file_attack,
    handed_in_as,
    link_named,
)


def _pipes(*names: str) -> Tamper:
    """Puts pipes beside the notebook."""

    def tamper(folder: Path, notebook: NotebookNode) -> NotebookNode:
        for name in names:
            os.mkfifo(folder / name)
        return notebook

    return tamper


def _sparse(name: str, size: int) -> Tamper:
    """Puts a file beside the notebook, or in its place, that is large and takes no room."""

    def tamper(folder: Path, notebook: NotebookNode) -> NotebookNode | None:
        with (folder / name).open("wb") as file:
            file.write(json.dumps(notebook).encode())
            file.truncate(size)
        return None if name == "attacked.ipynb" else notebook

    return tamper


def _headings(notebook: NotebookNode) -> str:
    cells = [{"cell_type": "heading", "level": 10**7, "source": "x", "metadata": {}}] * 150
    return _sheets([{"cells": cells, "metadata": {}}])


def _sheets(sheets: list[dict[str, object]]) -> str:
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": sheets})


def _nested_nothing(notebook: NotebookNode) -> str:
    """18 MB of empty lists, of which `json.loads` makes a gigabyte."""
    return json.dumps({**notebook, "more": 0})[:-2] + "[" + "[]," * 6_000_000 + "0]}"


def _archive(members: Callable[[], dict[str, bytes]]) -> Tamper:
    """Hands in an archive instead of the notebook."""

    def tamper(folder: Path, notebook: NotebookNode) -> None:
        with zipfile.ZipFile(folder / "lab.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members().items():
                archive.writestr(name, data)

    return tamper


def _two_notebooks(folder: Path, notebook: NotebookNode) -> None:
    for number in (1, 2):
        notebook.cells.append(new_code_cell(f"{number}", id=f"own-{number}"))
        (folder / f"attacked-{number}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def _repeated_picture(notebook: NotebookNode) -> None:
    data = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(200_000)).decode()
    text = new_markdown_cell("![a][i] " * 300 + "\n\n[i]: attachment:a.png", id="pictures")
    text["attachments"] = {"a.png": {"image/png": data}}
    notebook.cells.append(text)


READING_HAND_INS = [
    file_attack(
        "too_large",
        "Hands in a notebook of 300 MB.",
        _sparse("attacked.ipynb", 300_000_000),
        **UNREAD,
    ),
    file_attack(
        "thirty_megabytes",
        "Hands in a notebook of 30 MB.",
        handed_in_as(lambda notebook: json.dumps(notebook) + " " * 30_000_000),
    ),
    file_attack(
        "nested_nothing",
        "Hands in a notebook with 18 MB of empty lists.",
        handed_in_as(_nested_nothing),
    ),
    file_attack(
        "timestamp_pipe",
        "Makes timestamp.txt a pipe, which blocks who opens it.",
        _pipes("timestamp.txt", "data.csv"),
        stock=HARMFUL,
    ),
    file_attack(
        "timestamp_without_end",
        "Makes timestamp.txt a link to /dev/zero.",
        link_named("timestamp.txt", "/dev/zero"),
        stock=HARMFUL,
    ),
    file_attack(
        "timestamp_large",
        "Makes timestamp.txt a sparse file of 2 GiB.",
        _sparse("timestamp.txt", 2**31),
        stock=HARMFUL,
    ),
    file_attack(
        "timestamp_nonsense",
        "Writes nonsense into timestamp.txt.",
        beside("timestamp.txt", "99999-01-01 soon \x1b[31m EDT"),
    ),
    file_attack(
        "heading_level",
        "Hands in 12 KB of format 3 with headings of level 10,000,000.",
        handed_in_as(_headings),
        stock=HARMFUL,
        **UNREAD,
    ),
    file_attack(
        "many_worksheets",
        "Hands in format 3 with 100,000 cells in as many worksheets.",
        handed_in_as(
            lambda _: _sheets([{"cells": [{"cell_type": "raw", "source": ""}]}] * 100_000)
        ),
        stock=HARMFUL,
        **UNREAD,
    ),
    file_attack(
        "zip_bomb",
        "Hands in a small archive whose notebook is of 500 MB.",
        _archive(lambda: {"attacked.ipynb": bytes(500_000_000)}),
        stock=NOT_THERE,
        **UNREAD,
    ),
    file_attack(
        "zip_of_many",
        "Hands in an archive of 20,000 notebooks.",
        _archive(lambda: {f"{n}.ipynb": b"{}" for n in range(20_000)}),
        stock=NOT_THERE,
        **UNREAD,
    ),
    file_attack(
        "two_notebooks",
        "Hands in two notebooks of the lab, neither with its name.",
        _two_notebooks,
        **UNREAD,
    ),
    file_attack("repeated_picture", "Shows a pasted picture 300 times.", edited(_repeated_picture)),
]
