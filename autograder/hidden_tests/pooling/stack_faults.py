"""Faults of all pooling in options, channels and the batch."""

# ruff: noqa: D103 - a mistake is described by its sentence

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.hidden_tests.pooling.draws import Pair
from autograder.hidden_tests.pooling.windows import (
    FaultList,
    Reduce,
    looped,
    pool,
    shape_of_output,
)
from coursekit.arrays import Array

STACK_FAULTS = FaultList()


@STACK_FAULTS.add(
    "stride=None, the default, is not dealt with: then the stride is the size. Write such a line "
    "as stride = size if stride is None else stride first."
)
def default_stride_not_handled(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    if stride is None:
        raise TypeError("unsupported operand type(s) for //: 'int' and 'NoneType'")
    return pool(x, size, stride, reduce)


@STACK_FAULTS.add(
    "a pair is not dealt with: size and stride may be one number or a pair (down, right). Turn "
    "both into pairs first, with as_pair."
)
def pair_not_handled(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    if len({*size}) > 1 or len({*(stride or size)}) > 1:
        raise TypeError("can only concatenate tuple (not 'int') to tuple")
    return pool(x, size, stride, reduce)


@STACK_FAULTS.add(
    "one number is not dealt with: size and stride may be one number or a pair (down, right). "
    "Turn both into pairs first, with as_pair."
)
def number_not_handled(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    if len({*size}) == 1 or len({*(stride or size)}) == 1:
        raise TypeError("cannot unpack non-iterable int object")
    return pool(x, size, stride, reduce)


@STACK_FAULTS.add(
    "all channels are pooled together: channel c of the output comes from channel c of the image "
    "alone. Keep the last axis out of the window that you reduce."
)
def channels_pooled_together(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    together = reduce(pool(x, size, stride, reduce), axis=3)
    return np.repeat(together[..., None], x.shape[3], 3)


@STACK_FAULTS.add(
    "the channels are lost: each channel is pooled for itself, and the output has the shape "
    "(N, OH, OW, C)."
)
def channels_lost(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    return np.asarray(reduce(pool(x, size, stride, reduce), axis=3))


@STACK_FAULTS.add(
    "the first channel is used for every channel: channel c of the output comes from x[..., c]."
)
def first_channel_for_all(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    return pool(np.repeat(x[..., :1], x.shape[3], 3), size, stride, reduce)


@STACK_FAULTS.add(
    "the channels come first in the output: the order is (N, OH, OW, C), channels last."
)
def channels_first(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    return pool(x, size, stride, reduce).transpose(0, 3, 1, 2)


@STACK_FAULTS.add(
    "only the first channel is worked on and the others stay 0: channel c of the output comes from "
    "x[..., c], so loop over all of them, or write : for the last axis."
)
def first_channel_only(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    out = pool(x, size, stride, reduce)
    out[..., 1:] = 0.0
    return out


@STACK_FAULTS.add(
    "the channels are taken for the second axis: the axes are (N, H, W, C), so the height is "
    "x.shape[1], the width x.shape[2] and the number of channels x.shape[3]."
)
def channels_taken_as_second_axis(
    x: Array, size: Pair, stride: Pair | None, reduce: Reduce
) -> Array:
    down, aside = stride or size
    rows, columns = (x.shape[2] - size[0]) // down + 1, (x.shape[3] - size[1]) // aside + 1
    out = np.zeros((len(x), x.shape[1], max(rows, 0), max(columns, 0)))
    for i, j in np.ndindex(*out.shape[2:]):
        top, left = i * down, j * aside
        out[:, :, i, j] = reduce(x[:, :, top : top + size[0], left : left + size[1]], axis=(2, 3))
    return out


@STACK_FAULTS.add(
    "the output is an array of whole numbers, which drops the decimals: begin with "
    "np.zeros(shape), whose numbers are floats, and do not convert with int."
)
def decimals_lost(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    return pool(x, size, stride, reduce).astype(int)


@STACK_FAULTS.add(
    "only the first image of the batch is worked on and the others stay 0: is the return inside "
    "the loop over the images?"
)
def first_image_only(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    out = pool(x, size, stride, reduce)
    out[1:] = 0.0
    return out


@STACK_FAULTS.add(
    "the first image is used for the whole batch: image n of the output comes from x[n]."
)
def first_image_for_all(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    return pool(np.repeat(x[:1], len(x), 0), size, stride, reduce)


@STACK_FAULTS.add(
    "the whole batch is in one window: image n of the output comes from x[n] alone. Take the "
    "maximum or mean over rows and columns, axis=(1, 2), not over the images."
)
def batch_pooled_together(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    together = reduce(pool(x, size, stride, reduce), axis=0)
    return np.repeat(together[None], len(x), 0)


@STACK_FAULTS.add(
    "all images and channels are in one window: each image and each channel is pooled by itself. "
    "Take the maximum or mean over rows and columns, axis=(1, 2)."
)
def batch_and_channels_pooled_together(
    x: Array, size: Pair, stride: Pair | None, reduce: Reduce
) -> Array:
    out = pool(x, size, stride, reduce)
    return np.broadcast_to(reduce(out, axis=(0, 3))[None, ..., None], out.shape).copy()


@STACK_FAULTS.add(
    "the maximum or mean runs over axes 2 and 3, as if the images came last: the axes are "
    "(N, H, W, C), so of a window of the whole batch it is axis=(1, 2)."
)
def axes_2_and_3(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    def other_axes(window: Array, axis: tuple[int, int]) -> Any:  # noqa: ARG001
        return reduce(window, axis=(2, 3))

    return looped(x, shape_of_output(x, size, stride), size, stride or size, other_axes)


_NUMBER = "cannot unpack non-iterable int object"
_TUPLE = "unsupported operand type(s) for //: 'int' and 'tuple'"
_SLICE = "slice indices must be integers or None or have an __index__ method"

STACK_FAULTS.add_forms(
    "size and stride are taken to have the same form: each of them may be one number or a pair, as "
    "in size=(2, 3), stride=1 or size=3, stride=(1, 2). Turn each into a pair by itself, with "
    "as_pair.",
    {
        "forms_taken_for_the_same": (_NUMBER, _TUPLE),
        "forms_taken_for_the_same_in_slices": (_NUMBER, _SLICE),
        "number_beside_a_pair_refused": (_NUMBER, ""),
        "pair_beside_a_number_refused": ("", _TUPLE),
        "pair_beside_a_number_in_slices": ("", _SLICE),
        "stride_s_form_taken_for_both": (_TUPLE, _NUMBER),
        "stride_s_form_refused_for_the_size": (_TUPLE, ""),
        "number_refused_for_the_size": ("", _NUMBER),
        "pairs_and_numbers_mixed": (_TUPLE, _TUPLE),
    },
)
