"""An optimizer on a loss surface, with controls for its settings."""

from __future__ import annotations

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from coursekit import landscape, plots
from coursekit.widgets.controls import slider_with_player
from coursekit.widgets.panel import Panel

FAR = 1e6  # beyond the range of all plots
LEADING = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)
RATES = [float(f"{digits}e{power}") for power in (-3, -2, -1, 0) for digits in LEADING] + [10.0]
"""The learning rates that can be chosen, spaced almost evenly on a logarithmic scale."""


def playground(
    *,
    surface: str = "ravine",
    rule: str = "SGD",
    rate: float = 0.05,
    steps: int = 30,
) -> Panel:
    """Show an optimizer's path on a loss surface, and its loss, with controls for its settings.

    The player runs through the steps.

    Args:
        surface: the initial surface, one of ``landscape.SURFACES``.
        rule: the initial update rule, one of ``landscape.RULES``.
        rate: the initial learning rate, one of `RATES`.
        steps: the initial number of steps, 0 to 100.

    Returns:
        A panel, shown if it is on a cell's last line.

    Examples:
        >>> from coursekit import widgets
        >>> print(widgets.playground(surface="bowl", rule="SGD", rate=0.1, steps=5).text)
        SGD on the bowl, η = 0.1, 5 steps: SGD ends at (-1, 0.62)
        The loss over the steps: SGD from 2.91 to 0.793
    """
    count, player = slider_with_player("steps", steps, 100, interval=250)
    controls = {
        "surface": ipywidgets.Dropdown(
            options=list(landscape.SURFACES), value=surface, description="surface"
        ),
        "rule": ipywidgets.Dropdown(
            options=list(landscape.RULES), value=rule, description="optimizer"
        ),
        "rate": ipywidgets.SelectionSlider(
            options=[(f"{value:g}", value) for value in RATES], value=rate, description="rate η"
        ),
        "steps": count,
    }
    return Panel(draw_playground, controls, size=(7.8, 3.6), extra=[player])


def draw_playground(figure: Figure, *, surface: str, rule: str, rate: float, steps: int) -> None:
    """Draw the path on the surface, and beside it the loss along the path.

    Args:
        figure: an empty figure.
        surface: one of ``landscape.SURFACES``.
        rule: one of ``landscape.RULES``.
        rate: the learning rate.
        steps: the number of steps.
    """
    ground = landscape.SURFACES[surface]
    way = landscape.descend(
        ground.slopes, ground.start, rate=rate, steps=steps, rule=landscape.RULES[rule]
    )
    way = np.clip(np.nan_to_num(way, nan=FAR), -FAR, FAR)
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    title = f"{rule} on the {surface}, η = {rate:.3g}, {steps} steps"
    ranges = {"across": ground.across, "upwards": ground.upwards}
    plots.show_paths(ground.height, {rule: way}, ax=left, title=title, **ranges)
    plots.show_losses({rule: ground.height(*way.T)}, ax=right)
