"""The lessons: what stands in them, that it is what comes out, and that no topic is missing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from tests.notebooks.cell_dependencies import needed

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted(ROOT.glob("lessons/*/*.ipynb"))
CONCEPTS = tomllib.loads((ROOT / "lessons/concepts.toml").read_text(encoding="utf-8"))
NUMBERS = tomllib.loads(Path(__file__).with_name("lesson_numbers.toml").read_text(encoding="utf-8"))
ANSWERS = tomllib.loads(Path(__file__).with_name("lesson_answers.toml").read_text(encoding="utf-8"))
IDS = {f"{s}{n:02}" for s, last in (("F", 16), ("C", 20), ("T", 12)) for n in range(1, last + 1)}
MISSING: dict[str, list[int]] = {}
NOT_YET = {f"{letter}{n:02}" for letter, numbers in MISSING.items() for n in numbers}
"""What no lesson covers yet. An id that is covered may not stand here."""

MAY_RAISE = "raises-exception"  # nbclient's tag
CELL_SECONDS = 600
"""So that a busy machine fails no lesson. `benchmarks.notebooks` says how long cells take."""

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def _read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def _code(path: Path) -> list[NotebookNode]:
    return [cell for cell in _read(path).cells if cell.cell_type == "code"]


def _tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def _ids(cell: NotebookNode) -> list[str]:
    return [tag for tag in _tags(cell) if tag in IDS]


def _text(cell: NotebookNode) -> str:
    """All that a reader can read below a code cell."""
    parts = [output.get("text", "") for output in cell.outputs]
    parts += [output.get("data", {}).get("text/plain", "") for output in cell.outputs]
    return "\n".join(parts)


def _heading(cell: NotebookNode) -> tuple[int, str]:
    """The level and the words of a cell's first heading; 0 and nothing if there is none."""
    found = re.search(r"^(#+) +(.+)$", cell.source, re.MULTILINE)
    return (len(found[1]), found[2].strip()) if found else (0, "")


def _sections() -> Iterator[tuple[str, Path, NotebookNode, str]]:
    """Each id that a cell carries, with its lesson, that cell and the outputs of its section."""
    for path in LESSONS:
        cells = _read(path).cells
        for place, cell in enumerate(cells):
            for name in _ids(cell):
                yield name, path, cell, _outputs_until_next(cells[place:])


def _outputs_until_next(cells: list[NotebookNode]) -> str:
    """The outputs from a heading's cell to the next heading that is no deeper."""
    level, outputs = _heading(cells[0])[0], []
    for cell in cells[1:]:
        if cell.cell_type == "code":
            outputs.append(_text(cell))
        elif 0 < _heading(cell)[0] <= level:
            break
    return "\n".join(outputs)


# What a stored lesson looks like


@each_lesson
def test_a_lesson_keeps_nothing_of_the_run_or_the_machine(path: Path) -> None:
    notebook = _read(path)
    assert set(notebook.metadata) == {"kernelspec"}
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags"}, cell.id
    text = "\n".join(_text(cell) for cell in _code(path))
    assert not re.search(r"/(home|tmp|work|root|Users|usr|opt)/|[A-Z]:\\|0x[0-9a-f]{6,}", text)
    assert path.stat().st_size < 1_500_000


@each_lesson
def test_cells_have_readable_ids_and_fit_a_screen(path: Path) -> None:
    ids = [cell.id for cell in _read(path).cells]
    assert len(set(ids)) == len(ids)
    assert not [name for name in ids if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name)]
    assert not [cell.id for cell in _code(path) if len(cell.source.splitlines()) > 30]


@each_lesson
def test_a_lesson_is_stored_as_it_ran_from_top_to_bottom_in_silence(path: Path) -> None:
    code = _code(path)
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    for cell in code:
        for output in cell.outputs:
            assert output.output_type != "error", cell.id
            assert output.get("name") != "stderr", cell.id
            assert not [mime for mime in output.get("data", {}) if "widget" in mime], cell.id


