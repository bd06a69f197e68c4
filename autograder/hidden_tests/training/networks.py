"""``build_cnn``: a network, judged by its weights and by what it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.exercises import Case, CaseGroup, FunctionExercise, KernelExercise, Mistake
from autograder.hidden_tests.training import forward
from autograder.hidden_tests.training.network_harness import network_made
from coursekit.arrays import Array

Seen = tuple[str, str, str, str, str, str]
CLASSES = 10


@dataclass(frozen=True)
class Network:
    """A network that may be built wrongly in these ways; by default it is right."""

    softmax: bool = False
    norm: bool = True
    relu: bool = True
    pooled: bool = True
    padded: bool = True
    biased: bool = False
    blocks: int | None = None
    dropout: str = "in training"
    penalised: str = "all kernels"
    norm_moves: bool = True

    def seen(self, filters: Sequence[int], dropout: float, penalty: float, images: Array) -> Seen:
        """Return what is seen of it: see `look`."""
        del penalty, images
        zero = dropout == 0 and self.dropout != "at a fixed rate"
        drops = "in training" if self.dropout == "at a fixed rate" else self.dropout
        result = self.penalised
        return (
            f"(28, 28, 1) to ({CLASSES},), {'probabilities' if self.softmax else 'logits'}",
            _shapes(self._weights(filters[: self.blocks])),
            ("moves in training" if self.norm_moves else "never moves") if self.norm else "none",
            "lets nothing below 0 through" if self.relu and self.norm else "not seen",
            "never" if zero else drops,
            result,
        )

    def _weights(self, filters: Sequence[int]) -> list[tuple[int, ...]]:
        shapes: list[tuple[int, ...]] = []
        side, channels = 28, 1
        for count in filters:
            shapes += [(3, 3, channels, count)]
            shapes += [(count,)] * (2 * (self.norm and self.norm_moves) + self.biased)
            side = side if self.padded else side - 2
            side, channels = side // 2 if self.pooled else side, count
        return [*shapes, (side * side * channels, CLASSES), (CLASSES,)]

    def built(self, filters: Sequence[int], *, dropout: float, penalty: float) -> Any:
        """Return the network as a student writes it."""
        import keras

        layers, regularizers = keras.layers, keras.regularizers
        kinds = {
            "all kernels": (regularizers.L2(penalty), regularizers.L2(penalty)),
            "the dense kernel alone": (None, regularizers.L2(penalty)),
            "the convolutions' kernels alone": (regularizers.L2(penalty), None),
            "none": (None, None),
            "another": (regularizers.L1(penalty), regularizers.L1(penalty)),
        }
        first, last = kinds[self.penalised]
        stack: list[Any] = [keras.Input((28, 28, 1))]
        for count in filters[: self.blocks]:
            padding = "same" if self.padded else "valid"
            stack.append(
                layers.Conv2D(
                    count, 3, padding=padding, use_bias=self.biased, kernel_regularizer=first
                )
            )
            if self.norm:
                stack.append(layers.BatchNormalization(trainable=self.norm_moves))
            stack += [layers.ReLU()] * self.relu
            stack += [layers.MaxPooling2D(2)] * self.pooled
        stack.append(layers.Flatten())
        rate = 0.5 if self.dropout == "at a fixed rate" else dropout
        stack += [layers.Dropout(rate)] * (self.dropout != "never")
        activation = "softmax" if self.softmax else None
        stack.append(layers.Dense(CLASSES, activation=activation, kernel_regularizer=last))
        return keras.Sequential(stack)


def _shapes(shapes: Sequence[Sequence[int]]) -> str:
    return " ".join(sorted(str(tuple(shape)) for shape in shapes))


def look(result: Any, _: Sequence[int], __: float, penalty: float, images: Array) -> Seen:
    """Return what the network is, in words.

    Its weights are the grader's, so its outputs are compared with what those weights give: nothing
    but a network gives them.

    Returns:
        What goes in and comes out; the shapes of its trained weights; batch normalisation; ReLU;
        dropout; the penalty.
    """
    weights, (outputs, again) = result["weights"], result["inference"]
    found = forward.recognised(weights, images, outputs)
    if not found and not _answers_to(result):
        return ("of no network",) * 6
    plan, kind = found or (forward.Plan(activation="unknown"), "something else")
    norm = _norm(result, plan, images)
    relu = plan.activation == "relu" and norm != "none"
    return (
        f"{tuple(result['takes'])} to {np.shape(outputs)[1:]}, {kind}",
        _shapes(result["trained"]),
        norm,
        "lets nothing below 0 through" if relu and plan.first == "norm" else "not seen",
        _dropout(outputs, again, result["training"]),
        _penalty(weights, result["losses"] / penalty),
    )


def _answers_to(result: Any) -> bool:
    """Return whether different images give different outputs: a constant is no network."""
    return float(np.ptp(result["inference"][0], axis=0).max(initial=0.0)) > 0


def _norm(result: Any, plan: forward.Plan, images: Array) -> str:
    found = forward.blocks_of(result["weights"])
    if found is None or any(block.norm is None for block in found[0]):
        return "none"
    if not _same(result["still"], result["weights"]):
        return "moves in inference"
    if _same(result["moved"], result["weights"]):
        return "never moves"
    first, moved = found[0][0], forward.blocks_of(result["moved"])
    assert first.norm is not None
    after = moved[0][0].norm if moved else None
    if after is None or not _follows(first, after, plan, images):
        return "moves another way"
    return "moves in training"


def _same(weights: Sequence[Array], others: Sequence[Array]) -> bool:
    return all(np.array_equal(*pair) for pair in zip(weights, others, strict=True))


def _follows(
    first: forward.Block, after: Sequence[Array], plan: forward.Plan, images: Array
) -> bool:
    """Return whether the first block's means went towards those of the batch, all by one part."""
    if first.norm is None or plan.activation not in forward.ACTIVATIONS:
        return True  # what it normalises is not known
    x = forward.convolved(images, first.kernel, padded=plan.padded)
    x = x if first.bias is None else x + first.bias
    x = x if plan.first == "norm" else forward.ACTIVATIONS[plan.activation](x)
    way, gone = x.mean((0, 1, 2)) - first.norm[2], after[2] - first.norm[2]
    part = float(gone @ way / (way @ way))
    return 0 < part <= 1.001 and bool(np.allclose(gone, part * way, atol=1e-3 * np.abs(way).max()))


