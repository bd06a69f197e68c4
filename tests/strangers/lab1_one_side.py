"""What strangers hand in for lab 1: one side's length for the other's, in one place."""

# ruff: noqa: F841, RUF059 - students write so

import numpy as np

from autograder.hidden_tests import convolution
from tests.strangers.hands import Hands

LAB1_ONE_SIDE = Hands()
CONV = convolution.CONV2D
FAST = convolution.CONV2D_FAST
CORRELATE = convolution.CORRELATE2D


@LAB1_ONE_SIDE.wrong(CONV, 0.85, "the image is taken for square, one side's")
def only_output_width_from_h(x, w, b, *, stride=1, pad=0):
    N, H, W, C = x.shape
    KH, KW, _, F = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (H + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(F):
                    hs, vs = i * stride, j * stride
                    out[n, i, j, f] = np.sum(xp[n, hs : hs + KH, vs : vs + KW] * w[..., f]) + b[f]
    return out


@LAB1_ONE_SIDE.wrong(CONV, 0.92, "the kernel is taken for square, one side's")
def only_output_width_from_kh(x, w, b, *, stride=1, pad=0):
    KH, KW, _, F = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    oh = (xp.shape[1] - KH) // stride + 1
    ow = (xp.shape[2] - KH) // stride + 1
    out = np.zeros((x.shape[0], oh, ow, F))
    for i in range(oh):
        for j in range(ow):
            p = xp[:, i * stride : i * stride + KH, j * stride : j * stride + KW, :, None]
            out[:, i, j] = (p * w[None]).sum(axis=(1, 2, 3)) + b
    return out


@LAB1_ONE_SIDE.wrong(CONV, 0.92, "the kernel is taken for square, one side's")
def only_window_cut_kh_wide(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KH, :]
                for f in range(F):
                    out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_ONE_SIDE.wrong(CONV, 0.89, "the image is taken for square, one side's")
def only_loop_over_oh_twice(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n in range(N):
        for i in range(OH):
            for j in range(OH):
                p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
                for f in range(F):
                    out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_ONE_SIDE.wrong(CONV, 0.89, "the image is taken for square, one side's")
def only_array_of_oh_by_oh(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OH, F))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
                for f in range(F):
                    out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_ONE_SIDE.wrong(CONV, 0.92, "the image is taken for square, one side's")
def only_padded_array_of_h_by_h(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.zeros((N, H + 2 * pad, H + 2 * pad, C))
    xp[:, pad : pad + H, pad : pad + W, :] = x
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_ONE_SIDE.wrong(CONV, 0, "row and column start at the same place")
def only_row_start_from_j(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH, i * stride : i * stride + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_ONE_SIDE.wrong(CORRELATE, 0.7, "the kernel is taken for square, one side's")
def only_width_of_output_from_kh(image, kernel):
    kh, kw = kernel.shape
    h, w = image.shape
    out = np.zeros((h - kh + 1, w - kh + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


@LAB1_ONE_SIDE.wrong(CORRELATE, 0.5, "the image is taken for square, one side's")
def only_loop_over_out_shape_0_twice(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[0]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


@LAB1_ONE_SIDE.wrong(CORRELATE, 0.7, "the kernel is taken for square, one side's")
def only_patch_kh_wide(image, kernel):
    kh, kw = kernel.shape
    result = []
    for i in range(image.shape[0] - kh + 1):
        row = []
        for j in range(image.shape[1] - kw + 1):
            row.append(np.sum(image[i : i + kh, j : j + kh] * kernel))
        result.append(row)
    return np.array(result)


@LAB1_ONE_SIDE.wrong(FAST, 0.53, "the image is taken for square, one side's")
def only_slices_to_oh_on_both(x, w, b, *, stride=1, pad=0):
    KH, KW, C, F = w.shape
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    N, H, W, _ = x.shape
    OH, OW = (H - KH) // stride + 1, (W - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for a in range(KH):
        for c in range(KW):
            out += x[:, a : a + OH * stride : stride, c : c + OH * stride : stride] @ w[a, c]
    return out + b
