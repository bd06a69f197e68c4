"""Mistakes in the sizes and positions of ``conv1d``, one row each."""

from __future__ import annotations

from autograder.exercises import Mistake, of_functions
from autograder.hidden_tests.convolution import changes
from autograder.hidden_tests.convolution import layer2d_changes as ways
from autograder.hidden_tests.convolution.loops import (
    Change,
    Function,
    by_entries,
    by_products,
    by_tensordot,
    layers,
)


def _products(*mistaken: Change) -> tuple[Function, ...]:
    return layers(1, mistaken, (by_products,))


def _entries(*mistaken: Change) -> tuple[Function, ...]:
    return layers(1, mistaken, (by_entries,))


ROWS: tuple[Mistake, ...] = (
    of_functions(
        "remainder_refused",
        "an error is raised where the stride leaves a remainder: what is left over at the end is "
        "dropped, so divide with // and go on.",
        *_products(changes.remainder_refused),
    ),
    of_functions(
        "size_divided_with_slash",
        "the output's length is divided with /, which gives a float even where nothing is left "
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
        "length_multiplied_by_stride",
        "the output's length is multiplied by the stride: a larger stride gives fewer outputs, "
        "(L + 2 * pad - K) // stride + 1.",
        *_products(changes.multiplied_by_stride),
        *_entries(changes.multiplied_by_stride),
        ways.window_start_as_index(changes.multiplied_by_stride),
    ),
    of_functions(
        "plus_one_missing",
        "the output is one entry short: a window of k fits n - k + 1 times; the + 1 is missing.",
        *_products(changes.one_too_few),
    ),
    of_functions(
        "plus_one_before_division",
        "the + 1 of the output's length is inside the division: divide first, "
        "(n + 2 * pad - k) // stride, then add 1 for the window at the start.",
        *_products(changes.plus_one_before_division),
    ),
    of_functions(
        "window_start_as_output_index",
        "the window's start is used as the output's index: with range(0, n, stride) the output "
        "index is start // stride. Loop over the outputs and multiply by the stride instead.",
        ways.window_start_as_index(lambda loop: loop),
    ),
    of_functions(
        "stride_and_padding_exchanged",
        "stride and pad are exchanged: the stride moves the window, and pad zeros go to both ends.",
        ways.swapped(by_products),
    ),
    of_functions(
        "output_length_without_padding",
        "the signal is padded but the output's length is worked out without the padding, or the "
        "loop goes without it: there are (L + 2 * pad - K) // stride + 1 entries.",
        *_products(changes.size_without_padding, changes.loops_without_padding),
    ),
    of_functions(
        "more_padding_counted_than_added",
        "the output's length counts more padding than there is round the signal from which the "
        "windows are cut: pad once, cut from the padded signal, and count 2 * pad once.",
        *_products(changes.cut_from_the_unpadded, changes.padding_counted_twice),
        *_entries(changes.cut_from_the_unpadded, changes.padding_counted_twice),
    ),
    of_functions(
        "all_axes_padded",
        "batch and channels are padded too, as np.pad(x, pad) does: only axis 1, the positions, "
        "gets zeros: np.pad(x, ((0, 0), (pad, pad), (0, 0))).",
        *_products(changes.all_axes_padded, changes.channels_padded),
        ways.batch_padded_and_channels_looped_over,
    ),
    of_functions(
        "window_always_3",
        "the window is always 3 long: the kernel's length is w.shape[0].",
        *layers(1, [changes.window_of_3]),
    ),
    of_functions(
        "windows_side_by_side",
        "the window moves by the kernel's length: it moves by the stride and starts at i * stride.",
        *layers(1, [changes.side_by_side], (by_products, by_tensordot, by_entries)),
    ),
    of_functions(
        "window_stops_without_the_stride",
        "the window starts at i * stride but stops at i + K: it stops K after its start, at "
        "i * stride + K.",
        ways.over_windows(ways.stopping_without_the_stride),
    ),
    of_functions(
        "first_window_everywhere",
        "every output comes from the first window: cut it at i * stride, anew for every output.",
        ways.over_windows(ways.first_window),
    ),
    of_functions(
        "output_as_long_as_the_signal",
        "the output is as long as the signal, and what no window reaches stays 0: there are only "
        "(L + 2 * pad - K) // stride + 1 entries.",
        *_products(changes.array_like_the_image, changes.array_like_the_padded_image),
    ),
    of_functions(
        "window_of_another_length",
        "the window is one entry longer or shorter than the kernel: a slice stops before its end, "
        "so cut start : start + K.",
        *_products(changes.window_one_longer, changes.window_one_shorter),
        *_entries(changes.window_one_shorter),
    ),
    of_functions(
        "one_window_too_many",
        "there is one output too many: a window of k fits n - k + 1 times.",
        *_products(changes.one_too_many),
    ),
    of_functions(
        "whole_batch_summed",
        "the windows of the whole batch are summed into every output: signal n of the output comes "
        "from x[n] alone.",
        ways.over_windows(ways.whole_batch),
    ),
    of_functions(
        "first_signal_for_all",
        "the first signal is used for the whole batch: signal n of the output comes from x[n], not "
        "x[0].",
        ways.over_windows(ways.first_image),
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
        "the output has as many channels as the input: it has one for each kernel, w.shape[2].",
        ways.input_channels_for_filters,
    ),
    of_functions(
        "kernel_by_its_first_axis",
        "w[f] is taken for kernel f: the kernels are along the last axis, w[:, :, f].",
        ways.kernel_by_its_first_axis,
    ),
    of_functions(
        "decimals_lost",
        "the output is an array of whole numbers and loses the decimals: begin with np.zeros(...), "
        "whose entries are floats.",
        ways.decimals_lost,
    ),
)
