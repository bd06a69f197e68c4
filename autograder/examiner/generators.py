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
    """The random generators that one test has passed to the student's code.

    Args:
        tell: makes a twin in the kernel, with a number and a state.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._known: list[tuple[int, np.random.Generator]] = []

    def handle(self, generator: np.random.Generator) -> wire.Handle:
        """Return the handle of a generator's twin, which is made in the kernel at first."""
        for number, other in self._known:
            if other is generator:
                return wire.Handle(number, "Generator", False)
        number = new_number()
        self._tell(number, twin_state(generator))
        self._known.append((number, generator))
        return wire.Handle(number, "Generator", False)


def twin_state(generator: np.random.Generator) -> dict[str, Any]:
    """Return the state for a generator's twin: the same state if nothing has been drawn yet.

    States can be run backwards. The state of a used generator would reveal what the test has drawn,
    perhaps expected values, so its twin draws other numbers.

    Args:
        generator: the test's generator.
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
