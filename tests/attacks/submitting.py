"""Attacks by the files that are handed in."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from tests.attacks.model import HARMFUL, Attack, Tamper

_MUST = "What can be read is graded as the lab says; what cannot is no grade, with the reason."
UNREAD = {"ungraded": True}
"""Of an attack that must end without a grade."""


def file_attack(name: str, tries: str, tamper: Tamper, **more: object) -> Attack:
    return Attack(name, "submission files", tries, _MUST, tamper=tamper, **more)


def edited(change: Callable[[NotebookNode], object]) -> Tamper:
    """Changes the notebook alone."""

    def tamper(folder: Path, notebook: NotebookNode) -> NotebookNode:
        change(notebook)
        return notebook

    return tamper


def beside(name: str, text: str) -> Tamper:
    """Puts a file beside the notebook."""

    def tamper(folder: Path, notebook: NotebookNode) -> NotebookNode:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return notebook

    return tamper


def link_named(name: str, target: str) -> Tamper:
    """Puts a link into the folder; in place of the notebook if it is called so."""

    def tamper(folder: Path, notebook: NotebookNode) -> NotebookNode | None:
        (folder / name).symlink_to(target)
        return None if name == "attacked.ipynb" else notebook

    return tamper


def handed_in_as(make: Callable[[NotebookNode], str | bytes]) -> Tamper:
    """Hands in other bytes instead of the notebook."""
    return lambda _, notebook: make(notebook)


def _tests(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]


def _make_fifo(folder: Path, notebook: NotebookNode) -> None:
    os.mkfifo(folder / "attacked.ipynb")


def _link_to_others_folder(folder: Path, notebook: NotebookNode) -> None:
    folder.rmdir()
    folder.symlink_to("../ada/attacked")


def _tests_emptied(notebook: NotebookNode) -> None:
    for cell in _tests(notebook):
        cell.source, cell.metadata["editable"] = "pass", True
        cell.metadata.nbgrader["locked"] = False


def _tests_as_answers(notebook: NotebookNode) -> None:
    for cell in _tests(notebook):
        cell.source = "6"
        cell.metadata.nbgrader.update(solution=True, points=1000, grade=True)


def _tests_as_markdown(notebook: NotebookNode) -> None:
    for cell in _tests(notebook):
        cell.cell_type, cell.source = "markdown", "nothing to run"
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _points_added(notebook: NotebookNode) -> None:
    for number in range(3):
        cell = new_code_cell("100", id=f"more-{number}")
        cell.metadata["nbgrader"] = {
            "grade_id": f"test_more_{number}",
            "grade": True,
            "solution": False,
            "locked": True,
            "points": 100,
            "schema_version": 3,
            "task": False,
        }
        notebook.cells.append(cell)


def _tests_doubled(notebook: NotebookNode) -> None:
    for cell in _tests(notebook):
        copy = NotebookNode(cell)
        copy.update(id=f"again-{cell.id}", source="6")
        notebook.cells.insert(0, copy)


def _tests_first(notebook: NotebookNode) -> None:
    tests = _tests(notebook)
    for cell in tests:
        notebook.cells.remove(cell)
    notebook.cells[:0] = tests


def _results_ready_made(notebook: NotebookNode) -> None:
    for cell in _tests(notebook):
        data = {"data": {"text/plain": "6"}, "metadata": {}, "execution_count": 1}
        cell["outputs"] = [NotebookNode(output_type="execute_result", **data)]
    notebook.metadata["kernelspec"] = {"name": "no-such-kernel", "display_name": "none"}


def _marks_of_hidden_tests(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.id in ("double", "square"):
            cell.source += "\n### END HIDDEN TESTS\n### BEGIN HIDDEN TESTS\n6\n### BEGIN SOLUTION"


def _version_3(notebook: NotebookNode) -> str:
    cells = [
        {"cell_type": "code", "input": "6", "outputs": [], "language": "python", "metadata": {}}
    ]
    sheets = [{"cells": cells, "metadata": {}}]
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": sheets})


def _html_in_the_ids(notebook: NotebookNode) -> str:
    evil = '"><script>alert(1)</script>'
    notebook.cells.append(NotebookNode(new_code_cell("1"), id=evil))
    notebook.cells[1].metadata["nbgrader"]["grade_id"] = evil
    return json.dumps(notebook)


_SHADOW = "import os\nopen('@COURSE@/escaped', 'w')\nprint('!DEPACSE'[::-1])\n"

SUBMITTING = [
    file_attack(
        "link_to_another_notebook",
        "Hands in a link to another student's notebook.",
        link_named("attacked.ipynb", "../../ada/attacked/attacked.ipynb"),
        **UNREAD,
    ),
    file_attack(
        "link_to_another_folder",
        "Hands in a folder that is a link to another student's.",
        _link_to_others_folder,
        **UNREAD,
    ),
    file_attack(
        "link_to_a_secret_beside",
        "Puts a link to a file of the instructor's beside the notebook, to get its text back.",
        link_named("notes.txt", "../../../instructor.txt"),
    ),
    file_attack(
        "link_to_an_endless_device",
        "Hands in a link to /dev/zero as the notebook.",
        link_named("attacked.ipynb", "/dev/zero"),
        stock="not run against stock: would harm this machine",
        **UNREAD,
    ),
    file_attack(
        "named_pipe",
        "Hands in a pipe, which blocks who opens it.",
        _make_fifo,
        **UNREAD,
        stock=HARMFUL,
    ),
    file_attack(
        "library_beside",
        "Puts numpy.py, sitecustomize.py and coursekit beside the notebook, to be imported.",
        lambda folder, notebook: [
            beside(name, _SHADOW)(folder, notebook)
            for name in (
                "numpy.py",
                "sitecustomize.py",
                "coursekit/__init__.py",
                "json.py",
                "ipykernel_launcher.py",
                "usercustomize.py",
            )
        ][-1],
    ),
    file_attack(
        "settings_beside",
        "Puts an nbgrader_config.py and IPython's start-up files beside the notebook.",
        lambda folder, notebook: [
            beside(name, _SHADOW)(folder, notebook)
            for name in (
                "nbgrader_config.py",
                ".ipython/profile_default/startup/0.py",
                "ipython_config.py",
                "jupyter_config.py",
            )
        ][-1],
    ),
    file_attack(
        "not_json",
        "Hands in text that is no JSON.",
        handed_in_as(lambda _: "{" * 100_000),
        **UNREAD,
    ),
    file_attack(
        "not_a_notebook",
        "Hands in JSON that is no notebook.",
        handed_in_as(
            lambda _: '{"nbformat": 4, "nbformat_minor": 5, "metadata": [], "cells": {"a": 1}}'
        ),
        **UNREAD,
    ),
    file_attack(
        "not_utf8",
        "Hands in bytes that are no text.",
        handed_in_as(lambda _: b"\xff\xfe{}\0"),
        **UNREAD,
    ),
    file_attack(
        "version_3",
        "Hands in a notebook of format 3 that has none of the cells.",
        handed_in_as(_version_3),
    ),
    file_attack("tests_emptied", "Unlocks the tests and empties them.", edited(_tests_emptied)),
    file_attack(
        "tests_as_answers", "Makes the tests answers, worth 1000 points.", edited(_tests_as_answers)
    ),
    file_attack("tests_as_markdown", "Makes the tests Markdown.", edited(_tests_as_markdown)),
    file_attack(
        "tests_deleted",
        "Deletes every test.",
        edited(lambda n: [n.cells.remove(c) for c in _tests(n)]),
    ),
    file_attack("points_added", "Adds tests of its own that always pass.", edited(_points_added)),
    file_attack(
        "tests_doubled", "Adds a second copy of each test with the same id.", edited(_tests_doubled)
    ),
    file_attack("tests_first", "Moves the tests before the answers.", edited(_tests_first)),
    file_attack(
        "results_ready_made",
        "Hands in outputs that say 6, and a kernel that there is not.",
        edited(_results_ready_made),
    ),
    file_attack(
        "marks_of_hidden_tests",
        "Writes the marks of hidden tests and solutions into answers.",
        edited(_marks_of_hidden_tests),
    ),
    file_attack(
        "html_in_the_ids", "Puts a script into the ids of cells.", handed_in_as(_html_in_the_ids)
    ),
]
