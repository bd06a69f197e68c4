"""What strangers hand in for lab 1: padding, batch and channels."""

# ruff: noqa: F841, RET503, RUF059 - students write so

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.hidden_tests import convolution
from tests.strangers.hands import Hands

LAB1_PADDING = Hands()
PAD = convolution.ZERO_PAD
CONV = convolution.CONV2D
FAST = convolution.CONV2D_FAST
CONV1D = convolution.CONV1D


@LAB1_PADDING.wrong(CONV, 0.76, "the output's size counts more padding than there")
def padded_then_sliced_unpadded(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    x_pad = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(F):
                    p = x[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
                    out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_PADDING.wrong(CONV, 0.76, "the image is padded but the output's size")
def windows_over_the_unpadded_length(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for i in range((H - KH) // stride + 1):
        for j in range((W - KW) // stride + 1):
            p = xp[:, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
            out[:, i, j, :] = np.tensordot(p, w, axes=3) + b
    return out


@LAB1_PADDING.wrong(CONV, 0.76, "batch and channels are padded too, as np.pad(x")
def every_axis_padded(x, w, b, *, stride=1, pad=0):
    xp = np.pad(x, pad)
    KH, KW, _, F = w.shape
    N, H, W, C = xp.shape
    OH, OW = (H - KH) // stride + 1, (W - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_PADDING.wrong(CONV, 0.76, "batch and channels are padded too, as np.pad(x")
def every_axis_padded_sizes_from_x(x, w, b, *, stride=1, pad=0):
    xp = np.pad(x, pad)
    KH, KW, C, F = w.shape
    N, H, W, C = x.shape
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_PADDING.wrong(CONV, 0.76, "the output's size counts more padding than there")
def size_from_x_padded_plus_2_pad_again(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = x[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_PADDING.wrong(CONV, 0.8, "zeros are added, or counted in the output's")
def size_with_one_pad_only(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + pad - KH) // stride + 1, (W + pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_PADDING.wrong(CONV1D, 0.81, "batch and channels are padded too, as np.pad(x")
def every_axis_of_signals_padded(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, pad)
    K, C, F = w.shape
    out = np.zeros((x.shape[0], (x.shape[1] - K) // stride + 1, F))
    for n, i, f in np.ndindex(out.shape):
        out[n, i, f] = (x[n, i * stride : i * stride + K] * w[:, :, f]).sum() + b[f]
    return out


@LAB1_PADDING.wrong(CONV1D, 0.81, "the signal is padded but the output's length")
def padded_size_of_unpadded(x, w, b, *, stride=1, pad=0):
    N, L, C = x.shape
    K, C, F = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    out = np.zeros((N, (L - K) // stride + 1, F))
    for n, i, f in np.ndindex(out.shape):
        out[n, i, f] = (xp[n, i * stride : i * stride + K] * w[:, :, f]).sum() + b[f]
    return out


@LAB1_PADDING.wrong(CONV1D, 0.94, "batch and channels are padded too, as np.pad(x")
def channels_padded_too_size_from_l(x, w, b, *, stride=1, pad=0):
    N, L, C = x.shape
    K, _, F = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, (L + 2 * pad - K) // stride + 1, F))
    for n in range(N):
        for i in range(out.shape[1]):
            for f in range(F):
                out[n, i, f] = np.sum(xp[n, i * stride : i * stride + K, :] * w[:, :, f]) + b[f]
    return out


@LAB1_PADDING.wrong(FAST, 0.46, "the padding is forgotten, or the windows are")
def padded_unpadded_windows(x, w, b, *, stride=1, pad=0):
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    v = sliding_window_view(x, w.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nhwcij,ijcf->nhwf", v, w) + b


@LAB1_PADDING.wrong(PAD, 0.15, "batch and channels are padded too, as np.pad(x")
def every_axis_framed(x, pad):
    return np.pad(x, pad, mode="constant", constant_values=0)


@LAB1_PADDING.wrong(PAD, 0.15, "the channels are padded too: only axes 1")
def channels_framed_too(x, pad):
    return np.pad(x, [(0, 0), (pad, pad), (pad, pad), (pad, pad)])


@LAB1_PADDING.wrong(PAD, 0.15, "the first two axes are padded, as if")
def axes_0_and_1(x, pad):
    return np.pad(x, [(pad, pad), (pad, pad), (0, 0), (0, 0)])


@LAB1_PADDING.wrong(CONV, 0.81, "the windows of the whole batch are summed")
def whole_batch_in_the_sum(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(F):
                    p = xp[:, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
                    out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_PADDING.wrong(CONV, 0.51, "the products with all kernels are summed: output")
def all_filters_in_the_sum(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :, None]
        out[n, i, j, f] = np.sum(p * w) + b[f]
    return out


@LAB1_PADDING.wrong(CONV, 0.81, "only the first image of the batch is")
def returns_in_the_loop_over_images(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
                for f in range(F):
                    out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
        return out


@LAB1_PADDING.wrong(CONV, 0.36, "the output has as many channels as the")
def as_many_maps_as_input_channels(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, C))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out
