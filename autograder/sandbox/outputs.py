"""A cell's outputs put together from a kernel's messages, cut to a size."""

from __future__ import annotations

from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output


class OutputCollector:
    """Outputs of one cell; nbclient's rules for clearing and updating apply.

    Args:
        max_bytes: text and data kept; what follows is dropped, with one line saying so.
    """

    def __init__(self, max_bytes: int) -> None:
        self._left = max_bytes
        self._max = max_bytes
        self._cell = new_code_cell()
        self._client = NotebookClient(new_notebook(cells=[self._cell]), store_widget_state=False)
        self._client.comm_open_handlers = {}
        self._client.clear_before_next_output = False
        self._cut = False
        self.idle = False

    def add(self, message: dict[str, Any]) -> None:
        """Takes one message of the iopub channel; what cannot be understood is left out."""
        if message.get("msg_type") == "status":
            self.idle = self.idle or message["content"].get("execution_state") == "idle"
            return
        if str(message.get("msg_type", "")).startswith("comm") or self._cut:
            return
        self._left -= _size(message["content"])
        if self._left < 0:
            self._cut = True
            return
        try:
            self._client.process_message(message, self._cell, 0)
        except (CellControlSignal, KeyError, TypeError, ValueError, AttributeError):
            return

    @property
    def outputs(self) -> list[NotebookNode]:
        """The outputs so far, valid by nbformat's schema."""
        kept = [output for output in self._cell.outputs if _is_valid(output)]
        if self._cut:
            text = f"\n[output cut: a cell may show {self._max:,} bytes]\n"
            kept.append(new_output("stream", name="stdout", text=text))
        return kept


def _size(content: Any) -> int:
    if isinstance(content, dict):
        return sum(_size(key) + _size(value) for key, value in content.items())
    if isinstance(content, list):
        return sum(_size(item) for item in content)
    return len(content) if isinstance(content, str) else 8


def _is_valid(output: NotebookNode) -> bool:
    probe = new_notebook(cells=[new_code_cell(outputs=[output])])
    try:
        nbformat.validate(probe)
    except nbformat.ValidationError:
        return False
    return True
