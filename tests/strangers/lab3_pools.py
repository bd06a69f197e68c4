"""What strangers hand in for the backward passes of lab 3's pooling layers and of its loss."""

# ruff: noqa: RET503, RUF059 - people unpack more than they use, and return too early

import numpy as np

from autograder.hidden_tests import backprop
from tests.strangers.hands import Hands

LAB3_POOLS = Hands()
MAX_POOL, AVG_POOL = backprop.MAX_POOL2D_BACKWARD, backprop.AVG_POOL2D_BACKWARD


# Max pooling: who gets the gradient


@LAB3_POOLS.wrong(MAX_POOL, 0, "the mask holds the maximum's value")
def mask_with_the_value(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        s = np.s_[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        mask = np.where(x[s] == x[s].max(), x[s], 0)
        dx[s] += mask * dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0, "the entries' own values come in")
def value_times_dout_at_the_winner(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        a, b = i * stride, j * stride
        window = x[n, a : a + size, b : b + size, c]
        k = np.argmax(window)
        dx[n, a + k // size, b + k % size, c] += window.max() * dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0, "a place in an array is a float")
def place_in_a_float_array(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        place = np.zeros(2)
        window = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        place[:] = np.unravel_index(window.argmax(), window.shape)
        dx[n, i * stride + place[0], j * stride + place[1], c] += dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.62, "a place in a window is read as if it were 2 columns wid")
def argmax_in_two_by_two(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        window = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        row, col = divmod(int(window.argmax()), 2)
        dx[n, i * stride + row, j * stride + col, c] += dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.4, "the image is cut up into blocks of 2 x 2 with reshape")
def blocks_of_two(dout, x, *, size, stride=None):
    N, H, W, C = x.shape
    dx = np.zeros(x.shape)
    blocks = x[:, : H // 2 * 2, : W // 2 * 2].reshape(N, H // 2, 2, W // 2, 2, C)
    mask = blocks == blocks.max(axis=(2, 4), keepdims=True)
    part = (mask * dout[:, :, None, :, None, :]).reshape(N, H // 2 * 2, W // 2 * 2, C)
    dx[:, : H // 2 * 2, : W // 2 * 2] = part
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.7, "every entry that equals the maximum gets the gradient")
def assigned_to_all_ties(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        s = np.s_[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        dx[s] = (x[s] == x[s].max()) * dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.8, "the gradient is assigned where it must be added")
def assigned_at_the_winner(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        window = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        a, b = np.unravel_index(window.argmax(), window.shape)
        dx[n, i * stride + a, j * stride + b, c] = dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.7, "every entry that equals the maximum gets the gradient")
def assigned_under_the_mask(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        s = np.s_[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        dx[s][x[s] == np.max(x[s])] = dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.7, "of equal largest entries the last gets the gradient")
def assigned_to_the_last(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        best, where = -np.inf, (0, 0)
        for a in range(size):
            for b in range(size):
                if x[n, i * stride + a, j * stride + b, c] >= best:
                    best, where = x[n, i * stride + a, j * stride + b, c], (a, b)
        dx[n, i * stride + where[0], j * stride + where[1], c] = dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.9, "of equal largest entries the last gets the gradient")
def last_of_the_ties(dout, x, *, size, stride=None):
    step = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        window = x[n, i * step : i * step + size, j * step : j * step + size, c]
        row, col = np.argwhere(window == window.max())[-1]
        dx[n, i * step + row, j * step + col, c] += dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.9, "entries that equal the maximum share the gradient")
def ties_share(dout, x, *, size, stride=None):
    step = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dout.shape[1:3]):
        s = np.s_[:, i * step : i * step + size, j * step : j * step + size]
        mask = x[s] == x[s].max(axis=(1, 2), keepdims=True)
        dx[s] += mask / mask.sum(axis=(1, 2), keepdims=True) * dout[:, i, j][:, None, None]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.9, "of equal largest entries the first in column order gets")
def column_by_column(dout, x, *, size, stride=None):
    step = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        window = x[n, i * step : i * step + size, j * step : j * step + size, c]
        col, row = np.unravel_index(window.T.argmax(), window.T.shape)
        dx[n, i * step + row, j * step + col, c] += dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.7, "of equal largest entries the first in column order gets")
def column_by_column_assigned(dout, x, *, size, stride=None):
    step = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        best = None
        for b in range(size):
            for a in range(size):
                v = x[n, i * step + a, j * step + b, c]
                if best is None or v > best[0]:
                    best = (v, i * step + a, j * step + b)
        dx[n, best[1], best[2], c] = dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0, "rows and columns of the winner are swapped")
def winner_transposed(dout, x, *, size, stride=None):
    step = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        window = x[n, i * step : i * step + size, j * step : j * step + size, c]
        k = int(window.argmax())
        dx[n, i * step + k % size, j * step + k // size, c] += dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.34, "one winner is taken for all channels together")
def mask_over_the_channels(dout, x, *, size, stride=None):
    step = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j in np.ndindex(*dout.shape[:3]):
        s = np.s_[n, i * step : i * step + size, j * step : j * step + size]
        dx[s] += (x[s] == x[s].max()) * dout[n, i, j]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.75, "one winner is taken for the whole batch")
def mask_over_the_batch(dout, x, *, size, stride=None):
    step = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j, c in np.ndindex(*dout.shape[1:]):
        s = np.s_[:, i * step : i * step + size, j * step : j * step + size, c]
        dx[s] += (x[s] == x[s].max()) * dout[:, i, j, c][:, None, None]
    return dx


# Sizes and strides


@LAB3_POOLS.wrong(MAX_POOL, 0, "a number of rows or columns is a float")
def loops_with_a_slash(dout, x, *, size, stride=None):
    stride = stride or size
    N, H, W, C = x.shape
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range((H - size) / stride + 1):
                for j in range((W - size) / stride + 1):
                    w = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
                    a, b = np.unravel_index(np.argmax(w), w.shape)
                    dx[n, i * stride + a, j * stride + b, c] += dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0, "a place in an array is a float")
def row_with_a_slash(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros_like(x)
    for n, i, j, c in np.ndindex(dout.shape):
        k = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c].argmax()
        dx[n, i * stride + k / size, j * stride + k % size, c] += dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.9, "as many columns of windows as rows are looped over")
