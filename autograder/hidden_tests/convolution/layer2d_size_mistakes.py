"""Mistakes in the sizes and positions of ``conv2d``: height and width, remainders, constants.

Each row is one mistake: its name, its sentence, and those ways of making it whose results differ
from other mistakes.
"""

from __future__ import annotations

from autograder.exercises import Mistake, of_functions
from autograder.hidden_tests.convolution import changes
from autograder.hidden_tests.convolution import layer2d_changes as ways
from autograder.hidden_tests.convolution.loops import (
    Change,
    Function,
    by_entries,
    by_products,
    by_slices,
    by_tensordot,
    layers,
)


def _products(*mistaken: Change) -> tuple[Function, ...]:
    return layers(2, mistaken, (by_products,))


def _strict(*mistaken: Change) -> tuple[Function, ...]:
    return layers(2, mistaken, (by_tensordot,))


def _entries(*mistaken: Change) -> tuple[Function, ...]:
    return layers(2, mistaken, (by_entries,))


_IMAGE_SQUARE = (
    changes.image_height_for_both,
    changes.output_height_for_both,
    changes.loop_over_rows_twice,
    changes.array_of_rows_twice,
    changes.frame_of_rows_twice,
    changes.image_width_for_both,
    changes.output_width_for_both,
    changes.loop_over_columns_twice,
    changes.array_of_columns_twice,
)
_KERNEL_SQUARE = (
    changes.kernel_height_for_both,
    changes.kernel_height_for_the_windows_width,
    changes.kernel_width_for_both,
    changes.kernel_width_for_the_windows_height,
)

SIZE_MISTAKES: tuple[Mistake, ...] = (
    of_functions(
        "image_taken_for_square",
        "the image is taken for square, one side's length used for both, in a size, a loop or an "
        "array: the height is x.shape[1] and the width x.shape[2], each with its own output "
        "length.",
        *_products(*_IMAGE_SQUARE),
        *_strict(
            changes.frame_of_rows_twice,
            changes.image_width_for_both,
            changes.output_width_for_both,
        ),
        *_entries(changes.frame_of_rows_twice),
        *layers(2, _IMAGE_SQUARE[:4], (by_slices,)),
    ),
    of_functions(
        "kernel_taken_for_square",
        "the kernel is taken for square, one side's length used for both, in the window, the "
        "output's size or both: the height is w.shape[0] and the width w.shape[1], each for its "
        "own direction.",
        *layers(2, _KERNEL_SQUARE, (by_products, by_entries)),
        *_strict(changes.kernel_height_for_both),
        *_products(
            changes.kernel_height_for_the_outputs_width, changes.kernel_width_for_the_outputs_height
        ),
    ),
    of_functions(
        "image_and_kernel_taken_for_square",
        "image and kernel are taken for square, their heights used for their widths: x.shape is "
        "(N, H, W, C_in) and w.shape (KH, KW, C_in, C_out), each side with its own output length.",
        *layers(2, [changes.heights_for_widths], (by_products, by_tensordot, by_entries)),
    ),
    of_functions(
        "remainder_refused",
        "an error is raised where the stride leaves a remainder: rows and columns that are left "
        "over are dropped, so divide with // and go on.",
        *_products(changes.remainder_refused),
    ),
    of_functions(
        "size_divided_with_slash",
        "the output's size is divided with /, which gives a float even where nothing is left "
        "over: lengths, ranges and indices are whole numbers, so divide with //.",
        *_products(changes.divided_with_slash),
    ),
    of_functions(
        "float_as_index",
        "a window starts at a float, which is no index, even if it is whole: / and np.arange with "
        "a float step give floats, so use // and whole steps.",
        ways.over_windows(ways.starts_in_floats),
    ),
    of_functions(
        "size_multiplied_by_stride",
        "the output's size is multiplied by the stride: a larger stride gives fewer outputs, "
        "(n + 2 * pad - k) // stride + 1.",
        *_products(changes.multiplied_by_stride),
        *_entries(changes.multiplied_by_stride),
        ways.window_start_as_index(changes.multiplied_by_stride),
    ),
    of_functions(
        "stride_and_padding_exchanged",
        "stride and pad are exchanged: the stride moves the window, and pad zeros go round the "
        "image.",
        ways.swapped(by_products),
    ),
    of_functions(
        "more_padding_counted_than_added",
        "the output's size counts more padding than there is round the image from which the "
        "windows are cut: pad once, cut from the padded image, and count 2 * pad once.",
        *_products(changes.cut_from_the_unpadded, changes.padding_counted_twice),
        *_entries(changes.cut_from_the_unpadded, changes.padding_counted_twice),
    ),
    of_functions(
        "window_always_3",
        "the window is always 3 by 3: the kernel's height is w.shape[0], its width w.shape[1].",
        *layers(2, [changes.window_of_3], (by_products, by_tensordot, by_entries, by_slices)),
    ),
    of_functions(
        "stride_always_2",
        "the stride is always 2, whatever stride says: use the argument.",
        *_products(changes.stride_of_2),
    ),
    of_functions(
        "windows_side_by_side",
        "the window moves by the kernel's length: it moves by the stride, so that it starts at "
        "row i * stride and column j * stride.",
        *layers(2, [changes.side_by_side], (by_products, by_tensordot, by_entries)),
    ),
    of_functions(
        "window_stops_without_the_stride",
        "the window starts at i * stride but stops at i + KH: it stops KH rows after its start, "
        "at i * stride + KH, and so do the columns.",
        ways.over_windows(ways.stopping_without_the_stride),
    ),
    of_functions(
        "window_at_the_row_twice",
        "row and column start at the same place: the window's row starts at i * stride, its "
        "column at j * stride.",
        ways.over_windows(ways.starting_at_the_row_twice),
        ways.over_windows(ways.starting_at_the_column_twice),
    ),
    of_functions(
        "first_window_everywhere",
        "every output comes from the first window: cut it at row i * stride and column j * stride, "
        "anew for every output.",
        ways.over_windows(ways.first_window),
    ),
    of_functions(
        "output_as_large_as_the_image",
        "the output array is as large as the image, and what no window reaches stays 0: there "
        "are only (n + 2 * pad - k) // stride + 1 rows or columns.",
        *_products(changes.array_like_the_image, changes.array_like_the_padded_image),
    ),
    of_functions(
        "window_of_another_length",
        "the window is one row and one column longer or shorter than the kernel: a slice stops "
        "before its end, so cut top : top + KH and left : left + KW.",
        *_products(changes.window_one_longer, changes.window_one_shorter),
        *_entries(changes.window_one_shorter),
    ),
    of_functions(
        "one_window_too_many",
        "there is one row and one column of outputs too many: a window of k fits n - k + 1 times.",
        *_products(changes.one_too_many),
    ),
)

