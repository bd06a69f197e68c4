"""Every attack on grades, tests and the grader fails; see `test_attacks_on_the_host` for the rest.

The two modules are halves of one suite, so that two workers of pytest can share it.
"""

from __future__ import annotations

import pytest

from tests.attacks.catalogue import ATTACKS
from tests.attacks.checking import as_parameters, check_that_it_fails
from tests.attacks.model import GROUPS, HOST_GROUPS, Attack
from tests.attacks.ours import OurArena

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


def test_there_are_at_least_sixty_over_all_groups_and_each_says_what_it_tries() -> None:
    assert len(ATTACKS) >= 60
    assert {attack.group for attack in ATTACKS} == set(GROUPS)
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert all(attack.tries.endswith(".") and attack.must.endswith(".") for attack in ATTACKS)


@pytest.mark.parametrize("attack", as_parameters(a for a in ATTACKS if a.group not in HOST_GROUPS))
def test_attack_fails(attack: Attack, arena: OurArena) -> None:
    check_that_it_fails(attack, arena)
