"""Run one training step of a network that is small enough to compute by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.arrays import Array
from coursekit.harness.started import tensorflow

if TYPE_CHECKING:
    import keras


MOMENTUM = 0.9
"""Momentum of batch normalisation's moving averages."""
EPSILON = 1e-3
"""Epsilon of batch normalisation, added to a variance."""


def step_taken(
    train_step: Callable[..., Any],
    kernel: Array,
    bias: Array,
    images: Array,
    labels: Array,
    penalty: float,
    rate: float,
) -> tuple[Any, Array, Array, Array, Array]:
    """Run one training step on a network of batch normalisation and one dense layer.

    Args:
        train_step: called as ``train_step(model, optimizer, images, labels)``.
        kernel: weights of the dense layer, shape (D, K).
        bias: its bias, shape (K,).
        images: shape (N, H, W, C), with H * W * C = D.
        labels: their classes, shape (N,).
        penalty: factor of the L2 penalty on the kernel.
        rate: learning rate of plain gradient descent.

    Returns:
        The value that ``train_step`` returned, and after the step the kernel, the bias, and batch
        normalisation's moving mean and variance. Before it, the mean is 0 and the variance 1.
    """
    tf = tensorflow()
    import keras

    model = _network(kernel, bias, images.shape[1:], penalty)
    pictures, classes = tf.constant(images, tf.float32), tf.constant(labels, tf.int64)
    returned = train_step(model, keras.optimizers.SGD(rate), pictures, classes)
    loss = None if returned is None else np.asarray(returned)
    by_name = {weight.name: np.asarray(weight) for weight in model.weights}
    names = ("kernel", "bias", "moving_mean", "moving_variance")
    after = [by_name[name] for name in names]
    return (loss, after[0], after[1], after[2], after[3])


def _network(kernel: Array, bias: Array, shape: tuple[int, ...], penalty: float) -> keras.Model:
    import keras

    layers = keras.layers
    norm = layers.BatchNormalization(momentum=MOMENTUM, epsilon=EPSILON, scale=False, center=False)
    regularizer = keras.regularizers.L2(penalty)
    dense = layers.Dense(len(bias), kernel_regularizer=regularizer)
    model = keras.Sequential([keras.Input(shape), layers.Flatten(), norm, dense])
    dense.set_weights([kernel, bias])
    return model
