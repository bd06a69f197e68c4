"""One attacked course for all attacks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course.settings import Grading
from autograder.sandbox.limits import Limits
from tests.attacks.ours import LIMITS, OurArena

pytest.register_assert_rewrite("tests.attacks.checking")


def _small(_: Grading) -> Limits:
    return LIMITS


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that are used up soon, for every course while an attack runs."""
    monkeypatch.setattr(Grading, "limits", _small)


def _made(folder: Path, *, isolation: str = "bubblewrap") -> OurArena:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Grading, "limits", _small)
        return OurArena(folder, isolation=isolation)


@pytest.fixture(scope="session")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OurArena]:
    """The attacked course, graded in the sandbox."""
    made = _made(tmp_path_factory.mktemp("arena"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def open_arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OurArena]:
    """The same without a sandbox: what must be noticed when it happens."""
    made = _made(tmp_path_factory.mktemp("open"), isolation="process")
    made.patience = 1.0
    yield made
    made.close()
