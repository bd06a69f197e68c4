"""Digits drawn with fonts."""

import numpy as np

from coursekit import data


def test_digits_look_like_mnist_s_in_shape_range_and_size():
    images, labels = data.draw_digits(200, np.random.default_rng(0))
    assert images.shape == (200, 28, 28, 1)
    assert images.dtype == np.uint8
    assert sorted(set(labels.tolist())) == list(range(10))
    real = data.load_mnist().x_train[:500]
    for drawn, handwritten in ((images > 127, real > 127),):
        assert 0.6 < drawn.mean() / handwritten.mean() < 1.4  # ink
        tall = [part.any(axis=(2, 3)).sum(axis=1).mean() for part in (drawn, handwritten)]
        assert abs(tall[0] - tall[1]) < 4  # rows with ink


def test_a_seed_gives_the_same_digits_again_and_another_seed_others():
    first, again, other = (data.draw_digits(5, np.random.default_rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert not np.array_equal(first[0], other[0])


def test_no_two_of_one_digit_are_the_same_and_all_keep_off_the_rim():
    images, labels = data.draw_digits(300, np.random.default_rng(3))
    sevens = images[labels == 7]
    assert len({one.tobytes() for one in sevens}) == len(sevens) > 10
    rim = np.ones((28, 28, 1), bool)
    rim[1:-1, 1:-1] = False
    assert images[:, rim].mean() < 2


def test_labels_and_images_belong_together():
    """Means of the drawn digits name far more other ones than the tenth that is chance."""
    images, labels = data.draw_digits(1200, np.random.default_rng(4))
    flat = images.reshape(len(images), -1).astype(float)
    means = np.stack([flat[:1000][labels[:1000] == digit].mean(axis=0) for digit in range(10)])
    scores = flat[1000:] @ means.T - (means**2).sum(axis=1) / 2
    assert (scores.argmax(axis=1) == labels[1000:]).mean() > 0.3
