"""A loss as a landscape: a surface over two weights, seen from the side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from coursekit.plots import style

GRID = 60  # points along each side


def show_surface(
    surface: Callable[[Any, Any], Any],
    *,
    path: Any = None,
    across: tuple[float, float] = (-2, 2),
    upwards: tuple[float, float] = (-2, 2),
    ax: Any = None,
    title: str = "",
) -> Axes:
    """Show the loss of two weights as a surface in three dimensions, with a path on it.

    Args:
        surface: the loss; takes two arrays of one shape and returns one. Colours go from dark
            blue (low) to yellow (high).
        path: weights to mark on it in orange, shape (steps, 2); none if not given.
        across: the first weight's range.
        upwards: the second weight's range.
        ax: three-dimensional Axes to draw on; a new figure if not given.
        title: the heading.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Examples:
        >>> from coursekit import plots
        >>> ax = plots.show_surface(lambda a, b: a**2 + b**2, title="A bowl")
        >>> print(plots.text_alternative(ax))
        A bowl: a surface with heights from 0.0023 to 8
    """
    ax = ax or plt.figure(figsize=(5.6, 4.4)).add_subplot(projection="3d", computed_zorder=False)
    grid = np.meshgrid(np.linspace(*across, GRID), np.linspace(*upwards, GRID))
    heights = np.asarray(surface(*grid), float)
    ax.plot_surface(*grid, heights, cmap="cividis", alpha=0.75, linewidth=0)
    if path is not None:
        first, second = np.asarray(path, float).T
        line = {"color": style.ORANGE, "marker": "o", "markersize": 4, "linewidth": 1.5}
        ax.plot(first, second, surface(first, second), zorder=5, **line)
    ax.set(xlabel="first weight", ylabel="second weight", zlabel="loss")
    ax.view_init(elev=48, azim=-35)
    ax.set_title(title or "The loss as a landscape", fontsize="medium")
    low, high = style.limits(heights)
    text = f"{ax.get_title()}: a surface with heights from {low:.3g} to {high:.3g}"
    return style.describe_axes(ax, text)
