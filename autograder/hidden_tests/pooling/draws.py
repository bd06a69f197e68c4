"""How the cases of lab 2 are drawn: from the output's size backwards, so that it is never empty.

Each draw fixes what a case is there to show and leaves lengths and values to the generator.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.exercises import Case
from coursekit.arrays import Array

Pair = tuple[int, int]
Length = int | Pair


def pair(value: Length) -> Pair:
    """Return a number as a pair of two of it, a pair as it is."""
    return (value, value) if isinstance(value, int) else value


def away_from_zero(rng: np.random.Generator, shape: int | tuple[int, ...]) -> Array:
    """Return numbers of either sign between 0.5 and 2: a term that is left out is seen."""
    return np.asarray(rng.uniform(0.5, 2.0, shape) * rng.choice((-1.0, 1.0), shape))


def pool_case(
    rng: np.random.Generator,
    *,
    size: Length = 2,
    stride: Length | None = None,
    out: Pair = (2, 2),
    rest: Pair = (0, 0),
    items: int = 1,
    channels: int = 1,
    low: float = 0.1,
    high: float = 1.0,
    dtype: type[np.floating[Any]] = np.float64,
) -> Case:
    """Return one call ``pool(x, size=..., stride=...)``.

    Args:
        rng: draws lengths and values.
        size: the window.
        stride: its steps, or `None` for the default.
        out: smallest numbers of rows and columns of the output; equal ones stay equal.
        rest: rows and columns that are left over, below the stride.
        items: images in the batch.
        channels: channels of an image.
        low: no entry is below it. By default all are positive, so that a fault that concerns
            negative numbers alone does not cost every case.
        high: no entry is above it.
        dtype: of the pixels.
    """
    square = out[0] == out[1]
    more = [int(rng.integers(2))] * 2 if square else rng.integers(0, 2, 2).tolist()
    steps = pair(size) if stride is None else pair(stride)
    lengths = [
        k + (o + m - 1) * s + r
        for k, o, m, s, r in zip(pair(size), out, more, steps, rest, strict=True)
    ]
    x = rng.uniform(low, high, (items, *lengths, channels)).astype(dtype)
    return Case((x,), {"size": size} | ({} if stride is None else {"stride": stride}))
