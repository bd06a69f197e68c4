"""Draws that do not leave to chance what a case is there to show.

Where every student has random cases, a mistake may go unseen in some of them: a ReLU that is left
out of a layer without a negative number. Two students with the same mistake then lose different
points. A draw that is repeated until the mistake shows is the same test for all.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from autograder.exercises.calls import Returned, call
from autograder.exercises.cases import Case, Function, Sampler
from autograder.exercises.judging import alike

MOST_DRAWS = 500
_RTOL, _ATOL = 1e-2, 1e-3  # what is further off is seen by any exercise's tolerances


def distinguishing(draw: Sampler, right: Function, *mistakes: Function) -> Sampler:
    """Return a draw that is repeated until its case tells some mistakes from the right answer.

    Args:
        draw: what is repeated, with the same generator.
        right: the reference.
        mistakes: the wrong functions. Each must be wrong in at least one case in a few that the
            draw makes: it is given up after `MOST_DRAWS`.
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
