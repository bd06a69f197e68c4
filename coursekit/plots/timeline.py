"""Timelines of workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from coursekit.plots import style

Spans = Sequence[tuple[float, float]]


def show_timeline(lanes: Mapping[str, Spans], *, ax: Axes | None = None, title: str = "") -> Axes:
    """Show when each of several workers was busy, one lane for each, the first one on top.

    Args:
        lanes: by name, up to seven, the spans (start, end) in seconds, in order; they are
            numbered where there is room.
        ax: Axes to draw on; a new figure if not given.
        title: the heading.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Raises:
        ValueError: there are no lanes, or more than seven.

    Examples:
        >>> from coursekit import plots
        >>> ax = plots.show_timeline({"load": [(0, 1), (1, 2)], "train": [(1, 2), (2, 3)]})
        >>> print(plots.text_alternative(ax))
        Who worked when: load 2 times, train 2 times
    """
    if not 1 <= len(lanes) <= len(style.PALETTE):
        raise ValueError(f"lanes must be 1 to {len(style.PALETTE)}; got {len(lanes)}")
    ax = ax or style.new_axes(7.5, 0.9 + 0.5 * len(lanes))
    whole = max((end for spans in lanes.values() for _, end in spans), default=1.0)
    for row, (color, spans) in enumerate(zip(style.PALETTE, lanes.values(), strict=False)):
        for number, (start, end) in enumerate(spans, start=1):
            readable = end - start > whole / 40
            edge = "white" if readable else color  # white edges would hide a very narrow bar
            ax.barh(row, end - start, left=start, height=0.6, color=color, edgecolor=edge)
            if readable:
                middle = (start + end) / 2
                ax.text(middle, row, f"{number}", ha="center", va="center", color="white")
    ax.set_yticks(range(len(lanes)), list(lanes))
    ax.invert_yaxis()
    ax.set(xlabel="seconds", xlim=(-whole / 50, 1.02 * whole))
    ax.set_title(title or "Who worked when", fontsize="medium")
    ends = [f"{name} {len(spans)} times" for name, spans in lanes.items()]
    return style.describe_axes(ax, f"{ax.get_title()}: {', '.join(ends)}")
