"""What strangers hand in for lab 1, convolution."""

import math

import numpy as np
from scipy import signal

from autograder.hidden_tests import convolution
from tests.strangers.hands import Hands

LAB1 = Hands()
SIZE, PAD, CONV = convolution.CONV_OUTPUT_SIZE, convolution.ZERO_PAD, convolution.CONV2D
CORRELATE, CONVOLVE, STEP = convolution.CORRELATE2D, convolution.CONVOLVE2D, convolution.CONV_STEP
LAYER, NOTES = convolution.LECTURE_ERROR.parts
CONV1D, EDGES = convolution.CONV1D, convolution.VERTICAL_EDGES


@LAB1.wrong(SIZE, 0.78, "the division is rounded to the nearest whole number")
def size_rounded(n, k, *, stride=1, pad=0):
    return round((n - k + 2 * pad) / stride) + 1


@LAB1.right(SIZE)
def size_by_counting(n, k, *, stride=1, pad=0):
    return len(range(0, n + 2 * pad - k + 1, stride))


@LAB1.right(SIZE)
def size_by_floor(n, k, *, stride=1, pad=0):
    return math.floor((n - k + 2 * pad) / stride) + 1


@LAB1.wrong(PAD, 0.85, "the inside is written as out[:")
def pad_into_the_middle(x, pad):
    N, H, W, C = x.shape
    out = np.zeros((N, H + 2 * pad, W + 2 * pad, C))
    out[:, pad:-pad, pad:-pad] = x
    return out


@LAB1.wrong(PAD, 0.15, "the frame is made of ones")
def pad_of_ones(x, pad):
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), constant_values=1)


@LAB1.right(PAD)
def pad_with_concatenate(x, pad):
    N, _, W, C = x.shape
    top = np.zeros((N, pad, W, C))
    x = np.concatenate([top, x, top], axis=1)
    side = np.zeros((N, x.shape[1], pad, C))
    return np.concatenate((side, x, side), axis=2)


@LAB1.wrong(CORRELATE, 0, "the kernel is flipped")
def correlate_by_convolve(image, kernel):
    return signal.convolve2d(image, kernel, mode="valid")


@LAB1.wrong(CORRELATE, 0.7, "the kernel is taken for square")
def correlate_square(image, kernel):
    k = len(kernel)
    out = np.zeros((image.shape[0] - k + 1, image.shape[1] - k + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + k, j : j + k] * kernel)
    return out


