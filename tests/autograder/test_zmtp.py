"""ZeroMQ's protocol is spoken right, and what breaks it costs neither time nor memory."""

from __future__ import annotations

import fcntl
import socket
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import zmq

from autograder.sandbox.zmtp import (
    MAX_FRAMES,
    Channel,
    ChannelLost,
    MessageReader,
    Received,
)


def _frame(body: bytes, *, more: bool = False) -> bytes:
    if len(body) < 256:
        return bytes([more, len(body)]) + body
    return bytes([2 | more]) + len(body).to_bytes(8, "big") + body


def _message(*frames: bytes) -> bytes:
    return b"".join(_frame(frame, more=True) for frame in frames[:-1]) + _frame(frames[-1])


def _read(stream: bytes, *, most_bytes: int = 1000, step: int = 7) -> list[Received]:
    reader, found = MessageReader(most_bytes), []
    for start in range(0, len(stream), step):
        reader.feed(stream[start : start + step])
        while (message := reader.take()) is not None:
            found.append(message)
    return found


@pytest.mark.parametrize("step", [1, 2, 9, 300, 10_000])
def test_messages_come_out_as_they_went_in_however_they_are_cut(step: int) -> None:
    rng = np.random.default_rng(3)
    messages = [
        [rng.bytes(int(size)) for size in rng.integers(0, 300, size=rng.integers(1, 9))]
        for _ in range(40)
    ]
    stream = b"".join(_message(*frames) for frames in messages)
    assert _read(stream, most_bytes=3000, step=step) == [Received(frames) for frames in messages]


@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_a_frame_that_does_not_fit_is_left_out_and_the_next_message_is_whole(step: int) -> None:
    stream = _message(b"a", b"x" * 2000, b"b") + _message(b"next")
    assert _read(stream, step=step) == [
        Received([b"a", b"", b"b"], whole=False),
        Received([b"next"]),
    ]


def test_frames_that_fit_one_by_one_do_not_fit_together() -> None:
    [message] = _read(_message(*[b"x" * 400] * 4))
    assert message == Received([b"x" * 400, b"x" * 400, b"", b""], whole=False)


def test_a_frame_of_an_impossible_size_is_not_waited_for_in_memory() -> None:
    reader = MessageReader(1000)
    reader.feed(b"\2" + b"\xff" * 8)
    assert reader.take() == Received([b""], whole=False)
    for _ in range(100):
        reader.feed(bytes(10_000))
        assert reader.take() is None
    assert len(reader._buffer) == 0


def test_a_message_of_too_many_frames_is_refused() -> None:
    with pytest.raises(ChannelLost, match="more than 1,000 frames"):
        _read(b"\1\0" * (MAX_FRAMES + 1))


@pytest.mark.parametrize("flags", [4, 8, 0x7F, 0xFF])
def test_bytes_that_are_no_message_are_refused(flags: int) -> None:
    with pytest.raises(ChannelLost, match="bytes that are no message"):
        _read(bytes([flags, 0]))


def _soon() -> float:
    return time.monotonic() + 20


def _received(channel: Channel) -> Received:
    deadline = _soon()
    while (message := channel.receive()) is None:
        assert time.monotonic() < deadline
    return message


def test_it_speaks_with_zeromqs_own_router(tmp_path: Path) -> None:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        router.bind(f"ipc://{tmp_path}/router")
        channel = Channel(tmp_path / "router", "DEALER", most_bytes=10**6, deadline=_soon())
        sent = [b"", b"short", b"x" * 100_000]
        channel.send(sent, _soon())
        identity, *arrived = router.recv_multipart()
        assert arrived == sent
        router.send_multipart([identity, *reversed(sent)])
        assert _received(channel) == Received(sent[::-1])
        channel.close()


def test_it_hears_zeromqs_own_publisher(tmp_path: Path) -> None:
    with zmq.Context() as context, context.socket(zmq.XPUB) as publisher:
        publisher.bind(f"ipc://{tmp_path}/publisher")
        channel = Channel(tmp_path / "publisher", "SUB", most_bytes=100, deadline=_soon())
        assert publisher.recv() == b"\1"
        publisher.send_multipart([b"topic", b"x" * 200, b"end"])
        assert _received(channel) == Received([b"topic", b"", b"end"], whole=False)
        publisher.close()
        with pytest.raises(ChannelLost, match="closed"):
            _received(channel)
        channel.close()


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "listener"))
        made.listen()
        yield made


GREETING = b"\xff" + bytes(8) + b"\x7f\3\0" + b"NULL".ljust(52, b"\0")
READY = b"\4\6\5READY"


def _is_taken(link: socket.socket) -> bool:
    """Whether the other end has read all that was sent."""
    return fcntl.ioctl(link, termios.TIOCOUTQ, bytes(4)) == bytes(4)


def test_a_greeting_that_comes_byte_by_byte_is_waited_for(
    tmp_path: Path, listener: socket.socket
) -> None:
    def answer() -> None:
        with listener.accept()[0] as link:
            for byte in GREETING + READY:
                link.sendall(bytes([byte]))
                while not _is_taken(link):
                    time.sleep(0)

    thread = threading.Thread(target=answer)
    thread.start()
    Channel(tmp_path / "listener", "DEALER", most_bytes=1, deadline=_soon()).close()
    thread.join()


def test_who_never_answers_is_not_waited_for(tmp_path: Path, listener: socket.socket) -> None:
    with pytest.raises(TimeoutError):
        Channel(tmp_path / "listener", "SUB", most_bytes=1, deadline=time.monotonic() + 0.1)


@pytest.mark.parametrize("said", [b"HTTP/1.1 200 OK" * 9, b"\xff" + bytes(8) + b"\x7f", b""])
def test_who_speaks_another_protocol_is_refused(
    tmp_path: Path, listener: socket.socket, said: bytes
) -> None:
    def answer() -> None:
        with listener.accept()[0] as link:
            link.sendall(said)
            link.shutdown(socket.SHUT_WR)
            link.recv(100)

    thread = threading.Thread(target=answer)
    thread.start()
    with pytest.raises(ChannelLost, match="listener"):
        Channel(tmp_path / "listener", "SUB", most_bytes=1, deadline=_soon())
    thread.join()


def test_nobody_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ChannelLost, match="No such file"):
        Channel(tmp_path / "nobody", "DEALER", most_bytes=1, deadline=_soon())


def test_a_send_to_who_does_not_read_ends_at_its_deadline(
    tmp_path: Path, listener: socket.socket
) -> None:
    links = []

    def answer() -> None:
        link, _ = listener.accept()
        links.append(link)
        link.sendall(GREETING + READY)

    thread = threading.Thread(target=answer)
    thread.start()
    channel = Channel(tmp_path / "listener", "DEALER", most_bytes=1, deadline=_soon())
    thread.join()
    with pytest.raises(TimeoutError, match="does not read"):
        channel.send([bytes(10**7)], time.monotonic() + 0.1)
    channel.close()
    links[0].close()
