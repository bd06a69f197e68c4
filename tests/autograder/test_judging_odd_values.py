"""Whatever a function returns can be graded: odd values earn nothing and raise nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.exercises.declaration import Exercise, JointExercise
from autograder.exercises.judging import alike, compare
from autograder.hidden_tests import backprop, convolution, pooling
from autograder.results.marks import Mark
from autograder.sandbox.inside import _grading_wire as wire

ALL_EXERCISES = [*convolution.EXERCISES, *pooling.EXERCISES, *backprop.EXERCISES]
INTERNAL = re.compile("Unreadable|WireError|ExceptionClass|Proxy|Raised|autograder")
EXERCISES = pytest.mark.parametrize("exercise", convolution.EXERCISES, ids=lambda e: e.name)

CYCLE: list[object] = []
CYCLE.append(CYCLE)

ODD = {
    "complex array": np.full((3, 3), 1 + 2j),
    "complex layer": np.full((1, 2, 2, 1), 1j),
    "complex number": 2 + 1j,
    "NumPy's complex number": np.complex64(1j),
    "string array": np.array([["a", "b"], ["c", "d"]]),
    "string": "odd",
    "bytes array": np.array([b"a", b"b"]),
    "bytes": b"\0\xff",
    "None": None,
    "dots": ...,
    "nested lists": [[[[1.0]], [[2.0]]]],
    "ragged lists": [[1, 2], [3]],
    "ragged arrays": [np.ones(2), np.ones(3)],
    "array within a list": [np.ones((2, 2)), 1.0],
    "strings among numbers": [1.0, "two", None],
    "huge int": 10**5000,
    "huge ints in a list": [10**400, 1.5],
    "ints over 64 bits": [[2**70, -(2**70)], [1, 2]],
    "set": {1, 2},
    "dict": {"a": np.ones(2), 3: [1]},
    "dict of complex arrays": {"a": np.full(2, 1j)},
    "tuple of strings": ("a", "b"),
    "object array": np.array([1, "a", None], dtype=object),
    "array of what cannot cross": wire.Unreadable("object", (3, 3)),
    "NaN": float("nan"),
    "array of NaN": np.full((3, 3), np.nan),
    "infinite array": np.full((3, 3), np.inf),
    "empty array": np.zeros((0,)),
    "empty layer": np.zeros((0, 3, 3, 0)),
    "empty list": [],
    "empty tuple": (),
    "truth values": np.ones((3, 3), dtype=bool),
    "truth value": True,
    "dates": np.array(["2024-01-01"], dtype="datetime64[D]"),
    "structured array": np.zeros(3, dtype=[("a", "f8")]),
    "masked array": np.ma.masked_array([1.0, 2.0], mask=[True, False]),
    "slice": slice(1, 2),
    "type": int,
    "deep lists": [[[[[[[[[[[[1]]]]]]]]]]]],
    "a list that holds itself": CYCLE,
    "many axes": np.full((1,) * 30, 0.5),
    "float16": np.full((3, 3), 0.5, dtype=np.float16),
}


def _parts(exercise: Exercise) -> list[Any]:
    return [*exercise.parts] if isinstance(exercise, JointExercise) else [exercise]


def _grade(exercise: Exercise, function: Callable[..., object]) -> Mark:
    others = exercise.parts[1:] if isinstance(exercise, JointExercise) else ()
    return exercise.grade(function, **{part.name: function for part in others})


@EXERCISES
@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_an_odd_value_earns_nothing_and_raises_nothing(exercise: Exercise, value: object) -> None:
    mark = _grade(exercise, lambda *_, **__: value)
    assert (float(mark), mark.outcome) == (0.0, "failed")
    assert all(message.text for message in mark.messages)


@EXERCISES
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda answer: np.asarray(answer).astype(str), id="strings"),
        pytest.param(lambda answer: np.asarray(answer).astype(bytes), id="bytes"),
        pytest.param(lambda answer: {"answer": answer}, id="in a dict"),
    ],
)
def test_right_numbers_in_an_odd_form_earn_nothing(
    exercise: Exercise, spoil: Callable[[Any], object]
) -> None:
    right = next(exercise.trials()).function
    mark = _grade(exercise, lambda *args, **kwargs: spoil(right(*args, **kwargs)))
    assert (float(mark), mark.outcome) == (0.0, "failed")


@pytest.mark.parametrize("exercise", ALL_EXERCISES, ids=lambda e: e.name)
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda answer: np.asarray(answer) + 1e-17j, id="complex, rounding imaginary"),
        pytest.param(
            lambda answer: np.asarray(answer).astype(object) if np.ndim(answer) else answer + 0j,
            id="objects",
        ),
    ],
)
def test_right_numbers_in_a_form_that_is_nearly_right_earn_the_half_and_no_more(
    exercise: Exercise, change: Callable[[Any], object]
) -> None:
    """An answer over the FFT that forgets ``.real`` is one of them."""

    def changed(answer: Any) -> object:
        if type(answer) is tuple:
            return tuple(map(changed, answer))
        return answer if np.asarray(answer).dtype.kind not in "iuf" else change(answer)

    right = {part.name: next(part.trials()).function for part in _parts(exercise)}
    given = {name: (lambda *a, f=f, **k: changed(f(*a, **k))) for name, f in right.items()}
    first, *others = (part.name for part in _parts(exercise))
    mark = exercise.grade(given[first], **{name: given[name] for name in others})
    least = sum(
        part.points * (part.form_credit - (part.speed.share if part.speed else 0))
        for part in _parts(exercise)
    )
    only_truth_values = exercise.name == "wrong_maxima"  # are right as they are
    assert least - 0.01 <= float(mark)
    assert mark.outcome != "passed" or only_truth_values
    assert not INTERNAL.search(" ".join(message.text for message in mark.messages))


@pytest.mark.parametrize("name", ["CORRELATE2D", "CONVOLVE2D", "CONV2D", "CONV1D", "ZERO_PAD"])
def test_a_complex_answer_is_told_to_take_the_real_part(name: str) -> None:
    exercise = getattr(convolution, name)
    mark = exercise.grade(lambda *args, **kwargs: exercise.reference(*args, **kwargs) + 0j)
    text = "\n".join(message.text for message in mark.messages)
    assert "complex128" in text
    assert "Take the real part" in text


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
@pytest.mark.parametrize(
    "expected", [np.full((3, 3), 7.5), 3, 2.5, True, "odd?", None, (4, 5), (np.ones(2), 1.0)]
)
def test_every_kind_of_expected_answer_is_compared(value: object, expected: object) -> None:
    judgement = compare(value, expected, name="f", rtol=1e-6, atol=1e-8)
    right = value is expected  # None and True, where just they are wanted
    assert (judgement.right, judgement.credit) == (right, float(right))


@pytest.mark.parametrize(
    ("got", "other", "same"),
    [
        (np.full(2, 1j), np.ones(2), False),
        (np.ones(2) + 0j, np.ones(2), False),
        (np.array(["a", "b"]), np.array(["a", "b"]), True),
        (np.array(["a", "b"]), np.array(["a", "c"]), False),
        (np.array(["a", "b"]), np.ones(2), False),
        (np.array(["a", "b"]), np.array(["a"]), False),
        ([np.ones(2), np.ones(3)], [np.ones(2), np.ones(3)], True),
        ([np.ones(2), np.ones(3)], [np.ones(2), np.zeros(3)], False),
        ([1.0, [2.0]], [1.0 + 1e-12, [2.0]], True),
        ({"a": np.ones(2)}, {"a": np.ones(2)}, True),
        ({"a": np.ones(2)}, {"b": np.ones(2)}, False),
        ({1, 2}, {1, 2}, False),
        ("a", "a", True),
        (None, None, True),
        (None, 0.0, False),
        (CYCLE, CYCLE, False),
    ],
)
def test_two_answers_of_any_kind_can_be_compared(got: object, other: object, same: bool) -> None:
    assert alike(got, other, rtol=1e-6, atol=1e-8) is same


def test_an_infinite_entry_does_not_make_wrong_numbers_in_single_precision_right() -> None:
    expected = np.array([np.inf, 1.0, 2.0])
    wrong = np.array([np.inf, 5.0, 7.0], np.float32)
    assert not alike(wrong, expected, rtol=1e-5, atol=5e-6)
    assert alike(expected.astype(np.float32), expected, rtol=1e-5, atol=5e-6)
