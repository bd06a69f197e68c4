"""A single window: ``conv_step``, and the error in the lecture notes."""

# ruff: noqa: ARG001, D103 - a mistake ignores what it should use, and its sentence describes it

from __future__ import annotations

from functools import partial

import numpy as np

from autograder.exercises import (
    Case,
    CaseGroup,
    FunctionExercise,
    JointExercise,
    MistakeList,
    as_float32,
    distinguishing,
)
from autograder.hidden_tests.convolution.draws import away_from_zero
from coursekit.arrays import Array

_step_mistakes = MistakeList()
_layer_mistakes = MistakeList()
_notes_mistakes = MistakeList()


def conv_step(patch: Array, kernel: Array, bias: float) -> float:
    """Return one output of a layer, as the dot product of the flattened arrays plus the bias.

    Args:
        patch: part of the image, (k, k, C_in).
        kernel: same shape as ``patch``.
        bias: the output channel's bias.
    """
    return float(np.dot(patch.ravel(), kernel.ravel()) + bias)


def step_case(
    rng: np.random.Generator, *, k: int = 3, channels: int = 1, bias: bool = True
) -> Case:
    """Draw one call ``conv_step(patch, kernel, bias)``, with or without a bias."""
    patch, kernel = rng.normal(size=(2, k, k, channels))
    return Case((patch, kernel, float(away_from_zero(rng, ())) if bias else 0.0))


def multiplied_as_matrices_channel_by_channel(patch: Array, kernel: Array, bias: float) -> float:
    return float(sum(np.sum(patch[..., c] @ kernel[..., c]) for c in range(patch.shape[2])) + bias)


@_step_mistakes.add("the bias is missing: add it once, after the sum.")
def bias_missing(patch: Array, kernel: Array, bias: float) -> float:
    return float((patch * kernel).sum())


@_step_mistakes.add(
    "the bias is added to every product and so summed many times: add it once, after the sum."
)
def bias_added_per_product(patch: Array, kernel: Array, bias: float) -> float:
    return float((patch * kernel + bias).sum())


@_step_mistakes.add(
    "the bias is added once for every channel: sum over all three axes first, then add it once."
)
def bias_added_per_channel(patch: Array, kernel: Array, bias: float) -> float:
    return float(((patch * kernel).sum((0, 1)) + bias).sum())


@_step_mistakes.add("the sum is multiplied by the bias: a layer adds the bias.")
def multiplied_by_the_bias(patch: Array, kernel: Array, bias: float) -> float:
    return float((patch * kernel).sum() * bias)


@_step_mistakes.add("the bias is subtracted: a layer adds it.")
def bias_subtracted(patch: Array, kernel: Array, bias: float) -> float:
    return float((patch * kernel).sum() - bias)


@_step_mistakes.add("only the first channel is used: sum over the channels too.")
def first_channel_only(patch: Array, kernel: Array, bias: float) -> float:
    return float((patch[..., 0] * kernel[..., 0]).sum() + bias)


@_step_mistakes.add(
    "the channels are not summed: one number comes out of a window, whatever its channels."
)
def channels_not_summed(patch: Array, kernel: Array, bias: float) -> Array:
    return np.asarray((patch * kernel).sum((0, 1)) + bias)


@_step_mistakes.add("the mean of the products is taken: sum them, np.sum and not np.mean.")
def mean_instead_of_sum(patch: Array, kernel: Array, bias: float) -> float:
    return float((patch * kernel).mean() + bias)


@_step_mistakes.add("the kernel is flipped: a layer does not flip, it correlates.")
def kernel_flipped(patch: Array, kernel: Array, bias: float) -> float:
    return float((patch * kernel[::-1, ::-1]).sum() + bias)


@_step_mistakes.add(
    "window and kernel are multiplied as matrices: multiply entry by entry, with *, then sum.",
    others=(multiplied_as_matrices_channel_by_channel,),
)
def window_times_kernel_as_matrices(patch: Array, kernel: Array, bias: float) -> float:
    return float(np.sum(patch @ kernel) + bias)


@_step_mistakes.add(
    "there are always three channels: take their number from patch.shape, or sum over all axes."
)
def three_channels_always(patch: Array, kernel: Array, bias: float) -> float:
    return float(sum((patch[..., c] * kernel[..., c]).sum() for c in range(3)) + bias)


@_step_mistakes.add(
    "patch and kernel are summed apart and then multiplied: multiply entry by entry first, then "
    "sum."
)
def summed_apart(patch: Array, kernel: Array, bias: float) -> float:
    return float(patch.sum() * kernel.sum() + bias)


def three_loops(patch: Array, kernel: Array, bias: float) -> float:
    total = bias
    for place in np.ndindex(*patch.shape):
        total += float(patch[place] * kernel[place])
    return total


def product_and_sum(patch: Array, kernel: Array, bias: float) -> Array:
    return np.asarray(np.sum(patch * kernel) + bias)


def by_tensordot(patch: Array, kernel: Array, bias: float) -> Array:
    return np.asarray(np.tensordot(patch, kernel, 3) + bias)


