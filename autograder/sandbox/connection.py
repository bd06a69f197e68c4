"""Jupyter's messages between the grader and one kernel, over bounded channels.

Signatures are not checked: the kernel knows the key, so they cannot tell the kernel's messages from
the student's.
"""

from __future__ import annotations

import json
import select
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from jupyter_client.session import DELIM, Session

from autograder.sandbox.inside._grading_wire import MAX_TEXT
from autograder.sandbox.limits import Limits
from autograder.sandbox.zmtp import Channel, ChannelLost, Received

_ROOM = 2**16
"""Bytes for the parts of a message beside its content, and for one of its headers."""
_MOST_REPLY = 2 * MAX_TEXT + _ROOM
"""Bytes of one reply. In JSON a character of the agent's text takes one or two of them."""
_MOST_GARBAGE = 100
"""Unreadable messages after which the connection is given up."""
_CONNECT_AGAIN = 0.005
_ASK_AGAIN = 0.02
_INTERRUPT_SECONDS = 1.0


class Flooded(Exception):
    """The kernel sent more bytes than one request allows."""


@dataclass(frozen=True)
class Message:
    """A message of the kernel's.

    Args:
        channel: the channel that it came by.
        kind: its type, such as ``stream``.
        parent: the id of the request that it belongs to.
        content: its content, JSON if the kernel is honest; empty if it was too large.
        whole: whether all of it was small enough to be read.
    """

    channel: Literal["shell", "iopub"]
    kind: str
    parent: str
    content: bytes
    whole: bool

    def parsed(self) -> dict[str, Any] | None:
        """Return the content, or None if it is not a JSON object."""
        return _json_object(self.content)


