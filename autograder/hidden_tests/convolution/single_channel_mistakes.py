"""Mistakes in the sizes and positions of ``correlate2d``, one row each."""

# ruff: noqa: D103 - a mistake's sentence describes it

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

from autograder.exercises import Mistake, of_functions
from autograder.hidden_tests.convolution import changes
from autograder.hidden_tests.convolution.loops import (
    by_entries,
    by_products,
    by_tensordot,
    correlations,
)
from coursekit.arrays import Array

_KERNEL_SQUARE = (
    changes.kernel_height_for_both,
    changes.kernel_height_for_the_windows_width,
    changes.kernel_width_for_both,
    changes.kernel_width_for_the_windows_height,
)


def first_window(image: Array, kernel: Array) -> Array:
    height, width = kernel.shape
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    return np.asarray(out + (image[:height, :width] * kernel).sum())


def decimals(image: Array, kernel: Array) -> Array:
    return np.asarray(signal.correlate2d(image, kernel, "valid")).astype(int)


def column_from_the_row(image: Array, kernel: Array) -> Array:
    height, width = kernel.shape
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for i, j in np.ndindex(*out.shape):
        out[i, j] = np.sum(image[i : i + height, i : i + width] * kernel)
    return out


def image_turned_too(image: Array, kernel: Array) -> Array:
    return np.asarray(signal.correlate2d(image[::-1, ::-1], kernel, "valid"))


def turned_by_90(image: Array, kernel: Array) -> Array:
    return np.asarray(signal.correlate2d(image, np.rot90(kernel), "valid"))


def turned_by_270(image: Array, kernel: Array) -> Array:
    return np.asarray(signal.correlate2d(image, np.rot90(kernel, -1), "valid"))


def first_row_only(image: Array, kernel: Array) -> Array:
    out = np.asarray(signal.correlate2d(image, kernel, "valid"))
    out[1:] = 0.0
    return out


def rows_flipped(image: Array, kernel: Array) -> Array:
    return np.asarray(signal.correlate2d(image, kernel[::-1], "valid"))


def columns_flipped(image: Array, kernel: Array) -> Array:
    return np.asarray(signal.correlate2d(image, kernel[:, ::-1], "valid"))


def summed_over_one_axis(image: Array, kernel: Array) -> Array:
    return np.asarray((sliding_window_view(image, kernel.shape) * kernel).sum(-1))


def array_one_short(image: Array, kernel: Array) -> Array:
    out = np.zeros((image.shape[0] - kernel.shape[0], image.shape[1] - kernel.shape[1]))
    for i, j in np.ndindex(out.shape[0] + 1, out.shape[1] + 1):
        out[i, j] = np.sum(image[i : i + len(kernel), j : j + kernel.shape[1]] * kernel)
    return out


def tiles(image: Array, kernel: Array) -> Array:
    (height, width), out = kernel.shape, np.zeros(np.array(image.shape) // kernel.shape)
    for i, j in np.ndindex(*out.shape):
        part = image[i * height : (i + 1) * height, j * width : (j + 1) * width]
        out[i, j] = np.sum(part * kernel)
    return out


CORRELATION_ROWS: tuple[Mistake, ...] = (
    of_functions(
        "first_row_only",
        "only the first row of the output is worked out and the others stay 0: is the return "
        "inside the loop over the rows?",
        first_row_only,
    ),
    of_functions(
        "flipped_along_one_axis",
        "the kernel is flipped along one axis: a correlation multiplies image[i + a, j + b] by "
        "kernel[a, b] as it stands.",
        rows_flipped,
        columns_flipped,
    ),
    of_functions(
        "summed_over_one_axis",
        "the products are summed over one axis only: a window gives one number, so sum over its "
        "rows and its columns.",
        summed_over_one_axis,
    ),
    of_functions(
        "array_one_short",
        "the output array has one row and one column too few for the loops: a window of k fits "
        "n - k + 1 times.",
        array_one_short,
    ),
    of_functions(
        "image_taken_for_square",
        "the image is taken for square, one side's length used for both, in a size, a loop or an "
        "array: the height is image.shape[0] and the width image.shape[1].",
        *correlations(
            (
                changes.image_height_for_both,
                changes.loop_over_rows_twice,
                changes.array_of_rows_twice,
                changes.output_height_for_both,
                changes.image_width_for_both,
                changes.loop_over_columns_twice,
                changes.array_of_columns_twice,
                changes.output_width_for_both,
            ),
            (by_products,),
        ),
    ),
    of_functions(
        "kernel_taken_for_square",
        "the kernel is taken for square, one side's length used for both, in the window, the "
        "output's size or both: the height is kernel.shape[0] and the width kernel.shape[1], each "
        "for its own direction.",
        *correlations(_KERNEL_SQUARE, (by_products, by_entries)),
        *correlations((changes.kernel_height_for_both,), (by_tensordot,)),
        *correlations(
            (
                changes.kernel_height_for_the_outputs_width,
                changes.kernel_width_for_the_outputs_height,
            ),
            (by_products,),
        ),
    ),
    of_functions(
        "image_and_kernel_taken_for_square",
        "image and kernel are taken for square, their heights used for their widths: each side has "
        "its own length and its own output length.",
        *correlations((changes.heights_for_widths,)),
    ),
    of_functions(
        "output_as_large_as_the_image",
        "the output array is as large as the image, and what no window reaches stays 0: a window "
        "of k fits n - k + 1 times.",
        *correlations((changes.array_like_the_image,), (by_products,)),
    ),
    of_functions(
        "window_always_3",
        "the window is always 3 by 3: take its height and width from kernel.shape.",
        *correlations((changes.window_of_3,)),
    ),
    of_functions(
        "windows_side_by_side",
        "the windows lie side by side: the window moves one pixel at a time.",
        *correlations((changes.side_by_side,)),
        tiles,
    ),
    of_functions(
        "window_of_another_length",
        "the window is one row and one column longer or shorter than the kernel: a slice stops "
        "before its end, so cut i : i + KH and j : j + KW.",
        *correlations((changes.window_one_longer, changes.window_one_shorter), (by_products,)),
        *correlations((changes.window_one_shorter,), (by_entries,)),
    ),
    of_functions(
        "one_window_too_many",
        "there is one row and one column of outputs too many: a window of k fits n - k + 1 times.",
        *correlations((changes.one_too_many,), (by_products,)),
    ),
    of_functions(
        "first_window_everywhere",
        "every output comes from the first window: cut it anew for every output, from row i and "
        "column j on.",
        first_window,
    ),
    of_functions(
        "window_at_the_row_twice",
        "row and column start at the same place: the window's columns are j : j + KW.",
        column_from_the_row,
    ),
    of_functions(
        "decimals_lost",
        "the output is an array of whole numbers and loses the decimals: begin with np.zeros(...), "
        "whose entries are floats.",
        decimals,
    ),
)

CONVOLUTION_ROWS: tuple[Mistake, ...] = (
    of_functions(
        "image_turned_instead",
        "the image is flipped and not the kernel: turn the kernel round, kernel[::-1, ::-1], and "
        "leave the image as it is.",
        image_turned_too,
    ),
    of_functions(
        "turned_by_90_degrees",
        "the kernel is turned by 90 degrees: flipped along both axes it is turned by 180, "
        "kernel[::-1, ::-1] or np.rot90(kernel, 2).",
        turned_by_90,
        turned_by_270,
    ),
    of_functions(
        "decimals_lost",
        "the output is an array of whole numbers and loses the decimals: begin with np.zeros(...), "
        "whose entries are floats.",
        lambda image, kernel: decimals(image, kernel[::-1, ::-1]),
    ),
)