SUM_MISTAKES: tuple[Mistake, ...] = (
    of_functions(
        "whole_batch_summed",
        "the windows of the whole batch are summed into every output: image n of the output comes "
        "from x[n] alone.",
        ways.over_windows(ways.whole_batch),
    ),
    of_functions(
        "all_kernels_summed",
        "the products with all kernels are summed: output channel o has its own kernel, w[..., o], "
        "and its own sum.",
        ways.all_filters_summed,
    ),
    of_functions(
        "bias_alone",
        "the bias alone comes out: the sum of the products is never added to the output.",
        ways.bias_alone,
    ),
    of_functions(
        "input_channels_for_output_channels",
        "the output has as many channels as the input: it has one for each kernel, w.shape[3].",
        ways.input_channels_for_filters,
    ),
    of_functions(
        "decimals_lost",
        "the output is an array of whole numbers and loses the decimals: begin with np.zeros(...), "
        "whose entries are floats.",
        ways.decimals_lost,
    ),
)

TABLE_MISTAKES: tuple[Mistake, ...] = (
    of_functions(
        "window_axes_out_of_order",
        "the windows' axes are in another order than the kernel's: sliding_window_view puts the "
        "channels before the window's rows and columns, w has them after.",
        ways.channels_before_the_window,
        ways.axes_of_the_window_out_of_order,
    ),
    of_functions(
        "kernels_reshaped_not_transposed",
        "w.reshape(C_out, ...) takes the kernels' numbers apart in the wrong order: C_out is the "
        "last axis, so use w.reshape(-1, C_out), transposed if you need it so.",
        ways.kernels_reshaped_not_transposed,
    ),
    of_functions(
        "output_reshaped_not_transposed",
        "reshape is used where the axes have to change places: it keeps the order of the numbers. "
        "Transpose first, so that the output channels come last.",
        ways.output_reshaped_not_transposed,
    ),
    of_functions(
        "channels_taken_for_3",
        "a reshape has a fixed length in it, such as 3 channels: take every length from x.shape "
        "and w.shape.",
        ways.channels_taken_for_3,
    ),
    of_functions(
        "slices_to_the_end",
        "a slice such as x[:, a::stride, c::stride] runs to the image's end and holds more places "
        "than there are outputs: stop it at a + OH * stride.",
        ways.slices_to_the_end,
    ),
    of_functions(
        "slices_without_the_stride",
        "a slice with the stride as its step stops at a + OH: OH outputs with a step reach to "
        "a + OH * stride.",
        ways.slices_without_the_stride,
    ),
)
