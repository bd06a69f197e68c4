"""A probe for a digit classifier: its predictions for shifted, scaled and rotated digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coursekit.arrays import Array
from coursekit.plots import style
from coursekit.widgets.moving import moved
from coursekit.widgets.panel import Panel

Classifier = Callable[[Any], Any]
"""Takes images (N, H, W, 1) from 0 to 1 and returns probabilities (N, K)."""

MOST = 100
"""The most images whose accuracy is computed."""


def digit_probe(
    network: Classifier,
    images: Any,
    labels: Any,
    *,
    number: int = 0,
    right: int = 0,
    down: int = 0,
    scale: float = 1.0,
    degrees: int = 0,
) -> Panel:
    """Show a network's prediction for a transformed digit, and its accuracy on more of them.

    Args:
        network: takes images, shape (N, H, W, 1), float32 from 0 to 1, and returns probabilities,
            shape (N, K): a Keras model, or a function such as
            ``lambda x: digit_probabilities(x, weights)`` with that of lab 2.
        images: shape (N, H, W, 1) or (N, H, W), uint8 or from 0 to 1. The first 100 are
            transformed alike for the accuracy.
        labels: their classes, shape (N,).
        number: the index of the initial image, from 0, below 100.
        right: the initial shift to the right in pixels, -10 to 10.
        down: the initial shift down in pixels, -10 to 10.
        scale: the initial size, 0.4 to 1.6.
        degrees: the initial rotation, counter-clockwise, -180 to 180.

    Returns:
        A panel, shown if it is on a cell's last line.

    Raises:
        ValueError: ``images`` has another shape.

    Examples:
        >>> from coursekit import data, widgets
        >>> from coursekit.models.digits import digit_cnn
        >>> digits = data.load_mnist()
        >>> panel = widgets.digit_probe(digit_cnn(), digits.x_test[:20], digits.y_test[:20])
        >>> print(panel.text)
        A handwritten 3, moved 0 right and 0 down, 1.0 times as large, turned 0°; moved like
        this, 100% of 20 digits are read rightly
        read as 3: 96%; next is 2 with 2%
    """
    pictures, classes = _pictures(images)[:MOST], np.asarray(labels)[:MOST]
    last = len(pictures) - 1
    slider = ipywidgets.IntSlider
    controls = {
        "number": slider(number, 0, last, description="digit no."),
        "right": slider(right, -10, 10, description="right"),
        "down": slider(down, -10, 10, description="down"),
        "scale": ipywidgets.FloatSlider(scale, min=0.4, max=1.6, step=0.1, description="size"),
        "degrees": slider(degrees, -180, 180, step=5, description="turn (°)"),
    }

    def draw(figure: Figure, *, number: int, **move: float) -> None:
        views = np.stack([moved(picture, **move) for picture in pictures])  # type: ignore[arg-type]
        likely = np.asarray(network(views[..., None].astype(np.float32)), float)
        draw_reading(figure, views[number], int(classes[number]), likely[number])
        right_ones = float(np.mean(likely.argmax(axis=1) == classes))
        heading = f"moved like this, {right_ones:.0%} of {len(classes)} digits are read rightly"
        figure.suptitle(heading, fontsize="medium")
        described = f"{figure.axes[0].get_label()}, {_in_words(**move)}; {heading}"
        style.describe_axes(figure.axes[0], described)

    return Panel(draw, controls, size=(6.6, 3.3))


def _in_words(*, right: float, down: float, scale: float, degrees: float) -> str:
    return (
        f"moved {right:g} right and {down:g} down, {scale:.1f} times as large, turned {degrees:g}°"
    )


def _pictures(images: Any) -> Array:
    """Return the images as (N, H, W), floats from 0 to 1."""
    pictures = np.asarray(images)
    scale = 255 if pictures.dtype == np.uint8 else 1
    if pictures.ndim == 4 and pictures.shape[-1] == 1:
        pictures = pictures[..., 0]
    if pictures.ndim != 3 or not pictures.size:
        raise ValueError(
            f"images must have shape (N, H, W, 1) or (N, H, W); got {np.shape(images)}"
        )
    return np.asarray(pictures / scale)


def draw_reading(figure: Figure, image: Array, label: int, likely: Array) -> None:
    """Draw an image and the probability of each class.

    Args:
        figure: an empty figure.
        image: shape (H, W), from 0 to 1.
        label: its class.
        likely: the classes' probabilities, shape (K,).
    """
    left, right = figure.subplots(1, 2)
    left.imshow(image, cmap="gray", vmin=0, vmax=1)
    left.set(xticks=[], yticks=[])
    left.set_title(f"a {label}, seen by the network", fontsize="medium")
    style.describe_axes(left, f"A handwritten {label}")
    _draw_bars(right, label, likely)


def _draw_bars(ax: Axes, label: int, likely: Array) -> None:
    """Draw a bar for each class: green for the right one, orange for a wrong prediction."""
    best, second = (int(place) for place in np.argsort(likely)[::-1][:2])
    colors = [style.BLUE] * len(likely)
    colors[best] = style.ORANGE
    colors[label] = style.GREEN
    ax.barh(range(len(likely)), likely, color=colors)
    ax.set(xlim=(0, 1), yticks=range(len(likely)), xlabel="probability")
    ax.invert_yaxis()
    ax.spines[["top", "right"]].set_visible(False)
    verdict = "" if best == label else ", wrongly"
    ax.set_title(f"read as {best}{verdict}: {likely[best]:.0%}", fontsize="medium")
    style.describe_axes(ax, f"{ax.get_title()}; next is {second} with {likely[second]:.0%}")
