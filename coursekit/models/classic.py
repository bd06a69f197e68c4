"""Untrained convolutional networks: a small modern one, and LeNet-5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coursekit.models.quiet import quiet_start

if TYPE_CHECKING:
    import keras


def small_cnn(
    shape: tuple[int, int, int],
    classes: int,
    *,
    filters: Sequence[int] = (16, 32),
    dropout: float = 0.0,
) -> keras.Model:
    """Build a small convolutional network that ends in one dense layer.

    For each number of filters it has a 3 × 3 convolution without padding, a ReLU and 2 × 2 max
    pooling.

    Args:
        shape: the images' height, width and channels.
        classes: the number of logits.
        filters: the number of filters of each convolution layer.
        dropout: the fraction of the flattened maps that a training step sets to 0, at least 0 and
            below 1.

    Returns:
        A Keras model from images (N, height, width, channels) to logits (N, classes).
    """
    with quiet_start():
        import keras
        from keras import layers

        stack: list[keras.layers.Layer] = [keras.Input(shape)]
        for count in filters:
            stack += [layers.Conv2D(count, 3, activation="relu"), layers.MaxPooling2D()]
        stack += [layers.Flatten(), layers.Dropout(dropout), layers.Dense(classes)]
        return keras.Sequential(stack)


def lenet5(*, classes: int = 10) -> keras.Model:
    """Build LeNet-5 for images (N, 32, 32, 1) with today's layers: 61,706 parameters.

    Source: LeCun, Bottou, Bengio and Haffner 1998, "Gradient-based learning applied to document
    recognition". The original has 60,000: each map of its second convolution is connected to only
    some of the six maps before, its pooling layers have weights, and its last layer computes
    distances. Here the maps are fully connected, pooling is a plain mean, and the last layer is
    dense and returns logits (N, classes).

    Args:
        classes: the number of logits.
    """
    with quiet_start():
        import keras
        from keras import layers

        return keras.Sequential(
            [
                keras.Input((32, 32, 1)),
                layers.Conv2D(6, 5, activation="tanh", name="C1"),
                layers.AveragePooling2D(2, name="S2"),
                layers.Conv2D(16, 5, activation="tanh", name="C3"),
                layers.AveragePooling2D(2, name="S4"),
                layers.Conv2D(120, 5, activation="tanh", name="C5"),
                layers.Flatten(),
                layers.Dense(84, activation="tanh", name="F6"),
                layers.Dense(classes, name="output"),
            ],
            name="lenet5",
        )
