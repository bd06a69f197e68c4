"""Pooling shown as numbers: the windows on an image, and their outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch

from coursekit.arrays import Array
from coursekit.plots import numbers, style

GAP = 2.0
"""Empty columns between the image and the output."""

Pair = tuple[int, int]


def show_pooling(
    image: Any,
    pooled: Any,
    *,
    size: int | Pair,
    stride: int | Pair | None = None,
    places: Sequence[Pair] | None = None,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Show the windows of a pooling on an image's values, and the pooled values beside them.

    A window and its output have frames of one colour. Both arrays share the image's grey scale.

    Args:
        image: shape (H, W) or (H, W, 1), at most 40 by 40.
        pooled: the output of pooling, shape (OH, OW) or (OH, OW, 1).
        size: the window's size, one number or a pair (height, width).
        stride: the window's step, one number or a pair (down, right); the size if not given.
        places: (row, column) of the outputs whose windows are framed; all if not given.
        ax: Axes to draw on; a new figure if not given.
        title: the heading; the window's size and stride if not given.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Raises:
        ValueError: a shape is wrong, a place is outside the output, or a window would extend
            beyond the image.

    Examples:
        >>> import numpy as np
        >>> from coursekit import plots
        >>> image = np.arange(16.0).reshape(4, 4)
        >>> ax = plots.show_pooling(image, [[5.0, 7.0], [13.0, 15.0]], size=2)
        >>> print(plots.text_alternative(ax))
        Windows 2 × 2, stride 2: an image of 4 rows and 4 columns: 0 1 2 3 / 4 5 6 7 / 8 9 10 11
        / 12 13 14 15; pooled numbers of 2 rows and 2 columns: 5 7 / 13 15
    """
    values, kept = numbers.readable(image, "image"), numbers.readable(pooled, "pooled")
    window, step = _pair(size), _pair(size if stride is None else stride)
    framed = list(np.ndindex(*kept.shape)) if places is None else list(places)
    _require_inside(values, kept, window, step, framed)
    ax = ax or style.new_axes(*_figure_size(values, kept))
    left, top = values.shape[1] + GAP, (values.shape[0] - kept.shape[0]) / 2
    _draw(ax, values, kept, left, top)
    for place, color in zip(framed, np.resize(style.PALETTE[:6], len(framed)), strict=True):
        _frame(ax, place, window, step, (left, top), str(color))
    _finish(ax, values, kept, (left, top))
    usual = f"Windows {window[0]} × {window[1]}, stride {_as_text(step)}"
    ax.set_title(title or usual, fontsize="medium")
    words = numbers.in_words("an image", style.as_texts(values))
    result = numbers.in_words("pooled numbers", style.as_texts(kept))
    return style.describe_axes(ax, f"{usual}: {words}; {result}")


def _pair(value: int | Pair) -> Pair:
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def _as_text(step: Pair) -> str:
    return str(step[0]) if step[0] == step[1] else f"{step[0]} down and {step[1]} right"


def _require_inside(
    image: Array, pooled: Array, window: Pair, step: Pair, places: Sequence[Pair]
) -> None:
    last = [(n - 1) * s + k for n, s, k in zip(pooled.shape, step, window, strict=True)]
    if last[0] > image.shape[0] or last[1] > image.shape[1]:
        raise ValueError(
            f"pooled of shape {pooled.shape} needs an image of at least {tuple(last)} for windows "
            f"of {window} and stride {step}; got {image.shape}"
        )
    if outside := [
        p for p in places if not (0 <= p[0] < len(pooled) and 0 <= p[1] < pooled[0].size)
    ]:
        raise ValueError(f"places must lie in pooled, of shape {pooled.shape}; got {outside[0]}")


def _figure_size(image: Array, pooled: Array) -> tuple[float, float]:
    columns = image.shape[1] + GAP + pooled.shape[1]
    cell = min(0.6, 11 / columns)
    return cell * columns + 0.9, max(2.2, cell * max(len(image), len(pooled)) + 1.0)


def _draw(ax: Axes, image: Array, pooled: Array, left: float, top: float) -> None:
    """Draw both arrays on one grey scale with an arrow between them."""
    norm = style.gray_scale(image)
    texts = style.as_texts(image), style.as_texts(pooled)
    cells = len(image) + 1.0, left + pooled.shape[1]
    all_texts = np.concatenate([text.ravel() for text in texts])
    look = {"cmap": "gray", "norm": norm, "fontsize": numbers.font_size(ax, cells, all_texts)}
    numbers.draw_numbers(ax, image, texts=texts[0], **look)  # type: ignore[arg-type]
    numbers.draw_numbers(ax, pooled, texts=texts[1], left=left, top=top, **look)  # type: ignore[arg-type]
    middle = (len(image) - 1) / 2
    ends = (image.shape[1] - 0.2, middle), (left - 0.8, middle)
    ax.add_patch(FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=16, color="0.3"))


def _frame(
    ax: Axes, place: Pair, window: Pair, step: Pair, corner: tuple[float, float], color: str
) -> None:
    """Draw a frame of one colour round a window and round its pooled value."""
    look = {"edgecolor": color, "linewidth": 3}
    row, column = place
    inner = numbers.frame(column * step[1], row * step[0], window, **look)
    # A little smaller, so that frames side by side do not hide each other.
    inner.set_bounds(inner.get_x() + 0.06, inner.get_y() + 0.06, window[1] - 0.12, window[0] - 0.12)
    ax.add_patch(inner)
    cell = numbers.frame(corner[0] + column, corner[1] + row, (1, 1), **look)
    cell.set_bounds(cell.get_x() + 0.06, cell.get_y() + 0.06, 0.88, 0.88)
    ax.add_patch(cell)


def _finish(ax: Axes, image: Array, pooled: Array, corner: tuple[float, float]) -> None:
    rows = max(len(image), len(pooled))
    middle = (len(image) - rows) / 2 - 0.5
    ax.set(xlim=(-0.6, corner[0] + pooled.shape[1] - 0.4), ylim=(middle + rows + 0.1, middle - 0.1))
    ax.set(xticks=range(image.shape[1]), yticks=range(len(image)), aspect="equal")
    ax.set_xlabel("column", x=image.shape[1] / (corner[0] + pooled.shape[1]) / 2)
    ax.set_ylabel("row")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
