"""How the cases of lab 3 are drawn: from the output's size backwards, so that it is never empty.

Most layers are drawn with padding and with windows that do not overlap: the commonest faults, at
padding 0 and where windows overlap, then cost the groups that are about them and no others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.exercises import Case
from coursekit.arrays import Array

Pair = tuple[int, int]


def away_from_zero(rng: np.random.Generator, shape: int | tuple[int, ...]) -> Array:
    """Return numbers of either sign between 0.5 and 2, so that a term that is left out is seen."""
    return np.asarray(rng.uniform(0.5, 2.0, shape) * rng.choice((-1.0, 1.0), shape))


def lengths(
    kernel: Sequence[int], out: Sequence[int], rest: Sequence[int], stride: int, pad: int
) -> tuple[int, ...]:
    """Return lengths of an input from which a window yields ``out`` outputs per axis.

    Args:
        kernel: the window's lengths.
        out: number of outputs per axis.
        rest: what is left over at the end per axis, below ``stride``.
        stride: step of the window.
        pad: zeros on each side.
    """
    return tuple(
        k + (o - 1) * stride + r - 2 * pad for k, o, r in zip(kernel, out, rest, strict=True)
    )


def conv_case(
    rng: np.random.Generator,
    *,
    kernel: Pair = (2, 2),
    out: Pair = (2, 2),
    rest: Pair = (0, 0),
    stride: int | None = None,
    pad: int | None = None,
    items: int = 1,
    channels: int = 1,
    filters: int = 1,
) -> Case:
    """Return one call ``conv2d_backward(dout, x, w, stride=..., pad=...)``.

    Args:
        rng: draws all values.
        kernel: its height and width.
        out: rows and columns of the output.
        rest: rows and columns that the stride leaves over.
        stride: step, or `None` for the default of 1.
        pad: zeros on each side, or `None` for the default of 0.
        items: images in the batch.
        channels: input channels.
        filters: output channels.
    """
    image = lengths(kernel, out, rest, stride or 1, pad or 0)
    given = {"stride": stride, "pad": pad}
    return Case(
        (
            away_from_zero(rng, (items, *out, filters)),
            rng.normal(size=(items, *image, channels)),
            rng.normal(size=(*kernel, channels, filters)),
        ),
        {name: value for name, value in given.items() if value is not None},
    )


def pool_case(
    rng: np.random.Generator,
    *,
    size: int = 2,
    stride: int | None = None,
    out: Pair = (2, 2),
    rest: Pair = (0, 0),
    items: int = 1,
    channels: int = 1,
    ties: bool = False,
) -> Case:
    """Return one call ``pool_backward(dout, x, size=..., stride=...)``.

    Args:
        rng: draws all values.
        size: side of the window.
        stride: its step, or `None` for the default: the size.
        out: rows and columns of the output.
        rest: rows and columns that are left over.
        items: images in the batch.
        channels: channels of an image.
        ties: whether every window has several largest entries; otherwise all entries differ.
    """
    image = lengths((size, size), out, rest, stride or size, 0)
    shape = (items, *image, channels)
    x = rng.permutation(int(np.prod(shape))).reshape(shape) / 8.0 - 1.0
    if ties:
        # In the first window the first largest entry by rows is not the first by columns.
        x = np.where(np.indices(shape).sum(0) % 2 == 1, 2.0, -1.0)
    options: dict[str, object] = {"size": size}
    if stride is not None:
        options["stride"] = stride
    return Case((away_from_zero(rng, (items, *out, channels)), x), options)
