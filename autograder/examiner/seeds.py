"""Sets the seeds of a hidden test in the student's kernel as well."""

from __future__ import annotations

import operator
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import numpy as np

_SEEDERS = (
    ("random", "seed"),
    ("numpy", "random.seed"),
    ("tensorflow", "random.set_seed"),
    ("keras", "utils.set_random_seed"),
)

Tell = Callable[[str, str, Any], object]


@contextmanager
def shared_seeds(tell: Tell) -> Iterator[None]:
    """Report each seeding of a library's global generator within the block.

    Nothing comes back: what the student's code draws does not change what the test draws.

    Args:
        tell: called with the library, the function and the seed.
    """
    with ExitStack() as stack:
        for library, function in _SEEDERS:
            if library in sys.modules:
                own = operator.attrgetter(function)(sys.modules[library])
                replaced = _telling(tell, library, function, own)
                stack.enter_context(mock.patch(f"{library}.{function}", replaced))
        yield


def _telling(
    tell: Tell, library: str, function: str, own: Callable[[Any], object]
) -> Callable[..., object]:
    def seed(value: Any = None) -> None:
        own(value)
        tell(library, function, value)

    return seed


class LabRandom:
    """The random numbers of a lab's own cells, which continue where the last such cell ended.

    The kernel does the same for the same cells, so that what they draw is equal on both sides,
    whatever else draws in between. See ``lab_random`` in `autograder.sandbox.inside`.

    Args:
        seed: the seed.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._state: tuple[Any, Any] | None = None

    @contextmanager
    def lab(self) -> Iterator[None]:
        """Give Python's and NumPy's global generators the lab's state within the block."""
        others = random.getstate(), np.random.get_state()
        if self._state is None:
            random.seed(self._seed)
            np.random.seed(self._seed)
        else:
            random.setstate(self._state[0])
            np.random.set_state(self._state[1])
        try:
            yield
        finally:
            self._state = random.getstate(), np.random.get_state()
            random.setstate(others[0])
            np.random.set_state(others[1])
