"""One-dimensional signals."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from coursekit.plots import style

LINES = ("-", "--", ":", "-.")


def show_signal(signal: Any, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Plot a signal over its samples, one line for each channel.

    Args:
        signal: shape (L,) or (L, C), with up to seven channels.
        ax: Axes to draw on; a new figure if not given.
        title: the heading; the signal's length if not given.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Raises:
        ValueError: the signal has another shape.

    Examples:
        >>> import numpy as np
        >>> from coursekit import plots
        >>> ax = plots.show_signal(np.sin(np.linspace(0, 6.28, 50)), title="One period")
        >>> print(plots.text_alternative(ax))
        One period: a signal of 50 samples and 1 channels, values -1 to 0.999
    """
    values = np.asarray(signal)
    channels = values[:, np.newaxis] if values.ndim == 1 else values
    if channels.ndim != 2 or not channels.size or channels.shape[1] > len(style.PALETTE):
        raise ValueError(
            f"signal must have shape (L,) or (L, C) with C up to {len(style.PALETTE)}; "
            f"got {values.shape}. Take one signal of the batch: signal[0]."
        )
    ax = ax or style.new_axes(6.4, 2.8)
    length, count = channels.shape
    for number, channel in enumerate(channels.T):
        ax.plot(channel, label=f"channel {number}", **_look(number, length))
    ax.axhline(0, color="0.7", linewidth=0.8, zorder=0)
    ax.set(xlabel="sample", ylabel="value")
    ax.set_title(title or f"Signal of {length} samples", fontsize="medium")
    if count > 1:
        ax.legend()
    low, high = style.limits(channels)
    text = f"a signal of {length} samples and {count} channels, values {low:.3g} to {high:.3g}"
    return style.describe_axes(ax, f"{ax.get_title()}: {text}")


def _look(number: int, length: int) -> dict[str, Any]:
    """Return a line's colour, line style and markers, so that colour alone is not needed."""
    return {
        "color": style.PALETTE[number],
        "linestyle": LINES[number % len(LINES)],
        "marker": "o" if length <= 60 else "",
        "markersize": 3.5,
    }
