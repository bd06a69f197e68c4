"""``cnn_gradients``: all the way back through a small network.

Convolution (stride 1, no padding), ReLU, max pooling in windows of 2 x 2, flatten, dense, softmax
cross entropy.
"""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.exercises import (
    Case,
    CaseGroup,
    FunctionExercise,
    MistakeList,
    Sampler,
    distinguishing,
    functions_named,
)
from autograder.hidden_tests.backprop.avg_pool import avg_pool2d_backward
from autograder.hidden_tests.backprop.conv import conv2d_backward
from autograder.hidden_tests.backprop.dense import dense, dense_backward
from autograder.hidden_tests.backprop.max_pool import max_pool2d_backward
from autograder.hidden_tests.backprop.softmax import (
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
)
from coursekit.arrays import Array

Gradients = tuple[float, Array, Array, Array, Array]

_mistakes = MistakeList()


@dataclass(frozen=True)
class _Ways:
    """The steps back, of which a mistake takes one wrongly."""

    relu: Callable[[Array], Array] = lambda x: np.maximum(x, 0)
    loss: Callable[[Array, Array], Array] = softmax_cross_entropy_backward
    unflatten: Callable[[Array, tuple[int, ...]], Array] = np.reshape
    pool: Callable[..., Array] = max_pool2d_backward
    mask: Callable[[Array, Array], Array] = lambda grad, x: grad * (x > 0)


_RIGHT = _Ways()


def _gradients(
    ways: _Ways, x: Array, labels: Array, conv_w: Array, conv_b: Array, w: Array, b: Array
) -> Gradients:
    windows = sliding_window_view(x, conv_w.shape[:2], (1, 2))
    maps = np.einsum("nijcab,abco->nijo", windows, conv_w) + conv_b
    bent = ways.relu(maps)
    pooled = sliding_window_view(bent, (2, 2), (1, 2))[:, ::2, ::2].max((4, 5))
    flat = pooled.reshape(len(x), -1)
    logits = dense(flat, w, b)
    dflat, dw, db = dense_backward(ways.loss(logits, labels), flat, w)
    dbent = ways.pool(ways.unflatten(dflat, pooled.shape), bent, size=2)
    _, dconv_w, dconv_b = conv2d_backward(ways.mask(dbent, maps), x, conv_w)
    return softmax_cross_entropy(logits, labels), dconv_w, dconv_b, dw, db


def cnn_gradients(
    x: Array, labels: Array, conv_w: Array, conv_b: Array, dense_w: Array, dense_b: Array
) -> Gradients:
    """Return the loss and the gradients of all four parameters, from the references of the layers.

    Args:
        x: images, (N, H, W, C).
        labels: right classes, (N,).
        conv_w: kernels, (KH, KW, C, F).
        conv_b: their biases, (F,).
        dense_w: weights, (D, K).
        dense_b: biases, (K,).
    """
    return _gradients(_RIGHT, x, labels, conv_w, conv_b, dense_w, dense_b)


def _mistake(sentence: str, name: str, **ways: Callable[..., Array]) -> None:
    """Declare a mistake in which one step is taken another way."""

    def function(
        x: Array, labels: Array, conv_w: Array, conv_b: Array, dense_w: Array, dense_b: Array
    ) -> Gradients:
        changed = replace(_RIGHT, **ways)
        return _gradients(changed, x, labels, conv_w, conv_b, dense_w, dense_b)

    function.__name__ = name
    _mistakes.add(sentence)(function)


