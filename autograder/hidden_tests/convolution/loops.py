"""A layer written as loops, with a field for everything that can go wrong: mistakes change fields.

Whether a mistake raises, and what, depends on how the loops are written: a window that is too short
does not match the kernel if whole windows are multiplied, but is read beyond its end if single
entries are. So each change can be run in several styles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coursekit.arrays import Array

Lengths = tuple[int, ...]


@dataclass(frozen=True)
class Loop:
    """A layer's loops over images, positions and filters.

    Args:
        x: images or signals without padding, (N, *lengths, C_in); C_in may be missing.
        w: kernels, (*kernel, C_in, C_out).
        b: biases, (C_out,).
        stride: the layer's stride.
        pad: the layer's padding.
        image: the padded images or signals that the windows are cut from.
        count: number of positions that the loops visit, per axis.
        shape: lengths of the output array, per axis.
        window: lengths of the windows, per axis.
        step: distance from one window to the next, per axis.
    """

    x: Array
    w: Array
    b: Array
    stride: int
    pad: int
    image: Array
    count: Lengths
    shape: Lengths
    window: Lengths
    step: Lengths

    @property
    def kernel(self) -> Lengths:
        """Lengths of the kernel."""
        return self.w.shape[: len(self.step)]

    @property
    def lengths(self) -> Lengths:
        """Lengths of the images before padding."""
        return self.x.shape[1 : 1 + len(self.step)]

    @property
    def padded(self) -> Lengths:
        """Lengths of the images after padding."""
        return tuple(n + 2 * self.pad for n in self.lengths)

    def sized(self, count: Sequence[int]) -> Loop:
        """Return a copy with another number of outputs, in the loops and in the array."""
        return replace(self, count=tuple(count), shape=tuple(count))


Change = Callable[[Loop], Loop]
Style = Callable[[Loop], Array]
Function = Callable[..., Array]


def right_loop(x: Array, w: Array, b: Array, *, axes: int, stride: int = 1, pad: int = 0) -> Loop:
    """Return the loops of a correct layer.

    Args:
        x: images or signals, (N, *lengths, C_in); C_in may be missing.
        w: kernels, (*kernel, C_in, C_out).
        b: biases, (C_out,).
        axes: how many axes the window moves along.
        stride: step of the window.
        pad: zeros at each end of every axis.
    """
    image = framed(x, pad, axes)
    kernel = w.shape[:axes]
    count = positions(image.shape[1 : 1 + axes], kernel, stride)
    return Loop(x, w, b, stride, pad, image, count, count, kernel, (stride,) * axes)


def framed(x: Array, pad: int, axes: int) -> Array:
    """Return images or signals with zero padding at both ends of each spatial axis.

    Args:
        x: images or signals, (N, *lengths, C_in); C_in may be missing.
        pad: zeros at each end of every axis.
        axes: number of spatial axes.
    """
    sides = [(0, 0), *[(pad, pad)] * axes]
    return np.pad(x, sides + [(0, 0)] * (x.ndim - len(sides)))


def positions(lengths: Sequence[int], kernel: Sequence[int], stride: int) -> Lengths:
    """Return the number of positions at which a window fits, per axis."""
    return tuple((n - k) // stride + 1 for n, k in zip(lengths, kernel, strict=True))


def by_products(loop: Loop) -> Array:
    """Multiply window and kernel and sum: an axis of length 1 is broadcast, others must match."""
    return _over_windows(loop, lambda cut, kernel: np.sum(cut * kernel))


def by_tensordot(loop: Loop) -> Array:
    """Sum the products with `np.tensordot`, which raises unless the shapes are the same."""
    return _over_windows(loop, lambda cut, kernel: np.tensordot(cut, kernel, kernel.ndim))


def by_entries(loop: Loop) -> Array:
    """Add the products one by one: long windows are read past the end, short ones only in part."""
    out = np.zeros((len(loop.image), *loop.shape, loop.w.shape[-1]))
    for n, *place in np.ndindex(len(out), *loop.count):
        total = np.array(loop.b, float)
        for offset in np.ndindex(*loop.window):
            entry = tuple(i * s + a for i, s, a in zip(place, loop.step, offset, strict=True))
            total += np.dot(loop.image[(n, *entry)], loop.w[offset])
        out[(n, *place)] = total
    return out


def by_slices(loop: Loop) -> Array:
    """Add the products of one kernel entry after the other, at all positions at once."""
    out = np.zeros((len(loop.image), *loop.shape, loop.w.shape[-1]))
    for offset in np.ndindex(*loop.window):
        ends = zip(offset, loop.count, loop.step, strict=True)
        part = loop.image[(slice(None), *(slice(a, a + n * s, s) for a, n, s in ends))]
        out += part @ loop.w[offset]
    return out + loop.b


def _over_windows(loop: Loop, combine: Callable[[Array, Array], Any]) -> Array:
    out = np.zeros((len(loop.image), *loop.shape, loop.w.shape[-1]))
    for n, *place in np.ndindex(len(out), *loop.count):
        starts = zip(place, loop.step, loop.window, strict=True)
        cut = loop.image[(n, *(slice(i * s, i * s + k) for i, s, k in starts))]
        for o in range(loop.w.shape[-1]):
            out[(n, *place, o)] = combine(cut, loop.w[..., o]) + loop.b[o]
    return out


LOOPS: tuple[Style, ...] = (by_products, by_tensordot, by_entries)
"""Styles in which students write loops over positions."""


def layers(
    axes: int, changes: Sequence[Change], styles: Sequence[Style] = LOOPS
) -> tuple[Function, ...]:
    """Return mistaken layers, with the signature of ``conv2d`` and ``conv1d``.

    Args:
        axes: number of axes along which the window moves.
        changes: the mistakes; each is written in every style.
        styles: the ways of writing the loops.
    """
    return tuple(_layer(axes, change, style) for change in changes for style in styles)


def _layer(axes: int, change: Change, style: Style) -> Function:
    def layer(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
        return style(change(right_loop(x, w, b, axes=axes, stride=stride, pad=pad)))

    return layer


def correlations(
    changes: Sequence[Change], styles: Sequence[Style] = LOOPS
) -> tuple[Function, ...]:
    """Return mistaken correlations of a single channel, called with an image and a kernel.

    Args:
        changes: the mistakes; each is written in every style.
        styles: the ways of writing the loops.
    """
    return tuple(_correlation(change, style) for change in changes for style in styles)


def _correlation(change: Change, style: Style) -> Function:
    def correlation(image: Array, kernel: Array) -> Array:
        loop = right_loop(image[None], kernel[..., None], np.zeros(1), axes=2)
        return style(change(loop))[0, ..., 0]

    return correlation
