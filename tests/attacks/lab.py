"""The lab that is attacked, and what is handed in for it."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.attacks.model import Attack

LAB = "attacked"
HONEST_POINTS = 20.0

HIDDEN_CANARY = "CANARY-hidden-7f3a"
EXPECTED_CANARY = "8675309.125"
STUDENT_CANARY = "CANARY-ada-51c2"
FILE_CANARY = "CANARY-file-90de"
ENVIRONMENT_CANARY = "CANARY-environment-33b8"
CANARIES = (
    HIDDEN_CANARY,
    EXPECTED_CANARY,
    STUDENT_CANARY,
    FILE_CANARY,
    ENVIRONMENT_CANARY,
)
"""What no submission may ever show. The grading secret comes on top."""

HONEST = {
    "double": "def double(x):\n    return 2 * x",
    "square": "def square(x):\n    return x * x",
    "scale": "def scale(x, by):\n    return np.asarray(x) * by",
    "total": "def total(numbers):\n    return sum(numbers)",
}

_TESTS = {
    "double": (
        "double",
        4,
        f"tag = '{HIDDEN_CANARY}'\nassert double(21) == 42, 'of 21'\nassert double(-3) == -6",
    ),
    "square": (
        "print(square(2))",
        6,
        "right = sum(square(n) == n * n for n in (3, -2, 0.5))\n2 * right",
    ),
    "scale": (
        "scale",
        5,
        f"expected = [{EXPECTED_CANARY}, 3.5]\n"
        "np.testing.assert_allclose(scale(np.array([2478659.75, 1.0]), by=3.5), expected)",
    ),
    "total": (
        "total",
        5,
        "assert all(map(lambda n: total([n, n]) == 2 * n, (3, 5, -1)))",
    ),
}


def _cell(kind: str, name: str, source: str, **metadata: object) -> NotebookNode:
    made = {"code": new_code_cell, "markdown": new_markdown_cell}[kind](source, id=name)
    flags = {"grade": False, "solution": False, "locked": False, **metadata}
    made.metadata["nbgrader"] = {"grade_id": name, "schema_version": 3, "task": False, **flags}
    return made


def lab_notebook() -> NotebookNode:
    """Four tasks, whose hidden tests are written in four of the usual ways."""
    cells = [_cell("code", "imports", "import numpy as np", locked=True)]
    for task, (visible, points, hidden) in _TESTS.items():
        head, _, body = HONEST[task].partition("\n")
        answer = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        cells.append(_cell("code", task, answer, solution=True))
        test = f"{visible}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
        flags = {"grade": True, "locked": True, "points": points}
        cells.append(_cell("code", f"test_{task}", test, **flags))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def with_answers(released: NotebookNode, sources: Mapping[str, str]) -> NotebookNode:
    """The released notebook with answers: source by cell id."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        cell.source = sources.get(cell.id, cell.source)
    return notebook


def hand_in(
    attack: Attack, released: NotebookNode, folder: Path, places: Mapping[str, str]
) -> None:
    """Writes what the attacker hands in into a new folder."""
    folder.mkdir(parents=True)
    sources = {task: _placed(source, places) for task, source in attack.sources().items()}
    notebook = with_answers(released, sources)
    if attack.markdown:
        notebook.cells.append(new_markdown_cell(attack.markdown, id="own-text"))
    content = notebook if attack.tamper is None else attack.tamper(folder, notebook)
    if content is None:
        return
    if isinstance(content, NotebookNode):
        content = json.dumps(content)
    data = content.encode(errors="surrogatepass") if isinstance(content, str) else content
    (folder / f"{LAB}.ipynb").write_bytes(data)
    for path in folder.rglob("*.py"):
        path.write_text(_placed(path.read_text(encoding="utf-8"), places), encoding="utf-8")


def _placed(source: str, places: Mapping[str, str]) -> str:
    for name, value in places.items():
        source = source.replace(f"@{name}@", value)
    return source


def write_honest(released: NotebookNode, folder: Path) -> None:
    """Hands in right answers, with a text that nobody else should see."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = HONEST | {"total": f"{HONEST['total']}  # {STUDENT_CANARY}"}
    nbformat.write(with_answers(released, sources), folder / f"{LAB}.ipynb")