class Connection:
    """The channels to a kernel.

    Args:
        address: the path of its sockets without the hyphen and the port.
        ports: the channels' ports.
        session: makes and signs requests.
        limits: what the kernel may send.
    """

    def __init__(
        self, address: str, ports: dict[str, int], session: Session, limits: Limits
    ) -> None:
        self._paths = {name: Path(f"{address}-{port}") for name, port in ports.items()}
        self._session = session
        self._limits = limits
        self._channels: dict[str, Channel] = {}
        self._poller = select.poll()
        self._allowed = limits.sent_bytes
        self._garbage = 0
        self._turn = ("shell", "iopub")

    def open(self, deadline: float, is_alive: Callable[[], bool]) -> None:
        """Connect all channels as soon as the kernel listens.

        Args:
            deadline: the latest time, by `time.monotonic`.
            is_alive: returns whether the kernel runs; if not, waiting ends.

        Raises:
            TimeoutError: the kernel did not listen in time, or ended.
        """
        most = {"shell": _MOST_REPLY, "control": _ROOM}
        # As JSON a character takes at most six bytes: a larger output is over its limit anyway.
        most["iopub"] = 6 * self._limits.output_bytes + _ROOM
        while missing := most.keys() - self._channels.keys():
            if time.monotonic() > deadline or not is_alive():
                raise TimeoutError("the kernel does not listen")
            for name in missing:
                self._open_one(name, most[name], deadline)
            if missing - self._channels.keys():
                time.sleep(_CONNECT_AGAIN)
        for name in ("iopub", "shell"):
            self._poller.register(self._channels[name], select.POLLIN)

    def _open_one(self, name: str, most: int, deadline: float) -> None:
        kind: Literal["DEALER", "SUB"] = "SUB" if name == "iopub" else "DEALER"
        try:
            path = self._paths[name]
            self._channels[name] = Channel(path, kind, most_bytes=most, deadline=deadline)
        except ChannelLost:  # the kernel does not listen yet
            return

    def wait_until_ready(self, deadline: float, is_alive: Callable[[], bool]) -> None:
        """Wait until the kernel answers and its outputs arrive.

        jupyter_client waits a fifth of a second for silence; here requests are repeated until an
        answer has come by both channels.

        Args:
            deadline: the latest time, by `time.monotonic`.
            is_alive: returns whether the kernel runs; if not, waiting ends.

        Raises:
            ChannelLost: the kernel closed a channel.
            TimeoutError: it did not answer in time, or ended.
        """
        asked = {self.request("kernel_info_request", {}, deadline)}
        heard: set[str] = set()
        while heard != {"shell", "iopub"}:
            if time.monotonic() > deadline or not is_alive():
                raise TimeoutError("the kernel does not answer")
            if "shell" in heard:  # what it published then may have come before the subscription
                asked.add(self.request("kernel_info_request", {}, deadline))
            message = self.next(_ASK_AGAIN)
            if message is not None and message.parent in asked:
                heard.add(message.channel)

    def close(self) -> None:
        """End the connection at once."""
        for channel in self._channels.values():
            channel.close()

    def request(self, kind: str, content: dict[str, Any], deadline: float) -> str:
        """Send a request on the shell channel and reset the limit of what the kernel may send.

        Args:
            kind: the request's type, such as ``execute_request``.
            content: its content.
            deadline: when it must be sent, by `time.monotonic`.

        Returns:
            The request's id, which is the parent of all messages that answer it.

        Raises:
            ChannelLost: the kernel closed the channel.
            TimeoutError: the kernel does not read.
        """
        self._garbage = 0
        self._allowed = self._received + self._limits.sent_bytes
        return self._send("shell", kind, content, deadline)

    def interrupt(self) -> None:
        """Ask the kernel to interrupt what it runs.

        Raises:
            ChannelLost: the kernel closed the channel.
            TimeoutError: the kernel does not read.
        """
        deadline = time.monotonic() + _INTERRUPT_SECONDS
        self._send("control", "interrupt_request", {}, deadline)

    def _send(self, name: str, kind: str, content: dict[str, Any], deadline: float) -> str:
        message = self._session.msg(kind, content)
        self._channels[name].send(self._session.serialize(message), deadline)
        return str(message["header"]["msg_id"])

    @property
    def _received(self) -> int:
        return sum(channel.received for channel in self._channels.values())

    def next(self, seconds: float) -> Message | None:
        """Return the kernel's next message, or None if none came in time.

        Args:
            seconds: how long to wait.

        Raises:
            ChannelLost: the kernel closed a channel or sent unreadable messages.
            Flooded: it sent more than it may.
        """
        deadline = time.monotonic() + seconds
        while True:
            before, garbage = self._received, self._garbage
            if before > self._allowed:
                raise Flooded
            for name in self._turns():
                received = self._channels[name].receive()
                if received is not None and (message := self._message(name, received)) is not None:
                    return message
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            if (self._received, self._garbage) == (before, garbage):
                self._poller.poll(1000 * left)

    def _turns(self) -> tuple[str, str]:
        """Return the channels in alternating order; endless outputs must not hide the reply."""
        self._turn = (self._turn[1], self._turn[0])
        return self._turn

    def _message(self, name: str, received: Received) -> Message | None:
        """Return the message that was received, or None if it is unreadable."""
        message = _as_message("shell" if name == "shell" else "iopub", received)
        if message is None:
            self._garbage += 1
            if self._garbage > _MOST_GARBAGE:
                raise ChannelLost("it sent messages that cannot be read")
        return message


def _as_message(channel: Literal["shell", "iopub"], received: Received) -> Message | None:
    frames = received.frames
    parts = frames[frames.index(DELIM) + 2 :] if DELIM in frames else []
    if len(parts) < 4 or max(len(part) for part in parts[:2]) > _ROOM:
        return None
    header, parent = _json_object(parts[0]), _json_object(parts[1])
    if header is None or parent is None:
        return None
    kind, asked = header.get("msg_type"), parent.get("msg_id", "")
    if type(kind) is not str or type(asked) is not str:
        return None
    return Message(channel, kind, asked, parts[3], received.whole)


def _json_object(text: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if type(found) is dict else None
