"""NumPy's random generators as arguments: the kernel gets a twin, which goes on drawing there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.examiner.functions import new_number
from autograder.sandbox.inside import _grading_wire as wire

Tell = Callable[[int, dict[str, Any]], object]


class Generators:
    """The generators that one test has handed over.

    Args:
        tell: lets the kernel make a twin with a number and a state.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._known: list[tuple[int, np.random.Generator]] = []

    def handle(self, generator: np.random.Generator) -> wire.Handle:
        """Return what crosses for a generator: its twin's number."""
        for number, other in self._known:
            if other is generator:
                return wire.Handle(number, "Generator", False)
        number = new_number()
        self._tell(number, twin_state(generator))
        self._known.append((number, generator))
        return wire.Handle(number, "Generator", False)


def twin_state(generator: np.random.Generator) -> dict[str, Any]:
    """Return the state for a twin: the same one, if nothing has been drawn yet.

    States can be run backwards. From one that has been used, what a test has drawn, expected values
    perhaps, could be worked out, so the twin of such a one draws other numbers.
    """
    state: dict[str, Any] = dict(generator.bit_generator.state)
    if repr(state) == _first_state(generator):
        return state
    digest = hashlib.sha256(repr(state).encode()).digest()
    return dict(np.random.default_rng(int.from_bytes(digest, "big")).bit_generator.state)


def _first_state(generator: np.random.Generator) -> str:
    try:
        source: Any = generator.bit_generator
        return repr(dict(type(source)(source.seed_seq).state))
    except (AttributeError, TypeError):  # made of a state, so nobody knows
        return ""
