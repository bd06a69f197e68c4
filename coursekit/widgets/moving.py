"""Mirror, scale, rotate and shift images."""

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
    """Return the image mirrored, scaled and rotated about its centre, then shifted.

    Args:
        image: shape (H, W) or (H, W, C), floats.
        right: the shift to the right in pixels.
        down: the shift down in pixels.
        scale: the factor by which the content is enlarged, above 0.
        degrees: the rotation, counter-clockwise.
        mirrored: whether left and right are swapped first.
        beyond: the pixels beyond the edge: ``"constant"`` for 0, ``"nearest"`` for the edge pixel,
            ``"reflect"`` for the reflected image.

    Returns:
        An array of the same shape, with linear interpolation between pixels.
    """
    from scipy import ndimage

    pixels = np.asarray(image, float)
    if mirrored:
        pixels = pixels[:, ::-1]
    back = _turn(-degrees) / scale  # from output to input coordinates
    middle = (np.array(pixels.shape[:2]) - 1) / 2
    offset = middle - back @ (middle + np.array([down, right]))
    channels = pixels.reshape(*pixels.shape[:2], -1)
    transformed = [
        ndimage.affine_transform(channel, back, offset, order=1, mode=beyond)
        for channel in np.moveaxis(channels, -1, 0)
    ]
    return np.stack(transformed, axis=-1).reshape(pixels.shape)


def _turn(degrees: float) -> Array:
    """Return the matrix that rotates (row, column) counter-clockwise, rows counted downwards."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cos, -sin], [sin, cos]])
