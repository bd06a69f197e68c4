"""Images moved, turned, scaled and mirrored round their middle."""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.arrays import Array


def moved(
    image: Any,
    *,
    right: float = 0,
    down: float = 0,
    scale: float = 1,
    degrees: float = 0,
    mirrored: bool = False,
    beyond: str = "constant",
) -> Array:
    """Return the image mirrored, scaled and turned round its middle, then moved.

    Args:
        image: shape (H, W) or (H, W, C), floats.
        right: pixels that it is moved to the right.
        down: pixels that it is moved down.
        scale: how many times as large its content becomes, above 0.
        degrees: angle that it is turned by, counter-clockwise.
        mirrored: whether left and right are swapped first.
        beyond: what lies outside of the image: ``"constant"`` for 0, ``"nearest"`` for the pixel
            at the edge, ``"reflect"`` for the image's own mirror image.

    Returns:
        An array of the same shape, between neighbouring pixels by linear interpolation.
    """
    from scipy import ndimage

    pixels = np.asarray(image, float)
    if mirrored:
        pixels = pixels[:, ::-1]
    back = _turn(-degrees) / scale  # from a pixel of the answer to where it comes from
    middle = (np.array(pixels.shape[:2]) - 1) / 2
    offset = middle - back @ (middle + np.array([down, right]))
    channels = pixels.reshape(*pixels.shape[:2], -1)
    answers = [
        ndimage.affine_transform(channel, back, offset, order=1, mode=beyond)
        for channel in np.moveaxis(channels, -1, 0)
    ]
    return np.stack(answers, axis=-1).reshape(pixels.shape)


def _turn(degrees: float) -> Array:
    """Return the matrix that turns (row, column) counter-clockwise, rows counted downwards."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cos, -sin], [sin, cos]])
