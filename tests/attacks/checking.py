"""What each attack is put through."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.attacks.arena import HONEST
from tests.attacks.judging import successes
from tests.attacks.lab import HONEST_POINTS
from tests.attacks.model import TRIED, Attack
from tests.attacks.ours import OurArena


def as_parameters(attacks: Iterable[Attack]) -> list[object]:
    """Parameters for pytest; an attack that is known to succeed is expected to."""
    return [pytest.param(a, id=a.name, marks=_marks(a)) for a in attacks]


def _marks(attack: Attack) -> list[pytest.MarkDecorator]:
    if attack.name == "gpu_memory" and not Path("/dev/nvidia0").exists():
        return [pytest.mark.skip(reason="there is no GPU here")]
    if not attack.known:
        return []
    return [pytest.mark.xfail(reason=attack.known, strict=True, run=not attack.hangs)]


def check_that_it_fails(attack: Attack, arena: OurArena) -> None:
    """Fails where the attack succeeds, where it was not tried, and where the next one suffers."""
    seen = arena.run(attack)
    assert successes(attack, seen, arena.secrets()) == []
    if attack.tells:
        assert TRIED in seen.shown, f"the attack was not even tried: {seen.shown[-2000:]}"
    assert arena.points_without_recording(HONEST) == HONEST_POINTS, "the next one was not right"
