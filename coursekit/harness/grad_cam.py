"""Run a Grad-CAM function on a small network."""

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
    """Run a Grad-CAM function on a network with one convolution and one dense layer.

    Args:
        grad_cam: called as ``grad_cam(model, "relu", image, class_index)``.
        kernel: the convolution's weights, shape (KH, KW, C, F); it is followed by a ReLU.
        dense: the dense layer's weights, shape (OH * OW * F, K); its outputs are logits.
        image: shape (H, W, C), float32.
        class_index: the class of the map.

    Returns:
        The map as an array, or None if the function returned None.
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
        # Keras warns if a model built from `model.inputs`, a list, is called with an array. That
        # works, Keras' guides do it, and "Validate" would take the warning for a failure.
        warnings.filterwarnings("ignore", "The structure of `inputs`")
        found = grad_cam(model, "relu", image, class_index)
    return None if found is None else np.asarray(found)
