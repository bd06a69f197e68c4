"""The staged comparison: what it accepts, and what it says at each stage."""

from collections import namedtuple

import numpy as np
import pytest

from coursekit.checks import find_problem


@pytest.fixture
def expected():
    return np.random.default_rng(1).normal(size=(2, 4, 5, 3))


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (3, np.int64(3)),
        (np.float32(3), 3),
        (np.array(3.0), 3),
        (3.0, 3),
        ([[1, 2], [3, 4]], np.array([[1.0, 2.0], [3.0, 4.0]])),
        (np.array([1, 2]), [1.0, 2.0]),
        ([3, 4], (3, 4)),
        ((np.int64(3), 4), (3, 4)),
        (np.bool_(True), True),
        (np.array(False), False),
        ("valid", "valid"),
        (None, None),
        (np.array([1.0, np.inf, np.nan]), np.array([1.0, np.inf, np.nan])),
        (1 + 2j, 1 + 2j),
        (np.zeros((0, 3)), np.zeros((0, 3))),
    ],
)
def test_right_answers_are_accepted_in_every_usual_form(got, wanted):
    assert find_problem(got, wanted, name="f") is None


def test_memory_order_and_rounding_do_not_matter(expected):
    noise = 1 + 1e-12 * np.random.default_rng(2).normal(size=expected.shape)
    assert find_problem(np.asfortranarray(expected * noise), expected, name="f") is None


def test_float32_sums_are_judged_by_float32_accuracy():
    values = np.random.default_rng(3).normal(size=(20, 400))
    single = values.astype(np.float32).sum(axis=1)
    assert find_problem(single, values.sum(axis=1), name="f") is None
    assert find_problem(single.astype(np.float64), values.sum(axis=1), name="f") is not None
    assert find_problem(single + np.float32(0.01), values.sum(axis=1), name="f") is not None


@pytest.mark.parametrize(
    ("got", "wanted", "kind", "advice"),
    [
        (None, np.zeros(3), "None", "end with `return`"),
        (..., 3, "an object of type ellipsis", "Replace the dots"),
        ("3", 3, "a string", "the kind of thing"),
        (len, 3, "builtin_function_or_method", "brackets"),
        ([[1, 2], [3]], np.zeros((2, 2)), "a list of 2", "rows of different lengths"),
        (1, True, "a number", "the kind of thing"),
        (np.array([3, 4]), (3, 4), "an array of shape (2,)", "the kind of thing"),
    ],
)
def test_another_type_is_a_type_problem(got, wanted, kind, advice):
    problem = find_problem(got, wanted, name="f")
    assert problem.stage == "type"
    assert kind in problem.got
    assert advice in problem.advice


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        (lambda y: np.moveaxis(y, -1, 1), "channel axis must come last"),
        (lambda y: y.swapaxes(1, 2), "Rows and columns are swapped"),
        (lambda y: y.transpose(), "reverse order"),
        (lambda y: y.transpose(3, 1, 0, 2), "another order"),
        (lambda y: y[..., 0], "channels, is missing"),
        (lambda y: y[0], "first axis is missing"),
        (lambda y: y[:, np.newaxis], "axes of length 1"),
        (lambda y: y.reshape(-1), "reshape it"),
        (lambda y: y[:, 1:, 1:], "off by one"),
        (lambda y: np.pad(y, ((0, 0), (2, 2), (2, 2), (0, 0))), "too large"),
        (lambda y: y[:, 1:-1, 1:-1], "too small"),
        (lambda y: y[0, 0, 0, 0], "whole array"),
    ],
)
def test_another_shape_is_a_shape_problem_with_its_cause(expected, change, advice):
    got = change(expected)
    problem = find_problem(got, expected, name="conv2d")
    assert problem.stage == "shape"
    assert problem.expected == "(2, 4, 5, 3)"
    assert problem.got == (str(got.shape) if got.ndim else "one number, no array")
    assert advice in problem.advice


def test_an_array_for_a_number_is_a_shape_problem():
    problem = find_problem(np.array([3.0]), 3.0, name="f")
    assert (problem.stage, problem.got) == ("shape", "(1,)")
    assert ".item()" in problem.advice


@pytest.mark.parametrize(
    ("change", "dtype", "advice"),
    [
        (lambda y: y + 0j, "complex128", "real part"),
        (lambda y: y.astype(object), "object", "Python objects"),
        (lambda y: y.astype(str), "<U", "not text"),
        (lambda y: y > 0, "bool", "comparison"),
    ],
)
def test_entries_of_another_type_are_a_dtype_problem(expected, change, dtype, advice):
    problem = find_problem(change(expected), expected, name="f")
    assert problem.stage == "dtype"
    assert dtype in problem.got
    assert advice in problem.advice


def test_a_whole_number_must_be_an_int_where_asked_for():
    assert find_problem(np.int32(3), 3, name="f", integer=True) is None
    problem = find_problem(3.0, 3, name="f", integer=True)
    assert (problem.stage, problem.got) == ("dtype", "float64")
    assert "`//`" in problem.advice
    assert find_problem((3.0, 4.0), (3, 4), name="shape").stage == "dtype"


