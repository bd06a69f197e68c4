"""The receptive field: which pixels one unit of a deep layer depends on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle

from coursekit.arrays import Array
from coursekit.plots import style

MOST = 60
"""The most pixels in a row that can be told apart."""

Layer = tuple[int, int]


def show_receptive_field(
    layers: Sequence[Layer],
    *,
    names: Sequence[str] | None = None,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Show, layer by layer, the units that one unit of the last layer depends on.

    One row of the image is drawn at the bottom, and above it one row of each layer's output. Each
    unit is centred over its receptive field; the unit of the last layer is orange.

    Args:
        layers: (size, stride) of every layer, from first to last.
        names: one for each layer; its size and stride if not given.
        ax: Axes to draw on; a new figure if not given.
        title: the heading.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Raises:
        ValueError: there is no layer, a size or stride is below 1, the number of names does not
            fit, or the field is wider than 60 pixels.

    Examples:
        >>> from coursekit import plots
        >>> ax = plots.show_receptive_field([(3, 1), (2, 2)], names=["convolution", "pooling"])
        >>> print(plots.text_alternative(ax))
        What one number of the last layer is made from: 4 of pixels, 2 of convolution, 1 of pooling
    """
    labels = _labels(layers, names)
    counts = _counts(layers)
    if counts[0] > MOST:
        raise ValueError(f"at most {MOST} pixels can be drawn; got a field of {counts[0]}")
    ax = ax or style.new_axes(max(5.0, 0.32 * counts[0] + 2.0), 0.8 * len(counts) + 0.8)
    centres = _centres(layers, counts)
    for level, (size, stride) in enumerate(layers):
        _draw_window(ax, centres[level], centres[level + 1], level, size, stride)
    for level, middle in enumerate(centres):
        _draw_row(ax, middle, level, last=level == len(layers))
    _finish(ax, ["pixels", *labels], counts[0])
    ax.set_title(title or f"One number sees {counts[0]} pixels in a row", fontsize="medium")
    described = ", ".join(
        f"{n} of {label}" for n, label in zip(counts, ["pixels", *labels], strict=True)
    )
    return style.describe_axes(ax, f"What one number of the last layer is made from: {described}")


def _labels(layers: Sequence[Layer], names: Sequence[str] | None) -> list[str]:
    if not layers or min(min(layer) for layer in layers) < 1:
        raise ValueError(f"layers must be pairs (size, stride) of at least 1; got {layers}")
    usual = [f"size {size}, stride {stride}" for size, stride in layers]
    if names is not None and len(names) != len(usual):
        raise ValueError(f"names must hold {len(usual)}, one for each layer; got {len(names)}")
    return usual if names is None else [str(name) for name in names]


def _counts(layers: Sequence[Layer]) -> list[int]:
    """Return how many values of the image and of each layer are drawn, the image first."""
    counts = [1]
    for size, stride in reversed(layers):
        counts.insert(0, (counts[0] - 1) * stride + size)
    return counts


def _centres(layers: Sequence[Layer], counts: Sequence[int]) -> list[Array]:
    """Return the columns over which the units of the image and of each layer are centred."""
    centres = [np.arange(counts[0], dtype=float)]
    for (size, stride), count in zip(layers, counts[1:], strict=True):
        below = centres[-1]
        centres.append(
            np.array([below[i * stride : i * stride + size].mean() for i in range(count)])
        )
    return centres


def _draw_window(ax: Axes, below: Array, above: Array, level: int, size: int, stride: int) -> None:
    """Draw a light wedge from each value to those below that it is computed from."""
    for i, middle in enumerate(above):
        window = below[i * stride : i * stride + size]
        corners = [
            (window[0] - 0.4, level + 0.2),
            (window[-1] + 0.4, level + 0.2),
            (middle, level + 0.8),
        ]
        ax.add_patch(
            Polygon(corners, facecolor=style.BLUE, alpha=0.12, edgecolor=style.BLUE, lw=0.8)
        )


def _draw_row(ax: Axes, middles: Array, level: int, *, last: bool) -> None:
    color = style.ORANGE if last else style.BLUE
    for middle in middles:
        ax.add_patch(
            Rectangle((middle - 0.4, level - 0.2), 0.8, 0.4, facecolor=color, edgecolor="black")
        )


def _finish(ax: Axes, labels: Sequence[str], pixels: int) -> None:
    ax.set(xlim=(-1, pixels), ylim=(-0.5, len(labels) - 0.5))
    ax.set_yticks(range(len(labels)), labels)
    ax.set_xticks(range(0, pixels, 1 if pixels <= 20 else 5))
    ax.set_xlabel("column of the image")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
