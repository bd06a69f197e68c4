"""``receptive_field``."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

import itertools
import math
from functools import partial

import numpy as np

from autograder.exercises import (
    Case,
    CaseGroup,
    FunctionExercise,
    MistakeList,
    Sampler,
    as_integer_type,
    distinguishing,
)

Layers = list[tuple[int, int]]

_mistakes = MistakeList()


def receptive_field(layers: Layers) -> int:
    """Return how many input pixels along one side reach one output, found by collecting them.

    Args:
        layers: (size, stride) of every layer, the first one first.
    """
    reached = {0}
    for size, stride in reversed(layers):
        reached = {place * stride + offset for place in reached for offset in range(size)}
    return max(reached) - min(reached) + 1


def layers_case(rng: np.random.Generator, *, count: int, strides: tuple[int, ...] = (1,)) -> Case:
    """Return one call on layers of random sizes, no smaller than their strides.

    Args:
        rng: draws the sizes and the order of the strides.
        count: number of layers.
        strides: those that are used in turn, in random order.
    """
    steps = rng.permutation(list(itertools.islice(itertools.cycle(strides), count)))
    return Case(([(int(rng.integers(max(2, s), 6)), int(s)) for s in steps],))


def fixed_case(_rng: np.random.Generator, *, layers: Layers) -> Case:
    """Return one call on layers that are the same for everyone."""
    return Case((list(layers),))


@_mistakes.add(
    "the strides are ignored: after a layer with stride 2 neighbouring numbers are two pixels "
    "apart, so every later layer reaches twice as far."
)
def strides_ignored(layers: Layers) -> int:
    return 1 + sum(size - 1 for size, _ in layers)


@_mistakes.add(
    "the sizes are added up: neighbouring windows overlap, so a layer of stride 1 adds size - 1."
)
def sizes_added(layers: Layers) -> int:
    jump, field = 1, 0
    for size, stride in layers:
        field += size * jump
        jump *= stride
    return field


@_mistakes.add("the sizes are multiplied: each layer adds to the field what its window reaches.")
def sizes_multiplied(layers: Layers) -> int:
    return math.prod(size for size, _ in layers)


@_mistakes.add("the start is 0: without any layer an output is a pixel and sees 1, itself.")
def started_at_0(layers: Layers) -> int:
    return receptive_field(layers) - 1


@_mistakes.add(
    "a layer's own stride is counted before its window: a stride spreads the outputs, so it counts "
    "for the layers after it. Add (size - 1) * jump first, then multiply the jump."
)
def own_stride_first(layers: Layers) -> int:
    jump, field = 1, 1
    for size, stride in layers:
        jump *= stride
        field += (size - 1) * jump
    return field


@_mistakes.add("a float comes back: the number of pixels is a whole number, an int.")
def as_a_float(layers: Layers) -> float:
    return float(receptive_field(layers))


@_mistakes.add(
    "only the stride of the layer before counts: all strides before a layer count, multiplied."
)
def last_stride_alone(layers: Layers) -> int:
    before, field = 1, 1
    for size, stride in layers:
        field += (size - 1) * before
        before = stride
    return field


@_mistakes.add(
    "the strides are added up: two layers of stride 2 make steps of 4, so multiply them."
)
def strides_added(layers: Layers) -> int:
    jump, field = 1, 1
    for size, stride in layers:
        field += (size - 1) * jump
        jump += stride - 1
    return field


@_mistakes.add(
    "the layers are taken in the wrong order: the first of the list is the first that the image "
    "meets, and its stride counts for those after it."
)
def reverse_order(layers: Layers) -> int:
    return receptive_field(layers[::-1])


@_mistakes.add(
    "going back from the output, each step is field * stride + size: neighbouring windows overlap, "
    "so it is (field - 1) * stride + size."
)
def overlap_not_subtracted(layers: Layers) -> int:
    field = 1
    for size, stride in reversed(layers):
        field = field * stride + size
    return field


@_mistakes.add("the last layer is left out: its window counts too.")
def last_layer_left_out(layers: Layers) -> int:
    return receptive_field(layers[:-1])


@_mistakes.add("the first layer is left out: its window counts too.")
def first_layer_left_out(layers: Layers) -> int:
    return receptive_field(layers[1:])


@_mistakes.add(
    "each of the two numbers of a layer is taken for the other: a layer is (size, stride)."
)
def size_and_stride_swapped(layers: Layers) -> int:
    jump, field = 1, 1
    for stride, size in layers:
        field += (size - 1) * jump
        jump *= stride
    return field


@_mistakes.add("the area is returned, in pixels: it is the length of one side that is asked for.")
def area(layers: Layers) -> int:
    return receptive_field(layers) ** 2


def forwards(layers: Layers) -> int:
    jump, field = 1, 1
    for size, stride in layers:
        field += (size - 1) * jump
        jump *= stride
    return field


def backwards(layers: Layers) -> int:
    field = 1
    for size, stride in layers[::-1]:
        field = (field - 1) * stride + size
    return field


def recursive(layers: Layers) -> int:
    if not layers:
        return 1
    size, stride = layers[0]
    return size + (recursive(layers[1:]) - 1) * stride


def by_products(layers: Layers) -> int:
    strides = [stride for _, stride in layers]
    return 1 + sum((layers[i][0] - 1) * math.prod(strides[:i]) for i in range(len(layers)))


def _seen(count: int, *strides: int) -> Sampler:
    """Return layers whose strides and order count."""
    draw = partial(layers_case, count=count, strides=strides)
    faults = (size_and_stride_swapped, strides_added, sizes_multiplied, reverse_order)
    return distinguishing(draw, receptive_field, *faults, last_stride_alone)


_one_layer = partial(layers_case, count=1, strides=(2,))

RECEPTIVE_FIELD = FunctionExercise(
    name="receptive_field",
    points=6,
    reference=receptive_field,
    groups=(
        CaseGroup(
            "stride 1",
            0.3,
            (partial(layers_case, count=2), partial(layers_case, count=3)),
        ),
        CaseGroup(
            "strides",
            0.5,
            (
                _seen(4, 1, 2),
                _seen(5, 2, 1, 2, 3),
                _seen(3, 2, 3),
                partial(fixed_case, layers=[(3, 1), (3, 2), (5, 1), (2, 2), (3, 1)]),
                partial(fixed_case, layers=[(7, 2), (3, 2), (3, 3), (4, 1)]),
            ),
        ),
        CaseGroup(
            "one layer and none",
            0.2,
            (
                distinguishing(_one_layer, receptive_field, size_and_stride_swapped),
                partial(fixed_case, layers=[]),
            ),
        ),
    ),
    mistakes=tuple(_mistakes),
    variants=(forwards, backwards, recursive, by_products, as_integer_type(forwards)),
    integer=True,
)
