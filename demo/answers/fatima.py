"""Took a convolution at its mathematical word: flips the kernel in the layer, too."""

import numpy as np


# %% conv_output_size
def conv_output_size(n, k, *, stride=1, pad=0):
    return (n + pad + pad - k) // stride + 1


# %% zero_pad
def zero_pad(x, pad):
    out = np.zeros((x.shape[0], x.shape[1] + 2 * pad, x.shape[2] + 2 * pad, x.shape[3]))
    out[:, pad : pad + x.shape[1], pad : pad + x.shape[2]] = x
    return out


# %% correlate2d
def correlate2d(image, kernel):
    kernel = np.flip(kernel)  # as in my maths course
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + kh, j : j + kw] * kernel).sum()
    return out


# %% lecture_error
def layer_response(patch, kernel):
    return np.sum(patch * kernel)


def notes_response(patch, kernel):
    return np.sum(patch @ kernel)


# %% convolve2d
def convolve2d(image, kernel):
    # one flip, the rows
    kernel = kernel[::-1]
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + kh, j : j + kw] * kernel).sum()
    return out


# %% conv_step
def conv_step(patch, kernel, bias):
    return np.sum(patch * kernel) + bias


# %% conv2d
def conv2d(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    w = w[::-1, ::-1]
    kh, kw, cin, cout = w.shape
    oh, ow = (x.shape[1] - kh) // stride + 1, (x.shape[2] - kw) // stride + 1
    out = np.zeros((len(x), oh, ow, cout))
    for i in range(oh):
        for j in range(ow):
            patch = x[:, i * stride : i * stride + kh, j * stride : j * stride + kw, :]
            out[:, i, j, :] = np.einsum("nabc,abcf->nf", patch, w) + b
    return out


# %% after conv2d
print("works on the symmetric kernel, see test")

# %% written_translation
# Dense 3 499 201 000, convolution 1 792 = 64 * (27 + 1). The first depends on the size of the
# image.
#
# The kernel's weights do not depend on the place. If the image is moved, each patch is found
# again a little further on and gives the same product, so the feature map is moved by as much.
# At the edges patches are cut off, so there it can change.
#
# Dense: w[pixel, unit] is for one pixel. Another place means other weights.


# %% conv1d
def conv1d(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    k, cin, cout = w.shape
    n_out = (x.shape[1] - k) // stride + 1
    out = np.zeros((len(x), n_out, cout))
    for i in range(n_out):
        out[:, i] = np.einsum("nac,acf->nf", x[:, i * stride : i * stride + k], w[::-1]) + b
    return out


# %% conv2d_fast
def conv2d_fast(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[:2], axis=(1, 2))
    return np.einsum("nijcab,abcf->nijf", windows[:, ::stride, ::stride], np.flip(w, (0, 1))) + b
