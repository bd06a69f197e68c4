"""Answers become arrays only where NumPy makes of them what they are."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from autograder.exercises.judging import alike, as_numbers, compare
from coursekit.arrays import as_array, entries_close
from coursekit.checks import find_problem
from coursekit.stored_cases import fingerprint

WIDE = ["x" * 400_000, *[0.5] * 1500]
WIDE_BYTES = [[b"x" * 400_000], *[[1.0]] * 1500]
EXPECTED = np.zeros((3, 3))


@pytest.mark.parametrize("answer", [WIDE, WIDE_BYTES, [np.array(WIDE[:1]), *[[1]] * 1500]])
def test_one_long_text_in_a_list_does_not_make_every_entry_as_wide(answer):
    tracemalloc.start()
    try:
        assert as_array(answer) is None
        assert as_numbers(answer) is None
        assert find_problem(answer, EXPECTED, name="f").stage == "type"
        assert compare(answer, EXPECTED, name="f", rtol=1e-6, atol=1e-8).credit == 0
        assert not alike(answer, EXPECTED, rtol=1e-6, atol=1e-8)
        fingerprint(answer[:1])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100e6  # as wide a list takes 2.4 GB


@pytest.mark.parametrize(
    ("value", "shape"),
    [(3, ()), (2.5, ()), ([1, 2], (2,)), (((1.0, 2), (3, 4)), (2, 2)), ([np.ones(2)], (1, 2))],
)
def test_numbers_and_nested_lists_of_them_are_arrays(value, shape):
    assert as_array(value).shape == shape


@pytest.mark.parametrize("value", [None, "text", {1: 2}, [[1], [1, 2]], [1, "2"], object()])
def test_anything_else_is_none(value):
    assert as_array(value) is None


@pytest.mark.parametrize("kind", ["?", "i1", "u1", "i8", "u8", "f2", "f4", "f8", "c16"])
@pytest.mark.parametrize("other", ["?", "u1", "i8", "f4", "f8", "c16"])
def test_close_entries_are_those_that_numpy_calls_close(kind: str, other: str) -> None:
    rng = np.random.default_rng(5)
    numbers = [0.0, 1.0, 1.0 + 1e-6, 1.1, 255.0, -1.0, 3e4, *rng.normal(size=5)]
    far = [*numbers, np.inf, -np.inf, np.nan, 1e308] if kind[0] in "fc" else numbers
    with np.errstate(all="ignore"):
        for values in (numbers, far):
            got = np.array(values).astype(kind)[:, None]
            expected = np.array(values[::-1]).astype(other)
            for rtol, atol in ((1e-5, 5e-6), (1e-2, 0.0), (0.0, 0.5)):
                wanted = np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)
                np.testing.assert_array_equal(
                    entries_close(got, expected, rtol=rtol, atol=atol), wanted
                )
