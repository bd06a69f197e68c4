"""Proxies and links: against the agent itself in this process, and against forged answers."""

from __future__ import annotations

import errno
import importlib
import itertools
import json
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.errors import AutograderError, BadAnswer, GraderError, StudentError, StudentTimeout
from autograder.examiner import link as links
from autograder.examiner.examine import examine
from autograder.examiner.given import Given
from autograder.examiner.link import Link
from autograder.examiner.proxy import Proxy
from autograder.examiner.raised import Raised, student_error
from autograder.sandbox.bubblewrap import INSIDE
from autograder.sandbox.inside import _grading_wire as wire

STUDENT = '''
import collections, numpy as np

Point = collections.namedtuple("Point", "x y")

class Thing:
    """A thing of the student's."""
    def __init__(self, number):
        self.number = number

class OldSequence:
    def __getitem__(self, index):
        return [10, 20, 30][index]

def documented(x):
    """Says what it does."""
    return x

def undocumented(x):
    return x

def count():
    yield from range(5)

def naturals():
    n = 0
    while True:
        yield n
        n += 1

def batches(n):
    for k in range(n):
        yield np.full((2, 2), float(k)), [k]

def broken():
    yield 1
    raise ValueError("broken")

def raises(name, *args):
    raise __builtins__[name](*args)

def key_error():
    return {}["missing"]

def grouped():
    raise ExceptionGroup("several", [ValueError("one"), OSError("two")])

def odd_text():
    class Odd(Exception):
        def __str__(self):
            raise SystemExit
    raise Odd

def stops(x):
    raise StopIteration

def recursive():
    a = []
    a.append({"a": a})
    return a

doubled = map(lambda x: 2 * x, [1, 2, 3])
keys, values = {"a": 1, "b": [2]}.keys(), {"a": 1, "b": [2]}.values()
things = {Thing(1), Thing(2)}
thing = Thing(5)
point = Point(1, 2)
tally = collections.Counter("aab")
huge = 7**4000
'''


GIVEN = Given.from_sources([], [STUDENT])
TOTAL = Given.from_sources([], ["def total(x): pass"])


