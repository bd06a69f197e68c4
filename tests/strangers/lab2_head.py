"""What strangers hand in for lab 2 beside windows: activations, shifts, the classifier."""

# ruff: noqa: ARG005, B007 - people unpack more than they use, and return too early

import numpy as np

from autograder.hidden_tests import pooling
from tests.strangers.hands import Hands
from tests.strangers.lab2 import by_views, conv, softmax_in_float32

LAB2_HEAD = Hands()
RELU, SOFTMAX, DIGITS = pooling.RELU, pooling.SOFTMAX, pooling.DIGIT_PROBABILITIES
SHIFTED, CHANGE = pooling.SHIFTS.parts
FLATTEN, DENSE = pooling.HEAD.parts
FIELD = pooling.RECEPTIVE_FIELD


@LAB2_HEAD.wrong(RELU, 0, "only numbers over 1 are kept")
def kept_over_1(x):
    return np.where(x > 1, x, 0)


@LAB2_HEAD.wrong(RELU, 0, "the input comes back as it was")
def nothing_done(x):
    x[x < 0] == 0  # noqa: B015
    return x


@LAB2_HEAD.wrong(RELU, 0, "the numbers lose their decimals")
def rounded_down(x):
    return np.maximum(x, 0).astype(int)


@LAB2_HEAD.wrong(RELU, 0, "positive numbers become 1")
def comparison_alone(x):
    return x > 0


@LAB2_HEAD.wrong(RELU, 0.4, "a loop over the first axis takes a row for a number")
def loop_over_a_row(x):
    out = np.zeros(len(x))
    for i in range(len(x)):
        out[i] = x[i] if x[i] > 0 else 0
    return out


