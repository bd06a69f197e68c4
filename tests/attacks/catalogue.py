"""All attacks, in the order of their groups."""

from __future__ import annotations

from tests.attacks.breaking import BREAKING
from tests.attacks.escaping import ESCAPING
from tests.attacks.forging import FORGING
from tests.attacks.model import Attack
from tests.attacks.network import NETWORK
from tests.attacks.others import OTHERS
from tests.attacks.pages import PAGES
from tests.attacks.reading import READING
from tests.attacks.reading_hand_ins import READING_HAND_INS
from tests.attacks.resources import RESOURCES
from tests.attacks.staying import STAYING
from tests.attacks.submitting import SUBMITTING
from tests.attacks.values import VALUES

ATTACKS: tuple[Attack, ...] = (
    *FORGING,
    *READING,
    *OTHERS,
    *ESCAPING,
    *NETWORK,
    *RESOURCES,
    *STAYING,
    *BREAKING,
    *VALUES,
    *SUBMITTING,
    *READING_HAND_INS,
    *PAGES,
)
"""Every attack."""


def by_name(name: str) -> Attack:
    """The attack of a name."""
    return next(attack for attack in ATTACKS if attack.name == name)
