"""Data sets and small networks in a student's kernel, driven from the grader's side.

Each harness takes the function to try first and then the numbers of a case, and returns what came
out. See `autograder.exercises.kernel_libraries` for what can be relied on.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.errors import BadAnswer
from autograder.exercises.kernel_libraries import KernelLibraries, draws, lives_in_kernel, numbers
from coursekit.arrays import Array
from coursekit.harness.steps import EPSILON, MOMENTUM

_ON_TENSORS = (
    "lambda step, model, optimizer, x, y: (lambda constant: step(model, optimizer, "
    "constant(x, 'float32'), constant(y, 'int64')))(__import__('tensorflow').constant)"
)
_ON_A_TENSOR = "lambda f, x: f(__import__('tensorflow').constant(x, 'float32'))"
EAGERLY = 4
"""Calls of an augmentation outside of a pipeline."""
_BRIGHTER = """(lambda tf: lambda seed: (lambda chance: tf.autograph.experimental.do_not_convert(
    lambda image: tf.cast(image, tf.float32) + chance.uniform((), 2.0, 3.0)))(
    tf.random.Generator.from_seed(seed)))(__import__('tensorflow'))"""
"""A function of one image that makes it brighter by a random number from 2 to 3.

Not by tf.random.uniform: with tf.random.set_seed, it gives the same again in every epoch.
"""


def augmented(augment: Callable[..., Any], image: Array, times: int) -> Array:
    """Return what a function for one image gives when an input pipeline calls it many times.

    Args:
        augment: takes an image, a float32 tensor (H, W, C), and returns one.
        image: shape (H, W, C), float32.
        times: how often it is called.

    Returns:
        Array (times, H, W, C).
    """
    beside = KernelLibraries(augment)
    dataset = beside.tensorflow.data.Dataset
    once = beside.make(_ON_A_TENSOR)
    # Outside of a pipeline an error says more, and chance is asked each time.
    apart = [numbers(once(augment, image)) for _ in range(EAGERLY)]
    results = dataset.from_tensors(image.astype(np.float32)).repeat(times).map(augment)
    pictures = [numbers(each) for each in itertools.islice(results.as_numpy_iterator(), times)]
    if len(pictures) < times or len({each.shape for each in pictures}) > 1:
        raise BadAnswer("augment gave pictures of several shapes, or too few")
    if all(np.array_equal(each, image) for each in (*apart, *pictures)):
        raise BadAnswer("augment gives every picture back as it came")
    return np.stack(pictures)


def epochs_of(
    make_dataset: Callable[..., Any], x: Array, y: Array, batch_size: int, training: bool
) -> list[list[tuple[Array, Array]]]:
    """Return the batches of two epochs of a data set, images and labels.

    The augmentation that it is given makes an image brighter by a random number from 2 to 3, the
    same for all of its pixels. A data set without an end is cut after 3 N batches.

    Args:
        make_dataset: called as ``make_dataset(x, y, batch_size=..., training=..., augment=...)``.
        x: images (N, H, W, 1), uint8.
        y: classes (N,).
        batch_size: examples in a batch.
        training: whether the data set is one to train on.
    """
    beside = KernelLibraries(make_dataset)
    brighter = beside.make(_BRIGHTER)(int(draws().integers(2**31)))
    dataset = make_dataset(x, y, batch_size=batch_size, training=training, augment=brighter)
    return [
        [_batch(each) for each in itertools.islice(dataset.as_numpy_iterator(), 3 * len(x))]
        for _ in range(2)
    ]


def _batch(batch: Any) -> tuple[Array, Array]:
    images, labels = batch
    return numbers(images), numbers(labels)


def step_taken(
    train_step: Callable[..., Any],
    kernel: Array,
    bias: Array,
    images: Array,
    labels: Array,
    penalty: float,
    rate: float,
) -> tuple[Any, Array, Array, Array, Array]:
    """Return what one step does to a network of batch normalisation and one dense layer.

    Args:
        train_step: called as ``train_step(model, optimizer, images, labels)``.
        kernel: weights of the dense layer (D, K).
        bias: its bias (K,).
        images: shape (N, H, W, C), with H * W * C = D.
        labels: their classes (N,).
        penalty: factor of the L2 penalty on the kernel.
        rate: learning rate of plain gradient descent.

    Returns:
        What train_step returned, the kernel, the bias, and batch normalisation's moving mean and
        variance after the step. Before it the mean is 0 and the variance 1.
    """
    beside = KernelLibraries(train_step)
    keras, layers = beside.keras, beside.keras.layers
    norm = layers.BatchNormalization(momentum=MOMENTUM, epsilon=EPSILON, scale=False, center=False)
    dense = layers.Dense(len(bias), kernel_regularizer=keras.regularizers.L2(penalty))
    model = keras.Sequential([keras.Input(images.shape[1:]), layers.Flatten(), norm, dense])
    dense.set_weights([kernel, bias])
    optimizer = keras.optimizers.SGD(rate)
    returned = beside.make(_ON_TENSORS)(train_step, model, optimizer, images, labels)
    loss = returned if returned is None or lives_in_kernel(returned) else np.asarray(returned)
    after = (dense.kernel, dense.bias, norm.moving_mean, norm.moving_variance)
    kernel, bias, mean, variance = map(numbers, after)
    return loss, kernel, bias, mean, variance


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
    """
    keras = KernelLibraries(grad_cam).keras
    layers, picture = keras.layers, keras.Input(image.shape)
    convolution = layers.Conv2D(kernel.shape[-1], kernel.shape[:2], use_bias=False)
    maps = layers.ReLU(name="relu")(convolution(picture))
    head = layers.Dense(dense.shape[-1], use_bias=False)
    model = keras.Model(picture, head(layers.Flatten()(maps)))
    model.set_weights([kernel, dense])
    with warnings.catch_warnings():  # Keras' own pages write models of `model.inputs`, a list
        warnings.filterwarnings("ignore", "The structure of `inputs`")
        found = grad_cam(model, "relu", image, class_index)
    return numbers(found) if hasattr(found, "numpy") and not lives_in_kernel(found) else found


