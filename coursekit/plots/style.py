"""Colours, colour scales and text alternatives that all plots share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize

from coursekit.arrays import Array

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"
PALETTE = (BLUE, "#E69F00", GREEN, "#CC79A7", "#56B4E9", ORANGE, "#000000")
"""Okabe and Ito's colours, distinguishable with all common forms of colour blindness."""

SIGNED = "PuOr"
"""Orange for negative values, white for zero, purple for positive values."""

POSITIVE = "cividis"
"""Dark blue to yellow, for values that are never negative."""


def new_axes(width: float, height: float) -> Axes:
    """Return the Axes of a new figure, with width and height in inches."""
    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def gray_scale(image: Array) -> Normalize:
    """Return the scale of a grey image: 0 to 255 for uint8, 0 to 1, or the image's own range."""
    if image.dtype == np.uint8:
        return Normalize(0, 255)
    low, high = limits(image)
    return Normalize(0, 1) if low >= 0 and high <= 1 else Normalize(low, max(high, low + 1e-9))


def signed_scale(values: Array, *, room: float = 1.0) -> Normalize:
    """Return a scale with zero in the middle; ``room`` above 1 makes the ends lighter."""
    low, high = limits(values)
    reach = room * max(abs(low), abs(high)) or 1.0
    return Normalize(-reach, reach)


def limits(values: Array) -> tuple[float, float]:
    """Return the smallest and the largest finite entry, or 0 and 0 if all are nan or inf."""
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def ink(value: float, cmap: str, norm: Normalize) -> str:
    """Return black or white, the one with more contrast to the colour of a value."""
    colormap: Colormap = plt.get_cmap(cmap)
    red, green, blue, _ = colormap(norm(value))
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"


def as_texts(values: Array, digits: int | None = None) -> Array:
    """Format numbers with ``digits`` decimals; by default none if all are whole, else two."""
    if digits is None:
        finite = values[np.isfinite(values)]
        digits = 0 if np.array_equal(finite, np.rint(finite)) else 2
    plain = np.round(values.astype(np.float64), digits) + 0.0  # turns -0 into 0
    texts = [f"{value:.{digits}f}" for value in plain.flat]
    return np.array(texts, dtype=object).reshape(values.shape)


def one_channel(values: Any, name: str) -> Array:
    """Return an array of shape (H, W) from one of shape (H, W) or (H, W, 1).

    Raises:
        ValueError: it is empty or has another shape.
    """
    array = np.asarray(values)
    if array.ndim == 3 and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim != 2 or not array.size:
        raise ValueError(
            f"{name} must have shape (H, W) or (H, W, 1); got {np.shape(values)}. "
            f"Choose one channel, such as {name}[:, :, 0]."
        )
    # Not uint8, whose grey goes up to 255: true would be as black as false.
    return array.astype(np.int64) if array.dtype == bool else array


def require_finite(values: Array, name: str) -> None:
    """Raise ValueError unless all entries are finite.

    Raises:
        ValueError: some are nan or inf; the message says how many.
    """
    if count := int(np.size(values) - np.isfinite(values).sum()):
        raise ValueError(
            f"{name} holds {count} entries that are nan or inf: look at where it was computed"
        )


def describe_axes(ax: Axes, text: str) -> Axes:
    """Store a text alternative as the label of the Axes, and return the Axes."""
    ax.set_label(text)
    return ax


def text_alternative(axes: Axes | Iterable[Axes]) -> str:
    """Return what the plots show, in words, for readers who cannot see them.

    Args:
        axes: the Axes that a plot function of this package returned.

    Returns:
        One line for each of the Axes.

    Examples:
        >>> from coursekit import plots
        >>> ax = plots.show_pixels([[0, 1], [1, 0]])
        >>> print(plots.text_alternative(ax))
        an image of 2 rows and 2 columns: 0 1 / 1 0
    """
    several = [axes] if isinstance(axes, Axes) else list(axes)
    return "\n".join(str(ax.get_label()) for ax in several)
