"""How the cases of lab 1 are drawn: from the output's size backwards, so that it is never empty.

Each draw fixes what a case is there to show (stride, padding, remainder, channels) and all sizes,
on which the points of a wrong function would otherwise depend, and leaves the values to the
generator.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.exercises.cases import Case
from coursekit.arrays import Array


def away_from_zero(rng: np.random.Generator, shape: int | tuple[int, ...]) -> Array:
    """Return numbers of either sign between 0.5 and 2: a bias that is left out is seen."""
    return np.asarray(rng.uniform(0.5, 2.0, shape) * rng.choice((-1.0, 1.0), shape))


def input_lengths(
    kernel: Sequence[int], out: Sequence[int], rest: Sequence[int], stride: int, pad: int
) -> tuple[int, ...]:
    """Return the lengths of an input from which a window yields ``out`` outputs, per axis.

    Args:
        kernel: the window's lengths.
        out: the number of outputs per axis.
        rest: what is left over at the end per axis, below ``stride``.
        stride: step of the window.
        pad: zeros on each side.
    """
    return tuple(
        k + (o - 1) * stride + r - 2 * pad for k, o, r in zip(kernel, out, rest, strict=True)
    )


def options(stride: int | None, pad: int | None) -> dict[str, object]:
    """Return keyword arguments of a call; `None` leaves one to its default."""
    given = {"stride": stride, "pad": pad}
    return {name: value for name, value in given.items() if value is not None}


def layer_case(
    rng: np.random.Generator,
    *,
    kernel: tuple[int, ...] = (3, 3),
    out: tuple[int, ...] = (2, 2),
    rest: tuple[int, ...] = (0, 0),
    stride: int | None = None,
    pad: int | None = None,
    items: int = 1,
    channels: int = 1,
    filters: int = 1,
    bias: bool = False,
) -> Case:
    """Return one call ``layer(x, w, b, stride=..., pad=...)``, for images or signals.

    Args:
        rng: draws the values.
        kernel: lengths of the kernel, one for each axis of the grid.
        out: lengths of the output.
        rest: remainders that the stride leaves.
        stride: step, or `None` for the default of 1.
        pad: zeros on each side, or `None` for the default of 0.
        items: images or signals in the batch.
        channels: input channels.
        filters: output channels.
        bias: whether there is one; where not it is 0, so that one fault in the bias does not
            cost every case.
    """
    lengths = input_lengths(kernel, out, rest, stride or 1, pad or 0)
    x = rng.normal(size=(items, *lengths, channels))
    w = rng.normal(size=(*kernel, channels, filters))
    b = away_from_zero(rng, filters) if bias else np.zeros(filters)
    return Case((x, w, b), options(stride, pad))


def image_and_kernel(
    rng: np.random.Generator, *, kernel: tuple[int, int], out: tuple[int, int] = (2, 3)
) -> Case:
    """Return one call ``f(image, kernel)`` on one channel."""
    image = rng.normal(size=input_lengths(kernel, out, (0, 0), 1, 0))
    return Case((image, rng.normal(size=kernel)))
