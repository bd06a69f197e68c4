"""Random cases of lab 1: each starts from the output's size, so that the output is never empty.

A draw fixes what the case tests (stride, padding, remainder, channels) and all sizes, because the
points of a wrong function would otherwise depend on them. Only the values are random.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.exercises import Case
from coursekit.arrays import Array


def away_from_zero(rng: np.random.Generator, shape: int | tuple[int, ...]) -> Array:
    """Draw numbers of either sign from 0.5 to 2, so that a missing bias changes the output."""
    return np.asarray(rng.uniform(0.5, 2.0, shape) * rng.choice((-1.0, 1.0), shape))


def input_lengths(
    kernel: Sequence[int], out: Sequence[int], rest: Sequence[int], stride: int, pad: int
) -> tuple[int, ...]:
    """Return the input lengths that give ``out`` outputs along each axis.

    Args:
        kernel: lengths of the window, one per axis.
        out: number of outputs per axis.
        rest: entries left over at the end per axis, less than ``stride``.
        stride: step of the window.
        pad: zeros on each side.
    """
    return tuple(
        k + (o - 1) * stride + r - 2 * pad for k, o, r in zip(kernel, out, rest, strict=True)
    )


def options(stride: int | None, pad: int | None) -> dict[str, object]:
    """Return the keyword arguments of a call; an argument of `None` is left at its default."""
    arguments = {"stride": stride, "pad": pad}
    return {name: value for name, value in arguments.items() if value is not None}


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
    """Draw one call ``layer(x, w, b, stride=..., pad=...)`` on images or signals.

    Args:
        rng: draws the values.
        kernel: lengths of the kernel, one per spatial axis.
        out: lengths of the output, one per spatial axis.
        rest: entries left over at the end per axis, less than the stride.
        stride: step of the window, or `None` for the default of 1.
        pad: zeros on each side, or `None` for the default of 0.
        items: images or signals in the batch.
        channels: input channels, C_in.
        filters: output channels, C_out.
        bias: whether the biases differ from 0. By default they are 0, so that a mistake in the
            bias does not fail every case.
    """
    lengths = input_lengths(kernel, out, rest, stride or 1, pad or 0)
    x = rng.normal(size=(items, *lengths, channels))
    w = rng.normal(size=(*kernel, channels, filters))
    b = away_from_zero(rng, filters) if bias else np.zeros(filters)
    return Case((x, w, b), options(stride, pad))


def image_and_kernel(
    rng: np.random.Generator, *, kernel: tuple[int, int], out: tuple[int, int] = (2, 3)
) -> Case:
    """Draw one call ``f(image, kernel)`` on a single channel."""
    image = rng.normal(size=input_lengths(kernel, out, (0, 0), 1, 0))
    return Case((image, rng.normal(size=kernel)))
