"""Looks at the first channel only, and her fast version is her slow one again."""

import numpy as np


# %% conv_output_size
def conv_output_size(n, k, *, stride=1, pad=0):
    n = n + 2 * pad
    return (n - k) // stride + 1


# %% zero_pad
def zero_pad(x, pad):
    result = []
    for image in x:
        result.append(np.pad(image, ((pad, pad), (pad, pad), (0, 0))))
    return np.array(result)


# %% correlate2d
def correlate2d(image, kernel):
    k = len(kernel)
    out = np.zeros((len(image) - k + 1, len(image[0]) - len(kernel[0]) + 1))
    for i in range(len(out)):
        for j in range(len(out[0])):
            out[i, j] = np.sum(image[i : i + k, j : j + len(kernel[0])] * kernel)
    return out


# %% lecture_error
def layer_response(patch, kernel):
    return np.sum(patch * kernel)


def notes_response(patch, kernel):
    return np.sum(patch @ kernel)


# %% convolve2d
def convolve2d(image, kernel):
    return correlate2d(image, np.fliplr(np.flipud(kernel)))


# %% conv_step
def conv_step(patch, kernel, bias):
    return np.sum(patch * kernel) + bias


# %% conv2d
def conv2d(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    kh, kw = w.shape[0], w.shape[1]
    oh = (x.shape[1] - kh) // stride + 1
    ow = (x.shape[2] - kw) // stride + 1
    out = np.zeros((x.shape[0], oh, ow, w.shape[3]))
    for n in range(x.shape[0]):
        for i in range(oh):
            for j in range(ow):
                for f in range(w.shape[3]):
                    a, c = i * stride, j * stride
                    patch = x[n, a : a + kh, c : c + kw, 0]
                    out[n, i, j, f] = np.sum(patch * w[:, :, 0, f]) + b[f]
    return out


# %% written_translation
# Dense: 3,499,200 * 1,000 + 1,000 = 3,499,201,000. Convolution: 28 * 64 = 1,792 for every size.
#
# One kernel for all places: when the object moves, the patch with the object in it moves, and since
# it is multiplied by the same numbers it gives the same answer there. (Not at the border.)
#
# The dense layer has one weight per pixel and unit, so in another place it uses other weights that
# saw only black in training.


# %% vertical_edge_kernel
def vertical_edge_kernel():
    return np.array([[0, 0, 0], [-1, 0, 1], [0, 0, 0]])


# %% conv1d
def conv1d(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    k = w.shape[0]
    length = x.shape[1] - k + 1
    out = np.zeros((x.shape[0], length, w.shape[2]))
    for n in range(x.shape[0]):
        for i in range(length):
            for f in range(w.shape[2]):
                out[n, i, f] = np.sum(x[n, i : i + k, :] * w[:, :, f]) + b[f]
    return out


# %% conv2d_fast
def conv2d_fast(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    kh, kw = w.shape[0], w.shape[1]
    oh = (x.shape[1] - kh) // stride + 1
    ow = (x.shape[2] - kw) // stride + 1
    out = np.zeros((x.shape[0], oh, ow, w.shape[3]))
    for n, i, j, f in np.ndindex(out.shape):  # only one loop!
        patch = x[n, i * stride : i * stride + kh, j * stride : j * stride + kw]
        out[n, i, j, f] = np.sum(patch * w[..., f]) + b[f]
    return out
