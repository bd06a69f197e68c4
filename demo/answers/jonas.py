"""His layer never ends when the stride is over 1; everything else is right."""

import numpy as np


# %% conv_output_size
def conv_output_size(n, k, *, stride=1, pad=0):
    return (n + 2 * pad - k) // stride + 1


# %% zero_pad
def zero_pad(x, pad):
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


# %% correlate2d
def correlate2d(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    i = 0
    while i < out.shape[0]:
        j = 0
        while j < out.shape[1]:
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
            j += 1
        i += 1
    return out


# %% lecture_error
def layer_response(patch, kernel):
    return np.sum(patch * kernel)


def notes_response(patch, kernel):
    return np.sum(patch @ kernel)


# %% convolve2d
def convolve2d(image, kernel):
    return correlate2d(image, kernel[::-1, ::-1])


# %% conv_step
def conv_step(patch, kernel, bias):
    return np.sum(patch * kernel) + bias


# %% conv2d
def conv2d(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    kh, kw = w.shape[:2]
    oh = (x.shape[1] - kh) // stride + 1
    ow = (x.shape[2] - kw) // stride + 1
    out = np.zeros((len(x), oh, ow, w.shape[3]))
    top = 0
    while top // stride < oh:
        if top % stride != 0:
            continue  # not a stop
        for j in range(ow):
            patch = x[:, top : top + kh, j * stride : j * stride + kw]
            out[:, top // stride, j] = np.tensordot(patch, w, axes=3) + b
        top += 1
    return out


# %% written_translation
# Dense: (1080 * 1080 * 3 + 1) * 1000 = 3,499,201,000. Convolution: (3 * 3 * 3 + 1) * 64 = 1,792,
# which does not depend on the image.
#
# At each stop the kernel is the same. Shift the image by one and each window finds at j + 1 what it
# found at j, so the feature map is shifted by one. Not at the border, where pixels leave.
#
# A dense layer has separate weights for each pixel, so a shifted digit meets weights that it never
# trained. It needs examples of each digit in each place.


# %% vertical_edge_kernel
def vertical_edge_kernel():
    return np.array([[3.0, 0, -3], [10, 0, -10], [3, 0, -3]])


# %% conv1d
def conv1d(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    starts = range(0, x.shape[1] - len(w) + 1, stride)
    return np.stack([np.tensordot(x[:, s : s + len(w)], w, axes=2) + b for s in starts], axis=1)


# %% conv2d_fast
def conv2d_fast(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    kh, kw, c_in, c_out = w.shape
    oh = (x.shape[1] - kh) // stride + 1
    ow = (x.shape[2] - kw) // stride + 1
    rows = stride * np.arange(oh)[:, None] + np.arange(kh)
    columns = stride * np.arange(ow)[:, None] + np.arange(kw)
    windows = x[:, rows[:, None, :, None], columns[None, :, None, :]]
    return windows.reshape(-1, oh, ow, kh * kw * c_in) @ w.reshape(-1, c_out) + b
