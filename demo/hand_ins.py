"""Makes the demo's class: what eleven students would hand in for lab 1, from `answers/`.

A student's answers stand in ``answers/<student>.py``. They are filled into the lab as it is
released today; a task without an answer keeps its stub.

An answer file is cut at its ``# %%`` marks. What stands above the first one stays here.

``# %% conv2d``
    fills the solution cell with this grade_id: each function's body replaces the stub of the
    released function of that name, whatever else is there goes above it.
``# %% written_translation``
    a written answer, as comment lines.
``# %% before setup``, ``# %% after conv2d``
    a code cell of the student's own, before or after the cell with this grade_id.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import ComputeChecksums
from traitlets.config.loader import PyFileConfigLoader

from autograder.course.lab import LabNotebook, read_lab

ROOT = Path(__file__).resolve().parent.parent
LAB = "lab1_convolution"
NOTEBOOK = "convolution.ipynb"
STUB = "raise NotImplementedError"


@dataclass(frozen=True)
class Part:
    """One cell of an answer file.

    Args:
        place: whether it fills the named cell or stands before or after it.
        grade_id: the named cell.
        source: the student's text.
    """

    place: Literal["fill", "before", "after"]
    grade_id: str
    source: str


def released_lab() -> NotebookNode:
    """Return the lab's notebook as students get it."""
    released: NotebookNode = ComputeChecksums().preprocess(lab_notebook().released, {})[0]
    return released


def lab_notebook() -> LabNotebook:
    """Return the lab's source notebook."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    return read_lab(ROOT / "labs" / LAB, config).notebooks[Path(NOTEBOOK).stem]


def students() -> tuple[str, ...]:
    """Return the names of the class, in alphabetical order."""
    return tuple(sorted(path.stem for path in (ROOT / "demo" / "answers").glob("*.py")))


def read_answers(student: str) -> tuple[Part, ...]:
    """Return the parts of a student's answer file, in their order."""
    text = (ROOT / "demo" / "answers" / f"{student}.py").read_text(encoding="utf-8")
    _, *pieces = re.split(r"^# %% (.+)$", text, flags=re.MULTILINE)
    return tuple(
        _part(mark.split(), source) for mark, source in zip(pieces[::2], pieces[1::2], strict=True)
    )


def _part(mark: list[str], source: str) -> Part:
    place = mark[0] if mark[0] in ("before", "after") else "fill"
    return Part(place, mark[-1], source.strip("\n"))  # type: ignore[arg-type]


def hand_in_of(student: str, lab: NotebookNode) -> NotebookNode:
    """Return a copy of the released lab with a student's answers in it.

    Raises:
        ValueError: an answer names a cell or a function that the lab does not have.
    """
    notebook: NotebookNode = nbformat.from_dict(lab)
    for number, part in enumerate(read_answers(student)):
        place = _index(notebook, part.grade_id, student)
        if part.place == "fill":
            _fill(notebook.cells[place], part.source)
        else:
            cell = nbformat.v4.new_code_cell(part.source, id=f"{student}-{number}")
            notebook.cells.insert(place + (part.place == "after"), cell)
    return notebook


def _index(notebook: NotebookNode, grade_id: str, student: str) -> int:
    for index, cell in enumerate(notebook.cells):
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
            return index
    raise ValueError(f"demo/answers/{student}.py names {grade_id!r}: the lab has no such cell")


def _fill(cell: NotebookNode, answer: str) -> None:
    if cell.cell_type == "markdown":
        cell.source = re.sub(r"^# ?", "", answer, flags=re.MULTILINE)
        return
    lines, extras = answer.split("\n"), answer.split("\n")
    for node in reversed(ast.parse(answer).body):
        if isinstance(node, ast.FunctionDef) and f"def {node.name}(" in cell.source:
            body = "\n".join(lines[node.lineno : node.end_lineno])
            cell.source = _with_body(cell.source, node.name, body)
            del extras[node.lineno - 1 : node.end_lineno]
    own = "\n".join(extras).strip("\n")
    cell.source = f"{own}\n\n\n{cell.source}" if own else cell.source


def _with_body(source: str, name: str, body: str) -> str:
    start = source.index(f"def {name}(")
    stub = re.compile(rf"^ *{STUB}$", re.MULTILINE).search(source, start)
    if stub is None:
        raise ValueError(f"{name} has no stub left to replace")
    return source[: stub.start()] + body + source[stub.end() :]


def write_hand_ins(folder: Path, names: Sequence[str] = ()) -> None:
    """Write students' notebooks, as `<student>/<lab>/<notebook>`.

    Args:
        folder: a course's folder of what was handed in.
        names: the students; by default all.
    """
    lab = released_lab()
    for student in names or students():
        path = folder / student / LAB / NOTEBOOK
        path.parent.mkdir(parents=True)
        nbformat.write(hand_in_of(student, lab), path)