def rows_for_both(dout, x, *, size, stride=None):
    stride = stride or size
    N, out, _, C = dout.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for i in range(out):
            for j in range(out):
                for c in range(C):
                    w = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
                    a, b = np.unravel_index(np.argmax(w), w.shape)
                    dx[n, i * stride + a, j * stride + b, c] += dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.9, "as many columns of windows as rows are looped over")
def height_of_the_image_for_both(dout, x, *, size, stride=None):
    stride = stride or size
    N, H, _, C = x.shape
    dx = np.zeros(x.shape)
    o = (H - size) // stride + 1
    for i, j in np.ndindex(o, o):
        s = np.s_[:, i * stride : i * stride + size, j * stride : j * stride + size]
        flat = x[s].reshape(N, -1, C)
        hot = np.zeros_like(flat)
        np.put_along_axis(hot, flat.argmax(1)[:, None], dout[:, i, j][:, None], 1)
        dx[s] += hot.reshape(x[s].shape)
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.75, "windows are counted as H // size")
def height_by_size(dout, x, *, size, stride=None):
    stride = stride or size
    N, H, W, C = x.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(H // size):
                for j in range(W // size):
                    w = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
                    a, b = np.unravel_index(np.argmax(w), w.shape)
                    dx[n, i * stride + a, j * stride + b, c] += dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.93, "the stride is computed from the shapes")
def stride_from_the_shapes(dout, x, *, size, stride=None):
    stride = x.shape[1] // dout.shape[1]
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        w = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        a, b = np.unravel_index(np.argmax(w), w.shape)
        dx[n, i * stride + a, j * stride + b, c] += dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.75, "size and stride are swapped")
def size_and_stride_exchanged(dout, x, *, size, stride=None):
    stride = stride or size
    size, stride = stride, size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        w = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        a, b = np.unravel_index(np.argmax(w), w.shape)
        dx[n, i * stride + a, j * stride + b, c] += dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.6, "the image is cut up into windows with reshape")
