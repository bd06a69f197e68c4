"""What strangers hand in for lab 2, pooling and the way to an answer."""

import numpy as np

from autograder.hidden_tests import pooling
from tests.strangers.hands import Hands

LAB2 = Hands()
RELU, MAX_POOL, AVG_POOL = pooling.RELU, pooling.MAX_POOL2D, pooling.AVG_POOL2D
GLOBAL_POOL, SOFTMAX, DIGITS = pooling.GLOBAL_AVG_POOL, pooling.SOFTMAX, pooling.DIGIT_PROBABILITIES
SHIFTED, CHANGE = pooling.SHIFTS.parts
FLATTEN, DENSE = pooling.HEAD.parts
FIELD, WRONG_MAXIMA = pooling.RECEPTIVE_FIELD, pooling.WRONG_MAXIMA


def both(value):
    return (value, value) if np.isscalar(value) else tuple(value)


@LAB2.wrong(RELU, 0, "Python's max")
def relu_of_a_number(x):
    if x > 0:
        return x
    return 0


@LAB2.wrong(RELU, 0, "the negative numbers are taken out")
def relu_drops_negatives(x):
    return x[x > 0]


@LAB2.right(RELU)
def relu_in_place(x):
    x[x < 0] = 0
    return x


@LAB2.right(RELU)
def relu_by_mean_with_its_size(x):
    return (x + abs(x)) / 2


