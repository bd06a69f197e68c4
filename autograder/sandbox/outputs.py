"""A cell's outputs, collected from a kernel's messages and limited in size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.sandbox.connection import Message

MAX_OUTPUTS = 1000
"""Outputs of one cell. Text written in a row to one stream is one output."""
_MESSAGES_PER_OUTPUT = 5  # an output may be updated, or cleared and shown anew
_SHARES = 8
_BYTES_OF_AN_OUTPUT = 2000
"""The cost of an output in memory, and in the grader's time, besides its text and data."""
_MAX_DEPTH = 50
_MAX_KINDS = 200


class OutputBudget:
    """The bytes that a submission's cells may still show, so that many cells do not fill memory.

    A cell may use at most an eighth of what is left, so that something remains for later cells.

    Args:
        max_bytes: bytes of text and data of all outputs together.
    """

    def __init__(self, max_bytes: int) -> None:
        self._left = max_bytes

    def collector(self, max_bytes: int) -> OutputCollector:
        """Return the collector for one cell's outputs.

        Args:
            max_bytes: bytes that a cell may show, if that much is left.
        """
        share = self._left // _SHARES
        count = share // _BYTES_OF_AN_OUTPUT
        if share >= max_bytes and count >= MAX_OUTPUTS:
            return OutputCollector(max_bytes)
        limit = "the cells together have shown too much"
        return OutputCollector(
            min(share, max_bytes), max_outputs=min(count, MAX_OUTPUTS), limit=limit
        )

    def spend(self, outputs: Sequence[NotebookNode]) -> None:
        """Subtract a cell's outputs from what is left.

        Args:
            outputs: as the collector gave them.
        """
        held = _size(list(outputs), self._left) + _BYTES_OF_AN_OUTPUT * len(outputs)
        self._left = max(self._left - held, 0)


class OutputCollector:
    """Outputs of one cell; nbclient's rules for clearing and updating apply.

    Args:
        max_bytes: bytes of text and data to keep; the rest is dropped, and a line says so.
        max_outputs: number of outputs to keep, likewise.
        limit: the reason that the line gives; by default that these are a cell's limits.
    """

    def __init__(self, max_bytes: int, *, max_outputs: int = MAX_OUTPUTS, limit: str = "") -> None:
        self._left = max_bytes
        self._too_long = limit or f"a cell may show {max_bytes:,} bytes"
        self._too_many = limit or f"a cell may show {max_outputs:,} outputs"
        self._max_outputs = max_outputs
        self._messages_left = _MESSAGES_PER_OUTPUT * max_outputs
        self._cell = new_code_cell()
        self._client = NotebookClient(
            new_notebook(cells=[self._cell]), store_widget_state=False, record_timing=False
        )
        self._client.comm_open_handlers = {}
        self._client.clear_before_next_output = False
        self._more: list[str] = []
        self._cut = ""
        self.idle = False

    def take(self, message: Message) -> None:
        """Take one message of the iopub channel; ignore it if it is malformed.

        Once outputs have been cut, only the kernel's status is read.

        Args:
            message: the message as received.
        """
        if message.kind.startswith("comm") or (self._cut and message.kind != "status"):
            return
        if not message.whole:
            self.cut(self._too_long)
        elif (content := message.parsed()) is not None:
            self.add(message.kind, content)

    def cut(self, why: str) -> None:
        """Stop taking outputs.

        Args:
            why: the reason, which is shown after the last output.
        """
        self._cut = self._cut or why

    def add(self, kind: str, content: dict[str, Any]) -> None:
        """Take one message by its type and its content.

        Args:
            kind: such as ``stream``.
            content: its content, from JSON.
        """
        if kind == "status":
            self.idle = self.idle or content.get("execution_state") == "idle"
            return
        if kind.startswith("comm") or self._cut:
            return
        self._left -= _size(content.get("text") if kind == "stream" else content, self._left)
        if self._left < 0:
            self.cut(self._too_long)
            return
        try:
            content = _cleaned(content)
        except ValueError:
            return
        if not self._goes_on(kind, content):
            self._process(kind, content)

    def _goes_on(self, kind: str, content: dict[str, Any]) -> bool:
        """Append more text of the stream written last; return whether the message was that."""
        last = self._cell.outputs[-1] if self._cell.outputs else None
        if kind != "stream" or self._client.clear_before_next_output:
            return False
        if last is None or last.get("output_type") != "stream":
            return False
        text = content.get("text")
        if content.get("name") != last.get("name") or type(text) is not str:
            return False
        if type(last.get("text")) is not str:
            return False
        self._more.append(text)
        return True

    def _settle(self) -> None:
        """Append the collected text at once; one by one, many writes take quadratic time."""
        if self._more:
            self._cell.outputs[-1]["text"] += "".join(self._more)
            self._more.clear()

    def _process(self, kind: str, content: dict[str, Any]) -> None:
        self._settle()
        if kind != "clear_output":
            self._messages_left -= 1
        header = {"msg_type": kind}
        message = {**header, "header": header, "parent_header": {}, "content": content}
        try:
            self._client.process_message(message, self._cell, 0)
        except (CellControlSignal, nbformat.ValidationError):
            return
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError):
            return
        if len(self._cell.outputs) > self._max_outputs or self._messages_left < 0:
            del self._cell.outputs[self._max_outputs :]
            self.cut(self._too_many)

    @property
    def outputs(self) -> list[NotebookNode]:
        """The outputs so far, valid by nbformat's schema."""
        self._settle()
        kept = list(self._cell.outputs)
        if not _are_valid(kept):
            kept = [output for output in kept if _are_valid([output])]
        kept = [_with_text(output) for output in kept]
        if self._cut:
            text = f"\n[output cut: {self._cut}]\n"
            kept.append(new_output("stream", name="stdout", text=text))
        return kept


