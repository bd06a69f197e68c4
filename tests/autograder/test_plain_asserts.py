"""What plain asserts may do with a student's objects, and what an enemy cannot make of it.

The agent runs in this process. Each hidden test is first run with the lab's own solution, whose
operations are what allows the student's.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.errors import BadAnswer, HiddenTestBug, StudentError
from autograder.examiner import functions
from autograder.examiner import link as links
from autograder.examiner.examine import examine
from autograder.examiner.given import Given
from autograder.examiner.link import Link
from autograder.examiner.proxy import Proxy
from autograder.examiner.solution_trace import SolutionTrace
from autograder.results.marks import Mark
from autograder.sandbox.bubblewrap import INSIDE
from autograder.sandbox.inside import _grading_wire as wire

SPY = """
seen = []
class Spy:
    amount = 0
    def _do(self, *others):
        seen.extend(others)
        return self
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __pow__ = __rpow__ = _do
    __truediv__ = __rtruediv__ = __matmul__ = __rmatmul__ = __mod__ = __rmod__ = _do
    __isub__ = __iadd__ = __getitem__ = sum = max = mean = all = any = item = _do
    def _yes(self, *others):
        seen.extend(others)
        return True
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __contains__ = _yes
    def __abs__(self): return 0.0
    __float__ = __round__ = __abs__
    __hash__ = object.__hash__
"""
"""A class whose objects are equal to everything and note what they are compared with."""

Kernel = Callable[[str], "tuple[dict[str, Any], Callable[[str, str], str]]"]


def _given(solution: str) -> Given:
    return Given.from_sources(["import numpy as np"], [solution])


@pytest.fixture(scope="module")
def agent() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "_grading_wire", wire)
        patch.syspath_prepend(INSIDE)
        yield importlib.import_module("autograder.sandbox.inside._grading_agent")


@pytest.fixture
def kernel(agent: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Kernel:
    """Makes a namespace in which a source has run, and a way to ask the agent about it."""

    def make(source: str) -> tuple[dict[str, Any], Callable[[str, str], str]]:
        space: dict[str, Any] = {"__name__": "__main__", "np": np}
        exec(source, space)

        def ask(text: str, what: str) -> str:
            monkeypatch.setattr(agent, "_user_namespace", lambda: space)
            return str(agent.handle(text)._text)

        return space, ask

    return make


@pytest.fixture
def graded(kernel: Kernel) -> Callable[..., Mark]:
    """The mark of a student's code by a test that the solution passes."""

    def grade(test: str, solution: str, student: str | None = None) -> Mark:
        space, ask = kernel(solution)
        trace = SolutionTrace(classes=space)
        own = examine(test, Link(ask, trace), maximum=1, given=_given(solution))
        assert own.outcome == "passed", own.messages
        _, ask = kernel(solution if student is None else student)
        link = Link(ask, SolutionTrace(trace.learned))
        return examine(test, link, maximum=1, given=_given(solution))

    return grade


VECTOR = """
class Vector:
    def __init__(self, x, y): self.x, self.y = x, y
    def __add__(self, other): return Vector(self.x + other.x, self.y + other.y)
    def __mul__(self, by): return Vector(self.x * by, self.y * by)
    __rmul__ = __mul__
    def __matmul__(self, other): return self.x * other.x + self.y * other.y
    def __neg__(self): return -1 * self
    def __eq__(self, other): return (self.x, self.y) == (other.x, other.y)
    def __hash__(self): return hash((self.x, self.y))
    def __lt__(self, other): return self.x < other.x
    def __bool__(self): return bool(self.x or self.y)
    def __iadd__(self, other):
        self.x += other.x
        return self
    def __format__(self, spec): return f"({self.x:{spec}}, {self.y:{spec}})"
    def __contains__(self, number): return number in (self.x, self.y)
v, w = Vector(1, 2), Vector(3, 4)
"""
SHAPES = """
import collections, enum
Point = collections.namedtuple("Point", "x y")
def corners(): return [Point(0, 0), Point(1, 2)]
class Stack(list):
    push = list.append
class Celsius(float):
    def fahrenheit(self): return self * 9 / 5 + 32
    def __add__(self, other): return Celsius(float(self) + float(other))
class Level(enum.IntEnum):
    LOW = 1
class Words(dict):
    def longest(self): return max(self, key=len)
"""


