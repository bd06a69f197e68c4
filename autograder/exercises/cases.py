"""Cases: the inputs of one call, drawn from a generator, in groups that each earn a share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, cast

import numpy as np

from coursekit.checks.call_titles import call_title


@dataclass(frozen=True)
class Case:
    """The inputs of one call.

    Args:
        args: positional arguments: numbers, strings, lists, tuples, dicts and arrays.
        kwargs: keyword arguments.
        probe: data for the exercise's judge that the function does not get, such as a test image;
            `None` if results are compared with the reference's.

    Examples:
        >>> import numpy as np
        >>> case = Case((np.ones((1, 4, 5, 2)),), {"stride": 2})
        >>> call_text("max_pool", ["x"], case)
        'max_pool(x: (1, 4, 5, 2), stride=2)'
    """

    args: tuple[object, ...] = ()
    kwargs: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    probe: object = None

    @cached_property
    def is_plain(self) -> bool:
        """Whether all inputs are plain data, so that each call can get fresh copies."""
        return all(map(_is_plain, (*self.args, *self.kwargs.values())))


def _is_plain(value: object) -> bool:
    if type(value) in (list, tuple):
        return all(map(_is_plain, cast("Iterable[object]", value)))
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    if isinstance(value, np.ndarray):
        return not value.dtype.hasobject
    return value is None or isinstance(value, (bool, int, float, str))


Function = Callable[..., Any]
Sampler = Callable[[np.random.Generator], Case]


@dataclass(frozen=True)
class CaseGroup:
    """Cases that test one thing, worth one share of the points.

    Args:
        name: what the student reads, such as ``stride``.
        share: part of the exercise's points, over 0 and at most 1.
        draws: one sampler for each case: a function that takes the random generator and returns
            the case.

    Raises:
        ValueError: the share is out of its range, or there is no sampler.

    Examples:
        Three cases with random vectors, together worth a quarter of the points:

        >>> import numpy as np
        >>> def vector(rng):
        ...     return Case((rng.standard_normal(4),))
        >>> group = CaseGroup("basic", 0.25, (vector,) * 3)
        >>> [draw(np.random.default_rng(0)).args[0].shape for draw in group.draws]
        [(4,), (4,), (4,)]
    """

    name: str
    share: float
    draws: tuple[Sampler, ...]

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"share of group {self.name!r} must be over 0 and at most 1")
        if not self.draws:
            raise ValueError(f"group {self.name!r} has no cases: give it at least one draw")


OPTION_WEIGHT = 10
"""Array entries that one unit of a keyword argument counts for: options make a call less simple."""


def size(case: Case) -> float:
    """Return how large a case is, to find the simplest.

    Args:
        case: the inputs.

    Returns:
        The number of array entries plus the magnitudes of the numbers; keyword arguments count
        `OPTION_WEIGHT` times.
    """
    plain = sum(_weight(value) for value in case.args)
    return plain + OPTION_WEIGHT * sum(_weight(value) for value in case.kwargs.values())


def _weight(value: object) -> float:
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, (list, tuple)):
        return sum(_weight(part) for part in value)
    return abs(value) if isinstance(value, (int, float)) else 1


def call_text(function: str, names: Iterable[str], case: Case) -> str:
    """Return the call as a student would write it; see `call_title`.

    Args:
        function: name of the function.
        names: names of its positional parameters, in order.
        case: the inputs.

    Returns:
        The call with shapes in place of arrays, such as
        ``conv2d(x: (1, 4, 5, 2), w: (2, 2, 2, 1), b: (1,), stride=2)``.
    """
    return call_title(function, zip(names, case.args, strict=False), case.kwargs)