@LAB2.wrong(MAX_POOL, 0.85, "columns begin with the step for the rows")
def row_step_for_columns(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, (H - h) // sh + 1, (W - w) // sw + 1, C))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            patch = x[:, i * sh : i * sh + h, j * sh : j * sh + w]
            out[:, i, j] = np.max(patch, axis=(1, 2))
    return out


@LAB2.wrong(MAX_POOL, 0.65, "the image is cut up into windows with reshape")
def whole_windows_by_reshape(x, *, size, stride=None):
    h, w = both(size)
    N, H, W, C = x.shape
    return x.reshape(N, H // h, h, W // w, w, C).max(axis=(2, 4))


@LAB2.wrong(MAX_POOL, 0.8, "a pair is not dealt with")
def numbers_alone(x, *, size, stride=None):
    stride = stride or size
    N, H, W, C = x.shape
    out = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
    for i, j in np.ndindex(out.shape[1:3]):
        window = x[:, i * stride : i * stride + size, j * stride : j * stride + size, :]
        out[:, i, j, :] = window.max(axis=(1, 2))
    return out


@LAB2.wrong(MAX_POOL, 0.95, "the default stride is the window's width in both directions")
def default_of_the_width_alone(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(stride) if stride else (w, w)
    windows = np.lib.stride_tricks.sliding_window_view(x, (h, w), axis=(1, 2))
    return windows[:, ::sh, ::sw].max(axis=(-1, -2))


@LAB2.wrong(MAX_POOL, 0.65, "the output's size is H / stride")
def padded_like_same(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    rows, columns = -(-x.shape[1] // sh), -(-x.shape[2] // sw)
    out = np.zeros((len(x), rows, columns, x.shape[3]))
    for i, j in np.ndindex(rows, columns):
        out[:, i, j] = x[:, i * sh : i * sh + h, j * sw : j * sw + w].max((1, 2))
    return out


@LAB2.wrong(MAX_POOL, 0, "the output is an array of whole numbers")
def of_whole_numbers(x, *, size, stride=None):
    return by_views(x, size=size, stride=stride).astype(int)


@LAB2.right(MAX_POOL)
def by_views(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    return np.lib.stride_tricks.sliding_window_view(x, (h, w), (1, 2))[:, ::sh, ::sw].max((4, 5))


@LAB2.right(MAX_POOL)
def nested_lists(x, *, size, stride=None):
    (h, w), (sh, sw) = both(size), both(stride or size)
    N, H, W, C = x.shape
    result = []
    for n in range(N):
        rows = []
        for r in range(0, H - h + 1, sh):
            row = []
            for s in range(0, W - w + 1, sw):
                row.append(
                    [max(x[n, r : r + h, s : s + w, c].flatten().tolist()) for c in range(C)]
                )
            rows.append(row)
        result.append(rows)
    return result


@LAB2.right(MAX_POOL)
def in_halves(x, *, size, stride=None):
    size, stride = both(size), both(size if stride is None else stride)
    x = x.astype("float32")
    out = -np.inf
    for a in range(size[0]):
        for b in range(size[1]):
            rows = slice(a, x.shape[1] - size[0] + a + 1, stride[0])
            out = np.maximum(out, x[:, rows, b : x.shape[2] - size[1] + b + 1 : stride[1]])
    return out


@LAB2.wrong(AVG_POOL, 0, "the division is //")
def whole_division(x, *, size, stride=None):
    h, w = both(size)
    return average(x, size=size, stride=stride) * h * w // (h * w)


@LAB2.right(AVG_POOL)
def average(x, *, size, stride=None):
    (h, w), (sh, sw) = both(size), both(size if stride is None else stride)
    total = np.cumsum(np.cumsum(np.pad(x, ((0, 0), (1, 0), (1, 0), (0, 0))), 1), 2)
    sums = total[:, h:, w:] - total[:, :-h, w:] - total[:, h:, :-w] + total[:, :-h, :-w]
    return sums[:, ::sh, ::sw] / (h * w)


@LAB2.right(GLOBAL_POOL)
def global_mean_by_einsum(x):
    return np.einsum("nhwc->nc", x) / x.shape[1] / x.shape[2]


@LAB2.wrong(SOFTMAX, 0, "each row's largest score is subtracted")
def row_maximum_and_column_sum(scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=0)


@LAB2.wrong(SOFTMAX, 0, "the largest score of each column is subtracted")
def column_maximum(scores):
    with np.errstate(all="ignore"):
        e = np.exp(scores - scores.max(axis=0))
        return e / e.sum(axis=1, keepdims=True)


@LAB2.wrong(SOFTMAX, 0.6, "large scores overflow")
def first_formula(scores):
    with np.errstate(all="ignore"):
        return np.exp(scores) / np.exp(scores).sum(1)[:, None]


@LAB2.wrong(SOFTMAX, 0.32, "maxima and sums lose their axis")
def axes_forgotten(scores):
    e = np.exp(scores - np.max(scores, axis=1))
    return e / np.sum(e, axis=1)


@LAB2.wrong(SOFTMAX, 0)
def constant_in_the_sum(scores):
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return e / (e.sum(axis=1, keepdims=True) + 1e-3)


@LAB2.right(SOFTMAX)
def softmax_with_a_tiny_constant(scores):
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return e / (e.sum(axis=1, keepdims=True) + 1e-9)


@LAB2.right(SOFTMAX)
def softmax_in_float32(scores):
    scores = np.float32(scores)
    return np.vstack([np.exp(row - max(row)) / sum(np.exp(row - max(row))) for row in scores])


@LAB2.wrong(SHIFTED, 0.7, "a shift of 0 is written as a slice [:-0]")
def slices_with_minus(x, down, right):
    out = np.zeros_like(x)
    if down >= 0 and right >= 0:
        out[:, down:, right:] = x[:, :-down, :-right]
    elif down >= 0:
        out[:, down:, :right] = x[:, :-down, -right:]
    elif right >= 0:
        out[:, :down, right:] = x[:, -down:, :-right]
    else:
        out[:, :down, :right] = x[:, -down:, -right:]
    return out


@LAB2.wrong(SHIFTED, 0.7, "nothing is left where a shift is 0")
def joined_to_zeros(x, down, right):
    N, _, W, C = x.shape
    if down >= 0:
        x = np.concatenate([np.zeros((N, down, W, C)), x[:, :-down]], axis=1)
    else:
        x = np.concatenate([x[:, -down:], np.zeros((N, -down, W, C))], axis=1)
    if right >= 0:
        x = np.concatenate([np.zeros((N, x.shape[1], right, C)), x[:, :, :-right]], axis=2)
    else:
        x = np.concatenate([x[:, :, -right:], np.zeros((N, x.shape[1], -right, C))], axis=2)
    return x


@LAB2.wrong(SHIFTED, 0.22, "a place is looked for beyond the image's first row or column")
def loops_that_wrap(x, down, right):
    out = np.zeros(x.shape)
    for i in range(x.shape[1]):
        for j in range(x.shape[2]):
            if i - down < x.shape[1] and j - right < x.shape[2]:
                out[:, i, j] = x[:, i - down, j - right]
    return out


@LAB2.right(SHIFTED)
def place_by_place(x, down, right):
    N, H, W, C = x.shape
    new = np.zeros((N, H, W, C))
    for i in range(H):
        for j in range(W):
            if 0 <= i + down < H and 0 <= j + right < W:
                new[:, i + down, j + right, :] = x[:, i, j, :]
    return new


@LAB2.wrong(CHANGE, 0.2, "no absolute values are taken")
def change_without_abs(before, after):
    return (after - before).sum() / before.sum()


@LAB2.wrong(CHANGE, 0.2, "lengths are compared")
def change_of_norms(before, after):
    return np.linalg.norm(after - before) / np.linalg.norm(before)


@LAB2.right(CHANGE)
def change_by_python(before, after):
    pairs = zip(before.flatten(), after.flatten(), strict=True)
    top = sum(abs(float(b) - float(a)) for a, b in pairs)
    return top / sum(abs(float(a)) for a in before.flatten())


@LAB2.right(FLATTEN)
def flat_by_list(x):
    return np.array([image.ravel() for image in x])


@LAB2.right(DENSE)
def dense_by_loops(x, w, b):
    out = [
        [sum(x[n, d] * w[d, m] for d in range(len(w))) + b[m] for m in range(len(b))]
        for n in range(len(x))
    ]
    return np.array(out)


@LAB2.wrong(FIELD, 0.5, "a float comes back")
def field_as_float(layers):
    return float(field_backwards(layers))


@LAB2.right(FIELD)
def field_backwards(layers):
    r = 1
    for k, s in layers[::-1]:
        r = (r - 1) * s + k
    return r


@LAB2.wrong(WRONG_MAXIMA, 0.5, "numbers are returned")
def as_numbers(image, claimed):
    return maxima_compared(image, claimed).astype(int)


@LAB2.right(WRONG_MAXIMA)
def maxima_compared(image, claimed):
    h, w = claimed.shape
    return image.reshape(h, 2, w, 2).max(axis=(1, 3)) != claimed


def conv(x, w, b):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[:2], axis=(1, 2))
    return np.einsum("nijcab,abcf->nijf", windows, w) + b


@LAB2.wrong(DIGITS, 0, "the ReLU after the second convolution is missing")
def second_relu_forgotten(images, weights):
    x = np.maximum(conv(images, weights["conv1/kernel"], weights["conv1/bias"]), 0)
    x = conv(by_views(x, size=2), weights["conv2/kernel"], weights["conv2/bias"])
    x = by_views(x, size=2).reshape(len(images), -1)
    scores = x @ weights["dense/kernel"] + weights["dense/bias"]
    return softmax_in_float32(scores)


@LAB2.wrong(DIGITS, 0, "a ReLU is put before the softmax")
def relu_on_the_scores(images, weights):
    x = images
    for name in ("conv1", "conv2"):
        x = np.maximum(conv(x, weights[name + "/kernel"], weights[name + "/bias"]), 0)
        x = by_views(x, size=2)
    scores = x.reshape(len(x), -1) @ weights["dense/kernel"] + weights["dense/bias"]
    return softmax_in_float32(np.maximum(scores, 0))


@LAB2.right(DIGITS)
def pooled_before_relu(images, weights):
    x = images
    for name in ("conv1", "conv2"):
        x = by_views(conv(x, weights[name + "/kernel"], weights[name + "/bias"]), size=2)
        x = x * (x > 0)
    scores = x.reshape(len(x), -1) @ weights["dense/kernel"] + weights["dense/bias"]
    return softmax_with_a_tiny_constant(scores)
