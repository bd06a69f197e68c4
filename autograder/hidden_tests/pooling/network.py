"""``digit_probabilities``: the layers in a row, with trained weights."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import special

from autograder.exercises import (
    Case,
    CaseGroup,
    FunctionExercise,
    MistakeList,
    Sampler,
    all_forms,
    distinguishing,
)
from autograder.hidden_tests.convolution.layer2d import conv2d
from autograder.hidden_tests.pooling.activation import by_maximum as relu
from autograder.hidden_tests.pooling.draws import away_from_zero
from autograder.hidden_tests.pooling.flat import channels_first as flatten_channels_first
from autograder.hidden_tests.pooling.flat import column_by_column, first_axis_fastest, flatten
from autograder.hidden_tests.pooling.max_pool import max_pool2d
from coursekit.arrays import Array
from coursekit.data import load_mnist
from coursekit.models.digits import digit_cnn_weights

Weights = Mapping[str, Array]
Step = Callable[[Array], Any]

_mistakes = MistakeList()


_pool = partial(max_pool2d, size=2)
_softmax = partial(special.softmax, axis=1)


def _as_is(x: Array) -> Array:
    return x


@dataclass(frozen=True)
class Network:
    """The network with steps that can be replaced by wrong ones."""

    relu1: Step = relu
    relu2: Step = relu
    pool1: Step = _pool
    pool2: Step = _pool
    flatten: Step = flatten
    last: Step = _softmax
    conv: Callable[[Array, Array, Array], Array] = conv2d

    def __call__(self, images: Array, weights: Weights) -> Any:
        """Return what the last step gives for images (N, H, W, 1)."""
        maps = self.conv(images, weights["conv1/kernel"], weights["conv1/bias"])
        maps = self.pool1(self.relu1(maps))
        maps = self.conv(maps, weights["conv2/kernel"], weights["conv2/bias"])
        maps = self.pool2(self.relu2(maps))
        scores = self.flatten(maps) @ weights["dense/kernel"] + weights["dense/bias"]
        return self.last(scores)


_RIGHT = Network()


def digit_probabilities(images: Array, weights: Weights) -> Array:
    """Return the network's answers, from SciPy's correlations, filters and softmax.

    Args:
        images: (N, H, W, 1).
        weights: kernels and biases of ``conv1``, ``conv2`` and ``dense`` by name.

    Returns:
        Array of shape (N, K); each row sums to 1.
    """
    return np.asarray(_RIGHT(images, weights))


def _pooled_side(side: int) -> int:
    """Return rows or columns that are left after both convolutions and poolings."""
    for _ in range(2):
        side = (side - 2) // 2
    return side


def _balanced(kernels: Array) -> Array:
    """Return kernels that sum to 0, so that no map of an image without negatives is negative."""
    return np.asarray(kernels - kernels.mean((0, 1, 2)))


def network_case(
    rng: np.random.Generator,
    *,
    sides: tuple[int, int] = (18, 18),
    items: int = 1,
    biases: bool = False,
) -> Case:
    """Return one call on small random images and weights.

    Args:
        rng: draws channels and values.
        sides: height and width of the images; 18 leaves maps of 3 × 3 for the dense layer.
        items: how many there are.
        biases: whether the biases differ from 0.
    """
    first, second = rng.permutation([2, 3]).tolist()
    inputs = _pooled_side(sides[0]) * _pooled_side(sides[1]) * second
    kernels = {
        "conv1": _balanced(rng.normal(size=(3, 3, 1, first)) / 2),
        "conv2": _balanced(rng.normal(size=(3, 3, first, second)) / 2) - 0.01,
        "dense": rng.normal(size=(inputs, 4)) / np.sqrt(inputs),
    }
    weights = {f"{name}/kernel": kernel for name, kernel in kernels.items()}
    for name, kernel in kernels.items():
        weights[f"{name}/bias"] = 0.3 * biases * away_from_zero(rng, kernel.shape[-1])
    return Case((rng.uniform(size=(items, *sides, 1)), weights))


def shipped_case(rng: np.random.Generator) -> Case:
    """Return one call on three test digits with the weights that ship with the course."""
    digits = load_mnist().x_test
    chosen = digits[rng.choice(len(digits), 3, replace=False)]
    return Case((chosen / 255, digit_cnn_weights()))


@_mistakes.add(
    "the ReLU after the first convolution is missing: each convolution is followed by one."
)
def first_relu_missing(images: Array, weights: Weights) -> Any:
    return replace(_RIGHT, relu1=_as_is)(images, weights)


@_mistakes.add(
    "the ReLU after the second convolution is missing: each convolution is followed by one."
)
def second_relu_missing(images: Array, weights: Weights) -> Any:
    return replace(_RIGHT, relu2=_as_is)(images, weights)


@_mistakes.add("there is no ReLU: each of the two convolutions is followed by one.")
def no_relu(images: Array, weights: Weights) -> Any:
    return replace(_RIGHT, relu1=_as_is, relu2=_as_is)(images, weights)


@_mistakes.add("windows are averaged: this network was trained with max pooling.")
def average_pooling(images: Array, weights: Weights) -> Any:
    def average(x: Array) -> Any:
        return sliding_window_view(x, (2, 2), (1, 2))[:, ::2, ::2].mean((-2, -1))

    return replace(_RIGHT, pool1=average, pool2=average)(images, weights)


@_mistakes.add(
    "the maps do not fit the dense layer: each convolution is followed by a 2 × 2 max pooling "
    "with windows side by side, and no convolution is padded."
)
def second_pooling_missing(images: Array, weights: Weights) -> Any:
    return replace(_RIGHT, pool2=_as_is)(images, weights)


@_mistakes.add("the scores are returned: the last step, softmax, makes probabilities of them.")
def softmax_missing(images: Array, weights: Weights) -> Any:
    return replace(_RIGHT, last=_as_is)(images, weights)


@_mistakes.add("softmax is taken twice: once, of the scores, is enough.")
def softmax_twice(images: Array, weights: Weights) -> Any:
    return _softmax(digit_probabilities(images, weights))


@_mistakes.add("softmax is taken over the batch: every image has a row, and each row sums to 1.")
def softmax_over_the_batch(images: Array, weights: Weights) -> Any:
    return replace(_RIGHT, last=partial(special.softmax, axis=0))(images, weights)


@_mistakes.add(
    "a ReLU is put before the softmax: the scores of the dense layer may be negative, and softmax "
    "takes them as they are."
)
def relu_before_softmax(images: Array, weights: Weights) -> Any:
    return replace(_RIGHT, last=lambda scores: _softmax(relu(scores)))(images, weights)


@_mistakes.add(
    "the number of the likeliest digit is returned: return the probabilities of all of them."
)
def class_number(images: Array, weights: Weights) -> Any:
    return digit_probabilities(images, weights).argmax(1)


@_mistakes.add("only the first image is answered: every image of the batch has a row.")
def first_image_only(images: Array, weights: Weights) -> Any:
    return digit_probabilities(images[:1], weights)


@_mistakes.add(
    "the maps are flattened channel by channel: the dense layer was trained on the order that "
    "they have, in which the channels of one place are neighbours."
)
def flattened_by_channel(images: Array, weights: Weights) -> Any:
    return replace(_RIGHT, flatten=flatten_channels_first)(images, weights)


@_mistakes.add(
    "the maps are flattened column by column: the dense layer was trained on NumPy's own order, "
    "row by row."
)
def flattened_by_column(images: Array, weights: Weights) -> Any:
    return replace(_RIGHT, flatten=column_by_column)(images, weights)


@_mistakes.add('the maps are flattened with order="F": NumPy\'s usual order, "C", is the one.')
def flattened_first_axis_fastest(images: Array, weights: Weights) -> Any:
    return replace(_RIGHT, flatten=first_axis_fastest)(images, weights)


@_mistakes.add("the convolutions have no bias: each has its own, conv1/bias and conv2/bias.")
def biases_of_convolutions_missing(images: Array, weights: Weights) -> Any:
    return replace(_RIGHT, conv=lambda x, w, b: conv2d(x, w, 0 * b))(images, weights)


@_mistakes.add("the dense layer has no bias: add dense/bias to the scores.")
def bias_of_dense_layer_missing(images: Array, weights: Weights) -> Any:
    return _RIGHT(images, {**weights, "dense/bias": 0 * weights["dense/bias"]})


@_mistakes.add("no layer has its bias: each of the three has one.")
def no_bias(images: Array, weights: Weights) -> Any:
    return _RIGHT(images, {n: 0 * w if n.endswith("bias") else w for n, w in weights.items()})


@_mistakes.add("the kernels are flipped: a layer does not flip, it correlates.")
def kernels_flipped(images: Array, weights: Weights) -> Any:
    return replace(_RIGHT, conv=lambda x, w, b: conv2d(x, w[::-1, ::-1], b))(images, weights)


@_mistakes.add(
    "the images are divided by 255: they come scaled already, from 0 to 1, as the docstring says."
)
def divided_by_255(images: Array, weights: Weights) -> Any:
    return _RIGHT(images / 255, weights)


def pooled_before_relu(images: Array, weights: Weights) -> Any:
    swapped = replace(_RIGHT, relu1=_pool, pool1=relu, relu2=_pool, pool2=relu)
    return swapped(images, weights)


def one_image_at_a_time(images: Array, weights: Weights) -> Any:
    return [_RIGHT(image[None], weights)[0].tolist() for image in images]


def with_a_fast_convolution(images: Array, weights: Weights) -> Any:
    def fast(x: Array, w: Array, b: Array) -> Array:
        return np.asarray(
            np.einsum("nijcab,abco->nijo", sliding_window_view(x, (3, 3), (1, 2)), w) + b
        )

    return replace(_RIGHT, conv=fast)(images, weights)


def _seen(**how: Any) -> Sampler:
    """Return a case in which each ReLU does something, and none belongs before the softmax."""
    faults = (first_relu_missing, second_relu_missing, relu_before_softmax)
    return distinguishing(partial(network_case, **how), _RIGHT, *faults)


DIGIT_PROBABILITIES = FunctionExercise(
    name="digit_probabilities",
    points=12,
    reference=digit_probabilities,
    groups=(
        CaseGroup("one image", 0.2, (_seen(), _seen())),
        CaseGroup(
            "biases",
            0.2,
            (_seen(biases=True), _seen(biases=True)),
        ),
        CaseGroup("several images", 0.2, (_seen(items=2), _seen(items=3))),
        CaseGroup(
            "maps of odd lengths",
            0.2,
            (_seen(sides=(17, 20)), _seen(sides=(19, 16))),
        ),
        CaseGroup(
            "the shipped network",
            0.2,
            (distinguishing(shipped_case, _RIGHT, bias_of_dense_layer_missing, no_relu),),
        ),
    ),
    mistakes=tuple(_mistakes),
    variants=(
        pooled_before_relu,
        one_image_at_a_time,
        with_a_fast_convolution,
        *all_forms(with_a_fast_convolution),
    ),
)
