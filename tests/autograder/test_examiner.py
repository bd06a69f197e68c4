"""Hidden tests against a kernel: plain asserts, proxies, errors, and lies."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import numpy as np
import pytest

from autograder.errors import BadAnswer, HiddenTestBug, StudentError, StudentTimeout
from autograder.examiner.examine import examine
from autograder.examiner.given import Given, imported_modules
from autograder.examiner.link import Link
from autograder.examiner.proxy import Proxy, module_beside
from autograder.results.marks import Mark
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import KernelSession

pytestmark = pytest.mark.sandbox

STUDENT = """
import numpy as np

def total(values, *, scale=1):
    return scale * np.sum(values)

def spoil(x):
    x[0] = -1
    return x

def fails(x):
    return [1][x]

def endless():
    while True:
        pass

def unwritten():
    raise NotImplementedError

def half_written():
    raise NotImplementedError("only for stride 1")

class Counter:
    def __init__(self, start=0):
        self.count = start
    def step(self, by=1):
        self.count += by
        return self.count

class Everything(np.ndarray):
    def __eq__(self, other):
        return True
    __hash__ = None

class Liar:
    shape = (2,)
    def __eq__(self, other):
        return True
    def __getattr__(self, name):
        return self

answer = 42
table = np.eye(2)
counter = Counter(3)
liar = lambda *args, **kwargs: Liar()
sneaky = lambda x: np.asarray(x).view(Everything)
def deep():
    nested = []
    for _ in range(10_000):
        nested = [nested]
    return nested
def huge():
    return np.zeros(10**8)