@pytest.mark.parametrize(
    "test",
    [
        "assert v + w == Vector(4, 6) and v + w != v and not v == w",
        "assert (2 * v * 3).x == 6 and (np.float64(2) * v).y == 4 and (-v).x == -1",
        "assert v @ w - 11 == 0 and abs(v @ w - 11) < 1e-9",
        "assert sorted([w, v])[0].x == 1 and max(v, w) == w and v < w",
        "assert v and not Vector(0, 0)",
        "assert {v: 'a'}[Vector(1, 2)] == 'a' and len({v, Vector(1, 2), w}) == 2",
        "u = Vector(1, 1)\nt = u\nu += w\nassert t.x == 4",
        "assert f'{v:.1f}' == '(1.0, 2.0)'",
        "assert 2 in v and 7 not in v",
        "import copy\nu = copy.copy(v)\nu.x = 9\nassert v.x == 1 and u.x == 9",
        "u = Vector(1, 1)\nu.colour = 'red'\nassert u.colour == 'red'\ndel u.colour\n"
        "assert not hasattr(u, 'colour')",
        "assert isinstance(v, Vector) and not isinstance(3, Vector) and issubclass(Vector, Vector)",
        "assert vars(v) == {'x': 1, 'y': 2}",
    ],
)
def test_objects_of_a_class_may_be_used_as_under_nbgrader(
    test: str, graded: Callable[..., Mark]
) -> None:
    mark = graded(test, VECTOR)
    assert mark.outcome == "passed", mark.messages


@pytest.mark.parametrize(
    "test",
    [
        "p = Point(1, 2)\nassert p == (1, 2) and (1, 2) == p and p.x == 1",
        "assert Point(1, 2)._replace(y=5).y == 5",
        "p = Point(1, 2)\nassert isinstance(p, tuple) and p[1] == 2 and [*p] == [1, 2] and 2 in p",
        "assert corners()[1].y == 2 and corners() == [(0, 0), (1, 2)]",
        "p = Point(3.0, 4.0)\nassert np.allclose(p, [3, 4]) and np.sum(p) == 7 and len(p) == 2",
        "s = Stack()\ns.push(1)\ns.push(2)\nassert s == [1, 2] and s.pop() == 2 and [1] == s",
        "s = Stack([1])\nassert isinstance(s, list) and s != [2] and s < [2] and not s == [1, 1]",
        "c = Celsius(100)\nassert c.fahrenheit() == 212 and c == 100 and c > 99 and c - 1 == 99",
        "c = Celsius(1) + Celsius(2)\nassert c.fahrenheit() == 37.4 and (c + 1).fahrenheit() > 39",
        "assert Level.LOW == 1 and Level.LOW < 2 and {1: 'a'}[Level.LOW] == 'a'",
        "w = Words(a=1, bcd=2)\nassert w.longest() == 'bcd' and w == {'a': 1, 'bcd': 2}",
        "assert {**Words(a=1)} == {'a': 1} and dict(Words(b=2)) == {'b': 2}",
        "assert float(Celsius(3)) == 3.0 and round(Celsius(2.6)) == 3 and int(Level.LOW) == 1",
        "Celsius(1)",
    ],
)
def test_objects_that_extend_a_plain_type_keep_their_methods(
    test: str, graded: Callable[..., Mark]
) -> None:
    mark = graded(test, SHAPES)
    assert mark.outcome == "passed", mark.messages


