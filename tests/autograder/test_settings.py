"""What a course's configuration means for its limits."""

from __future__ import annotations

import pytest
from traitlets.config import Config
from traitlets.config.loader import DeferredConfigString

from autograder.course.settings import Grading
from autograder.sandbox.limits import Limits


def _times(**sections: dict[str, object]) -> tuple[float, float, float]:
    limits = Grading(config=Config(sections)).limits()
    return limits.cell_seconds, limits.call_seconds, limits.submission_seconds


def test_without_a_word_the_limits_are_ours() -> None:
    assert _times() == (Limits.cell_seconds, Limits.call_seconds, Limits.submission_seconds)


@pytest.mark.parametrize("timeout", [5, DeferredConfigString("5")])
def test_nbgraders_timeout_limits_cells_and_calls(timeout: object) -> None:
    assert _times(Execute={"timeout": timeout}) == (5, 5, 900)


def test_a_long_timeout_of_nbgraders_leaves_room_for_ten_such_cells() -> None:
    assert _times(Execute={"timeout": 600}) == (600, 600, 6000)


@pytest.mark.parametrize("timeout", [None, -1])
def test_no_timeout_of_nbgraders_is_still_a_finite_one(timeout: object) -> None:
    assert _times(Execute={"timeout": timeout})[:2] == (900, 900)


def test_what_grading_says_goes_before_nbgraders_timeout() -> None:
    told = _times(Execute={"timeout": 5}, Grading={"call_seconds": 7.0})
    assert told == (5, 7, 900)
