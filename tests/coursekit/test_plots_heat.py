"""A map over its image: colours, place, and the words for it."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from coursekit import plots
from coursekit.plots import style

IMAGE = np.random.default_rng(0).random((40, 60, 3))
HEAT = np.zeros((4, 6))
HEAT[1, 4] = 2.0


def test_the_map_is_stretched_over_the_grey_image_and_clear_where_it_is_zero():
    ax = plots.show_heatmap(IMAGE, HEAT, title="a class")
    below, above = ax.images
    assert below.get_array().shape == (40, 60)
    assert above.get_extent() == below.get_extent() == [-0.5, 59.5, 39.5, -0.5]
    assert (above.get_alpha()[HEAT == 0] == 0).all()
    assert above.get_alpha()[1, 4] > 0.8
    assert ax.get_title() == "a class"


def test_a_map_with_negative_numbers_has_zero_in_the_middle_of_two_colours():
    ax = plots.show_heatmap(IMAGE[..., :1], HEAT - 0.5)
    low, high = ax.images[1].get_clim()
    assert low == -high
    assert ax.images[1].get_cmap().name == style.SIGNED


def test_one_pixel_far_above_all_others_does_not_hide_them():
    heat = np.random.default_rng(1).random((30, 30))
    heat[3, 3] = 1000
    assert plots.show_heatmap(np.zeros((30, 30)), heat).images[1].get_clim()[1] < 1.01


def test_a_map_of_zeros_is_clear():
    shown = plots.show_heatmap(np.zeros((8, 8), np.uint8), np.zeros((2, 2))).images[1]
    assert not shown.get_alpha().any()


def test_it_is_told_in_words_where_the_map_is_highest():
    words = plots.text_alternative(plots.show_heatmap(IMAGE, HEAT, title="a class"))
    assert words == "a class: a map from 0 to 2, highest near row 15, column 45"


def test_it_draws_on_the_axes_that_are_given():
    given = plt.subplots()[1]
    assert plots.show_heatmap(IMAGE, HEAT, ax=given) is given


def test_a_map_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"heat must have shape \(H, W\)"):
        plots.show_heatmap(IMAGE, np.zeros((4, 6, 3)))


@pytest.mark.parametrize("entry", [np.nan, np.inf])
def test_a_map_with_an_entry_that_is_no_finite_number_is_refused(entry):
    heat = HEAT.copy()
    heat[0, 0] = entry
    with pytest.raises(ValueError, match="heat holds 1 entries that are nan or inf: look at where"):
        plots.show_heatmap(IMAGE, heat)
