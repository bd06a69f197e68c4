"""``correlate2d`` and ``convolve2d``: a single channel, without and with the kernel flipped."""

# ruff: noqa: D103 - a mistake's sentence describes it

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

from autograder.exercises import CaseGroup, FunctionExercise, MistakeList, all_forms
from autograder.hidden_tests.convolution import changes
from autograder.hidden_tests.convolution.draws import image_and_kernel
from autograder.hidden_tests.convolution.loops import by_products, correlations
from autograder.hidden_tests.convolution.single_channel_mistakes import (
    CONVOLUTION_ROWS,
    CORRELATION_ROWS,
)
from coursekit.arrays import Array

_correlation_mistakes = MistakeList()
_convolution_mistakes = MistakeList()


def correlate2d(image: Array, kernel: Array) -> Array:
    """Return SciPy's correlation at each position where the kernel lies wholly on the image.

    Args:
        image: one channel, (H, W).
        kernel: (KH, KW), not larger than the image.

    Returns:
        Array of shape (H - KH + 1, W - KW + 1).
    """
    return np.asarray(signal.correlate2d(image, kernel, "valid"))


def convolve2d(image: Array, kernel: Array) -> Array:
    """Return SciPy's convolution; see `correlate2d` for arguments and shape."""
    return np.asarray(signal.convolve2d(image, kernel, "valid"))


def sliding_sum(image: Array, kernel: Array) -> Array:
    """Return the correlation, in plain NumPy, for variants and mistakes."""
    return np.asarray(np.einsum("ijab,ab->ij", _windows(image, kernel), kernel))


@_correlation_mistakes.add(
    "the kernel is flipped: that is convolution. A correlation multiplies image[i + a, j + b] by "
    "kernel[a, b] as it stands."
)
def kernel_flipped(image: Array, kernel: Array) -> Array:
    return sliding_sum(image, kernel[::-1, ::-1])


@_correlation_mistakes.add(
    "rows and columns of the kernel are swapped: image[i + a, j + b] belongs to kernel[a, b], not "
    "to kernel[b, a]."
)
def kernel_transposed(image: Array, kernel: Array) -> Array:
    return sliding_sum(image, kernel.T)


@_correlation_mistakes.add(
    "rows and columns of the output are swapped: out[i, j] belongs to the window at row i and "
    "column j."
)
def rows_and_columns_swapped(image: Array, kernel: Array) -> Array:
    return sliding_sum(image, kernel).T


@_correlation_mistakes.add(
    "the output is one row and one column short: a window of k fits n - k + 1 times; the + 1 is "
    "missing."
)
def plus_one_missing(image: Array, kernel: Array) -> Array:
    return sliding_sum(image, kernel)[:-1, :-1]


@_correlation_mistakes.add(
    "the loops stop one row and one column early and the last ones stay 0: range(n - k + 1) "
    "reaches them."
)
def last_row_and_column_left_0(image: Array, kernel: Array) -> Array:
    out = sliding_sum(image, kernel)
    out[-1], out[:, -1] = 0.0, 0.0
    return out


@_correlation_mistakes.add(
    "the image is padded so that the output is as large as the image: here the window stays "
    "wholly on the image, and the output is smaller."
)
def padded_to_same_size(image: Array, kernel: Array) -> Array:
    return np.asarray(signal.correlate2d(image, kernel, "same"))


@_correlation_mistakes.add(
    "the window and the kernel are multiplied as matrices: multiply entry by entry, then sum."
)
def matrix_product(image: Array, kernel: Array) -> Array:
    return np.array([[(row @ kernel).sum() for row in rows] for rows in _windows(image, kernel)])


@_correlation_mistakes.add(
    "the output's height is worked out from the width and the other way round: image.shape is "
    "(height, width).",
    others=correlations([changes.image_lengths_exchanged], [by_products]),
)
def output_height_from_width(image: Array, kernel: Array) -> Array:
    columns, rows = _sizes(image, *kernel.shape)
    return _loop(image, kernel, rows, columns, kernel.shape[1])


@_correlation_mistakes.add("the mean of the products is taken: sum them, np.sum and not np.mean.")
def mean_instead_of_sum(image: Array, kernel: Array) -> Array:
    return sliding_sum(image, kernel) / kernel.size


@_convolution_mistakes.add(
    "the kernel is not flipped: that is correlation. Turn the kernel round in rows and in "
    "columns, kernel[::-1, ::-1], first."
)
def not_flipped(image: Array, kernel: Array) -> Array:
    return sliding_sum(image, kernel)


@_convolution_mistakes.add("only the rows are flipped: flip the columns too, kernel[::-1, ::-1].")
def rows_flipped_only(image: Array, kernel: Array) -> Array:
    return sliding_sum(image, kernel[::-1])


@_convolution_mistakes.add("only the columns are flipped: flip the rows too, kernel[::-1, ::-1].")
def columns_flipped_only(image: Array, kernel: Array) -> Array:
    return sliding_sum(image, kernel[:, ::-1])


