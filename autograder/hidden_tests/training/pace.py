"""``first_epoch_below``: how fast a training is, for the notes' claim that dropout speeds it up."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from autograder.exercises import Case, CaseGroup, FunctionExercise, MistakeList

_mistakes = MistakeList()


def first_epoch_below(losses: Sequence[float], level: float) -> int | None:
    """Return the number, from 1, of the first epoch whose loss is below a level; None if none is.

    Args:
        losses: one for each epoch.
        level: the level.
    """
    (below,) = np.nonzero(np.asarray(losses) < level)
    return int(below[0]) + 1 if below.size else None


@_mistakes.add("epochs are counted from 0: the first one is epoch 1.")
def counted_from_zero(losses: Sequence[float], level: float) -> int | None:
    found = first_epoch_below(losses, level)
    return None if found is None else found - 1


@_mistakes.add("an epoch on the level itself counts: only a loss below it does. Compare with <.")
def on_the_level_counts(losses: Sequence[float], level: float) -> int | None:
    return first_epoch_below(losses, np.nextafter(level, 10.0))


@_mistakes.add("the last epoch below the level is given: stop at the first one.")
def last_one(losses: Sequence[float], level: float) -> int | None:
    found = [number for number, loss in enumerate(losses, start=1) if loss < level]
    return found[-1] if found else None


@_mistakes.add("the epochs below the level are counted: the number of the first one is asked for.")
def how_many(losses: Sequence[float], level: float) -> int | None:
    return sum(loss < level for loss in losses) or None


@_mistakes.add("the epoch with the lowest loss is given: the first below the level may be earlier.")
def lowest_one(losses: Sequence[float], level: float) -> int | None:
    found = int(np.argmin(losses)) + 1
    return found if losses[found - 1] < level else None


@_mistakes.add("the loss is given: the number of its epoch is asked for.")
def the_loss(losses: Sequence[float], level: float) -> float | None:
    found = first_epoch_below(losses, level)
    return None if found is None else losses[found - 1]


@_mistakes.add("the level is taken from above: losses fall, so look for the first one below it.")
def above(losses: Sequence[float], level: float) -> int | None:
    return first_epoch_below([-loss for loss in losses], -level)


@_mistakes.add("the number of epochs is given where no loss is below the level: return None there.")
def all_epochs_where_there_is_none(losses: Sequence[float], level: float) -> int | None:
    return first_epoch_below(losses, level) or len(losses)


@_mistakes.add(
    "the first epoch decides: `return None` stands inside the loop, which then ends with it. Put "
    "it after the loop."
)
def first_epoch_alone(losses: Sequence[float], level: float) -> int | None:
    return first_epoch_below(losses[:1], level)


@_mistakes.add("-1 is given where no loss is below the level: return None there.")
def minus_one_where_there_is_none(losses: Sequence[float], level: float) -> int | None:
    return first_epoch_below(losses, level) or -1


@_mistakes.add("0 is given where no loss is below the level: return None there.")
def zero_where_there_is_none(losses: Sequence[float], level: float) -> int | None:
    return first_epoch_below(losses, level) or 0


@_mistakes.add(
    "1 is given where no loss is below the level, as np.argmax gives: return None there."
)
def one_where_there_is_none(losses: Sequence[float], level: float) -> int | None:
    return first_epoch_below(losses, level) or 1


def by_a_loop(losses: Sequence[float], level: float) -> int | None:
    for number, loss in enumerate(losses, start=1):
        if loss < level:
            return number
    return None


def losses_case(rng: np.random.Generator, *, shape: Sequence[int], level: float) -> Case:
    """Return losses in the order of ``shape``, and a threshold among them."""
    levels = np.round(np.cumsum(rng.uniform(0.1, 0.3, 12)), 2)
    place = np.interp(level, np.arange(12), levels)
    return Case(([float(levels[each]) for each in shape], float(place)))


FIRST_EPOCH_BELOW = FunctionExercise(
    name="first_epoch_below",
    points=5,
    reference=first_epoch_below,
    groups=(
        CaseGroup(
            "some are below",
            0.6,
            (
                partial(losses_case, shape=(9, 7, 4, 6, 3, 5, 8), level=4.5),
                partial(losses_case, shape=(9, 8, 6, 5, 3, 2), level=5.5),
                partial(losses_case, shape=(8, 2, 4, 3, 1, 2), level=2.5),
            ),
        ),
        CaseGroup("one on the level", 0.2, (partial(losses_case, shape=(9, 6, 4, 2), level=4),)),
        CaseGroup("none is below", 0.2, (partial(losses_case, shape=(9, 7, 6), level=3.5),)),
    ),
    mistakes=tuple(_mistakes),
    variants=(by_a_loop,),
    integer=True,
)
