"""The client's end of ZeroMQ's protocol over a local socket, bounded in time and memory.

libzmq limits the size of a frame and the number of queued messages, but not the number of frames
in a message: it buffers whatever the peer sends, and a send to a peer that broke the protocol
blocks forever. Here no call waits past its deadline, at most one message of a given size is
buffered, and everything else stays with the sender until it is received.

Of ZMTP 3.0 (https://rfc.zeromq.org/spec/23) it speaks what a Jupyter client needs: the mechanism
NULL, over a Unix socket, as DEALER or SUB.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_MORE, _LONG, _COMMAND = 1, 2, 4
_SIGNATURE = b"\xff" + bytes(8) + b"\x7f"
_MECHANISM = b"NULL".ljust(20, b"\0")
_GREETING = _SIGNATURE + b"\3\0" + _MECHANISM + bytes(32)
_SUBSCRIBE_TO_ALL = [b"\1"]
_CHUNK = 2**18
MAX_FRAMES = 1000
"""Frames of one message; a peer that sends more loses the channel."""


class ChannelLost(Exception):
    """The other end has closed the channel or does not keep to the protocol."""


@dataclass(frozen=True)
class Received:
    """One message.

    Args:
        frames: its frames; a frame that was too large is empty.
        whole: whether no frame was too large.
    """

    frames: list[bytes]
    whole: bool = True


class MessageReader:
    """Messages from a stream of bytes.

    Args:
        most_bytes: size of all frames of one message; a frame that exceeds it is discarded.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._buffer = bytearray()
        self._place = 0
        self._skip = 0
        self._start_message()

    def _start_message(self) -> None:
        self._frames: list[bytes] = []
        self._held = 0
        self._whole = True

    def feed(self, data: bytes) -> None:
        """Add bytes; before the next call, call `take` until it returns None.

        Args:
            data: the next bytes of the stream.
        """
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        del self._buffer[: self._place]
        self._place = 0
        self._buffer += data

    def take(self) -> Received | None:
        """Return the next message, or None if it is not complete yet.

        Raises:
            ChannelLost: the bytes are not ZMTP.
        """
        while (header := self._header()) is not None:
            flags, size, start = header
            if self._held + size > self._most:
                self._throw_away(size, start)
            elif len(self._buffer) < start + size:
                return None
            else:
                self._frames.append(bytes(self._buffer[start : start + size]))
                self._place = start + size
                self._held += size
            if not flags & _MORE:
                received = Received(self._frames, self._whole)
                self._start_message()
                return received
            if len(self._frames) >= MAX_FRAMES:
                raise ChannelLost(f"it sent a message of more than {MAX_FRAMES:,} frames")
        return None

    def _header(self) -> tuple[int, int, int] | None:
        """Return flags, size and start of the next frame; None if its header is incomplete."""
        buffer, place = self._buffer, self._place
        if len(buffer) - place < 2:
            return None
        flags = buffer[place]
        if flags & ~(_MORE | _LONG):
            raise ChannelLost("it sent bytes that are no message")
        if not flags & _LONG:
            return flags, buffer[place + 1], place + 2
        if len(buffer) - place < 9:
            return None
        return flags, int.from_bytes(buffer[place + 1 : place + 9], "big"), place + 9

    def _throw_away(self, size: int, start: int) -> None:
        there = min(size, len(self._buffer) - start)
        self._skip = size - there
        self._place = start + there
        self._frames.append(b"")
        self._whole = False


class Channel:
    """One connection to a kernel's socket.

    Args:
        path: the socket's file, which must exist.
        kind: this end's socket type.
        most_bytes: see `MessageReader`.
        deadline: when the handshake must be done, by `time.monotonic`.

    Raises:
        ChannelLost: nobody listens there, or the peer does not speak ZMTP.
        TimeoutError: the peer did not answer in time.
    """

    def __init__(
        self, path: Path, kind: Literal["DEALER", "SUB"], *, most_bytes: int, deadline: float
    ) -> None:
        self.received = 0
        self._reader = MessageReader(most_bytes)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(_left(deadline))
        try:
            self._socket.connect(str(path))
            self._shake_hands(kind.encode(), deadline)
        except TimeoutError:
            self.close()
            raise
        except (OSError, ChannelLost) as error:
            self.close()
            raise ChannelLost(f"{path.name}: {error}") from None
        self._socket.setblocking(False)
        if kind == "SUB":
            self.send(_SUBSCRIBE_TO_ALL, deadline)

    def _shake_hands(self, kind: bytes, deadline: float) -> None:
        self._socket.sendall(_GREETING)
        theirs = self._exactly(len(_GREETING), deadline)
        if theirs[:1] + theirs[9:10] != b"\xff\x7f" or theirs[12:32] != _MECHANISM:
            raise ChannelLost("its greeting is not that of ZMTP 3 without encryption")
        ready = b"\5READY" + _property(b"Socket-Type", kind) + _property(b"Identity", b"")
        self._socket.sendall(bytes([_COMMAND, len(ready)]) + ready)
        flags, size = self._exactly(2, deadline)
        if flags != _COMMAND or not self._exactly(size, deadline).startswith(b"\5READY"):
            raise ChannelLost("it did not say that it is ready")

    def _exactly(self, count: int, deadline: float) -> bytes:
        # In parts: MSG_WAITALL does not wait on a socket that has a time-out.
        data = b""
        while len(data) < count:
            self._socket.settimeout(_left(deadline))
            if not (part := self._socket.recv(count - len(data))):
                raise ChannelLost("it closed the channel")
            data += part
        return data

    def fileno(self) -> int:
        """Return the file descriptor, for `select.poll`."""
        return self._socket.fileno()

    def close(self) -> None:
        """End the connection at once."""
        self._socket.close()

    def send(self, frames: Sequence[bytes], deadline: float) -> None:
        """Send one message; after a time-out the channel cannot send any more.

        Args:
            frames: the message's frames.
            deadline: when all must be sent, by `time.monotonic`.

        Raises:
            ChannelLost: the channel is closed.
            TimeoutError: the peer does not read.
        """
        waiting = memoryview(_as_bytes(frames))
        writable = select.poll()
        writable.register(self, select.POLLOUT)
        while waiting:
            if not writable.poll(1000 * _left(deadline)):
                raise TimeoutError("the kernel does not read")
            try:
                waiting = waiting[self._socket.send(waiting) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise ChannelLost(str(error)) from None

    def receive(self) -> Received | None:
        """Return the next message without waiting, or None if it is not complete yet.

        Raises:
            ChannelLost: the channel is closed, or the bytes are not ZMTP.
        """
        if (message := self._reader.take()) is not None:
            return message
        try:
            data = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return None
        except OSError as error:
            raise ChannelLost(str(error)) from None
        if not data:
            raise ChannelLost("it closed the channel")
        self.received += len(data)
        self._reader.feed(data)
        return self._reader.take()


def _left(deadline: float) -> float:
    """Return the seconds until the deadline; a moment if it has passed."""
    return max(deadline - time.monotonic(), 0.001)


def _property(name: bytes, value: bytes) -> bytes:
    return bytes([len(name)]) + name + len(value).to_bytes(4, "big") + value


def _as_bytes(frames: Sequence[bytes]) -> bytes:
    parts = []
    for place, frame in enumerate(frames):
        flags = _MORE if place < len(frames) - 1 else 0
        if len(frame) < 256:
            parts += [bytes([flags, len(frame)]), frame]
        else:
            parts += [bytes([flags | _LONG]), len(frame).to_bytes(8, "big"), frame]
    return b"".join(parts)