def _with_text(output: NotebookNode) -> NotebookNode:
    """Return the output with text beside its data, for readers that cannot show the data."""
    data = output.get("data")
    if data is None or "text/plain" in data:
        return output
    kinds = ", ".join(sorted(data))[:_MAX_KINDS] or "no data"
    text = {"text/plain": f"[an output of {kinds}, which is not shown here]"}
    shown: NotebookNode = nbformat.from_dict({**output, "data": {**data, **text}})
    return shown


def _size(content: Any, most: int) -> int:
    """Return roughly how much a message's content holds, counted to just over `most`."""
    total, waiting = 0, [content]
    while waiting and total <= most:
        part = waiting.pop()
        total += len(part) if isinstance(part, (str, dict, list)) else 8
        if isinstance(part, (dict, list)) and total <= most:
            waiting.extend(part)
            waiting.extend(part.values() if isinstance(part, dict) else ())
    return total


def _cleaned(content: Any, depth: int = 0) -> Any:
    """Return a message's content without lone surrogates, which no file can hold.

    Args:
        content: what JSON can hold.
        depth: containers around it.

    Raises:
        ValueError: it is nested deeper than any output is.
    """
    if isinstance(content, str):
        return content.encode("utf-8", "replace").decode("utf-8")
    if not isinstance(content, (dict, list)):
        return content
    if depth >= _MAX_DEPTH:
        raise ValueError(f"an output is nested more than {_MAX_DEPTH} deep")
    if isinstance(content, list):
        return [_cleaned(item, depth + 1) for item in content]
    return {_cleaned(k, depth + 1): _cleaned(v, depth + 1) for k, v in content.items()}


def _are_valid(outputs: Sequence[NotebookNode]) -> bool:
    probe = new_notebook(cells=[new_code_cell()])
    probe.cells[0].outputs = list(outputs)
    try:
        nbformat.validate(probe)
    except (nbformat.ValidationError, RecursionError):
        return False
    return True