@pytest.mark.parametrize(
    "test",
    [
        "assert abs(f(4) - 8.125) < 1e-9",
        "assert abs(8.125 - f(4)) < 1e-9",
        "assert not f(4) - 8.125",
        "assert ((f(4) - np.array([8.125])) ** 2).sum() == 0",
        "assert np.sum((np.array([8.125]) - f(4)) ** 2) == 0",
        "assert abs(np.float64(8.125) - f(4)) == 0",
        "d = f(4)\nd -= 8.125\nassert d == 0",
        "assert f(4) / 8.125 == 1",
        "assert f(4) == 8.125",
        "assert 8.125 == f(4)",
        "assert f(4) in (8.125, 8.25)",
        "assert f(4) <= 8.125 <= f(4)",
        "assert not f(4) != 8.125",
        "assert np.isclose(f(4), 8.125)",
        "assert np.array_equal(f(4), 8.125)",
        "assert (np.array([8.125]) == f(4)).all()",
        "assert abs(sum([f(4), -8.125])) == 0",
        "assert max(f(4), 8.125) == min(f(4), 8.125)",
        "assert {8.125: True}[f(4)]",
    ],
)
@pytest.mark.parametrize("base", ["", "(float)"])
def test_an_object_in_place_of_a_number_learns_and_earns_nothing(
    base: str, test: str, kernel: Kernel
) -> None:
    space, ask = kernel(LINE)
    trace = SolutionTrace(classes=space)
    assert float(examine(test, Link(ask, trace), maximum=1, given=_given(LINE))) == 1
    spy = SPY.replace("class Spy:", f"class Spy{base}:")
    space, ask = kernel(f"{spy}\ndef f(x):\n    return Spy()")
    link = Link(ask, SolutionTrace(trace.learned))
    assert _points(test, link, LINE) == 0
    assert "8.125" not in str(space["seen"])


LINE = "def f(x):\n    return 2 * x + 0.125"


def _points(test: str, link: Link, solution: str) -> float:
    try:
        return float(examine(test, link, maximum=1, given=_given(solution)))
    except HiddenTestBug:  # for which nobody gets points
        return 0.0


def test_a_number_is_expected_where_the_solutions_operator_gives_one(kernel: Kernel) -> None:
    test = "assert abs(v @ w - 11) < 1e-9"
    space, ask = kernel(VECTOR)
    trace = SolutionTrace(classes=space)
    assert float(examine(test, Link(ask, trace), maximum=1, given=_given(VECTOR))) == 1
    space, ask = kernel(f"{SPY}\nclass Vector(Spy): pass\nv = w = Vector()")
    assert _points(test, Link(ask, SolutionTrace(trace.learned)), VECTOR) == 0
    assert not any(type(thing) is int for thing in space["seen"])


def test_without_precedents_no_operator_takes_plain_data(kernel: Kernel) -> None:
    _, ask = kernel(VECTOR)
    mark = examine("assert (2 * v).x == 2", Link(ask), maximum=1, given=_given(VECTOR))
    assert float(mark) == 0
    assert "where the lab's own solution has an object" in mark.messages[0].text


def test_an_object_that_always_equals_is_compared_by_its_data(graded: Callable[..., Mark]) -> None:
    liar = f"{SPY}\nclass Celsius(Spy, float): pass"
    assert float(graded("assert Celsius(3) == 3", SHAPES, liar)) == 1
    liar = (
        f"{SPY}\nclass Celsius(Spy, float):\n    def __new__(cls, x): return super().__new__(cls)"
    )
    assert float(graded("assert Celsius(3) == 3", SHAPES, liar)) == 0


def test_a_comparison_of_an_object_with_plain_data_is_told_to_the_labs_author(
    kernel: Kernel,
) -> None:
    space, ask = kernel(VECTOR)
    link = Link(ask, SolutionTrace(classes=space))
    mark = examine("assert v < 3", link, maximum=1, given=_given(VECTOR))
    assert "compare an attribute" in mark.messages[0].text


IN_PLACE = """
def sort(values): values.sort()
def fill(a): a[:] = 7
def grow(d, s): d["b"] = 2; s.add(3)
def swap(board):
    board[0][0], board[1][1] = board[1][1], board[0][0]
    return len(board)
def double(x): return 2 * x
"""


@pytest.mark.parametrize(
    "test",
    [
        "x = [3, 1, 2]\nsort(x)\nassert x == [1, 2, 3]",
        "x = [3, 1, 2]\nsort(values=x)\nassert x == [1, 2, 3]",
        "a = np.zeros(3)\nfill(a)\nassert (a == 7).all()",
        "d, s = {'a': 1}, {1}\ngrow(d, s)\nassert d == {'a': 1, 'b': 2} and s == {1, 3}",
        "b = [[1, 2], [3, 4]]\nassert swap(b) == 2 and b == [[4, 2], [3, 1]]",
        "x = np.arange(3.0)\nassert np.allclose(double(x), 2 * x)",
    ],
)
def test_what_a_task_changes_in_place_is_changed_in_the_test(
    test: str, graded: Callable[..., Mark]
) -> None:
    assert graded(test, IN_PLACE).outcome == "passed"


