"""A kernel's messages are read whatever it sends; ZeroMQ's own sockets take the kernel's place."""

from __future__ import annotations

import json
import select
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq
from jupyter_client.session import Session

from autograder.sandbox.connection import Connection, Flooded, Message
from autograder.sandbox.limits import Limits
from autograder.sandbox.zmtp import ChannelLost

LIMITS = Limits(output_bytes=10_000, sent_bytes=2**23)
_PORTS = {"shell": 1, "iopub": 2, "control": 3}
_SECONDS = 20.0


class _OtherEnd:
    """Sockets that do what a test says, and the grader's connection to them."""

    def __init__(self, folder: Path) -> None:
        context = zmq.Context.instance()  # whose end waits for nothing
        kinds = {"shell": zmq.ROUTER, "iopub": zmq.XPUB, "control": zmq.ROUTER}
        self._sockets = {name: context.socket(kind) for name, kind in kinds.items()}
        for name, made in self._sockets.items():
            made.set_hwm(100_000)
            made.bind(f"ipc://{folder}/k-{_PORTS[name]}")
        self.session = Session(key=b"key")
        self.connection = Connection(f"{folder}/k", _PORTS, self.session, LIMITS)
        self.connection.open(time.monotonic() + _SECONDS, lambda: True)
        self.request = self.connection.request("execute_request", {}, time.monotonic() + _SECONDS)
        self.identity, *_ = self._sockets["shell"].recv_multipart()
        self._sockets["iopub"].recv()

    def close(self) -> None:
        self.connection.close()
        for made in self._sockets.values():
            made.close(linger=0)

    def publish(self, *frames: bytes) -> None:
        self._sockets["iopub"].send_multipart([b"topic", *frames])

    def reply(self, *frames: bytes) -> None:
        self._sockets["shell"].send_multipart([self.identity, *frames])

    def message(self, kind: str, **content: Any) -> list[bytes]:
        parent = {"msg_id": self.request}
        return self.session.serialize(self.session.msg(kind, content, parent={"header": parent}))

    def wait_for_both(self) -> None:
        for name in ("shell", "iopub"):
            assert select.select([self.connection._channels[name]], [], [], _SECONDS)[0]

    def next(self) -> Message:
        message = self.connection.next(_SECONDS)
        assert message is not None
        return message


@pytest.fixture
def end(tmp_path: Path) -> Iterator[_OtherEnd]:
    made = _OtherEnd(tmp_path)
    yield made
    made.close()


def test_a_message_tells_its_kind_its_request_and_its_content(end: _OtherEnd) -> None:
    end.publish(*end.message("stream", text="naïve"))
    message = end.next()
    assert (message.channel, message.kind, message.parent) == ("iopub", "stream", end.request)
    assert message.parsed() == {"text": "naïve"}


def test_outputs_that_wait_do_not_hide_the_reply(end: _OtherEnd) -> None:
    for _ in range(200):
        end.publish(*end.message("stream", text="x"))
    end.reply(*end.message("execute_reply"))
    end.wait_for_both()
    assert "shell" in {end.next().channel, end.next().channel}


def test_an_output_over_the_limit_is_told_without_its_content(end: _OtherEnd) -> None:
    end.publish(*end.message("display_data", data={"text/plain": "x" * 200_000}))
    end.publish(*end.message("stream", text="next"))
    message = end.next()
    assert (message.kind, message.parent, message.whole) == ("display_data", end.request, False)
    assert message.parsed() is None
    assert end.next().parsed() == {"text": "next"}


@pytest.mark.parametrize(
    "frames",
    [
        [],
        [b"<IDS|MSG>"],
        [b"<IDS|MSG>", b"", b"{", b"{}", b"{}", b"{}"],
        [b"<IDS|MSG>", b"", b"[]", b"{}", b"{}", b"{}"],
        [b"<IDS|MSG>", b"", b'{"msg_type": 5}', b"{}", b"{}", b"{}"],
        [b"<IDS|MSG>", b"", b'{"msg_type": "x"}', b'{"msg_id": []}', b"{}", b"{}"],
        [b"<IDS|MSG>", b"", b"[" * 60_000, b"{}", b"{}", b"{}"],
        [b"<IDS|MSG>", b"", b'{"msg_type": "x"}' + b" " * 70_000, b"{}", b"{}", b"{}"],
        [b"<IDS|MSG>", b"", b"\xff\xfe", b"{}", b"{}", b"{}"],
    ],
)
def test_what_is_no_message_is_passed_over_a_hundred_times(
    end: _OtherEnd, frames: list[bytes]
) -> None:
    end.publish(*frames)
    end.publish(*end.message("stream", text="next"))
    assert end.next().kind == "stream"
    for _ in range(100):
        end.publish(*frames)
    with pytest.raises(ChannelLost, match="messages that cannot be read"):
        end.connection.next(_SECONDS)


def test_content_that_is_no_object_is_none(end: _OtherEnd) -> None:
    head = end.message("stream")[:5]
    for content in (b"[]", b"{", b"\xff", b"[" * 5000, json.dumps("x").encode()):
        end.publish(*head, content)
        assert end.next().parsed() is None


def test_more_than_may_be_sent_for_one_request_is_refused(end: _OtherEnd) -> None:
    for _ in range(200):
        end.publish(*end.message("stream", text="x" * 60_000))
    with pytest.raises(Flooded):
        any(not end.next() for _ in range(200))


def test_what_cannot_be_read_counts_as_sent(end: _OtherEnd) -> None:
    for _ in range(90):
        end.publish(b"x" * 200_000)
    with pytest.raises(Flooded):
        end.connection.next(_SECONDS)


def test_each_request_may_bring_as_much_anew(end: _OtherEnd) -> None:
    for _ in range(200):
        end.publish(*end.message("stream", text="x" * 60_000))
        assert end.next().kind == "stream"
        end.connection.request("execute_request", {}, time.monotonic() + _SECONDS)


def test_silence_ends_at_its_time(end: _OtherEnd) -> None:
    assert end.connection.next(0.01) is None


def test_a_kernel_that_never_listens_is_not_waited_for(tmp_path: Path) -> None:
    connection = Connection(f"{tmp_path}/nobody", _PORTS, Session(), LIMITS)
    with pytest.raises(TimeoutError, match="does not listen"):
        connection.open(time.monotonic() + _SECONDS, lambda: False)
