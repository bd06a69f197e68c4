"""Maps of where a network looked, on the networks that ship with the course."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from coursekit import data, harness, interpret
from coursekit.models.digits import digit_cnn
from coursekit.models.efficientnet import centre_crop, efficientnet_lite0, imagenet_labels

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
FIRST = 0  # a 3 that the network reads rightly
ESPRESSO = imagenet_labels().index("espresso")


@pytest.fixture(scope="module")
def reader():
    return digit_cnn()


@pytest.fixture(scope="module")
def digit():
    return data.load_mnist().x_test[FIRST] / 255


@pytest.fixture(scope="module")
def photo_network():
    return efficientnet_lite0()


@pytest.fixture(scope="module")
def coffee():
    return centre_crop(data.load_photo("coffee"))


def probability(model, image, label):
    return float(np.asarray(model(np.asarray(image, np.float32)[np.newaxis]))[0, label])


def without_softmax(model):
    import keras

    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    copy.layers[-1].activation = keras.activations.linear
    return copy


def one_dense_layer(kernel):
    """Images of 2 x 2 colours, a layer that hands them on, and a dense layer of two logits."""
    import keras

    layers = keras.layers
    image = keras.Input((2, 2, 3))
    maps = layers.Activation("linear", name="maps")(image)
    model = keras.Model(image, layers.Dense(2, use_bias=False)(layers.Flatten()(maps)))
    model.set_weights([kernel])
    return model


def without_maps(*, functional):
    """Images of 6 x 6 pixels, flattened at once, and three logits."""
    import keras

    layers = [keras.layers.Flatten(), keras.layers.Dense(3)]
    image = keras.Input((6, 6, 1), name="pixels")
    if not functional:
        return keras.Sequential([image, *layers])
    return keras.Model(image, layers[1](layers[0](image)))


def test_importing_it_loads_no_tensorflow():
    code = "import sys; from coursekit import interpret; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_occlusion_is_what_the_probability_falls_by(reader, digit):
    found = interpret.occlusion(reader, digit, 3, size=14, stride=14, fill=0)
    assert found.shape == (28, 28)
    whole = probability(reader, digit, 3)
    for top in (0, 14):
        for left in (0, 14):
            covered = digit.copy()
            covered[top : top + 14, left : left + 14] = 0
            quarter = found[top : top + 14, left : left + 14]
            np.testing.assert_allclose(quarter, whole - probability(reader, covered, 3), atol=1e-6)


def test_occlusion_covers_the_rim_and_means_over_the_squares_on_a_pixel(reader, digit):
    found = interpret.occlusion(reader, digit, 3, size=20, stride=5, fill=0.5)
    falls = []  # squares begin at 0, 5 and 8; all of them cover the pixels from 8 to 19
    for top in (0, 5, 8):
        for left in (0, 5, 8):
            covered = digit.copy()
            covered[top : top + 20, left : left + 20] = 0.5
            falls.append(probability(reader, digit, 3) - probability(reader, covered, 3))
    np.testing.assert_allclose(found[8:20, 8:20], np.mean(falls), atol=1e-6)
    np.testing.assert_allclose(found[27, 27], falls[-1], atol=1e-6)
    np.testing.assert_allclose(found[0, 0], falls[0], atol=1e-6)


def test_saliency_is_the_slope_of_the_logit(reader):
    image = np.random.default_rng(0).uniform(0.1, 0.9, (28, 28, 1))
    found = interpret.saliency(reader, image, 3)
    assert found.shape == (28, 28)
    logits = without_softmax(reader)
    step = np.zeros_like(image)
    step[12, 15] = 1e-3
    up, down = (np.asarray(logits((image + s * step)[np.newaxis]))[0, 3] for s in (1, -1))
    assert found[12, 15] == pytest.approx(abs(up - down) / 2e-3, rel=2e-2)
    assert abs(up - down) > 1e-5


def test_a_coloured_pixel_has_the_largest_slope_of_its_channels():
    kernel = np.random.default_rng(0).normal(size=(12, 2)).astype(np.float32)
    found = interpret.saliency(one_dense_layer(kernel), np.ones((2, 2, 3)), 1)
    expected = np.abs(kernel[:, 1]).reshape(2, 2, 3).max(axis=-1)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_softmax_at_the_end_changes_no_map(reader, digit):
    plain = without_softmax(reader)
    for explain in (interpret.saliency, interpret.grad_cam):
        expected = explain(plain, digit, 3)
        assert expected.max() > 0
        np.testing.assert_allclose(explain(reader, digit, 3), expected, rtol=1e-4, atol=1e-6)


def test_grad_cam_weighs_maps_by_their_mean_slope(reader, digit):
    """Behind ``pool2`` comes one dense layer, so the slopes are its weights."""
    maps = interpret.feature_maps(reader, digit, "pool2")
    kernel = np.asarray(reader.get_layer("dense").kernel)
    weights = kernel[:, 3].reshape(5, 5, 16).mean(axis=(0, 1))
    expected = np.maximum((maps * weights).sum(axis=-1), 0)
    found = interpret.grad_cam(reader, digit, 3)
    np.testing.assert_allclose(found, expected / expected.max(), rtol=1e-4, atol=1e-5)
    assert found.max() == 1


def test_grad_cam_is_scaled_and_so_is_no_answer_to_the_lab_s_task():
    """The lab's own small network, whose map by hand is 2 and 4."""
    copies = np.array([1.0, 2]).reshape(1, 1, 1, 2)
    slopes = np.array([[9.0, 1], [9, 1], [9, 3], [9, -2]])
    pixels = np.array([[2.0], [4]], np.float32).reshape(1, 2, 1)

    def handed_in(model, layer, image, class_index):
        return interpret.grad_cam(model, image, class_index, layer=layer)

    found = harness.map_seen(handed_in, copies, slopes, pixels, 1)
    np.testing.assert_allclose(found, [[0.5, 1]], rtol=1e-6)


