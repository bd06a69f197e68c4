"""The plots of pooling and of receptive fields: what is drawn where, and wrong arguments."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from coursekit import plots
from coursekit.plots import style

IMAGE = np.array([[1, 1, 2, 4], [5, 6, 9, 3], [3, 2, 4, 4], [1, 2, 0, 7]])
POOLED = [[6, 9], [3, 7]]


def frames(ax):
    """Left, top, width, height of every thick frame, rounded to whole cells."""
    thick = [patch for patch in ax.patches if patch.get_linewidth() == 3]
    return [
        tuple(np.rint([*(np.array(p.get_xy()) + 0.5), p.get_width(), p.get_height()]).astype(int))
        for p in thick
    ]


def test_every_number_of_both_arrays_is_written():
    ax = plots.show_pooling(IMAGE, POOLED, size=2)
    texts = [text.get_text() for text in ax.texts]
    assert texts == [str(n) for n in IMAGE.flat] + ["6", "9", "3", "7"]
    assert ax.get_title() == "Windows 2 × 2, stride 2"


def test_each_window_has_the_colour_of_its_number_beside_it():
    ax = plots.show_pooling(IMAGE, POOLED, size=2)
    assert frames(ax)[::2] == [(0, 0, 2, 2), (2, 0, 2, 2), (0, 2, 2, 2), (2, 2, 2, 2)]
    assert [frame[2:] for frame in frames(ax)[1::2]] == [(1, 1)] * 4
    thick = [patch for patch in ax.patches if patch.get_linewidth() == 3]
    colors = [to_hex(patch.get_edgecolor()) for patch in thick]
    assert colors[::2] == colors[1::2]
    assert len(set(colors)) == 4


def test_overlapping_windows_can_be_framed_one_by_one():
    image = np.arange(30).reshape(5, 6)
    ax = plots.show_pooling(image, np.zeros((2, 4)), size=(3, 2), stride=(2, 1), places=[(1, 3)])
    assert frames(ax)[0] == (3, 2, 2, 3)
    assert len(frames(ax)) == 2
    assert ax.get_title() == "Windows 3 × 2, stride 2 down and 1 right"


def test_the_text_alternative_holds_both_arrays():
    text = plots.text_alternative(plots.show_pooling(IMAGE, POOLED, size=2))
    assert "1 1 2 4 / 5 6 9 3 / 3 2 4 4 / 1 2 0 7" in text
    assert "pooled numbers of 2 rows and 2 columns: 6 9 / 3 7" in text


def test_a_result_that_does_not_fit_the_windows_is_refused():
    with pytest.raises(ValueError, match=r"needs an image of at least \(6, 4\).*got \(4, 4\)"):
        plots.show_pooling(IMAGE, np.zeros((3, 2)), size=2)
    with pytest.raises(ValueError, match=r"places must lie in pooled.*got \(2, 0\)"):
        plots.show_pooling(IMAGE, POOLED, size=2, places=[(2, 0)])


LAYERS = [(3, 1), (2, 2), (3, 1), (2, 2)]


def test_a_receptive_field_has_a_row_for_each_layer_and_one_of_pixels():
    ax = plots.show_receptive_field(LAYERS, names=["conv", "pool", "conv", "pool"])
    squares = [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_fill()]
    levels = [round(square.get_y() + 0.2) for square in squares]
    assert [levels.count(level) for level in range(5)] == [10, 8, 4, 2, 1]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "pixels",
        "conv",
        "pool",
        "conv",
        "pool",
    ]
    assert ax.get_title() == "One number sees 10 pixels in a row"


def test_each_number_stands_over_the_middle_of_what_it_sees():
    ax = plots.show_receptive_field([(3, 2), (2, 1)])
    rows = [p for p in ax.patches if isinstance(p, Rectangle)]
    middles = {(round(p.get_y() + 0.2), float(p.get_x() + 0.4)) for p in rows}
    assert {x for level, x in middles if level == 1} == {1.0, 3.0}
    assert {x for level, x in middles if level == 2} == {2.0}


def test_the_text_alternative_of_a_receptive_field_counts_every_layer():
    text = plots.text_alternative(plots.show_receptive_field(LAYERS))
    assert "10 of pixels, 8 of size 3, stride 1, 4 of size 2, stride 2" in text


def test_layers_that_cannot_be_drawn_are_refused():
    with pytest.raises(ValueError, match="pairs \\(size, stride\\) of at least 1"):
        plots.show_receptive_field([])
    with pytest.raises(ValueError, match="pairs \\(size, stride\\) of at least 1"):
        plots.show_receptive_field([(3, 0)])
    with pytest.raises(ValueError, match="names must hold 4"):
        plots.show_receptive_field(LAYERS, names=["one"])
    with pytest.raises(ValueError, match="at most 60 pixels can be drawn; got a field of 70"):
        plots.show_receptive_field([(70, 1)])


def test_the_palette_of_the_frames_is_that_of_all_plots():
    ax = plots.show_pooling(IMAGE, POOLED, size=2)
    used = {to_hex(p.get_edgecolor()) for p in ax.patches if p.get_linewidth() == 3}
    assert used <= {color.lower() for color in style.PALETTE}
