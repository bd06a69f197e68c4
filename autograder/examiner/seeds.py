"""Seeds that a hidden test sets are set in the student's kernel as well."""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

_SEEDERS = (
    ("random", "seed"),
    ("numpy", "random.seed"),
    ("tensorflow", "random.set_seed"),
    ("keras", "utils.set_random_seed"),
)

Tell = Callable[[str, str, Any], object]


@contextmanager
def shared_seeds(tell: Tell) -> Iterator[None]:
    """Within it, seeding a library's global generator here tells its library, function and seed.

    Nothing comes back: what the student's code draws does not change what the test draws.
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
