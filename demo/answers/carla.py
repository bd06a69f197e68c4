"""The core and nothing else, all of it right; stretch and challenge stay at their stubs."""

import numpy as np


# %% conv_output_size
def conv_output_size(n, k, *, stride=1, pad=0):
    return int((n + 2 * pad - k) / stride) + 1


# %% after conv_output_size
for n in range(5, 12):
    print(n, conv_output_size(n, 3, stride=2))


# %% zero_pad
def zero_pad(x, pad):
    if pad == 0:
        return x.copy()  # -0 as the end of a slice is the start...
    n, h, w, c = x.shape
    out = np.zeros((n, h + 2 * pad, w + 2 * pad, c))
    out[:, pad:-pad, pad:-pad] = x
    return out


# %% correlate2d
def correlate2d(image, kernel):
    kh, kw = kernel.shape
    rows = []
    for i in range(image.shape[0] - kh + 1):
        row = []
        for j in range(image.shape[1] - kw + 1):
            row.append((image[i : i + kh, j : j + kw] * kernel).sum())
        rows.append(row)
    return np.array(rows)


# %% lecture_error
def layer_response(patch, kernel):
    return (patch * kernel).sum()


def notes_response(patch, kernel):
    return (patch @ kernel).sum()


# %% convolve2d
def convolve2d(image, kernel):
    return correlate2d(image, np.rot90(kernel, 2))


# %% conv_step
def conv_step(patch, kernel, bias):
    return (patch * kernel).sum() + bias


# %% conv2d
def conv2d(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    kh, kw = w.shape[:2]
    oh = (x.shape[1] - kh) // stride + 1
    ow = (x.shape[2] - kw) // stride + 1
    out = np.zeros((x.shape[0], oh, ow, w.shape[3]))
    for i in range(oh):
        for j in range(ow):
            for f in range(w.shape[3]):
                patch = x[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
                out[:, i, j, f] = (patch * w[..., f]).sum(axis=(1, 2, 3)) + b[f]
    return out


# %% written_translation
# Dense: 1080*1080*3*1000 + 1000 = 3,499,201,000. Conv: 64*(3*3*3+1) = 1,792, the same for any
# image.
#
# The kernel is the same everywhere, so if the thing moves, the answer moves too. The dense layer
# has different weights for every pixel and has to learn the thing again for every place.
