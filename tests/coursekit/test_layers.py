"""The given forward passes, against sums over windows."""

from __future__ import annotations

import numpy as np
import pytest

from coursekit import layers


def windows(x, size, stride):
    view = np.lib.stride_tricks.sliding_window_view(x, size, (1, 2))
    return view[:, ::stride, ::stride]


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 1), (3, 2)])
def test_convolution(stride, pad):
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(2, 6, 7, 3)), rng.normal(size=(3, 2, 3, 4)), rng.normal(size=4)
    framed = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    expected = np.einsum("nijcab,abco->nijo", windows(framed, (3, 2), stride), w) + b
    out = layers.conv2d(x, w, b, stride=stride, pad=pad)
    np.testing.assert_allclose(out, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("stride", [None, 1, 2])
def test_pooling(stride, size):
    x = np.random.default_rng(0).normal(size=(2, 7, 8, 3))
    seen = windows(x, (size, size), stride or size)
    largest, mean = (f(x, size=size, stride=stride) for f in (layers.max_pool2d, layers.avg_pool2d))
    np.testing.assert_array_equal(largest, seen.max((4, 5)))
    np.testing.assert_allclose(mean, seen.mean((4, 5)), atol=1e-12)


def refused(function, *arrays, **options):
    """What the ValueError says."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        function(*arrays, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("kernels", "biases"),
    [((2, 2, 2, 4), 4), ((2, 2, 1, 4), 4), ((2, 2, 3, 4), 3), ((2, 2, 3, 4), 1)],
)
def test_kernels_or_biases_of_another_number_of_channels_are_refused(kernels, biases):
    said = refused(layers.conv2d, np.ones((1, 4, 5, 3)), np.ones(kernels), np.ones(biases))
    assert said.startswith(f"w of shape {kernels} and b of shape ({biases},) do not fit x of")


@pytest.mark.parametrize("sides", [(5, 5), (4, 6), (7, 7)])
def test_a_kernel_larger_than_the_framed_image_is_refused(sides):
    w, b = np.ones((*sides, 3, 1)), np.zeros(1)
    said = refused(layers.conv2d, np.ones((1, 2, 3, 3)), w, b, pad=1)
    assert "of 4 rows and 5 columns" in said
    assert f"got {sides[0]} rows and {sides[1]} columns" in said


def test_a_kernel_as_large_as_the_framed_image_stops_once():
    x, w = np.ones((1, 2, 3, 3)), np.ones((4, 5, 3, 2))
    out = layers.conv2d(x, w, np.array([0.0, 1]), pad=1)
    np.testing.assert_allclose(out, [[[[18, 19]]]])


@pytest.mark.parametrize("pool", [layers.max_pool2d, layers.avg_pool2d])
@pytest.mark.parametrize("size", [4, 5, 0])
def test_a_pooling_window_that_does_not_fit_on_the_image_is_refused(pool, size):
    said = refused(pool, np.ones((1, 3, 8, 2)), size=size)
    assert f"of 3 rows and 8 columns; got {size} rows and {size} columns" in said


@pytest.mark.parametrize("stride", [0, -1])
def test_a_stride_below_one_is_refused(stride):
    x, w, b = np.ones((1, 3, 8, 2)), np.ones((2, 2, 2, 1)), np.zeros(1)
    expected = f"stride must be at least 1; got {stride}"
    assert refused(layers.conv2d, x, w, b, stride=stride) == expected
    assert refused(layers.max_pool2d, x, size=2, stride=stride) == expected
    assert refused(layers.avg_pool2d, x, size=2, stride=stride) == expected


def test_a_negative_frame_and_a_lone_image_are_refused():
    x, w, b = np.ones((1, 3, 8, 2)), np.ones((2, 2, 2, 1)), np.zeros(1)
    assert refused(layers.conv2d, x, w, b, pad=-1) == "pad must be at least 0; got -1"
    assert "give x (N, H, W, C_in)" in refused(layers.conv2d, x[0], w, b)
    assert "(N, H, W, C); got (3, 8, 2)" in refused(layers.max_pool2d, x[0], size=2)


def test_no_images_give_no_maps():
    x = np.ones((0, 4, 5, 3))
    assert layers.conv2d(x, np.ones((2, 2, 3, 6)), np.zeros(6)).shape == (0, 3, 4, 6)
    assert layers.max_pool2d(x, size=2).shape == (0, 2, 2, 3)
    assert layers.avg_pool2d(x, size=2).shape == (0, 2, 2, 3)


@pytest.mark.parametrize("odd", [1e17, np.nan, np.inf])
def test_an_odd_pixel_stays_in_its_own_window(odd):
    x = np.ones((1, 4, 4, 1))
    x[0, 0, 0, 0] = odd
    for pool in (layers.max_pool2d, layers.avg_pool2d):
        out = pool(x, size=2)[0, :, :, 0]
        np.testing.assert_array_equal(out, [[pool(x[:, :2, :2], size=2).item(), 1], [1, 1]])
    np.testing.assert_allclose(layers.max_pool2d(x, size=2)[0, 0, 0], odd)
    np.testing.assert_allclose(layers.avg_pool2d(x, size=2)[0, 0, 0], odd / 4)


def test_whole_numbers_become_floats_and_stay_as_they_were():
    x, w = np.arange(16).reshape(1, 4, 4, 1), np.ones((2, 2, 1, 1), int)
    for out in (
        layers.conv2d(x, w, np.zeros(1, int)),
        layers.max_pool2d(x, size=2),
        layers.avg_pool2d(x, size=2),
    ):
        assert out.dtype == np.float64
        out[:] = -1  # an array of its own, no view of the images
    assert x.ravel().tolist() == list(range(16))
