"""Tables of numbers that fill up position by position, for the steppers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from coursekit.arrays import Array
from coursekit.plots import numbers, style


@dataclass(frozen=True)
class Window:
    """A part of a table.

    Args:
        top: its first row.
        left: its first column.
        shape: its rows and columns.
    """

    top: int
    left: int
    shape: tuple[int, int] = (1, 1)

    @property
    def inside(self) -> tuple[slice, slice]:
        """The index of these cells."""
        height, width = self.shape
        return np.s_[self.top : self.top + height, self.left : self.left + width]


def errors_of(dout: Any, stops: tuple[int, int], step: float) -> Array:
    """Return the loss gradients at the output positions of a layer.

    Args:
        dout: shape (OH, OW) or (OH, OW, 1); if None, the step, twice the step, and so on.
        stops: (OH, OW).
        step: the first gradient if ``dout`` is None.

    Raises:
        ValueError: ``dout`` has another shape.
    """
    if dout is None:
        return step * np.arange(1, np.prod(stops) + 1).reshape(stops)
    errors = style.one_channel(dout, "dout")
    if errors.shape != stops:
        raise ValueError(
            f"dout must have the output's shape {stops}, an error for each stop; "
            f"got {np.shape(dout)}"
        )
    return errors


def show_table(
    ax: Axes,
    values: Array,
    title: str,
    *,
    known: Array | None = None,
    framed: Window | None = None,
    gray: Array | None = None,
) -> Axes:
    """Show a table of numbers, with unknown cells empty and a frame around some cells.

    Args:
        ax: the Axes to draw on.
        values: shape (rows, columns).
        title: the heading, which also begins the text alternative.
        known: true where the number is shown, of the same shape; everywhere if not given.
        framed: the part with an orange frame.
        gray: an image whose grey scale is used; if not given, the table is orange below zero
            and purple above.
    """
    there = np.ones(values.shape, bool) if known is None else known
    texts = np.where(there, style.as_texts(values), "")
    scale = style.signed_scale(values, room=1.3) if gray is None else style.gray_scale(gray)
    cmap, empty = (style.SIGNED, 0.0) if gray is None else ("gray", style.limits(gray)[1])
    size = numbers.font_size(ax, values.shape, texts)
    shown = np.where(there, values, empty)
    numbers.draw_numbers(ax, shown, cmap=cmap, norm=scale, texts=texts, fontsize=size)
    if framed:
        draw_frame(ax, framed)
    ax.set(xticks=range(values.shape[1]), yticks=range(values.shape[0]))
    ax.tick_params(length=0, labelsize="small")
    ax.set_title(title, fontsize="medium")
    described = " / ".join(" ".join(text or "·" for text in row) for row in texts)
    return style.describe_axes(ax, f"{' '.join(title.split())}: {described}")


def draw_frame(ax: Axes, window: Window, **look: Any) -> None:
    """Draw an orange frame around some cells."""
    usual = {"edgecolor": style.ORANGE, "linewidth": 2.5, "clip_on": False}
    ax.add_patch(numbers.frame(window.left, window.top, window.shape, **{**usual, **look}))