@LAB1.wrong(CORRELATE, 0.1)
def correlate_matrix_product(image, kernel):
    kh, kw = kernel.shape
    H, W = image.shape
    out = np.zeros((H - kh + 1, W - kw + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(image[i : i + kh, j : j + kw] @ kernel.T)
    return out


@LAB1.wrong(CORRELATE, 0.25, "rows and columns of the output are swapped")
def correlate_rows_and_columns(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[1] - kw + 1, image.shape[0] - kh + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[j : j + kh, i : i + kw] * kernel).sum()
    return out


@LAB1.right(CORRELATE)
def correlate_by_lists(image, kernel):
    (H, W), (h, w) = image.shape, kernel.shape
    return [
        [
            sum(image[i + a][j + b] * kernel[a][b] for a in range(h) for b in range(w))
            for j in range(W - w + 1)
        ]
        for i in range(H - h + 1)
    ]


@LAB1.wrong(CONVOLVE, 0, "turned by 90 degrees")
def convolve_transposed(image, kernel):
    return signal.correlate2d(image, np.rot90(kernel), mode="valid")


@LAB1.right(CONVOLVE)
def convolve_by_rot90(image, kernel):
    return signal.correlate2d(image, np.rot90(kernel, 2), mode="valid")


@LAB1.right(STEP)
def step_by_tensordot(patch, kernel, bias):
    return np.tensordot(patch, kernel, axes=3) + bias


@LAB1.right(NOTES)
def notes_by_einsum(patch, kernel):
    return np.einsum("ij,jk->", patch, kernel)


@LAB1.wrong(CONV, 0.75, "the bias is added to every product and so summed many times")
def bias_once_per_product(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    h, k, c_in, c_out = w.shape
    out = np.zeros((len(x), (x.shape[1] - h) // stride + 1, (x.shape[2] - k) // stride + 1, c_out))
    for n, i, j, f in np.ndindex(out.shape):
        for a, d, c in np.ndindex(h, k, c_in):
            out[n, i, j, f] += x[n, i * stride + a, j * stride + d, c] * w[a, d, c, f] + b[f]
    return out


@LAB1.wrong(CONV, 0.72, "the stride is used for the output's size but not for where")
def stride_only_in_the_size(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    KH, KW, _, F = w.shape
    out = np.zeros((len(x), (x.shape[1] - KH) // stride + 1, (x.shape[2] - KW) // stride + 1, F))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            out[:, i, j] = np.tensordot(x[:, i : i + KH, j : j + KW], w, 3) + b
    return out


@LAB1.wrong(CONV, 0.72, "the window's start is used as the output's index")
def stride_in_the_range(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    KH, KW, _, F = w.shape
    out = np.zeros((len(x), (x.shape[1] - KH) // stride + 1, (x.shape[2] - KW) // stride + 1, F))
    for i in range(0, x.shape[1] - KH + 1, stride):
        for j in range(0, x.shape[2] - KW + 1, stride):
            out[:, i, j] = np.tensordot(x[:, i : i + KH, j : j + KW], w, 3) + b
    return out


@LAB1.wrong(CONV, 0.86, "the + 1 of the output's size is inside the division")
def one_added_before_dividing(x, w, b, *, stride=1, pad=0):
    n, height, width, _ = x.shape
    out_h = (height + 2 * pad - w.shape[0] + 1) // stride
    out_w = (width + 2 * pad - w.shape[1] + 1) // stride
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    out = np.zeros((n, out_h, out_w, w.shape[3]))
    for i in range(out_h):
        for j in range(out_w):
            window = padded[:, i * stride :, j * stride :][:, : w.shape[0], : w.shape[1]]
            out[:, i, j] = np.einsum("nabc,abcf->nf", window, w) + b
    return out


@LAB1.wrong(CONV, 0.85, "height and width are exchanged")
def height_and_width_exchanged(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    _, W, H, _ = x.shape
    KW, KH, _, F = w.shape
    out = np.zeros((len(x), (H - KH) // stride + 1, (W - KW) // stride + 1, F))
    for n, i, j, f in np.ndindex(out.shape):
        patch = x[n, i * stride : i * stride + KH, j * stride : j * stride + KW]
        out[n, i, j, f] = np.sum(patch * w[..., f]) + b[f]
    return out


@LAB1.wrong(CONV, 0.16, "the padding is always 1")
def frame_of_one(x, w, b, *, stride=1, pad=0):
    return windows_and_einsum(np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0))), w, b, stride=stride)


@LAB1.wrong(CONV, 0, "negative answers become 0")
def with_relu(x, w, b, *, stride=1, pad=0):
    return np.maximum(windows_and_einsum(x, w, b, stride=stride, pad=pad), 0)


@LAB1.wrong(CONV, 0.75, "the bias is added twice")
def bias_inside_relu_outside(x, w, b, *, stride=1, pad=0):
    out = windows_and_einsum(x, w, b, stride=stride, pad=pad)
    return out + b


@LAB1.wrong(CONV, 0.76, "the image is padded but the output's size is worked out")
def padded_after_the_size(x, w, b, *, stride=1, pad=0):
    N, H, W, _ = x.shape
    KH, KW, _, F = w.shape
    out = np.zeros((N, (H - KH) // stride + 1, (W - KW) // stride + 1, F))
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    for i, j in np.ndindex(out.shape[1:3]):
        patch = x[:, i * stride : i * stride + KH, j * stride : j * stride + KW]
        out[:, i, j] = np.tensordot(patch, w, 3) + b
    return out


@LAB1.right(CONV)
def windows_and_einsum(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, w.shape[:2], axis=(1, 2))
    return np.einsum("nijcab,abcf->nijf", view[:, ::stride, ::stride], w) + b


@LAB1.right(CONV)
def columns_and_one_product(x, w, b, *, stride=1, pad=0):
    N, H, W, C = x.shape
    KH, KW, _, F = w.shape
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    padded = np.zeros((N, H + 2 * pad, W + 2 * pad, C), dtype=np.float32)
    padded[:, pad : pad + H, pad : pad + W] = x
    columns = np.zeros((N * OH * OW, KH * KW * C))
    row = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                part = padded[n, i * stride : i * stride + KH, j * stride : j * stride + KW]
                columns[row] = part.ravel()
                row += 1
    return (columns @ w.reshape(-1, F) + b).reshape(N, OH, OW, F)


@LAB1.right(CONV)
def scipy_by_channel(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, [(0, 0), (pad, pad), (pad, pad), (0, 0)])
    out = []
    for image in x:
        maps = []
        for f in range(w.shape[3]):
            both = zip(np.moveaxis(image, 2, 0), np.moveaxis(w[..., f], 2, 0), strict=True)
            total = sum(signal.correlate2d(a, k, "valid") for a, k in both)
            maps.append(total[::stride, ::stride] + b[f])
        out.append(np.stack(maps, axis=-1))
    return np.array(out)


@LAB1.right(CONV)
def from_the_outputs_side(x, w, b, *, stride=1, pad=0):
    print("shapes:", x.shape, w.shape, b.shape)  # noqa: T201
    N, H, W, C = x.shape
    KH, KW, C2, F = w.shape
    assert C == C2
    OH, OW = 1 + (H + 2 * pad - KH) // stride, 1 + (W + 2 * pad - KW) // stride
    out = np.empty((N, OH, OW, F))
    for n, i, j, f in np.ndindex(N, OH, OW, F):
        acc = b[f]
        for a in range(KH):
            for c in range(KW):
                row, column = i * stride + a - pad, j * stride + c - pad
                if 0 <= row < H and 0 <= column < W:
                    acc = acc + x[n, row, column].dot(w[a, c, :, f])
        out[n, i, j, f] = acc
    return out


@LAB1.right(CONV1D)
def one_dimension(x, w, b, *, stride=1, pad=0):
    return windows_and_einsum(
        np.pad(x, ((0, 0), (pad, pad), (0, 0)))[:, None], w[None], b, stride=1
    )[:, 0, ::stride]


@LAB1.right(EDGES)
def prewitt_as_lists():
    return [[1, 0, -1]] * 3
