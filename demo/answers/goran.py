"""Adds the bias once for each channel, and designed the kernel for the other direction."""

import numpy as np


# %% conv_output_size
def conv_output_size(n, k, *, stride=1, pad=0):
    return (n + 2 * pad - k) // stride + 1


# %% zero_pad
def zero_pad(x, pad):
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="constant")


# %% correlate2d
def correlate2d(image, kernel):
    kh, kw = kernel.shape
    oh = image.shape[0] - kh + 1
    ow = image.shape[1] - kw + 1
    out = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            window = image[i : i + kh, j : j + kw]
            out[i][j] = np.sum(window * kernel)
    return out


# %% lecture_error
def layer_response(patch, kernel):
    return np.sum(patch * kernel)


def notes_response(patch, kernel):
    return np.sum(patch.dot(kernel))


# %% convolve2d
def convolve2d(image, kernel):
    return correlate2d(image, kernel[::-1, ::-1])


# %% conv_step
def conv_step(patch, kernel, bias):
    result = 0
    for c in range(patch.shape[2]):
        result += np.sum(patch[:, :, c] * kernel[:, :, c]) + bias
    return result


# %% conv2d
def conv2d(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    N, H, W, C_in = x.shape
    KH, KW, _, C_out = w.shape
    out = np.zeros((N, (H - KH) // stride + 1, (W - KW) // stride + 1, C_out))
    for n in range(N):
        for f in range(C_out):
            for i in range(out.shape[1]):
                for j in range(out.shape[2]):
                    for c in range(C_in):
                        r, s = i * stride, j * stride
                        patch = x[n, r : r + KH, s : s + KW, c]
                        out[n, i, j, f] += np.sum(patch * w[:, :, c, f]) + b[f]
    return out


# %% after test_conv2d
# ??? expected 24 but I get 34, it is always 10 too much
conv2d(np.ones((1, 2, 2, 2)), np.zeros((2, 2, 2, 1)), np.array([10.0]))

# %% written_translation
# 1080*1080*3 = 3499200 inputs * 1000 = 3.5 billion. Conv: 64 * 3 * 3 * 3 = 1728.
# Convolution looks for the same thing in all places, so it does not matter where the object is and
# the output is the same.


# %% vertical_edge_kernel
def vertical_edge_kernel():
    # strong where above and below differ
    return np.array([[-1.0, -1, -1], [0, 0, 0], [1, 1, 1]])


# %% conv1d
def conv1d(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    N, L, C_in = x.shape
    K, _, C_out = w.shape
    out = np.zeros((N, (L - K) // stride + 1, C_out))
    for n in range(N):
        for f in range(C_out):
            for i in range(out.shape[1]):
                for c in range(C_in):
                    window = x[n, i * stride : i * stride + K, c]
                    out[n, i, f] += np.sum(window * w[:, c, f]) + b[f]
    return out