def _dropout(outputs: Array, again: Array, training: Sequence[Array]) -> str:
    if not np.array_equal(outputs, again):
        return "always"
    once, twice = training
    return "never" if np.array_equal(once, twice) else "in training"


def _penalty(weights: Sequence[Array], result: float) -> str:
    kernels = dict.fromkeys(("the convolutions' kernels alone", "the dense kernel alone"), 0.0)
    for weight in weights:
        if np.ndim(weight) == 4:
            kernels["the convolutions' kernels alone"] += float(np.sum(np.square(weight)))
        if np.ndim(weight) == 2:
            kernels["the dense kernel alone"] += float(np.sum(np.square(weight)))
    known = {"none": 0.0, "all kernels": sum(kernels.values()), **kernels}
    return next(
        (n for n, value in known.items() if np.isclose(result, value, rtol=1e-3)), "another"
    )


_FAULTS = {
    "softmax_at_the_end": (
        Network(softmax=True),
        "the network ends in a softmax: it is to give logits, which the loss turns into "
        "probabilities by itself. Leave the last layer's activation out.",
    ),
    "no_batch_normalisation": (
        Network(norm=False),
        "there is no batch normalisation: put BatchNormalization() between each convolution and "
        "its ReLU.",
    ),
    "batch_normalisation_frozen": (
        Network(norm_moves=False),
        "batch normalisation is frozen: leave trainable=False out, so that it learns the mean and "
        "variance of what it sees.",
    ),
    "no_relu": (
        Network(relu=False),
        "there is no ReLU between batch normalisation and pooling: each block has one there, after "
        "the normalisation and not before it.",
    ),
    "no_pooling": (
        Network(pooled=False),
        "nothing is pooled: each block ends in MaxPooling2D(2), which halves height and width.",
    ),
    "no_padding": (
        Network(padded=False),
        "the convolutions cut the border off: padding='same' keeps height and width.",
    ),
    "filters_ignored_after_the_first": (
        Network(blocks=1),
        "there is one block alone: filters has a number for each of them, so loop over it.",
    ),
    "biases_before_batch_normalisation": (
        Network(biased=True),
        "the convolutions have biases, which batch normalisation takes away again: use_bias=False.",
    ),
    "no_dropout": (
        Network(dropout="never"),
        "there is no dropout: put Dropout(dropout) before the last layer.",
    ),
    "dropout_rate_ignored": (
        Network(dropout="at a fixed rate"),
        "the argument dropout is not used: a caller who wants no dropout gives 0.",
    ),
    "no_penalty": (
        Network(penalised="none"),
        "there is no L2 penalty: give each convolution and the last layer "
        "kernel_regularizer=keras.regularizers.L2(penalty).",
    ),
    "penalty_on_the_dense_layer_alone": (
        Network(penalised="the dense kernel alone"),
        "the convolutions have no penalty: give their kernels the regularizer, too.",
    ),
    "penalty_on_the_convolutions_alone": (
        Network(penalised="the convolutions' kernels alone"),
        "the last layer has no penalty: give its kernel the regularizer, too.",
    ),
    "another_penalty": (
        Network(penalised="another"),
        "the penalty is not that of keras.regularizers.L2(penalty) on all kernels: look at its "
        "factor, and that it is L2, the squares, and not L1.",
    ),
}


