"""The forward passes of a network's layers, on NumPy arrays, all windows at once.

They are fast and compute in float64, so that gradients can be checked numerically against them.
Lab 3 asks for their backward passes.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coursekit.arrays import Array


def conv2d(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    """Return the output of a convolution layer, which does not flip its kernels.

    Args:
        x: images, shape (N, H, W, C_in).
        w: kernels, shape (KH, KW, C_in, C_out), no larger than the padded image.
        b: one bias for each kernel, shape (C_out,).
        stride: step of the kernel in pixels, at least 1.
        pad: width of the zero padding on each side, at least 0.

    Returns:
        Array of shape (N, OH, OW, C_out), OH = (H + 2 * pad - KH) // stride + 1, OW likewise.

    Raises:
        ValueError: the shapes do not fit each other, the kernels are larger than the padded image,
            or stride or pad is out of its range.
    """
    x, w, b = np.asarray(x, float), np.asarray(w, float), np.asarray(b, float)
    if x.ndim != 4 or w.ndim != 4 or w.shape[2] != x.shape[3] or b.shape != w.shape[3:]:
        raise ValueError(
            f"w of shape {w.shape} and b of shape {b.shape} do not fit x of shape {x.shape}; "
            "give x (N, H, W, C_in), w (KH, KW, C_in, C_out) and b (C_out,)"
        )
    if pad < 0:
        raise ValueError(f"pad must be at least 0; got {pad}")
    framed = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    seen = _windows(framed, w.shape[:2], stride)
    return np.asarray(np.tensordot(seen, w.transpose(2, 0, 1, 3), axes=3) + b)


def max_pool2d(x: Array, *, size: int, stride: int | None = None) -> Array:
    """Return the maximum of every window; rows and columns left over at the end are dropped.

    Args:
        x: images, shape (N, H, W, C).
        size: rows and columns of the window, at least 1 and no larger than the image.
        stride: its step, at least 1; the size if not given.

    Returns:
        Array of shape (N, OH, OW, C), OH = (H - size) // stride + 1, OW likewise.

    Raises:
        ValueError: x isn't a batch of images, or size or stride is out of its range.
    """
    return np.asarray(_pooled_windows(x, size, stride).max(axis=(-2, -1)))


def avg_pool2d(x: Array, *, size: int, stride: int | None = None) -> Array:
    """Return the mean of every window; rows and columns left over at the end are dropped.

    Args:
        x: images, shape (N, H, W, C).
        size: rows and columns of the window, at least 1 and no larger than the image.
        stride: its step, at least 1; the size if not given.

    Returns:
        Array of shape (N, OH, OW, C), OH = (H - size) // stride + 1, OW likewise.

    Raises:
        ValueError: x isn't a batch of images, or size or stride is out of its range.
    """
    return np.asarray(_pooled_windows(x, size, stride).mean(axis=(-2, -1)))


def _pooled_windows(x: Array, size: int, stride: int | None) -> Array:
    return _windows(np.asarray(x, float), (size, size), size if stride is None else stride)


def _windows(x: Array, shape: tuple[int, ...], step: int) -> Array:
    """Return all windows of the images as a view, shape (N, OH, OW, C, KH, KW).

    SciPy's filters use a running sum, in which a huge number or a NaN spoils later windows, too.
    """
    if x.ndim != 4:
        raise ValueError(f"x must have shape (N, H, W, C); got {x.shape}")
    if not all(1 <= side <= length for side, length in zip(shape, x.shape[1:3], strict=True)):
        raise ValueError(
            f"the window must fit on the image, frame included, of {x.shape[1]} rows and "
            f"{x.shape[2]} columns; got {shape[0]} rows and {shape[1]} columns"
        )
    if step < 1:
        raise ValueError(f"stride must be at least 1; got {step}")
    return sliding_window_view(x, shape, axis=(1, 2))[:, ::step, ::step]
