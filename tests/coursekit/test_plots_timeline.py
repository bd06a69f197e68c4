"""The plot of who worked when."""

import pytest
from matplotlib.patches import Rectangle

from coursekit import plots


def test_each_span_is_a_numbered_bar_in_its_lane():
    ax = plots.show_timeline({"make": [(0, 1), (2, 2.5)], "step": [(1, 2)]}, title="Two")
    bars = [
        (bar.get_y() + 0.3, bar.get_x(), bar.get_width())
        for bar in ax.patches
        if isinstance(bar, Rectangle)
    ]
    assert bars == [(0, 0, 1), (0, 2, 0.5), (1, 1, 1)]
    assert [text.get_text() for text in ax.texts] == ["1", "2", "1"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["make", "step"]
    assert ax.yaxis_inverted()
    assert plots.text_alternative(ax) == "Two: make 2 times, step 1 times"


def test_a_span_too_short_for_its_number_has_none():
    ax = plots.show_timeline({"Python": [(0, 0.001)], "card": [(0, 1)]})
    assert len(ax.patches) == 2
    assert len(ax.texts) == 1


@pytest.mark.parametrize("count", [0, 8])
def test_more_lanes_than_can_be_told_apart_are_refused(count):
    with pytest.raises(ValueError, match=f"lanes must be 1 to 7; got {count}"):
        plots.show_timeline({str(n): [(0, 1)] for n in range(count)})
