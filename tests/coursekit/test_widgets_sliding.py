"""The kernel that steps over an image, with the function that a student wrote."""

import numpy as np
import pytest
from scipy import signal

from coursekit import widgets

IMAGE = np.array(
    [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
)
CORNER = np.array([[1, 2], [0, 0]])


def correlate(image, kernel):
    return signal.correlate2d(image, kernel, mode="valid")


def convolve(image, kernel):
    return signal.convolve2d(image, kernel, mode="valid")


def test_each_stop_tells_its_products_and_the_map_so_far():
    panel = widgets.sliding(correlate, IMAGE, CORNER)
    assert "1 × 1 + 1 × 2 + 0 × 0 + 1 × 0 = 3" in panel.text
    assert "1 of 16: 3" in panel.text
    panel.controls["stop"].value = 4
    assert "output row 1, column 0" in panel.text
    assert "5 of 16: 3 3 1 0 2" in panel.text


def test_the_slider_and_the_player_end_at_the_last_stop():
    slider, player = widgets.sliding(correlate, IMAGE, CORNER).box.children[0].children
    assert slider.max == player.max == 15


def test_moving_the_kernel_draws_the_picture_anew():
    panel = widgets.sliding(correlate, IMAGE, CORNER, stop=2)
    before = panel.png
    panel.controls["stop"].value = 3
    assert panel.png != before


def test_a_function_that_does_something_else_is_seen_by_its_own_numbers():
    panel = widgets.sliding(convolve, IMAGE, CORNER, stop=2)
    assert "= 1" in panel.text  # the products under the kernel as it lies
    assert "3 of 16: 1 3 3" in panel.text  # what the function made of it
    assert "feature map: 3, not the sum 1" in panel.text
    assert "not the sum" not in widgets.sliding(correlate, IMAGE, CORNER, stop=2).text


def test_a_map_of_another_shape_is_refused_with_both_shapes():
    with pytest.raises(ValueError, match=r"shape \(4, 4\).* got \(6, 6\)"):
        widgets.sliding(signal.correlate2d, IMAGE, CORNER)


def test_an_image_and_a_kernel_may_have_an_axis_for_their_one_channel():
    panel = widgets.sliding(correlate, IMAGE[..., None], CORNER[..., None])
    assert panel.text == widgets.sliding(correlate, IMAGE, CORNER).text


def test_an_image_or_a_kernel_of_another_shape_is_refused_by_name():
    with pytest.raises(ValueError, match=r"image must have shape .* got \(5, 5, 3\)"):
        widgets.sliding(correlate, np.zeros((5, 5, 3)), CORNER)
    with pytest.raises(ValueError, match=r"kernel must have shape .* got \(2,\)"):
        widgets.sliding(correlate, IMAGE, CORNER[0])


def test_a_kernel_larger_than_the_image_is_refused_before_the_function_is_called():
    def never(image, kernel):
        raise AssertionError

    with pytest.raises(ValueError, match=r"no larger than the image \(2, 2\); got \(5, 5\)"):
        widgets.sliding(never, CORNER, IMAGE)
