"""Trainings that went wrong, for lesson 3.6: `admit` a patient, and find out what is wrong.

Do not read on if you want to find out by yourself: `PATIENTS` says who has what.

All train a small network on the same pictures of clothing. `Recipe` has a field for each thing
that can be done wrong; a patient has one of them wrong, and `cured` sets it right.
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
"""How bright the copies of a picture are."""


@dataclass(frozen=True)
class Recipe:
    """How a network is trained.

    Args:
        rate: the learning rate of plain gradient descent.
        white: the value of a white pixel; black is 0.
        shuffled: whether the pictures come in a new order in every epoch, or class by class.
        copies: when darker copies of the pictures are made: never, or before or after they are
            split into training and validation.
        batch_norm: whether there is batch normalisation in front of each activation.
        validation_mode: the mode of the network when it is validated.
        epochs: how many.
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
    """A training, and what is needed to look into it.

    Args:
        recipe: how it was done.
        run: what is remembered of it; patient E has no validation loss, and the best epoch is
            that of the highest validation accuracy.
        start: the network as it was before.
        model: the network as it is now; both give logits for pictures of shape (N, 14, 14, 1).
        train: pictures and classes; in the order in which they came, if they were not shuffled.
        validation: pictures and classes.
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
    """Return a patient's training.

    Args:
        name: one of "A" to "E".
        seed: of the network's first weights and of the order of the pictures.

    Raises:
        ValueError: there is no such patient.
    """
    return train(PATIENTS[_known(name)], seed=seed)


def cured(name: str) -> Recipe:
    """Return the recipe of a patient with the one mistake put right.

    Raises:
        ValueError: there is no such patient.
    """
    return replace(PATIENTS[_known(name)], **_CURES[name])


def difference(wrong: Recipe, right: Recipe) -> str:
    """Return what two recipes do differently, a line for each thing."""
    names = [field.name for field in fields(Recipe)]
    pairs = [(name, getattr(wrong, name), getattr(right, name)) for name in names]
    return "\n".join(f"{name}: {one!r} → {other!r}" for name, one, other in pairs if one != other)


def train(recipe: Recipe, *, seed: int = 0) -> Case:
    """Return a training by a recipe.

    Args:
        recipe: how it is done.
        seed: of the network's first weights and of the order of the pictures.
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
    """Return 1,500 training and 500 validation pictures of clothing, shape (N, 14, 14, 1)."""
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
    """Return 1,000 pictures that no patient has seen, with pixels from 0 to 1."""
    clothes = data.load_fashion_mnist()
    return _half_size(clothes.x_test[:1000]), clothes.y_test[:1000]


def by_class(pair: Pair) -> Pair:
    """Return the same pictures, all of class 0 first, then those of class 1, and so on."""
    order = np.argsort(pair[1], kind="stable")
    return pair[0][order], pair[1][order]


def accuracy(model: Any, pair: Pair, *, training: bool = False, batch: int = BATCH) -> float:
    """Return the share of right answers, given batch by batch in one of a network's two modes."""
    x, y = pair
    starts = range(0, len(x), batch)
    logits = [np.asarray(model(x[at : at + batch], training=training)) for at in starts]
    return float(np.mean(np.concatenate(logits).argmax(axis=1) == y))


def losses_along_gradient(model: Any, pair: Pair, rates: Sequence[float]) -> Array:
    """Return the loss of all pictures after one step down their gradient, for each learning rate.

    The model keeps its weights.
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
    """Return the outputs of each layer of a type, such as ``"ReLU"``: shapes (N, units)."""
    found, values = [], x
    for layer in model.layers:
        values = layer(values)
        if type(layer).__name__ == kind:
            found.append(np.asarray(values))
    return found


def nearest(pair: Pair, others: Pair) -> tuple[Array, Array]:
    """For each picture of a pair its distance from the nearest of the others, and that one's place.

    Distances are root mean squares over the pixels.
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
    """Means of 2 × 2 pixels, from 0 to 1."""
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
    """Return two hidden layers of 64 units, from pixels to logits, not compiled."""
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
    """Return a training validated by hand after each epoch, class by class, in training mode."""
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