def test_an_argument_that_the_solution_leaves_alone_stays_as_it_is(
    graded: Callable[..., Mark],
) -> None:
    cheat = "def double(x):\n    x[:] = [0] * len(x)\n    return x"
    test = "x = np.arange(3.0)\nassert np.allclose(double(x), 2 * x)"
    assert float(graded(test, IN_PLACE, cheat)) == 0
    assert float(graded("x = [1, 2]\nassert double(x) == x + x", IN_PLACE, cheat)) == 0


@pytest.mark.parametrize("now", [[1], {"a": 1}, np.ones(4), np.ones(3, dtype=np.int8), None, 5])
def test_an_argument_is_changed_to_nothing_of_another_kind(now: object) -> None:
    own = np.zeros(3)
    place = "<hidden test> <module> 1-1-0-4"
    answer = wire.dumps({"value": None, "after": [[0, now], [7, 1], "x"]}, lambda value: value)
    link = Link(lambda *_: answer, SolutionTrace([f"change 0 {place}"]))
    spoil = Proxy(link, wire.Handle(1, "function", True), "f")
    exec(compile("f(x)", "<hidden test>", "exec"), {"f": spoil, "x": own})
    np.testing.assert_array_equal(own, np.zeros(3))


def test_an_argument_that_was_not_asked_back_stays_as_it_is() -> None:
    own = [1, 2]
    answer = wire.dumps({"value": None, "after": [[0, [0, 0]]]}, lambda value: value)
    spoil = Proxy(Link(lambda *_: answer), wire.Handle(1, "function", True), "f")
    exec(compile("f(x)", "<hidden test>", "exec"), {"f": spoil, "x": own})
    assert own == [1, 2]


def test_an_exercise_declared_elsewhere_gets_plain_data(kernel: Kernel) -> None:
    space, ask = kernel(f"{SHAPES}\ndef fill(x): x[:] = [0]")
    exercise: dict[str, Any] = {"__name__": "autograder.hidden_tests.made"}
    exec("def kind(f, *args):\n    return type(f(*args)).__name__", exercise)
    link = Link(ask, SolutionTrace(classes=space))
    here = {"kind": exercise["kind"], "Point": link.look_up("Point"), "x": [1], "found": ""}
    here["fill"] = link.look_up("fill")
    exec(compile("found = kind(Point, 1, 2)\nkind(fill, x)", "<hidden test>", "exec"), here)
    assert here["found"] == "tuple"
    assert link.trace.learned == []


CALLERS = """
def twice(f, x): return f(f(x))
def safe(f, x):
    try:
        return f(x)
    except ValueError as error:
        return f"refused: {error}"
def swallow(f, x):
    f(x)
    return 4
def own(x): return x + 1
class Solver:
    def __init__(self, f): self.f = f
    @property
    def root(self): return self.f(3)
kept = []
def keep(f): kept.append(f)
def call_kept(x): return kept[0](x)
def names(f): return f.__name__
"""


@pytest.mark.parametrize(
    "test",
    [
        "assert twice(lambda n: n + 3, 1) == 7",
        "def f(a):\n    return a[::-1]\nassert np.all(twice(f, np.arange(3)) == np.arange(3))",
        "assert np.isclose(twice(np.cos, 0.5), np.cos(np.cos(0.5))) and twice(abs, -1) == 1",
        "calls = []\ntwice(calls.append, 1)\nassert calls == [1, None]",
        "assert twice(lambda n: own(n) * 2, 1) == 10",
        "def f(x):\n    raise ValueError('no')\nassert safe(f, 1) == 'refused: no'",
        "def f(x):\n    raise KeyError(x)\ntry:\n    safe(f, 1)\nexcept KeyError:\n    pass\n"
        "else:\n    assert False",
        "assert Solver(lambda x: x * x).root == 9",
        "f = lambda x: x + 1\nkeep(f)\nassert call_kept(2) == 3",
        "def area(x):\n    return x\nassert names(area) == 'area'",
        "from unittest.mock import Mock\nm = Mock(return_value=2)\nassert twice(m, 1) == 2\n"
        "assert m.call_count == 2",
    ],
)
def test_a_function_of_the_tests_can_be_called_by_the_answer(
    test: str, graded: Callable[..., Mark]
) -> None:
    mark = graded(test, CALLERS)
    assert mark.outcome == "passed", mark.messages


