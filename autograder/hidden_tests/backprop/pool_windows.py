"""Going back through pooling windows, for the mistakes and variants of max and average pooling."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from coursekit.arrays import Array

Share = Callable[[Array, Array], Array]
"""Spreads ``grad`` (N, C) over a window (N, k, k, C) of the images."""


def through_windows(
    dout: Array,
    x: Array,
    share: Share,
    *,
    size: int,
    stride: int,
    add: bool = True,
    cut: int = 0,
    outputs: tuple[int, int] | None = None,
) -> Array:
    """Return the gradient of the images, window by window.

    Args:
        dout: upstream gradient, (N, OH, OW, C).
        x: images, (N, H, W, C).
        share: what one window's entries get.
        size: side of the window.
        stride: step of the window.
        add: whether windows that overlap add up or overwrite each other.
        cut: side of the window that is really looked at; the size if 0.
        outputs: rows and columns of dout that are looped over, all of them by default.
    """
    dx, side = np.zeros_like(x, dtype=float), cut or size
    for i, j in np.ndindex(*(outputs or dout.shape[1:3])):
        place = np.s_[:, i * stride : i * stride + side, j * stride : j * stride + side]
        part = share(dout[:, i, j], x[place])
        dx[place] = dx[place] + part if add else part
    return dx


def first_winner(window: Array) -> Array:
    """Return 1 at the first largest entry of every image's and channel's window, 0 elsewhere."""
    n, rows, columns, c = window.shape
    flat = window.reshape(n, rows * columns, c)
    mask = np.arange(rows * columns)[None, :, None] == flat.argmax(axis=1)[:, None]
    return np.asarray(mask.reshape(window.shape), dtype=float)


def to_the_winner(grad: Array, window: Array) -> Array:
    """Return all of the gradient to the first largest entry."""
    return np.asarray(grad[:, None, None] * first_winner(window))


def to_all(size: int) -> Share:
    """Return an equal part of the gradient to each entry of a window of this size."""

    def share(grad: Array, window: Array) -> Array:
        return np.broadcast_to(grad[:, None, None] / size**2, window.shape)

    return share
