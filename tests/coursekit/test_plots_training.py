"""The plot of losses and accuracies over the epochs."""

from __future__ import annotations

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes

from coursekit import plots
from coursekit.training import Run

PLAIN = Run({"loss": (3.0, 2.0)}, epochs=2, steps=8, seconds=1.0, best_epoch=2)
CHECKED = Run(
    {"loss": (3.0, 1.0, 0.5), "val_loss": (4.0, 2.0, 5.0), "accuracy": (0.1, 0.2, 0.3)},
    epochs=3,
    steps=12,
    seconds=1.0,
    best_epoch=2,
)


def _lines(ax: Axes) -> list[tuple[list[float], list[float], str]]:
    return [
        ([*line.get_xdata()], [*line.get_ydata()], line.get_linestyle())
        for line in ax.lines
        if len(line.get_xdata())
    ]


def test_training_is_dashed_validation_is_solid_with_a_dot_at_the_best_epoch() -> None:
    (ax,) = plots.training_curves({"small": CHECKED})
    dashed, solid, dot = _lines(ax)
    assert dashed == ([1, 2, 3], [3.0, 1.0, 0.5], "--")
    assert solid == ([1, 2, 3], [4.0, 2.0, 5.0], "-")
    assert dot[:2] == ([2], [2.0])
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["small", "training", "validation,\nbest epoch"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")
    words = "Loss over the epochs: small training from 3 to 0.5, validation from 4 to 5"
    assert plots.text_alternative(ax) == words


def test_what_was_not_validated_has_the_training_s_line_alone() -> None:
    (ax,) = plots.training_curves({"plain": PLAIN})
    assert _lines(ax) == [([1, 2], [3.0, 2.0], "--")]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["plain", "training"]


def test_runs_of_one_name_share_a_colour_and_names_do_not() -> None:
    (ax,) = plots.training_curves({"seeds": [PLAIN, PLAIN], "other": CHECKED})
    colors = [line.get_color() for line in ax.lines if len(line.get_xdata())]
    assert colors[0] == colors[1] != colors[2]
    assert plots.text_alternative(ax).startswith(
        "Loss over the epochs: seeds training from 3 to 2; other training from 3 to 0.5"
    )


def test_each_metric_has_axes_of_its_own() -> None:
    loss, accuracy = plots.training_curves({"a": CHECKED}, ("loss", "accuracy"), title="Twice")
    assert (loss.get_ylabel(), accuracy.get_ylabel()) == ("loss", "accuracy")
    assert loss.figure is accuracy.figure
    assert (loss.get_legend(), accuracy.get_legend() is None) == (None, False)
    assert loss.figure.get_suptitle() == "Twice"
    own = plt.subplots()[1]
    assert plots.training_curves({"a": CHECKED}, axes=[own]) == (own,)


@pytest.mark.parametrize(
    ("runs", "message"),
    [
        ({}, "runs must be 1 to 7; got 0"),
        ({str(n): PLAIN for n in range(8)}, "runs must be 1 to 7; got 8"),
        ({"none": []}, "has no run"),
    ],
)
def test_too_few_and_too_many_are_refused(runs: dict[str, Run], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.training_curves(runs)


def test_axes_that_do_not_fit_and_unknown_metrics_are_refused() -> None:
    with pytest.raises(ValueError, match="axes must be one for each of 1 metrics; got 0"):
        plots.training_curves({"a": PLAIN}, axes=[])
    with pytest.raises(KeyError, match="accuracy"):
        plots.training_curves({"a": PLAIN}, ("accuracy",))


def test_a_run_whose_accuracy_alone_was_validated_has_its_line_in_the_legend() -> None:
    history = {"loss": (3.0, 2.0), "accuracy": (0.1, 0.2), "val_accuracy": (0.3, 0.2)}
    run = Run(history, epochs=2, steps=8, seconds=1.0, best_epoch=1)
    axes = plots.training_curves({"a": run}, ("loss", "accuracy"))
    legend = [text.get_text() for text in axes[1].get_legend().get_texts()]
    assert legend == ["a", "training", "validation,\nbest epoch"]
    (alone,) = plots.training_curves({"a": run})
    assert [text.get_text() for text in alone.get_legend().get_texts()] == ["a", "training"]
