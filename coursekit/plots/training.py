"""Learning curves: losses and accuracies over the epochs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from coursekit.plots import style
from coursekit.training import Run


def training_curves(
    runs: Mapping[str, Run | Sequence[Run]],
    metrics: Sequence[str] = ("loss",),
    *,
    axes: Sequence[Axes] | None = None,
    title: str = "",
) -> tuple[Axes, ...]:
    """Plot losses or accuracies over the epochs, one colour for each name.

    Training values are dashed; validation values, if there are any, are solid with a dot at the
    best epoch.

    Args:
        runs: training runs by name, up to seven names. Several runs of one name, such as the same
            network with several seeds, share its colour.
        metrics: Keras' names, without ``val_``; each gets its own Axes.
        axes: Axes to draw on, one for each metric; a new figure if not given.
        title: a heading above all of them.

    Returns:
        The Axes, one for each metric.

    Raises:
        ValueError: there are no runs, more than seven names, a name without a run, or not one
            Axes for each metric.
        KeyError: a run has no such metric.

    Examples:
        >>> from coursekit import plots
        >>> from coursekit.training import Run
        >>> history = {"loss": (2.0, 1.0), "val_loss": (2.1, 1.5)}
        >>> run = Run(history, epochs=2, steps=20, seconds=3.0, best_epoch=2)
        >>> (ax,) = plots.training_curves({"with dropout": run})
        >>> print(plots.text_alternative(ax))
        Loss over the epochs: with dropout training from 2 to 1, validation from 2.1 to 1.5
    """
    several = {name: _as_list(found) for name, found in runs.items()}
    if not 1 <= len(several) <= len(style.PALETTE):
        raise ValueError(f"runs must be 1 to {len(style.PALETTE)}; got {len(several)}")
    spots = _new_axes(len(metrics)) if axes is None else tuple(axes)
    if len(spots) != len(metrics):
        raise ValueError(f"axes must be one for each of {len(metrics)} metrics; got {len(spots)}")
    for ax, metric in zip(spots, metrics, strict=True):
        for color, (name, found) in zip(style.PALETTE, several.items(), strict=False):
            for run in found:
                _draw(ax, run, metric, color)
            ax.plot([], [], color=color, label=name)
        _label(ax, metric, several)
    _add_legend(spots[-1], [run for found in several.values() for run in found], metrics)
    if title:
        spots[0].figure.suptitle(title)
    return spots


def _as_list(runs: Run | Sequence[Run]) -> list[Run]:
    found = [runs] if isinstance(runs, Run) else list(runs)
    if not found:
        raise ValueError("a name of runs has no run")
    return found


def _new_axes(count: int) -> tuple[Axes, ...]:
    _, axes = plt.subplots(
        1, count, figsize=(2.6 + 4.2 * count, 3.4), layout="constrained", squeeze=False
    )
    return tuple(axes[0])


def _draw(ax: Axes, run: Run, metric: str, color: str) -> None:
    epochs = np.arange(1, run.epochs + 1)
    ax.plot(epochs, run.history[metric], "--", color=color, linewidth=1.2)
    validated = run.history.get(f"val_{metric}")
    if validated is not None:
        ax.plot(epochs, validated, "-", color=color, linewidth=1.8)
        if run.best_epoch:
            best = validated[run.best_epoch - 1]
            ax.plot(run.best_epoch, best, "o", color=color, markersize=6)


def _label(ax: Axes, metric: str, several: Mapping[str, list[Run]]) -> None:
    ax.set(xlabel="epoch", ylabel=metric)
    ax.set_title(f"{metric.capitalize()} over the epochs", fontsize="medium")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ends = "; ".join(f"{name} {_ends(found, metric)}" for name, found in several.items())
    style.describe_axes(ax, f"{ax.get_title()}: {ends}")


def _add_legend(ax: Axes, runs: Sequence[Run], metrics: Sequence[str]) -> None:
    """Write names and line styles to the right of the last Axes, where they cover nothing."""
    handles = ax.get_legend_handles_labels()[0]
    handles.append(Line2D([], [], color="0.3", linestyle="--", label="training"))
    if any(f"val_{metric}" in run.history for run in runs for metric in metrics):
        handles.append(Line2D([], [], color="0.3", marker="o", label="validation,\nbest epoch"))
    ax.legend(handles=handles, fontsize="small", loc="center left", bbox_to_anchor=(1.0, 0.5))


def _ends(runs: Sequence[Run], metric: str) -> str:
    """Return the first and the last numbers in words, the mean of several runs."""
    described = []
    for name, kind in ((metric, "training"), (f"val_{metric}", "validation")):
        if all(name in run.history for run in runs):
            first = np.mean([run.history[name][0] for run in runs])
            last = np.mean([run.history[name][-1] for run in runs])
            described.append(f"{kind} from {first:.3g} to {last:.3g}")
    return ", ".join(described)