np.testing.assert_allclose = lambda *args, **kwargs: None
"""

SOLUTION = STUDENT + "\ndef missing(x): pass"


@pytest.fixture(scope="module")
def link() -> Iterator[Link]:
    with KernelSession(Limits(call_seconds=2)) as session:
        run = session.run_cell(STUDENT)
        assert run.error == ""
        yield Link(session.ask)


def _mark(test: str, link: Link, *given: str, answers: str = SOLUTION) -> Mark:
    code = Given.from_sources(["import numpy as np", *given], [answers])
    return examine(test, link, maximum=5, given=code)


@pytest.mark.parametrize(
    "test",
    [
        "assert total([1, 2], scale=2) == 6",
        "assert total(values=np.ones((2, 2))) == 4",
        "assert answer == 42 and table.shape == (2, 2)",
        "np.testing.assert_allclose(table, np.eye(2))",
        "made = Counter(start=5)\nassert made.step() == 6 and made.count == 6",
        "assert counter.step(by=2) - counter.step(by=-2) == 2",
        "for n in range(3):\n    assert total([n, n]) == 2 * n",
        "def check(f):\n    return f([1, 2]) == 3\nassert check(total) and len([total]) == 1",
        "try:\n    fails(7)\nexcept IndexError as error:\n    assert 'range' in str(error)\n"
        "else:\n    raise AssertionError",
        "assert callable(total) and not hasattr(counter, 'missing')",
    ],
)
def test_plain_tests_with_plain_names_work_unchanged(test: str, link: Link) -> None:
    mark = _mark(test, link)
    assert (mark.outcome, float(mark)) == ("passed", 5.0), mark.messages


@pytest.mark.parametrize(
    ("test", "outcome", "said"),
    [
        ("assert total([1]) == 2, 'one is not two'", "failed", "one is not two"),
        ("assert total([1]) == 2", "failed", "does not hold"),
        ("np.testing.assert_allclose(table, np.full((2, 2), 7.25))", "failed", "does not hold"),
        ("fails(7)", "student_error", "IndexError: list index out of range"),
        ("unwritten()", "not_attempted", "not written yet"),
        ("half_written()", "student_error", "only for stride 1"),
        ("endless()", "timeout", "endless was stopped after 2 seconds"),
        ("missing(3)", "student_error", "NameError: missing is not defined"),
        ("total([1], wrong=2)", "student_error", "TypeError"),
        ("assert 3 * len(deep()) == 1", "student_error", "nested"),
        ("huge()", "student_error", "too large"),
    ],
)
def test_a_failure_has_its_outcome_and_its_words(
    test: str, outcome: str, said: str, link: Link
) -> None:
    mark = _mark(test, link)
    assert (mark.outcome, float(mark)) == (outcome, 0.0)
    assert said in mark.messages[0].text
    assert "7.25" not in str(mark.messages)


@pytest.mark.parametrize(
    "test",
    [
        "assert liar() == 42",
        "np.testing.assert_allclose(liar(), 42)",
        "assert np.array_equal(liar(), 42)",
        "assert np.all(sneaky(np.ones(2)) == 42)",
        "np.testing.assert_allclose(sneaky(np.ones(2)), 42)",
    ],
)
def test_an_object_that_equals_everything_earns_nothing(test: str, link: Link) -> None:
    mark = _mark(test, link)
    assert float(mark) == 0
    assert mark.outcome == "failed"


def test_the_last_lines_number_is_partial_credit(link: Link) -> None:
    mark = _mark("total([1, 1.5])", link)
    assert (float(mark), mark.outcome) == (2.5, "partial")


@pytest.mark.parametrize("test", ["total([6])", "total([-1])", "float('nan')"])
def test_points_outside_the_cells_range_are_the_tests_bug(test: str, link: Link) -> None:
    with pytest.raises(HiddenTestBug, match="points of 5"):
        _mark(test, link)


@pytest.mark.parametrize(
    "test", ["1 / 0", "def broken(:", "import no_such_module", "total(object())"]
)
def test_a_tests_own_error_is_no_score(test: str, link: Link) -> None:
    with pytest.raises(HiddenTestBug):
        _mark(test, link)


def test_a_changed_input_is_told_and_the_examiners_copy_is_whole(link: Link) -> None:
    spoil = link.look_up("spoil")
    assert isinstance(spoil, Proxy)
    x = np.arange(3.0)
    np.testing.assert_array_equal(spoil(x), [-1, 1, 2])
    assert spoil.last_call_changed_inputs == (0,)
    np.testing.assert_array_equal(x, [0, 1, 2])
    link.look_up("total")(x)
    assert link.look_up("total").last_call_changed_inputs == ()


def test_a_module_of_the_kernels_lies_beside_an_object_there(link: Link) -> None:
    total = link.look_up("total")
    assert module_beside(total, "math").sqrt(9.0) == 3.0
    stopping = module_beside(total, "coursekit.harness.early_stopping")
    assert stopping.__name__ == "coursekit.harness.early_stopping"
    with pytest.raises(StudentError, match="no_such_module"):
        link.module("no_such_module")


def test_a_students_error_shows_their_frames_and_none_of_ours(link: Link) -> None:
    with pytest.raises(StudentError) as caught:
        link.look_up("fails")(7)
    assert "in fails" in caught.value.traceback
    assert "return [1][x]" in caught.value.traceback
    assert "_grading" not in caught.value.traceback


def test_the_labs_imports_are_the_examiners_own(link: Link) -> None:
    mark = _mark("assert np.testing.assert_allclose.__module__.startswith('numpy.testing')", link)
    assert mark.outcome == "passed"


def test_a_kernel_that_answers_rubbish_is_the_students_failure() -> None:
    replace = "import _grading_agent\n_grading_agent.handle = lambda text: {answer}"
    with KernelSession(Limits(call_seconds=2)) as session:
        for answer in ("None", "'x' * 100", "1 / 0", "_grading_agent.Reply('[' * 9999)"):
            session.run_cell(f"x = 1\n{replace.format(answer=answer)}")
            with pytest.raises((BadAnswer, StudentTimeout)):
                Link(session.ask).look_up("x")


def test_a_forged_mark_is_only_data() -> None:
    """A student who rewrites the agent can choose what their function returns, not a score."""
    code = """
    import _grading_agent, _grading_wire
    def forge(text):
        reply = {"value": {"points": 5, "outcome": "passed", "maximum": 5}}
        return _grading_agent.Reply(_grading_wire.dumps(reply, None))
    _grading_agent.handle = forge
    """
    with KernelSession(Limits()) as session:
        assert session.run_cell(textwrap.dedent(code)).error == ""
        mark = _mark("assert total == 1", Link(session.ask))
    assert float(mark) == 0


def test_a_helper_of_a_given_cell_is_the_examiners_own(link: Link) -> None:
    helper = "SIZE = 3\ndef check(got, want):\n    assert got == want + SIZE - 3"
    mark = _mark("check(total([1]), 7)", link, helper)
    assert (mark.outcome, float(mark)) == ("failed", 0.0)
    assert _mark("check(total([7]), 7)", link, helper).outcome == "passed"


def test_a_task_that_is_called_like_a_builtin_or_an_import_is_the_students(link: Link) -> None:
    test = "assert pow(2, 3) == 8"
    assert _mark(test, link).outcome == "passed"
    assert _mark(test, link, answers="def pow(a, b):\n    return a**b").outcome == "student_error"


def test_a_last_line_that_is_false_earns_nothing(link: Link) -> None:
    assert float(_mark("total([1]) == 2", link)) == 0
    assert float(_mark("total([1]) == 1", link)) == 5


def test_magics_in_the_visible_part_do_not_break_a_test(link: Link) -> None:
    assert _mark("%matplotlib inline\n!ls\nassert total([1]) == 1", link).outcome == "passed"


def test_a_last_line_that_is_no_number_earns_nothing(link: Link) -> None:
    with pytest.raises(HiddenTestBug, match="ends in a ndarray"):
        _mark("table", link)


def test_a_seed_that_the_test_sets_is_set_for_the_answer() -> None:
    draw = "import random\nimport numpy as np\n"
    draw += "def draw(): return float(np.random.rand()), random.random()"
    seeds = "np.random.seed(3)\nrandom.seed(4)\n"
    test = f"import random\n{seeds}a = draw()\n{seeds}assert draw() == a and draw() != a"
    with KernelSession(Limits()) as session:
        assert session.run_cell(draw).error == ""
        assert _mark(test, Link(session.ask), answers=draw).outcome == "passed"
        unseeded = test.replace(f"()\n{seeds}", "()\n")
        assert float(_mark(unseeded, Link(session.ask), answers=draw)) == 0
    assert "_telling" not in repr(np.random.seed)


def test_modules_are_seen_wherever_they_are_imported() -> None:
    sources = [
        "%matplotlib inline\nimport numpy as np\nwith quiet_start():\n    import tensorflow as tf",
        "def later():\n    from scipy import signal\n",
        "this is no Python",
    ]
    assert imported_modules(sources) == ("numpy", "tensorflow", "scipy", "scipy.signal")
