"""The wire carries plain data exactly, and refuses everything else."""

from __future__ import annotations

import enum
import json
import math
import tracemalloc
from collections import Counter, OrderedDict, defaultdict, namedtuple
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograder.sandbox.inside import _grading_parts as parts
from autograder.sandbox.inside import _grading_wire as wire
from autograder.sandbox.inside._grading_sharing import Shared


def _there_and_back(value: object) -> Any:
    return wire.loads(wire.dumps(value, _refuse), lambda handle: handle)


def _refuse(value: object) -> wire.Handle:
    raise wire.WireError(f"not plain: {type(value).__name__}")


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 3, -(2**200), 2**4096, 0.1, "naïve ∑", float("inf"), (), [], ""),
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


def test_too_many_elements_are_refused_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    text = wire.dumps(list(range(20)), _refuse)
    monkeypatch.setattr(parts, "MAX_ITEMS", 10)
    with pytest.raises(wire.WireError, match="10 elements"):
        wire.loads(text, lambda handle: handle)
    with pytest.raises(wire.WireError, match="10 elements"):
        wire.dumps(list(range(20)), _refuse)


class Colour(enum.IntEnum):
    RED = 3


class Loud(str):
    def __str__(self) -> str:
        raise RuntimeError


class Endless(list):  # type: ignore[type-arg]
    def __iter__(self):
        return iter(int, 1)

    def __len__(self) -> int:
        return 10**9


class Metres(float):
    def __float__(self) -> float:
        return -1.0


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Point(1, 2.5), (1, 2.5)),
        (Counter("aab"), {"a": 2, "b": 1}),
        (defaultdict(list, {1: [2]}), {1: [2]}),
        (OrderedDict(a=1), {"a": 1}),
        (np.str_("a"), "a"),
        (np.bytes_(b"a"), b"a"),
        (Colour.RED, 3),
        (Loud("a"), "a"),
        (Endless([1]), [1]),
        (Metres(2.5), 2.5),
        (Metres("inf"), math.inf),
        ({Colour.RED: [Point(1, np.str_("b"))]}, {3: [(1, "b")]}),
    ],
)
def test_a_subclass_of_a_plain_type_arrives_as_its_base(value: object, expected: object) -> None:
    arrived = _there_and_back(value)
    assert arrived == expected
    assert type(arrived) is type(expected)


@pytest.mark.parametrize("number", [np.float64(0.5), np.complex128(1j), np.int64(3), np.bool(True)])
def test_numpys_numbers_keep_their_type_though_some_extend_pythons(number: np.generic) -> None:
    arrived = _there_and_back([number])
    assert arrived == [number]
    assert type(arrived[0]) is type(number)


def test_a_list_that_holds_itself_is_refused_in_words() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(wire.WireError, match="hold themselves"):
        wire.dumps(endless, _refuse)


def test_what_the_keeper_turns_into_an_array_arrives_as_one() -> None:
    text = wire.dumps({"a": [object()]}, lambda _: np.arange(3.0))
    arrived = wire.loads(text, lambda handle: handle)
    np.testing.assert_array_equal(arrived["a"][0], [0, 1, 2])


@pytest.mark.parametrize("digits", ["", "-", "--1", "0x1", "1_0", "1" * 1_000_001, 5, " 1", "g"])
def test_a_hexadecimal_number_is_digits_alone(digits: object) -> None:
    with pytest.raises(wire.WireError, match="hexadecimal"):
        wire.loads(json.dumps({"t": "int", "v": digits}), lambda handle: handle)


def test_a_whole_number_of_over_a_million_digits_is_not_sent() -> None:
    assert _there_and_back(-(10**5000)) == -(10**5000)
    assert _there_and_back(16**999_999) == 16**999_999
    with pytest.raises(wire.WireError, match="too large"):
        wire.dumps(16**1_000_000, _refuse)


@pytest.mark.parametrize("kind", ["set", "frozenset", "dict"])
def test_keys_forged_to_one_hash_are_refused(kind: str) -> None:
    keys = [n * (2**61 - 1) for n in range(1, 9001)]
    items = [[key, 0] for key in keys] if kind == "dict" else keys
    with pytest.raises(wire.WireError, match="one hash"):
        wire.loads(json.dumps({"t": kind, "v": items}), lambda handle: handle)


