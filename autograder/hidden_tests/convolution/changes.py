"""Mistakes in the loops of a layer, with any number of axes, as changes to a `loops.Loop`."""

# ruff: noqa: D103 - the name says what is wrong

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from autograder.hidden_tests.convolution.loops import Loop, framed, positions


def _axes(loop: Loop) -> int:
    return len(loop.step)


def _sizes(loop: Loop) -> list[tuple[int, int]]:
    return [*zip(loop.padded, loop.kernel, strict=True)]


# Height and width confused.


def kernel_height_for_both(loop: Loop) -> Loop:
    k = (loop.kernel[0],) * 2
    return replace(loop, window=k).sized(positions(loop.padded, k, loop.stride))


def kernel_height_for_the_windows_width(loop: Loop) -> Loop:
    return replace(loop, window=(loop.kernel[0],) * 2)


def kernel_height_for_the_outputs_width(loop: Loop) -> Loop:
    return loop.sized(positions(loop.padded, (loop.kernel[0],) * 2, loop.stride))


def kernel_width_for_both(loop: Loop) -> Loop:
    k = (loop.kernel[1],) * 2
    return replace(loop, window=k).sized(positions(loop.padded, k, loop.stride))


def kernel_width_for_the_windows_height(loop: Loop) -> Loop:
    return replace(loop, window=(loop.kernel[1],) * 2)


def kernel_width_for_the_outputs_height(loop: Loop) -> Loop:
    return loop.sized(positions(loop.padded, (loop.kernel[1],) * 2, loop.stride))


def image_height_for_both(loop: Loop) -> Loop:
    return loop.sized(positions((loop.padded[0],) * 2, loop.kernel, loop.stride))


def output_height_for_both(loop: Loop) -> Loop:
    return loop.sized((loop.count[0],) * 2)


def heights_for_widths(loop: Loop) -> Loop:
    return output_height_for_both(kernel_height_for_the_windows_width(loop))


def loop_over_rows_twice(loop: Loop) -> Loop:
    return replace(loop, count=(loop.count[0],) * 2)


def array_of_rows_twice(loop: Loop) -> Loop:
    return replace(loop, shape=(loop.count[0],) * 2)


def frame_of_rows_twice(loop: Loop) -> Loop:
    (height, width), pad = loop.lengths, loop.pad
    image = np.zeros((len(loop.x), *[loop.padded[0]] * 2, *loop.x.shape[3:]))
    image[:, pad : pad + height, pad : pad + width] = loop.x
    return replace(loop, image=image)


def image_width_for_both(loop: Loop) -> Loop:
    return loop.sized(positions((loop.padded[1],) * 2, loop.kernel, loop.stride))


def output_width_for_both(loop: Loop) -> Loop:
    return loop.sized((loop.count[1],) * 2)


def loop_over_columns_twice(loop: Loop) -> Loop:
    return replace(loop, count=(loop.count[1],) * 2)


def array_of_columns_twice(loop: Loop) -> Loop:
    return replace(loop, shape=(loop.count[1],) * 2)


def kernel_lengths_exchanged(loop: Loop) -> Loop:
    k = loop.kernel[::-1]
    return replace(loop, window=k).sized(positions(loop.padded, k, loop.stride))


def image_lengths_exchanged(loop: Loop) -> Loop:
    return loop.sized(positions(loop.padded[::-1], loop.kernel, loop.stride))


def output_lengths_exchanged(loop: Loop) -> Loop:
    return loop.sized(loop.count[::-1])


def all_lengths_exchanged(loop: Loop) -> Loop:
    return replace(loop, window=loop.kernel[::-1]).sized(loop.count[::-1])


# The output's size.


def rounded_up(loop: Loop) -> Loop:
    return loop.sized([math.ceil((n - k) / loop.stride) + 1 for n, k in _sizes(loop)])


def rounded_to_the_nearest(loop: Loop) -> Loop:
    return loop.sized([round((n - k) / loop.stride) + 1 for n, k in _sizes(loop)])


def rounded_with_the_one(loop: Loop) -> Loop:
    return loop.sized([round((n - k) / loop.stride + 1) for n, k in _sizes(loop)])


ROUNDED = (rounded_up, rounded_to_the_nearest, rounded_with_the_one)


def remainder_refused(loop: Loop) -> Loop:
    if any((n - k) % loop.stride for n, k in _sizes(loop)):
        raise ValueError("the window does not fit")
    return loop


def divided_with_slash(loop: Loop) -> Loop:
    return loop.sized([(n - k) / loop.stride + 1 for n, k in _sizes(loop)])  # type: ignore[misc]


def multiplied_by_stride(loop: Loop) -> Loop:
    return loop.sized([(n - k) * loop.stride + 1 for n, k in _sizes(loop)])


def plus_one_before_division(loop: Loop) -> Loop:
    return loop.sized([(n - k + 1) // loop.stride for n, k in _sizes(loop)])


def one_too_few(loop: Loop) -> Loop:
    return loop.sized([count - 1 for count in loop.count])


def one_too_many(loop: Loop) -> Loop:
    return loop.sized([count + 1 for count in loop.count])


def array_like_the_image(loop: Loop) -> Loop:
    return replace(loop, shape=loop.lengths)


def array_like_the_padded_image(loop: Loop) -> Loop:
    return replace(loop, shape=loop.padded)


def size_without_padding(loop: Loop) -> Loop:
    return loop.sized(positions(loop.lengths, loop.kernel, loop.stride))


def loops_without_padding(loop: Loop) -> Loop:
    return replace(loop, count=positions(loop.lengths, loop.kernel, loop.stride))


def padding_counted_twice(loop: Loop) -> Loop:
    longer = [n + 2 * loop.pad for n in loop.padded]
    return loop.sized(positions(longer, loop.kernel, loop.stride))


def padding_counted_once(loop: Loop) -> Loop:
    shorter = [n - loop.pad for n in loop.padded]
    return loop.sized(positions(shorter, loop.kernel, loop.stride))


def size_of_padding_1(loop: Loop) -> Loop:
    lengths = [n + 2 for n in loop.lengths]
    return loop.sized(positions(lengths, loop.kernel, loop.stride))


# What the windows are cut from, and at which positions.


def frame_of_1(loop: Loop) -> Loop:
    return replace(loop, image=framed(loop.x, 1, _axes(loop)))


def cut_from_the_unpadded(loop: Loop) -> Loop:
    return replace(loop, image=loop.x)


def all_axes_padded(loop: Loop) -> Loop:
    return replace(loop, image=np.pad(loop.x, loop.pad))


def channels_padded(loop: Loop) -> Loop:
    rest = [(loop.pad, loop.pad)] * (loop.x.ndim - 1)
    return replace(loop, image=np.pad(loop.x, [(0, 0), *rest]))


def window_of_3(loop: Loop) -> Loop:
    k = (3,) * _axes(loop)
    return replace(loop, window=k).sized(positions(loop.padded, k, loop.stride))


def stride_of_2(loop: Loop) -> Loop:
    count = positions(loop.padded, loop.kernel, 2)
    return replace(loop, step=(2,) * _axes(loop)).sized(count)


def side_by_side(loop: Loop) -> Loop:
    return replace(loop, step=loop.kernel)


def window_one_longer(loop: Loop) -> Loop:
    return replace(loop, window=tuple(k + 1 for k in loop.kernel))


def window_one_shorter(loop: Loop) -> Loop:
    return replace(loop, window=tuple(k - 1 for k in loop.kernel))
