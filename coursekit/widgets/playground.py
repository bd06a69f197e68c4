"""An optimizer on a loss surface, with everything that can be turned."""

from __future__ import annotations

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from coursekit import landscape, plots
from coursekit.widgets.panel import Panel

FAR = 1e6  # further out than any picture shows


def playground(
    *,
    surface: str = "ravine",
    rule: str = "SGD",
    rate: float = 0.05,
    steps: int = 30,
) -> Panel:
    """Choose a surface, an optimizer, a learning rate and a number of steps, and see the way down.

    The player runs through the steps by itself.

    Args:
        surface: one of ``landscape.SURFACES``, shown at first.
        rule: one of ``landscape.RULES``, shown at first.
        rate: the learning rate at first, 0.001 to 10.
        steps: the number of steps at first, 0 to 100.
    """
    count = ipywidgets.IntSlider(steps, 0, 100, description="steps")
    player = ipywidgets.Play(value=0, max=100, interval=250, description="run the steps")
    ipywidgets.jslink((player, "value"), (count, "value"))
    controls = {
        "surface": ipywidgets.Dropdown(
            options=list(landscape.SURFACES), value=surface, description="surface"
        ),
        "rule": ipywidgets.Dropdown(
            options=list(landscape.RULES), value=rule, description="optimizer"
        ),
        "rate": ipywidgets.FloatLogSlider(
            rate, min=-3, max=1, step=0.05, description="rate η", readout_format=".3g"
        ),
        "steps": count,
    }
    return Panel(draw_playground, controls, size=(8.6, 3.8), extra=[player])


def draw_playground(figure: Figure, *, surface: str, rule: str, rate: float, steps: int) -> None:
    """Draws the way over the surface, and the loss on the way, side by side.

    Args:
        figure: an empty figure.
        surface: one of ``landscape.SURFACES``.
        rule: one of ``landscape.RULES``.
        rate: the learning rate.
        steps: how many steps are taken.
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
