"""What strangers hand in for lab 2: windows of the wrong size, at the wrong place, or too few."""

# ruff: noqa: RET503 - people unpack more than they use, and return too early

import numpy as np

from autograder.hidden_tests import pooling
from tests.strangers.hands import Hands
from tests.strangers.lab2 import both

LAB2_WINDOWS = Hands()
MAX_POOL, AVG_POOL, FAST = pooling.MAX_POOL2D, pooling.AVG_POOL2D, pooling.MAX_POOL2D_FAST
WRONG_MAXIMA, GLOBAL_POOL = pooling.WRONG_MAXIMA, pooling.GLOBAL_AVG_POOL


# Height for both


@LAB2_WINDOWS.wrong(MAX_POOL, 0.8, "the window is taken for square")
def k_is_the_first_of_the_size(x, *, size, stride=None):
    k = both(size)[0]
    s = k if stride is None else both(stride)[0]
    N, H, W, C = x.shape
    out = np.zeros((N, (H - k) // s + 1, (W - k) // s + 1, C))
    for n in range(N):
        for i in range(out.shape[1]):
            for j in range(out.shape[2]):
                for c in range(C):
                    out[n, i, j, c] = np.max(x[n, i * s : i * s + k, j * s : j * s + k, c])
    return out


@LAB2_WINDOWS.wrong(AVG_POOL, 0.82, "the window is taken for square")
def window_is_square(x, *, size, stride=None):
    k, _ = both(size)
    sh, sw = both(size if stride is None else stride)
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))
    return windows[:, ::sh, ::sw].mean(axis=(4, 5))


@LAB2_WINDOWS.wrong(MAX_POOL, 0.82, "one step is used in both directions")
def step_for_both(x, *, size, stride=None):
    kh, kw = both(size)
    step = both(size if stride is None else stride)[0]
    result = []
    for top in range(0, x.shape[1] - kh + 1, step):
        line = []
        for left in range(0, x.shape[2] - kw + 1, step):
            line.append(x[:, top : top + kh, left : left + kw].max(axis=(1, 2)))
        result.append(np.stack(line, axis=1))
    return np.stack(result, axis=1)


@LAB2_WINDOWS.wrong(FAST, 0.4, "the window is taken for square")
def fast_with_k(x, *, size, stride=None):
    k = size if np.isscalar(size) else size[0]
    s = k if stride is None else (stride if np.isscalar(stride) else stride[0])
    v = np.lib.stride_tricks.sliding_window_view(x, (k, k), (1, 2))
    return v[:, ::s, ::s].max(axis=-1).max(axis=-1)