@LAB2_HEAD.wrong(SOFTMAX, 0.9, "each row's smallest score is subtracted")
def minimum_subtracted(scores):
    with np.errstate(all="ignore"):
        e = np.exp(scores - scores.min(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)


@LAB2_HEAD.wrong(SOFTMAX, 0.9, "each row's mean is subtracted")
def mean_subtracted(scores):
    with np.errstate(all="ignore"):
        e = np.exp(scores - scores.mean(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)


@LAB2_HEAD.wrong(SOFTMAX, 0.9, "one largest score is subtracted from all rows")
def one_maximum(scores):
    with np.errstate(all="ignore"):
        e = np.exp(scores - scores.max())
        return e / e.sum(axis=1, keepdims=True)


@LAB2_HEAD.wrong(SOFTMAX, 0, "the scores are divided by the largest absolute value")
def scores_divided(scores):
    e = np.exp(scores / np.abs(scores).max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@LAB2_HEAD.wrong(SOFTMAX, 0.32, "each row's largest score is subtracted")
def sum_of_the_batch(scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum()


@LAB2_HEAD.wrong(SOFTMAX, 0, "the exponential is missing")
def shares_of_the_scores(scores):
    return scores / scores.sum(axis=1, keepdims=True)


@LAB2_HEAD.wrong(SOFTMAX, 0, "the logarithm of the probabilities is returned")
def log_softmax(scores):
    moved = scores - scores.max(axis=1, keepdims=True)
    return moved - np.log(np.exp(moved).sum(axis=1, keepdims=True))


@LAB2_HEAD.wrong(SOFTMAX, 0.6, "scores beyond a bound are cut off")
def scores_clipped(scores):
    e = np.exp(np.clip(scores, -500, 500))
    return e / e.sum(axis=1, keepdims=True)


@LAB2_HEAD.wrong(SHIFTED, 0.05, "what leaves the image on one side comes in again on the")
def rolled(x, down, right):
    return np.roll(np.roll(x, down, axis=1), right, axis=2)


@LAB2_HEAD.wrong(SHIFTED, 0.05, "rows and columns are mixed up")
def loops_with_j_first(x, down, right):
    out = np.zeros_like(x)
    for i in range(x.shape[1]):
        for j in range(x.shape[2]):
            if 0 <= i - right < x.shape[1] and 0 <= j - down < x.shape[2]:
                out[:, i, j] = x[:, i - right, j - down]
    return out


@LAB2_HEAD.wrong(SHIFTED, 0.05, "the image moves the wrong way")
def cut_from_the_wrong_side(x, down, right):
    H, W = x.shape[1:3]
    wide = np.pad(x, ((0, 0), (H, H), (W, W), (0, 0)))
    return wide[:, H + down : 2 * H + down, W + right : 2 * W + right]


@LAB2_HEAD.wrong(SHIFTED, 0, "the image is taken for square")
def square_images(x, down, right):
    out = np.zeros_like(x)
    n = x.shape[1]
    for i in range(n):
        for j in range(n):
            if 0 <= i + down < n and 0 <= j + right < n:
                out[:, i + down, j + right] = x[:, i, j]
    return out


@LAB2_HEAD.wrong(SHIFTED, 0.05, "a place beyond the image's last row or column is writte")
def no_bounds(x, down, right):
    out = np.zeros(x.shape)
    for i, j in np.ndindex(*x.shape[1:3]):
        out[:, i + down, j + right] = x[:, i, j]
    return out


@LAB2_HEAD.wrong(CHANGE, 0.2, "each entry is divided for itself")
def change_entry_by_entry(before, after):
    return np.mean(np.abs(after - before) / np.abs(before))


@LAB2_HEAD.wrong(CHANGE, 0.2, "it is divided by what came out")
def change_by_after(before, after):
    return np.abs(after - before).sum() / np.abs(after).sum()


@LAB2_HEAD.wrong(FLATTEN, 0, "the whole batch becomes one row")
def one_row(x):
    return x.flatten()


@LAB2_HEAD.wrong(FLATTEN, 0.4, "the channels come first in each row")
def channel_by_channel(x):
    return x.transpose(0, 3, 1, 2).reshape(len(x), -1)


@LAB2_HEAD.wrong(FLATTEN, 0, "the first axis runs fastest")
def fortran(x):
    return x.reshape((len(x), -1), order="F")


@LAB2_HEAD.wrong(DENSE, 0, "the weights are transposed")
def weights_transposed(x, w, b):
    return x @ w.T + b


@LAB2_HEAD.wrong(DENSE, 0, "negative scores become 0")
def relu_after(x, w, b):
    return np.maximum(np.dot(x, w) + b, 0)


@LAB2_HEAD.wrong(FIELD, 0.4, "a layer's own stride is counted before its window")
def stride_first(layers):
    r, j = 1, 1
    for k, s in layers:
        j *= s
        r += (k - 1) * j
    return r


@LAB2_HEAD.wrong(FIELD, 0.5, "the strides are ignored")
def strides_ignored(layers):
    return 1 + sum(k - 1 for k, _ in layers)


@LAB2_HEAD.wrong(FIELD, 0.2, "the sizes are multiplied")
def product(layers):
    r = 1
    for k, s in layers:
        r *= k
    return r


@LAB2_HEAD.wrong(FIELD, 0.5, "only the stride of the layer before counts")
def last_stride_alone(layers):
    r, s0 = 1, 1
    for k, s in layers:
        r = r + (k - 1) * s0
        s0 = s
    return r


def digits(images, weights, *, pooled=by_views, activation=lambda x: np.maximum(x, 0)):
    x = images
    for name in ("conv1", "conv2"):
        x = activation(conv(x, weights[name + "/kernel"], weights[name + "/bias"]))
        x = pooled(x, size=2)
    return x


@LAB2_HEAD.wrong(DIGITS, 0, "the scores are returned")
def scores_alone(images, weights):
    x = digits(images, weights)
    return x.reshape(len(x), -1) @ weights["dense/kernel"] + weights["dense/bias"]


@LAB2_HEAD.wrong(DIGITS, 0, "there is no ReLU: each of the two convolutions is fo")
def no_activation(images, weights):
    x = digits(images, weights, activation=lambda x: x)
    x = x.reshape(len(x), -1) @ weights["dense/kernel"] + weights["dense/bias"]
    return softmax_in_float32(x)


@LAB2_HEAD.wrong(DIGITS, 0, "windows are averaged")
def averages(images, weights):
    x = digits(
        images,
        weights,
        pooled=lambda x, size: np.lib.stride_tricks.sliding_window_view(x, (2, 2), (1, 2))[
            :, ::2, ::2
        ].mean((4, 5)),
    )
    x = x.reshape(len(x), -1) @ weights["dense/kernel"] + weights["dense/bias"]
    return softmax_in_float32(x)


@LAB2_HEAD.wrong(DIGITS, 0.6, "the dense layer has no bias")
def dense_bias_forgotten(images, weights):
    x = digits(images, weights)
    return softmax_in_float32(x.reshape(len(x), -1) @ weights["dense/kernel"])


@LAB2_HEAD.right(DIGITS)
def digits_channel_sums(images, weights):
    x = digits(images, weights)
    kernel = weights["dense/kernel"].reshape(*x.shape[1:], -1)
    return softmax_in_float32(np.tensordot(x, kernel, axes=3) + weights["dense/bias"])


@LAB2_HEAD.right(SOFTMAX)
def through_logarithms(scores):
    moved = scores - scores.max(axis=1, keepdims=True)
    return np.exp(moved - np.log(np.exp(moved).sum(axis=1, keepdims=True)))
