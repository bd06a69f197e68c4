"""Training runs that went wrong, for lesson 3.6: `admit` a patient and diagnose it.

Do not read on if you want to find out by yourself: `PATIENTS` says who has what.

Every patient is a small network trained on the same images of clothing. `Recipe` has a field for
each thing that can go wrong; each patient has one of them wrong, and `cured` corrects it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np

from coursekit import data
from coursekit.arrays import Array
from coursekit.training import Run, fit

Pair = tuple[Array, Array]

CLASSES, BATCH = 10, 50
TRAINED, VALIDATED = 1500, 500
LIGHTS = (1.0, 0.95, 0.9, 0.85, 0.8)
"""Brightness factors of the copies of an image."""


@dataclass(frozen=True)
class Recipe:
    """The settings of a training run.

    Args:
        rate: the learning rate of plain gradient descent.
        white: the value of a white pixel; black is 0.
        shuffled: whether the images are shuffled in every epoch; if not, they come class by class.
        copies: when darker copies of the images are made: never, or before or after the split
            into training and validation data.
        batch_norm: whether batch normalisation precedes each activation.
        validation_mode: the mode of the network in validation; ``"in use"`` is inference.
        epochs: the number of epochs.
    """

    rate: float = 0.1
    white: float = 1.0
    shuffled: bool = True
    copies: Literal["none", "before the split", "after the split"] = "none"
    batch_norm: bool = False
    validation_mode: Literal["in use", "training"] = "in use"
    epochs: int = 10


@dataclass(frozen=True)
class Case:
    """A training run with everything that its diagnosis needs.

    Args:
        recipe: its settings.
        run: its history. Patient E has no validation loss; its best epoch is that of the highest
            validation accuracy.
        start: the untrained network.
        model: the trained network; both return logits for images of shape (N, 14, 14, 1).
        train: images and classes; in the order of training, if they were not shuffled.
        validation: images and classes.
    """

    recipe: Recipe
    run: Run
    start: Any
    model: Any
    train: Pair
    validation: Pair


HEALTHY = Recipe()
PATIENTS = {
    "A": replace(HEALTHY, rate=0.8),
    "B": replace(HEALTHY, white=255.0),
    "C": replace(HEALTHY, shuffled=False),
    "D": replace(HEALTHY, copies="before the split", epochs=30),
    "E": replace(HEALTHY, batch_norm=True, validation_mode="training"),
}
_CURES: dict[str, dict[str, Any]] = {
    "A": {"rate": 0.1},
    "B": {"white": 1.0},
    "C": {"shuffled": True},
    "D": {"copies": "after the split"},
    "E": {"validation_mode": "in use"},
}


def admit(name: str, *, seed: int = 0) -> Case:
    """Train a patient's network and return its case.

    Args:
        name: one of "A" to "E".
        seed: for the network's initial weights and the order of the images.

    Raises:
        ValueError: there is no such patient.
    """
    return train(PATIENTS[_known(name)], seed=seed)


def cured(name: str) -> Recipe:
    """Return the recipe of a patient with its one mistake corrected.

    Raises:
        ValueError: there is no such patient.
    """
    return replace(PATIENTS[_known(name)], **_CURES[name])


def difference(wrong: Recipe, right: Recipe) -> str:
    """Return the settings in which two recipes differ, one on each line."""
    names = [field.name for field in fields(Recipe)]
    pairs = [(name, getattr(wrong, name), getattr(right, name)) for name in names]
    return "\n".join(f"{name}: {one!r} → {other!r}" for name, one, other in pairs if one != other)


def train(recipe: Recipe, *, seed: int = 0) -> Case:
    """Train a network with the settings of a recipe.

    Args:
        recipe: the settings.
        seed: for the network's initial weights and the order of the images.
    """
    import keras

    examples, validation = pictures(recipe)
    keras.utils.set_random_seed(seed)
    start = _network(batch_norm=recipe.batch_norm)
    model = keras.models.clone_model(start)
    model.set_weights(start.get_weights())
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.SGD(recipe.rate)
    model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=False)
    run = _run(model, examples, validation, recipe, seed)
    return Case(recipe, run, start, model, examples, validation)


def pictures(recipe: Recipe) -> tuple[Pair, Pair]:
    """Return 1,500 training and 500 validation images of clothing for a recipe.

    Returns:
        Two pairs (x, y): images of shape (N, 14, 14, 1), float32 from 0 to ``recipe.white``, and
        their classes, shape (N,).
    """
    clothes = data.load_fashion_mnist()
    x, y = _half_size(clothes.x_train) * np.float32(recipe.white), clothes.y_train
    if recipe.copies == "before the split":
        examples, validation = _split(*_shuffled(*_copied(x[:400], y[:400])))
    else:
        examples, validation = _split(x, y)
        if recipe.copies == "after the split":
            some = TRAINED // len(LIGHTS)
            examples = _copied(x[:some], y[:some])
    return examples if recipe.shuffled else by_class(examples), validation


def fresh_pictures() -> Pair:
    """Return 1,000 images that no patient was trained on, pixels from 0 to 1, and their classes."""
    clothes = data.load_fashion_mnist()
    return _half_size(clothes.x_test[:1000]), clothes.y_test[:1000]


def by_class(pair: Pair) -> Pair:
    """Return the same images and classes, sorted by class."""
    order = np.argsort(pair[1], kind="stable")
    return pair[0][order], pair[1][order]


def accuracy(model: Any, pair: Pair, *, training: bool = False, batch: int = BATCH) -> float:
    """Return a network's accuracy, from 0 to 1, computed batch by batch.

    Args:
        model: returns logits for a batch of images.
        pair: images and classes.
        training: whether the network is called in training mode instead of inference mode.
        batch: the number of images in a batch.
    """
    x, y = pair
    starts = range(0, len(x), batch)
    logits = [np.asarray(model(x[at : at + batch], training=training)) for at in starts]
    return float(np.mean(np.concatenate(logits).argmax(axis=1) == y))


def losses_along_gradient(model: Any, pair: Pair, rates: Sequence[float]) -> Array:
    """Return the loss after one step of gradient descent on all images, for each learning rate.

    The model's weights are restored at the end.
    """
    import keras
    import tensorflow as tf

    x, y = pair
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    weights = [weight.numpy() for weight in model.trainable_variables]
    with tf.GradientTape() as tape:
        now = loss(y, model(x))
    slopes = [slope.numpy() for slope in tape.gradient(now, model.trainable_variables)]
    found = []
    for rate in rates:
        _set(model, [w - rate * slope for w, slope in zip(weights, slopes, strict=True)])
        found.append(float(loss(y, model(x))))
    _set(model, weights)
    return np.array(found)


def outputs_after(model: Any, x: Array, kind: str = "ReLU") -> list[Array]:
    """Return the outputs of every layer of a type, such as ``"ReLU"``, each (N, units)."""
    found, values = [], x
    for layer in model.layers:
        values = layer(values)
        if type(layer).__name__ == kind:
            found.append(np.asarray(values))
    return found


def nearest(pair: Pair, others: Pair) -> tuple[Array, Array]:
    """Return each image's distance from the nearest of the others, and the nearest one's index.

    Distances are root mean squares over the pixels. Both arrays have an entry for each image of
    ``pair``; indices are positions in ``others``.
    """
    from scipy.spatial.distance import cdist

    one, other = (part[0].reshape(len(part[0]), -1) for part in (pair, others))
    distances = cdist(one, other) / np.sqrt(one.shape[1])
    return distances.min(axis=1), distances.argmin(axis=1)


def _known(name: str) -> str:
    if name not in PATIENTS:
        raise ValueError(f"name must be one of {', '.join(PATIENTS)}; got {name!r}")
    return name


def _half_size(x: Array) -> Array:
    """Return the images at half their size, as means of 2 × 2 pixels, scaled to 0 to 1."""
    means: Array = x.reshape(-1, 14, 2, 14, 2, 1).mean(axis=(2, 4))
    return means.astype(np.float32) / 255


def _copied(x: Array, y: Array) -> Pair:
    return np.concatenate([x * np.float32(light) for light in LIGHTS]), np.tile(y, len(LIGHTS))


def _shuffled(x: Array, y: Array) -> Pair:
    order = np.random.default_rng(0).permutation(len(x))
    return x[order], y[order]


def _split(x: Array, y: Array) -> tuple[Pair, Pair]:
    first, last = slice(TRAINED), slice(TRAINED, TRAINED + VALIDATED)
    return (x[first], y[first]), (x[last], y[last])


def _network(*, batch_norm: bool) -> Any:
    """Return an uncompiled network from pixels to logits, with two hidden layers of 64 units."""
    import keras

    layers = keras.layers
    stack = [keras.Input((14, 14, 1)), layers.Flatten()]
    for _ in range(2):
        stack.append(layers.Dense(64, kernel_initializer="he_normal"))
        if batch_norm:
            stack.append(layers.BatchNormalization(momentum=0.9))
        stack.append(layers.ReLU())
    return keras.Sequential([*stack, layers.Dense(CLASSES)])


def _run(model: Any, examples: Pair, validation: Pair, recipe: Recipe, seed: int) -> Run:
    if recipe.validation_mode == "training":
        return _validated_in_training(model, examples, validation, recipe, seed)
    options: dict[str, Any] = {"epochs": recipe.epochs, "batch_size": BATCH, "progress": False}
    if recipe.shuffled:
        return fit(model, examples, validation, seed=seed, **options)
    import tensorflow as tf

    in_order = tf.data.Dataset.from_tensor_slices(examples).batch(BATCH)
    return fit(model, in_order, validation, **options)


def _validated_in_training(
    model: Any, examples: Pair, validation: Pair, recipe: Recipe, seed: int
) -> Run:
    """Train, and validate after each epoch in training mode on batches sorted by class."""
    runs, measured = [], []
    for epoch in range(recipe.epochs):
        options: dict[str, Any] = {"epochs": 1, "batch_size": BATCH, "progress": False}
        runs.append(fit(model, examples, seed=100 * seed + epoch, **options))
        measured.append(accuracy(model, by_class(validation), training=True))
    history = {name: tuple(run.history[name][0] for run in runs) for name in runs[0].history}
    history["val_accuracy"] = tuple(measured)
    steps, seconds = sum(run.steps for run in runs), sum(run.seconds for run in runs)
    return Run(history, len(runs), steps, seconds, int(np.argmax(measured)) + 1)


def _set(model: Any, weights: Sequence[Array]) -> None:
    for variable, value in zip(model.trainable_variables, weights, strict=True):
        variable.assign(value)