_mistake(
    "the ReLU is left out on the way back: after the pooling's gradient comes relu_backward, with "
    "the convolution's output.",
    "relu_left_out_backward",
    mask=lambda grad, _: grad,
)
_mistake(
    "there is no ReLU at all: the pooling works on relu(convolution).",
    "no_relu",
    relu=lambda x: x,
    mask=lambda grad, _: grad,
)
_mistake(
    "1/N is missing in the gradients: the loss is a mean over the batch, so its gradient with "
    "respect to the logits is divided by N.",
    "not_divided_by_n",
    loss=lambda logits, labels: len(logits) * softmax_cross_entropy_backward(logits, labels),
)
_mistake(
    "the sign of every gradient is wrong: start from p minus one-hot.",
    "sign_wrong",
    loss=lambda logits, labels: -softmax_cross_entropy_backward(logits, labels),
)
_mistake(
    "the pooling's gradient is spread over the window: it goes to the largest entry alone.",
    "pooling_as_an_average",
    pool=avg_pool2d_backward,
)
_mistake(
    "the flat gradient is put back in another order: reshape it to the pooled maps' shape, which "
    "undoes the flattening, with no transpose.",
    "unflattened_in_another_order",
    unflatten=lambda flat, shape: np.moveaxis(
        flat.reshape(shape[0], shape[3], shape[1], shape[2]), 1, -1
    ),
)


@_mistakes.add("the gradients come in another order: loss, conv_w, conv_b, dense_w, dense_b.")
def dense_first(
    x: Array, labels: Array, conv_w: Array, conv_b: Array, dense_w: Array, dense_b: Array
) -> Gradients:
    loss, dcw, dcb, dw, db = cnn_gradients(x, labels, conv_w, conv_b, dense_w, dense_b)
    return loss, dw, db, dcw, dcb


@_mistakes.add(
    "the convolution has no gradient: go on from dense_backward's dx, through flatten, pooling "
    "and ReLU, to conv2d_backward."
)
def dense_layer_alone(
    x: Array, labels: Array, conv_w: Array, conv_b: Array, dense_w: Array, dense_b: Array
) -> Gradients:
    loss, dcw, dcb, dw, db = cnn_gradients(x, labels, conv_w, conv_b, dense_w, dense_b)
    return loss, 0 * dcw, 0 * dcb, dw, db


@_mistakes.add(
    "the convolution's biases have no gradient: a bias was added at every position of every image, "
    "so dconv_b is the third of what conv2d_backward returns."
)
def conv_bias_without_a_gradient(
    x: Array, labels: Array, conv_w: Array, conv_b: Array, dense_w: Array, dense_b: Array
) -> Gradients:
    loss, dcw, dcb, dw, db = cnn_gradients(x, labels, conv_w, conv_b, dense_w, dense_b)
    return loss, dcw, 0 * dcb, dw, db


@_mistakes.add("the loss does not come first: return it first, then the four gradients.")
def loss_not_returned(
    x: Array, labels: Array, conv_w: Array, conv_b: Array, dense_w: Array, dense_b: Array
) -> tuple[Array, ...]:
    return cnn_gradients(x, labels, conv_w, conv_b, dense_w, dense_b)[1:]


@_mistakes.add("the losses are summed: the loss of a batch is their mean.")
def loss_is_a_sum(
    x: Array, labels: Array, conv_w: Array, conv_b: Array, dense_w: Array, dense_b: Array
) -> Gradients:
    loss, *rest = cnn_gradients(x, labels, conv_w, conv_b, dense_w, dense_b)
    return len(x) * loss, rest[0], rest[1], rest[2], rest[3]


@_mistakes.add(
    "the convolution's biases are left out of the forward pass: each map gets its conv_b added "
    "before the ReLU."
)
def conv_bias_left_out(
    x: Array, labels: Array, conv_w: Array, conv_b: Array, dense_w: Array, dense_b: Array
) -> Gradients:
    return cnn_gradients(x, labels, conv_w, 0 * conv_b, dense_w, dense_b)


@_mistakes.add(
    "the gradients are divided by N twice: softmax_cross_entropy_backward has divided by it "
    "already, and all layers before it pass that on."
)
def divided_by_n_twice(
    x: Array, labels: Array, conv_w: Array, conv_b: Array, dense_w: Array, dense_b: Array
) -> Gradients:
    loss, *rest = cnn_gradients(x, labels, conv_w, conv_b, dense_w, dense_b)
    dcw, dcb, dw, db = (each / len(x) for each in rest)
    return loss, dcw, dcb, dw, db


