"""Moves the window by the stride to the right, but by one row downwards; rounds sizes up."""

import math

import numpy as np


# %% conv_output_size
def conv_output_size(n, k, *, stride=1, pad=0):
    # a last stop that is not quite full should count too, I think
    return math.ceil((n + 2 * pad - k) / stride) + 1


# %% before conv_output_size
import math


# %% zero_pad
def zero_pad(x, pad):
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


# %% correlate2d
def correlate2d(image, kernel):
    H, W = image.shape
    kh, kw = kernel.shape
    out = np.zeros((H - kh + 1, W - kw + 1))
    for y in range(H - kh + 1):
        for x in range(W - kw + 1):
            out[y, x] = np.sum(image[y : y + kh, x : x + kw] * kernel)
    return out


# %% lecture_error
def layer_response(patch, kernel):
    return np.sum(np.multiply(patch, kernel))


def notes_response(patch, kernel):
    return np.sum(np.matmul(patch, kernel))


# %% convolve2d
def convolve2d(image, kernel):
    return correlate2d(image, kernel[::-1, ::-1])


# %% conv_step
def conv_step(patch, kernel, bias):
    return np.sum(patch * kernel) + bias


# %% conv2d
def conv2d(x, w, b, *, stride=1, pad=0):
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    N, H, W, C = xp.shape
    KH, KW, _, F = w.shape
    OH = (H - KH) // stride + 1
    OW = (W - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    # print("sizes", OH, OW)
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(F):
                    patch = xp[n, i : i + KH, j * stride : j * stride + KW, :]
                    out[n, i, j, f] = np.sum(patch * w[:, :, :, f]) + b[f]
    return out


# %% after test_conv2d
# the shape is right everywhere, only the numbers with stride=2 are not??
print(conv2d(np.ones((1, 5, 5, 1)), np.ones((3, 3, 1, 1)), np.zeros(1), stride=2).shape)

# %% written_translation
# The dense layer has 3,499,201,000 parameters and the convolution has 1,792.
# Because the filter slides over the whole image it sees the object wherever it is. The dense layer
# does not slide.


# %% vertical_edge_kernel
def vertical_edge_kernel():
    return np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])


# %% conv1d
def conv1d(x, w, b, *, stride=1, pad=0):
    xp = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    K, _, F = w.shape
    L = (xp.shape[1] - K) // stride + 1
    out = np.zeros((len(x), L, F))
    for i in range(L):
        for f in range(F):
            out[:, i, f] = (
                np.sum(xp[:, i * stride : i * stride + K] * w[:, :, f], axis=(1, 2)) + b[f]
            )
    return out
