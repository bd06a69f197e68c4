"""What strangers hand in for lab 1: one side's length for the other's."""

# ruff: noqa: PLW0128 - students write so

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.hidden_tests import convolution
from tests.strangers.hands import Hands

LAB1_SIDES = Hands()
CONV = convolution.CONV2D
FAST = convolution.CONV2D_FAST
CORRELATE = convolution.CORRELATE2D


@LAB1_SIDES.wrong(CONV, 0.92, "the kernel is taken for square, one side's")
def kernel_height_both(x, w, b, *, stride=1, pad=0):
    f, f, _, n_f = w.shape
    N, H, W, _ = x.shape
    x_pad = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    n_h, n_w = int((H - f + 2 * pad) / stride) + 1, int((W - f + 2 * pad) / stride) + 1
    Z = np.zeros((N, n_h, n_w, n_f))
    for i in range(N):
        for h in range(n_h):
            for v in range(n_w):
                for c in range(n_f):
                    cut = x_pad[i, h * stride : h * stride + f, v * stride : v * stride + f, :]
                    Z[i, h, v, c] = np.sum(cut * w[:, :, :, c]) + b[c]
    return Z


@LAB1_SIDES.wrong(CONV, 0.92, "the kernel is taken for square, one side's")
def kernel_height_both_kh(x, w, b, *, stride=1, pad=0):
    k = w.shape[0]
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    oh = (x.shape[1] - k) // stride + 1
    ow = (x.shape[2] - k) // stride + 1
    out = np.zeros((x.shape[0], oh, ow, w.shape[3]))
    for i in range(oh):
        for j in range(ow):
            patch = x[:, i * stride : i * stride + k, j * stride : j * stride + k]
            out[:, i, j] = np.tensordot(patch, w, axes=([1, 2, 3], [0, 1, 2])) + b
    return out


@LAB1_SIDES.wrong(CONV, 0.92, "the kernel is taken for square, one side's")
def kernel_height_both_einsum(x, w, b, *, stride=1, pad=0):
    k = len(w)
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    win = sliding_window_view(x, (k, k), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcab,abcf->nijf", win, w) + b


@LAB1_SIDES.wrong(CONV, 0.92, "the kernel is taken for square, one side's")
def kernel_height_both_element_loops(x, w, b, *, stride=1, pad=0):
    K = w.shape[0]
    N, H, W, C = x.shape
    xp = np.zeros((N, H + 2 * pad, W + 2 * pad, C))
    xp[:, pad : pad + H, pad : pad + W] = x
    OH, OW = (H + 2 * pad - K) // stride + 1, (W + 2 * pad - K) // stride + 1
    out = np.zeros((N, OH, OW, w.shape[-1]))
    for n, i, j, f in np.ndindex(out.shape):
        total = 0
        for di in range(K):
            for dj in range(K):
                for c in range(C):
                    total += xp[n, i * stride + di, j * stride + dj, c] * w[di, dj, c, f]
        out[n, i, j, f] = total + b[f]
    return out


@LAB1_SIDES.wrong(CONV, 0.85, "the image is taken for square, one side's")
def image_height_both(x, w, b, *, stride=1, pad=0):
    kh, kw, _, nf = w.shape
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    n = x.shape[1]
    oh, ow = (n - kh) // stride + 1, (n - kw) // stride + 1
    out = np.zeros((len(x), oh, ow, nf))
    for m in range(len(x)):
        for r in range(oh):
            for c in range(ow):
                p = x[m, r * stride : r * stride + kh, c * stride : c * stride + kw]
                for q in range(nf):
                    out[m, r, c, q] = (p * w[..., q]).sum() + b[q]
    return out


@LAB1_SIDES.wrong(CONV, 0.89, "the image is taken for square, one side's")
def one_output_size_for_both(x, w, b, *, stride=1, pad=0):
    N, H, _, _ = x.shape
    kh, kw, _, F = w.shape
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    o = (H + 2 * pad - kh) // stride + 1
    out = np.zeros((N, o, o, F))
    for i in range(o):
        for j in range(o):
            p = x[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[:, i, j] = np.einsum("nabc,abcf->nf", p, w) + b
    return out


@LAB1_SIDES.wrong(CONV, 0.92, "the kernel is taken for square, one side's")
def kernel_width_both(x, w, b, *, stride=1, pad=0):
    _, k, _, F = w.shape
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (x.shape[1] - k) // stride + 1, (x.shape[2] - k) // stride + 1
    res = []
    for im in x:
        rows = []
        for i in range(OH):
            cols = []
            for j in range(OW):
                p = im[i * stride : i * stride + k, j * stride : j * stride + k, :]
                cols.append([np.sum(p * w[:, :, :, f]) + b[f] for f in range(F)])
            rows.append(cols)
        res.append(rows)
    return np.array(res)


@LAB1_SIDES.wrong(CORRELATE, 0.7, "the kernel is taken for square, one side's")
def kernel_height_both_2(image, kernel):
    m, m = kernel.shape
    y, x = image.shape
    y = y - m + 1
    x = x - m + 1
    new = np.zeros((y, x))
    for i in range(y):
        for j in range(x):
            new[i][j] = np.sum(image[i : i + m, j : j + m] * kernel)
    return new


@LAB1_SIDES.wrong(CORRELATE, 0.5, "the image is taken for square, one side's")
def image_height_both_2(image, kernel):
    kh, kw = kernel.shape
    n = len(image)
    out = np.zeros((n - kh + 1, n - kw + 1))
    for i in range(n - kh + 1):
        for j in range(n - kw + 1):
            out[i, j] = (image[i : i + kh, j : j + kw] * kernel).sum()
    return out


@LAB1_SIDES.wrong(CORRELATE, 0.7, "the kernel is taken for square, one side's")
def kernel_height_both_loops_of_numbers(image, kernel):
    k = kernel.shape[0]
    H, W = image.shape
    out = np.zeros((H - k + 1, W - k + 1))
    for i in range(H - k + 1):
        for j in range(W - k + 1):
            for a in range(k):
                for c in range(k):
                    out[i, j] += image[i + a, j + c] * kernel[a, c]
    return out


@LAB1_SIDES.wrong(FAST, 0.55, "the kernel is taken for square, one side's")
def kernel_height_both_slices(x, w, b, *, stride=1, pad=0):
    k = w.shape[0]
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    oh, ow = (x.shape[1] - k) // stride + 1, (x.shape[2] - k) // stride + 1
    out = np.zeros((len(x), oh, ow, w.shape[3]))
    for p in range(k):
        for q in range(k):
            part = x[:, p : p + oh * stride : stride, q : q + ow * stride : stride, :]
            out += part @ w[p, q]
    return out + b


@LAB1_SIDES.wrong(FAST, 0.55, "the kernel is taken for square, one side's")
def kernel_height_both_windows_view_and_tensordot(x, w, b, *, stride=1, pad=0):
    f = w.shape[0]
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    v = sliding_window_view(x, (f, f), axis=(1, 2))[:, ::stride, ::stride]
    return np.tensordot(v, w, axes=([4, 5, 3], [0, 1, 2])) + b