@each_lesson
def test_every_picture_is_told_in_words_before_it_or_after_it(path: Path) -> None:
    cells = _read(path).cells
    for place, cell in enumerate(cells):
        if any("image/png" in output.get("data", {}) for output in cell.get("outputs", [])):
            around = [cells[place - 1], *cells[place + 1 : place + 2]]
            told = [near for near in around if "*What you see:" in near.source]
            assert told, cell.id


@each_lesson
def test_a_lesson_asks_a_question_lets_predict_and_try_and_looks_back(path: Path) -> None:
    words = [cell.source for cell in _read(path).cells if cell.cell_type == "markdown"]
    first, last, everything = words[0], words[-1], "\n".join(words)
    assert re.match(r"# Lesson \d\.\d · .+\n\n\*\*.+\?\*\*\n", first)
    for part in ("\n\n**Time:** about ", "\n\n**You should know:**"):
        assert part in first
    assert everything.count("**Predict:**") >= 2
    assert "### Try it yourself" in everything
    assert "## What you know now" in last
    assert "**Where you will use it:**" in last


@each_lesson
def test_an_exercise_is_left_to_the_reader_and_does_not_stop_the_lesson(path: Path) -> None:
    stubs = [cell for cell in _code(path) if "raise NotImplementedError" in cell.source]
    waiting = [cell for cell in _code(path) if "This waits until" in _text(cell)]
    assert stubs
    assert len(waiting) >= len(stubs)


@each_lesson
def test_at_most_a_fifth_of_the_cells_is_held_to_a_band_instead_of_being_compared(
    path: Path,
) -> None:
    code = _code(path)
    free = [cell for cell in code if "nbval-ignore-output" in _tags(cell)]
    assert 5 * len(free) <= len(code)
    assert not [cell.id for cell in free if "assert " not in cell.source]
    assert {tag for cell in code for tag in _tags(cell)} <= {"nbval-ignore-output"}


# What the lessons cover


def test_every_topic_is_in_a_lesson_or_listed_as_missing() -> None:
    covered = [name for name, *_ in _sections()]
    assert sorted(covered) == sorted(set(covered)), "an id stands in two places"
    assert set(covered) == IDS - NOT_YET


def test_the_concept_map_lists_what_is_covered_and_nothing_else() -> None:
    assert set(CONCEPTS) == IDS - NOT_YET
    for name, entry in CONCEPTS.items():
        assert list(entry) == ["title", "source", "lesson", "lab"], name
        assert re.fullmatch(r"00\d_[0-9a-f]{16}\.txt", entry["source"]), name


def test_the_concept_map_points_at_the_heading_that_carries_the_id() -> None:
    for name, path, cell, _ in _sections():
        level, words = _heading(cell)
        assert level in (2, 3), name
        place = f"{path.relative_to(ROOT / 'lessons').as_posix()}#{words.replace(' ', '-')}"
        assert CONCEPTS[name]["lesson"] == place


@pytest.mark.parametrize("name", sorted(CONCEPTS))
def test_the_concept_map_points_at_a_function_that_a_lab_asks_for(name: str) -> None:
    lab, _, function = CONCEPTS[name]["lab"].partition(": ")
    if lab != "lesson only":
        (notebook,) = (ROOT / "labs" / lab).glob("*.ipynb")
        tasks = [cell.source for cell in _code(notebook) if "### BEGIN SOLUTION" in cell.source]
        assert any(f"def {function}(" in task for task in tasks)


@pytest.mark.parametrize("name", sorted(IDS - NOT_YET))
def test_the_numbers_of_a_topic_stand_in_the_outputs_of_its_section(name: str) -> None:
    (outputs,) = [text for found, _, _, text in _sections() if found == name]
    assert not [number for number in NUMBERS.get(name, []) if number not in outputs]


def test_numbers_are_asked_of_covered_topics_alone() -> None:
    assert set(NUMBERS) <= IDS - NOT_YET


# That what is stored is what comes out


