"""Heatmaps laid over their images."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize

from coursekit.arrays import Array
from coursekit.plots import style

HEAT = "inferno"  # black to yellow; values near 0 are transparent
STRONGEST = 0.85  # opacity of the strongest values
REST = 0.99  # the quantile of the magnitudes that gets the strongest colour


def show_heatmap(image: Any, heat: Any, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Show a heatmap over its image, transparent near 0 and coloured far from it.

    The image is shown in grey, so that all colours are those of the heatmap: without negative
    values from transparent (0) to yellow, else from orange (negative) over transparent (0) to
    purple (positive).

    Args:
        image: shape (H, W), (H, W, 1) or (H, W, 3), uint8 or from 0 to 1.
        heat: shape (h, w) or (h, w, 1), stretched to the whole image. The 99th percentile of the
            magnitudes gets the strongest colour, and so do all larger ones.
        ax: Axes to draw on; a new figure if not given.
        title: the heading.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Raises:
        ValueError: the heatmap or the image has another shape, or the heatmap has nan or inf.

    Examples:
        >>> import numpy as np
        >>> from coursekit import plots
        >>> image = np.linspace(0, 1, 64).reshape(8, 8)
        >>> ax = plots.show_heatmap(image, image**2, title="Where the class is seen")
        >>> ax.get_title()
        'Where the class is seen'
    """
    gray, values = _as_gray(image), style.one_channel(heat, "heat").astype(float)
    style.require_finite(values, "heat")
    ax = ax or style.new_axes(4.0, 4.2)
    height, width = gray.shape
    reach = _reach(values)
    signed = values.min() < 0
    ax.imshow(gray, cmap="gray", norm=_light_scale(gray) if signed else style.gray_scale(gray))
    ax.imshow(
        values,
        cmap=style.SIGNED if signed else HEAT,
        norm=Normalize(-reach if signed else 0, reach),
        alpha=STRONGEST * np.minimum(np.abs(values) / reach, 1),
        extent=(-0.5, width - 0.5, height - 0.5, -0.5),
        interpolation="bilinear",
    )
    ax.set(xticks=[], yticks=[])
    ax.set_title(title or "Where the evidence is", fontsize="medium")
    return style.describe_axes(ax, f"{ax.get_title()}: {_in_words(values, gray.shape)}")


def _as_gray(image: Any) -> Array:
    """Return the image as (H, W), a colour image as the mean over its channels."""
    picture = np.asarray(image)
    if picture.ndim == 3 and picture.shape[-1] == 3:
        return np.asarray(picture.mean(axis=-1) / (255 if picture.dtype == np.uint8 else 1))
    return style.one_channel(picture, "image")


def _reach(values: Array) -> float:
    """Return the magnitude of the strongest colour: a quantile, which outliers hardly affect."""
    sizes = np.abs(values)
    return float(np.quantile(sizes, REST) or sizes.max() or 1)


def _light_scale(gray: Array) -> Normalize:
    """Return a scale that shows black as grey, so that orange and purple are visible on it."""
    usual = style.gray_scale(gray)
    low, high = float(usual.vmin or 0), float(usual.vmax or 1)
    return Normalize(low - 0.8 * (high - low), high)


def _in_words(values: Array, shape: tuple[int, ...]) -> str:
    low, high = style.limits(values)
    place = np.unravel_index(np.nanargmax(values), values.shape)
    row, column = (
        int((at + 0.5) * side / count)
        for at, side, count in zip(place, shape, values.shape, strict=True)
    )
    return f"a map from {low:.3g} to {high:.3g}, highest near row {row}, column {column}"
