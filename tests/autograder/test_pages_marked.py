"""A grade that a person has given is asked for again only if there is something new to look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook

from autograder.app.grade_class import grade_lab
from autograder.course.course import Course
from autograder.course.lab import Lab
from autograder.nbgrader_plugin.writer import release

pytestmark = pytest.mark.sandbox

Answered = Callable[..., NotebookNode]
HandIn = Callable[[str, "NotebookNode | str | None"], Path]
MARKED = {"essay": 1.5, "test_double": 3.0}
WRONG = "def double(x):\n    return x"


@pytest.fixture
def released(course: Course, lab: Lab) -> Course:
    release(course, lab)
    return course


def _mark(course: Course) -> None:
    """Give grades as a person does in the formgrader."""
    with Gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        for name, score in MARKED.items():
            grade = gradebook.find_grade(name, "tiny", "tiny", "ada")
            grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.db.commit()


def _waiting(course: Course) -> set[str]:
    """Return the marked cells that wait for a person; their scores stay in any case."""
    with Gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        grades = {n: gradebook.find_grade(n, "tiny", "tiny", "ada") for n in MARKED}
        assert {n: grade.manual_score for n, grade in grades.items()} == MARKED
        return {n for n, grade in grades.items() if grade.needs_manual_grade}


def _with(notebook: NotebookNode, place: int, cell: NotebookNode) -> NotebookNode:
    notebook.cells.insert(place % (len(notebook.cells) + 1), cell)
    return notebook


def test_the_same_hand_in_stays_marked_and_a_changed_answer_waits(
    released: Course, hand_in: HandIn, answered: Answered
) -> None:
    hand_in("ada", answered(double=WRONG, essay="Because."))
    grade_lab(released, "tiny")
    _mark(released)
    for force in (False, True):
        grade_lab(released, "tiny", force=force)
        assert _waiting(released) == set()
    hand_in("ada", answered(double=WRONG, essay="Because of this."))
    grade_lab(released, "tiny")
    assert _waiting(released) == {"essay"}
    grade_lab(released, "tiny", force=True)
    assert _waiting(released) == {"essay"}, "nobody has looked at it yet"


@pytest.mark.parametrize(
    ("change", "waiting"),
    [
        ({"double": "def double(x):\n    return -x"}, {"test_double"}),
        ({"double": "def double(x):\n    return 2 * x"}, {"test_double"}),
        ({"square": "square = abs"}, set()),
    ],
    ids=["another wrong answer", "a right answer", "another task"],
)
def test_a_test_waits_again_if_its_answer_or_its_score_is_new(
    released: Course,
    hand_in: HandIn,
    answered: Answered,
    change: dict[str, str],
    waiting: set[str],
) -> None:
    first = {"double": WRONG, "essay": "Because."}
    hand_in("ada", answered(**first))
    grade_lab(released, "tiny")
    _mark(released)
    hand_in("ada", answered(**{**first, **change}))
    grade_lab(released, "tiny")
    assert _waiting(released) == waiting


@pytest.mark.parametrize(
    ("place", "cell", "waiting"),
    [
        (-1, new_markdown_cell("More of my answer.", id="own"), {"essay"}),
        (2, new_code_cell("helper = 1", id="own"), {"test_double"}),
    ],
    ids=["a text below the answer", "code above the test"],
)
def test_cells_of_the_students_own_belong_to_the_answer_beside_them(
    released: Course,
    hand_in: HandIn,
    answered: Answered,
    place: int,
    cell: NotebookNode,
    waiting: set[str],
) -> None:
    first = {"double": WRONG, "essay": "Because."}
    hand_in("ada", answered(**first))
    grade_lab(released, "tiny")
    _mark(released)
    hand_in("ada", _with(answered(**first), place, cell))
    grade_lab(released, "tiny")
    assert _waiting(released) == waiting


def test_without_a_memory_of_the_last_run_a_person_is_asked(
    released: Course, hand_in: HandIn, answered: Answered
) -> None:
    hand_in("ada", answered(double=WRONG, essay="Because."))
    grade_lab(released, "tiny")
    _mark(released)
    (released.state / "recorded" / "tiny" / "ada" / "tiny.json").write_text("[", encoding="utf-8")
    grade_lab(released, "tiny")
    assert _waiting(released) == set(MARKED)
