"""A photo filtered with a kernel that can be edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure

from coursekit import data
from coursekit.arrays import Array
from coursekit.plots import style
from coursekit.widgets.panel import Panel

Slide = Callable[[Any, Any], Any]
"""Takes an image (H, W) and a kernel (KH, KW), returns the feature map, as in lab 1."""

KERNELS: Mapping[str, Array] = {
    "as it is": np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "mean": np.full((3, 3), 0.11),
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "edges": np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
    "dark to bright": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "upper rims": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
    "relief": np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
}
"""Kernels to begin with."""

OWN = "your own"


class KernelEditor(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A list of kernels, and a grid of number fields that holds the chosen one.

    ``value`` is the grid's numbers, row by row; it can be set.

    Args:
        name: the initial kernel, one of `KERNELS`.
    """

    value = traitlets.Tuple()

    def __init__(self, name: str) -> None:
        self._list = ipywidgets.Dropdown(
            options=[*KERNELS, OWN],
            value=name,
            description="kernel",
            tooltip="kernel",
            layout={"width": "15em"},
        )
        self._fields = [_field(row, column) for row, column in np.ndindex(3, 3)]
        grid = ipywidgets.GridBox(
            self._fields, layout={"grid_template_columns": "repeat(3, 6.6em)"}
        )
        heading = ipywidgets.Label("weights, by row and column:")
        super().__init__([self._list, heading, grid])
        self._filling = False  # so that a listed kernel's nine weights are one change
        self.observe(self._fill, "value")
        self._list.observe(self._choose, "value")
        for field in self._fields:
            field.observe(self._read, "value")
        self._choose()

    def _choose(self, _change: object = None) -> None:
        if self._list.value != OWN:
            self.value = tuple(float(weight) for weight in KERNELS[self._list.value].flat)

    def _fill(self, _change: object) -> None:
        """Copy the value into the fields, and select its name in the list."""
        self._filling = True
        for field, weight in zip(self._fields, self.value, strict=True):
            field.value = weight
        self._filling = False
        names = [name for name, kernel in KERNELS.items() if tuple(kernel.flat) == self.value]
        self._list.value = names[0] if names else OWN

    def _read(self, _change: object) -> None:
        if not self._filling:
            self.value = tuple(field.value for field in self._fields)


def _field(row: int, column: int) -> Any:
    return ipywidgets.FloatText(
        step=1,
        description=f"{row}, {column}",
        tooltip=f"weight in row {row}, column {column}",
        style={"description_width": "2.2em"},
        layout={"width": "6.2em"},
    )


def kernel_painter(
    function: Slide, *, photo: str = "china", kernel: str = "edges", side: int = 160
) -> Panel:
    """Show a photo filtered with a 3 × 3 kernel, which can be chosen or edited.

    Args:
        function: takes ``(image, kernel)`` and returns the feature map: SciPy's, or `correlate2d`
            of lab 1.
        photo: the initial photo, one of ``data.photo_names()``.
        kernel: the initial kernel, one of `KERNELS`.
        side: height and width of the photo, in pixels.

    Returns:
        A panel, shown if it is on a cell's last line.

    Examples:
        >>> from coursekit import widgets
        >>> from scipy.signal import correlate2d
        >>> slide = lambda image, kernel: correlate2d(image, kernel, mode="valid")
        >>> print(widgets.kernel_painter(slide, photo="camera", kernel="edges", side=32).text)
        the photo (camera); kernel 0 1 0 / 1 -4 1 / 0 1 0: the weights sum to 0; answers from
        -1.33 to 1.10
        answer, cut to 0 … 1
        orange below 0, purple above
    """
    controls = {
        "photo": ipywidgets.Dropdown(
            options=data.photo_names(), value=photo, description="photo", layout={"width": "15em"}
        ),
        "weights": KernelEditor(kernel),
    }

    def draw(figure: Figure, *, photo: str, weights: tuple[float, ...]) -> None:
        image = data.load_photo(photo, gray=True, size=side)
        own = np.reshape(weights, (3, 3))
        draw_answer(figure, image, own, np.asarray(function(image.copy(), own.copy())), name=photo)

    return Panel(draw, controls, size=(8.6, 3.3))


def draw_answer(figure: Figure, image: Array, kernel: Array, answer: Array, *, name: str) -> None:
    """Draw an image, and its feature map as an image and as a map of signed values.

    Args:
        figure: an empty figure.
        image: shape (H, W), from 0 to 1.
        kernel: shape (KH, KW).
        answer: the feature map.
        name: what the image shows.
    """
    axes = figure.subplots(1, 3)
    low, high = style.limits(answer)
    total = f"{np.sum(kernel):.3g}"
    rows = " / ".join(" ".join(f"{weight:g}" for weight in row) for row in kernel)
    shown = {
        f"the photo ({name})": (image, "gray", (0, 1)),
        "answer, cut to 0 … 1": (answer, "gray", (0, 1)),
        "orange below 0, purple above": (answer, style.SIGNED, (-1.5, 1.5)),
    }
    for ax, (title, (values, cmap, ends)) in zip(axes, shown.items(), strict=True):
        ax.imshow(values, cmap=cmap, vmin=ends[0], vmax=ends[1])
        ax.set(xticks=[], yticks=[])
        ax.set_title(title, fontsize="medium")
        style.describe_axes(ax, title)
    heading = f"the weights sum to {total}; answers from {low:.2f} to {high:.2f}"
    figure.suptitle(heading, fontsize="medium")
    style.describe_axes(axes[0], f"{axes[0].get_label()}; kernel {rows}: {heading}")