def test_sets_and_dicts_of_one_message_are_counted_together_both_ways() -> None:
    half = wire.MAX_HASHED // 2
    numbers = list(range(half + 1))
    nodes = [{"t": "set", "v": numbers}, {"t": "dict", "v": [[n, n] for n in numbers]}]
    with pytest.raises(wire.WireError, match="sets and dicts"):
        wire.loads(json.dumps({"t": "list", "v": nodes}), lambda handle: handle)
    with pytest.raises(wire.WireError, match="sets and dicts"):
        wire.dumps([set(numbers), dict.fromkeys(numbers)], _refuse)
    assert len(_there_and_back(set(range(half)))) == half


def test_an_array_of_strings_takes_no_more_room_than_its_cap() -> None:
    texts = ["x" * 1_000_000, *["x"] * 499]
    text = json.dumps({"t": "strings", "s": [500], "v": texts})
    tracemalloc.start()
    with pytest.raises(wire.WireError, match="500 strings"):
        wire.loads(text, lambda handle: handle)
    assert tracemalloc.get_traced_memory()[1] < 2**24
    tracemalloc.stop()


@pytest.mark.parametrize("texts", ["abc", [1, 2], ["a", ["b"]], None])
def test_an_array_of_strings_holds_strings(texts: object) -> None:
    with pytest.raises(wire.WireError, match="strings"):
        wire.loads(json.dumps({"t": "strings", "s": [2], "v": texts}), lambda handle: handle)


def test_an_array_of_strings_arrives_as_it_is() -> None:
    array = np.array([["a", "bc"], ["", "∑"]])
    np.testing.assert_array_equal(_there_and_back(array), array)


def test_millions_of_empty_lists_are_refused_before_they_are_read() -> None:
    text = "[" + "[]," * 3_000_000 + "[]]"
    tracemalloc.start()
    with pytest.raises(wire.WireError, match="containers"):
        wire.loads(text, lambda handle: handle)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_a_message_of_over_24_million_characters_is_not_read() -> None:
    with pytest.raises(wire.WireError, match="at most 25,165,824"):
        wire.loads('"' + "x" * 24 * 2**20 + '"', lambda handle: handle)


@pytest.mark.parametrize("node", [{"t": "array", "d": "\ud800" * 10**6}, {"t": "\ud800" * 10**6}])
def test_the_words_of_a_refusal_are_few_and_can_be_written(node: object) -> None:
    with pytest.raises(wire.WireError) as caught:
        wire.loads(json.dumps(node), lambda handle: handle)
    assert len(str(caught.value).encode()) < 500


def test_names_in_a_message_can_be_written_to_a_file() -> None:
    text = json.dumps({"t": "handle", "v": 1, "type": "\ud800x", "callable": False})
    assert wire.loads(text, lambda handle: handle).type_name == "?x"


def test_an_array_without_entries_has_no_huge_axes_either() -> None:
    with pytest.raises(wire.WireError, match="impossible shape"):
        wire.loads('{"t": "array", "d": "<f8", "s": [0, 99999999999], "v": ""}', lambda h: h)


NUMBERS = np.array([[1, 2.5], [10**400, np.float32(0.5)], [True, 1 - 2j]], dtype=object)


def test_an_array_of_numbers_as_objects_crosses_with_its_numbers() -> None:
    got = _there_and_back(NUMBERS)
    assert isinstance(got, np.ndarray)
    assert got.dtype == object
    assert got.shape == NUMBERS.shape
    assert got.tolist() == NUMBERS.tolist()


@pytest.mark.parametrize(
    "node",
    [
        {"t": "objects", "s": [2], "v": [1]},
        {"t": "objects", "s": [1], "v": ["text"]},
        {"t": "objects", "s": [1], "v": [{"t": "list", "v": []}]},
        {"t": "objects", "s": [0, 2**39], "v": []},
        {"t": "objects", "s": [1], "v": 1},
    ],
)
def test_an_array_of_objects_that_does_not_fit_is_no_message(node: object) -> None:
    with pytest.raises(wire.WireError):
        wire.loads(json.dumps(node), lambda handle: handle)


