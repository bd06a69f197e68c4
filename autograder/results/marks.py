"""What grading one cell gives: points, an outcome and messages for the student."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from autograder.results.printable import printable

Outcome = Literal[
    "passed",
    "partial",
    "failed",
    "student_error",
    "timeout",
    "out_of_memory",
    "not_attempted",
    "grader_error",
]
OUTCOMES: tuple[str, ...] = get_args(Outcome)

MessageKind = Literal["passed", "problem", "diagnosis", "note"]


_MAX_TEXT, _MAX_DETAIL = 4000, 10_000
"""Characters of a message that are kept; it may hold text of the student's, such as an error's."""


@dataclass(frozen=True)
class Message:
    """One sentence or short paragraph for the student, as plain text.

    Control characters, invisible ones and terminal codes are made visible or removed, and long
    texts are cut, because a message may repeat what a student wrote.

    Args:
        kind: ``passed`` (what was right), ``problem`` (what was wrong: got and expected),
            ``diagnosis`` (the mistake that explains it) or ``note`` (worth knowing, costs nothing).
        text: plain text; never HTML, never an expected array.
        detail: preformatted text shown below, such as a traceback.
    """

    kind: MessageKind
    text: str
    detail: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", printable(self.text, most=_MAX_TEXT))
        object.__setattr__(self, "detail", printable(self.detail, most=_MAX_DETAIL))


class Mark(float):
    """Points for one exercise, which know how they came about.

    It is a ``float`` so that the last line of a hidden test may be ``EXERCISE.grade(f)``: under
    stock nbgrader the displayed number is the cell's partial credit, under ``autograder`` the
    whole mark is read.

    Args:
        points: points earned, 0 to ``maximum``.
        maximum: points of the exercise, over 0.
        outcome: one of `OUTCOMES`.
        messages: for the student, in the order in which to read them.
        mistakes: ids of recognised mistakes, such as ``conv2d/stride_ignored_in_rows``.
    """

    maximum: float
    outcome: Outcome
    messages: tuple[Message, ...]
    mistakes: tuple[str, ...]

    def __new__(
        cls,
        points: float,
        *,
        maximum: float,
        outcome: Outcome,
        messages: tuple[Message, ...] = (),
        mistakes: tuple[str, ...] = (),
    ) -> Mark:
        """Check the points and the outcome; see the class."""
        if not 0 <= points <= maximum:
            raise ValueError(f"points must lie in 0 to {maximum:g}; got {points:g}")
        if outcome not in OUTCOMES:
            raise ValueError(f"outcome must be one of {', '.join(OUTCOMES)}; got {outcome!r}")
        mark = super().__new__(cls, points)
        mark.maximum = float(maximum)
        mark.outcome = outcome
        mark.messages = tuple(messages)
        mark.mistakes = tuple(mistakes)
        return mark

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a Mark is written as JSON through a Verdict, not pickled")
