"""A kernel at one position of an image: the products, and their sum, one output value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from coursekit.arrays import Array
from coursekit.plots import numbers, style

MOST = 12
"""The most rows or columns of a larger image that are shown around the kernel."""

PATCH = "#FFF6E5"
"""The patch's background, light enough to read pixel and weight on it."""


@dataclass(frozen=True)
class _Placement:
    """One position of a kernel on an image, in the image's rows and columns."""

    image: Array
    kernel: Array
    top: int
    left: int

    @property
    def patch(self) -> Array:
        rows, columns = self.kernel.shape
        return self.image[self.top : self.top + rows, self.left : self.left + columns]

    @property
    def products(self) -> Array:
        return np.multiply(self.patch, self.kernel, dtype=np.float64)

    @property
    def shown(self) -> tuple[range, range]:
        """The rows and the columns of the image that are drawn."""
        return (
            _around(self.top, self.kernel.shape[0], self.image.shape[0]),
            _around(self.left, self.kernel.shape[1], self.image.shape[1]),
        )

    @property
    def panel(self) -> tuple[float, float]:
        """Column and row of the products: right of the image, at the patch's height."""
        rows, columns = self.shown
        lowest = rows.stop - len(self.kernel) - 1
        return columns.stop + 1.0, float(max(rows.start + 1, min(self.top, lowest)))

    @property
    def cells(self) -> tuple[float, float]:
        """Height and width of all that is drawn, in cells."""
        rows, columns = self.shown
        height = max(len(rows), len(self.kernel) + 2)
        return height + 0.3, len(columns) + self.kernel.shape[1] + 1.7


