"""The viewer of a network's guesses, Grad-CAM and feature maps, on the shipped photos."""

import numpy as np
import pytest

from coursekit import data, interpret, widgets
from coursekit.models.digits import digit_cnn

LABELS = [f"a {digit}" for digit in range(10)]


@pytest.fixture(scope="module")
def network():
    """Small, and it looks at grey images of 28 × 28; what it takes a cat for does not matter."""
    return digit_cnn()


@pytest.fixture(scope="module")
def panel(network):
    return widgets.network_viewer(network, LABELS)


def test_the_layers_to_choose_from_are_the_last_ones_of_each_size(panel):
    assert panel.controls["layer"].options == ("conv1", "pool1", "conv2", "pool2")
    assert panel.controls["layer"].value == "pool2"
    assert panel.controls["photo"].options == data.photo_names()


def test_the_guesses_are_the_networks_own(panel, network):
    image = panel_image("chelsea")
    likely = np.asarray(network(image[None]))[0]
    first, second = np.argsort(likely)[::-1][:2]
    assert f"Guesses: a {first} {likely[first]:.0%}, a {second} {likely[second]:.0%}" in panel.text


def panel_image(name):
    from coursekit.models.efficientnet import centre_crop

    return centre_crop(data.load_photo(name), size=28).mean(axis=-1, keepdims=True)


def test_another_guess_photo_and_layer_are_shown(panel, network):
    before = panel.png
    panel.controls["guess"].value = 2
    second = int(np.argsort(np.asarray(network(panel_image("chelsea")[None]))[0])[-2])
    assert f"Grad-CAM: a {second}" in panel.text
    assert panel.png != before
    panel.controls["layer"].value = "conv1"
    assert "conv1: 8 of 8 maps, 26 × 26" in panel.text
    panel.controls["photo"].value = "coins"
    assert "The photo coins" in panel.text
    heat = interpret.grad_cam(
        network, panel_image("coins"), _guess(network, "coins"), layer="conv1"
    )
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    place = int((row + 0.5) * 28 / 26), int((column + 0.5) * 28 / 26)
    assert f"highest near row {place[0]}, column {place[1]}" in panel.text


def _guess(network, name):
    return int(np.argsort(np.asarray(network(panel_image(name)[None]))[0])[-2])


def _three_classes():
    import keras

    keras.utils.set_random_seed(0)
    layers = keras.layers
    ends = [layers.GlobalAveragePooling2D(), layers.Dense(3, activation="softmax")]
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(2, 3, name="maps"), *ends])


def test_a_network_of_few_classes_has_as_many_guesses():
    panel = widgets.network_viewer(_three_classes(), ["cat", "dog", "cup"])
    assert panel.controls["guess"].max == 3
    told = panel.text.split("Guesses: ")[1].splitlines()[0]
    assert sorted(part.split()[0] for part in told.split(", ")) == ["cat", "cup", "dog"]
    panel.controls["guess"].value = 3
    assert f"Grad-CAM: {told.split(', ')[-1].split()[0]}" in panel.text


def test_a_label_is_wanted_for_each_class(network):
    with pytest.raises(ValueError, match=r"labels must hold 10 names, .* got 9"):
        widgets.network_viewer(network, LABELS[:9])


def test_the_pixels_are_no_layer_to_choose():
    import keras
    from keras import layers

    pixels = keras.Input((28, 28, 1))
    maps = layers.Conv2D(2, 3, strides=2, name="maps")(pixels)
    answer = layers.Dense(3, activation="softmax")(layers.GlobalAveragePooling2D()(maps))
    panel = widgets.network_viewer(keras.Model(pixels, answer), ["cat", "dog", "cup"])
    assert panel.controls["layer"].options == ("maps",)
