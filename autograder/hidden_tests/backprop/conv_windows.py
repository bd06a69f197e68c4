"""Going back through a convolution layer window by window, for its mistakes and variants."""

from __future__ import annotations

import numpy as np

from coursekit.arrays import Array

Gradients = tuple[Array, Array, Array]


def framed(x: Array, pad: int) -> Array:
    """Return the images with zeros round rows and columns."""
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def inside(dx: Array, x: Array, pad: int) -> Array:
    """Return the gradient of the framed images without its frame."""
    return dx[:, pad : pad + x.shape[1], pad : pad + x.shape[2]]


def in_frame(
    dout: Array, x: Array, w: Array, strides: tuple[int, int], pad: int, *, add: bool = True
) -> tuple[Array, Array]:
    """Return gradients of the framed images and of the kernels, window by window.

    Args:
        dout: upstream gradient.
        x: images.
        w: kernels.
        strides: steps down and to the right.
        pad: width of the frame.
        add: whether the windows' gradients of the images are added or overwrite each other.
    """
    x = framed(x, pad)
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i, j in np.ndindex(*dout.shape[1:3]):
        top, left = i * strides[0], j * strides[1]
        place = np.s_[:, top : top + w.shape[0], left : left + w.shape[1]]
        share = np.einsum("no,abco->nabc", dout[:, i, j], w)
        dx[place] = dx[place] + share if add else share
        dw += np.einsum("nabc,no->abco", x[place], dout[:, i, j])
    return dx, dw


def gradients(
    dout: Array, x: Array, w: Array, stride: int, pad: int, strides: tuple[int, int] | None = None
) -> Gradients:
    """Return the right gradients, or those with other strides than the layer's."""
    dx, dw = in_frame(dout, x, w, strides or (stride, stride), pad)
    return inside(dx, x, pad), dw, dout.sum((0, 1, 2))
