"""What the loaders give: shapes, dtypes, ranges, and copies of one's own."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coursekit import data

LOADERS: dict[str, Callable[[], Any]] = {
    "mnist": data.load_mnist,
    "fashion_mnist": data.load_fashion_mnist,
    "mnist1d": data.load_mnist1d,
}
GRAY = {"brick", "camera", "coins", "grass", "gravel"}


@pytest.mark.parametrize("name", LOADERS)
def test_every_array_is_as_described(name):
    loaded = LOADERS[name]()
    for info in data.describe(name).arrays:
        array = getattr(loaded, info.name)
        assert (array.shape, array.dtype.name) == (info.shape, info.dtype)
        assert info.low <= array.min()
        assert array.max() <= info.high


@pytest.mark.parametrize("name", LOADERS)
def test_every_class_has_a_name_and_is_in_both_parts(name):
    loaded = LOADERS[name]()
    assert len(loaded.class_names) == len(set(loaded.class_names)) == 10
    assert np.unique(loaded.y_train).tolist() == list(range(10))
    assert np.unique(loaded.y_test).tolist() == list(range(10))


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_no_image_is_in_both_parts(name):
    loaded = LOADERS[name]()
    train = {image.tobytes() for image in loaded.x_train}
    assert not train & {image.tobytes() for image in loaded.x_test}


def test_the_nearest_class_mean_recognises_digits_so_images_and_labels_belong_together():
    digits = data.load_mnist()
    x_train = digits.x_train.reshape(-1, 784).astype(float)
    means = np.stack([x_train[digits.y_train == label].mean(axis=0) for label in range(10)])
    x_test = digits.x_test.reshape(-1, 784).astype(float)
    scores = x_test @ means.T - (means**2).sum(axis=1) / 2
    assert (scores.argmax(axis=1) == digits.y_test).mean() > 0.75


@pytest.mark.parametrize("name", LOADERS)
def test_a_change_in_place_does_not_reach_the_next_load(name):
    first = LOADERS[name]()
    for info in data.describe(name).arrays:
        getattr(first, info.name)[:] = 7
    again = LOADERS[name]()
    for info in data.describe(name).arrays:
        assert not (getattr(again, info.name) == 7).all()


@pytest.mark.parametrize("name", data.photo_names())
def test_a_photo_is_float_from_0_to_1_and_as_described(name):
    photo = data.load_photo(name)
    (info,) = data.describe(name).arrays
    assert (photo.shape, photo.dtype.name) == (info.shape, "float64")
    assert photo.ndim == (2 if name in GRAY else 3)
    assert photo.min() >= 0
    assert 0.5 < photo.max() <= 1
    photo[:] = 0
    assert data.load_photo(name).max() > 0.5


def test_a_gray_photo_is_the_luminance_of_its_colours():
    colour, gray = data.load_photo("chelsea"), data.load_photo("chelsea", gray=True)
    assert gray.shape == colour.shape[:2]
    expected = 0.299 * colour[..., 0] + 0.587 * colour[..., 1] + 0.114 * colour[..., 2]
    np.testing.assert_allclose(gray, expected, atol=1e-12)
    coins = data.load_photo("coins")
    np.testing.assert_array_equal(data.load_photo("coins", gray=True), coins)


def test_red_comes_first():
    astronaut = data.load_photo("astronaut")  # she wears an orange suit
    suit = astronaut[400:450, 180:220].mean(axis=(0, 1))
    assert suit[0] > suit[1] > suit[2]


def test_a_size_of_two_numbers_resizes_the_whole_photo():
    photo = data.load_photo("coffee", size=(40, 60))
    assert photo.shape == (40, 60, 3)
    blocks = data.load_photo("coffee").reshape(40, 10, 60, 10, 3).mean(axis=(1, 3))
    assert abs(photo - blocks).mean() < 0.02


def test_a_size_of_one_number_cuts_the_middle_square():
    photo = data.load_photo("coffee", size=40, gray=True)
    middle = data.load_photo("coffee", gray=True)[:, 100:500]
    assert photo.shape == (40, 40)
    assert abs(photo - middle.reshape(40, 10, 40, 10).mean(axis=(1, 3))).mean() < 0.02


def test_a_wrong_name_or_size_is_answered_with_what_there_is():
    with pytest.raises(ValueError, match=r"name must be one of astronaut, brick, .*; got 'lena'"):
        data.load_photo("lena")
    with pytest.raises(ValueError, match="size must be at least 1 pixel"):
        data.load_photo("coffee", size=(0, 5))
    with pytest.raises(ValueError, match=r"name must be one of mnist, .*; got 'cifar'"):
        data.describe("cifar")


@pytest.mark.parametrize("name", data.dataset_names())
def test_every_description_names_origin_licence_file_and_sum(name):
    info = data.describe(name)
    text = str(info)
    for part in (name, info.title, info.origin, info.licence, info.file, info.sha256):
        assert part in text
    assert len(info.sha256) == 64
    assert all(str(array.shape) in text for array in info.arrays)