def with_the_functional_interface(filters: Sequence[int], *, dropout: float, penalty: float) -> Any:
    """Call layer after layer, pool before ReLU (which is the same), with one regularizer."""
    import keras

    layers, l2 = keras.layers, keras.regularizers.l2(penalty)
    x = image = keras.Input((28, 28, 1))
    for count in filters:
        x = layers.Conv2D(count, (3, 3), 1, "same", use_bias=False, kernel_regularizer=l2)(x)
        x = layers.MaxPool2D()(layers.BatchNormalization(momentum=0.9)(x))
        x = layers.Activation("relu")(x)
    x = layers.Dropout(dropout)(layers.Flatten()(x))
    return keras.Model(image, layers.Dense(CLASSES, kernel_regularizer=l2)(x))


def without_an_input(filters: Sequence[int], *, dropout: float, penalty: float) -> Any:
    """Leave the input's shape to the first call."""
    import keras

    stack = _RIGHT.built(filters, dropout=dropout, penalty=penalty).layers
    return keras.Sequential([layer.__class__.from_config(layer.get_config()) for layer in stack])


def network_case(rng: np.random.Generator, *, blocks: int, dropout: float) -> Case:
    """Return a small network and three images."""
    filters = (2 + rng.permutation(4)[:blocks]).tolist()
    penalty = round(float(rng.uniform(0.01, 0.05)), 3)
    return Case((filters, dropout, penalty, rng.uniform(size=(3, 28, 28, 1)).astype(np.float32)))


_RIGHT = Network()

BUILD_CNN = KernelExercise(
    model=FunctionExercise(
        name="build_cnn",
        points=12,
        reference=_RIGHT.seen,
        groups=(
            CaseGroup("two blocks", 0.5, (partial(network_case, blocks=2, dropout=0.5),)),
            CaseGroup("three blocks", 0.3, (partial(network_case, blocks=3, dropout=0.3),)),
            CaseGroup("without dropout", 0.2, (partial(network_case, blocks=2, dropout=0.0),)),
        ),
        mistakes=tuple(
            Mistake(name, sentence, fault.seen) for name, (fault, sentence) in _FAULTS.items()
        ),
        parts={
            "what goes in and comes out": 2,
            "the shapes of the trained weights": 3,
            "batch normalisation": 2,
            "ReLU": 1,
            "dropout": 2,
            "the penalty": 2,
        },
    ),
    harness=network_made,
    right=(_RIGHT.built, with_the_functional_interface, without_an_input),
    wrong={name: fault.built for name, (fault, _) in _FAULTS.items()},
    look=look,
)
