"""Photographs as arrays of floats between 0 and 1."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from coursekit.data.files import verified
from coursekit.errors import DataFileError

PHOTOS = {
    "astronaut": "photos/astronaut.png",
    "brick": "photos/brick.png",
    "camera": "photos/camera.png",
    "chelsea": "photos/chelsea.png",
    "china": "photos/china.jpg",
    "coffee": "photos/coffee.png",
    "coins": "photos/coins.png",
    "flower": "photos/flower.jpg",
    "grass": "photos/grass.png",
    "gravel": "photos/gravel.png",
    "rocket": "photos/rocket.jpg",
}
"""Each photograph's file; brick, camera, coins, grass and gravel are grey, the others coloured."""

LUMINANCE = (0.299, 0.587, 0.114)
"""How bright red, green and blue look (ITU-R BT.601)."""


def photo_names() -> tuple[str, ...]:
    """Return the names that `load_photo` takes, in alphabetical order."""
    return tuple(PHOTOS)


def load_photo(
    name: str, *, gray: bool = False, size: int | tuple[int, int] | None = None
) -> NDArray[np.float64]:
    """Return a photograph as float64 between 0 (black) and 1.

    Args:
        name: one of `photo_names`.
        gray: if True, a coloured photo becomes its luminance.
        size: None for the original size, ``(height, width)`` in pixels to resize the whole photo,
            or one number to resize its central square to that side.

    Returns:
        Shape (H, W, 3), red first, for a coloured photo; (H, W) for a grey one and with ``gray``.

    Raises:
        ValueError: no photo has this name, or the size is not positive.
        DataFileError: the bundled file is missing or damaged.
    """
    if name not in PHOTOS:
        raise ValueError(f"name must be one of {', '.join(PHOTOS)}; got {name!r}")
    pixels = np.asarray(_resized(_opened(verified(PHOTOS[name])), size), dtype=np.float64) / 255
    if gray and pixels.ndim == 3:
        pixels = np.clip(pixels @ np.array(LUMINANCE), 0, 1)  # rounding could pass 1
    return pixels


def _opened(path: Path) -> Image.Image:
    try:
        with Image.open(path) as image:
            return image.copy()
    except OSError as error:
        raise DataFileError(
            f"photos/{path.name}",
            expected="a picture that Pillow can read",
            found=str(error),
            remedy="install Pillow with its PNG and JPEG readers: run the set-up again.",
        ) from error


def _resized(image: Image.Image, size: int | tuple[int, int] | None) -> Image.Image:
    if size is None:
        return image
    height, width = (size, size) if isinstance(size, int) else size
    if min(height, width) < 1:
        raise ValueError(f"size must be at least 1 pixel each way; got {size}")
    box = _middle_square(image) if isinstance(size, int) else None
    return image.resize((width, height), Image.Resampling.LANCZOS, box=box)


def _middle_square(image: Image.Image) -> tuple[int, int, int, int]:
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return left, top, left + side, top + side
