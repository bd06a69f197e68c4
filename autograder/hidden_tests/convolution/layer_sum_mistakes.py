"""Mistakes in the sums, biases and axes of a layer, for images and for signals."""

# ruff: noqa: D103 - the name says what is wrong; all have the signature of the layer

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from autograder.exercises import Mistake, of_functions
from autograder.hidden_tests.convolution.loops import (
    Function,
    Loop,
    by_products,
    positions,
    right_loop,
)
from coursekit.arrays import Array


def _from(change: Callable[[Loop], Array]) -> Function:
    """Return a layer that computes its output with a function of the right loops."""

    def layer(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
        return change(right_loop(x, w, b, axes=w.ndim - 2, stride=stride, pad=pad))

    return layer


def _without_bias(loop: Loop) -> Array:
    return by_products(replace(loop, b=np.zeros(loop.w.shape[-1])))


def bias_subtracted(loop: Loop) -> Array:
    return by_products(replace(loop, b=-loop.b))


def bias_added_to_the_kernel(loop: Loop) -> Array:
    return _without_bias(replace(loop, w=loop.w + loop.b))


def bias_with_every_entry_of_the_window(loop: Loop) -> Array:
    return by_products(replace(loop, b=np.prod(loop.kernel) * loop.b))


def bias_along_the_positions(loop: Loop) -> Array:
    return _without_bias(loop) + loop.b[:, None]


def largest_product(loop: Loop) -> Array:
    out = np.zeros((len(loop.x), *loop.count, loop.w.shape[-1]))
    for n, *place, o in np.ndindex(*out.shape):
        starts = zip(place, loop.step, loop.kernel, strict=True)
        cut = loop.image[(n, *(slice(i * s, i * s + k) for i, s, k in starts))]
        out[(n, *place, o)] = np.max(cut * loop.w[..., o]) + loop.b[o]
    return out


def running_total(loop: Loop) -> Array:
    sums = _without_bias(loop)
    return np.cumsum(sums).reshape(sums.shape) + loop.b


def last_entry_of_the_kernel_only(loop: Loop) -> Array:
    w = np.zeros_like(loop.w)
    last = (-1,) * len(loop.kernel)
    w[last] = loop.w[last]
    return by_products(replace(loop, w=w))


def first_output_channel_only(loop: Loop) -> Array:
    out = by_products(loop)
    out[..., 1:] = 0.0
    return out


def batch_axis_missing(loop: Loop) -> Array:
    return np.asarray(by_products(loop)[0])


def output_cropped_by_the_padding(loop: Loop) -> Array:
    inside = (slice(loop.pad, -loop.pad),) * len(loop.kernel)
    return np.asarray(by_products(loop)[(slice(None), *inside)])


def frame_filled_up_to_minus_pad(loop: Loop) -> Array:
    image = np.zeros_like(loop.image)
    inside = (slice(loop.pad, -loop.pad),) * len(loop.kernel)
    image[(slice(None), *inside)] = loop.x
    return by_products(replace(loop, image=image))


def last_outputs_left_at_0(loop: Loop) -> Array:
    return by_products(replace(loop, count=tuple(n - 1 for n in loop.count)))


def axes_counted_from_the_batch(loop: Loop) -> Array:
    first = loop.image.shape[: len(loop.kernel)]
    return by_products(loop.sized(positions(first, loop.kernel, loop.stride)))


def channels_padded_only(loop: Loop) -> Array:
    sides = [(0, 0)] * (loop.x.ndim - 1) + [(loop.pad, loop.pad)]
    image = np.pad(loop.x, sides)
    count = positions(loop.lengths, loop.kernel, loop.stride)
    return by_products(replace(loop, image=image).sized(count))


def last_channel_only(loop: Loop) -> Array:
    return by_products(replace(loop, image=loop.image[..., -1:], w=loop.w[..., -1:, :]))


def first_kernel_for_all(loop: Loop) -> Array:
    return by_products(replace(loop, w=np.repeat(loop.w[..., :1], loop.w.shape[-1], -1)))


def bias_with_every_product(loop: Loop) -> Array:
    return by_products(replace(loop, b=loop.w[..., 0].size * loop.b))


def mean_of_the_products(loop: Loop) -> Array:
    return by_products(replace(loop, w=loop.w / loop.w[..., 0].size))


def kernels_along_the_first_axis(loop: Loop) -> Array:
    kernel = loop.w.shape[2:]
    count = positions(loop.padded, kernel, loop.stride)
    return by_products(replace(loop, w=np.moveaxis(loop.w, 0, -1), window=kernel).sized(count))


def multiplied_as_matrices(loop: Loop) -> Array:
    out = np.zeros((len(loop.x), *loop.count, loop.w.shape[-1])) + loop.b
    (height, width), step = loop.kernel, loop.stride
    for n, i, j, o in np.ndindex(*out.shape):
        cut = loop.image[n, i * step : i * step + height, j * step : j * step + width]
        out[n, i, j, o] += sum(
            np.sum(cut[..., c] @ loop.w[..., c, o]) for c in range(loop.w.shape[2])
        )
    return out


LAYER_SUMS: tuple[Mistake, ...] = (
    of_functions(
        "bias_subtracted",
        "the bias is subtracted: a layer adds it.",
        _from(bias_subtracted),
    ),
    of_functions(
        "bias_added_to_the_kernel",
        "the bias is added to the kernel's numbers and so multiplied: add b[o] once to each output "
        "entry, after the sum.",
        _from(bias_added_to_the_kernel),
    ),
    of_functions(
        "bias_along_the_positions",
        "the bias runs along another axis than the output channels: the channels come last, so "
        "add b as it is.",
        _from(bias_along_the_positions),
    ),
    of_functions(
        "bias_added_per_kernel_entry",
        "the bias is added with every entry of the kernel that is summed over: add b[o] once for "
        "each output entry.",
        _from(bias_with_every_entry_of_the_window),
    ),
    of_functions(
        "largest_product",
        "the largest product is taken: a layer sums the products, so np.sum, not np.max.",
        _from(largest_product),
    ),
    of_functions(
        "running_total",
        "the sum is not set back to 0 for the next output: begin every output with a sum of its "
        "own.",
        _from(running_total),
    ),
    of_functions(
        "last_kernel_entry_only",
        "the products overwrite each other and only those of the kernel's last entry stay: sum "
        "with +=, not =.",
        _from(last_entry_of_the_kernel_only),
    ),
    of_functions(
        "first_output_channel_only",
        "only the first output channel is worked on and the others stay 0: is the return inside "
        "the loop over the kernels?",
        _from(first_output_channel_only),
    ),
    of_functions(
        "batch_axis_missing",
        "the output of the first example alone is returned: keep the batch axis and every example.",
        _from(batch_axis_missing),
    ),
    of_functions(
        "output_cropped_by_the_padding",
        "the output is cut by pad at its sides: the padding only makes the input larger, and with "
        "pad 0 a slice [0:-0] is empty.",
        _from(output_cropped_by_the_padding),
    ),
    of_functions(
        "frame_filled_up_to_minus_pad",
        "the padded input is filled by a slice [pad:-pad] and pad is 0: -0 is 0, so that slice is "
        "empty. Write pad : pad + length, or use np.pad.",
        _from(frame_filled_up_to_minus_pad),
    ),
    of_functions(
        "last_outputs_left_at_0",
        "the loops stop one output early and the last ones stay 0: range(n) ends with n - 1 by "
        "itself.",
        _from(last_outputs_left_at_0),
    ),
    of_functions(
        "axes_counted_from_the_batch",
        "the lengths are taken from the wrong axes: axis 0 counts the examples of the batch, and "
        "rows or positions begin at axis 1.",
        _from(axes_counted_from_the_batch),
    ),
    of_functions(
        "channels_padded_only",
        "the channels are padded, and not the axes along which the window moves: those get the "
        "zeros, the channels (0, 0).",
        _from(channels_padded_only),
    ),
)
SIGNAL_SUMS: tuple[Mistake, ...] = (
    of_functions(
        "last_channel_only",
        "the channels' results overwrite each other and only the last one stays: sum over the "
        "input channels with +=, not =.",
        _from(last_channel_only),
    ),
    of_functions(
        "first_kernel_for_all",
        "the first kernel is used for every output channel: channel o has its own kernel, "
        "w[..., o].",
        _from(first_kernel_for_all),
    ),
    of_functions(
        "bias_added_per_product",
        "the bias is added to every product and so summed many times: add b[o] once for each "
        "output entry, outside the sum.",
        _from(bias_with_every_product),
    ),
    of_functions(
        "mean_instead_of_sum",
        "the mean of the products is taken: a layer sums them, so np.sum, not np.mean.",
        _from(mean_of_the_products),
    ),
)
IMAGE_SUMS: tuple[Mistake, ...] = (
    of_functions(
        "multiplied_as_matrices",
        "window and kernel are multiplied as matrices: multiply entry by entry, with *, then sum.",
        _from(multiplied_as_matrices),
    ),
    of_functions(
        "kernels_along_the_first_axis",
        "w[f] is taken for kernel f: the kernels are along the last axis, w[:, :, :, f], and "
        "w.shape is (KH, KW, C_in, C_out).",
        _from(kernels_along_the_first_axis),
    ),
)
