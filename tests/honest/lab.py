"""The lab that honest students work on: functions of numbers, lists and arrays, and a class."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from tests.honest.submission import Cell, Task

ANSWERS: dict[str, str] = {
    "double": "def double(x):\n    return x + x",
    "moving_sum": """def moving_sum(values, width):
    return [sum(values[i : i + width]) for i in range(len(values) - width + 1)]""",
    "count_words": """def count_words(text):
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts""",
    "lowest_highest": "def lowest_highest(values):\n    return min(values), max(values)",
    "running_mean": """class RunningMean:
    def __init__(self):
        self.values = []

    def add(self, value):
        self.values.append(value)
        return self

    @property
    def mean(self):
        return sum(self.values) / len(self.values)

    def __len__(self):
        return len(self.values)""",
    "convolve2d": """def convolve2d(image, kernel):
    kernel = kernel[::-1, ::-1]
    rows, columns = kernel.shape
    out = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + rows, j : j + columns] * kernel)
    return out""",
}
"""The plain right answers."""

_TESTS: dict[str, tuple[float, str, str]] = {
    "double": (
        2,
        "assert double(1) == 2",
        "assert double(21) == 42, 'double of 21'\n"
        "assert np.allclose(double(np.arange(6.0).reshape(2, 3)), [[0, 2, 4], [6, 8, 10]])",
    ),
    "moving_sum": (
        2,
        "print(moving_sum([1, 2, 3, 4], 2))",
        "assert list(moving_sum([1, 2, 3, 4], 2)) == [3, 5, 7]\n"
        "assert list(moving_sum([5, -5], 1)) == [5, -5]",
    ),
    "count_words": (
        2,
        "assert count_words('') == {}",
        "assert count_words('a b a') == {'a': 2, 'b': 1}\n"
        "assert count_words('größe 😀 😀') == {'größe': 1, '😀': 2}",
    ),
    "lowest_highest": (
        4,
        "print(lowest_highest([3, 1, 2]))",
        "cases = [[3, 1, 2], [0.5], [-1, -2], [7, 7, 8]]\n"
        "right = sum(tuple(lowest_highest(c)) == (min(c), max(c)) for c in cases)\nright",
    ),
    "running_mean": (
        3,
        "m = RunningMean()\nm.add(1)\nassert m.mean == 1",
        "m = RunningMean()\nm.add(1)\nm.add(4)\nassert m.mean == 2.5\nassert len(m) == 2",
    ),
    "convolve2d": (
        6,
        "assert convolve2d(np.ones((4, 5)), np.ones((2, 3))).shape == (3, 3)",
        "from autograder.hidden_tests import convolution\n\n"
        "convolution.CONVOLVE2D.grade(convolve2d)",
    ),
}

MAXIMUM = {f"test_{name}": points for name, (points, _, _) in _TESTS.items()}
"""All points by test cell."""


def honest_lab() -> NotebookNode:
    """The source notebook."""
    cells = [_cell("imports", "import numpy as np", locked=True), _text("intro", "# A lab")]
    for name, (points, visible, hidden) in _TESTS.items():
        cells += _answer_and_test(name, ANSWERS[name], visible, hidden, points)
    return _notebook(cells)


def lab_of(task: Task) -> NotebookNode:
    """The source notebook of one task."""
    imports = _cell("imports", "import numpy as np", locked=True)
    return _notebook(
        [imports, *_answer_and_test("task", task.solution, task.test, task.hidden, 10)]
    )


def answered(
    released: NotebookNode, answers: Mapping[str, str], extra: tuple[Cell, ...] = ()
) -> NotebookNode:
    """The released notebook with answers and further cells, as Jupyter keeps it."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        cell.source = {**ANSWERS, **answers}.get(cell.id, cell.source)
    makers = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}
    for number, added in enumerate(extra):
        ids = [cell.id for cell in notebook.cells]
        place = len(ids) if added.before == "end" else ids.index(added.before)
        made = makers[added.kind](added.source, id=f"own-{number}")
        notebook.cells.insert(place, made)
    return notebook


def _notebook(cells: list[NotebookNode]) -> NotebookNode:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _answer_and_test(
    name: str, solution: str, visible: str, hidden: str, points: float
) -> list[NotebookNode]:
    answer = _marked(solution)
    test = f"{visible}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    return [
        _cell(name, answer, solution=True),
        _cell(f"test_{name}", test, grade=True, locked=True, points=points),
    ]


def _marked(solution: str) -> str:
    """The solution between nbgrader's marks; of one function, the first line stays outside."""
    first, _, body = solution.partition("\n")
    if first.startswith("def ") and "\ndef " not in body:
        return f"{first}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
    return f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION"


def _cell(name: str, source: str, **metadata: object) -> NotebookNode:
    flags = {"grade": False, "solution": False, "locked": False, "task": False, **metadata}
    cell = new_code_cell(source, id=name)
    cell.metadata["nbgrader"] = {"grade_id": name, "schema_version": 3, **flags}
    return cell


def _text(name: str, source: str) -> NotebookNode:
    return new_markdown_cell(source, id=name)
