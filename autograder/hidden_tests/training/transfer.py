"""``build_transfer`` and ``unfreeze``: a new head on a trained base, then careful fine-tuning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.exercises import (
    Case,
    CaseGroup,
    FunctionExercise,
    JointExercise,
    KernelExercise,
    Mistake,
)
from autograder.hidden_tests.training import forward
from autograder.hidden_tests.training.harness import layers_unfrozen, transfer_made
from coursekit.arrays import Array

CHANNELS = (3, 4, 5, 4)
"""Channels of the base's input, and of each of its blocks."""


def _base_weights(rng: np.random.Generator, blocks: int) -> list[Array]:
    """Return a convolution's kernel, then gamma, beta, mean and variance, for each block."""
    weights: list[Array] = []
    for before, after in pairwise(CHANNELS[: blocks + 1]):
        kernel = rng.normal(size=(3, 3, before, after)) / 4
        norm = [rng.uniform(low, 1.5, after) for low in (0.5, 0.0, 0.0, 0.5)]
        weights += [each.astype(np.float32) for each in (kernel, *norm)]
    return weights


@dataclass(frozen=True)
class Transfer:
    """A network on a base that may be built wrongly in these ways; by default it is right."""

    frozen: str = "all"
    outputs: str = "logits"
    head: bool = True
    classes: int | None = None

    def seen(self, weights: Sequence[Array], classes: int, images: Array) -> tuple[str, str, str]:
        """Return what is seen of it: see `look_at_transfer`."""
        features = weights[-1].size
        count = self.classes or classes
        trained = [(features, count), (count,)] if self.head else []
        free = {"all": (), "none": (0, 1, 2), "convolutions": (1, 2)}[self.frozen]
        trained += [each.shape for i, each in enumerate(weights) if i % 5 in free]
        shape = (len(images), count if self.head else features)
        return (
            " ".join(sorted(map(str, trained))),
            f"{shape}, {self.outputs if self.head else 'another'}",
            "stay" if self.frozen == "all" else "move",
        )

    def built(self, base: Any, classes: int) -> Any:
        """Return the network as a student writes it."""
        import keras

        base.trainable = self.frozen != "all"
        if self.frozen == "convolutions":
            for layer in base.layers:
                layer.trainable = not isinstance(layer, keras.layers.Conv2D)
        head = []
        if self.head:
            activation = {"logits": None, "probabilities": "softmax", "another": "relu"}
            units = self.classes or classes
            head = [keras.layers.Dense(units, activation=activation[self.outputs])]
        return keras.Sequential([keras.Input(base.input_shape[1:]), base, *head])


def look_at_transfer(
    result: Any, weights: Sequence[Array], _: int, images: Array
) -> tuple[str, str, str]:
    """Return the shapes of the trained weights; the output; the base's means and variances.

    What the base gives is worked out here from its weights.
    """
    shapes = " ".join(sorted(str(tuple(np.shape(weight))) for weight in result["trained"]))
    heads = [weight for weight in result["trained"][-2:] if np.ndim(weight) in (1, 2)]
    features = forward.features(weights, images)
    kind = _kind(result["outputs"], features, heads)
    still = _stays(result, weights, images, heads, kind)
    return shapes, f"{result['outputs'].shape}, {kind}", "stay" if still else "move"


def _stays(
    result: Any, weights: Sequence[Array], images: Array, heads: Sequence[Array], kind: str
) -> bool:
    """Return whether the base's means and variances stay when the network is called in training."""
    pairs = [
        *zip(result["before"], weights, strict=True),
        *zip(result["after"], weights, strict=True),
    ]
    if not all(np.array_equal(*pair) for pair in pairs):
        return False
    if kind == "another":
        varies = np.ptp(result["outputs"], axis=0).max(initial=0.0) > 0
        return bool(varies and np.allclose(result["outputs"], result["training"], atol=1e-4))
    # A base that moves gives features by the batch's own means, and the outputs show it.
    return (
        _kind(result["training"], forward.features(weights, images, training=True), heads) != kind
    )


