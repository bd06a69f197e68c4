"""The forward passes of a network's layers, as TensorFlow computes them, on NumPy arrays.

They are fast and in float64, so that gradients can be checked against them. Lab 3 builds on them:
what it asks for are the ways back. TensorFlow is imported with the first call.
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
    import tensorflow as tf

    framed = np.pad(np.asarray(x, float), ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    maps = tf.nn.conv2d(framed, np.asarray(w, float), stride, "VALID")
    return np.asarray(maps.numpy() + b)


def max_pool2d(x: Array, *, size: int, stride: int | None = None) -> Array:
    """The largest number of every window; rows and columns left over are dropped.

    Args:
        x: images, shape (N, H, W, C).
        size: rows and columns of the window.
        stride: its step; the size if not given.

    Returns:
        Array of shape (N, OH, OW, C), OH = (H - size) // stride + 1, OW likewise.
    """
    import tensorflow as tf

    pooled = tf.nn.max_pool2d(tf.constant(x, tf.float64), size, stride or size, "VALID")
    return np.asarray(pooled.numpy())


def avg_pool2d(x: Array, *, size: int, stride: int | None = None) -> Array:
    """The mean of every window; otherwise as `max_pool2d`."""
    import tensorflow as tf

    pooled = tf.nn.avg_pool2d(tf.constant(x, tf.float64), size, stride or size, "VALID")
    return np.asarray(pooled.numpy())
