"""Dropout: which units a step drops, and why the others are scaled up."""

from __future__ import annotations

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coursekit.arrays import Array
from coursekit.plots import style
from coursekit.widgets.controls import slider_with_player
from coursekit.widgets.panel import Panel

INPUTS = 4
HIDDEN = np.array([0.3, 1.2, 0.8, 0.5, 1.0, 0.2, 0.7, 0.3])
"""The outputs of the hidden units, which the last unit adds up."""

STEPS = 200


def dropout(*, rate: float = 0.5, step: int = 20, scaled: bool = True, seed: int = 0) -> Panel:
    """Show which hidden units each training step drops, and the sum of the others.

    The player runs through the steps, each with another random choice of units. Without scaling,
    the mean sum is smaller than the sum at inference, when no unit is dropped.

    Args:
        rate: the initial probability of dropping a unit, 0 to 0.9.
        step: the initial step, 1 to 200.
        scaled: initially, whether the remaining units are multiplied by 1 / (1 - rate).
        seed: for the random choices.

    Returns:
        A panel, shown if it is on a cell's last line.

    Examples:
        >>> from coursekit import widgets
        >>> print(widgets.dropout(rate=0.5, step=3).text)
        in this step 4 of 8 units stay: 0.6 2.4 dropped dropped dropped dropped 1.4 0.6; their
        sum is 5.0
        mean of 3 steps: 6.00; in use, with all units: 5.0
    """
    chances = np.random.default_rng(seed).random((STEPS, len(HIDDEN)))
    place, player = slider_with_player("step", step, STEPS, first=1, interval=600)
    controls = {
        "rate": ipywidgets.FloatSlider(rate, min=0, max=0.9, step=0.1, description="rate"),
        "scaled": ipywidgets.Checkbox(scaled, description="divide by (1 − rate)"),
        "step": place,
    }

    def draw(figure: Figure, *, rate: float, scaled: bool, step: int) -> None:
        stays = chances[:step] >= rate
        draw_dropout(figure, stays / (1 - rate) if scaled else 1.0 * stays)

    return Panel(draw, controls, size=(8.0, 3.8), extra=[player])


def draw_dropout(figure: Figure, factors: Array) -> None:
    """Draw the last step's network, and the sums of all steps so far.

    Args:
        figure: an empty figure.
        factors: the factor of each hidden unit, shape (steps, units); 0 if it was dropped.
    """
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    _draw_network(left, HIDDEN * factors[-1])
    _draw_sums(right, factors @ HIDDEN)


def _draw_network(ax: Axes, says: Array) -> None:
    """Draw inputs, hidden units with their outputs, and their sum; dropped units have no lines."""
    spread = np.linspace(0.5, len(says) - 1.5, INPUTS)
    middle = (len(says) - 1) / 2
    for row, value in enumerate(says):
        if value:
            for start in spread:
                ax.plot([0, 1], [start, row], color="0.75", lw=0.8, zorder=1)
            ax.plot([1, 2], [row, middle], color=style.BLUE, lw=1.2, zorder=1)
        _circle(ax, 1, row, f"{value:.1f}" if value else "×", style.BLUE if value else "white")
    for start in spread:
        _circle(ax, 0, start, "", "0.85")
    _circle(ax, 2, middle, f"{says.sum():.1f}", style.ORANGE)
    ax.set(xlim=(-0.3, 2.3), ylim=(len(says) - 0.4, -0.6), xticks=[0, 1, 2], yticks=[])
    ax.set_xticklabels(["inputs", "hidden units", "their sum"])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    kept = int(np.count_nonzero(says))
    ax.set_title(f"in this step {kept} of {len(says)} units stay", fontsize="medium")
    described = " ".join(f"{value:.1f}" if value else "dropped" for value in says)
    style.describe_axes(ax, f"{ax.get_title()}: {described}; their sum is {says.sum():.1f}")


def _circle(ax: Axes, x: float, y: float, text: str, color: str) -> None:
    ink = "white" if color in (style.BLUE, style.ORANGE) else "0.4"
    ax.scatter([x], [y], s=420, color=color, edgecolor="0.4", zorder=2)
    ax.text(x, y, text, ha="center", va="center", color=ink, fontsize=9, zorder=3)


def _draw_sums(ax: Axes, sums: Array) -> None:
    """Draw a dot for each step's sum, the mean so far, and the sum of all units."""
    steps, whole = np.arange(1, len(sums) + 1), float(HIDDEN.sum())
    means = np.cumsum(sums) / steps
    ax.scatter(steps, sums, s=12, color=style.BLUE, alpha=0.5, label="this step's sum")
    ax.plot(steps, means, color=style.ORANGE, lw=2, label="mean so far")
    ax.axhline(whole, color="black", ls="--", lw=1.2, label=f"in use: {whole:.1f}")
    ax.set(xlim=(0, max(20, len(sums)) + 1), ylim=(0, 2.6 * whole), xlabel="step")
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(fontsize="small", frameon=False, loc="upper right")
    ax.set_title(f"mean of {len(sums)} steps: {means[-1]:.2f}", fontsize="medium")
    style.describe_axes(ax, f"{ax.get_title()}; in use, with all units: {whole:.1f}")