def _validate(path: Path) -> subprocess.CompletedProcess[str]:
    """nbval's run of one notebook: every cell again, every stored output compared."""
    bare = ["-c", os.devnull, f"--rootdir={path.parent}", "-p", "no:cacheprovider"]
    options = ["--nbval", f"--nbval-cell-timeout={CELL_SECONDS}", "-q", "--no-header"]
    command = [sys.executable, "-m", "pytest", *bare, *options, str(path)]
    # The tests' own back end has no place in a notebook, whose pictures are drawn into the page.
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
@pytest.mark.timeout(1800)
@each_lesson
def test_the_stored_outputs_are_what_comes_out(path: Path) -> None:
    done = _validate(path)
    assert done.returncode == 0, done.stdout[-4000:]
    assert f"{len(_code(path))} passed" in done.stdout


@pytest.mark.slow
def test_a_stored_number_that_does_not_come_out_is_noticed(tmp_path: Path) -> None:
    notebook = _read(LESSONS[0])
    notebook.cells = [cell for cell in notebook.cells if cell.id in ("setup", "one-neuron")]
    notebook.cells[1].outputs[0].text = notebook.cells[1].outputs[0].text.replace("0.731", "0.732")
    changed = tmp_path / "changed.ipynb"
    nbformat.write(notebook, changed)
    done = _validate(changed)
    assert done.returncode == 1
    assert "0.732" in done.stdout


# That the exercises can be done


def _stubs(path: Path) -> list[str]:
    return [cell.id for cell in _code(path) if "raise NotImplementedError" in cell.source]


def _filled(cell: NotebookNode, body: str) -> NotebookNode:
    """A stub with an answer in it."""
    lines = textwrap.indent(body.strip("\n"), "    ")
    return new_code_cell(cell.source.replace("    raise NotImplementedError", lines))


def _tried(path: Path) -> dict[str, tuple[str, str]]:
    """What each check of a lesson says to the right and to the wrong answer, in one run.

    Only what the exercises need is run, and no training: none stands on it.
    """
    cells, tried = [], {}
    checks = {
        cell.id.removeprefix("check-"): cell for cell in _code(path) if cell.id not in ANSWERS
    }
    for cell in _needed_by_exercises(path):
        if cell.id not in ANSWERS:
            cells.append(new_code_cell(cell.source, metadata={"tags": [MAY_RAISE]}))
            continue
        wrong, right = (_filled(cell, ANSWERS[cell.id][kind]) for kind in ("wrong", "right"))
        source = checks[cell.id].source
        both = [new_code_cell(source, metadata={"tags": [MAY_RAISE]}) for _ in range(2)]
        cells += [wrong, both[0], right, both[1]]
        tried[cell.id] = (both[1], both[0])
    notebook = new_notebook(cells=cells)
    NotebookClient(notebook, timeout=CELL_SECONDS).execute()
    return {stub: (_said(pair[0]), _said(pair[1])) for stub, pair in tried.items()}


def _needed_by_exercises(path: Path) -> list[NotebookNode]:
    """The cells of a lesson in which exercises are done, and those that they and checks need."""
    code = [cell for cell in _code(path) if "nbval-ignore-output" not in _tags(cell)]
    sources = {place: cell.source for place, cell in enumerate(code)}
    wanted = {*ANSWERS, *(f"check-{name}" for name in ANSWERS)}
    asked = [place for place, cell in enumerate(code) if cell.id in wanted]
    places = {run for place in asked for run in needed(sources, place)}
    return [code[place] for place in sorted(places) if not code[place].id.startswith("check-")]


def _said(cell: NotebookNode) -> str:
    """A cell's printed text and, if it raised, the message."""
    return _text(cell) + "".join(output.get("evalue", "") for output in cell.outputs)


def test_every_exercise_has_answers_to_try() -> None:
    assert sorted(ANSWERS) == sorted(stub for path in LESSONS for stub in _stubs(path))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@each_lesson
def test_the_checks_of_a_lesson_pass_right_answers_and_explain_wrong_ones(path: Path) -> None:
    tried = _tried(path)
    assert list(tried) == _stubs(path)
    for stub, (to_right, to_wrong) in tried.items():
        lines = [line for line in to_right.splitlines() if line]  # a slow cell's come in parts
        assert lines, stub
        assert all(line.startswith("✓") for line in lines), to_right
        assert re.search(r"got: [\s\S]+expected: ", to_wrong), to_wrong