DRAWS = """
def draw(rng, n=3): return rng.random(n)
def state_of(rng): return rng.bit_generator.state["state"]["state"]
"""


@pytest.mark.parametrize(
    "test",
    [
        "rng = np.random.default_rng(3)\n"
        "assert np.array_equal(draw(rng), np.random.default_rng(3).random(3))",
        "rng = np.random.default_rng(3)\nassert not np.array_equal(draw(rng), draw(rng=rng))",
        "a, b = (draw(np.random.default_rng(3)) for _ in range(2))\nassert np.array_equal(a, b)",
        "rng = np.random.Generator(np.random.MT19937(5))\nassert draw(rng, 2).shape == (2,)",
    ],
)
def test_a_random_generator_of_the_tests_can_be_drawn_from(
    test: str, graded: Callable[..., Mark]
) -> None:
    mark = graded(test, DRAWS)
    assert mark.outcome == "passed", mark.messages


def test_what_a_test_has_drawn_cannot_be_worked_out_from_its_generator(kernel: Kernel) -> None:
    _, ask = kernel(DRAWS)
    rng = np.random.default_rng(3)
    link = Link(ask)
    assert link.look_up("state_of")(rng) == rng.bit_generator.state["state"]["state"]
    used = np.random.default_rng(3)
    used.random()
    assert link.look_up("state_of")(used) != used.bit_generator.state["state"]["state"]


def test_an_assertion_in_a_function_of_the_tests_cannot_be_swallowed(
    graded: Callable[..., Mark],
) -> None:
    test = "def f(x):\n    assert x == 2, 'x is not 2'\nassert swallow(f, 2) == 4"
    mark = graded(test, CALLERS, SWALLOW)
    assert (float(mark), mark.messages[0].text) == (0, "x is not 2")


SWALLOW = """
def swallow(f, x):
    try:
        f(x + 1)
    except BaseException:
        pass
    return 4
"""


