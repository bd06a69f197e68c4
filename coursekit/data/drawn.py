"""Digits rendered with fonts, which look a little like handwritten ones."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

FONTS = (
    "DejaVuSans",
    "DejaVuSans-Bold",
    "DejaVuSans-Oblique",
    "DejaVuSansMono",
    "DejaVuSerif",
    "DejaVuSerif-Italic",
    "STIXGeneral",
    "STIXGeneralItalic",
    "cmr10",
    "cmss10",
    "cmtt10",
    "cmmi10",
)
"""Typefaces that come with Matplotlib."""

_SIDE = 28
_FINE = 3  # oversampling factor, for smooth edges
_WOBBLE = 1.3  # pixels, standard deviation
_POINTS = 64  # makes digits about as large as MNIST's


def draw_digits(
    count: int, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Draw random digits in random typefaces, white on black, randomly distorted.

    Args:
        count: the number of digits.
        rng: draws the digits, typefaces and distortions; the same state gives the same images.

    Returns:
        Images (count, 28, 28, 1), uint8 from 0 to 255, and their digits (count,), int64.
    """
    labels = rng.integers(0, 10, count)
    images = [_drawn(str(label), rng) for label in labels]
    return np.array(images, np.uint8).reshape(count, _SIDE, _SIDE, 1), labels.astype(np.int64)


def _drawn(digit: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    side = _SIDE * _FINE
    canvas, middle = Image.new("L", (side, side)), (side / 2, side / 2)
    stroke = int(rng.integers(0, 4))
    font = _fonts()[rng.integers(len(FONTS))]
    ImageDraw.Draw(canvas).text(
        middle, digit, fill=255, font=font, anchor="mm", stroke_width=stroke
    )
    turned = canvas.transform(
        canvas.size, Image.Transform.AFFINE, _bent(middle, rng), Image.Resampling.BILINEAR
    )
    return _wavy(np.asarray(turned.resize((_SIDE, _SIDE), Image.Resampling.BOX)), rng)


def _bent(middle: tuple[float, float], rng: np.random.Generator) -> tuple[float, ...]:
    """Return a random affine transform as Pillow's six coefficients, from output to input."""
    angle, shear = rng.uniform(-0.3, 0.3), rng.uniform(-0.4, 0.4)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turn @ np.array([[1, shear], [0, 1]]) @ np.diag(rng.uniform(0.75, 1.3, 2))
    start = middle - linear @ (middle + rng.uniform(-2, 2, 2) * _FINE)
    return (*linear[0], start[0], *linear[1], start[1])


def _wavy(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return the image with a smooth random distortion, like that of an unsteady hand."""
    from scipy import ndimage

    coarse = rng.normal(0, _WOBBLE, (2, 4, 4))
    pushed = ndimage.zoom(coarse, (1, _SIDE / 4, _SIDE / 4), order=1)
    places = np.indices(image.shape) + pushed
    return np.asarray(ndimage.map_coordinates(image, places, order=1))


@lru_cache(maxsize=1)
def _fonts() -> tuple[ImageFont.FreeTypeFont, ...]:
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return tuple(ImageFont.truetype(folder / f"{name}.ttf", _POINTS) for name in FONTS)
