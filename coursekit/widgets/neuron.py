"""One neuron with two inputs: the effect of its weights, bias and activation."""

from __future__ import annotations

import ipywidgets
from matplotlib.figure import Figure

from coursekit import plots
from coursekit.plots.neurons import ACTIVATIONS
from coursekit.widgets.panel import Panel


def neuron(*, weights: tuple[float, float] = (1.0, 1.0), bias: float = -1.5) -> Panel:
    """Show one neuron's output for two inputs, with controls for weights, bias and activation.

    Args:
        weights: the initial weights, -6 to 6.
        bias: the initial bias, -6 to 6.

    Returns:
        A panel, shown if it is on a cell's last line.

    Examples:
        >>> from coursekit import widgets
        >>> print(widgets.neuron(weights=(1.0, 1.0), bias=-1.5).text)
        sigmoid(1·x1 + 1·x2 − 1.5): 0.182 at (0, 0), 0.378 at (0, 1), 0.378 at (1, 0), 0.622 at
        (1, 1)
    """
    controls = {
        "w1": ipywidgets.FloatSlider(weights[0], min=-6, max=6, step=0.1, description="w1"),
        "w2": ipywidgets.FloatSlider(weights[1], min=-6, max=6, step=0.1, description="w2"),
        "b": ipywidgets.FloatSlider(bias, min=-6, max=6, step=0.1, description="b"),
        "activation": ipywidgets.Dropdown(
            options=list(ACTIVATIONS), value="sigmoid", description="activation"
        ),
    }
    return Panel(draw_neuron, controls, size=(5.4, 4.2))


def draw_neuron(figure: Figure, *, w1: float, w2: float, b: float, activation: str) -> None:
    """Draw a neuron's output for two inputs, with its values at the four corners.

    Args:
        figure: an empty figure.
        w1: weight of the first input.
        w2: weight of the second input.
        b: the bias.
        activation: one of ``plots.neurons.ACTIVATIONS``.
    """
    act = ACTIVATIONS[activation]
    second, last = (f"{'−' if value < 0 else '+'} {abs(value):g}" for value in (w2, b))
    title = f"{activation}({w1:g}·x1 {second}·x2 {last})"
    ax = figure.subplots()
    plots.show_answers(lambda x1, x2: act(w1 * x1 + w2 * x2 + b), ax=ax, title=title)
