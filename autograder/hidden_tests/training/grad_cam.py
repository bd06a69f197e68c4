"""``grad_cam``: where in a picture the evidence for a class is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import special

from autograder.exercises import (
    Case,
    CaseGroup,
    FunctionExercise,
    KernelExercise,
    Mistake,
    Sampler,
    distinguishing,
)
from autograder.hidden_tests.training.harness import map_seen
from coursekit.arrays import Array


@dataclass(frozen=True)
class Cam:
    """Grad-CAM that may go wrong in these ways; by default it is right."""

    score: str = "logit"
    pooled: str = "mean"
    relu: bool = True
    weighted: bool = True
    by_place: bool = False
    batch: bool = False

    def seen(self, kernel: Array, dense: Array, image: Array, class_index: int) -> Array:
        """Return the map for a convolution, a ReLU and a dense layer, without TensorFlow."""
        windows = sliding_window_view(image[..., 0], kernel.shape[:2])
        maps = np.maximum(np.einsum("ijkl,klf->ijf", windows, kernel[..., 0, :]), 0)
        logits = maps.ravel() @ dense
        scores = {
            "logit": np.eye(len(logits))[class_index],
            "first": np.eye(len(logits))[0],
            "all": np.ones(len(logits)),
        }
        probabilities = special.softmax(logits)
        scores["probability"] = probabilities[class_index] * (scores["logit"] - probabilities)
        return self._map(maps, (dense @ scores[self.score]).reshape(maps.shape))

    def taken(self, model: Any, layer: str, image: Any, class_index: int) -> Any:
        """Grad-CAM as a student writes it."""
        import keras
        import tensorflow as tf

        both = keras.Model(model.inputs[0], [model.get_layer(layer).output, model.outputs[0]])
        with tf.GradientTape() as tape:
            maps, logits = both(image[None], training=False)
            scores = {
                "logit": logits[:, class_index],
                "first": logits[:, 0],
                "all": tf.reduce_sum(logits, axis=1),
                "probability": tf.nn.softmax(logits)[:, class_index],
            }
            score = scores[self.score]
        slopes = tape.gradient(score, maps)
        return self._map(np.asarray(maps)[0], np.asarray(slopes)[0])

    def _map(self, maps: Array, slopes: Array) -> Array:
        pools: dict[str, Callable[..., Array]] = {"mean": np.mean, "sum": np.sum, "max": np.max}
        weights = slopes if self.by_place else pools[self.pooled](slopes, axis=(0, 1))
        found = np.sum(maps * weights if self.weighted else maps, axis=-1)
        found = np.maximum(found, 0) if self.relu else found
        return np.asarray(found[None] if self.batch else found)


_FAULTS = {
    "negative_evidence_kept": (
        Cam(relu=False),
        "numbers below 0 are kept: they speak against the class. Set them to 0.",
    ),
    "every_place_weighted_by_itself": (
        Cam(by_place=True),
        "each place has a weight of its own: a map has one weight, the mean of its slopes over "
        "all places.",
    ),
    "slopes_summed": (
        Cam(pooled="sum"),
        "the slopes are added up: a map's weight is their mean over all places.",
    ),
    "largest_slope": (
        Cam(pooled="max"),
        "the largest slope is taken: a map's weight is the mean of its slopes over all places.",
    ),
    "maps_not_weighted": (
        Cam(weighted=False),
        "the maps are added without weights: then all classes have the same picture. Multiply "
        "each by the mean of its slopes.",
    ),
    "slopes_of_the_probability": (
        Cam(score="probability"),
        "the slopes are those of a probability: it hardly changes where the network is sure. Take "
        "those of the logit, the model's output as it is.",
    ),
    "always_the_first_class": (
        Cam(score="first"),
        "the class is not used: the score is logits[:, class_index].",
    ),
    "all_classes_at_once": (
        Cam(score="all"),
        "the slopes are those of all logits together: pick that of class_index before the slopes "
        "are asked for.",
    ),
    "a_batch_of_one": (
        Cam(batch=True),
        "the map has an axis too many: the model takes a batch, so take the first of it.",
    ),
}


def with_tensors(model: Any, layer: str, image: Any, class_index: int) -> Any:
    """Stay with tensors to the end, and take a tensor as the image."""
    import keras
    import tensorflow as tf

    front = keras.Model(model.inputs[0], model.get_layer(layer).output)
    place = [each.name for each in model.layers].index(layer)
    with tf.GradientTape() as tape:
        maps = front(tf.convert_to_tensor(image)[tf.newaxis])
        tape.watch(maps)
        outputs = maps
        for each in model.layers[place + 1 :]:
            outputs = each(outputs)
        score = outputs[0, class_index]
    weights = tf.reduce_mean(tape.gradient(score, maps), axis=(1, 2), keepdims=True)
    return tf.nn.relu(tf.reduce_sum(weights * maps, axis=-1))[0]


def seen_case(
    rng: np.random.Generator, *, sides: tuple[int, int], filters: int, classes: int
) -> Case:
    """Return a small random network and picture; the class is not the first one."""
    kernel = rng.normal(size=(2, 2, 1, filters)) + 0.2
    places = (sides[0] - 1) * (sides[1] - 1)
    dense = rng.normal(size=(places, filters, classes)) / np.sqrt(places)
    dense += rng.permutation(np.linspace(-0.3, 0.4, filters))[:, None]
    image = rng.uniform(size=(*sides, 1))
    arrays = [each.astype(np.float32) for each in (kernel, dense.reshape(-1, classes), image)]
    return Case((*arrays, int(rng.integers(1, classes))))


def _seen(sides: tuple[int, int], filters: int, classes: int) -> Sampler:
    """Return a case with evidence for the class and against it."""
    draw = partial(seen_case, sides=sides, filters=filters, classes=classes)
    return distinguishing(draw, _RIGHT.seen, Cam(relu=False).seen, _nowhere)


def _nowhere(_kernel: Array, _dense: Array, image: Array, _class_index: int) -> Array:
    return np.zeros((image.shape[0] - 1, image.shape[1] - 1))


_RIGHT = Cam()

GRAD_CAM = KernelExercise(
    model=FunctionExercise(
        name="grad_cam",
        points=6,
        reference=_RIGHT.seen,
        groups=(
            CaseGroup("square pictures", 0.5, (_seen((4, 4), 3, 3),)),
            CaseGroup(
                "others",
                0.5,
                (
                    _seen((3, 6), 4, 2),
                    _seen((6, 4), 2, 4),
                ),
            ),
        ),
        mistakes=tuple(
            Mistake(name, sentence, fault.seen) for name, (fault, sentence) in _FAULTS.items()
        ),
        rtol=1e-4,
        atol=1e-5,
    ),
    harness=map_seen,
    right=(_RIGHT.taken, with_tensors),
    wrong={name: fault.taken for name, (fault, _) in _FAULTS.items()},
)
