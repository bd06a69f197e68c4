"""What strangers hand in for lab 1: sizes and places of windows and outputs."""

# ruff: noqa: F841, PLW2901, RET504 - students write so

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.hidden_tests import convolution
from tests.strangers.hands import Hands

LAB1_PLACES = Hands()
SIZE = convolution.CONV_OUTPUT_SIZE
CONV = convolution.CONV2D
CORRELATE = convolution.CORRELATE2D


@LAB1_PLACES.wrong(CONV, 0.14, "the output array is as large as the")
def out_as_large_as_x(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, H, W, F))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
                for f in range(F):
                    out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_PLACES.wrong(CONV, 0.09, "stride and pad are exchanged: the stride moves")
def stride_and_pad_swapped(x, w, b, *, stride=1, pad=0):
    stride, pad = pad, stride
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_PLACES.wrong(CONV, 0.72, "the window starts at i * stride but")
def window_stops_at_i_plus_k(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i + KH, j * stride : j + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_PLACES.wrong(CONV, 0, "the window is one row and one column")
def window_one_too_long(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH + 1, j * stride : j * stride + KW + 1, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_PLACES.wrong(CONV, 0.1, "the window moves by the kernel's length: it")
def patches_side_by_side(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * KH : i * KH + KH, j * KW : j * KW + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_PLACES.wrong(CONV, 0.72, "the output's size is multiplied by the stride")
def size_times_stride_starts_as_index(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) * stride + 1, (W + 2 * pad - KW) * stride + 1
    out = np.zeros((N, OH, OW, F))
    for i in range(0, H + 2 * pad - KH + 1, stride):
        for j in range(0, W + 2 * pad - KW + 1, stride):
            p = xp[:, i : i + KH, j : j + KW, :]
            out[:, i, j] = np.tensordot(p, w, 3) + b
    return out


@LAB1_PLACES.wrong(CONV, 0.72, "the output's size is multiplied by the stride")
def size_times_stride(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    OH, OW = (H + 2 * pad - KH) * stride + 1, (W + 2 * pad - KW) * stride + 1
    out = np.zeros((N, OH, OW, F))
    for n, i, j, f in np.ndindex(*out.shape):
        p = xp[n, i * stride : i * stride + KH, j * stride : j * stride + KW, :]
        out[n, i, j, f] = np.sum(p * w[:, :, :, f]) + b[f]
    return out


@LAB1_PLACES.wrong(CONV, 0, "nothing is written into the output, which keeps")
def zeros_returned(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    return out


@LAB1_PLACES.wrong(CONV, 0, "the bias alone comes out: the sum of")
def bias_alone(x, w, b, *, stride=1, pad=0):
    (N, H, W, C), (KH, KW, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    return np.zeros((N, OH, OW, F)) + b


@LAB1_PLACES.wrong(CORRELATE, 0, "the output array is as large as the")
def same_size_out(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros(image.shape)
    for i in range(image.shape[0] - kh + 1):
        for j in range(image.shape[1] - kw + 1):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


@LAB1_PLACES.wrong(CORRELATE, 0, "rows and columns of the kernel are swapped")
def kernel_transposed(image, kernel):
    kh, kw = kernel.shape
    v = sliding_window_view(image, (kh, kw))
    return np.einsum("ijab,ba->ij", v, kernel)


@LAB1_PLACES.wrong(CORRELATE, 0, "the output is an array of whole numbers")
def array_of_integers(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1), dtype=int)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


@LAB1_PLACES.wrong(CORRELATE, 0, "nothing is written into the output, which keeps")
def result_in_a_variable_alone(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for row in out:
        for value in row:
            value = np.sum(image[:kh, :kw] * kernel)
    return out


@LAB1_PLACES.wrong(CORRELATE, 0, "every output comes from the first window: cut")
def first_window_everywhere(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[:kh, :kw] * kernel)
    return out


@LAB1_PLACES.wrong(SIZE, 0.5, "the length is multiplied by the stride: a")
def length_times_stride(n, k, *, stride=1, pad=0):
    return (n - k + 2 * pad) * stride + 1


@LAB1_PLACES.wrong(SIZE, 0.35, "the division is /, which gives a float")
def slash_alone(n, k, *, stride=1, pad=0):
    return (n - k + 2 * pad) / stride + 1


@LAB1_PLACES.wrong(SIZE, 0.08, "stride and pad are exchanged: divide by the")
def stride_and_pad_swapped_2(n, k, *, stride=1, pad=0):
    return (n - k + 2 * stride) // pad + 1


@LAB1_PLACES.wrong(SIZE, 0.5, "the padding alone is divided by the stride")
def precedence(n, k, *, stride=1, pad=0):
    return n - k + 2 * pad // stride + 1


@LAB1_PLACES.wrong(SIZE, 0.5, "only a part of the sum is divided")
def precedence_last_only_divided(n, k, *, stride=1, pad=0):
    return n + 2 * pad - k // stride + 1


@LAB1_PLACES.wrong(SIZE, 0.33, "the padding is taken for 1, whatever pad")
def pad_2_constant(n, k, *, stride=1, pad=0):
    return (n - k + 2) // stride + 1


@LAB1_PLACES.wrong(SIZE, 0, "the kernel is taken for 3 pixels long")
def k_taken_as_3(n, k, *, stride=1, pad=0):
    return (n - 3 + 2 * pad) // stride + 1


@LAB1_PLACES.wrong(SIZE, 0.65, "the + 1 is inside the division: divide")
def one_inside_the_division(n, k, *, stride=1, pad=0):
    return (n - k + 2 * pad + 1) // stride


@LAB1_PLACES.wrong(SIZE, 0, "stride and k are exchanged: take k from")
def divide_by_k(n, k, *, stride=1, pad=0):
    return (n + 2 * pad - stride) // k + 1


@LAB1_PLACES.wrong(SIZE, 0.7, "an error is raised where the stride leaves")
def raises_if_not_int(n, k, *, stride=1, pad=0):
    size = (n - k + 2 * pad) / stride + 1
    if size != int(size):
        raise ValueError("not a whole number")
    return int(size)