def test_a_function_that_takes_too_long_on_what_it_is_given_is_stopped(
    graded: Callable[..., Mark], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(functions, "MAX_SECONDS", 0.2)
    test = "def f(n):\n    while n != 0:\n        n -= 1\n    return n\nassert twice(f, 3) == 0"
    student = "def twice(f, x): return f(float('inf'))"
    mark = graded(test, CALLERS, student)
    assert "took too long" in mark.messages[0].text


def test_endless_calls_of_a_function_of_the_tests_come_to_an_end(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MAX_ASKED", 500)
    _, ask = kernel("def f(g):\n    while True:\n        g(1)")
    told = []
    with pytest.raises(BadAnswer, match="calls the test's function more than"):
        Link(ask).look_up("f")(told.append)
    assert len(told) == 500


@pytest.mark.parametrize(
    "asks",
    [[-999, [], {}], [0, [], {}], ["x", [], {}], [-1], None, [-1, {}, []], [True, [], {}]],
)
def test_only_functions_that_were_handed_over_can_be_called(asks: object) -> None:
    answer = wire.dumps({"asks": asks, "call": 1}, lambda value: value)
    with pytest.raises(BadAnswer, match="has not handed over"):
        Link(lambda *_: answer).look_up("x")


def test_a_function_cannot_be_called_when_no_test_waits(kernel: Kernel) -> None:
    space, ask = kernel(CALLERS)
    link = Link(ask)
    link.look_up("keep")(print_nothing)
    with pytest.raises(RuntimeError, match="only be called while a test waits"):
        space["kept"][0](1)


def print_nothing(*_: object) -> None:
    """A function of a test's that is not known by a public name."""


ERRORS = """
class TooSmall(ValueError):
    def __init__(self, limit):
        super().__init__(f"below {limit}")
        self.limit = limit
class Tiny(TooSmall): pass
class Other(Exception): pass
def check(x):
    if x < 0: raise Tiny(0)
    if x < 3: raise TooSmall(3)
def singular(): np.linalg.inv(np.zeros((2, 2)))
"""


@pytest.mark.parametrize(
    "test",
    [
        "try:\n    check(1)\nexcept TooSmall as e:\n"
        "    assert e.limit == 3 and str(e) == 'below 3'\n"
        "else:\n    assert False",
        "import pytest\nwith pytest.raises(TooSmall, match='below 0'):\n    check(-1)",
        "import pytest\nwith pytest.raises(ValueError):\n    check(1)",
        "try:\n    check(1)\nexcept (Tiny, Other):\n    assert False\nexcept TooSmall:\n    pass",
        "assert issubclass(Tiny, TooSmall) and issubclass(TooSmall, ValueError)",
        "assert TooSmall(5).limit == 5 and TooSmall.__name__ == 'TooSmall'",
        "try:\n    check(-1)\nexcept Exception as e:\n    assert isinstance(e, TooSmall)",
        "try:\n    singular()\nexcept np.linalg.LinAlgError as e:\n    assert 'ingular' in str(e)",
    ],
)
def test_exceptions_of_the_students_can_be_caught_by_their_names(
    test: str, graded: Callable[..., Mark]
) -> None:
    mark = graded(test, ERRORS)
    assert mark.outcome == "passed", mark.messages


def test_another_exception_than_was_asked_for_is_not_caught(graded: Callable[..., Mark]) -> None:
    test = "try:\n    check(1)\nexcept TooSmall:\n    pass"
    wrong = ERRORS.replace("raise TooSmall(3)", "raise Other(3)")
    mark = graded(test, ERRORS, wrong)
    assert (float(mark), mark.outcome) == (0, "student_error")
    assert "Other: 3" in mark.messages[0].text


def _class(number: int, *bases: object, name: object = "E") -> dict[str, object]:
    return {"class": wire.Handle(number, "type", True), "name": name, "bases": list(bases)}


@pytest.mark.parametrize(
    "told",
    [
        _class(1, _class(2, "ValueError"), _class(3, "OSError", "KeyError")),
        _class(1, "autograder.errors.GraderError", "HiddenTestBug", "BaseExceptionGroup"),
        _class(1, "StopIteration", "KeyboardInterrupt", "SystemExit", "builtins.int"),
        _class(1, _class(1, _class(1))),
        _class(1, _class(2), _class(3, _class(2), "Exception"), _class(2)),
        _class(1, name="a\0b"),
        _class(1, name=5),
        _class(1, 5, None, {}, [1]),
        {"class": 1, "name": "E", "bases": []},
        {"class": wire.Handle(1, "type", True)},
        "x",
        5,
    ],
)
def test_forged_classes_of_exceptions_make_a_students_error(told: object) -> None:
    error = {"type": "E", "text": "t", "class": told, "object": 5, "args": [1, [2], None]}
    answer = wire.dumps({"error": error}, lambda value: value)
    with pytest.raises(StudentError) as caught:
        Link(lambda *_: answer).look_up("x")
    assert not isinstance(caught.value, (HiddenTestBug, StopIteration))
    assert (str(caught.value), caught.value.args) == ("t", (1, None))


def test_what_a_call_prints_is_printed_where_the_test_reads_it(
    graded: Callable[..., Mark], kernel: Kernel, capsys: pytest.CaptureFixture[str]
) -> None:
    test = (
        "import contextlib, io\nsaid = io.StringIO()\n"
        "with contextlib.redirect_stdout(said):\n    hello()\nassert said.getvalue() == 'Hello\\n'"
    )
    assert float(graded(test, "def hello(): print('Hello')")) == 1
    assert float(graded(test, "def hello(): print('Hello')", "def hello(): print('Bye')")) == 0
    assert capsys.readouterr().out == ""


def test_endless_printing_is_cut(kernel: Kernel, capsys: pytest.CaptureFixture[str]) -> None:
    _, ask = kernel("def talk():\n    for _ in range(50): print('x' * 10**5)")
    Link(ask).look_up("talk")()
    assert len(capsys.readouterr().out) == 100_000
    answer = json.dumps({"t": "dict", "v": [["value", None], ["printed", "\ud800" * 10**6]]})
    Link(lambda *_: answer).look_up("x")
    assert capsys.readouterr().out == "?" * 100_000


def test_the_parameters_of_an_answer_can_be_looked_at(graded: Callable[..., Mark]) -> None:
    test = (
        "import inspect\ns = inspect.signature(f)\nassert list(s.parameters) == ['a', 'b', 'c']\n"
        "assert s.parameters['b'].default == 2 and str(s) == '(a, b=2, *, c)'"
    )
    assert float(graded(test, "def f(a, b=2, *, c): pass")) == 1
    assert float(graded(test, "def f(a, b=2, *, c): pass", "def f(a, b=3, *, c): pass")) == 0


@pytest.mark.parametrize(
    "told",
    [5, [5], [["a b", 1, False, None]], [["a", 9, False, None]], [["a", 1]], [[1, 1, 1, 1]], None],
)
def test_forged_parameters_are_a_bad_answer(told: object) -> None:
    answer = wire.dumps({"value": told}, lambda value: value)
    function = Proxy(Link(lambda *_: answer), wire.Handle(1, "function", True), "f")
    with pytest.raises(BadAnswer, match="parameters that are none"):
        inspect.signature(function)


def test_a_generator_is_one_for_isinstance(graded: Callable[..., Mark]) -> None:
    test = (
        "import types, inspect\nassert isinstance(f(), types.GeneratorType)\n"
        "assert inspect.isgenerator(f()) and not isinstance(f(), (int, list, np.ndarray))"
    )
    assert float(graded(test, "def f(): yield 1")) == 1
    assert float(graded(test, "def f(): yield 1", "def f(): return iter([1])")) == 0


@pytest.mark.parametrize(
    "names",
    [
        ["autograder.results.marks.Mark", "builtins.float", "numpy.ndarray", "builtins.list"],
        ["keras.Mark", "tensorflow..x", ".", "", "keras", "x" * 10**6],
        [5, None, []],
        5,
        None,
    ],
)
def test_a_forged_class_is_no_class_of_ours(names: object) -> None:
    answer = wire.dumps({"value": names}, lambda value: value)
    thing = Proxy(Link(lambda *_: answer), wire.Handle(1, "Thing", False), "thing")
    space: dict[str, Any] = {"thing": thing, "kinds": (Mark, float, np.ndarray, list)}
    exec(compile("found = isinstance(thing, kinds)", "<hidden test>", "exec"), space)
    assert space["found"] is False


@pytest.mark.parametrize(
    ("use", "answer"),
    [(bool, 1), (bool, None), (len, -1), (len, "3"), (str, 5), (int, "1"), (hash, "x"), (float, 1)],
)
def test_forged_answers_of_operators_are_bad(use: Callable[[Any], Any], answer: object) -> None:
    text = wire.dumps({"value": answer}, lambda value: value)
    proxy = Proxy(Link(lambda *_: text), wire.Handle(1, "Thing", False), "thing")
    with pytest.raises(BadAnswer):
        use(proxy)


def test_a_context_manager_of_the_students_does_not_silence_the_test(
    graded: Callable[..., Mark],
) -> None:
    manager = """
class Timer:
    def __enter__(self):
        self.on = True
        return self
    def __exit__(self, *error):
        self.on = False
        return True
def f(): return {}
"""
    test = "with Timer() as t:\n    assert t.on and f() == 1\nassert not t.on"
    assert float(graded(test, manager.format(1))) == 1
    assert float(graded(test, manager.format(1), manager.format(2))) == 0


def test_the_graders_own_words_for_an_object_ask_nothing() -> None:
    def ask(text: str, what: str) -> str:
        raise AssertionError(text)

    proxy = Proxy(Link(ask), wire.Handle(1, "Thing", False), "thing")
    assert repr(proxy) == "<Thing in the student's kernel>"


def test_data_of_an_object_do_not_vary_and_are_met_where_the_solution_has_an_object(
    kernel: Kernel,
) -> None:
    numbers = iter(range(10))

    def lie(text: str, what: str) -> str:
        value = next(numbers) if '"plain"' in text else wire.Handle(1, "Odd", False, "int")
        return wire.dumps({"value": value}, lambda kept: kept)

    odd = "class Odd(int): pass\nn = Odd(3)"
    space, ask = kernel(odd)
    trace = SolutionTrace(classes=space)
    test = "x = n\nassert x == x + 0 and not x > 3 and x < 9"
    test_of_three = "x = n\nassert x == 3 and x == 3"
    assert _points(test_of_three, Link(ask, trace), odd) == 1
    assert _points(test, Link(lie), odd) == 0
    link = Link(lie, SolutionTrace(trace.learned))
    assert _points("x = n\nassert x == 0 and x == 0", link, odd) == 1
