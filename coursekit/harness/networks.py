"""Run functions that build or change networks, and observe weights and outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coursekit.arrays import Array
from coursekit.harness.started import tensorflow

LOWERED = -50.0
"""A beta of batch normalisation so low that the ReLU after it returns only zeros."""


def network_made(
    build_cnn: Callable[..., Any],
    filters: Sequence[int],
    dropout: float,
    penalty: float,
    images: Array,
) -> dict[str, Any]:
    """Build a network with a student's function, and return its weights and outputs.

    Args:
        build_cnn: called as ``build_cnn(filters, dropout=..., penalty=...)``.
        filters: the number of filters of each block.
        dropout: passed to ``build_cnn``.
        penalty: passed to ``build_cnn``.
        images: shape (N, 28, 28, 1), float32.

    Returns:
        ``takes``: the shape of an image. ``trained`` and ``fixed``: the trainable and the
        non-trainable weights. ``losses``: the sum of the penalties. ``lowered``: the outputs if
        beta of one batch normalisation after the other is `LOWERED`. ``inference`` and
        ``training``: the outputs of two calls each. ``still`` and ``moved``: the non-trainable
        weights after the former and after the latter calls.
    """
    tensorflow()
    model = build_cnn(tuple(filters), dropout=dropout, penalty=penalty)
    model(images[:1], training=False)  # a Sequential without an Input has no weights yet
    observed = {
        "takes": [*model.input_shape[1:]],
        "trained": [np.asarray(weight) for weight in model.trainable_weights],
        "fixed": [np.asarray(weight) for weight in model.non_trainable_weights],
        "losses": float(sum(float(loss) for loss in model.losses)),
        "lowered": [_lowered(model, beta, images) for beta in _betas(model)],
        "inference": [np.asarray(model(images, training=False)) for _ in range(2)],
        "still": [np.asarray(weight) for weight in model.non_trainable_weights],
        "training": [np.asarray(model(images, training=True)) for _ in range(2)],
    }
    return {**observed, "moved": [np.asarray(weight) for weight in model.non_trainable_weights]}


def _betas(model: Any) -> list[Any]:
    return [weight for weight in model.weights if weight.name == "beta"]


def _lowered(model: Any, beta: Any, images: Array) -> Array:
    before = np.asarray(beta)
    beta.assign(np.full_like(before, LOWERED))
    outputs = np.asarray(model(images, training=False))
    beta.assign(before)
    return outputs


def transfer_made(
    build_transfer: Callable[..., Any], weights: Sequence[Array], classes: int, images: Array
) -> dict[str, Any]:
    """Build a network on a trained base with a student's function, and return its properties.

    The base is two blocks of convolution, batch normalisation and ReLU, then global average
    pooling.

    Args:
        build_transfer: called as ``build_transfer(base, classes)``.
        weights: the base's weights.
        classes: passed to ``build_transfer``.
        images: shape (N, 8, 8, 3), float32.

    Returns:
        ``trained``: the trainable weights. ``features``: the base's output. ``outputs``: the
        network's output. ``fixed`` and ``moved``: the base's moving means and variances before
        and after the network is called in training mode.
    """
    tensorflow()
    base = _base(weights)
    features = np.asarray(base(images, training=False))
    model = build_transfer(base, classes)
    observed = {
        "trained": [np.asarray(weight) for weight in model.trainable_weights],
        "features": features,
        "outputs": np.asarray(model(images, training=False)),
        "fixed": _statistics(base),
    }
    model(images, training=True)
    return {**observed, "moved": _statistics(base)}


def layers_unfrozen(
    unfreeze: Callable[..., Any], weights: Sequence[Array], layers: int
) -> list[tuple[str, int]]:
    """Return the trainable layers of a frozen base after a function has unfrozen the last ones.

    Args:
        unfreeze: called as ``unfreeze(base, layers=...)``.
        weights: the base's weights.
        layers: passed to ``unfreeze``.

    Returns:
        Each layer's name and number of trainable weight arrays, from first to last.
    """
    tensorflow()
    base = _base(weights)
    base.trainable = False
    unfreeze(base, layers=layers)
    free = [id(weight) for weight in base.trainable_weights]
    return [
        (layer.name, sum(id(weight) in free for weight in layer.weights)) for layer in base.layers
    ]


def _base(weights: Sequence[Array]) -> Any:
    import keras

    layers = keras.layers
    x = image = keras.Input((None, None, 3), name="image")
    for number, kernel in enumerate(weights[::5], start=1):
        convolution = layers.Conv2D(
            kernel.shape[-1], kernel.shape[0], use_bias=False, name=f"conv{number}"
        )
        norm = layers.BatchNormalization(momentum=0.5, name=f"norm{number}")
        x = layers.ReLU(name=f"relu{number}")(norm(convolution(x)))
    base = keras.Model(image, layers.GlobalAveragePooling2D(name="features")(x))
    base.set_weights([*weights])
    return base


def _statistics(model: Any) -> list[Array]:
    return [np.asarray(weight) for weight in model.weights if weight.name.startswith("moving")]
