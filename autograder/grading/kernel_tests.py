"""The mark of a test cell that ran in the student's kernel, as under stock nbgrader."""

from __future__ import annotations

import math
from typing import Any

from autograder.results.marks import Mark, Message, Outcome
from autograder.sandbox.session import CellRun
from coursekit.checks.waiting import is_stub

_DOES_NOT_HOLD = "A test of this task does not hold."


def mark_of_run(run: CellRun, *, maximum: float) -> Mark:
    """Return the mark of a test cell by what running it gave.

    All points are earned when nothing raises; a number as the last line's value is the points. A
    line on stderr costs nothing, and a number that is no number of points earns none: there stock
    nbgrader's rules are wrong.

    Args:
        run: what running the cell gave, in a kernel that may have been tampered with.
        maximum: the cell's points.
    """
    if run.timed_out:
        return _lost("timeout", f"The test was stopped after {run.seconds:.0f} seconds.", maximum)
    if run.died:
        return _lost("student_error", run.why_died or "The kernel has ended.", maximum)
    if run.error:
        return _mark_of_error(run, maximum)
    points = _points(run)
    if points is None:
        return Mark(maximum, maximum=maximum, outcome="passed")
    if not math.isfinite(points) or not 0 <= points <= maximum:
        return _lost("failed", _DOES_NOT_HOLD, maximum)
    outcome: Outcome = "passed" if points == maximum else "partial" if points else "failed"
    return Mark(points, maximum=maximum, outcome=outcome)


def _mark_of_error(run: CellRun, maximum: float) -> Mark:
    error: Any = next((o for o in run.outputs if o.output_type == "error"), {})
    name, text = run.error, str(error.get("evalue", ""))[:1000]
    if is_stub(name, text):
        return _lost("not_attempted", "This task is not written yet.", maximum)
    if name == "AssertionError":
        return _lost("failed", text.strip() or _DOES_NOT_HOLD, maximum)
    return _lost("student_error", f"The test stopped with {name}: {text}".rstrip(": "), maximum)


def _points(run: CellRun) -> float | None:
    """Return the number that the cell's last line gives; None where it gives none."""
    for output in run.outputs:
        if output.output_type == "execute_result":
            text = str(output.get("data", {}).get("text/plain", ""))
            if text == "False":
                return 0.0
            try:
                return float(text.removeprefix("np.float64(").removesuffix(")"))
            except ValueError:
                return None
    return None


def _lost(outcome: Outcome, text: str, maximum: float) -> Mark:
    return Mark(0, maximum=maximum, outcome=outcome, messages=(Message("problem", text),))
