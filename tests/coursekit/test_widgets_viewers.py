"""The viewers of dropout and augmentation, and the probe that moves a digit."""

import numpy as np
import pytest

from coursekit import data, widgets
from coursekit.widgets.dropout import HIDDEN
from coursekit.widgets.moving import moved

CORNER = np.array([[1.0, 2, 3], [0, 0, 0], [0, 0, 0]])


def test_an_image_is_moved_right_and_down():
    assert moved(CORNER, down=1).tolist() == [[0, 0, 0], [1, 2, 3], [0, 0, 0]]
    assert moved(CORNER, right=1).tolist() == [[0, 1, 2], [0, 0, 0], [0, 0, 0]]


def test_an_image_is_turned_counter_clockwise_and_mirrored():
    np.testing.assert_allclose(moved(CORNER, degrees=90), np.rot90(CORNER), atol=1e-12)
    assert moved(CORNER, mirrored=True).tolist() == CORNER[:, ::-1].tolist()


def test_a_larger_image_keeps_its_middle_and_loses_its_rim():
    lit = np.zeros((5, 5))
    lit[2, 2], lit[0, 0] = 1, 1
    larger = moved(lit, scale=2)
    assert (larger[2, 2], larger[2, 3], larger[0, 0]) == (1, 0.5, 0)


def test_each_channel_is_moved_alike():
    colours = np.stack([CORNER, 2 * CORNER, 3 * CORNER], axis=-1)
    view = moved(colours, right=0.5, degrees=20)
    np.testing.assert_allclose(view[..., 2], 3 * moved(CORNER, right=0.5, degrees=20))


def test_dropout_scales_what_stays_so_that_the_mean_comes_near_the_sum_in_use():
    panel = widgets.dropout(rate=0.5, step=200)
    assert "mean of 200 steps: 5.18" in panel.text
    panel.controls["scaled"].value = False
    assert "mean of 200 steps: 2.59" in panel.text
    panel.controls["rate"].value = 0
    assert "8 of 8 units stay" in panel.text
    assert "mean of 200 steps: 5.00" in panel.text


def test_a_step_of_dropout_tells_who_is_dropped():
    panel = widgets.dropout(rate=0.5, step=1)
    said = panel.text.split(": ")[1].split(";")[0].split()
    assert set(said) - {"dropped"} <= {f"{2 * value:.1f}" for value in HIDDEN}
    assert f"{8 - said.count('dropped')} of 8 units stay" in panel.text


def test_augmentation_tells_each_change_and_none_is_larger_than_asked_for():
    panel = widgets.augmentation(data.load_mnist().x_test[0], mirror=False, turn=30, shift=0)
    assert "mirrored" not in panel.text
    angles = [int(line.split("turned ")[1].split("°")[0]) for line in panel.text.splitlines()[1:]]
    assert len(angles) == 7
    assert 10 < max(map(abs, angles)) <= 30
    assert "0% left" in panel.text
    panel.controls["mirror"].value = True
    assert 1 <= panel.text.count("mirrored") <= 6


def test_augmentation_shows_several_images_and_other_draws():
    panel = widgets.augmentation({"camera": np.eye(8), "coins": np.ones((8, 8))})
    before = panel.png
    panel.controls["draw"].value = 1
    other = panel.png
    panel.controls["name"].value = "coins"
    assert len({before, other, panel.png}) == 3


def test_augmentation_looks_at_a_function_of_the_students():
    given = []

    def augment(image):
        given.append(image)
        return image[:, ::-1]

    panel = widgets.augmentation(np.arange(64, dtype=np.uint8).reshape(8, 8), augment)
    assert list(panel.controls) == ["draw"]
    assert (given[0].dtype, float(given[0].max())) == (np.float32, np.float32(63 / 255))
    assert "instead: 7: 0.02 away, on average" in panel.text


def brightest_row(images):
    """A network of a kind: the class is the row in which most light lies."""
    assert images.dtype == np.float32
    rows = images.sum(axis=(2, 3))
    return rows / np.maximum(rows.sum(axis=1, keepdims=True), 1)


def test_the_probe_moves_a_digit_and_counts_how_many_are_read_rightly():
    images = np.zeros((3, 6, 6, 1), np.uint8)
    images[0, 1, 2], images[1, 2, 2], images[2, 5, 2] = 255, 255, 255
    panel = widgets.digit_probe(brightest_row, images, [1, 2, 4])
    assert "67% of 3 digits are read rightly" in panel.text
    assert "read as 1: 100%" in panel.text
    panel.controls["down"].value = 1
    assert "0% of 3 digits" in panel.text
    assert "moved 0 right and 1 down" in panel.text
    assert "read as 2, wrongly: 100%" in panel.text


def test_the_probe_says_which_shape_it_wants():
    with pytest.raises(ValueError, match=r"\(N, H, W, 1\) or \(N, H, W\); got \(6, 6\)"):
        widgets.digit_probe(brightest_row, np.zeros((6, 6)), [0])
