"""How a loss falls: curves over the steps, and paths over a surface."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from coursekit.plots import style

LINES = ("-", "--", ":", "-.")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
GRID = 120  # points along each side of a surface


def show_losses(
    losses: Mapping[str, Any], *, ax: Axes | None = None, title: str = "", log: bool = False
) -> Axes:
    """Plot losses over the training steps, one curve for each name.

    Args:
        losses: by name, up to seven; each holds the loss after 0, 1, 2, … steps.
        ax: Axes to draw on; a new figure if not given.
        title: the heading.
        log: whether the loss axis is logarithmic; losses must then be above 0.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Raises:
        ValueError: there are no losses, more than seven curves, or a curve without a loss.

    Examples:
        >>> from coursekit import plots
        >>> ax = plots.show_losses({"SGD": [4.0, 2.0, 1.0]}, title="Three steps")
        >>> print(plots.text_alternative(ax))
        Three steps: SGD from 4 to 1
    """
    _require_few(losses, "losses")
    for name, values in losses.items():
        if not len(values):
            raise ValueError(
                f"losses[{name!r}] must hold the loss after 0, 1, 2 ... steps; got none. "
                "Add the loss before the first step."
            )
    ax = ax or style.new_axes(6.4, 3.4)
    for number, (name, values) in enumerate(losses.items()):
        line: dict[str, Any] = {
            "color": style.PALETTE[number],
            "linestyle": LINES[number % len(LINES)],
        }
        marker = MARKERS[number] if len(values) <= 30 else ""
        ax.plot(np.asarray(values), label=name, marker=marker, markersize=4, **line)
    ax.set(xlabel="step", ylabel="loss", yscale="log" if log else "linear")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_title(title or "The loss over the steps", fontsize="medium")
    ax.legend()
    ends = [f"{name} from {v[0]:.3g} to {v[-1]:.3g}" for name, v in losses.items()]
    return style.describe_axes(ax, f"{ax.get_title()}: {', '.join(ends)}")


def show_paths(
    surface: Callable[[Any, Any], Any],
    paths: Mapping[str, Any],
    *,
    across: tuple[float, float] = (-2, 2),
    upwards: tuple[float, float] = (-2, 2),
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Show the paths of optimizers on a contour plot of a loss with two weights.

    Args:
        surface: the loss; takes two arrays of one shape, returns one of that shape or a number.
        paths: weights by name, arrays of shape (steps, 2), up to seven.
        across: the first weight's range.
        upwards: the second weight's range.
        ax: Axes to draw on; a new figure if not given.
        title: the heading.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Raises:
        ValueError: there are no paths, or more than seven.

    Examples:
        >>> from coursekit import plots
        >>> path = [(-1.0, 1.0), (-0.5, 0.5), (0.0, 0.0)]
        >>> ax = plots.show_paths(lambda a, b: a**2 + b**2, {"SGD": path})
        >>> print(plots.text_alternative(ax))
        Paths downhill: SGD ends at (0, 0)
    """
    _require_few(paths, "paths")
    ax = ax or style.new_axes(7.2, 4.2)
    _draw_surface(ax, surface, across, upwards)
    for number, (name, places) in enumerate(paths.items()):
        look: dict[str, Any] = {"color": style.PALETTE[number], "marker": MARKERS[number]}
        first, second = np.asarray(places).T
        ax.plot(first, second, label=name, markersize=3.5, linewidth=1.2, **look)
    ax.set(xlabel="first weight", ylabel="second weight", xlim=across, ylim=upwards)
    ax.set_title(title or "Paths downhill", fontsize="medium")
    ax.legend(loc="upper right")
    ends = [f"{name} ends at {_place(places)}" for name, places in paths.items()]
    return style.describe_axes(ax, f"{ax.get_title()}: {', '.join(ends)}")


def _draw_surface(
    ax: Axes,
    surface: Callable[[Any, Any], Any],
    across: tuple[float, float],
    upwards: tuple[float, float],
) -> None:
    grid = np.meshgrid(np.linspace(*across, GRID), np.linspace(*upwards, GRID))
    heights = np.asarray(surface(*grid), dtype=float) + np.zeros_like(grid[0])
    low, high = style.limits(heights)
    levels = low + (high - low) * np.linspace(0, 1, 16) ** 2  # closer together near the bottom
    if not (np.diff(levels) > 0).all():  # a constant loss has no contour lines
        return
    ax.contourf(*grid, heights, levels=levels, cmap="Greys_r", alpha=0.55)
    ax.contour(*grid, heights, levels=levels, colors="0.45", linewidths=0.6)


def _place(places: Any) -> str:
    first, second = np.asarray(places)[-1]
    return f"({first:.2g}, {second:.2g})"


def _require_few(several: Mapping[str, Any], name: str) -> None:
    if not 1 <= len(several) <= len(style.PALETTE):
        raise ValueError(f"{name} must be 1 to {len(style.PALETTE)}; got {len(several)}")
