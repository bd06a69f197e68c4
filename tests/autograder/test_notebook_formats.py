"""Notebooks of every format are read in bounded time and memory."""

from __future__ import annotations

import contextlib
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from autograder.submissions.json_scan import NotJson
from autograder.submissions.notebook_formats import MAX_CELLS, NotANotebook, TooLarge, parse

ROOT = Path(__file__).parents[2]
_PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)


def _parsed(notebook: object) -> list[tuple[str, str]]:
    found = parse(json.dumps(notebook).encode()).notebook
    nbformat.validate(found)
    return [(cell.cell_type, cell.source) for cell in found.cells]


def _old(cells: list[dict[str, Any]], form: int = 3) -> dict[str, Any]:
    sheets = [{"cells": cells, "metadata": {}}]
    return {"nbformat": form, "nbformat_minor": 0, "metadata": {}, "worksheets": sheets}


def _current(cells: list[dict[str, Any]]) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def test_the_projects_notebooks_are_read_as_nbformat_reads_them() -> None:
    paths = sorted([*ROOT.glob("labs/*/*.ipynb"), *ROOT.glob("lessons/*/*.ipynb")])
    assert len(paths) > 10
    for path in paths:
        expected = nbformat.read(path, as_version=4)
        found = parse(path.read_bytes()).notebook
        assert [(c.cell_type, c.source, c.id) for c in found.cells] == [
            (c.cell_type, c.source, c.id) for c in expected.cells
        ], path


def test_formats_1_to_3_are_converted_as_nbformat_does() -> None:
    cells = [
        {"cell_type": "code", "input": ["a = 1\n", "b"], "outputs": [], "language": "python"},
        {"cell_type": "code", "input": ["a = 1", "b"], "outputs": []},
        {"cell_type": "markdown", "source": "text"},
        {"cell_type": "html", "source": "<b>"},
        {"cell_type": "raw", "source": "raw"},
    ]
    wanted = [
        ("code", "a = 1\nb"),
        ("code", "a = 1\nb"),
        ("markdown", "text"),
        ("markdown", "<b>"),
        ("raw", "raw"),
    ]
    heading = {"cell_type": "heading", "level": 2, "source": ["two\n", "lines"]}
    assert _parsed(_old([*cells, heading])) == [*wanted, ("markdown", "## two lines")]
    assert _parsed(_old(cells, 2)) == wanted
    first = {"cells": [{"cell_type": "code", "code": "1"}, {"cell_type": "text", "text": "t"}]}
    assert _parsed({"nbformat": 1, **first}) == [("code", "1"), ("markdown", "t")]


def test_a_heading_of_an_absurd_level_is_refused() -> None:
    with pytest.raises(NotANotebook, match="a heading in it has level 10,000,000"):
        _parsed(_old([{"cell_type": "heading", "level": 10**7, "source": "x"}] * 150))


@pytest.mark.parametrize("level", [9, -5, 0, "9", 1e300, None, True, [1]])
def test_a_heading_of_any_level_has_one_to_six_signs(level: object) -> None:
    (_, source), *_ = _parsed(_old([{"cell_type": "heading", "level": level, "source": "x"}] * 150))
    signs, text = source.split(" ")
    assert 1 <= len(signs) <= 6
    assert text == "x"


@pytest.mark.parametrize("form", [1, 2, 3, 4])
def test_very_many_cells_are_counted_and_not_made(form: int) -> None:
    cells = [{"cell_type": "nonsense"}] * (MAX_CELLS + 1)
    notebook = _old(cells, form) if form in (2, 3) else {"nbformat": form, "cells": cells}
    with pytest.raises(TooLarge, match=r"has 2,001 cells; at most 2,000"):
        _parsed(notebook)
    sheets = [{"cells": [{"cell_type": "raw"}]}] * (MAX_CELLS + 1)
    with pytest.raises(TooLarge, match="has 2,001 cells"):
        _parsed({"nbformat": 3, "worksheets": sheets})


