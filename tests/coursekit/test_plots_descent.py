"""Plots of a loss that falls: curves and paths."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from coursekit import plots


def test_losses_are_lines_with_a_legend_and_words():
    ax = plots.show_losses({"right": [5.0, 2.0, 1.0], "wrong": [5.0, 9.0, 20.0]}, title="Two runs")
    assert [line.get_ydata().tolist() for line in ax.lines] == [[5.0, 2.0, 1.0], [5.0, 9.0, 20.0]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["right", "wrong"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_yscale()) == ("step", "loss", "linear")
    assert plots.text_alternative(ax) == "Two runs: right from 5 to 1, wrong from 5 to 20"


def test_losses_may_be_on_a_logarithmic_scale_on_given_axes():
    own = plt.subplots()[1]
    assert plots.show_losses({"run": [1.0, 10.0]}, ax=own, log=True) is own
    assert own.get_yscale() == "log"


def test_paths_lie_on_the_surface():
    path = np.array([[1.0, 1.0], [0.5, 0.2], [0.0, 0.0]])
    ax = plots.show_paths(lambda a, b: a**2 + 4 * b**2, {"sgd": path}, across=(-1, 2))
    np.testing.assert_array_equal(np.column_stack(ax.lines[0].get_data()), path)
    assert ax.get_xlim() == (-1, 2)
    assert len(ax.collections) >= 2
    assert plots.text_alternative(ax) == "Paths downhill: sgd ends at (0, 0)"


@pytest.mark.parametrize("count", [0, 8])
def test_more_lines_than_can_be_told_apart_are_refused(count):
    with pytest.raises(ValueError, match=f"losses must be 1 to 7; got {count}"):
        plots.show_losses({str(n): [1.0] for n in range(count)})


@pytest.mark.parametrize("surface", [lambda a, _: 0 * a + 1, lambda *_: 1.0])
def test_a_level_surface_has_paths_and_no_lines_of_equal_height(surface):
    ax = plots.show_paths(surface, {"sgd": [[1.0, 1.0], [0.5, 0.2]]})
    assert len(ax.collections) == 0
    assert plots.text_alternative(ax) == "Paths downhill: sgd ends at (0.5, 0.2)"


def test_a_name_without_losses_is_refused():
    with pytest.raises(ValueError, match=r"losses\['x'\] must hold the loss after 0, 1, 2"):
        plots.show_losses({"right": [1.0], "x": []})
