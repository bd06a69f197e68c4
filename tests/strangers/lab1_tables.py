"""What strangers hand in for lab 1: signals, tables of windows, single windows."""

# ruff: noqa: E741, F841, RUF059 - students write so

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

from autograder.hidden_tests import convolution
from tests.strangers.hands import Hands

LAB1_TABLES = Hands()
CONV = convolution.CONV2D
FAST = convolution.CONV2D_FAST
CONVOLVE = convolution.CONVOLVE2D
STEP = convolution.CONV_STEP
CONV1D = convolution.CONV1D


@LAB1_TABLES.wrong(CONV, 0, "a window starts at a float, which is")
def float_index_arrays(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    tops, lefts = (
        np.arange(0, H + 2 * pad - KH + 1, float(stride)),
        np.arange(0, W + 2 * pad - KW + 1, float(stride)),
    )
    out = np.zeros((N, len(tops), len(lefts), F))
    for i, t in enumerate(tops):
        for j, l in enumerate(lefts):
            out[:, i, j] = np.tensordot(xp[:, t : t + KH, l : l + KW], w, 3) + b
    return out


@LAB1_TABLES.wrong(FAST, 0.27, "the windows' axes are in another order than")
def windows_not_transposed(x, w, b, *, stride=1, pad=0):
    KH, KW, C, F = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    v = sliding_window_view(xp, (KH, KW), axis=(1, 2))[:, ::stride, ::stride]
    N, OH, OW = v.shape[:3]
    return (v.reshape(N * OH * OW, -1) @ w.reshape(-1, F)).reshape(N, OH, OW, F) + b


@LAB1_TABLES.wrong(FAST, 0.31, "w.reshape(C_out, ...) takes the kernels' numbers apart in")
def kernels_reshaped(x, w, b, *, stride=1, pad=0):
    KH, KW, C, F = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    v = sliding_window_view(xp, (KH, KW), axis=(1, 2))[:, ::stride, ::stride]
    v = v.transpose(0, 1, 2, 4, 5, 3)
    N, OH, OW = v.shape[:3]
    return (v.reshape(N * OH * OW, -1) @ w.reshape(F, -1).T).reshape(N, OH, OW, F) + b


@LAB1_TABLES.wrong(FAST, 0.31, "reshape is used where the axes have to")
def reshape_of_the_output_in_the_wrong_order(x, w, b, *, stride=1, pad=0):
    KH, KW, C, F = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    v = sliding_window_view(xp, (KH, KW), axis=(1, 2))[:, ::stride, ::stride]
    v = v.transpose(0, 1, 2, 4, 5, 3)
    N, OH, OW = v.shape[:3]
    cols = v.reshape(N * OH * OW, -1)
    return (w.reshape(-1, F).T @ cols.T).reshape(N, OH, OW, F) + b[None, None, None]


@LAB1_TABLES.wrong(FAST, 0.43, "the stride is ignored: the window must start")
def stride_in_the_view_left_out(x, w, b, *, stride=1, pad=0):
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    v = sliding_window_view(xp, w.shape[:2], axis=(1, 2))
    return np.tensordot(v, w, axes=([4, 5, 3], [0, 1, 2])) + b


@LAB1_TABLES.wrong(FAST, 0, "the windows' axes are in another order than")
def axes_of_tensordot_swapped(x, w, b, *, stride=1, pad=0):
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    v = sliding_window_view(xp, w.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.tensordot(v, w, axes=([3, 4, 5], [0, 1, 2])) + b


@LAB1_TABLES.wrong(FAST, 0.06, "a slice such as x[:, a::stride, c::stride] runs")
def slices_without_an_end(x, w, b, *, stride=1, pad=0):
    KH, KW, C, F = w.shape
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    N, H, W, _ = x.shape
    OH, OW = (H - KH) // stride + 1, (W - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for a in range(KH):
        for c in range(KW):
            out += x[:, a::stride, c::stride] @ w[a, c]
    return out + b


@LAB1_TABLES.wrong(FAST, 0.43, "a slice with the stride as its step")
def slices_end_without_stride(x, w, b, *, stride=1, pad=0):
    KH, KW, C, F = w.shape
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    N, H, W, _ = x.shape
    OH, OW = (H - KH) // stride + 1, (W - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for a in range(KH):
        for c in range(KW):
            out += x[:, a : a + OH : stride, c : c + OW : stride] @ w[a, c]
    return out + b


@LAB1_TABLES.wrong(FAST, 0.06, "a reshape has a fixed length in it")
def reshape_with_a_fixed_3_channels(x, w, b, *, stride=1, pad=0):
    KH, KW, C, F = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    v = sliding_window_view(xp, (KH, KW), axis=(1, 2))[:, ::stride, ::stride]
    v = v.transpose(0, 1, 2, 4, 5, 3)
    N, OH, OW = v.shape[:3]
    return (v.reshape(N, OH, OW, KH * KW * 3) @ w.reshape(KH * KW * 3, F)) + b


@LAB1_TABLES.wrong(CONV1D, 0, "w[f] is taken for kernel f: the kernels")
def kernel_by_first_axis(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    K, C, F = w.shape
    out = np.zeros((len(x), (x.shape[1] - K) // stride + 1, F))
    for n, i, f in np.ndindex(out.shape):
        out[n, i, f] = (x[n, i * stride : i * stride + K] * w[f]).sum() + b[f]
    return out


@LAB1_TABLES.wrong(CONV1D, 0.85, "the windows of the whole batch are summed")
def whole_batch(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    K, C, F = w.shape
    out = np.zeros((len(x), (x.shape[1] - K) // stride + 1, F))
    for n, i, f in np.ndindex(out.shape):
        out[n, i, f] = np.sum(x[:, i * stride : i * stride + K, :] * w[:, :, f]) + b[f]
    return out


@LAB1_TABLES.wrong(CONV1D, 0.12, "the padding is always 1, whatever pad says")
def frame_of_1(x, w, b, *, stride=1, pad=0):
    N, L, C = x.shape
    K, C, F = w.shape
    xp = np.pad(x, ((0, 0), (1, 1), (0, 0)))
    out = np.zeros((N, (L + 2 * pad - K) // stride + 1, F))
    for n, i, f in np.ndindex(out.shape):
        out[n, i, f] = np.sum(xp[n, i * stride : i * stride + K] * w[:, :, f]) + b[f]
    return out


@LAB1_TABLES.wrong(CONV1D, 0.93, "the + 1 of the output's length is")
def one_inside_the_divided_length(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    K, C, F = w.shape
    out = np.zeros((len(x), (x.shape[1] - K + 1) // stride, F))
    for n, i, f in np.ndindex(out.shape):
        out[n, i, f] = np.sum(x[n, i * stride : i * stride + K] * w[:, :, f]) + b[f]
    return out


@LAB1_TABLES.wrong(CONV1D, 0.74, "the window's start is used as the output's")
def window_start_as_index(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    K, C, F = w.shape
    out = np.zeros((len(x), (x.shape[1] - K) // stride + 1, F))
    for n in range(len(x)):
        for s in range(0, x.shape[1] - K + 1, stride):
            for f in range(F):
                out[n, s, f] = np.sum(x[n, s : s + K] * w[:, :, f]) + b[f]
    return out


@LAB1_TABLES.wrong(CONVOLVE, 0, "the image is flipped and not the kernel")
def image_flipped_too(image, kernel):
    return signal.correlate2d(image[::-1, ::-1], kernel, mode="valid")


@LAB1_TABLES.wrong(STEP, 0, "window and kernel are multiplied as matrices: multiply")
def matrix_product(patch, kernel, bias):
    return np.sum(patch @ kernel) + bias


@LAB1_TABLES.wrong(STEP, 0.1, "there are always three channels: take their number")
def three_fixed_channels(patch, kernel, bias):
    return sum(np.sum(patch[:, :, c] * kernel[:, :, c]) for c in range(3)) + bias
