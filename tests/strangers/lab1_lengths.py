"""What strangers hand in for lab 1: sizes, remainders, constants and padding."""

# ruff: noqa: F841, RET504, RUF059 - students write so

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.hidden_tests import convolution
from tests.strangers.hands import Hands

LAB1_LENGTHS = Hands()
SIZE = convolution.CONV_OUTPUT_SIZE
PAD = convolution.ZERO_PAD
CONV = convolution.CONV2D
FAST = convolution.CONV2D_FAST
CONV1D = convolution.CONV1D


@LAB1_LENGTHS.wrong(CONV, 0, "the output's size is divided with /, which")
def slash_in_np_zeros(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) / stride + 1, (W + 2 * pad - KW) / stride + 1
    out = np.zeros((N, OH, OW, F))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(F):
                    p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
                    out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_LENGTHS.wrong(CONV, 0, "the output's size is divided with /, which")
def slash_in_range(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    oh, ow = (x.shape[1] - w.shape[0]) / stride + 1, (x.shape[2] - w.shape[1]) / stride + 1
    return np.array(
        [
            [
                [
                    np.tensordot(
                        im[i * stride : i * stride + len(w), j * stride :][:, : w.shape[1]], w, 3
                    )
                    + b
                    for j in range(ow)
                ]
                for i in range(oh)
            ]
            for im in x
        ]
    )


@LAB1_LENGTHS.wrong(CONV, 0, "the output's size is divided with /, which")
def slash_in_np_empty(x, w, b, *, stride=1, pad=0):
    n, h, wd, c = x.shape
    kh, kw, ci, co = w.shape
    new_h = 1 + (h + 2 * pad - kh) / stride
    new_w = 1 + (wd + 2 * pad - kw) / stride
    y = np.empty([n, new_h, new_w, co])
    return y


@LAB1_LENGTHS.wrong(CONV1D, 0, "the output's length is divided with /, which")
def slash_for_signals(x, w, b, *, stride=1, pad=0):
    N, L, C = x.shape
    K, _, F = w.shape
    x = np.pad(x, [(0, 0), (pad, pad), (0, 0)])
    L_out = (L + 2 * pad - K) / stride + 1
    out = np.zeros((N, L_out, F))
    for n in range(N):
        for i in range(L_out):
            for f in range(F):
                out[n, i, f] = np.sum(x[n, i * stride : i * stride + K] * w[:, :, f]) + b[f]
    return out


@LAB1_LENGTHS.wrong(FAST, 0, "the output's size is divided with /, which")
def slash_in_fast(x, w, b, *, stride=1, pad=0):
    KH, KW, C, F = w.shape
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    N, H, W, _ = x.shape
    OH, OW = (H - KH) / stride + 1, (W - KW) / stride + 1
    out = np.zeros((N, OH, OW, F))
    for a in range(KH):
        for c in range(KW):
            out += x[:, a : a + OH * stride : stride, c : c + OW * stride : stride] @ w[a, c]
    return out + b


@LAB1_LENGTHS.wrong(CONV, 0.9, "the remainder is kept: the size is rounded")
def remainder_rounded(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = round((H + 2 * pad - KH) / stride) + 1, round((W + 2 * pad - KW) / stride) + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_LENGTHS.wrong(CONV, 0.77, "the remainder is kept: the size is rounded")
def remainder_ceil(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH = math.ceil((H + 2 * pad - KH) / stride) + 1
    OW = math.ceil((W + 2 * pad - KW) / stride) + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_LENGTHS.wrong(CONV, 0.77, "an error is raised where the stride leaves")
def remainder_asserted(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    assert (H + 2 * pad - KH) % stride == 0
    assert (W + 2 * pad - KW) % stride == 0
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_LENGTHS.wrong(CONV, 0.77, "an error is raised where the stride leaves")
def remainder_raises(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    if (H + 2 * pad - KH) % stride or (W + 2 * pad - KW) % stride:
        raise ValueError("filter does not fit the image with this stride")
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    v = sliding_window_view(xp, (KH, KW), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nhwcij,ijcf->nhwf", v, w) + b


@LAB1_LENGTHS.wrong(CONV, 0.1)
def windows_cut_off_at_the_end(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    rows, cols = range(0, H + 2 * pad, stride), range(0, W + 2 * pad, stride)
    out = np.zeros((N, len(rows), len(cols), F))
    for n in range(N):
        for i, r in enumerate(rows):
            for j, c in enumerate(cols):
                p = xp[n, r : r + KH, c : c + KW]
                for f in range(F):
                    out[n, i, j, f] = np.sum(p * w[: p.shape[0], : p.shape[1], :, f]) + b[f]
    return out


@LAB1_LENGTHS.wrong(SIZE, 0.7, "an error is raised where the stride leaves")
def asserts_no_remainder(n, k, *, stride=1, pad=0):
    assert (n + 2 * pad - k) % stride == 0, "does not fit"
    return (n + 2 * pad - k) // stride + 1


@LAB1_LENGTHS.wrong(SIZE, 0.7, "the division is rounded up: a window that")
def size_rounded_up(n, k, *, stride=1, pad=0):
    return math.ceil((n + 2 * pad - k) / stride) + 1


@LAB1_LENGTHS.wrong(CONV1D, 0.8, "the remainder is kept: the length is rounded")
def length_rounded_up(x, w, b, *, stride=1, pad=0):
    N, L, C = x.shape
    K, _, F = w.shape
    x = np.pad(x, [(0, 0), (pad, pad), (0, 0)])
    L_out = int(np.ceil((L + 2 * pad - K) / stride)) + 1
    out = np.zeros((N, L_out, F))
    for n in range(N):
        for i in range(L_out):
            for f in range(F):
                out[n, i, f] = np.sum(x[n, i * stride : i * stride + K] * w[:, :, f]) + b[f]
    return out


@LAB1_LENGTHS.wrong(FAST, 0.49, "the remainder is kept: the size is rounded")
def size_rounded_in_fast(x, w, b, *, stride=1, pad=0):
    KH, KW, C, F = w.shape
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    N, H, W, _ = x.shape
    OH, OW = round((H - KH) / stride + 1), round((W - KW) / stride + 1)
    out = np.zeros((N, OH, OW, F))
    for a in range(KH):
        for c in range(KW):
            out += x[:, a : a + OH * stride : stride, c : c + OW * stride : stride] @ w[a, c]
    return out + b


@LAB1_LENGTHS.wrong(CONV, 0.16, "the padding is always 1, whatever pad says")
def frame_of_1_size_from_pad(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_LENGTHS.wrong(CONV, 0.16, "the padding is always 1, whatever pad says")
def size_with_pad_1_frame_from_pad(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 - KH) // stride + 1, (W + 2 - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_LENGTHS.wrong(CONV, 0.46, "the window is always 3 by 3: the")
def windows_of_3_by_3_always(x, w, b, *, stride=1, pad=0):
    N, H, W, C = x.shape
    F = w.shape[3]
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - 3) // stride + 1, (W + 2 * pad - 3) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + 3, j * stride : j * stride + 3, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_LENGTHS.wrong(CONV, 0.23, "the stride is always 2, whatever stride says")
def stride_2_hard_coded_in_the_cut(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // 2 + 1, (W + 2 * pad - KW) // 2 + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * 2 : i * 2 + KH, j * 2 : j * 2 + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_LENGTHS.wrong(PAD, 0.45, "the padding is 1 in one place and")
def inside_from_1_to_minus_1(x, pad):
    N, H, W, C = x.shape
    out = np.zeros((N, H + 2 * pad, W + 2 * pad, C))
    out[:, 1:-1, 1:-1, :] = x
    return out


@LAB1_LENGTHS.wrong(PAD, 0.45, "the padding is always 1, whatever pad says")
def frame_of_1_always(x, pad):
    N, H, W, C = x.shape
    out = np.zeros((N, H + 2, W + 2, C))
    out[:, 1 : H + 1, 1 : W + 1, :] = x
    return out


@LAB1_LENGTHS.wrong(PAD, 0, "the image is taken for square, one side's")
def frame_as_wide_as_high(x, pad):
    N, H, W, C = x.shape
    out = np.zeros((N, H + 2 * pad, H + 2 * pad, C))
    out[:, pad : H + pad, pad : W + pad, :] = x
    return out
