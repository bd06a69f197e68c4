"""A cell's outputs are kept to their limits, whatever messages come."""

from __future__ import annotations

import time
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.sandbox.outputs import OutputCollector

Sent = tuple[str, dict[str, Any]]


def _message(kind: str, **content: Any) -> Sent:
    return kind, content


def _stream(text: object, name: str = "stdout") -> Sent:
    return _message("stream", name=name, text=text)


def _shown(text: str, **transient: str) -> Sent:
    data = {"text/plain": text}
    return _message("display_data", data=data, metadata={}, transient=transient)


def _collected(*messages: Sent, **options: int) -> list[NotebookNode]:
    collector = OutputCollector(2**20, **options)
    for message in messages:
        collector.add(*message)
    return collector.outputs


def _nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def _saved(outputs: list[NotebookNode]) -> str:
    notebook = new_notebook(cells=[new_code_cell(outputs=outputs)])
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)
    text.encode("utf-8")
    return text


def test_text_written_in_a_row_to_one_stream_is_one_output() -> None:
    streams = [("a", "stdout"), ("b", "stdout"), ("c", "stderr"), ("d", "stdout"), ("e", "stdout")]
    outputs = _collected(*(_stream(*stream) for stream in streams))
    told = [(output.name, output.text) for output in outputs]
    assert told == [("stdout", "ab"), ("stderr", "c"), ("stdout", "de")]


def test_text_after_a_picture_is_an_output_of_its_own() -> None:
    outputs = _collected(_stream("a"), _shown("picture"), _stream("b"))
    assert [output.output_type for output in outputs] == ["stream", "display_data", "stream"]


@pytest.mark.parametrize(("wait", "left"), [(True, ["b"]), (False, ["b"])])
def test_clearing_takes_away_what_was_written_before(wait: bool, left: list[str]) -> None:
    outputs = _collected(_stream("a"), _message("clear_output", wait=wait), _stream("b"))
    assert [output.text for output in outputs] == left


def test_sixty_thousand_writes_are_collected_in_seconds() -> None:
    start = time.process_time()
    outputs = _collected(*(_stream("x") for _ in range(60_000)))
    assert time.process_time() - start < 5
    assert [output.text for output in outputs] == ["x" * 60_000]


def test_a_thousand_outputs_are_kept_and_one_line_says_so() -> None:
    streams = (_stream(str(n), ("stdout", "stderr")[n % 2]) for n in range(1500))
    outputs = _collected(*streams)
    assert len(outputs) == 1001
    assert [output.text for output in outputs[:2]] == ["0", "1"]
    assert outputs[-1].text == "\n[output cut: a cell may show 1,000 outputs]\n"


def test_outputs_up_to_the_limit_are_whole() -> None:
    outputs = _collected(*(_shown(str(n)) for n in range(20)), max_outputs=20)
    assert [output.data["text/plain"] for output in outputs] == [str(n) for n in range(20)]


def test_endless_updates_of_one_output_come_to_an_end() -> None:
    data = {"text/plain": "b"}
    update = _message(
        "update_display_data", data=data, metadata={}, transient={"display_id": "one"}
    )
    outputs = _collected(_shown("a", display_id="one"), *[update] * 1000, max_outputs=20)
    assert outputs[0].data["text/plain"] == "b"
    assert "cut" in outputs[-1].text


def test_text_over_the_limit_is_cut_with_a_line_that_says_so() -> None:
    outputs = _collected(_stream("a"), _stream("x" * 2**20), _stream("b"))
    told = "\n[output cut: a cell may show 1,048,576 bytes]\n"
    assert [output.text for output in outputs] == ["a", told]


@pytest.mark.parametrize("depth", [60, 900])
def test_deeply_nested_content_is_left_out(depth: int) -> None:
    deep = _message("display_data", data={"application/json": _nested(depth)}, metadata={})
    outputs = _collected(_stream("a"), deep, _stream("b"))
    assert [output.text for output in outputs] == ["ab"]


def test_nested_json_of_a_usual_depth_is_kept() -> None:
    json_data = {"application/json": _nested(20)}
    [output] = _collected(_message("display_data", data=json_data, metadata={}))
    assert output.data["application/json"] == json_data["application/json"]


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (["text/html", "image/svg+xml"], "image/svg+xml, text/html"),
        (["image/png"], "image/png"),
        ([], "no data"),
        (["x/" + "y" * 500], "x/" + "y" * 198),
    ],
)
def test_an_output_without_text_gets_one_that_says_what_it_is(kinds: list[str], told: str) -> None:
    data = dict.fromkeys(kinds, "aGk=")
    outputs = _collected(_message("display_data", data=data, metadata={}))
    text = f"[an output of {told}, which is not shown here]"
    assert outputs[0].data == {**data, "text/plain": text}
    _saved(outputs)


def test_an_output_with_text_stays_as_it_is() -> None:
    data = {"text/html": "<b>a</b>", "text/plain": ""}
    [output] = _collected(_message("execute_result", data=data, metadata={}, execution_count=1))
    assert output.data == data


def test_many_empty_containers_count_as_well() -> None:
    many = _message("display_data", data={"application/json": [[]] * 2_000_000}, metadata={})
    [output] = _collected(many)
    assert "cut" in output.text


def test_lone_surrogates_are_replaced_and_the_notebook_can_be_saved() -> None:
    outputs = _collected(
        _stream("a\ud800b"),
        _stream("\udfff"),
        _message("display_data", data={"text/html": "\ud83d", "\ud800/x": "y"}, metadata={}),
        _message("error", ename="\ud800", evalue="\ud800", traceback=["\ud800"]),
    )
    assert [output.get("text") for output in outputs] == ["a?b?", None, None]
    assert outputs[2].traceback == ["?"]
    assert "a?b?" in _saved(outputs)


@pytest.mark.parametrize(
    "wrong",
    [
        _stream(5),
        _stream(["a", "b"]),
        _stream("a", name="stdin"),
        _message("stream"),
        _message("stream", name=["stdout"], text="x"),
        _message("display_data", data="x", metadata=None),
        _message("display_data", data={"text/plain": {"a": 1}}, metadata={}),
        _message("error", ename=1, evalue=None, traceback="x"),
        _message("execute_result", data={}, metadata={}, execution_count="1"),
        _message("display_data", data={}, metadata={}, transient="id"),
        _message("display_data", data={}, metadata={}, transient={"display_id": [1]}),
        _message("nonsense"),
        _message("clear_output", wait={}),
    ],
)
def test_what_is_no_output_leaves_the_others_whole(wrong: Sent) -> None:
    outputs = _collected(_shown("before"), wrong, _shown("after"))
    _saved(outputs)
    assert outputs[-1].data["text/plain"] == "after"


def test_an_invalid_output_is_left_out_and_the_valid_ones_stay() -> None:
    collector = OutputCollector(2**20)
    collector.add(*_shown("a", display_id="one"))
    collector.add(*_shown("b"))
    collector._cell.outputs[0]["data"] = 5  # as an update in an odd form would
    [output] = collector.outputs
    assert output.data["text/plain"] == "b"
