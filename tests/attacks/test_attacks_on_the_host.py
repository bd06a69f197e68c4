"""Every attack on the sandbox, the machine and other students fails."""

from __future__ import annotations

import pytest

from tests.attacks.catalogue import ATTACKS
from tests.attacks.checking import as_parameters, check_that_it_fails
from tests.attacks.model import HOST_GROUPS, Attack
from tests.attacks.ours import OurArena

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.mark.parametrize("attack", as_parameters(a for a in ATTACKS if a.group in HOST_GROUPS))
def test_attack_fails(attack: Attack, arena: OurArena) -> None:
    check_that_it_fails(attack, arena)
