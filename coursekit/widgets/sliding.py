"""A kernel that steps over an image, with its products and the feature map so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coursekit import plots
from coursekit.arrays import Array
from coursekit.plots import numbers, style
from coursekit.plots.sliding import require_inside
from coursekit.widgets.controls import slider_with_player
from coursekit.widgets.panel import Panel

Slide = Callable[[Any, Any], Any]
"""Takes an image (H, W) and a kernel (KH, KW), returns (H - KH + 1, W - KW + 1), as in lab 1."""


def sliding(function: Slide, image: Any, kernel: Any, *, stop: int = 0) -> Panel:
    """Step through a feature map: the kernel on the image, the products, and the map so far.

    The values of the map are those that the function returns, which makes mistakes visible: if one
    differs from the sum of the products, the heading says so. The player runs through all
    positions.

    Args:
        function: takes ``(image, kernel)`` and returns the feature map, as ``correlate2d`` does.
        image: shape (H, W) or (H, W, 1); up to 12 by 12 is shown whole.
        kernel: shape (KH, KW) or (KH, KW, 1), no larger than the image.
        stop: the initial position in the output, counted row by row from 0.

    Returns:
        A panel, shown if it is on a cell's last line.

    Raises:
        ValueError: the image or the kernel has another shape, the kernel is larger than the
            image, or the function's result has another shape than the feature map.

    Examples:
        >>> import numpy as np
        >>> from scipy.signal import correlate2d
        >>> from coursekit import widgets
        >>> slide = lambda image, kernel: correlate2d(image, kernel, mode="valid")
        >>> print(widgets.sliding(slide, np.eye(4), np.ones((3, 3)), stop=1).text)
        Kernel at output row 0, column 1 (stride 1): 0 × 1 + 0 × 1 + 0 × 1 + 1 × 1 + 0 × 1 + 0 ×
        1 + 0 × 1 + 1 × 1 + 0 × 1 = 2
        The feature map so far, 2 of 4: 3 2; feature map: 2
    """
    pixels, weights = style.one_channel(image, "image"), style.one_channel(kernel, "kernel")
    require_inside(pixels, weights)
    answers = _answers(function, pixels, weights)
    place, player = slider_with_player("stop", stop, answers.size - 1)

    def draw(figure: Figure, *, stop: int) -> None:
        draw_stop(figure, pixels, weights, answers, stop=stop)

    return Panel(draw, {"stop": place}, size=(8.1, 3.5), extra=[player])


def _answers(function: Slide, image: Array, kernel: Array) -> Array:
    """Return the function's feature map; raise unless it has a value for every position."""
    # Copies: a function that writes into its arguments must not change what is drawn.
    answers = np.asarray(function(image.copy(), kernel.copy()), float)
    stops = tuple(np.subtract(image.shape, kernel.shape) + 1)
    if answers.shape != stops:
        raise ValueError(
            f"function must return shape {tuple(map(int, stops))}, a number for each stop of a "
            f"{kernel.shape} kernel on a {image.shape} image; got {answers.shape}"
        )
    return answers


def draw_stop(
    figure: Figure, image: Array, kernel: Array, answers: Array, *, stop: int, stride: int = 1
) -> None:
    """Draw the kernel at one position, and beside it the feature map up to this position.

    Args:
        figure: an empty figure.
        image: shape (H, W).
        kernel: shape (KH, KW).
        answers: the whole feature map.
        stop: the position in the feature map, counted row by row from 0.
        stride: step of the kernel.
    """
    row, column = (int(index) for index in np.unravel_index(stop, answers.shape))
    left, right = figure.subplots(1, 2, width_ratios=(2.4, 1))
    plots.show_kernel_on_image(image, kernel, row=row, column=column, stride=stride, ax=left)
    _draw_map(right, answers, stop)
    top, beginning = row * stride, column * stride
    patch = image[top : top + kernel.shape[0], beginning : beginning + kernel.shape[1]]
    total = np.sum(np.multiply(patch, kernel, dtype=np.float64))
    verdict = _verdict(answers[row, column], total)
    right.set_title(verdict, fontsize="medium")
    style.describe_axes(right, f"{right.get_label()}; {' '.join(verdict.split())}")


def _verdict(answer: float, total: float) -> str:
    """Return the map's heading: the function's value, and whether it is the sum of the products."""
    if np.isclose(answer, total):
        return f"feature map: {answer:.4g}"
    return f"feature map: {answer:.4g},\nnot the sum {total:.4g}"


def _draw_map(ax: Axes, answers: Array, stop: int) -> None:
    """Draw the output up to this position, the last value framed."""
    done = np.arange(answers.size).reshape(answers.shape) <= stop
    texts = np.where(done, style.as_texts(answers), "")
    size = numbers.font_size(ax, answers.shape, texts)
    norm = style.signed_scale(answers, room=1.3)
    shown = np.where(done, answers, 0.0)
    numbers.draw_numbers(ax, shown, cmap=style.SIGNED, norm=norm, texts=texts, fontsize=size)
    numbers.name_axes(ax, answers, "feature map")
    row, column = np.unravel_index(stop, answers.shape)
    ax.add_patch(
        numbers.frame(float(column), float(row), (1, 1), edgecolor=style.ORANGE, linewidth=2.5)
    )
    described = " ".join(text for text in texts.flat if text)
    style.describe_axes(ax, f"The feature map so far, {stop + 1} of {answers.size}: {described}")