def _around(start: int, length: int, size: int) -> range:
    """Return at most `MOST` indices (more for a longer kernel), centred on the kernel."""
    count = min(size, max(MOST, length + 2))
    first = max(0, min(start + length // 2 - count // 2, size - count))
    return range(first, first + count)


def show_kernel_on_image(
    image: Any,
    kernel: Any,
    *,
    row: int,
    column: int,
    stride: int = 1,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Show a kernel at one position of an image, with the products and their sum.

    The kernel is not flipped: this is what a layer computes (a cross-correlation). A large image
    is cropped around the kernel. Products are orange below zero, white at zero, purple above.

    Args:
        image: shape (H, W) or (H, W, 1).
        kernel: shape (KH, KW) or (KH, KW, 1), no larger than the image.
        row: row of the *output*, from 0; the kernel's top row is on ``row * stride``.
        column: column of the output; the kernel's left is on ``column * stride``.
        stride: step of the kernel, in pixels.
        ax: Axes to draw on; a new figure if not given.
        title: the heading; position and stride if not given.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Raises:
        ValueError: a shape is wrong, or the kernel would extend beyond the image.

    Examples:
        >>> import numpy as np
        >>> from coursekit import plots
        >>> image = np.array([[0.0, 1, 1], [0, 1, 1], [0, 1, 1]])
        >>> ax = plots.show_kernel_on_image(image, np.array([[-1.0, 1], [-1, 1]]), row=0, column=0)
        >>> print(plots.text_alternative(ax))
        Kernel at output row 0, column 0 (stride 1): 0 × -1 + 1 × 1 + 0 × -1 + 1 × 1 = 2
    """
    pixels, weights = style.one_channel(image, "image"), numbers.readable(kernel, "kernel")
    require_inside(pixels, weights, row=row, column=column, stride=stride)
    place = _Placement(pixels, weights, row * stride, column * stride)
    ax = ax or style.new_axes(*_figure_size(place))
    size = numbers.font_size(ax, place.cells, _all_texts(place))
    _draw_image(ax, place, size)
    _draw_patch(ax, place, size)
    _draw_products(ax, place, size)
    usual = f"Kernel at output row {row}, column {column} (stride {stride})"
    _finish(ax, place, title or usual)
    return style.describe_axes(ax, f"{usual}: {_sum_in_words(place)}")


def require_inside(
    image: Array, kernel: Array, *, row: int = 0, column: int = 0, stride: int = 1
) -> None:
    """Raise ValueError unless a kernel's position lies on an image.

    Args:
        image: shape (H, W).
        kernel: shape (KH, KW).
        row: row of the output; the kernel's top row is on ``row * stride``.
        column: column of the output; the kernel's left is on ``column * stride``.
        stride: step of the kernel, in pixels.

    Raises:
        ValueError: the stride is below 1, the kernel is larger than the image, or the position
            is outside the output.
    """
    if stride < 1:
        raise ValueError(f"stride must be at least 1; got {stride}")
    if any(width > size for width, size in zip(kernel.shape, image.shape, strict=True)):
        raise ValueError(
            f"kernel must be no larger than the image {image.shape}; got {kernel.shape}"
        )
    for name, place, size, width in (
        ("row", row, image.shape[0], kernel.shape[0]),
        ("column", column, image.shape[1], kernel.shape[1]),
    ):
        last = (size - width) // stride
        if not 0 <= place <= last:
            raise ValueError(
                f"{name} must lie in 0 to {last}, the {name}s of the output for an image of "
                f"{size}, a kernel of {width} and stride {stride}; got {place}"
            )


def _figure_size(place: _Placement) -> tuple[float, float]:
    height, width = place.cells
    cell = min(0.62, 10 / width)
    return max(4.2, cell * width + 0.8), max(2.6, cell * height + 0.9)


def _all_texts(place: _Placement) -> Array:
    """Return the texts that determine the font size."""
    weights = "× " + style.as_texts(place.kernel)
    return np.concatenate([style.as_texts(place.patch), weights, style.as_texts(place.products)])


def _sum_in_words(place: _Placement) -> str:
    """Return the sum written out, such as ``1 × 1 + 1 × 0 + 1 × 1 = 2``."""
    terms = style.as_texts(place.patch) + " × " + style.as_texts(place.kernel)
    return f"{' + '.join(terms.flat)} = {_total(place)}"


def _draw_image(ax: Axes, place: _Placement, size: float) -> None:
    """Draw the image with empty cells under the patch."""
    rows, columns = place.shown
    part = place.image[rows.start : rows.stop, columns.start : columns.stop]
    texts = style.as_texts(part)
    top, left = place.top - rows.start, place.left - columns.start
    texts[top : top + len(place.kernel), left : left + place.kernel.shape[1]] = ""
    numbers.draw_numbers(
        ax,
        part,
        cmap="gray",
        norm=style.gray_scale(place.image),
        texts=texts,
        fontsize=size,
        left=columns.start,
        top=rows.start,
    )


def _draw_patch(ax: Axes, place: _Placement, size: float) -> None:
    """Write each pixel above its weight, with a frame around all."""
    pixels, weights = style.as_texts(place.patch), style.as_texts(place.kernel)
    for (row, column), weight in np.ndenumerate(weights):
        x, y = place.left + column, place.top + row
        ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=PATCH, edgecolor="0.8"))
        numbers.write(ax, x, y - 0.22, str(pixels[row, column]), size)
        bold = {"color": style.BLUE, "fontweight": "bold"}
        numbers.write(ax, x, y + 0.22, f"× {weight}", size, **bold)
    outline = {"edgecolor": style.ORANGE, "linewidth": 2.5}
    ax.add_patch(numbers.frame(place.left, place.top, place.kernel.shape, **outline))


def _draw_products(ax: Axes, place: _Placement, size: float) -> None:
    left, top = place.panel
    rows, columns = place.kernel.shape
    numbers.draw_numbers(
        ax,
        place.products,
        cmap=style.SIGNED,
        norm=style.signed_scale(place.products, room=1.3),
        texts=style.as_texts(place.products),
        fontsize=size,
        left=left,
        top=top,
    )
    outline = {"edgecolor": style.ORANGE, "linewidth": 2.5}
    ax.add_patch(numbers.frame(left, top, place.kernel.shape, **outline))
    middle = left + (columns - 1) / 2
    heading = min(10.0, size * 1.3)
    numbers.write(ax, middle, top - 0.85, "products", heading)
    total = f"sum = {_total(place)}"
    numbers.write(ax, middle, top + rows - 0.1, total, heading, fontweight="bold")


def _total(place: _Placement) -> str:
    """Return the sum as text, with the decimals of the products."""
    return str(style.as_texts(np.append(place.products, place.products.sum()))[-1])


def _finish(ax: Axes, place: _Placement, title: str) -> None:
    """Make room for the products, and number the rows and columns of the image only."""
    rows, columns = place.shown
    height, width = place.cells
    ax.set(xlim=(columns.start - 0.5, columns.start - 0.5 + width))
    ax.set(ylim=(rows.start - 0.5 + height, rows.start - 0.5))
    ax.set(xticks=columns, yticks=rows)
    ax.set_xlabel("column", x=len(columns) / width / 2)
    ax.set_ylabel("row", y=1 - len(rows) / height / 2)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.spines["bottom"].set_position(("data", rows.stop - 0.5))
    ax.set_title(title, fontsize="medium")
