"""Samplers whose random cases are sure to expose given mistakes.

Every student has random cases, and some of them may hide a mistake: a missing ReLU has no effect
on a layer without negative values. Two students with the same mistake would then lose different
points. A draw that is repeated until the mistake shows tests all students alike.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from autograder.exercises.calls import Returned, call
from autograder.exercises.cases import Case, Function, Sampler
from autograder.exercises.judging import alike

MOST_DRAWS = 500
_RTOL, _ATOL = 1e-2, 1e-3  # larger differences exceed every exercise's tolerances


def distinguishing(draw: Sampler, right: Function, *mistakes: Function) -> Sampler:
    """Return a sampler whose cases distinguish the reference from some mistakes.

    Args:
        draw: the sampler that is called with the same generator until its case is wrong for every
            mistake.
        right: the reference.
        mistakes: the wrong functions. A good part of the sampler's cases must expose all of them.

    Returns:
        A sampler. It raises ValueError if `MOST_DRAWS` cases in a row do not expose every mistake.

    Examples:
        A vector without a negative value would not show that a ReLU is missing:

        >>> def vector(rng):
        ...     return Case((rng.standard_normal(2),))
        >>> def relu(x):
        ...     return np.maximum(x, 0)
        >>> def relu_missing(x):
        ...     return x
        >>> sampler = distinguishing(vector, relu, relu_missing)
        >>> cases = [sampler(np.random.default_rng(seed)) for seed in range(5)]
        >>> all(case.args[0].min() < 0 for case in cases)
        True
    """
    return partial(_drawn, draw=draw, right=right, mistakes=mistakes)


def _drawn(
    rng: np.random.Generator, *, draw: Sampler, right: Function, mistakes: tuple[Function, ...]
) -> Case:
    for _ in range(MOST_DRAWS):
        case = draw(rng)
        expected = right(*case.args, **case.kwargs)
        if not any(_is_right(mistake, case, expected) for mistake in mistakes):
            return case
    names = ", ".join(getattr(mistake, "__name__", "a mistake") for mistake in mistakes)
    raise ValueError(f"{MOST_DRAWS} cases were drawn, and in each one of these is right: {names}")


def _is_right(mistake: Function, case: Case, expected: object) -> bool:
    answer = call(mistake, case)
    return isinstance(answer, Returned) and alike(answer.value, expected, rtol=_RTOL, atol=_ATOL)