def _answered(request: list[Any], answer: Callable[[list[Any]], object]) -> Any:
    """What a request's side gets where the other side answers with some of what it got."""
    ours, theirs = Shared(), Shared()
    arrived = wire.loads(wire.dumps(request, _refuse, ours), lambda handle: handle, theirs)
    text = wire.dumps(answer(arrived), _refuse, theirs)
    return wire.loads(text, lambda handle: handle, ours)


def test_what_is_one_object_stays_one_in_an_answer() -> None:
    row, array, words = [1, (2.0, float("nan"))], np.arange(12.0).reshape(3, 4), {"a": {3}}
    request: list[Any] = [[row, row], array, words]
    back = _answered(
        request,
        lambda got: [got[0][1], got[0], got[1][::-2, 1:], got[1].T, got[2]["a"], dict(got[2])],
    )
    assert back[0] is row
    assert back[1] is request[0]
    for view, wanted in ((back[2], array[::-2, 1:]), (back[3], array.T)):
        assert np.shares_memory(view, array)
        np.testing.assert_array_equal(view, wanted)
    assert back[4] is words["a"]
    assert back[5] == words
    assert back[5] is not words
    assert back[5]["a"] is words["a"]


def test_what_was_changed_is_another_object_and_one_in_itself() -> None:
    def changed(got: list[Any]) -> object:
        got[0].append(2)
        got[1][0] = 7
        return [got[0], got[0], got[1], got[1][:2], got[2]]

    request: list[Any] = [[1], np.zeros(3), [[5]]]
    first, again, array, view, kept = _answered(request, changed)
    assert request[0] == [1]
    assert request[1].sum() == 0
    assert first == [1, 2]
    assert first is again
    assert list(array) == [7, 0, 0]
    assert list(view) == [7, 0]
    assert kept is request[2]


@pytest.mark.parametrize(
    "lie",
    [
        *({"is": place} for place in (-1, 10**30, "x", True, [0], None)),
        *(
            {"view": layout}
            for layout in ("x", [0], [9, 0, [8]], ["x", 0, [8]], [0, 0, "x"], [1, 0, [8]])
        ),
        *({"view": [0, offset, [8]]} for offset in (-8, 8, 2**40, -(2**80), 2**63 - 8, 0.5)),
        *({"view": [0, 0, [stride]]} for stride in (-8, 16, 2**40, 2**62, -(2**63), 1)),
    ],
    ids=str,
)
def test_what_an_answer_says_of_shared_objects_is_believed_where_it_is_true_alone(
    lie: dict[str, object],
) -> None:
    request: list[Any] = [np.arange(3.0), []]
    shared = Shared()
    wire.dumps(request, _refuse, shared)
    node = {**json.loads(wire.dumps(np.array([0.0, 1.0, 5.0]), _refuse)), **lie}
    assert list(wire.loads(json.dumps(node), lambda handle: handle, shared)) == [0, 1, 5]
    assert list(request[0]) == [0, 1, 2]


def test_an_array_in_another_layout_or_dtype_has_no_views() -> None:
    columns, wide = np.zeros((3, 3), order="F"), np.zeros(4, dtype=np.longdouble)
    sent = wire.loads(wire.dumps([columns, columns[0], wide, wide[:2]], _refuse), lambda h: h)
    assert not np.shares_memory(sent[0], sent[1])
    assert not np.shares_memory(sent[2], sent[3])


def test_a_list_is_no_view() -> None:
    ours = Shared()
    wire.dumps([np.zeros(0)], _refuse, ours)
    lie = '{"t": "list", "v": [], "view": [0, 0, []]}'
    assert wire.loads(lie, lambda handle: handle, ours) == []


@pytest.mark.parametrize("value", [np.float64(1), Fraction(1, 3), Decimal("0.1"), (1, None)])
def test_a_list_of_numbers_of_any_type_stays_one(value: object) -> None:
    row = [value]
    arrived = _there_and_back([row, row])
    assert arrived[0] is arrived[1]


def test_sharing_that_doubles_at_each_level_is_refused_by_its_size() -> None:
    value: list[Any] = []
    for _ in range(30):
        value = [value, value]
    with pytest.raises(wire.WireError, match="elements"):
        wire.dumps(value, _refuse)
