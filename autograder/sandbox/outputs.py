"""A cell's outputs put together from a kernel's messages, cut to a size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

MAX_OUTPUTS = 1000
"""Outputs of one cell. Text written in a row to one stream is one output."""
_MESSAGES_PER_OUTPUT = 5  # an output may be updated, or cleared and shown anew
_MAX_DEPTH = 50


class OutputCollector:
    """Outputs of one cell; nbclient's rules for clearing and updating apply.

    Args:
        max_bytes: text and data kept; what follows is dropped, with one line saying so.
        max_outputs: outputs kept; the same.
    """

    def __init__(self, max_bytes: int, *, max_outputs: int = MAX_OUTPUTS) -> None:
        self._left = self._max = max_bytes
        self._max_outputs = max_outputs
        self._messages_left = _MESSAGES_PER_OUTPUT * max_outputs
        self._cell = new_code_cell()
        self._client = NotebookClient(new_notebook(cells=[self._cell]), store_widget_state=False)
        self._client.comm_open_handlers = {}
        self._client.clear_before_next_output = False
        self._cut = ""
        self.idle = False

    def add(self, message: dict[str, Any]) -> None:
        """Takes one message of the iopub channel; what cannot be understood is left out."""
        if message.get("msg_type") == "status":
            self.idle = self.idle or message["content"].get("execution_state") == "idle"
            return
        if str(message.get("msg_type", "")).startswith("comm") or self._cut:
            return
        self._left -= _size(message["content"], self._left)
        if self._left < 0:
            self._cut = f"{self._max:,} bytes"
            return
        try:
            content = _cleaned(message["content"])
        except ValueError:
            return
        if not self._goes_on(message, content):
            self._process({**message, "content": content})

    def _goes_on(self, message: dict[str, Any], content: dict[str, Any]) -> bool:
        """Whether the message was more text for the stream written last, and is added to it."""
        last = self._cell.outputs[-1] if self._cell.outputs else None
        if message.get("msg_type") != "stream" or self._client.clear_before_next_output:
            return False
        if last is None or last.get("output_type") != "stream":
            return False
        text, so_far = content.get("text"), last.get("text")
        if content.get("name") != last.get("name") or type(text) is not str:
            return False
        if type(so_far) is not str:
            return False
        last["text"] = so_far + text
        return True

    def _process(self, message: dict[str, Any]) -> None:
        if message.get("msg_type") != "clear_output":
            self._messages_left -= 1
        try:
            self._client.process_message(message, self._cell, 0)
        except (CellControlSignal, nbformat.ValidationError):
            return
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError):
            return
        if len(self._cell.outputs) > self._max_outputs or self._messages_left < 0:
            del self._cell.outputs[self._max_outputs :]
            self._cut = f"{self._max_outputs:,} outputs"

    @property
    def outputs(self) -> list[NotebookNode]:
        """The outputs so far, valid by nbformat's schema."""
        kept = list(self._cell.outputs)
        if not _are_valid(kept):
            kept = [output for output in kept if _are_valid([output])]
        if self._cut:
            text = f"\n[output cut: a cell may show {self._cut}]\n"
            kept.append(new_output("stream", name="stdout", text=text))
        return kept


def _size(content: Any, most: int) -> int:
    """About how much a message's content holds; counted no further than a little over `most`."""
    total, waiting = 0, [content]
    while waiting and total <= most:
        part = waiting.pop()
        total += len(part) if isinstance(part, (str, dict, list)) else 8
        if isinstance(part, (dict, list)) and total <= most:
            waiting.extend(part)
            waiting.extend(part.values() if isinstance(part, dict) else ())
    return total


def _cleaned(content: Any, depth: int = 0) -> Any:
    """A message's content without lone surrogates, which no file can hold.

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
