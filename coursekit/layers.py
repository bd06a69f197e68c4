"""The forward passes of a network's layers, on NumPy arrays, by SciPy's compiled filters.

They are fast and in float64, so that gradients can be checked against them. Lab 3 builds on them:
what it asks for are the ways back.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def conv2d(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    """The output of a convolution layer, which does not flip its kernels.

    Args:
        x: images, shape (N, H, W, C_in).
        w: kernels, shape (KH, KW, C_in, C_out).
        b: one bias for each kernel, shape (C_out,).
        stride: step of the window, at least 1.
        pad: width of the frame of zeros; may be 0.

    Returns:
        Array of shape (N, OH, OW, C_out), OH = (H + 2 * pad - KH) // stride + 1, OW likewise.
    """
    from scipy import signal

    framed = np.pad(np.asarray(x, float), ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    kernels = np.moveaxis(np.asarray(w, float), -1, 0)[:, np.newaxis]
    maps = [signal.correlate(framed, kernel, "valid", method="direct") for kernel in kernels]
    return np.asarray(np.concatenate(maps, axis=-1)[:, ::stride, ::stride] + b)


def max_pool2d(x: Array, *, size: int, stride: int | None = None) -> Array:
    """The largest number of every window; rows and columns left over are dropped.

    Args:
        x: images, shape (N, H, W, C).
        size: rows and columns of the window.
        stride: its step; the size if not given.

    Returns:
        Array of shape (N, OH, OW, C), OH = (H - size) // stride + 1, OW likewise.
    """
    from scipy import ndimage

    filtered = ndimage.maximum_filter(np.asarray(x, float), (1, size, size, 1))
    return _inside(filtered, size, stride)


def avg_pool2d(x: Array, *, size: int, stride: int | None = None) -> Array:
    """The mean of every window; otherwise as `max_pool2d`."""
    from scipy import ndimage

    filtered = ndimage.uniform_filter(np.asarray(x, float), (1, size, size, 1))
    return _inside(filtered, size, stride)


def _inside(filtered: Array, size: int, stride: int | None) -> Array:
    """What a filter gave where its window, whose middle is at size // 2, lay on the image."""
    first, step = size // 2, stride or size
    rows, columns = filtered.shape[1] - size + 1, filtered.shape[2] - size + 1
    return filtered[:, first : first + rows : step, first : first + columns : step].copy()
