"""Staged checks of an answer: type, shape, dtype, finite, then values.

The first stage that fails is reported, with what came, what was wanted and what to do next.
`check_call` and `check_value` are for a notebook's visible tests, and `check_stored`, which also
names known mistakes; `find_problem` is what they stand on, and it can keep the expected values to
itself.
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
