"""Faults of all pooling in options, channels and the batch."""

# ruff: noqa: D103 - a mistake is described by its sentence

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.hidden_tests.pooling.draws import Pair
from autograder.hidden_tests.pooling.windows import FaultList, Reduce, pool

Array = NDArray[Any]

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
    if len({*size}) == 1:
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
