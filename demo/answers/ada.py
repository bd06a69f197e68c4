"""Everything right, with plain loops throughout."""

import numpy as np


# %% conv_output_size
def conv_output_size(n, k, *, stride=1, pad=0):
    # count the stops one by one, then I cannot get the rounding wrong
    stops = 0
    start = 0
    while start + k <= n + 2 * pad:
        stops += 1
        start += stride
    return stops


# %% zero_pad
def zero_pad(x, pad):
    n, height, width, channels = x.shape
    out = np.zeros((n, height + 2 * pad, width + 2 * pad, channels))
    out[:, pad : pad + height, pad : pad + width, :] = x
    return out


# %% correlate2d
def correlate2d(image, kernel):
    height, width = image.shape
    kh, kw = kernel.shape
    out = np.zeros((height - kh + 1, width - kw + 1))
    for i in range(height - kh + 1):
        for j in range(width - kw + 1):
            total = 0.0
            for a in range(kh):
                for b in range(kw):
                    total += image[i + a, j + b] * kernel[a, b]
            out[i, j] = total
    return out


# %% lecture_error
def layer_response(patch, kernel):
    k = len(patch)
    return sum(patch[i, j] * kernel[i, j] for i in range(k) for j in range(k))


def notes_response(patch, kernel):
    k = len(patch)
    # the matrix product also multiplies patch[i, m] by a whole row of the kernel
    return sum(patch[i, m] * kernel[m, j] for i in range(k) for j in range(k) for m in range(k))


# %% convolve2d
def convolve2d(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for a in range(kh):
                for b in range(kw):
                    out[i, j] += image[i + a, j + b] * kernel[kh - 1 - a, kw - 1 - b]
    return out


# %% conv_step
def conv_step(patch, kernel, bias):
    total = bias
    for row in range(patch.shape[0]):
        for column in range(patch.shape[1]):
            for channel in range(patch.shape[2]):
                total += patch[row, column, channel] * kernel[row, column, channel]
    return total


# %% conv2d
def conv2d(x, w, b, *, stride=1, pad=0):
    n_images, height, width, c_in = x.shape
    kh, kw, _, c_out = w.shape
    framed = np.zeros((n_images, height + 2 * pad, width + 2 * pad, c_in))
    framed[:, pad : pad + height, pad : pad + width, :] = x
    oh = (height + 2 * pad - kh) // stride + 1
    ow = (width + 2 * pad - kw) // stride + 1
    out = np.zeros((n_images, oh, ow, c_out))
    for n in range(n_images):
        for i in range(oh):
            for j in range(ow):
                for f in range(c_out):
                    total = b[f]
                    for r in range(kh):
                        for s in range(kw):
                            for c in range(c_in):
                                total += (
                                    framed[n, i * stride + r, j * stride + s, c] * w[r, s, c, f]
                                )
                    out[n, i, j, f] = total
    return out


# %% after conv2d
# does a kernel with a single 1 in the middle give the picture back?
same = np.zeros((3, 3, 1, 1))
same[1, 1, 0, 0] = 1
x_check = np.arange(20.0).reshape(1, 4, 5, 1)
print(np.array_equal(conv2d(x_check, same, np.zeros(1), pad=1), x_check))

# %% written_translation
# 1. Dense: 1080 * 1080 * 3 = 3,499,200 inputs, each joined to each of 1,000 units, plus 1,000
# biases: 3,499,200 * 1,000 + 1,000 = 3,499,201,000. Convolution: 64 filters of 3 * 3 * 3 = 27
# weights and one bias each: 64 * 28 = 1,792. Only the first number grows with the image.
#
# 2. In out[i, j] the kernel has no i and no j: it is the same at every stop. If the image moves one
# column to the right, the patch that was at (i, j) is now at (i, j + 1) and meets the same numbers,
# so out[i, j + 1] is what out[i, j] was. At the border it can differ, since something leaves the
# image and zeros come in from the padding. With stride 2 a shift by one is half a stop.
#
# 3. A dense weight belongs to one pixel and one unit. After the shift every value meets another
# weight, which was learned for something else. It would need digits in all corners in training.


# %% vertical_edge_kernel
def vertical_edge_kernel():
    # right column minus left column
    return np.array([[-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0]])


# %% conv1d
def conv1d(x, w, b, *, stride=1, pad=0):
    n_signals, length, c_in = x.shape
    k, _, c_out = w.shape
    framed = np.zeros((n_signals, length + 2 * pad, c_in))
    framed[:, pad : pad + length, :] = x
    out = np.zeros((n_signals, (length + 2 * pad - k) // stride + 1, c_out))
    for n in range(out.shape[0]):
        for i in range(out.shape[1]):
            for f in range(c_out):
                out[n, i, f] = b[f]
                for r in range(k):
                    for c in range(c_in):
                        out[n, i, f] += framed[n, i * stride + r, c] * w[r, c, f]
    return out


# %% conv2d_fast
def conv2d_fast(x, w, b, *, stride=1, pad=0):
    n, height, width, c_in = x.shape
    kh, kw, _, c_out = w.shape
    framed = np.zeros((n, height + 2 * pad, width + 2 * pad, c_in))
    framed[:, pad : pad + height, pad : pad + width, :] = x
    oh = (height + 2 * pad - kh) // stride + 1
    ow = (width + 2 * pad - kw) // stride + 1
    out = np.zeros((n, oh, ow, c_out)) + b
    # loop over the 9 places in the kernel instead of the thousands of pixels
    for r in range(kh):
        for s in range(kw):
            pixels = framed[:, r : r + oh * stride : stride, s : s + ow * stride : stride, :]
            out += pixels[:, :oh, :ow] @ w[r, s]
    return out
