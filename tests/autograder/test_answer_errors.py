"""A NameError in a test is explained by the error that kept its name from being defined."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.grading.answer_errors import CellError, cell_error, with_first_error
from autograder.results.marks import Message
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import KernelSession

pytestmark = pytest.mark.sandbox

RAISED = Message("problem", "Your code raised NameError: double is not defined")


@pytest.fixture(scope="module")
def session() -> Iterator[KernelSession]:
    with KernelSession(Limits(cell_seconds=20)) as started:
        yield started


def _errors(session: KernelSession, *sources: str) -> list[CellError]:
    """Return the errors of some cells, run one after the other."""
    found = []
    for number, source in enumerate(sources):
        outputs = session.run_cell(source).outputs
        found.append(cell_error(f"task{number}", source, outputs, asked_for=["asked_for"]))
    return [error for error in found if error is not None]


@pytest.mark.parametrize(
    ("source", "told", "line"),
    [
        ("def double(x)\n    return 2 * x", "line 1 with SyntaxError: expected ':'", "double(x)"),
        ("def double(x):\n    return (2 * x", "SyntaxError: '(' was never closed", "return (2 * x"),
        ("def double(x):\nreturn 2 * x", "line 2 with IndentationError", "return 2 * x"),
        ("def double(x):\n\treturn x\n        return 2", "line 3 with TabError", "return 2"),
        ("import nowhere\ndef double(x):\n    return x", "line 1 with ModuleNotFound", "import"),
        ("# first\n@unknown\ndef double(x):\n    return x", "line 2 with NameError", "@unknown"),
        ("a = [1]\ndouble = a[3]", "line 2 with IndexError", "double = a[3]"),
        ("from math import nowhere as double", "line 1 with ImportError", "from math"),
        ("if True:\n    from nowhere import x as double", "line 2 with ModuleNotFound", "from"),
        ("for double in [1 / 0]:\n    pass", "line 1 with ZeroDivisionError", "for double"),
        ("%matplotlib inline\ndouble = 1 / 0", "line 2 with ZeroDivisionError", "double"),
        ("class double:\n    x = 1 / 0", "ZeroDivisionError: division by zero", ""),
    ],
)  # fmt: skip
def test_the_cause_stands_first(session: KernelSession, source: str, told: str, line: str) -> None:
    first, then = with_first_error([RAISED], _errors(session, source))
    assert told in first.text
    assert first.text.endswith("Because of this error, `double` was not defined.")
    assert first.kind == "problem"
    assert line in first.detail
    assert then == Message("note", f"So the test then met this: {RAISED.text}")


def test_the_cause_is_followed_through_cells(session: KernelSession) -> None:
    sources = ["def start(x)\n    return x", "middle = start(1)", "double = middle + 1"]
    first, _ = with_first_error([RAISED], _errors(session, *sources))
    assert "The cell task0 stopped at line 1 with SyntaxError" in first.text


def test_a_name_that_the_lab_asks_for_is_known_even_if_the_cell_lacks_it(
    session: KernelSession,
) -> None:
    message = Message("problem", "Your code raised NameError: name 'asked_for' is not defined")
    first, _ = with_first_error([message], _errors(session, "import nowhere"))
    assert "ModuleNotFoundError" in first.text


@pytest.mark.parametrize(
    ("messages", "sources"),
    [
        ([RAISED], ["double = 3"]),
        ([RAISED], ["def triple(x)\n    return x"]),
        ([Message("problem", "double(2) returned 3")], ["def double(x)\n    return x"]),
        ([Message("problem", "Your code raised TypeError: double")], ["1 / 0\ndouble = 1"]),
        ([], ["def double(x)"]),
    ],
    ids=["no error", "another name", "no NameError", "another error", "no message"],
)
def test_without_such_a_cause_messages_stay(
    session: KernelSession, messages: list[Message], sources: list[str]
) -> None:
    assert with_first_error(messages, _errors(session, *sources)) == tuple(messages)


@pytest.mark.parametrize("value", ["-" * 100_000, "(" * 100_000, "\x00", "1" + "+1" * 100_000])
def test_code_that_cannot_be_parsed_is_read_by_its_lines(value: str) -> None:
    outputs = [{"output_type": "error", "ename": "MemoryError", "evalue": "", "traceback": []}]
    error = cell_error("task", f"double = {value}", outputs)
    assert error is not None
    assert "double" in error.names


def test_a_hostile_error_makes_a_short_plain_message() -> None:
    outputs = [
        {
            "output_type": "error",
            "ename": "E\u202e" * 10**5,
            "evalue": "x\x1b[1m\n" * 10**5 + "(line 99999)",
            "traceback": ["In [1], line 7" * 10**5, 5],
        }
    ]
    error = cell_error("task", "double = 1", outputs)
    assert error is not None
    first, _ = with_first_error([RAISED], [error])
    assert len(first.text) < 1500
    assert first.text.isprintable()
