"""A small network for MNIST digits, which students run with the layers that they wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coursekit.data.files import verified
from coursekit.models.quiet import quiet_start

if TYPE_CHECKING:
    import keras

_FILE = "digit_cnn.npz"
_LAYERS = ("conv1", "conv2", "dense")


def digit_cnn_weights() -> dict[str, NDArray[np.float64]]:
    """Return the trained weights by name, as copies.

    ``scripts/train_digit_cnn.py`` trains them and documents the test accuracy.

    Returns:
        ``conv1/kernel`` (3, 3, 1, 8), ``conv1/bias`` (8,), ``conv2/kernel`` (3, 3, 8, 16),
        ``conv2/bias`` (16,), ``dense/kernel`` (400, 10) and ``dense/bias`` (10,). Kernels are
        (height, width, channels in, channels out), that of the dense layer (inputs, units).

    Raises:
        DataFileError: the bundled file is missing or damaged.
    """
    with np.load(verified(_FILE), allow_pickle=False) as archive:
        return {name: archive[name].astype(np.float64) for name in archive.files}


def digit_cnn(*, trained: bool = True) -> keras.Model:
    """Return the network as a Keras model, 5,258 parameters.

    It maps images (N, 28, 28, 1) from 0 to 1 to probabilities (N, 10): convolution, ReLU, max
    pooling; the same again; then flatten, dense, softmax. There is no padding, so the maps are 26,
    13, 11 and 5 pixels wide.

    Args:
        trained: whether to load the bundled weights; if not, they are random.

    Raises:
        DataFileError: the bundled file is missing or damaged.
    """
    with quiet_start():
        model = _untrained()
    if trained:
        weights = digit_cnn_weights()
        for name in _LAYERS:
            model.get_layer(name).set_weights([weights[f"{name}/kernel"], weights[f"{name}/bias"]])
    return model


def _untrained() -> keras.Model:
    import keras

    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1), name="image"),
            layers.Conv2D(8, 3, activation="relu", name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(16, 3, activation="relu", name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Flatten(name="flatten"),
            layers.Dense(10, activation="softmax", name="dense"),
        ],
        name="digit_cnn",
    )