CONV_STEP = FunctionExercise(
    name="conv_step",
    points=6,
    reference=conv_step,
    groups=(
        CaseGroup("basic", 0.4, (partial(step_case, bias=False),) * 2),
        CaseGroup("bias", 0.3, (step_case, partial(step_case, k=2))),
        CaseGroup(
            "channels",
            0.3,
            (
                partial(step_case, k=2, channels=3, bias=False),
                partial(step_case, channels=2),
                partial(step_case, channels=4),
            ),
        ),
    ),
    mistakes=tuple(_step_mistakes),
    variants=(three_loops, product_and_sum, by_tensordot, as_float32(product_and_sum)),
)


def layer_response(patch: Array, kernel: Array) -> float:
    """Return a layer's output on one patch: the sum of the element-wise products.

    Args:
        patch: one channel, (k, k).
        kernel: same shape as ``patch``.
    """
    return float(np.dot(patch.ravel(), kernel.ravel()))


def notes_response(patch: Array, kernel: Array) -> float:
    """Return the sum of the matrix product's entries, as the lecture notes have it.

    Args:
        patch: one channel, (k, k).
        kernel: same shape as ``patch``.
    """
    return float(patch.sum(axis=0) @ kernel.sum(axis=1))


def patch_case(rng: np.random.Generator, *, k: int) -> Case:
    """Draw one call on a patch and a kernel of normally distributed numbers."""
    patch, kernel = rng.normal(size=(2, k, k))
    return Case((patch, kernel))


def binary_case(rng: np.random.Generator) -> Case:
    """Draw one call on a patch and a different kernel of zeros and ones, as in the lecture."""
    patch, kernel = np.eye(3), np.eye(3)[::-1].copy()
    patch[0, rng.integers(1, 3)] = 1.0
    kernel[rng.integers(0, 2), 0] = 1.0
    return Case((patch, kernel))


@_layer_mistakes.add(
    "patch and kernel are multiplied as matrices, as the notes say: a layer multiplies entry by "
    "entry, with *, and sums."
)
def multiplied_as_matrices(patch: Array, kernel: Array) -> float:
    return float((patch @ kernel).sum())


@_layer_mistakes.add("the products are not summed: a window gives one number.")
def products_not_summed(patch: Array, kernel: Array) -> Array:
    return np.asarray(patch * kernel)


@_layer_mistakes.add("the mean of the products is taken: a layer sums them.")
def mean_instead_of_sum_of_products(patch: Array, kernel: Array) -> float:
    return float((patch * kernel).mean())


@_layer_mistakes.add("the kernel is flipped: a layer does not flip, it correlates.")
def kernel_turned_round(patch: Array, kernel: Array) -> float:
    return float((patch * kernel[::-1, ::-1]).sum())


@_notes_mistakes.add(
    "the entries are multiplied one by one: that is what a layer does. This function is to do "
    "what the notes say, the matrix product patch @ kernel, summed."
)
def multiplied_by_entries(patch: Array, kernel: Array) -> float:
    return float((patch * kernel).sum())


@_notes_mistakes.add("the matrix product is not summed: sum its entries to one number.")
def matrix_product_not_summed(patch: Array, kernel: Array) -> Array:
    return np.asarray(patch @ kernel)


@_notes_mistakes.add(
    "the factors are in the wrong order: a matrix product is patch @ kernel here, not "
    "kernel @ patch."
)
def factors_swapped(patch: Array, kernel: Array) -> float:
    return float((kernel @ patch).sum())


@_notes_mistakes.add("the diagonal alone is summed (the trace): sum all entries of the product.")
def diagonal_summed(patch: Array, kernel: Array) -> float:
    return float(np.trace(patch @ kernel))


def loops_over_entries(patch: Array, kernel: Array) -> float:
    return float(sum(patch[place] * kernel[place] for place in np.ndindex(*patch.shape)))


def loops_over_matrix_product(patch: Array, kernel: Array) -> float:
    k = len(patch)
    return float(sum(patch[i, m] * kernel[m, j] for i, j, m in np.ndindex(k, k, k)))


_binary = distinguishing(binary_case, notes_response, factors_swapped)

PATCH_GROUPS = (
    CaseGroup("zeros and ones", 0.4, (_binary, _binary)),
    CaseGroup("other numbers", 0.6, (partial(patch_case, k=3), partial(patch_case, k=2))),
)

LAYER_RESPONSE = FunctionExercise(
    name="layer_response",
    points=2.5,
    reference=layer_response,
    groups=PATCH_GROUPS,
    mistakes=tuple(_layer_mistakes),
    variants=(loops_over_entries, as_float32(loops_over_entries)),
)
NOTES_RESPONSE = FunctionExercise(
    name="notes_response",
    points=2.5,
    reference=notes_response,
    groups=PATCH_GROUPS,
    mistakes=tuple(_notes_mistakes),
    variants=(loops_over_matrix_product, as_float32(loops_over_matrix_product)),
)
LECTURE_ERROR = JointExercise(name="lecture_error", parts=(LAYER_RESPONSE, NOTES_RESPONSE))
