"""The wire carries plain data exactly, and refuses everything else."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from autograder.sandbox.inside import _grading_wire as wire


def _there_and_back(value: object) -> object:
    return wire.loads(wire.dumps(value, _refuse), lambda handle: handle)


def _refuse(value: object) -> wire.Handle:
    raise wire.WireError(f"not plain: {type(value).__name__}")


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 3, -(2**200), 0.1, "naïve ∑", float("inf"), (), [], ""),
        *([1, (2.5, None)], {"a": [1], (1, 2): "b"}, {1, 2}, frozenset({3})),
        *(b"\0\xff", 1 + 2j, slice(1, None, 2), ...),
    ],
)
def test_plain_data_arrive_as_they_were_sent(value: object) -> None:
    arrived = _there_and_back(value)
    assert arrived == value
    assert type(arrived) is type(value)


def test_nan_arrives_as_nan() -> None:
    arrived = _there_and_back(float("nan"))
    assert isinstance(arrived, float)
    assert math.isnan(arrived)


@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", "i8", "u1", "?", "c16", ">f8"])
@pytest.mark.parametrize("shape", [(), (0,), (2, 3), (1, 0, 4)])
def test_arrays_keep_shape_values_and_kind(dtype: str, shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(7).integers(0, 2, size=shape).astype(dtype)
    arrived = _there_and_back(array)
    assert isinstance(arrived, np.ndarray)
    assert arrived.shape == shape
    assert arrived.dtype == np.dtype(dtype).newbyteorder("=")
    np.testing.assert_array_equal(arrived, array)


def test_a_view_with_strides_arrives_whole() -> None:
    view = np.arange(24.0).reshape(4, 6)[::2, ::-3].T
    np.testing.assert_array_equal(_there_and_back(view), view)


def test_a_numpy_number_stays_one() -> None:
    assert isinstance(_there_and_back(np.float32(1.5)), np.float32)


def test_an_array_of_objects_arrives_as_shape_and_dtype_alone() -> None:
    arrived = _there_and_back(np.array([object(), None]))
    assert isinstance(arrived, wire.Unreadable)
    assert (arrived.shape, arrived.dtype) == ((2,), "object")


def test_an_object_becomes_a_handle_of_the_keepers() -> None:
    text = wire.dumps([object()], lambda value: wire.Handle(5, type(value).__name__, True))
    [handle] = wire.loads(text, lambda handle: handle)
    assert (handle.number, handle.type_name, handle.callable) == (5, "object", True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1, 2]",
        '{"t": "pickle", "v": "gASVAAAAAAAAAAAu"}',
        '{"t": "list", "v": "abc"}',
        '{"t": "list"}',
        '{"t": "dict", "v": [[{"t": "list", "v": []}, 1]]}',
        '{"t": "array", "d": "<f8", "s": [1000000], "v": "AAAA"}',
        '{"t": "array", "d": "|O", "s": [1], "v": "AAAAAAAAAAA="}',
        '{"t": "array", "d": "<f8", "s": [-1], "v": ""}',
        '{"t": "array", "d": "<f8", "s": [1.5], "v": ""}',
        '{"t": "float", "v": "__import__"}',
        '{"t": "handle", "v": "id", "type": "x", "callable": true}',
        "[" * 100_000 + "]" * 100_000,
        '{"t": ["list"], "v": []}',
        "1" * 10_000,
    ],
)
def test_what_is_no_message_is_a_wire_error(text: str) -> None:
    with pytest.raises(wire.WireError):
        wire.loads(text, lambda handle: handle)


def test_deep_nesting_is_refused_both_ways() -> None:
    deep: list[object] = []
    for _ in range(wire.MAX_DEPTH + 2):
        deep = [deep]
    with pytest.raises(wire.WireError, match="nested"):
        wire.dumps(deep, _refuse)
    text: object = 1
    for _ in range(wire.MAX_DEPTH + 2):
        text = {"t": "list", "v": [text]}
    with pytest.raises(wire.WireError, match="nested"):
        wire.loads(json.dumps(text), lambda handle: handle)


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_ITEMS", 10)
    text = wire.dumps(list(range(20)), _refuse)
    with pytest.raises(wire.WireError, match="10 elements"):
        wire.loads(text, lambda handle: handle)
