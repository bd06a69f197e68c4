"""Images and kernels with their values written on them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from coursekit.arrays import Array
from coursekit.plots import style

MOST = 40
"""The most rows or columns of numbers that can be read."""


def show_pixels(
    image: Any, *, ax: Axes | None = None, digits: int | None = None, title: str = ""
) -> Axes:
    """Show a grey image with the value of each pixel written on it.

    The grey scale is 0 to 255 for uint8, 0 to 1 if all values lie in that range, else the image's
    own range.

    Args:
        image: shape (H, W) or (H, W, 1), at most 40 by 40.
        ax: Axes to draw on; a new figure if not given.
        digits: decimals; if not given, none if all values are whole numbers, else two.
        title: the heading; the image's shape if not given.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Raises:
        ValueError: the image has another shape, or more than 40 rows or columns.

    Examples:
        >>> import numpy as np
        >>> from coursekit import plots
        >>> ax = plots.show_pixels(np.array([[0.0, 0.5], [0.5, 1.0]]), title="Four pixels")
        >>> print(plots.text_alternative(ax))
        an image of 2 rows and 2 columns: 0.00 0.50 / 0.50 1.00
    """
    values = readable(image, "image")
    ax = ax or style.new_axes(*figure_size(values))
    texts = style.as_texts(values, digits)
    size = font_size(ax, values.shape, texts)
    norm = style.gray_scale(values)
    draw_numbers(ax, values, cmap="gray", norm=norm, texts=texts, fontsize=size)
    rows, columns = values.shape
    name_axes(ax, values, title or f"Pixel numbers, {rows} rows and {columns} columns")
    return style.describe_axes(ax, in_words("an image", texts))


def show_kernel(
    kernel: Any, *, ax: Axes | None = None, title: str | None = None, digits: int | None = None
) -> Axes:
    """Show a kernel with its weights: orange below zero, white at zero, purple above.

    Args:
        kernel: shape (KH, KW) or (KH, KW, 1), at most 40 by 40.
        ax: Axes to draw on; a new figure if not given.
        title: the heading; the kernel's size if not given.
        digits: decimals; if not given, none if all values are whole numbers, else two.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Raises:
        ValueError: the kernel has another shape, or more than 40 rows or columns.

    Examples:
        >>> import numpy as np
        >>> from coursekit import plots
        >>> edges = np.array([[-1.0, 0, 1]] * 3)
        >>> print(plots.text_alternative(plots.show_kernel(edges, title="Vertical edges")))
        a kernel of 3 rows and 3 columns: -1 0 1 / -1 0 1 / -1 0 1
    """
    values = readable(kernel, "kernel")
    ax = ax or style.new_axes(*figure_size(values))
    texts = style.as_texts(values, digits)
    size = font_size(ax, values.shape, texts)
    norm = style.signed_scale(values, room=1.3)
    draw_numbers(ax, values, cmap=style.SIGNED, norm=norm, texts=texts, fontsize=size)
    rows, columns = values.shape
    name_axes(ax, values, f"Kernel {rows} × {columns}" if title is None else title)
    return style.describe_axes(ax, in_words("a kernel", texts))


def readable(values: Any, name: str) -> Array:
    """Return the values with shape (H, W), after a check that so many can be read.

    Raises:
        ValueError: they have another shape, or more than 40 rows or columns.
    """
    array = style.one_channel(values, name)
    if max(array.shape) > MOST:
        raise ValueError(
            f"{name} must have at most {MOST} rows and columns to be read as numbers; "
            f"got {array.shape}. Cut a part out, such as {name}[:10, :10]."
        )
    return array


def figure_size(values: Array) -> tuple[float, float]:
    """Return a width and height in inches that leave room for each number."""
    rows, columns = values.shape
    cell = min(0.55, 11 / columns)
    return max(2.4, cell * columns + 0.8), max(2.2, cell * rows + 0.9)


def draw_numbers(
    ax: Axes,
    values: Array,
    *,
    cmap: str,
    norm: Normalize,
    texts: Array,
    fontsize: float,
    left: float = 0,
    top: float = 0,
) -> None:
    """Draw coloured cells with a text in each, the first cell's centre at (left, top)."""
    rows, columns = values.shape
    extent = (left - 0.5, left + columns - 0.5, top + rows - 0.5, top - 0.5)
    ax.imshow(values, cmap=cmap, norm=norm, extent=extent)
    for (row, column), value in np.ndenumerate(values):
        color = style.ink(float(value), cmap, norm)
        write(ax, left + column, top + row, str(texts[row, column]), fontsize, color=color)
    ax.add_patch(frame(left, top, values.shape, color="0.5", linewidth=1))


def write(ax: Axes, x: float, y: float, text: str, fontsize: float, **look: Any) -> None:
    """Write a text centred at (x, y)."""
    ax.text(x, y, text, ha="center", va="center", fontsize=fontsize, **look)


def frame(left: float, top: float, shape: tuple[int, ...], **look: Any) -> Rectangle:
    """Return a frame around cells, the first cell's centre at (left, top)."""
    return Rectangle((left - 0.5, top - 0.5), shape[1], shape[0], fill=False, **look)


def font_size(ax: Axes, cells: tuple[float, float], texts: Array) -> float:
    """Return the font size, in points, at which the longest text fits into one of the cells."""
    box = ax.get_window_extent()
    cell = min(box.height / cells[0], box.width / cells[1]) / ax.figure.dpi
    longest = max(len(text) for text in texts.flat)
    return float(min(11.0, 72 * cell * 1.35 / max(longest, 2)))


def name_axes(ax: Axes, values: Array, title: str) -> None:
    """Set the title, the axis labels and ticks at row and column numbers."""
    rows, columns = values.shape
    step = 1 if max(rows, columns) <= 20 else 5
    ax.set(xticks=range(0, columns, step), yticks=range(0, rows, step))
    ax.set(xlabel="column", ylabel="row")
    ax.set_title(title, fontsize="medium")


def in_words(what: str, texts: Array) -> str:
    """Return a text alternative with the numbers row by row."""
    size = f"{texts.shape[0]} rows and {texts.shape[1]} columns"
    return f"{what} of {size}: " + " / ".join(" ".join(row) for row in texts)
