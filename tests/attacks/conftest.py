"""One attacked course for all attacks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.course import Grading
from autograder.sandbox.limits import Limits
from tests.attacks.ours import LIMITS, OurArena


def _small(_: Grading) -> Limits:
    return LIMITS


@pytest.fixture(scope="session")
def small_limits() -> Iterator[None]:
    """Limits that are used up soon, for every course."""
    patch = pytest.MonkeyPatch()
    patch.setattr(Grading, "limits", _small)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def arena(small_limits: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OurArena]:
    """The attacked course, graded behind walls."""
    made = OurArena(tmp_path_factory.mktemp("arena"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def open_arena(small_limits: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OurArena]:
    """The same without walls: what must be noticed when it happens."""
    made = OurArena(tmp_path_factory.mktemp("open"), isolation="process")
    made.patience = 1.0
    yield made
    made.close()
