"""The shipped network names the shipped photographs as its data sheet says."""

import subprocess
import sys

import numpy as np
import pytest

from coursekit import data
from coursekit.models import efficientnet

PHOTOS = {
    # what the page of the data says: the best label and its probability
    "coffee": ("espresso", 0.95),
    "chelsea": ("tiger cat", 0.38),
    "flower": ("daisy", 0.33),
}


@pytest.fixture(scope="module")
def network():
    return efficientnet.efficientnet_lite0()


@pytest.mark.slow
@pytest.mark.parametrize("name", PHOTOS)
def test_a_photo_gets_the_label_of_the_data_sheet(network, name):
    photo = efficientnet.centre_crop(data.load_photo(name))
    probabilities = network(photo[np.newaxis]).numpy()
    (label, probability), second = efficientnet.top_labels(probabilities, count=2)
    assert label == PHOTOS[name][0]
    assert probability == pytest.approx(PHOTOS[name][1], abs=0.01)
    assert second[1] < probability


@pytest.mark.slow
def test_the_network_has_the_published_number_of_parameters(network):
    assert network.count_params() == 4_694_024  # with the statistics of batch normalisation


@pytest.mark.slow
def test_without_its_head_it_gives_features_of_small_images():
    features = efficientnet.efficientnet_lite0(top=False, size=64)
    assert features(np.zeros((2, 64, 64, 3))).shape == (2, 1280)


@pytest.mark.slow
def test_untrained_weights_know_nothing(network):
    fresh = efficientnet.efficientnet_lite0(trained=False)
    photo = efficientnet.centre_crop(data.load_photo("coffee"))[np.newaxis]
    assert fresh(photo).numpy().max() < 0.5 < network(photo).numpy().max()


def test_a_size_that_leaves_no_pixel_is_refused():
    with pytest.raises(ValueError, match="at least 32 pixels; got 16"):
        efficientnet.efficientnet_lite0(size=16)


@pytest.mark.slow
def test_tensorflow_starts_without_a_word():
    code = (
        "from coursekit.models.efficientnet import efficientnet_lite0; "
        "efficientnet_lite0(top=False, size=32, trained=False)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_there_are_a_thousand_labels_in_their_order():
    labels = efficientnet.imagenet_labels()
    assert len(labels) == 1000
    assert labels[0] == "tench, Tinca tinca"
    assert labels[282] == "tiger cat"


def test_probabilities_of_another_number_are_refused():
    with pytest.raises(ValueError, match="1,000 numbers; got 10"):
        efficientnet.top_labels(np.ones(10))


def test_a_grey_photo_is_cropped_to_three_equal_channels():
    crop = efficientnet.centre_crop(np.linspace(0, 1, 100 * 60).reshape(100, 60), size=32)
    assert crop.shape == (32, 32, 3)
    assert np.ptp(crop, axis=-1).max() == 0
    assert 0 < crop.min() < crop.max() < 1  # the rim is cut off


def random_levels(*shape):
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def test_a_photo_of_bytes_is_cropped_as_the_same_photo_from_0_to_1():
    levels = random_levels(50, 40, 3)
    crop = efficientnet.centre_crop(levels, size=32)
    np.testing.assert_array_equal(crop, efficientnet.centre_crop(levels / 255, size=32))
    dark = efficientnet.centre_crop(np.full((40, 40, 3), 10, np.uint8), size=32)
    np.testing.assert_allclose(dark, 10 / 255)


@pytest.mark.parametrize("scale", [1, 255])
def test_a_single_channel_is_a_grey_photo(scale):
    photo = random_levels(50, 40) if scale == 1 else random_levels(50, 40) / scale
    crop = efficientnet.centre_crop(photo[:, :, np.newaxis], size=32)
    np.testing.assert_array_equal(crop, efficientnet.centre_crop(photo, size=32))


@pytest.mark.parametrize(
    ("value", "dtype", "said"),
    [
        (1.5, "float64", "float64 and values from 0 to 1.5"),
        (-0.5, "float32", "float32 and values from -0.5 to 0"),
        (200, "int64", "int64 and values from 0 to 200"),
        (np.nan, "float64", "float64 and values from nan to nan"),
    ],
)
def test_a_photo_outside_0_to_1_is_refused(value, dtype, said):
    photo = np.zeros((40, 40, 3), dtype)
    photo[0, 0, 0] = value
    with pytest.raises(ValueError, match=said):
        efficientnet.centre_crop(photo)


def test_a_white_that_rounding_carried_past_1_is_white():
    crop = efficientnet.centre_crop(np.full((40, 40, 3), np.nextafter(1, 2)), size=32)
    assert np.all(crop == 1)
