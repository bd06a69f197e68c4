"""Run functions of input pipelines, and collect their batches."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.arrays import Array
from coursekit.harness.started import tensorflow

Batch = tuple[Array, Array]


def augmented(augment: Callable[..., Any], image: Array, times: int) -> Array:
    """Map an augmentation function over repetitions of one image in an input pipeline.

    Args:
        augment: takes an image, a float32 tensor (H, W, C), and returns one.
        image: shape (H, W, C).
        times: the number of calls.

    Returns:
        Array (times, H, W, C).
    """
    tf = tensorflow()
    tensor = tf.constant(image, tf.float32)
    augment(tensor)  # outside of a pipeline error messages are clearer
    results = tf.data.Dataset.from_tensors(tensor).repeat(times).map(augment)
    return np.stack([*results.as_numpy_iterator()])


def epochs_of(
    make_dataset: Callable[..., Any], x: Array, y: Array, batch_size: int, training: bool
) -> list[list[Batch]]:
    """Return two epochs of a data set that a student's function builds.

    The augmentation passed to it adds a random number from 2 to 3 to an image, the same one to all
    pixels.

    Args:
        make_dataset: called as ``make_dataset(x, y, batch_size=..., training=..., augment=...)``.
        x: images (N, H, W, 1), uint8.
        y: classes (N,).
        batch_size: the number of examples in a batch.
        training: whether the data set is for training.

    Returns:
        For each epoch a list of batches (images, labels). An infinite data set is cut after 3 N
        batches.
    """
    tf = tensorflow()
    # Not tf.random.uniform: after tf.random.set_seed, it repeats its values in every epoch.
    chance = tf.random.Generator.from_non_deterministic_state()

    def brighter(image: Any) -> Any:
        return tf.cast(image, tf.float32) + chance.uniform((), 2.0, 3.0)

    dataset = make_dataset(x, y, batch_size=batch_size, training=training, augment=brighter)
    most = 3 * len(x)
    return [[*itertools.islice(dataset.as_numpy_iterator(), most)] for _ in range(2)]
