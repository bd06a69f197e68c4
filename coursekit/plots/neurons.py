"""Diagrams of small networks, and plots of their output for two inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from coursekit.arrays import Array
from coursekit.plots import style

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "step": lambda z: np.where(z > 0, 1.0, 0.0),
    "ReLU": lambda z: np.maximum(z, 0.0),
    "none": lambda z: z,
}


def show_answers(
    answer: Callable[[Any, Any], Any],
    *,
    targets: Sequence[int] | None = None,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Show the output of a neuron or network with two inputs as colours.

    Colours go from dark blue (0 and below) to yellow (1 and above). On the white line the output is
    0.5; the outputs at the four corners are written beside them.

    Args:
        answer: the output; takes two arrays of one shape, the inputs, and returns one of that
            shape or a number.
        targets: the targets of the corners (0, 0), (0, 1), (1, 0) and (1, 1), 0 or 1 each;
            drawn as circles (0) and squares (1).
        ax: Axes to draw on; a new figure if not given.
        title: the heading.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Examples:
        >>> from coursekit import plots
        >>> ax = plots.show_answers(lambda a, b: (a + b > 1.5) * 1.0, targets=[0, 0, 0, 1])
        >>> print(plots.text_alternative(ax))
        Answers to two inputs: 0.000 at (0, 0), 0.000 at (0, 1), 0.000 at (1, 0), 1.000 at (1, 1)
    """
    ax = ax or style.new_axes(4.6, 4.0)
    grid = np.meshgrid(*[np.linspace(-0.4, 1.4, 121)] * 2)
    values = np.asarray(answer(*grid), float) + np.zeros_like(grid[0])
    image = ax.pcolormesh(*grid, values, cmap="cividis", vmin=0, vmax=1, shading="auto")
    if values.min() < 0.5 < values.max():
        ax.contour(*grid, values, levels=[0.5], colors="white", linewidths=2)
    corners = [float(np.asarray(answer(np.float64(a), np.float64(b)))) for a, b in CORNERS]
    for number, ((a, b), value) in enumerate(zip(CORNERS, corners, strict=True)):
        marker = "o" if targets is None or not targets[number] else "s"
        ax.plot(a, b, marker, color="white", markeredgecolor="black", markersize=10)
        ax.annotate(f"{value:.3f}", (a, b), (0, 9), **_LABEL)
    beyond = values.min() < 0 or values.max() > 1
    ax.figure.colorbar(image, ax=ax, label="answer", extend="both" if beyond else "neither")
    ax.set(xlabel="x1", ylabel="x2", xticks=[0, 1], yticks=[0, 1], aspect="equal")
    ax.set_title(title or "Answers to two inputs", fontsize="medium")
    described = ", ".join(f"{v:.3f} at {c}" for c, v in zip(CORNERS, corners, strict=True))
    return style.describe_axes(ax, f"{ax.get_title()}: {described}")


_LABEL: dict[str, Any] = {
    "textcoords": "offset points",
    "ha": "center",
    "fontsize": 9,
    "bbox": {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"},
}


def show_network(
    layers: Sequence[Sequence[str]],
    weights: Sequence[Any],
    *,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Show a small network: its units with a text in each, its weights on the lines between them.

    Lines of negative weights are orange and dashed, all others blue.

    Args:
        layers: the texts of the units, layer by layer from the input, such as
            ``[["1", "0"], ["0.90", "0.17"], ["0.76"]]``.
        weights: one array of shape (units before, units after) for each pair of neighbouring
            layers; for nan and inf no line is drawn.
        ax: Axes to draw on; a new figure if not given.
        title: the heading.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Raises:
        ValueError: a weight array does not fit the layers on its two sides.

    Examples:
        >>> from coursekit import plots
        >>> ax = plots.show_network([["a", "b"], ["a + b"]], [[[1.0], [1.0]]])
        >>> print(plots.text_alternative(ax))
        A network: units from left to right a, b; a + b
    """
    tables = [np.asarray(table, float) for table in weights]
    _require_fit(layers, tables)
    ax = ax or style.new_axes(2.6 * len(layers), 3.2)
    for number, table in enumerate(tables):
        _draw_lines(ax, number, table)
    for number, texts in enumerate(layers):
        for height, text in zip(_heights(len(texts)), texts, strict=True):
            circle = Circle((2.2 * number, height), 0.36, fc="white", ec=style.BLUE, lw=2, zorder=3)
            ax.add_patch(circle)
            ax.text(2.2 * number, height, text, ha="center", va="center", zorder=4, fontsize=9)
    ax.set(aspect="equal", xlim=(-0.6, 2.2 * (len(layers) - 1) + 0.6))
    ax.margins(y=0.1)
    ax.axis("off")
    ax.set_title(title or "A network", fontsize="medium")
    described = "; ".join(", ".join(texts) for texts in layers)
    return style.describe_axes(ax, f"{ax.get_title()}: units from left to right {described}")


def _require_fit(layers: Sequence[Sequence[str]], tables: Sequence[Array]) -> None:
    wanted = [(len(a), len(b)) for a, b in pairwise(layers)]
    if [table.shape for table in tables] != wanted:
        raise ValueError(f"weights must have the shapes {wanted}; got {[t.shape for t in tables]}")


def _heights(count: int) -> Array:
    return (count - 1) / 2 * 1.5 - 1.5 * np.arange(count)


def _draw_lines(ax: Axes, number: int, table: Array) -> None:
    """Draw the lines from one layer to the next, each with its weight."""
    left, right = 2.2 * number, 2.2 * (number + 1)
    before, after = _heights(table.shape[0]), _heights(table.shape[1])
    for i, j in np.argwhere(np.isfinite(table)):
        weight = table[i, j]
        colour = style.BLUE if weight >= 0 else style.ORANGE
        line = "-" if weight >= 0 else "--"
        ax.plot([left, right], [before[i], after[j]], line, color=colour, lw=1.6, zorder=1)
        part = 0.33
        x, y = left + part * (right - left), before[i] + part * (after[j] - before[i])
        ax.text(x, float(y), f"{weight:g}", fontsize=8, ha="center", va="center", zorder=2, **_BOX)


_BOX: dict[str, Any] = {"bbox": {"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none"}}
