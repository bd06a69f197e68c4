"""From a notebook to a verdict: points, outcomes, and what one bad cell may not do to others."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.course.course import Course
from autograder.course.lab import LabNotebook, read_lab
from autograder.grading.context import GradingContext, GradingOptions
from autograder.grading.course_grader import CourseGrader
from autograder.grading.grade import grade_file
from autograder.grading.lab_check import check_lab
from autograder.grading.store import VerdictStore
from autograder.results.verdict import Verdict
from autograder.submissions.hand_in_folder import HandInFolder

pytestmark = pytest.mark.sandbox

Answered = Callable[..., NotebookNode]
Graded = Callable[..., Verdict]


def _points(verdict: Verdict) -> dict[str, float | None]:
    return {cell.grade_id: cell.points for cell in verdict.cells}


def _outcomes(verdict: Verdict) -> list[str]:
    return [cell.outcome for cell in verdict.cells]


def test_right_answers_get_all_points(answered: Answered, graded: Graded) -> None:
    verdict = graded(answered())
    assert _points(verdict) == {"test_double": 4, "test_square": 6}
    assert verdict.has_grade


def test_the_untouched_release_gets_none_and_says_not_attempted(
    book: LabNotebook, graded: Graded
) -> None:
    verdict = graded(book.released)
    assert verdict.points == 0
    assert _outcomes(verdict) == ["not_attempted", "not_attempted"]


def test_partial_credit_is_the_hidden_tests_number(answered: Answered, graded: Graded) -> None:
    verdict = graded(answered(square="def square(x):\n    return abs(x) * abs(x) if x > 0 else 0"))
    assert _points(verdict) == {"test_double": 4, "test_square": 4}
    assert _outcomes(verdict) == ["passed", "partial"]


def test_stderr_and_tensorflow_cost_nothing(answered: Answered, graded: Graded) -> None:
    noisy = (
        "import os, sys, warnings\nos.environ['TF_CPP_MIN_LOG_LEVEL'] = '0'\n"
        "import tensorflow as tf\nprint(tf.constant(1), file=sys.stderr)\nwarnings.warn('hm')\n"
        "def double(x):\n    print('noise', file=sys.stderr)\n    return x + x"
    )
    verdict = graded(answered(double=noisy))
    assert verdict.points == 10
    assert "tf.Tensor" in str(verdict.outputs["double"])


def test_an_answer_that_gives_tensors_is_read_as_arrays(answered: Answered, graded: Graded) -> None:
    tensors = "import keras\ndef double(x):\n    return keras.ops.add(x, x)"
    assert graded(answered(double=tensors)).points == 10


def test_a_value_that_the_test_cannot_use_scores_zero_not_a_grader_error(
    answered: Answered, graded: Graded
) -> None:
    verdict = graded(answered(square="def square(x):\n    return None"))
    assert _points(verdict)["test_square"] == 0
    verdict = graded(answered(double="double = {'not': 'a function'}"))
    assert _points(verdict) == {"test_double": 0, "test_square": 6}
    assert _outcomes(verdict)[0] == "failed"


def test_a_broken_hidden_test_is_told_and_gives_no_score(
    tmp_path: Path, book: LabNotebook, answered: Answered
) -> None:
    source = copy.deepcopy(book.source)
    source.cells[2].source = source.cells[2].source.replace("double(21) == 42", "1 / 0")
    (tmp_path / "broken").mkdir()
    nbformat.write(source, tmp_path / "broken" / "tiny.ipynb")
    broken = read_lab(tmp_path / "broken").notebooks["tiny"]
    context = GradingContext("tiny", broken)
    checked = check_lab(context)
    assert set(checked.broken) == {"test_double"}
    nbformat.write(answered(), tmp_path / "tiny.ipynb")
    verdict = grade_file(tmp_path / "tiny.ipynb", "ada", replace(context, check=checked))
    assert _points(verdict) == {"test_double": None, "test_square": 6}
    assert _outcomes(verdict)[0] == "grader_error"
    assert "ZeroDivisionError" in verdict.cells[0].messages[0].detail
    assert not verdict.has_grade


def test_a_test_that_the_labs_solution_does_not_pass_is_broken(
    tmp_path: Path, book: LabNotebook
) -> None:
    assert check_lab(GradingContext("tiny", book)).broken == {}
    source = copy.deepcopy(book.source)
    source.cells[2].source = source.cells[2].source.replace("double(21) == 42", "double(21) == 43")
    (tmp_path / "wrong").mkdir()
    nbformat.write(source, tmp_path / "wrong" / "tiny.ipynb")
    wrong = read_lab(tmp_path / "wrong").notebooks["tiny"]
    assert set(check_lab(GradingContext("tiny", wrong)).broken) == {"test_double"}


def test_a_syntax_error_is_told_as_the_cause_of_the_missing_name(
    answered: Answered, graded: Graded
) -> None:
    verdict = graded(answered(double="def double(x):\n    return (x + x"))
    first, then = verdict.cells[0].messages
    assert (first.kind, then.kind) == ("problem", "note")
    assert "SyntaxError" in first.text
    assert "NameError" in then.text
    assert _points(verdict) == {"test_double": 0, "test_square": 6}


def test_an_endless_answer_costs_its_own_task_alone(answered: Answered, graded: Graded) -> None:
    endless = answered(double="def double(x):\n    while True:\n        pass")
    verdict = graded(endless, cell_seconds=2, call_seconds=1)
    assert _points(verdict) == {"test_double": 0, "test_square": 6}
    assert _outcomes(verdict)[0] == "timeout"
    assert verdict.seconds < 30


def test_a_cell_that_ends_the_kernel_costs_its_own_task_alone(
    answered: Answered, graded: Graded
) -> None:
    verdict = graded(answered(double="import os\ndef double(x):\n    os._exit(1)"))
    assert _points(verdict) == {"test_double": 0, "test_square": 6}
    notebook = answered()
    notebook.cells.insert(2, new_code_cell("import os, signal; os.kill(os.getpid(), 9)", id="bad"))
    verdict = graded(notebook)
    assert _points(verdict) == {"test_double": 4, "test_square": 6}
    assert any("'bad': the kernel ended" in note for note in verdict.notes)


def test_a_notebook_that_always_ends_its_kernel_is_given_up(
    answered: Answered, graded: Graded
) -> None:
    deadly = "import os\nos._exit(1)"
    notebook = answered()
    for number in range(5):
        notebook.cells.insert(1, new_code_cell(deadly, id=f"bad-{number}"))
    verdict = graded(notebook)
    assert verdict.points == 0
    assert verdict.has_grade


def test_cheats_on_the_kernel_earn_nothing(answered: Answered, graded: Graded) -> None:
    cheat = """
