"""Which pixels of a photo one unit of a deep layer depends on."""

from __future__ import annotations

from typing import Any

import ipywidgets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coursekit import data, plots
from coursekit.arrays import Array
from coursekit.plots import numbers, style
from coursekit.widgets.controls import choice
from coursekit.widgets.panel import Panel

SIDE = 64
"""Height and width of the photo, in pixels."""

Layers = list[tuple[int, int]]
"""(size, stride) of every layer, from first to last."""


def receptive_field(
    *, photo: str = "camera", depth: int = 2, size: int = 3, pooling: bool = True
) -> Panel:
    """Show the receptive field of a unit in the last of several stacked layers on a photo.

    Args:
        photo: the initial photo, one of ``data.photo_names()``.
        depth: the initial number of repetitions of the layers, 1 to 3.
        size: the initial size of the filters, 3 or 5.
        pooling: initially, whether 2 × 2 pooling follows each convolution.

    Returns:
        A panel, shown if it is on a cell's last line.

    Examples:
        >>> from coursekit import widgets
        >>> print(widgets.receptive_field(depth=2, size=3, pooling=False).text)
        What one number of the last layer is made from: 5 of pixels, 3 of conv 3, 1 of conv 3
        The number at row 29, column 29 of 60 × 60 numbers of the last map
        all that it sees: 5 × 5 of the 64 × 64 pixels, rows 29 to 33, columns 29 to 33
    """
    controls = {
        "depth": ipywidgets.IntSlider(depth, 1, 3, description="how often"),
        "size": choice("filter", [("3 × 3", 3), ("5 × 5", 5)], size),
        "pooling": ipywidgets.Checkbox(pooling, description="pooling after each"),
        "photo": ipywidgets.Dropdown(
            options=data.photo_names(), value=photo, description="photo", layout={"width": "15em"}
        ),
        "row": ipywidgets.IntSlider(description="row"),
        "column": ipywidgets.IntSlider(description="column"),
    }
    _follow_size(controls)
    for place in (controls["row"], controls["column"]):
        place.value = place.max // 2
    return Panel(draw_field, controls, size=(8.1, 3.3))


def _follow_size(controls: dict[str, Any]) -> None:
    """Keep the largest row and column equal to those of the last map when the layers change."""
    places = controls["row"], controls["column"]
    knobs = [controls[name] for name in ("depth", "size", "pooling")]

    def fit(_change: object = None) -> None:
        last = map_size(_stack(*(knob.value for knob in knobs))) - 1
        for place in places:
            place.max = last

    for knob in knobs:
        knob.observe(fit, "value")  # before the panel's observer, which then gets a valid position
    fit()


def _stack(depth: int, size: int, pooling: bool) -> Layers:
    return [(size, 1), (2, 2)] * depth if pooling else [(size, 1)] * depth


def map_size(layers: Layers) -> int:
    """Return height and width of the last map of a photo."""
    side = SIDE
    for size, stride in layers:
        side = (side - size) // stride + 1
    return side


def field(layers: Layers) -> tuple[int, int]:
    """Return the side of a unit's receptive field and the distance of neighbours, in pixels."""
    width, jump = 1, 1
    for size, stride in layers:
        width += (size - 1) * jump
        jump *= stride
    return width, jump


def draw_field(
    figure: Figure, *, depth: int, size: int, pooling: bool, photo: str, row: int, column: int
) -> None:
    """Draw the layers from the side, the receptive field on the photo, and its pixels.

    Args:
        figure: an empty figure.
        depth: the number of repetitions of the layers.
        size: the size of the filters.
        pooling: whether 2 × 2 pooling follows each convolution.
        photo: one of ``data.photo_names()``.
        row: the unit's row in the last map.
        column: the unit's column in the last map.
    """
    layers = _stack(depth, size, pooling)
    names = ["pool 2" if layer == (2, 2) else f"conv {layer[0]}" for layer in layers]
    left, middle, right = figure.subplots(1, 3, width_ratios=(3, 2, 2))
    plots.show_receptive_field(layers, names=names, ax=left)
    image = data.load_photo(photo, gray=True, size=SIDE)
    (width, jump), last = field(layers), map_size(layers) - 1
    top, beginning = min(row, last) * jump, min(column, last) * jump
    _draw_photo(middle, image, top, beginning, width)
    inside = image[top : top + width, beginning : beginning + width]
    right.imshow(inside, cmap="gray", vmin=0, vmax=1)
    title = f"all that it sees: {width} × {width}"
    rows = f"rows {top} to {top + width - 1}, columns {beginning} to {beginning + width - 1}"
    _label(middle, f"row {min(row, last)}, column {min(column, last)} of {last + 1} × {last + 1}")
    _label(right, title)
    style.describe_axes(right, f"{title} of the {SIDE} × {SIDE} pixels, {rows}")


def _draw_photo(ax: Axes, image: Array, top: int, left: int, width: int) -> None:
    """Draw the photo, darker outside the receptive field."""
    shown = image * 0.45
    shown[top : top + width, left : left + width] = image[top : top + width, left : left + width]
    ax.imshow(shown, cmap="gray", vmin=0, vmax=1)
    look = {"edgecolor": style.ORANGE, "linewidth": 2}
    ax.add_patch(numbers.frame(left, top, (width, width), **look))


def _label(ax: Axes, title: str) -> None:
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize="medium")
    style.describe_axes(ax, f"The number at {title} numbers of the last map")