@_convolution_mistakes.add(
    "the kernel is transposed instead of flipped: kernel.T swaps rows and columns, while "
    "kernel[::-1, ::-1] turns their order round."
)
def transposed_instead_of_flipped(image: Array, kernel: Array) -> Array:
    return sliding_sum(image, kernel.T)


@_convolution_mistakes.add(
    "the result is flipped and not the kernel, or the image as well as the kernel: flip the kernel "
    "alone, then slide it as before."
)
def result_flipped(image: Array, kernel: Array) -> Array:
    return sliding_sum(image, kernel)[::-1, ::-1]


@_convolution_mistakes.add(
    "the output also holds places where the kernel hangs over the border (the full convolution): "
    "keep only those where it lies wholly on the image."
)
def full_output(image: Array, kernel: Array) -> Array:
    return np.asarray(signal.convolve2d(image, kernel, "full"))


@_convolution_mistakes.add(
    "the image is padded so that the output is as large as the image: here the kernel stays "
    "wholly on the image, and the output is smaller."
)
def padded_to_same_output(image: Array, kernel: Array) -> Array:
    return np.asarray(signal.convolve2d(image, kernel, "same"))


def _windows(image: Array, kernel: Array) -> Array:
    return sliding_window_view(image, kernel.shape)


def _sizes(image: Array, height: int, width: int) -> tuple[int, int]:
    return image.shape[0] - height + 1, image.shape[1] - width + 1


def _loop(image: Array, kernel: Array, rows: int, columns: int, reach: int) -> Array:
    """Loop over an output of some size with windows ``reach`` columns wide; may raise."""
    out = np.zeros((rows, columns))
    for i, j in np.ndindex(*out.shape):
        out[i, j] = (image[i : i + len(kernel), j : j + reach] * kernel).sum()
    return out


def four_loops(image: Array, kernel: Array) -> Array:
    out = np.zeros((image.shape[0] - len(kernel) + 1, image.shape[1] - kernel.shape[1] + 1))
    for i, j in np.ndindex(*out.shape):
        for a, b in np.ndindex(*kernel.shape):
            out[i, j] += image[i + a, j + b] * kernel[a, b]
    return out


def loops_over_windows(image: Array, kernel: Array) -> Array:
    windows = _windows(image, kernel)
    return np.array([[np.sum(window * kernel) for window in row] for row in windows])


def lists_of_sums(image: Array, kernel: Array) -> list[list[float]]:
    rows, columns = kernel.shape
    return [
        [
            float((image[i : i + rows, j : j + columns] * kernel).sum())
            for j in range(image.shape[1] - columns + 1)
        ]
        for i in range(image.shape[0] - rows + 1)
    ]


def by_fft(image: Array, kernel: Array) -> Array:
    return np.asarray(signal.fftconvolve(image, kernel[::-1, ::-1], "valid"))


def flip_then_slide(image: Array, kernel: Array) -> Array:
    return four_loops(image, kernel[::-1, ::-1])


def rotate_then_slide(image: Array, kernel: Array) -> Array:
    return sliding_sum(image, np.rot90(kernel, 2))


def indices_from_the_end(image: Array, kernel: Array) -> Array:
    rows, columns = kernel.shape
    out = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for i, j in np.ndindex(*out.shape):
        for a, b in np.ndindex(*kernel.shape):
            out[i, j] += image[i + rows - 1 - a, j + columns - 1 - b] * kernel[a, b]
    return out


_square = partial(image_and_kernel, out=(3, 3))

GROUPS = (
    CaseGroup(
        "basic",
        0.4,
        (
            partial(_square, kernel=(2, 2)),
            partial(_square, kernel=(3, 3)),
            partial(image_and_kernel, kernel=(3, 3), out=(2, 2)),
        ),
    ),
    CaseGroup(
        "non-square images",
        0.3,
        (
            partial(image_and_kernel, kernel=(3, 3), out=(2, 5)),
            partial(image_and_kernel, kernel=(2, 2), out=(5, 2)),
        ),
    ),
    CaseGroup(
        "non-square kernels",
        0.3,
        (
            partial(image_and_kernel, kernel=(2, 3), out=(4, 4)),
            partial(image_and_kernel, kernel=(3, 2), out=(5, 3)),
            partial(image_and_kernel, kernel=(1, 3), out=(5, 3)),
        ),
    ),
)

CORRELATE2D = FunctionExercise(
    name="correlate2d",
    points=12,
    reference=correlate2d,
    groups=GROUPS,
    mistakes=(*_correlation_mistakes, *CORRELATION_ROWS),
    variants=(
        four_loops,
        loops_over_windows,
        lists_of_sums,
        sliding_sum,
        by_fft,
        *all_forms(sliding_sum),
    ),
)

CONVOLVE2D = FunctionExercise(
    name="convolve2d",
    points=6,
    reference=convolve2d,
    groups=GROUPS,
    mistakes=(*_convolution_mistakes, *CONVOLUTION_ROWS),
    variants=(
        flip_then_slide,
        rotate_then_slide,
        indices_from_the_end,
        *all_forms(rotate_then_slide),
    ),
)