_HOSTILE = {
    "empty lists": '{"nbformat": 4, "x": [%s0], "cells": []}' % ("[]," * 6_000_000),
    "empty texts": '{"nbformat": 4, "x": [%s0], "cells": []}' % ('"",' * 6_000_000),
    "keys": '{%s"nbformat": 4, "cells": []}' % ('"a":{},' * 2_500_000),
    "brackets": "[" * 18_000_000,
    "sheets": '{"nbformat": 3, "worksheets": [%s{}]}' % ("{}," * 6_000_000),
    "headings": json.dumps(_old([{"cell_type": "heading", "level": 10**7, "source": "x"}] * 150)),
    "metadata": '{"nbformat": 4, "cells": [{"cell_type": "raw", "metadata": {"nbgrader": [%s0]}}]}'
    % ("[]," * 6_000_000),
    "lists in a source": '{"nbformat": 4, "cells": [{"cell_type": "raw", "source": [%s0]}]}'
    % ("[]," * 6_000_000),
    "outputs": '{"nbformat": 4, "cells": [{"cell_type": "raw", "outputs": [%s0]}]}'
    % ('{"output_type":"pyout"},' * 800_000),
}
_IN_A_CHILD = """
import resource, sys
from autograder.submissions.notebook_formats import parse
data = sys.stdin.buffer.read()
resource.setrlimit(resource.RLIMIT_AS, (2 * 10**9,) * 2)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    parse(data)
except ValueError as error:
    print(type(error).__name__)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("name", _HOSTILE)
def test_no_text_of_18_mb_takes_much_memory(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _IN_A_CHILD],
        input=_HOSTILE[name].encode(),
        capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (60, 60)),
        check=True,
    )
    assert int(done.stdout.split()[-1]) < 100, done.stdout


def test_random_damage_is_refused_or_read_as_a_valid_notebook() -> None:
    random = np.random.default_rng(11)
    cell = {"cell_type": "code", "source": ["a\n", "b"], "id": "x"}
    right = json.dumps(_current([cell])).encode()
    for _ in range(3000):
        damaged = bytearray(right)
        for _ in range(random.integers(1, 4)):
            damaged[random.integers(len(right))] = random.integers(256)
        with contextlib.suppress(NotJson, NotANotebook, TooLarge):
            nbformat.validate(parse(bytes(damaged)).notebook)


@pytest.mark.parametrize("cut", range(1, 90, 7))
def test_a_text_that_was_cut_off_is_refused(cut: int) -> None:
    right = json.dumps(_current([{"cell_type": "raw", "source": "a"}])).encode()
    with pytest.raises(ValueError, match=r"ends in the middle|unexpected"):
        parse(right[:-cut])


def test_odd_types_in_a_cell_are_refused_or_left_out() -> None:
    with pytest.raises(ValueError, match="neither a string nor a list"):
        _parsed(_current([{"cell_type": "code", "source": 3}]))
    with pytest.raises(NotANotebook, match="cell 1 has no type"):
        _parsed(_current([{"cell_type": 3, "source": ""}]))
    metadata = {"nbgrader": {"grade_id": ["x"] * 9, "points": {"a": 1}, "grade": True}}
    cell = {"cell_type": "sql", "source": "SELECT", "metadata": metadata, "id": 3}
    made = parse(json.dumps(_current([cell, {"cell_type": "code"}])).encode()).notebook.cells
    assert (made[0].cell_type, made[0].source, made[0].id) == ("raw", "SELECT", "handed-in-0")
    assert made[0].metadata.nbgrader == {"grade_id": None, "points": None, "grade": True}
    assert made[1].source == ""


@pytest.mark.parametrize(
    "written",
    [
        "My photo: ![a photo](data:image/png;base64,{0}) below",
        'My photo: ![a photo](<data:image/png;base64,{0}> "title") below',
        'My photo: <img width=300 src="data:image/png;base64,{0}"> below',
    ],
)
def test_a_picture_in_a_text_becomes_an_attachment(written: str) -> None:
    cell = {"cell_type": "markdown", "source": written.format(_PNG)}
    made = parse(json.dumps(_current([cell])).encode()).notebook.cells[0]
    assert made.attachments == {"picture-1": {"image/png": _PNG}}
    assert "(attachment:picture-1)" in made.source
    assert made.source.startswith("My photo: ![")
    assert made.source.endswith(" below")


def test_attachments_with_odd_names_are_kept_under_plain_ones() -> None:
    source = "![x](<attachment:my photo.png>) ![y](attachment:my%20photo.png)"
    cell = {"cell_type": "markdown", "source": source}
    cell |= {"attachments": {"my photo.png": {"image/png": [_PNG]}}}  # type: ignore[dict-item]
    made = parse(json.dumps(_current([cell])).encode()).notebook.cells[0]
    assert made.attachments == {"picture-1": {"image/png": _PNG}}
    assert made.source == "![x](attachment:picture-1) ![y](attachment:picture-1)"


def test_what_is_no_small_picture_is_left_out_with_a_note() -> None:
    huge = "iVBORw0KGgoAAAANSUhEUgAA//8AAP//CAYAAAAfFcSJ"  # 65535 by 65535 pixels
    texts = [
        f"![a](data:image/png;base64,{huge})",
        "![b](data:image/gif;base64,AAAA)",
        "![c](data:image/svg+xml;base64,AAAA)",
    ]
    cell = {"cell_type": "markdown", "source": "\n".join(texts)}
    parsed = parse(json.dumps(_current([cell])).encode())
    source = parsed.notebook.cells[0].source
    assert source.count("*(A picture is left out here.)*") == 2
    assert "attachments" not in parsed.notebook.cells[0]
    assert parsed.notes == ("2 pasted pictures were left out: too large, or no PNG, JPEG or GIF",)


def test_all_pictures_of_a_notebook_share_one_budget() -> None:
    raw = json.dumps(
        _current(
            [{"cell_type": "markdown", "source": f"![a](data:image/png;base64,{_PNG})\n" * 60}]
        )
    )
    parsed = parse(raw.encode())
    assert len(parsed.notebook.cells[0].attachments) == 50
    assert parsed.notes[0].startswith("10 pasted pictures were left out")
