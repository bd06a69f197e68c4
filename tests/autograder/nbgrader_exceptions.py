"""A pytest plugin: what of nbgrader's own tests for autograding cannot hold here, and why.

Each is expected to fail, strictly: one that passes is an error, and so is a name that is gone.
"""

from __future__ import annotations

import pytest

EXCEPTIONS = {
    "test_side_effects": (
        "What a submission writes ends with its kernel. nbgrader keeps such files in autograded/ "
        "and puts them beside the feedback; a page or a link among them would be opened there."
    ),
    "test_no_execute": (
        "--no-execute scores the outputs that were handed in, which anyone can type. Here a "
        "submission is graded all the same."
    ),
    "test_missing_source_kernelspec": (
        "Under nbgrader a hand-in that names an unknown kernel fails and has no grade. Here its "
        "kernelspec is not used: the grader's own Python runs it."
    ),
    "test_handle_failure": (
        "Under nbgrader a hand-in with ids that the lab does not have fails and has no grade. "
        "Here these cells count as the student's own, with a note, and the rest is graded."
    ),
    "test_grade_empty_timestamp": (
        "Under nbgrader a hand-in whose time cannot be read fails and has no grade. Here it is "
        "graded, with a warning that its time is not known."
    ),
    "test_handle_failure_single_notebook": "The same as test_handle_failure, by --notebook.",
}


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Marks the exceptions; called by pytest."""
    found = {item.originalname for item in items}
    if gone := set(EXCEPTIONS) - found:
        raise pytest.UsageError(f"nbgrader has no such tests any more: {sorted(gone)}")
    for item in items:
        if reason := EXCEPTIONS.get(item.originalname):
            item.add_marker(pytest.mark.xfail(reason=reason, raises=AssertionError, strict=True))