import IPython, numpy.testing, sys
shell = IPython.get_ipython()
class Yes:
    def __eq__(self, other): return True
    def __getattr__(self, name): return Yes()
    def __call__(self, *a, **k): return Yes()
double = square = lambda x: Yes()
numpy.testing.assert_allclose = lambda *a, **k: None
shell.input_transformers_cleanup.append(lambda lines: ['pass\\n'])
def run(*args, **kwargs): raise SystemExit
"""
    verdict = graded(answered(double=cheat, square="square = double"))
    assert verdict.points == 0


def test_hidden_tests_are_nowhere_in_the_kernel(answered: Answered, graded: Graded) -> None:
    search = """
import gc, os, IPython
needles = ('12 fo elbuod', 'STSET NEDDIH')  # backwards, so as not to find themselves
def double(x):
    objects = [o for o in gc.get_objects() if isinstance(o, (list, dict, tuple))]
    seen = [text for text in map(str, objects) if len(text) < 10**6]
    seen += IPython.get_ipython().user_ns.get('In', [])
    for folder in ('.', '/tmp'):
        files = [f'{folder}/{name}' for name in next(os.walk(folder))[2]]
        seen += [open(name, errors='replace').read() for name in files]
    print('SEARCHED' if any('assert double(1)' in text for text in seen) else '')
    print('FOUND' if any(n[::-1] in s for s in seen for n in needles) else 'NOTHING')
    return x + x