@LAB2_WINDOWS.wrong(AVG_POOL, 0.82, "the window's height is used for its width where the win")
def height_in_the_second_slice(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    OH, OW = (H - h) // sh + 1, (W - w) // sw + 1
    out = np.zeros((N, OH, OW, C))
    for i in range(OH):
        for j in range(OW):
            out[:, i, j] = np.mean(x[:, i * sh : i * sh + h, j * sw : j * sw + h], axis=(1, 2))
    return out


@LAB2_WINDOWS.wrong(MAX_POOL, 0.9, "the output's number of columns is computed with the win")
def out_width_from_the_window_s_height(x, *, size, stride=None):
    h, w = both(size)
    down, right = both(size if stride is None else stride)
    rows = (x.shape[1] - h) // down + 1
    cols = (x.shape[2] - h) // right + 1
    out = np.empty((len(x), rows, cols, x.shape[3]))
    for i, j in np.ndindex(rows, cols):
        out[:, i, j] = x[:, i * down : i * down + h, j * right : j * right + w].max(axis=(1, 2))
    return out


@LAB2_WINDOWS.wrong(MAX_POOL, 0.7, "the image is taken for square")
def image_taken_for_square(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, _, C = x.shape
    out = np.zeros((N, (H - h) // sh + 1, (H - w) // sw + 1, C))
    for n, i, j, c in np.ndindex(out.shape):
        out[n, i, j, c] = x[n, i * sh : i * sh + h, j * sw : j * sw + w, c].max()
    return out


@LAB2_WINDOWS.wrong(AVG_POOL, 0.82, "the sum is divided by the height squared")
def divided_by_k_squared(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    out = np.zeros((len(x), (x.shape[1] - h) // sh + 1, (x.shape[2] - w) // sw + 1, x.shape[3]))
    for a in range(h):
        for b in range(w):
            for i in range(out.shape[1]):
                for j in range(out.shape[2]):
                    out[:, i, j] += x[:, i * sh + a, j * sw + b]
    return out / h**2


@LAB2_WINDOWS.wrong(MAX_POOL, 0.85, "rows begin with the step for the columns")
def column_step_for_rows(x, *, size, stride=None):
    kh, kw = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    oh, ow = (H - kh) // sh + 1, (W - kw) // sw + 1
    out = np.zeros((N, oh, ow, C))
    for r in range(oh):
        for q in range(ow):
            out[:, r, q, :] = np.amax(x[:, r * sw : r * sw + kh, q * sw : q * sw + kw, :], (1, 2))
    return out


# / for // and floats as indices


@LAB2_WINDOWS.wrong(MAX_POOL, 0, "a number of rows or columns is a float")
def shape_with_a_slash(x, *, size, stride=None):
    sh_, sw_ = both(size)
    dh, dw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, (H - sh_) / dh + 1, (W - sw_) / dw + 1, C))
    for n, i, j, c in np.ndindex(*out.shape):
        out[n, i, j, c] = x[n, i * dh : i * dh + sh_, j * dw : j * dw + sw_, c].max()
    return out


@LAB2_WINDOWS.wrong(AVG_POOL, 0, "a number of rows or columns is a float")
def range_with_a_slash(x, *, size, stride=None):
    (h, w), (sh, sw) = both(size), both(size if stride is None else stride)
    oh = (x.shape[1] - h) / sh + 1
    ow = (x.shape[2] - w) / sw + 1
    return np.stack(
        [
            np.stack(
                [x[:, i * sh : i * sh + h, j * sw : j * sw + w].mean((1, 2)) for j in range(ow)],
                1,
            )
            for i in range(oh)
        ],
        1,
    )


@LAB2_WINDOWS.wrong(FAST, 0, "a number of rows or columns is a float")
def reshaped_with_a_slash(x, *, size, stride=None):
    h, w = both(size)
    N, H, W, C = x.shape
    return x.reshape(N, H / h, h, W / w, w, C).max(axis=(2, 4))


@LAB2_WINDOWS.wrong(FAST, 0, "a place in an array is a float")
def float_indices(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    rows = np.linspace(0, ((x.shape[1] - h) // sh) * sh, (x.shape[1] - h) // sh + 1)
    cols = np.linspace(0, ((x.shape[2] - w) // sw) * sw, (x.shape[2] - w) // sw + 1)
    out = np.full((len(x), len(rows), len(cols), x.shape[3]), -np.inf)
    for a in range(h):
        for b in range(w):
            out = np.maximum(out, x[:, rows[:, None] + a, cols[None] + b])
    return out


# Remainders


@LAB2_WINDOWS.wrong(MAX_POOL, 0.9, "the remainder is kept")
def ceiling(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    oh = int(np.ceil((x.shape[1] - h) / sh)) + 1
    ow = int(np.ceil((x.shape[2] - w) / sw)) + 1
    out = np.zeros((x.shape[0], oh, ow, x.shape[3]))
    for i in range(oh):
        for j in range(ow):
            out[:, i, j] = x[:, i * sh : i * sh + h, j * sw : j * sw + w].max(axis=(1, 2))
    return out


@LAB2_WINDOWS.wrong(AVG_POOL, 0.93, "the remainder is rounded")
def rounded(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    oh, ow = round((x.shape[1] - h) / sh) + 1, round((x.shape[2] - w) / sw) + 1
    out = np.zeros((x.shape[0], oh, ow, x.shape[3]))
    for i, j in np.ndindex(oh, ow):
        out[:, i, j] = x[:, i * sh : i * sh + h, j * sw : j * sw + w].mean(axis=(1, 2))
    return out


@LAB2_WINDOWS.wrong(MAX_POOL, 0.9, "a remainder is an error")
def remainder_refused(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    if (x.shape[1] - h) % sh or (x.shape[2] - w) % sw:
        raise ValueError("window does not fit")
    view = np.lib.stride_tricks.sliding_window_view(x, (h, w), axis=(1, 2))
    return view[:, ::sh, ::sw].max(axis=(-2, -1))


@LAB2_WINDOWS.wrong(AVG_POOL, 0.9, "a remainder is an error")
def remainder_asserted(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    assert (x.shape[1] - h) % sh == 0, "height does not fit"
    assert (x.shape[2] - w) % sw == 0, "width does not fit"
    view = np.lib.stride_tricks.sliding_window_view(x, (h, w), axis=(1, 2))
    return view[:, ::sh, ::sw].mean(axis=(-2, -1))


@LAB2_WINDOWS.wrong(MAX_POOL, 0.65, "the output's size is H / stride")
def every_multiple_of_the_stride(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    tops, lefts = range(0, x.shape[1], sh), range(0, x.shape[2], sw)
    return np.stack(
        [
            np.stack([x[:, t : t + h, q : q + w].max(axis=(1, 2)) for q in lefts], axis=1)
            for t in tops
        ],
        axis=1,
    )


@LAB2_WINDOWS.wrong(MAX_POOL, 0.1, "the last row and column of the output stay 0 where noth")
def last_start_left_out(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, (H - h) // sh + 1, (W - w) // sw + 1, C))
    for i, top in enumerate(range(0, H - h, sh)):
        for j, left in enumerate(range(0, W - w, sw)):
            out[:, i, j, :] = x[:, top : top + h, left : left + w, :].max(axis=(1, 2))
    return out


@LAB2_WINDOWS.wrong(AVG_POOL, 0, "the output is one row and one column short")
def no_plus_one(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    OH, OW = (x.shape[1] - h) // sh, (x.shape[2] - w) // sw
    y = np.zeros((x.shape[0], OH, OW, x.shape[3]))
    for i, j in np.ndindex(OH, OW):
        y[:, i, j] = x[:, i * sh : i * sh + h, j * sw : j * sw + w].mean(axis=(1, 2))
    return y


@LAB2_WINDOWS.wrong(MAX_POOL, 0.7, "the output's size is H // size")
def as_many_as_the_size_fits(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    oh, ow = x.shape[1] // h, x.shape[2] // w
    out = np.zeros((x.shape[0], oh, ow, x.shape[3]))
    for i in range(oh):
        for j in range(ow):
            window = x[:, i * sh : i * sh + h, j * sw : j * sw + w]
            out[:, i, j] = window.max(axis=1).max(axis=1)
    return out


@LAB2_WINDOWS.wrong(FAST, 0.05, "the last start is left out")
def stops_one_too_early(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    H, W = x.shape[1] - h, x.shape[2] - w
    parts = [x[:, a : a + H : sh, b : b + W : sw] for a in range(h) for b in range(w)]
    return np.maximum.reduce(parts)


# Which numbers are in one window


@LAB2_WINDOWS.wrong(MAX_POOL, 0.9, "the whole batch is in one window")
def batch_in_one_window(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    OH, OW = 1 + (H - h) // sh, 1 + (W - w) // sw
    out = np.zeros((N, OH, OW, C))
    for i in range(OH):
        for j in range(OW):
            for c in range(C):
                out[:, i, j, c] = x[:, i * sh : i * sh + h, j * sw : j * sw + w, c].max()
    return out


@LAB2_WINDOWS.wrong(AVG_POOL, 0.85, "all images and channels are in one window")
def all_in_one_window(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, 1 + (H - h) // sh, 1 + (W - w) // sw, C))
    for i, j in np.ndindex(*out.shape[1:3]):
        out[:, i, j, :] = np.mean(x[:, i * sh : i * sh + h, j * sw : j * sw + w, :])
    return out


@LAB2_WINDOWS.wrong(MAX_POOL, 0.85, "all channels are pooled together")
def channels_in_one_window(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, 1 + (H - h) // sh, 1 + (W - w) // sw, C))
    for n, i, j in np.ndindex(*out.shape[:3]):
        out[n, i, j] = np.max(x[n, i * sh : i * sh + h, j * sw : j * sw + w])
    return out


@LAB2_WINDOWS.wrong(AVG_POOL, 0.9, "the whole batch is in one window")
def mean_over_three_axes(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, 1 + (H - h) // sh, 1 + (W - w) // sw, C))
    for i, j in np.ndindex(*out.shape[1:3]):
        out[:, i, j] = x[:, i * sh : i * sh + h, j * sw : j * sw + w].mean(axis=(0, 1, 2))
    return out


@LAB2_WINDOWS.wrong(MAX_POOL, 0.9, "the first image is used for the whole batch")
def always_image_0(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, 1 + (H - h) // sh, 1 + (W - w) // sw, C))
    for n, i, j, c in np.ndindex(*out.shape):
        out[n, i, j, c] = x[0, i * sh : i * sh + h, j * sw : j * sw + w, c].max()
    return out


@LAB2_WINDOWS.wrong(MAX_POOL, 0.9, "only the first image of the batch is worked on and the ")
def returned_inside_the_loop(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, 1 + (H - h) // sh, 1 + (W - w) // sw, C))
    for n in range(N):
        for i, j in np.ndindex(*out.shape[1:3]):
            out[n, i, j] = x[n, i * sh : i * sh + h, j * sw : j * sw + w].max(axis=(0, 1))
        return out


@LAB2_WINDOWS.wrong(AVG_POOL, 0, "the maximum or mean runs over axes 2 and 3")
def axes_off_by_one(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, 1 + (H - h) // sh, 1 + (W - w) // sw, C))
    for i, j in np.ndindex(*out.shape[1:3]):
        out[:, i, j] = x[:, i * sh : i * sh + h, j * sw : j * sw + w].mean(axis=(2, 3))
    return out


# Size and stride


@LAB2_WINDOWS.wrong(MAX_POOL, 0.7, "the stride is taken for the window's size")
def size_from_the_stride(x, *, size, stride=None):
    sh, sw = both(size if stride is None else stride)
    h, w = both(size)
    N, H, W, C = x.shape
    out = np.zeros((N, (H - h) // sh + 1, (W - w) // sw + 1, C))
    for i, j in np.ndindex(*out.shape[1:3]):
        out[:, i, j] = x[:, i * sh : (i + 1) * sh, j * sw : (j + 1) * sw].max(axis=(1, 2))
    return out


@LAB2_WINDOWS.wrong(AVG_POOL, 0.7, "windows begin at i * size whatever the stride says")
def starts_from_the_size(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, (H - h) // sh + 1, (W - w) // sw + 1, C))
    for i, j in np.ndindex(*out.shape[1:3]):
        out[:, i, j] = x[:, i * h : i * h + h, j * w : j * w + w].mean(axis=(1, 2))
    return out


@LAB2_WINDOWS.wrong(MAX_POOL, 0.1, "the stride counts for the output's size but not for whe")
def starts_without_the_stride(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, (H - h) // sh + 1, (W - w) // sw + 1, C))
    for i, j in np.ndindex(*out.shape[1:3]):
        out[:, i, j] = x[:, i : i + h, j : j + w].max(axis=(1, 2))
    return out


@LAB2_WINDOWS.wrong(MAX_POOL, 0.9, "the default stride is 1")
def stride_or_one(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(stride or 1)
    v = np.lib.stride_tricks.sliding_window_view(x, (h, w), (1, 2))
    return v[:, ::sh, ::sw].max(axis=(4, 5))


@LAB2_WINDOWS.wrong(MAX_POOL, 0.95, "size and stride are taken to have the same form")
def stride_has_the_form_of_the_size(x, *, size, stride=None):
    stride = size if stride is None else stride
    if isinstance(size, int):
        h, w, sh, sw = size, size, stride, stride
    else:
        (h, w), (sh, sw) = size, stride
    v = np.lib.stride_tricks.sliding_window_view(x, (h, w), (1, 2))
    return v[:, ::sh, ::sw].max(axis=(4, 5))


@LAB2_WINDOWS.wrong(AVG_POOL, 0.95, "size and stride are taken to have the same form")
def size_has_the_form_of_the_stride(x, *, size, stride=None):
    if stride is None:
        stride = size
    if type(stride) is tuple:
        h, w = size
        sh, sw = stride
    else:
        h = w = size
        sh = sw = stride
    v = np.lib.stride_tricks.sliding_window_view(x, (h, w), (1, 2))
    return v[:, ::sh, ::sw].mean(axis=(4, 5))


@LAB2_WINDOWS.wrong(FAST, 0.23, "the windows are always 2 rows high and 2 columns wide")
def twos(x, *, size, stride=None):
    N, H, W, C = x.shape
    x = x[:, : H // 2 * 2, : W // 2 * 2]
    return x.reshape(N, H // 2, 2, W // 2, 2, C).max(axis=(2, 4))


@LAB2_WINDOWS.wrong(AVG_POOL, 0.53, "the sum is divided by 4")
def a_quarter(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    v = np.lib.stride_tricks.sliding_window_view(x, (h, w), (1, 2))
    return v[:, ::sh, ::sw].sum(axis=(4, 5)) / 4


@LAB2_WINDOWS.wrong(MAX_POOL, 0.9, "the maximum starts from 0")
def best_begins_with_0(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, (H - h) // sh + 1, (W - w) // sw + 1, C))
    for n, i, j, c in np.ndindex(out.shape):
        for a, b in np.ndindex(h, w):
            if x[n, i * sh + a, j * sw + b, c] > out[n, i, j, c]:
                out[n, i, j, c] = x[n, i * sh + a, j * sw + b, c]
    return out


@LAB2_WINDOWS.wrong(MAX_POOL, 0.1, "a window's place in the image is used as its place in t")
def out_at_the_start(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, (H - h) // sh + 1, (W - w) // sw + 1, C))
    for i in range(0, H - h + 1, sh):
        for j in range(0, W - w + 1, sw):
            out[:, i, j] = x[:, i : i + h, j : j + w].max(axis=(1, 2))
    return out


@LAB2_WINDOWS.wrong(MAX_POOL, 0, "the slices end at size and not at top + size")
def slice_ends_at_the_size(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, (H - h) // sh + 1, (W - w) // sw + 1, C))
    for i, j in np.ndindex(*out.shape[1:3]):
        out[:, i, j] = x[:, i * sh : h, j * sw : w].max(axis=(1, 2))
    return out


@LAB2_WINDOWS.wrong(FAST, 0.41, "a size of two numbers is read as")
def view_with_width_first(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    v = np.lib.stride_tricks.sliding_window_view(x, (w, h), (1, 2))
    return v[:, ::sh, ::sw].max(axis=(4, 5))


@LAB2_WINDOWS.wrong(AVG_POOL, 0.05, "rows and columns of the output are swapped")
def columns_first(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, (W - w) // sw + 1, (H - h) // sh + 1, C))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            out[:, i, j] = x[:, j * sh : j * sh + h, i * sw : i * sw + w].mean(axis=(1, 2))
    return out


@LAB2_WINDOWS.wrong(MAX_POOL, 0, "each window is one row and one column too long")
def inclusive_end(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, (H - h) // sh + 1, (W - w) // sw + 1, C))
    for i, j in np.ndindex(*out.shape[1:3]):
        out[:, i, j] = x[:, i * sh : i * sh + h + 1, j * sw : j * sw + w + 1].max(axis=(1, 2))
    return out


# wrong_maxima and global_avg_pool


@LAB2_WINDOWS.wrong(WRONG_MAXIMA, 0, "True stands where the claim is right")
def right_ones(image, claimed):
    h, w = claimed.shape
    return image.reshape(h, 2, w, 2).max(axis=(1, 3)) == claimed


@LAB2_WINDOWS.wrong(WRONG_MAXIMA, 0.75, "the claim is taken for square")
def rows_for_columns(image, claimed):
    n = len(claimed)
    out = np.zeros(claimed.shape, bool)
    for i in range(n):
        for j in range(n):
            out[i, j] = image[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max() != claimed[i, j]
    return out


@LAB2_WINDOWS.wrong(WRONG_MAXIMA, 0, "the windows overlap")
def windows_that_overlap(image, claimed):
    out = np.zeros(claimed.shape, bool)
    for i, j in np.ndindex(claimed.shape):
        out[i, j] = image[i : i + 2, j : j + 2].max() != claimed[i, j]
    return out


@LAB2_WINDOWS.wrong(WRONG_MAXIMA, 0.5, "only claims that are too small are found")
def too_small_ones(image, claimed):
    h, w = claimed.shape
    return claimed < image.reshape(h, 2, w, 2).max(axis=(1, 3))


@LAB2_WINDOWS.wrong(WRONG_MAXIMA, 0.55, "a claim counts as right if its number stands anywhere i")
def not_in_the_window(image, claimed):
    out = np.empty(claimed.shape, bool)
    for i, j in np.ndindex(claimed.shape):
        out[i, j] = claimed[i, j] not in image[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
    return out


@LAB2_WINDOWS.wrong(GLOBAL_POOL, 0.37, "the images of the batch are averaged too")
def over_the_batch_too(x):
    return x.mean(axis=(0, 1, 2))


@LAB2_WINDOWS.wrong(GLOBAL_POOL, 0.7, "the sum is divided by H * H")
def global_by_height_squared(x):
    return x.sum(axis=(1, 2)) / x.shape[1] ** 2


@LAB2_WINDOWS.wrong(GLOBAL_POOL, 0.5, "the averaged axes are kept with length 1")
def global_keeps_its_axes(x):
    return np.mean(x, axis=(1, 2), keepdims=True)


@LAB2_WINDOWS.wrong(GLOBAL_POOL, 0, "the mean is over axes 2 and 3")
def global_over_the_last_two(x):
    return x.mean(axis=(2, 3))


@LAB2_WINDOWS.wrong(GLOBAL_POOL, 0, "the largest number is taken")
def global_max(x):
    return x.max(axis=1).max(axis=1)


@LAB2_WINDOWS.wrong(GLOBAL_POOL, 0.7, "the maps are taken for square")
def global_in_square_loops(x):
    n, h, _, c = x.shape
    out = np.zeros((n, c))
    for i in range(h):
        for j in range(h):
            out += x[:, i, j]
    return out / (h * h)


# Right ones


@LAB2_WINDOWS.right(MAX_POOL)
def size_by_int_and_slash(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    oh, ow = int((x.shape[1] - h) / sh + 1), int((x.shape[2] - w) / sw + 1)
    out = np.zeros((x.shape[0], oh, ow, x.shape[3]), dtype=x.dtype)
    for n, c in np.ndindex(x.shape[0], x.shape[3]):
        for i, top in enumerate(range(0, oh * sh, sh)):
            for j, left in enumerate(range(0, ow * sw, sw)):
                out[n, i, j, c] = x[n, top : top + h, left : left + w, c].max()
    return out


@LAB2_WINDOWS.right(MAX_POOL)
def running_maximum_from_the_first(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    out = np.zeros((N, (H - h) // sh + 1, (W - w) // sw + 1, C))
    for n, i, j, c in np.ndindex(out.shape):
        best = x[n, i * sh, j * sw, c]
        for a in range(h):
            for b in range(w):
                best = max(best, x[n, i * sh + a, j * sw + b, c])
        out[n, i, j, c] = best
    return out


@LAB2_WINDOWS.right(AVG_POOL)
def by_fancy_indices(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    rows = np.arange(0, x.shape[1] - h + 1, sh)[:, None, None, None] + np.arange(h)[:, None]
    cols = np.arange(0, x.shape[2] - w + 1, sw)[:, None, None] + np.arange(w)
    return x[:, rows, cols].mean(axis=(3, 4))


@LAB2_WINDOWS.right(AVG_POOL)
def rows_then_columns(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    rows = np.stack([x[:, t : t + h].mean(1) for t in range(0, x.shape[1] - h + 1, sh)], 1)
    return np.stack([rows[:, :, q : q + w].mean(2) for q in range(0, x.shape[2] - w + 1, sw)], 2)


@LAB2_WINDOWS.right(FAST)
def fast_by_as_strided(x, *, size, stride=None):
    h, w = both(size)
    sh, sw = both(size if stride is None else stride)
    N, H, W, C = x.shape
    n, r, q, c = x.strides
    view = np.lib.stride_tricks.as_strided(
        x,
        (N, (H - h) // sh + 1, (W - w) // sw + 1, h, w, C),
        (n, r * sh, q * sw, r, q, c),
    )
    return view.max(axis=(3, 4))


@LAB2_WINDOWS.right(GLOBAL_POOL)
def global_by_reshape(x):
    return x.reshape(x.shape[0], -1, x.shape[-1]).mean(axis=1)


@LAB2_WINDOWS.right(WRONG_MAXIMA)
def maxima_by_four_slices(image, claimed):
    a = np.maximum(image[::2, ::2], image[1::2, ::2])
    return ~np.isclose(np.maximum(a, np.maximum(image[::2, 1::2], image[1::2, 1::2])), claimed)
