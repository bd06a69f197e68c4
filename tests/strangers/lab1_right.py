"""What strangers hand in for lab 1: right ways of writing."""

# ruff: noqa: B905, PLW2901 - students write so

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.hidden_tests import convolution
from tests.strangers.hands import Hands

LAB1_RIGHT = Hands()
SIZE = convolution.CONV_OUTPUT_SIZE
PAD = convolution.ZERO_PAD
CONV = convolution.CONV2D
FAST = convolution.CONV2D_FAST
CORRELATE = convolution.CORRELATE2D
CONVOLVE = convolution.CONVOLVE2D
STEP = convolution.CONV_STEP
CONV1D = convolution.CONV1D


@LAB1_RIGHT.right(CONV)
def while_loops_over_starts(x, w, b, *, stride=1, pad=0):
    N, H, W, C = x.shape
    f1, f2, _, K = w.shape
    canvas = np.zeros((N, H + 2 * pad, W + 2 * pad, C), dtype=x.dtype)
    canvas[:, pad : H + pad, pad : W + pad] = x
    answer = []
    top = 0
    while top + f1 <= H + 2 * pad:
        row = []
        left = 0
        while left + f2 <= W + 2 * pad:
            window = canvas[:, top : top + f1, left : left + f2].reshape(N, -1)
            row.append(window @ w.reshape(-1, K) + b)
            left += stride
        answer.append(row)
        top += stride
    return np.array(answer).transpose(2, 0, 1, 3)


@LAB1_RIGHT.right(CONV)
def index_arrays(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    KH, KW = w.shape[:2]
    rows = np.arange(0, x.shape[1] - KH + 1, stride)[:, None] + np.arange(KH)
    cols = np.arange(0, x.shape[2] - KW + 1, stride)[:, None] + np.arange(KW)
    win = x[:, rows[:, None, :, None], cols[None, :, None, :]]
    return np.einsum("nijabc,abcf->nijf", win, w, optimize=True) + b


@LAB1_RIGHT.right(CONV)
def kernel_entry_by_entry_then_strided(x, w, b, *, stride=1, pad=0):
    if pad > 0:
        x = np.pad(x, ((0,), (pad,), (pad,), (0,)))
    full = sum(
        np.einsum(
            "nijc,cf->nijf",
            x[:, a : x.shape[1] - w.shape[0] + 1 + a, c : x.shape[2] - w.shape[1] + 1 + c],
            w[a, c],
        )
        for a, c in np.ndindex(w.shape[:2])
    )
    return full[:, ::stride, ::stride] + b


@LAB1_RIGHT.right(FAST)
def as_strided_table(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    KH, KW, C, F = w.shape
    N, H, W, _ = x.shape
    OH, OW = (H - KH) // stride + 1, (W - KW) // stride + 1
    sn, sh, sw, sc = x.strides
    cols = np.lib.stride_tricks.as_strided(
        x, (N, OH, OW, KH, KW, C), (sn, sh * stride, sw * stride, sh, sw, sc), writeable=False
    )
    return cols.reshape(-1, KH * KW * C).dot(w.reshape(-1, F)).reshape(N, OH, OW, F) + b.reshape(
        1, 1, 1, -1
    )


@LAB1_RIGHT.right(FAST)
def table_filled_by_kernel_entries(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    KH, KW, C, F = w.shape
    OH, OW = (x.shape[1] - KH) // stride + 1, (x.shape[2] - KW) // stride + 1
    cols = np.empty((len(x), OH, OW, KH * KW, C))
    for p in range(KH * KW):
        i, j = divmod(p, KW)
        cols[..., p, :] = x[
            :, i : i + stride * (OH - 1) + 1 : stride, j : j + stride * (OW - 1) + 1 : stride
        ]
    return np.tensordot(cols, w.reshape(KH * KW, C, F), 2) + b


@LAB1_RIGHT.right(CONV1D)
def signal_windows_by_tensordot(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    view = sliding_window_view(x, len(w), axis=1)[:, ::stride]
    return np.tensordot(view, w, ([3, 2], [0, 1])) + b


@LAB1_RIGHT.right(CONV1D)
def signals_one_by_one(x, w, b, *, stride=1, pad=0):
    K, C, F = w.shape
    out = []
    for one in x:
        one = np.vstack([np.zeros((pad, C)), one, np.zeros((pad, C))])
        starts = range(0, len(one) - K + 1, stride)
        out.append([one[s : s + K].ravel() @ w.reshape(-1, F) + b for s in starts])
    return np.asarray(out)


@LAB1_RIGHT.right(CORRELATE)
def view_and_einsum(image, kernel):
    v = sliding_window_view(image, kernel.shape)
    return np.einsum("ijab,ab->ij", v, kernel)


@LAB1_RIGHT.right(CORRELATE)
def kernel_entry_by_entry(image, kernel):
    kh, kw = kernel.shape
    oh, ow = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    out = np.zeros((oh, ow))
    for a in range(kh):
        for c in range(kw):
            out += kernel[a, c] * image[a : a + oh, c : c + ow]
    return out


@LAB1_RIGHT.right(CONVOLVE)
def kernel_from_its_end(image, kernel):
    kh, kw = kernel.shape
    oh, ow = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    out = np.zeros((oh, ow))
    for a in range(kh):
        for c in range(kw):
            out += kernel[kh - 1 - a, kw - 1 - c] * image[a : a + oh, c : c + ow]
    return out


@LAB1_RIGHT.right(PAD)
def pixel_by_pixel(x, pad):
    out = np.zeros((x.shape[0], x.shape[1] + 2 * pad, x.shape[2] + 2 * pad, x.shape[3]))
    for n in range(len(x)):
        for i in range(x.shape[1]):
            for j in range(x.shape[2]):
                out[n, i + pad, j + pad] = x[n, i, j]
    return out


@LAB1_RIGHT.right(SIZE)
def counting_places(n, k, *, stride=1, pad=0):
    places, start = 0, -pad
    while start + k <= n + pad:
        places, start = places + 1, start + stride
    return places


@LAB1_RIGHT.right(STEP)
def product_by_product(patch, kernel, bias):
    total = bias
    for p, k in zip(patch.ravel(), kernel.ravel()):
        total += p * k
    return total
