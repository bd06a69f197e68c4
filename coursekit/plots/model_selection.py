"""Plots for model selection: hyperparameter searches and confusion matrices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Real
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from numpy.typing import NDArray

from coursekit.plots import style

AxesArray = NDArray[Any]
COLUMNS = 4


def show_search(
    tried: Sequence[Mapping[str, Any]],
    scores: Sequence[float],
    *,
    logarithmic: Sequence[str] = (),
    score: str = "validation accuracy",
) -> AxesArray:
    """Plot the scores of a search against each hyperparameter; an orange star marks the best.

    Args:
        tried: the hyperparameters of each trial by name; all trials have the same names.
        scores: the score of each trial, higher is better; nan for a failed one.
        logarithmic: the hyperparameters with a logarithmic axis; their values are above 0.
        score: the label of the vertical axes.

    Returns:
        The Axes, one for each hyperparameter, shape (number of names,).

    Raises:
        ValueError: there are no trials, not one score for each, only nan scores, or a logarithmic
            hyperparameter has a value that isn't a number above 0.

    Examples:
        >>> from coursekit import plots
        >>> attempts = [{"rate": 0.1, "units": 16}, {"rate": 0.01, "units": 32}]
        >>> axes = plots.show_search(attempts, [0.8, 0.9], logarithmic=["rate"])
        >>> print(plots.text_alternative(axes))
        rate: 2 attempts, 0.8 to 0.9; the best has 0.01
        units: 2 attempts, 0.8 to 0.9; the best has 32
    """
    reached = _scores(scores, len(tried))
    names = list(tried[0])
    for name in names:
        if name in logarithmic:
            _require_above_0(name, [one[name] for one in tried])
    rows = -(-len(names) // COLUMNS)
    size = (2.6 * COLUMNS, 2.5 * rows)
    figure, grid = plt.subplots(
        rows, COLUMNS, figsize=size, sharey=True, squeeze=False, layout="constrained"
    )
    for ax in grid.flat[len(names) :]:
        figure.delaxes(ax)
    spots = np.asarray(grid.flat[: len(names)], dtype=object)
    for ax, name in zip(spots, names, strict=True):
        values = [one[name] for one in tried]
        _one_setting(ax, name, values, reached, logarithmic=name in logarithmic)
        ax.margins(y=0.12)
    for ax in grid[:, 0]:
        ax.set_ylabel(score)
    return spots


def _scores(scores: Sequence[float], attempts: int) -> NDArray[np.float64]:
    """Return the scores, shape (attempts,); raise unless each attempt has one."""
    if not attempts or attempts != len(scores):
        raise ValueError(
            f"tried must hold one attempt for each score; got {attempts} attempts and "
            f"{len(scores)} scores"
        )
    reached = np.asarray(scores, float)
    if np.isnan(reached).all():
        raise ValueError(
            f"scores must hold at least one number; got {attempts} times nan. "
            "Look at where they were computed."
        )
    return reached


def _require_above_0(name: str, values: Sequence[Any]) -> None:
    """Raise ValueError unless all values fit on a logarithmic axis."""
    for value in values:
        if not (isinstance(value, Real) and float(value) > 0):
            raise ValueError(
                f"{name} must be numbers above 0 for a logarithmic axis; got {value!r}. "
                f"Leave {name!r} out of logarithmic."
            )


def _one_setting(
    ax: Axes, name: str, values: Sequence[Any], scores: NDArray[np.float64], *, logarithmic: bool
) -> None:
    """Draw the scores over one hyperparameter; words and few values are spaced evenly."""
    kinds, best = _in_order(values), int(np.nanargmax(scores))
    places: Any = values
    if logarithmic:
        ax.set_xscale("log")
    elif len(kinds) <= COLUMNS or not _of_one_kind(kinds):
        places = [kinds.index(value) for value in values]
        ax.set_xticks(range(len(kinds)), [str(kind) for kind in kinds])
        ax.set_xlim(-0.5, len(kinds) - 0.5)
    ax.plot(places, scores, "o", color=style.BLUE, alpha=0.6)
    ax.plot(places[best], scores[best], "*", color=style.ORANGE, markersize=14, label="best")
    ax.set_title(name, fontsize="medium")
    text = f"{name}: {len(scores)} attempts, {np.nanmin(scores):.2g} to {np.nanmax(scores):.2g}"
    style.describe_axes(ax, f"{text}; the best has {values[best]}")


def _in_order(values: Iterable[Any]) -> list[Any]:
    """Return the distinct values, sorted; by their text if they cannot be compared."""
    different = set(values)
    try:
        return sorted(different, key=lambda one: (isinstance(one, str), one is None, one))
    except TypeError:  # such as a number and a tuple
        return sorted(different, key=repr)


def _of_one_kind(values: Sequence[Any]) -> bool:
    """Return whether Matplotlib can place the values: they are all numbers, or all strings."""
    return any(all(isinstance(one, kind) for one in values) for kind in (Real, str))


def show_confusion(
    counts: Any, names: Sequence[str], *, ax: Axes | None = None, title: str = ""
) -> Axes:
    """Show a confusion matrix: rows are true classes, columns are predicted ones.

    Args:
        counts: shape (K, K); ``counts[i, j]`` images of class i were predicted as class j. Colours
            go from dark blue (0) to yellow (the largest count).
        names: the names of the K classes.
        ax: Axes to draw on; a new figure if not given.
        title: the heading.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Raises:
        ValueError: the shape does not fit the names.

    Examples:
        >>> from coursekit import plots
        >>> ax = plots.show_confusion([[9, 1], [0, 10]], ["cat", "dog"], title="Twenty photos")
        >>> print(plots.text_alternative(ax))
        Twenty photos: 19 of 20 right
    """
    table, classes = np.asarray(counts), len(names)
    if table.shape != (classes, classes):
        raise ValueError(f"counts must have shape ({classes}, {classes}); got {table.shape}")
    ax = ax or style.new_axes(1.6 + 0.9 * classes, 0.9 + 0.7 * classes)
    norm = Normalize(0, max(int(table.max()), 1))
    ax.imshow(table, cmap=style.POSITIVE, norm=norm, aspect="auto")
    for (row, column), count in np.ndenumerate(table):
        ink = style.ink(count, style.POSITIVE, norm)
        ax.text(column, row, f"{count}", ha="center", va="center", color=ink)
    ax.set_xticks(range(classes), names)
    ax.set_yticks(range(classes), names)
    ax.set(xlabel="answered", ylabel="right")
    ax.set_title(title or "What was taken for what", fontsize="medium")
    right = f"{np.trace(table)} of {table.sum()} right"
    return style.describe_axes(ax, f"{ax.get_title()}: {right}")
