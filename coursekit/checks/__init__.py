"""Staged checks of a result: type, shape, dtype, finite, then values.

The first stage that fails is reported with what came, what was expected and the next step.
`check_call`, `check_value` and `check_stored`, which also names known mistakes, are for a
notebook's visible tests. They build on `find_problem`, which can hide the expected values.
"""

from coursekit.checks.calls import check_call, check_value
from coursekit.checks.problems import Problem, Stage, find_problem
from coursekit.checks.stored import check_stored, stored_inputs
from coursekit.checks.waiting import when_written
from coursekit.errors import CheckFailed

__all__ = [
    "CheckFailed",
    "Problem",
    "Stage",
    "check_call",
    "check_stored",
    "check_value",
    "find_problem",
    "stored_inputs",
    "when_written",
]
