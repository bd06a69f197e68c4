"""Pads in his own ways: slices that end at -0, a frame of one whatever is asked, one end only."""

import numpy as np


# %% conv_output_size
def conv_output_size(n, k, *, stride=1, pad=0):
    return (n - k + 2 * pad) // stride + 1


# %% zero_pad
def zero_pad(x, pad):
    N, H, W, C = x.shape
    out = np.zeros((N, H + 2 * pad, W + 2 * pad, C))
    out[:, pad:-pad, pad:-pad, :] = x
    return out


# %% after zero_pad
zero_pad(np.ones((1, 2, 2, 1)), 1)[0, :, :, 0]


# %% correlate2d
def correlate2d(image, kernel):
    kh, kw = kernel.shape
    out = np.empty((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


# %% lecture_error
def layer_response(patch, kernel):
    return np.sum(patch * kernel)


def notes_response(patch, kernel):
    return np.dot(patch, kernel).sum()


# %% convolve2d
def convolve2d(image, kernel):
    return correlate2d(image, np.flip(kernel))


# %% conv_step
def conv_step(patch, kernel, bias):
    return float(np.sum(patch * kernel) + bias)


# %% conv2d
def conv2d(x, w, b, *, stride=1, pad=0):
    if pad:
        x = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    KH, KW, C, F = w.shape
    N, H, W, C = x.shape
    OH = (H - KH) // stride + 1
    OW = (W - KW) // stride + 1
    out = np.zeros((N, OH, OW, F))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                si, sj = i * stride, j * stride
                patch = x[n, si : si + KH, sj : sj + KW]
                for f in range(F):
                    out[n, i, j, f] = np.sum(patch * w[..., f]) + b[f]
    return out


# %% after test_conv2d
# all green :)

# %% written_translation
# 1. 1080 x 1080 x 3 = 3499200, times 1000 = 3499200000, plus 1000 biases = 3499201000.
# 3 x 3 x 3 = 27, plus 1 = 28, times 64 = 1792.
# 2. The weights are shared, so the same pattern gives the same number wherever it stands, and the
# high number in the feature map stands where the pattern stands.
# 3. Every unit of the dense layer has its own weights for its own pixels.


# %% vertical_edge_kernel
def vertical_edge_kernel():
    return [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]


# %% conv1d
def conv1d(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, 0), (0, 0)))  # a signal runs one way, so zeros come before it
    K, C, F = w.shape
    L = (x.shape[1] - K) // stride + 1
    out = np.zeros((x.shape[0], L, F))
    for n in range(x.shape[0]):
        for i in range(L):
            for f in range(F):
                out[n, i, f] = np.sum(x[n, i * stride : i * stride + K] * w[..., f]) + b[f]
    return out