def repeated_maxima(dout, x, *, size, stride=None):
    stride = stride or size
    up = np.repeat(np.repeat(dout, size, 1), size, 2)
    N, H, W, C = x.shape
    v = x.reshape(N, H // size, size, W // size, size, C).max(axis=(2, 4))
    return up * (x == np.repeat(np.repeat(v, size, 1), size, 2))


@LAB3_POOLS.wrong(MAX_POOL, 0.9, "rows or columns that are left over are an error")
def remainder_refused(dout, x, *, size, stride=None):
    stride = stride or size
    assert (x.shape[1] - size) % stride == 0
    assert (x.shape[2] - size) % stride == 0
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        w = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        a, b = np.unravel_index(np.argmax(w), w.shape)
        dx[n, i * stride + a, j * stride + b, c] += dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(MAX_POOL, 0.85, "dx is 0 in all images but the first")
def returns_after_an_image(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n in range(len(x)):
        for i, j, c in np.ndindex(dout.shape[1:]):
            w = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
            a, b = np.unravel_index(np.argmax(w), w.shape)
            dx[n, i * stride + a, j * stride + b, c] += dout[n, i, j, c]
        return dx


# Average pooling


@LAB3_POOLS.wrong(AVG_POOL, 0.68, "the gradient is divided by stride * stride")
def by_the_stride_squared(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dout.shape[1:3]):
        dx[:, i * stride : i * stride + size, j * stride : j * stride + size] += (
            dout[:, i : i + 1, j : j + 1] / stride**2
        )
    return dx


@LAB3_POOLS.wrong(AVG_POOL, 0, "the gradient is divided by size alone")
def by_the_size_alone(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dout.shape[1:3]):
        dx[:, i * stride : i * stride + size, j * stride : j * stride + size] += (
            dout[:, i : i + 1, j : j + 1] / size
        )
    return dx


@LAB3_POOLS.wrong(AVG_POOL, 0.38, "the gradient is divided by 4")
def by_four(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dout.shape):
        dx[n, i * stride : i * stride + size, j * stride : j * stride + size, c] += (
            dout[n, i, j, c] / 4
        )
    return dx


@LAB3_POOLS.wrong(AVG_POOL, 0.75, "a window's part of dx is assigned and wipes out what an")
def average_assigned(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dout.shape):
        r, q = i * stride, j * stride
        dx[n, r : r + size, q : q + size, c] = dout[n, i, j, c] / (size * size)
    return dx


@LAB3_POOLS.wrong(AVG_POOL, 0, "every entry gets the whole gradient")
def ones_of_the_window(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dout.shape):
        r, q = i * stride, j * stride
        dx[n, r : r + size, q : q + size, c] += np.ones((size, size)) * dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(AVG_POOL, 0, "a number of rows or columns is a float")
def average_with_a_slash(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    rows = (x.shape[1] - size) / stride + 1
    cols = (x.shape[2] - size) / stride + 1
    for i in range(rows):
        for j in range(cols):
            dx[:, i * stride : i * stride + size, j * stride : j * stride + size] += (
                dout[:, i, j][:, None, None] / size**2
            )
    return dx


@LAB3_POOLS.wrong(AVG_POOL, 0.66, "as many columns of windows as rows are looped over")
def average_square(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[1]):
            dx[:, i * stride : i * stride + size, j * stride : j * stride + size] += (
                dout[:, i, j][:, None, None] / size**2
            )
    return dx


@LAB3_POOLS.wrong(AVG_POOL, 0.6, "each entry of dout is repeated size times")
def kron_alone(dout, x, *, size, stride=None):
    return np.kron(dout, np.ones((1, size, size, 1))) / size**2


@LAB3_POOLS.wrong(AVG_POOL, 0, "the largest entry gets all of the gradient")
def average_like_max(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        w = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        a, b = np.unravel_index(np.argmax(w), w.shape)
        dx[n, i * stride + a, j * stride + b, c] += dout[n, i, j, c]
    return dx


@LAB3_POOLS.wrong(AVG_POOL, 0, "dout is multiplied by the window's mean")
def mean_times_dout(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        s = np.s_[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        dx[s] += x[s].mean() * dout[n, i, j, c]
    return dx


# Right ones


@LAB3_POOLS.right(MAX_POOL)
def winners_by_add_at(dout, x, *, size, stride=None):
    step = size if stride is None else stride
    N, OH, OW, C = dout.shape
    v = np.lib.stride_tricks.sliding_window_view(x, (size, size), (1, 2))[:, ::step, ::step]
    k = v[:, :OH, :OW].reshape(N, OH, OW, C, -1).argmax(-1)
    n, i, j, c = np.indices(dout.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (n, i * step + k // size, j * step + k % size, c), dout)
    return dx


@LAB3_POOLS.right(MAX_POOL)
def first_of_the_mask(dout, x, *, size, stride=None):
    step = stride if stride else size
    dx = np.zeros_like(x)
    for n, i, j, c in np.ndindex(dout.shape):
        window = x[n, i * step : i * step + size, j * step : j * step + size, c]
        rows, cols = np.where(window == window.max())
        dx[n, i * step + rows[0], j * step + cols[0], c] += dout[n, i, j, c]
    return dx


@LAB3_POOLS.right(AVG_POOL)
def average_place_by_place(dout, x, *, size, stride=None):
    step = stride if stride else size
    dx = np.zeros_like(x)
    N, OH, OW, C = dout.shape
    for a in range(size):
        for b in range(size):
            dx[:, a : a + OH * step : step, b : b + OW * step : step][:, :OH, :OW] += dout
    return dx / size / size


@LAB3_POOLS.right(AVG_POOL)
def average_in_five_loops(dout, x, *, size, stride=None):
    s = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n in range(dout.shape[0]):
        for i in range(dout.shape[1]):
            for j in range(dout.shape[2]):
                for a in range(i * s, i * s + size):
                    for b in range(j * s, j * s + size):
                        dx[n, a, b] += dout[n, i, j] / (size * size)
    return dx