def test_grad_cam_takes_another_layer(reader, digit):
    assert interpret.grad_cam(reader, digit, 3, layer="conv1").shape == (26, 26)


def test_grad_cam_is_all_zero_where_nothing_speaks_for_the_class():
    model = one_dense_layer(-np.ones((12, 2), np.float32))
    assert not interpret.grad_cam(model, np.ones((2, 2, 3)), 0, layer="maps").any()


def test_the_espresso_is_in_the_cup(photo_network, coffee):
    """The cup's inside is in the upper half of the photo, left of its right third."""
    by_slopes = interpret.grad_cam(photo_network, coffee, ESPRESSO)
    assert by_slopes.shape == (7, 7)
    row, column = np.unravel_index(by_slopes.argmax(), by_slopes.shape)
    assert (row, column) == (2, 3)
    by_covering = interpret.occlusion(photo_network, coffee, ESPRESSO, size=56, stride=56)
    row, column = np.unravel_index(by_covering.argmax(), by_covering.shape)
    assert 0 <= row < 112
    assert 56 <= column < 168


def test_random_weights_give_other_maps(reader, digit):
    fresh = digit_cnn(trained=False)
    for explain in (interpret.saliency, interpret.grad_cam):
        first, second = explain(reader, digit, 3).ravel(), explain(fresh, digit, 3).ravel()
        assert not np.allclose(first, second)


def test_feature_maps_are_the_layers_output(reader, digit):
    found = interpret.feature_maps(reader, digit, "conv1")
    assert found.shape == (26, 26, 8)
    weights, bias = reader.get_layer("conv1").get_weights()
    at = np.s_[10:13, 12:15]
    by_hand = np.maximum(np.tensordot(digit[at], weights, axes=3) + bias, 0)
    np.testing.assert_allclose(found[10, 12], by_hand, rtol=1e-4, atol=1e-6)


def test_what_does_not_fit_is_refused_in_words(reader, digit):
    with pytest.raises(ValueError, match=r"shape \(28, 28, 1\), without a batch; got \(1, 28"):
        interpret.saliency(reader, digit[np.newaxis], 3)
    with pytest.raises(ValueError, match="class_index must be from 0 to 9; got 10"):
        interpret.grad_cam(reader, digit, 10)
    with pytest.raises(ValueError, match=r"\(conv1, pool1, conv2, pool2\); got 'dense'"):
        interpret.feature_maps(reader, digit, "dense")
    for size, stride in ((4, 5), (29, 1), (3, 0)):
        with pytest.raises(ValueError, match="1 <= stride <= size <= 28; got stride"):
            interpret.occlusion(reader, digit, 3, size=size, stride=stride)


@pytest.mark.parametrize("functional", [False, True])
def test_a_network_without_maps_has_no_grad_cam_but_a_saliency(functional):
    model, image = without_maps(functional=functional), np.ones((6, 6, 1))
    with pytest.raises(ValueError, match=r"no layer of this model has maps .*; use saliency"):
        interpret.grad_cam(model, image, 1)
    assert interpret.saliency(model, image, 1).shape == (6, 6)


@pytest.mark.parametrize("layer", ["pixels", "", "flatten"])
def test_the_pixels_are_no_layer_s_maps(layer):
    model, image = without_maps(functional=True), np.ones((6, 6, 1))
    for explain in (
        lambda: interpret.grad_cam(model, image, 1, layer=layer),
        lambda: interpret.feature_maps(model, image, layer),
    ):
        with pytest.raises(ValueError, match=rf"maps \(there is none\); got '{layer}'"):
            explain()


def test_a_network_that_takes_no_images_is_refused_in_words():
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match=r"images of shape \(H, W, C\); this one takes \(4,\)"):
        interpret.saliency(model, np.ones(4), 0)