@pytest.fixture(scope="module")
def agent() -> Iterator[ModuleType]:
    """The agent, imported as a kernel imports it, but in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "_grading_wire", wire)
        patch.syspath_prepend(INSIDE)
        yield importlib.import_module("autograder.sandbox.inside._grading_agent")


@pytest.fixture
def link(agent: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Link:
    namespace: dict[str, Any] = {
        "__name__": "__main__",
        "__builtins__": vars(__import__("builtins")),
    }
    exec(STUDENT, namespace)
    monkeypatch.setattr(agent, "_user_namespace", lambda: namespace)
    return Link(lambda text, _: agent.handle(text)._text)


def _forged(answer: str) -> Link:
    return Link(lambda *_: answer)


def _error(**parts: object) -> str:
    return wire.dumps({"error": parts}, lambda _: wire.Handle(0, "x", False))


@pytest.mark.parametrize(
    "test",
    [
        "assert list(count()) == [0, 1, 2, 3, 4]",
        "assert list(doubled) == [2, 4, 6]",
        "assert sorted(thing.number for thing in things) == [1, 2]",
        "assert list(OldSequence()) == [10, 20, 30]",
        "assert [n for n, _ in zip(naturals(), range(40))] == list(range(40))",
        "assert [(x.sum(), k) for x, k in batches(50)] == [(4 * k, [k]) for k in range(50)]",
        "it = naturals()\nassert [next(it), next(it)] == [0, 1] and next(iter(it)) == 2",
        "it = count()\nassert list(it) and next(it, 'end') == 'end'",
        "assert 3 in naturals()",
        "try:\n    list(broken())\nexcept ValueError as error:\n    assert 'broken' in str(error)\n"
        "else:\n    raise AssertionError",
        "try:\n    list(thing)\nexcept TypeError:\n    pass\nelse:\n    raise AssertionError",
        "try:\n    next(thing)\nexcept TypeError:\n    pass\nelse:\n    raise AssertionError",
        "assert point == (1, 2) and tally == {'a': 2, 'b': 1}",
        "assert huge == 7**4000",
        "assert documented.__doc__ == 'Says what it does.' and undocumented.__doc__ is None",
        "assert documented.__name__ == 'documented' and thing.__doc__.startswith('A thing')",
    ],
)
def test_what_a_hidden_test_may_do_with_the_students_objects(test: str, link: Link) -> None:
    mark = examine(test, link, maximum=1, given=GIVEN)
    assert mark.outcome == "passed", mark.messages


@pytest.mark.parametrize(("name", "items"), [("keys", ["a", "b"]), ("values", [1, [2]])])
def test_views_of_a_dict_are_iterated_over_in_the_kernel(
    name: str, items: list[object], link: Link
) -> None:
    view = link.look_up(name)
    assert isinstance(view, Proxy)
    assert (len(view), list(view)) == (2, items)


def test_more_items_than_may_be_read_are_a_bad_answer(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MAX_ITERATIONS", 1000)
    with pytest.raises(BadAnswer, match="more than 1,000 items"):
        list(link.look_up("naturals")())
    assert len(list(itertools.islice(link.look_up("naturals")(), 900))) == 900


@pytest.mark.parametrize("value", [None, 5, list(range(50))])
def test_forged_items_are_a_bad_answer(value: object) -> None:
    link = _forged(wire.dumps({"value": value}, lambda _: wire.Handle(0, "x", False)))
    with pytest.raises(BadAnswer, match="items"):
        list(iter(Proxy(link, wire.Handle(1, "generator", False), "numbers")))


def test_forged_empty_blocks_end_the_loop() -> None:
    answer = {"value": [], "rest": wire.Handle(1, "generator", False)}
    link = _forged(wire.dumps(answer, lambda value: value))
    assert list(iter(Proxy(link, wire.Handle(1, "generator", False), "numbers"))) == []


@pytest.mark.parametrize(
    ("name", "args", "caught"),
    [
        ("ValueError", ["x"], ValueError),
        ("OSError", ["x"], OSError),
        ("FileNotFoundError", [errno.ENOENT, "x"], FileNotFoundError),
        ("UnicodeDecodeError", ["utf-8", b"\xff", 0, 1, "x"], UnicodeDecodeError),
        ("UnicodeEncodeError", ["utf-8", "x", 0, 1, "x"], UnicodeError),
        ("KeyError", ["x"], LookupError),
        ("BlockingIOError", [errno.EAGAIN, "x"], OSError),
        ("SyntaxError", ["x"], SyntaxError),
        ("ImportError", ["x"], ImportError),
        ("ZeroDivisionError", ["x"], ArithmeticError),
        ("Exception", ["x"], StudentError),
        ("RecursionError", ["x"], RuntimeError),
    ],
)
def test_a_hidden_test_catches_the_builtin_exception_that_was_raised(
    name: str, args: list[Any], caught: type[Exception], link: Link
) -> None:
    with pytest.raises(caught) as raised:
        link.look_up("raises")(name, *args)
    error = raised.value
    assert isinstance(error, StudentError)
    assert error.type_name == name
    assert str(error) == error.text
    assert "x" in error.text
    assert "in raises" in error.traceback


def test_text_and_arguments_of_an_error_are_its_own(link: Link) -> None:
    with pytest.raises(KeyError) as caught:
        link.look_up("key_error")()
    assert str(caught.value) == "'missing'"
    assert caught.value.args == ("missing",)


def test_a_group_of_errors_is_the_students(link: Link) -> None:
    with pytest.raises(StudentError, match="several") as caught:
        link.look_up("grouped")()
    assert caught.value.type_name == "ExceptionGroup"
    mark = examine("grouped()", link, maximum=1, given=GIVEN)
    assert mark.outcome == "student_error"


def test_an_error_whose_text_cannot_be_made_is_told_without(link: Link) -> None:
    with pytest.raises(StudentError, match="text cannot be made"):
        link.look_up("odd_text")()


def test_a_student_cannot_end_a_loop_of_the_test(link: Link) -> None:
    mark = examine("assert all(map(stops, [1, 2]))", link, maximum=1, given=GIVEN)
    assert (float(mark), mark.outcome) == (0, "student_error")


def test_a_list_that_holds_itself_is_told_in_words(link: Link) -> None:
    with pytest.raises(StudentError, match="hold themselves"):
        link.look_up("recursive")()


@pytest.mark.parametrize("ancestor", ["ExceptionGroup", "exit", "int", "no such", "StopIteration"])
def test_forged_ancestors_make_a_students_error(ancestor: str) -> None:
    error = student_error("Odd", (ancestor, "Exception"), "text")
    assert type(error) is Raised
    assert str(error) == "text"


def test_a_forged_error_is_cut_and_can_be_written_to_a_file() -> None:
    long = "\ud800<" * 10**5
    link = _forged(_error(type=long, text=long, traceback=long, ancestors=[long[:100]] * 1000))
    with pytest.raises(StudentError) as caught:
        link.look_up("x")
    error = caught.value
    lengths = len(error.type_name), len(error.text), len(error.traceback)
    assert lengths == (200, 4000, 8000)
    for text in (error.type_name, error.text, error.traceback, str(error)):
        assert text.encode().decode() == text


def test_only_the_first_ancestors_are_looked_at() -> None:
    link = _forged(_error(type="A", text="", ancestors=["x"] * 20 + ["ValueError"]))
    with pytest.raises(StudentError) as caught:
        link.look_up("x")
    assert not isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    "part", [pytest.param(10**5000, id="huge"), 5, None, [1], {"a": 1}, np.ones(3)]
)
def test_forged_parts_of_an_error_that_are_no_text_are_left_out(part: object) -> None:
    link = _forged(_error(type=part, text=part, traceback=part, ancestors=[part]))
    with pytest.raises(StudentError) as caught:
        link.look_up("x")
    assert (caught.value.type_name, str(caught.value)) == ("Exception", "")


@pytest.mark.parametrize(
    "failure", [OSError(errno.ENOSPC, "No space left"), MemoryError(), ValueError("closed")]
)
def test_what_fails_on_this_side_is_the_graders_failure(failure: Exception) -> None:
    def ask(text: str, what: str) -> str:
        raise failure

    with pytest.raises(GraderError, match="could not be asked for total") as caught:
        Link(ask).look_up("total")
    assert caught.value.__cause__ is failure
    with pytest.raises(GraderError):
        examine("assert total(1) == 1", Link(ask), maximum=1, given=TOTAL)


@pytest.mark.parametrize("failure", [StudentTimeout(2), BadAnswer("x"), GraderError("y")])
def test_our_own_errors_pass_as_they_are(failure: AutograderError) -> None:
    def ask(text: str, what: str) -> str:
        raise failure

    with pytest.raises(AutograderError) as caught:
        Link(ask).look_up("total")
    assert caught.value is failure


def test_forged_places_of_changed_inputs_are_left_out() -> None:
    places = [0, 0, 7, -1, "\ud800", "w", "w", True, *["w"] * 1000]
    link = _forged(json.dumps(_message_of(places)))
    function = Proxy(link, wire.Handle(1, "function", True), "f")
    function(1, 2, w=3)
    assert function.last_call_changed_inputs == (0, "w")


def _message_of(places: list[Any]) -> dict[str, Any]:
    return {"t": "dict", "v": [["changed", {"t": "list", "v": places}]]}


def test_nested_tensors_arrive_as_arrays(
    link: Link, agent: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for TensorFlow's tensor: its type says where it is from, as the agent asks."""

    class Tensor:
        shape = (2,)

        def numpy(self) -> Any:
            return np.ones(2)

    class Symbolic(Tensor):
        def numpy(self) -> Any:
            raise NotImplementedError

    Tensor.__module__ = Symbolic.__module__ = "tensorflow.python.framework.ops"
    made = SimpleNamespace(value=(Tensor(), [Tensor()], {"a": Tensor()}), symbolic=[Symbolic()])
    monkeypatch.setattr(agent, "_user_namespace", lambda: vars(made))
    first, [second], third = link.look_up("value")
    for array in (first, second, third["a"]):
        np.testing.assert_array_equal(array, [1, 1])
    assert isinstance(link.look_up("symbolic")[0], Proxy)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_tensors_of_tensorflow_and_keras_arrive_as_arrays(
    agent: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras
    import tensorflow as tf

    value = (tf.constant([1.0, 2.0]), [keras.ops.ones(2)], {"a": keras.Variable([3.0])})
    monkeypatch.setattr(agent, "_user_namespace", lambda: {"value": value})
    first, [second], third = Link(lambda text, _: agent.handle(text)._text).look_up("value")
    np.testing.assert_array_equal(first, [1, 2])
    np.testing.assert_array_equal(second, [1, 1])
    np.testing.assert_array_equal(third["a"], [3])
