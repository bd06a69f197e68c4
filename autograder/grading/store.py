"""Verdicts as JSON on disk."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.results.marks import Message
from autograder.results.verdict import CellVerdict, Verdict, Written
from coursekit.atomic_write import write_whole

FORMAT = 2


class VerdictStore:
    """Verdicts in a folder, a file a notebook.

    Args:
        folder: made when the first verdict is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, lab: str, student: str, notebook: str) -> Path:
        """Return the path of the verdict on a notebook."""
        return self._folder / lab / student / f"{notebook}.json"

    def read(self, lab: str, student: str, notebook: str) -> Verdict | None:
        """Return the verdict on a notebook, or None if none can be read."""
        try:
            data = json.loads(self.path(lab, student, notebook).read_text(encoding="utf-8"))
            return _from_json(data) if data.get("format") == FORMAT else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, verdict: Verdict) -> None:
        """Write a verdict so that a reader sees the whole of it or the one before."""
        path = self.path(verdict.lab, verdict.student, verdict.notebook)
        write_whole(path, json.dumps({"format": FORMAT, **asdict(verdict)}, indent=1))


def _from_json(data: dict[str, Any]) -> Verdict:
    fields = {name: value for name, value in data.items() if name != "format"}
    fields["cells"] = tuple(_cell_from_json(cell) for cell in data["cells"])
    for name in ("notes", "hand_in_notes", "of_tests"):
        fields[name] = tuple(data[name])
    written = data["written"]
    fields["written"] = Written(**{name: tuple(ids) for name, ids in written.items()})
    return Verdict(**fields)


def _cell_from_json(data: dict[str, Any]) -> CellVerdict:
    messages = tuple(Message(**message) for message in data["messages"])
    return CellVerdict(**{**data, "messages": messages, "mistakes": tuple(data["mistakes"])})
