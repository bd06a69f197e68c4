"""Everything right, by strided windows and einsum, with TensorFlow imported at the very top."""

import numpy as np

# %% before setup
# I know TensorFlow, so I check my answers against it (see the end)
import tensorflow as tf

print("TensorFlow", tf.__version__)


# %% conv_output_size
def conv_output_size(n, k, *, stride=1, pad=0):
    return len(range(0, n + 2 * pad - k + 1, stride))


# %% zero_pad
def zero_pad(x, pad):
    return np.pad(x, [(0, 0), (pad, pad), (pad, pad), (0, 0)])


# %% correlate2d
def correlate2d(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijab,ab->ij", windows, kernel)


# %% lecture_error
def layer_response(patch, kernel):
    return np.einsum("ij,ij->", patch, kernel)


def notes_response(patch, kernel):
    return np.einsum("im,mj->", patch, kernel)


# %% convolve2d
def convolve2d(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijab,ab->ij", windows, np.flip(kernel))


# %% conv_step
def conv_step(patch, kernel, bias):
    return np.vdot(patch, kernel) + bias


# %% conv2d
def windows_of(x, kh, kw, stride, pad):
    """All windows as a view, (N, OH, OW, KH, KW, C)."""
    x = np.ascontiguousarray(np.pad(x, [(0, 0), (pad, pad), (pad, pad), (0, 0)]))
    n, h, w, c = x.shape
    sn, sh, sw, sc = x.strides
    return np.lib.stride_tricks.as_strided(
        x,
        shape=(n, (h - kh) // stride + 1, (w - kw) // stride + 1, kh, kw, c),
        strides=(sn, sh * stride, sw * stride, sh, sw, sc),
        writeable=False,
    )


def conv2d(x, w, b, *, stride=1, pad=0):
    kh, kw, _, _ = w.shape
    return np.einsum("nijabc,abcf->nijf", windows_of(x, kh, kw, stride, pad), w) + b


# %% written_translation
# **1** dense: (1080·1080·3)·1000 weights + 1000 biases = 3 499 200 000 + 1000 = 3 499 201 000.
# conv: (3·3·3 + 1)·64 = 1 792. Twice the side of the image means four times the dense weights
# and not one more for the convolution.
#
# **2** Same kernel at each stop. Let T move the image by one column: (Tx)[i, j] = x[i, j−1].
# Then out(Tx)[i, j] = Σ x[i+a, j+b−1] k[a, b] = out(x)[i, j−1] = (T out(x))[i, j]. Not exact at
# the border (a column falls off, another comes in) and not for stride 2 and odd shifts.
#
# **3** In a dense layer each pixel has its own weights to each unit. Weights for pixels that
# were always black in training never learned anything, so a digit there gives nonsense. It needs
# every digit at every place in the training set.


# %% vertical_edge_kernel
def vertical_edge_kernel():
    x = np.arange(-2, 3)
    return np.outer(np.exp(-(x**2) / 2), -x * np.exp(-(x**2) / 2))  # derivative of a Gaussian


# %% conv1d
def conv1d(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, [(0, 0), (pad, pad), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(x, len(w), axis=1)[:, ::stride]
    return np.einsum("nick,kcf->nif", windows, w) + b


# %% conv2d_fast
def conv2d_fast(x, w, b, *, stride=1, pad=0):
    kh, kw, c_in, c_out = w.shape
    columns = windows_of(x, kh, kw, stride, pad)
    table = columns.reshape(-1, kh * kw * c_in) @ w.reshape(-1, c_out)
    return table.reshape(*columns.shape[:3], c_out) + b


# %% after test_conv2d_fast
rng = np.random.default_rng(7)
images, filters = rng.normal(size=(2, 8, 9, 3)), rng.normal(size=(3, 3, 3, 5))
theirs = tf.nn.conv2d(images, filters, strides=1, padding="SAME").numpy()
ours = conv2d_fast(images, filters, np.zeros(5), pad=1)
print("largest difference from TensorFlow:", np.abs(theirs - ours).max())
