"""A layer in loops, with a field for everything that can go wrong: mistakes are changes to it.

How a mistake is written decides whether it raises, and what: a window that is too short clashes
with the kernel where the two are multiplied, and is read beyond its end where entries are. So each
change can be run in several styles.
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
        x: images or signals as they came, (N, *lengths, C_in); C_in may be missing.
        w: kernels, (*kernel, C_in, C_out).
        b: biases, (C_out,).
        stride: the argument.
        pad: the argument.
        image: what the windows are cut from, padded.
        count: how many positions the loops run over, per axis.
        shape: lengths of the output array.
        window: lengths of the window that is cut out.
        step: how far the window moves from one position to the next, per axis.
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
        """Return it with another number of outputs, in the loops and in the array."""
        return replace(self, count=tuple(count), shape=tuple(count))


Change = Callable[[Loop], Loop]
Style = Callable[[Loop], Array]
Function = Callable[..., Array]


def right_loop(x: Array, w: Array, b: Array, *, axes: int, stride: int = 1, pad: int = 0) -> Loop:
    """Return the right loops.

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
    """Return images or signals with zeros on all sides."""
    sides = [(0, 0), *[(pad, pad)] * axes]
    return np.pad(x, sides + [(0, 0)] * (x.ndim - len(sides)))


def positions(lengths: Sequence[int], kernel: Sequence[int], stride: int) -> Lengths:
    """Return how often a window fits, per axis."""
    return tuple((n - k) // stride + 1 for n, k in zip(lengths, kernel, strict=True))


def by_products(loop: Loop) -> Array:
    """Multiply window and kernel and sum: lengths of 1 are broadcast, others clash."""
    return _over_windows(loop, lambda cut, kernel: np.sum(cut * kernel))


def by_tensordot(loop: Loop) -> Array:
    """Sum the products in a function that takes no other lengths than the kernel's."""
    return _over_windows(loop, lambda cut, kernel: np.tensordot(cut, kernel, kernel.ndim))


def by_entries(loop: Loop) -> Array:
    """Add up entry by entry: what is too long is read beyond the end, too short is left out."""
    out = np.zeros((len(loop.image), *loop.shape, loop.w.shape[-1]))
    for n, *place in np.ndindex(len(out), *loop.count):
        total = np.array(loop.b, float)
        for offset in np.ndindex(*loop.window):
            entry = tuple(i * s + a for i, s, a in zip(place, loop.step, offset, strict=True))
            total += np.dot(loop.image[(n, *entry)], loop.w[offset])
        out[(n, *place)] = total
    return out


def by_slices(loop: Loop) -> Array:
    """Add up for one entry of the kernel after the other, all positions at once."""
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
    """Return changed layers, with the signature of ``conv2d`` and ``conv1d``.

    Args:
        axes: how many axes the window moves along.
        changes: what goes wrong; each is run in every style.
        styles: how the loops are written.
    """
    return tuple(_layer(axes, change, style) for change in changes for style in styles)


def _layer(axes: int, change: Change, style: Style) -> Function:
    def layer(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
        return style(change(right_loop(x, w, b, axes=axes, stride=stride, pad=pad)))

    return layer


def correlations(
    changes: Sequence[Change], styles: Sequence[Style] = LOOPS
) -> tuple[Function, ...]:
    """Return changed correlations of one channel, called with an image and a kernel.

    Args:
        changes: what goes wrong; each is run in every style.
        styles: how the loops are written.
    """
    return tuple(_correlation(change, style) for change in changes for style in styles)


def _correlation(change: Change, style: Style) -> Function:
    def correlation(image: Array, kernel: Array) -> Array:
        loop = right_loop(image[None], kernel[..., None], np.zeros(1), axes=2)
        return style(change(loop))[0, ..., 0]

    return correlation