def test_nan_and_inf_are_reported_before_values(expected):
    got = expected + 1
    got[0, 1, 2, 0] = np.nan
    problem = find_problem(got, expected, name="f")
    assert problem.stage == "finite"
    assert problem.got == "1 of 120 entries nan, the first at [0, 1, 2, 0]"
    got[1] = np.inf
    assert "nan or inf" in find_problem(got, expected, name="f").got


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        (np.zeros_like, "Every entry is zero"),
        (lambda y: -y, "Every sign"),
        (lambda y: y + 2.5, "same amount"),
        (lambda y: y + np.array([1.0, 2.0, 3.0]), "Each channel"),
        (lambda y: 3 * y, "same factor"),
        (lambda y: y[:, ::-1, ::-1], "flipped in rows and columns"),
        (lambda y: y[:, ::-1], "reverse order along axis 1"),
        (lambda y: np.roll(y, 1, axis=2), "shifted by one along axis 2"),
        (lambda y: np.pad(y[:, 1:-1, 1:-1], ((0, 0), (1, 1), (1, 1), (0, 0))), "at the border"),
        (lambda y: y.astype(int), "decimals are lost"),
        (lambda y: y.astype(np.float16), "float16 is too coarse"),
        (lambda y: y + np.arange(120).reshape(y.shape), "first wrong entry by hand"),
    ],
)
def test_wrong_values_come_with_their_cause(expected, change, advice):
    problem = find_problem(change(expected), expected, name="f")
    assert problem.stage == "values"
    assert advice in problem.advice


def test_square_transposed_and_overflowing_answers_are_recognised():
    square = np.random.default_rng(4).normal(size=(2, 5, 5, 3))
    assert "transposed" in find_problem(square.swapaxes(1, 2), square, name="f").advice
    sums = np.array([100.0, 300.0, 515.0])
    assert "overflows" in find_problem(sums.astype(np.uint16).astype("u1"), sums, name="f").advice


def test_numbers_off_by_one_or_of_the_wrong_sign_are_recognised():
    assert "off by one" in find_problem(14, 13, name="f").advice
    assert "sign" in find_problem(-2, 2, name="f").advice


def test_small_arrays_are_shown_whole_and_large_ones_by_their_first_wrong_entry(expected):
    small = np.array([[4, 3, 4], [2, 4, 3], [2, 3, 4]])
    wrong = small.copy()
    wrong[2, 1] = 7
    assert str(find_problem(wrong, small, name="correlate2d")) == (
        "correlate2d: the values are not right\n"
        "  got:       1 of 9 entries wrong, the first at [2, 1]: 7\n"
        "             [[4 3 4]\n"
        "              [2 4 3]\n"
        "              [2 7 4]]\n"
        "  expected:  3 there\n"
        "             [[4 3 4]\n"
        "              [2 4 3]\n"
        "              [2 3 4]]\n"
        "  next step: Work out the first wrong entry by hand."
    )
    problem = find_problem(-expected, expected, name="f")
    assert problem.got.startswith("120 of 120 entries wrong, the first at [0, 0, 0, 0]: ")
    assert "\n" not in problem.got + problem.expected


def test_numbers_that_look_alike_are_shown_with_all_their_digits():
    problem = find_problem(0.3333333, 1 / 3, name="f", rtol=1e-12)
    assert (problem.got, problem.expected) == ("0.3333333", "0.3333333333333333")


def test_a_tuple_is_checked_item_by_item(expected):
    assert find_problem((expected, 2.0), (expected, 2), name="f") is None
    problem = find_problem((expected, -expected), (expected, expected), name="f")
    assert problem.name == "item 1 of f"
    short = find_problem((expected,), (expected, expected), name="f")
    assert (short.stage, short.got, short.expected) == ("shape", "a tuple of 1", "a tuple of 2")


def test_something_that_cannot_be_checked_is_the_callers_error():
    with pytest.raises(TypeError, match="expected must be an array of numbers"):
        find_problem(1, {"a": 1}, name="f")


def test_a_part_of_a_named_tuple_is_called_by_its_field():
    gradients = namedtuple("gradients", "dx db")
    expected = gradients(dx=np.ones(2), db=3.0)
    problem = find_problem((np.ones(2), 4.0), expected, name="backward")
    assert str(problem).startswith("db of backward: the values are not right")
    assert find_problem([np.ones(2), 3.0], expected, name="backward") is None
    alone = find_problem(np.ones(2), expected, name="backward")
    assert (alone.got, alone.expected) == ("an array of shape (2,)", "a tuple of 2 (dx, db)")


def test_parts_can_be_named_by_the_caller():
    problem = find_problem((1.0, 4.0), (1.0, 3.0), name="f", parts=("loss", "slope"))
    assert problem.name == "slope of f"


def test_truth_values_are_told_by_their_names():
    wanted = np.array([True, False])
    problem = find_problem(np.array([True, True]), wanted, name="f")
    assert problem.got.startswith("1 of 2 entries wrong, the first at [1]: True\n")
    assert problem.expected.startswith("False there")


def test_an_axis_of_which_nothing_is_left_points_at_a_slice_to_minus_0():
    problem = find_problem(np.ones((1, 5, 0)), np.ones((1, 5, 7)), name="f")
    assert "a slice that ends at -0" in problem.advice


@pytest.mark.parametrize(
    "expected", [np.full((3, 3), 10.0), np.array([3.0, 2.0]), np.array([1.0, 0, 0, 1])]
)
def test_a_factor_or_a_difference_of_few_different_entries_is_taken_for_a_coincidence(expected):
    for got in (2 * expected, expected + 2):
        assert "off by the same" not in find_problem(got, expected, name="f").advice
    assert "same factor" in find_problem(2.0 * np.arange(1, 4), np.arange(1.0, 4), name="f").advice


def test_none_in_an_array_is_told_as_a_forgotten_return():
    for expected in (3.0, np.ones(2), True):
        problem = find_problem(np.array(None), expected, name="f")
        assert "does it end with `return`" in problem.advice


def test_advice_for_a_number_speaks_of_no_entries():
    assert "entr" not in find_problem(4.5, 3.0, name="f").advice
