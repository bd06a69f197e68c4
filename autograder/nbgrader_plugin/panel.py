"""What a student reads under a task: the points, what was right, what was not, and why."""

from __future__ import annotations

from html import escape

from autograder.results.marks import Message
from autograder.results.printable import one_line
from autograder.results.verdict import CellVerdict

_HEADINGS = {
    "passed": "All right",
    "partial": "Partly right",
    "failed": "Not right yet",
    "student_error": "Your code stopped with an error",
    "timeout": "Your code was stopped by the time limit",
    "out_of_memory": "Your code was stopped by the memory limit",
    "not_attempted": "Not attempted",
    "grader_error": "Not graded: the test itself failed",
}
_SIGNS = {"passed": "✓", "problem": "✗", "diagnosis": "➜", "note": "ⓘ"}
_COLOURS = {"passed": "#1b7837", "partial": "#8a5a00", "not_attempted": "#555555"}
_WRONG = "#a50f15"
_MAX_BRIEF = 300
_FOR_INSTRUCTOR = "Your instructor has been told. This task has no score yet."


def heading(mark: CellVerdict) -> str:
    """Return the outcome in words with the points, such as ``Partly right: 17.5 of 25 points``."""
    words = _HEADINGS[mark.outcome]
    if mark.points is None:
        return words
    if not mark.maximum:
        return f"{words} (not graded)"
    return f"{words}: {mark.points:g} of {mark.maximum:g} points"


def shown_messages(mark: CellVerdict) -> tuple[Message, ...]:
    """Return the messages that a student may read; a grader's traceback is not among them."""
    if mark.outcome == "grader_error":
        return (Message("note", _FOR_INSTRUCTOR),)
    return mark.messages


def brief(mark: CellVerdict) -> str:
    """Return one line for the top of the page: what was diagnosed, else the outcome."""
    found = [m.text for m in shown_messages(mark) if m.kind == "diagnosis"]
    return one_line(found[0], most=_MAX_BRIEF) if found else _HEADINGS[mark.outcome]


def panel_text(mark: CellVerdict) -> str:
    """Return the panel as plain text."""
    lines = [heading(mark)]
    for message in shown_messages(mark):
        lines.append(f"{_SIGNS[message.kind]} {message.text}")
        lines += [f"    {line}" for line in message.detail.splitlines()]
    return "\n".join(lines)


def panel_html(mark: CellVerdict) -> str:
    """Return the panel as HTML without scripts, classes or links; all text is escaped."""
    colour = _COLOURS.get(mark.outcome, _WRONG)
    items = "".join(_item(message) for message in shown_messages(mark))
    return (
        f'<div style="border-left: 5px solid {colour}; background: #f7f7f7; color: #222; '
        f'padding: 8px 14px; margin: 6px 0; max-width: 52em;">'
        f'<strong style="color: {colour}">{escape(heading(mark))}</strong>{items}</div>'
    )


def _item(message: Message) -> str:
    weight = "font-weight: 600; " if message.kind == "diagnosis" else ""
    text = escape(message.text).replace("\n", "<br>")
    detail = f"<pre>{escape(message.detail)}</pre>" if message.detail else ""
    sign = _SIGNS[message.kind]
    return f'<p style="{weight}margin: 4px 0 0 0;">{sign} {text}</p>{detail}'