@_mistakes.add(
    "the biases are left out of the forward pass: the convolution adds conv_b, the dense layer "
    "dense_b."
)
def biases_left_out(
    x: Array, labels: Array, conv_w: Array, conv_b: Array, dense_w: Array, dense_b: Array
) -> Gradients:
    return cnn_gradients(x, labels, conv_w, 0 * conv_b, dense_w, 0 * dense_b)


def mask_of_the_output(
    x: Array, labels: Array, conv_w: Array, conv_b: Array, dense_w: Array, dense_b: Array
) -> Gradients:
    ways = replace(_RIGHT, mask=lambda grad, maps: np.where(np.maximum(maps, 0) > 0, grad, 0))
    return _gradients(ways, x, labels, conv_w, conv_b, dense_w, dense_b)


def by_differences(
    x: Array, labels: Array, conv_w: Array, conv_b: Array, dense_w: Array, dense_b: Array
) -> Gradients:
    parameters = [conv_w, conv_b, dense_w, dense_b]

    def loss() -> float:
        return cnn_gradients(x, labels, conv_w, conv_b, dense_w, dense_b)[0]

    found = [np.zeros_like(parameter) for parameter in parameters]
    for parameter, gradient in zip(parameters, found, strict=True):
        for place in np.ndindex(*parameter.shape):
            before = parameter[place]
            parameter[place] = before + 1e-5
            above = loss()
            parameter[place] = before - 1e-5
            gradient[place] = (above - loss()) / 2e-5
            parameter[place] = before
    return loss(), found[0], found[1], found[2], found[3]


def case(
    rng: np.random.Generator,
    *,
    items: int = 2,
    out: tuple[int, int] = (4, 4),
    channels: int = 1,
    filters: int = 2,
    classes: int = 3,
) -> Case:
    """Return one call on tiny images.

    Args:
        rng: draws all values.
        items: images.
        out: rows and columns of the convolution's output; a remainder of 1 is dropped.
        channels: of the images.
        filters: of the convolution, with kernels of 3 x 2.
        classes: of the labels.
    """
    entries = (out[0] // 2) * (out[1] // 2) * filters
    return Case(
        (
            rng.normal(size=(items, out[0] + 2, out[1] + 1, channels)),
            rng.integers(0, classes, items),
            rng.normal(size=(3, 2, channels, filters)) / 2,
            rng.normal(size=filters) / 2 - 1.0,  # so that some windows are negative throughout
            rng.normal(size=(entries, classes)) / 2,
            rng.normal(size=classes) / 2,
        )
    )


def _seen(**how: Any) -> Sampler:
    """Return a case in which the ReLU does something, forward and backward."""
    faults = functions_named(_mistakes, "no_relu", "relu_left_out_backward")
    return distinguishing(partial(case, **how), cnn_gradients, *faults)


CNN_GRADIENTS = FunctionExercise(
    name="cnn_gradients",
    points=9,
    reference=cnn_gradients,
    groups=(
        CaseGroup("one image", 0.3, (_seen(items=1), _seen(items=1, filters=1))),
        CaseGroup("a batch", 0.4, (_seen(), _seen(items=4, filters=3, classes=4))),
        CaseGroup(
            "colour, not square, a remainder",
            0.3,
            (_seen(channels=2, out=(5, 3)), _seen(channels=3, out=(2, 5))),
        ),
    ),
    mistakes=tuple(_mistakes),
    variants=(mask_of_the_output, by_differences),
    parts={"loss": 2, "dconv_w": 3, "dconv_b": 1, "ddense_w": 2, "ddense_b": 1},
    rtol=1e-5,
    atol=1e-8,
)
