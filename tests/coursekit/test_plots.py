"""The plots: what is drawn where, titles and labels, and what a wrong argument is told."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

from coursekit import plots
from coursekit.plots import style

IMAGE = np.array(
    [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
)
KERNEL = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])


def texts(ax):
    return [text.get_text() for text in ax.texts]


def drawn(ax):
    return np.asarray(ax.images[0].get_array())


def test_images_are_shown_one_by_one_with_their_titles():
    images = np.random.default_rng(0).integers(0, 256, (7, 6, 5, 1), dtype=np.uint8)
    axes = plots.show_images(images, titles=list("abcdefg"), columns=4, title="Letters")
    assert axes.shape == (7,)
    assert [ax.get_title() for ax in axes] == list("abcdefg")
    assert axes[0].figure.get_suptitle() == "Letters"
    assert len(axes[0].figure.axes) == 7
    np.testing.assert_array_equal(drawn(axes[3]), images[3, :, :, 0])
    assert axes[0].images[0].get_clim() == (0, 255)


def test_photos_of_different_sizes_and_kinds_share_a_grid():
    axes = plots.show_images([np.zeros((4, 6, 3)), np.ones((5, 5)), IMAGE.astype(bool)])
    assert [ax.get_title() for ax in axes] == ["image 0", "image 1", "image 2"]
    assert drawn(axes[0]).shape == (4, 6, 3)
    assert axes[1].images[0].get_clim() == (0, 1)


def test_an_image_of_true_and_false_is_white_and_black():
    truth = IMAGE.astype(bool)
    (ax,) = plots.show_images(truth)
    assert ax.images[0].get_clim() == (0, 1)
    assert plots.show_pixels(truth).images[0].get_clim() == (0, 1)


@pytest.mark.parametrize("entry", [np.nan, np.inf])
def test_a_colour_image_with_an_entry_that_is_no_finite_number_is_refused(entry):
    image = np.zeros((2, 2, 3))
    image[0, 1, :2] = entry
    with pytest.raises(ValueError, match=r"images\[1\] holds 2 entries that are nan or inf"):
        plots.show_images([IMAGE, image])


def test_one_gray_image_may_come_by_itself():
    (ax,) = plots.show_images(IMAGE * 2.5 - 1)
    np.testing.assert_array_equal(drawn(ax), IMAGE * 2.5 - 1)
    assert ax.images[0].get_clim() == (-1, 1.5)


def test_images_are_drawn_on_the_axes_that_are_given():
    given = plt.subplots(2, 2)[1]
    axes = plots.show_images([IMAGE, IMAGE, IMAGE], axes=given)
    assert list(axes) == list(given.flat[:3])


def test_feature_maps_share_one_colour_scale_with_zero_in_the_middle():
    maps = np.random.default_rng(0).normal(size=(4, 5, 3))
    axes = plots.show_feature_maps(maps, titles=["edges", "spots", "lines"])
    limits = {ax.images[0].get_clim() for ax in axes}
    assert limits == {(-abs(maps).max(), abs(maps).max())}
    assert [ax.get_title() for ax in axes] == ["edges", "spots", "lines"]
    np.testing.assert_array_equal(drawn(axes[2]), maps[:, :, 2])
    assert axes[0].figure.axes[-1].get_ylabel() == "value"


def test_feature_maps_without_negative_numbers_start_at_zero():
    axes = plots.show_feature_maps(np.full((4, 5, 2), 3.0))
    assert {ax.images[0].get_clim() for ax in axes} == {(0, 3)}
    assert [ax.get_title() for ax in axes] == ["channel 0", "channel 1"]


def test_pixels_are_written_in_their_cells():
    ax = plots.show_pixels(IMAGE[:2, :3])
    assert texts(ax) == ["1", "1", "1", "0", "1", "1"]
    assert [text.get_position() for text in ax.texts][:4] == [(0, 0), (1, 0), (2, 0), (0, 1)]
    assert ax.get_title() == "Pixel numbers, 2 rows and 3 columns"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("column", "row")


def test_digits_can_be_chosen_and_minus_zero_is_not_written():
    assert texts(plots.show_pixels([[0.126, -0.001]])) == ["0.13", "0.00"]
    assert texts(plots.show_pixels([[0.126, -0.001]], digits=3)) == ["0.126", "-0.001"]
    assert texts(plots.show_kernel([[-0.0, 1.0]])) == ["0", "1"]


def test_numbers_can_be_read_on_their_cells():
    ax = plots.show_pixels(np.array([[0, 255]], np.uint8))
    assert [text.get_color() for text in ax.texts] == ["white", "black"]


def test_a_kernel_is_shown_with_zero_as_white():
    ax = plots.show_kernel([[-1, 0, 2]], title="a line")
    assert ax.get_title() == "a line"
    low, high = ax.images[0].get_clim()
    assert low == -high
    assert plots.show_kernel(KERNEL).get_title() == "Kernel 3 × 3"


def test_a_kernel_on_an_image_shows_pixels_weights_products_and_their_sum():
    ax = plots.show_kernel_on_image(IMAGE, KERNEL, row=2, column=2)
    assert ax.get_title() == "Kernel at output row 2, column 2 (stride 1)"
    at = {text.get_position(): text.get_text() for text in ax.texts}
    assert at[0, 0] == "1"
    assert (at[2, 1.78], at[2, 2.22]) == ("1", "× 1")
    assert (at[4, 3.78], at[4, 4.22]) == ("0", "× 1")
    assert "sum = 4" in texts(ax)
    np.testing.assert_array_equal(np.asarray(ax.images[1].get_array()), IMAGE[2:, 2:] * KERNEL)


@pytest.mark.parametrize(("row", "column"), [(0, 0), (1, 2), (2, 1)])
def test_the_sum_is_the_output_of_a_strided_correlation(row, column):
    rng = np.random.default_rng(5)
    image, kernel = rng.integers(-9, 9, (8, 7)), rng.integers(-9, 9, (3, 2))
    ax = plots.show_kernel_on_image(image, kernel, row=row, column=column, stride=2)
    patch = image[2 * row : 2 * row + 3, 2 * column : 2 * column + 2]
    assert f"sum = {(patch * kernel).sum()}" in texts(ax)


def test_bytes_times_a_kernel_do_not_overflow():
    image = np.full((3, 3), 200, np.uint8)
    assert "sum = 1800" in texts(
        plots.show_kernel_on_image(image, np.ones((3, 3)), row=0, column=0)
    )


def test_of_a_large_image_the_part_around_the_kernel_is_shown():
    image = np.arange(512 * 512).reshape(512, 512)
    ax = plots.show_kernel_on_image(image, KERNEL, row=509, column=200)
    assert drawn(ax).shape == (12, 12)
    assert [int(tick) for tick in ax.get_yticks()] == list(range(500, 512))
    at = {text.get_position(): text.get_text() for text in ax.texts}
    assert at[199, 505] == str(image[505, 199])


def test_a_signal_is_a_line_for_each_channel():
    signal = np.random.default_rng(0).normal(size=(40, 2))
    ax = plots.show_signal(signal)
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), signal[:, 1])
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("sample", "value")
    assert ax.get_title() == "Signal of 40 samples"
    assert plots.show_signal(signal[:, 0], title="one").get_title() == "one"


def test_given_axes_are_drawn_on_and_returned():
    for show in (
        lambda ax: plots.show_pixels(IMAGE, ax=ax),
        lambda ax: plots.show_kernel(KERNEL, ax=ax),
        lambda ax: plots.show_kernel_on_image(IMAGE, KERNEL, row=0, column=0, ax=ax),
        lambda ax: plots.show_signal(IMAGE[0], ax=ax),
    ):
        ax = plt.subplots()[1]
        assert show(ax) is ax
        assert isinstance(ax, Axes)
        assert ax.get_title()


def test_every_plot_has_a_text_alternative():
    ax = plots.show_kernel_on_image(IMAGE, KERNEL, row=0, column=0)
    words = plots.text_alternative(ax)
    assert words.startswith("Kernel at output row 0, column 0 (stride 1): 1 × 1 + 1 × 0 + 1 × 1")
    assert words.endswith("= 4")
    assert plots.text_alternative(plots.show_pixels(IMAGE[:2, :2])).endswith("columns: 1 1 / 0 1")
    assert "values -1 to 2" in plots.text_alternative(plots.show_signal([-1, 2]))
    several = plots.text_alternative(plots.show_images([IMAGE, IMAGE])).splitlines()
    assert len(several) == 2
    assert several[1].startswith("image 1: one-channel image of 5 rows and 5 columns")
    assert "channel 0: feature map" in plots.text_alternative(
        plots.show_feature_maps(IMAGE[..., None])
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: plots.show_pixels(np.zeros((4, 4, 3))),
            r"image must have shape .* got \(4, 4, 3\)",
        ),
        (lambda: plots.show_pixels(np.zeros((50, 4))), "at most 40 rows and columns"),
        (lambda: plots.show_kernel(np.zeros(3)), r"kernel must have shape .* got \(3,\)"),
        (lambda: plots.show_images(np.zeros((427, 640, 3))), "single colour image in a list"),
        (lambda: plots.show_images([]), "images must hold 1 to 100"),
        (lambda: plots.show_images([np.full((2, 2, 3), 9.0)]), "Divide it by 255"),
        (lambda: plots.show_images([IMAGE], titles=["a", "b"]), "titles must hold 1.*got 2"),
        (lambda: plots.show_images([IMAGE], columns=0), "columns must be at least 1"),
        (lambda: plots.show_images([IMAGE, IMAGE], axes=[None]), "at least 2 Axes; got 1"),
        (lambda: plots.show_feature_maps(np.zeros((1, 4, 4, 2))), r"Take one image: maps\[0\]"),
        (lambda: plots.show_signal(np.zeros((2, 40, 1))), r"Take one signal .* signal\[0\]"),
    ],
)
def test_a_wrong_argument_is_named_with_what_came_and_what_to_do(call, message):
    with pytest.raises(ValueError, match=message):
        call()
    assert not plt.get_fignums()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"row": 3, "column": 0}, "row must lie in 0 to 2.*got 3"),
        ({"row": 0, "column": -1}, "column must lie in 0 to 2.*got -1"),
        ({"row": 0, "column": 0, "stride": 0}, "stride must be at least 1; got 0"),
    ],
)
def test_a_kernel_beside_the_image_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        plots.show_kernel_on_image(IMAGE, KERNEL, **options)


def test_a_kernel_larger_than_the_image_is_refused():
    with pytest.raises(ValueError, match=r"no larger than the image \(3, 3\); got \(5, 5\)"):
        plots.show_kernel_on_image(KERNEL, IMAGE, row=0, column=0)


def test_the_colours_of_lines_differ_in_lightness_enough_for_colour_blind_readers():
    weights = np.array([0.2126, 0.7152, 0.0722])
    light = sorted(
        float(np.array(mpl.colors.to_rgb(color)) @ weights) for color in style.PALETTE[:3]
    )
    assert min(np.diff(light)) > 0.05