def _kind(outputs: Array, features: Array, heads: Sequence[Array]) -> str:
    if len(heads) != 2 or np.ndim(heads[0]) != 2 or len(heads[0]) != features.shape[1]:
        return "another"
    logits = features @ heads[0] + heads[1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    known = {"logits": logits, "probabilities": powers / powers.sum(axis=1, keepdims=True)}
    return next(
        (
            name
            for name, right in known.items()
            if outputs.shape == right.shape and np.allclose(outputs, right, atol=1e-4)
        ),
        "another",
    )


_TRANSFER_FAULTS = {
    "base_not_frozen": (
        Transfer(frozen="none"),
        "the base's weights are trained, too: the new head's first large gradients would spoil "
        "them. Set base.trainable = False.",
    ),
    "batch_norm_not_frozen": (
        Transfer(frozen="convolutions"),
        "the convolutions alone are frozen: batch normalisation would follow the few new images. "
        "base.trainable = False freezes every layer, and a frozen batch normalisation keeps its "
        "means.",
    ),
    "relu_at_the_end": (
        Transfer(outputs="another"),
        "the network ends in a ReLU: it is to give logits, which may be below 0. Leave the "
        "activation out.",
    ),
    "softmax_at_the_end": (
        Transfer(outputs="probabilities"),
        "the network ends in a softmax: it is to give logits. Leave the activation out.",
    ),
    "no_new_head": (
        Transfer(head=False),
        "the head is missing: a Dense layer with one unit a class goes on the base's features.",
    ),
    "number_of_classes_fixed": (
        Transfer(classes=10),
        "the number of outputs is fixed: there are as many as the argument classes says.",
    ),
}


def with_the_functional_interface(base: Any, classes: int) -> Any:
    """Freeze layer by layer, and call the base in inference mode besides."""
    import keras

    for layer in base.layers:
        layer.trainable = False
    image = keras.Input(base.input_shape[1:])
    head = keras.layers.Dense(classes, activation="linear")
    return keras.Model(image, head(base(image, training=False)))


@dataclass(frozen=True)
class Unfreeze:
    """Sets layers free, and may go wrong in these ways; by default it is right."""

    norm_stays: bool = True
    last: bool = True
    everything: bool = False
    opens_base: bool = True
    more: int = 0
    counts_weights: bool = False
    only_norm: bool = False

    def seen(self, weights: Sequence[Array], layers: int) -> str:
        """Return names of the layers that train."""
        blocks = range(1, len(weights) // 5 + 1)
        parts = [f"{part}{n}" for n in blocks for part in ("conv", "norm", "relu")]
        names = ["image", *parts, "features"]
        if not self.opens_base:
            return ""
        free = self._chosen(names, layers, [n for n in names if n[:4] in ("conv", "norm")])
        return " ".join(n for n in free if n[:4] in ("conv", "norm") and self._trains(n))

    def _trains(self, name: str) -> bool:
        return not (self.norm_stays and "norm" in name)

    def _chosen(self, names: list[Any], layers: int, weighted: list[Any]) -> list[Any]:
        if self.everything:
            return names
        among, count = (weighted if self.counts_weights else names), layers + self.more
        return among[-count:] if self.last else among[:count]

    def done(self, base: Any, *, layers: int) -> None:
        """Apply the change as a student writes it."""
        import keras

        weighted = [layer for layer in base.layers if layer.weights]
        chosen = self._chosen([*base.layers], layers, weighted)
        base.trainable = True
        for layer in base.layers:
            layer.trainable = False
        for layer in chosen:
            norm = isinstance(layer, keras.layers.BatchNormalization)
            layer.trainable = not (norm and self.norm_stays)
        if not self.opens_base:
            base.trainable = False


def look_at_layers(result: Any, *_: Any) -> str:
    """Return names of the layers with weights that are trained."""
    return " ".join(name for name, count in result if count)


_UNFREEZE_FAULTS = {
    "batch_norm_set_free": (
        Unfreeze(norm_stays=False),
        "batch normalisation is set free with the rest: leave its layers frozen, whatever their "
        "place. isinstance(layer, keras.layers.BatchNormalization) finds them.",
    ),
    "everything_set_free": (
        Unfreeze(everything=True),
        "all layers are set free: only the last `layers` of base.layers may train.",
    ),
    "all_set_free_with_batch_norm": (
        Unfreeze(everything=True, norm_stays=False),
        "the whole base is set free: base.trainable = True does that to every layer in it. Freeze "
        "the earlier ones again, and batch normalisation everywhere.",
    ),
    "first_layers_set_free": (
        Unfreeze(last=False),
        "the first layers are set free: they know edges and colours, which all photos share. The "
        "last ones are base.layers[-layers:].",
    ),
    "base_still_frozen": (
        Unfreeze(opens_base=False),
        "nothing trains: as long as base.trainable is False, none of its layers does. Set it to "
        "True first, then freeze what is to stay.",
    ),
    "other_layers_not_counted": (
        Unfreeze(counts_weights=True),
        "layers without weights are not counted: `layers` counts all in base.layers.",
    ),
}


def one_loop(base: Any, *, layers: int) -> None:
    """Decide layer by layer."""
    import keras

    base.trainable = True
    first = len(base.layers) - layers
    for place, layer in enumerate(base.layers):
        is_norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = place >= first and not is_norm


def transfer_case(rng: np.random.Generator, *, blocks: int, classes: int) -> Case:
    """Return a random base, three images, and enough classes for some logits below 0."""
    images = rng.uniform(size=(3, 8, 8, 3)).astype(np.float32)
    return Case((_base_weights(rng, blocks), classes, images))


def unfreeze_case(rng: np.random.Generator, *, blocks: int, layers: int) -> Case:
    """Return a random base and a number of layers."""
    return Case((_base_weights(rng, blocks), layers))


_TRANSFER, _UNFREEZE = Transfer(), Unfreeze()
_free: Callable[..., Any] = partial(unfreeze_case, blocks=3)

TRANSFER = JointExercise(
    "transfer",
    (
        KernelExercise(
            model=FunctionExercise(
                name="build_transfer",
                points=5,
                reference=_TRANSFER.seen,
                groups=(
                    CaseGroup("two blocks", 0.5, (partial(transfer_case, blocks=2, classes=12),)),
                    CaseGroup("three blocks", 0.5, (partial(transfer_case, blocks=3, classes=14),)),
                ),
                mistakes=tuple(
                    Mistake(name, sentence, fault.seen)
                    for name, (fault, sentence) in _TRANSFER_FAULTS.items()
                ),
                parts={
                    "the shapes of the trained weights": 2,
                    "the output": 2,
                    "the base's means and variances": 1,
                },
            ),
            harness=transfer_made,
            right=(_TRANSFER.built, with_the_functional_interface),
            wrong={name: fault.built for name, (fault, _) in _TRANSFER_FAULTS.items()},
            look=look_at_transfer,
        ),
        KernelExercise(
            model=FunctionExercise(
                name="unfreeze",
                points=5,
                reference=_UNFREEZE.seen,
                groups=(
                    CaseGroup(
                        "the last layers",
                        1.0,
                        tuple(partial(_free, layers=layers) for layers in (4, 5, 7, 8)),
                    ),
                ),
                mistakes=tuple(
                    Mistake(name, sentence, fault.seen)
                    for name, (fault, sentence) in _UNFREEZE_FAULTS.items()
                ),
            ),
            harness=layers_unfrozen,
            right=(_UNFREEZE.done, one_loop),
            wrong={name: fault.done for name, (fault, _) in _UNFREEZE_FAULTS.items()},
            look=look_at_layers,
        ),
    ),
)
