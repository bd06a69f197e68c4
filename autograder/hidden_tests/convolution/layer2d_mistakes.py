"""Mistakes in the sums of ``conv2d`` (kernel, bias, channels, batch), and all its mistakes."""

# ruff: noqa: ARG001, D103 - a mistake ignores what it should use, and its sentence describes it

from __future__ import annotations

import numpy as np

from autograder.exercises import MistakeList
from autograder.hidden_tests.convolution.layer2d_size_mistakes import (
    SIZE_MISTAKES,
    SUM_MISTAKES,
    TABLE_MISTAKES,
)
from autograder.hidden_tests.convolution.layer2d_window_mistakes import WINDOW_MISTAKES, layer
from autograder.hidden_tests.convolution.layer_sum_mistakes import IMAGE_SUMS, LAYER_SUMS
from coursekit.arrays import Array

_mistakes = MistakeList()


@_mistakes.add(
    "the kernel is flipped first: that is convolution as mathematicians define it. A layer does "
    "not flip: it correlates."
)
def kernel_flipped(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w[::-1, ::-1], b, (stride, stride), pad)


@_mistakes.add("the bias is missing: add b[o] to every entry of output channel o.")
def bias_missing(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w, 0.0, (stride, stride), pad)


@_mistakes.add(
    "the bias is added once for every input channel: add b[o] once for each output entry, after "
    "the sum over channels."
)
def bias_added_per_channel(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w, w.shape[2] * b, (stride, stride), pad)


@_mistakes.add(
    "the bias is added to every product and so summed many times: add b[o] once for each output "
    "entry, outside the sum."
)
def bias_added_per_product(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w, w[..., 0].size * b, (stride, stride), pad)


@_mistakes.add("the bias is added twice: add b[o] once for each output entry.")
def bias_added_twice(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w, 2 * b, (stride, stride), pad)


@_mistakes.add(
    "negative answers become 0: no activation function is applied here. ReLU is a layer of its own."
)
def relu_applied(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return np.maximum(layer(x, w, b, (stride, stride), pad), 0)


@_mistakes.add("the first bias is used for every output channel: channel o has its own, b[o].")
def first_bias_for_all(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w, float(b[0]), (stride, stride), pad)


@_mistakes.add(
    "only the first input channel is used: every kernel reaches through all input channels, and "
    "their products are summed."
)
def first_channel_only(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x[..., :1], w[:, :, :1], b, (stride, stride), pad)


@_mistakes.add(
    "the channels' results overwrite each other and only the last one stays: sum over the input "
    "channels with +=, not =."
)
def last_channel_only(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x[..., -1:], w[:, :, -1:], b, (stride, stride), pad)


@_mistakes.add(
    "only the first image of the batch is worked on and the others stay 0: is the return inside "
    "the loop over the images?"
)
def first_image_only(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    out = layer(x, w, b, (stride, stride), pad)
    out[1:] = 0.0
    return out


@_mistakes.add(
    "the first image is used for the whole batch: image n of the output comes from x[n], not x[0]."
)
def first_image_for_all(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(np.repeat(x[:1], len(x), 0), w, b, (stride, stride), pad)


@_mistakes.add(
    "the first kernel is used for every output channel: channel o has its own kernel, w[..., o]."
)
def first_kernel_for_all(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, np.repeat(w[..., :1], w.shape[3], 3), b, (stride, stride), pad)


@_mistakes.add(
    "the channels come first in the output: the order is (N, OH, OW, C_out), channels last."
)
def channels_first(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w, b, (stride, stride), pad).transpose(0, 3, 1, 2)


@_mistakes.add("the mean of the products is taken: a layer sums them, so np.sum, not np.mean.")
def mean_instead_of_sum(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return layer(x, w / w[..., 0].size, b, (stride, stride), pad)


MISTAKES = (*WINDOW_MISTAKES, *_mistakes, *SIZE_MISTAKES, *SUM_MISTAKES, *LAYER_SUMS, *IMAGE_SUMS)
FAST_MISTAKES = (*MISTAKES, *TABLE_MISTAKES)