def transfer_made(
    build_transfer: Callable[..., Any], weights: Sequence[Array], classes: int, images: Array
) -> dict[str, Any]:
    """Return what a network is that a function builds on a trained base.

    The base is blocks of convolution, batch normalisation and ReLU, then global average pooling.

    Args:
        build_transfer: called as ``build_transfer(base, classes)``.
        weights: the base's.
        classes: handed on.
        images: shape (N, 8, 8, 3), float32.

    Returns:
        ``trained``: the weights that are trained. ``outputs``: what the network gives, and
        ``training``: what it gives when it is called as in training. ``before`` and ``after``: the
        base's weights before that call and after it.
    """
    base = _base(KernelLibraries(build_transfer), weights)
    model = build_transfer(base, classes)
    observed = {
        "trained": [*map(numbers, model.trainable_weights)],
        "outputs": numbers(model(images, training=False)),
        "before": [*map(numbers, base.get_weights())],
        "training": numbers(model(images, training=True)),
    }
    return {**observed, "after": [*map(numbers, base.get_weights())]}


def layers_unfrozen(
    unfreeze: Callable[..., Any], weights: Sequence[Array], layers: int
) -> list[tuple[str, int]]:
    """Return which layers of a frozen base train once a function has set the last ones free.

    Args:
        unfreeze: called as ``unfreeze(base, layers=...)``.
        weights: the base's.
        layers: handed on.

    Returns:
        Each layer's name and how many of its weights are trained, from first to last.
    """
    base = _base(KernelLibraries(unfreeze), weights)
    base.trainable = False
    unfreeze(base, layers=layers)
    names = _names(len(weights) // 5)
    if not base.trainable:
        return [(name, 0) for name in names]
    found = [base.get_layer(name) for name in names]
    return [(name, len(each.trainable_weights)) for name, each in zip(names, found, strict=True)]


def _names(blocks: int) -> list[str]:
    parts = [f"{part}{n}" for n in range(1, blocks + 1) for part in ("conv", "norm", "relu")]
    return ["image", *parts, "features"]


def _base(beside: KernelLibraries, weights: Sequence[Array]) -> Any:
    keras, layers = beside.keras, beside.keras.layers
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