"""
    verdict = graded(answered(double=search))
    assert "SEARCHED" in str(verdict.outputs["test_double"]), "the search finds what is there"
    assert "NOTHING" in str(verdict.outputs["test_double"])
    assert "FOUND" not in str(verdict.outputs)


def test_cases_differ_by_student_and_are_the_same_on_a_regrade() -> None:
    from autograder.examiner.seeding import cases_for, generator

    def draw(*parts: str) -> list[float]:
        with cases_for(*parts):
            return list(generator("conv2d").random(3))

    assert draw("secret", "ada") == draw("secret", "ada")
    assert draw("secret", "ada") != draw("secret", "bo")
    assert draw("secret", "ada") != draw("other", "ada")


def test_an_unreadable_submission_is_a_verdict_without_points(
    tmp_path: Path, book: LabNotebook
) -> None:
    path = tmp_path / "tiny.ipynb"
    path.write_text("no", encoding="utf-8")
    verdict = grade_file(path, "ada", GradingContext("tiny", book))
    assert verdict.unreadable.startswith("tiny.ipynb is not a notebook")
    assert verdict.cells == ()
    assert not verdict.has_grade


def test_a_verdict_survives_the_disk(tmp_path: Path, answered: Answered, graded: Graded) -> None:
    verdict = graded(answered(double="1 / 0"))
    store = VerdictStore(tmp_path / "verdicts")
    store.write(verdict)
    assert store.read("tiny", "ada", "tiny") == verdict
    store.path("tiny", "ada", "tiny").write_text('{"format": 1, "cel', encoding="utf-8")
    assert store.read("tiny", "ada", "tiny") is None


def test_the_weaker_isolation_gives_the_same_points(
    tmp_path: Path, book: LabNotebook, answered: Answered
) -> None:
    nbformat.write(answered(), tmp_path / "tiny.ipynb")
    context = GradingContext("tiny", book, GradingOptions(isolation="process"))
    verdict = grade_file(tmp_path / "tiny.ipynb", "ada", context)
    assert verdict.points == 10
    assert verdict.isolation == "process"


def test_a_cell_that_ends_its_kernel_a_moment_later_costs_no_other_cell(
    answered: Answered, graded: Graded
) -> None:
    later = "import os, threading\nthreading.Timer(0.3, os._exit, [1]).start()"
    notebook = answered()
    notebook.cells.insert(1, new_code_cell(later, id="bad"))
    notebook.cells.insert(2, new_code_cell("import time\ntime.sleep(1)", id="innocent"))
    assert _points(graded(notebook)) == {"test_double": 4, "test_square": 6}


def test_exit_in_a_cell_is_harmless(answered: Answered, graded: Graded) -> None:
    notebook = answered()
    notebook.cells.insert(1, new_code_cell("print('bye')\nexit()", id="bye"))
    assert _points(graded(notebook)) == {"test_double": 4, "test_square": 6}


@pytest.fixture
def with_helpers(course_folder: Path, answered: Answered) -> Callable[..., Path]:
    """Gives the lab a module that its tests use; puts what a student hands in where it belongs."""
    lab = course_folder / "labs" / "tiny"
    source = nbformat.read(lab / "tiny.ipynb", as_version=4)
    source.cells[0].source += "\nimport helpers"
    source.cells[2].source = "assert helpers.same(double(21), 42)"
    nbformat.write(source, lab / "tiny.ipynb")
    (lab / "helpers.py").write_text("def same(a, b):\n    return a == b", encoding="utf-8")

    def hand_in(module: str, **sources: str) -> Path:
        folder = course_folder / "submitted" / "ada" / "tiny"
        folder.mkdir(parents=True)
        nbformat.write(answered(imports=source.cells[0].source, **sources), folder / "tiny.ipynb")
        (folder / "helpers.py").write_text(module, encoding="utf-8")
        return course_folder

    return hand_in


def _verdict(course: Course) -> Verdict:
    folder = HandInFolder(course, "ada", "tiny")
    return CourseGrader(course).verdict(folder, course.lab("tiny").notebooks["tiny"])[0]


def test_a_module_of_the_labs_is_the_labs_own_in_a_test(with_helpers: Callable[..., Path]) -> None:
    forged = "import helpers\nhelpers.same = lambda a, b: True\ndouble = lambda x: 0"
    course = Course.load(with_helpers("def same(a, b):\n    return True", double=forged))
    verdict = _verdict(course)
    assert _points(verdict) == {"test_double": 0, "test_square": 6}


def test_a_module_that_students_may_change_is_not_imported_by_the_grader(
    with_helpers: Callable[..., Path], tmp_path: Path
) -> None:
    """Their version answers from the kernel, where it may do what it likes."""
    reached = tmp_path / "reached"
    reach = f"try:\n    open({str(reached)!r}, 'w').close()\nexcept OSError:\n    pass"
    folder = with_helpers(f"{reach}\ndef same(a, b):\n    return False")
    config = folder / "nbgrader_config.py"
    allowed = '\nc.Autograde.exclude_overwriting = {"tiny": ["./helpers.py"]}\n'
    config.write_text(config.read_text(encoding="utf-8") + allowed, encoding="utf-8")
    course = Course.load(folder)
    verdict = _verdict(course)
    assert _points(verdict) == {"test_double": 0, "test_square": 6}
    assert not reached.exists()
