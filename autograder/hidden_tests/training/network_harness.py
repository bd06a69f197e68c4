"""A trial of a network in a kernel: with weights that the grader draws, and in both modes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.errors import BadAnswer
from autograder.exercises.kernel_libraries import draws, numbers
from coursekit.arrays import Array


def network_made(
    build_cnn: Callable[..., Any],
    filters: Sequence[int],
    dropout: float,
    penalty: float,
    images: Array,
) -> dict[str, Any]:
    """Return what a network that a function builds is made of and gives.

    Args:
        build_cnn: called as ``build_cnn(filters, dropout=..., penalty=...)``.
        filters: filters of each block.
        dropout: handed on.
        penalty: handed on.
        images: shape (N, 28, 28, 1), float32.

    Returns:
        ``takes``: the shape of an image. ``trained``: the shapes of the weights that are trained.
        ``weights``: all weights, as the grader has drawn them. ``losses``: the sum of the
        penalties with them. ``inference`` and ``training``: the outputs of two calls each.
        ``still`` and ``moved``: all weights before the calls as in training and after them.
    """
    model = build_cnn(tuple(filters), dropout=dropout, penalty=penalty)
    model(images[:1], training=False)  # a Sequential without an Input has no weights before
    observed: dict[str, Any] = {
        "takes": [*model.input_shape[1:]],
        "trained": [np.shape(numbers(weight)) for weight in model.trainable_weights],
        "weights": _drawn([numbers(weight) for weight in model.get_weights()]),
    }
    model.set_weights(observed["weights"])
    observed["losses"] = float(sum(float(numbers(loss)) for loss in model.losses))
    observed["inference"] = [numbers(model(images, training=False)) for _ in range(2)]
    observed["still"] = _weights(model, observed["weights"])
    observed["training"] = [numbers(model(images, training=True)) for _ in range(2)]
    return {**observed, "moved": _weights(model, observed["weights"])}


def _weights(model: Any, like: Sequence[Array]) -> list[Array]:
    found = [numbers(weight) for weight in model.get_weights()]
    if [each.shape for each in found] != [each.shape for each in like]:
        raise BadAnswer("the network's weights change their shapes")
    return found


def _drawn(weights: Sequence[Array]) -> list[Array]:
    """Return random weights of the same shapes, so that every layer has something to do."""
    rng = draws()

    def like(weight: Array) -> Array:
        if weight.ndim > 1:
            inputs = np.prod(weight.shape[:-1])
            return np.asarray(rng.normal(size=weight.shape) * np.sqrt(2 / inputs))
        return rng.uniform(0.5, 1.5, weight.shape)

    return [like(weight).astype(np.float32) for weight in weights]
