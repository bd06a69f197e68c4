"""What a function sees in a small network that was made for it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.arrays import Array
from coursekit.harness.started import tensorflow


def map_seen(
    grad_cam: Callable[..., Any], kernel: Array, dense: Array, image: Array, class_index: int
) -> Any:
    """Return the map that a function makes of a network of one convolution and one dense layer.

    Args:
        grad_cam: called as ``grad_cam(model, "relu", image, class_index)``.
        kernel: of the convolution, shape (KH, KW, C, F); it is followed by a ReLU.
        dense: of the dense layer, shape (OH * OW * F, K); it gives logits.
        image: shape (H, W, C), float32.
        class_index: the class whose map is wanted.

    Returns:
        The map as an array, or `None`.
    """
    tensorflow()
    import keras

    layers = keras.layers
    convolution = layers.Conv2D(kernel.shape[-1], kernel.shape[:2], use_bias=False)
    head = layers.Dense(dense.shape[-1], use_bias=False)
    picture = keras.Input(image.shape)
    maps = layers.ReLU(name="relu")(convolution(picture))
    model = keras.Model(picture, head(layers.Flatten()(maps)))
    model.set_weights([kernel, dense])
    with warnings.catch_warnings():
        # Keras remarks on a model made of `model.inputs`, a list, that is given an array. It works,
        # Keras' own pages write it so, and "Validate" would take the remark for a failure.
        warnings.filterwarnings("ignore", "The structure of `inputs`")
        found = grad_cam(model, "relu", image, class_index)
    return None if found is None else np.asarray(found)
