"""``zero_pad``: zero padding of images."""

# ruff: noqa: ARG001, D103 - a mistake ignores what it should use, and its sentence describes it

from __future__ import annotations

from functools import partial

import numpy as np

from autograder.exercises import Case, CaseGroup, FunctionExercise, MistakeList, all_forms
from coursekit.arrays import Array

_mistakes = MistakeList()


def zero_pad(x: Array, pad: int) -> Array:
    """Return the images with ``pad`` rows and columns of zeros on each side.

    Args:
        x: images, (N, H, W, C).
        pad: 0 or more.

    Returns:
        Array of shape (N, H + 2 * pad, W + 2 * pad, C).
    """
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def pad_case(rng: np.random.Generator, *, pad: int, items: int = 1, channels: int = 1) -> Case:
    """Draw one call with images that are higher than wide."""
    width = int(rng.integers(2, 4))
    return Case((rng.normal(size=(items, width + 1, width, channels)), pad))


def corner_at_1(x: Array, pad: int) -> Array:
    out = np.zeros_like(zero_pad(x, pad))
    out[:, 1 : 1 + x.shape[1], 1 : 1 + x.shape[2]] = x
    return out


def frame_of_1(x: Array, pad: int) -> Array:
    n, height, width, channels = x.shape
    out = np.zeros((n, height + 2, width + 2, channels))
    out[:, pad : pad + height, pad : pad + width] = x
    return out


def square_of_the_width(x: Array, pad: int) -> Array:
    n, height, width, channels = x.shape
    out = np.zeros((n, width + 2 * pad, width + 2 * pad, channels))
    out[:, pad : pad + height, pad : pad + width] = x
    return out


def inside_of_the_height(x: Array, pad: int) -> Array:
    out = np.zeros_like(zero_pad(x, pad))
    out[:, pad : pad + x.shape[1], pad : pad + x.shape[1]] = x
    return out


@_mistakes.add(
    "batch and channels are padded too, as np.pad(x, pad) does: only axes 1 and 2, the rows and "
    "columns, get zeros."
)
def batch_and_channels_too(x: Array, pad: int) -> Array:
    return np.pad(x, pad)


@_mistakes.add("only the rows are padded: the columns, axis 2, need zeros on both sides too.")
def rows_only(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (pad, pad), (0, 0), (0, 0)))


@_mistakes.add("only the columns are padded: the rows, axis 1, need zeros on both sides too.")
def columns_only(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (0, 0)))


@_mistakes.add(
    "zeros are added at the top and left only: pad of them belong at the bottom and right as well."
)
def top_and_left_only(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (pad, 0), (pad, 0), (0, 0)))


@_mistakes.add(
    "zeros are added at the bottom and right only: pad of them belong at the top and left as well."
)
def bottom_and_right_only(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (0, pad), (0, pad), (0, 0)))


@_mistakes.add(
    "the output is large enough but the image stands in its upper left corner: it must start at "
    "row pad and column pad."
)
def image_in_the_corner(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (0, 2 * pad), (0, 2 * pad), (0, 0)))


@_mistakes.add(
    "the channels are padded too: only axes 1 and 2, the rows and columns, get zeros, the others "
    "(0, 0)."
)
def channels_too(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (pad, pad)))


@_mistakes.add(
    "the first two axes are padded, as if there were no batch: the images are (N, H, W, C), so "
    "rows and columns are axes 1 and 2."
)
def batch_taken_for_rows(x: Array, pad: int) -> Array:
    return np.pad(x, ((pad, pad), (pad, pad), (0, 0), (0, 0)))


@_mistakes.add(
    "there are 2 * pad zeros on each side: pad of them on each of the four sides are enough."
)
def twice_on_each_side(x: Array, pad: int) -> Array:
    return zero_pad(x, 2 * pad)


@_mistakes.add(
    "the padding is 1 in one place and pad in another: with out[:, 1:-1, 1:-1] the inside starts "
    "at 1. Write pad:pad + H and pad:pad + W.",
    others=(corner_at_1, frame_of_1),
)
def inside_from_1(x: Array, pad: int) -> Array:
    out = np.zeros_like(zero_pad(x, pad))
    out[:, 1:-1, 1:-1] = x
    return out


@_mistakes.add(
    "the image is taken for square, one side's length used for both: the height is x.shape[1] and "
    "the width x.shape[2].",
    others=(square_of_the_width, inside_of_the_height),
)
def square_of_the_height(x: Array, pad: int) -> Array:
    n, height, width, channels = x.shape
    out = np.zeros((n, height + 2 * pad, height + 2 * pad, channels))
    out[:, pad : pad + height, pad : pad + width] = x
    return out


@_mistakes.add("the padding is always 1, whatever pad says: use the argument pad.")
def always_1(x: Array, pad: int) -> Array:
    return zero_pad(x, 1)


@_mistakes.add("the image's border is repeated outwards: padding here means zeros.")
def border_repeated(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="edge")


@_mistakes.add(
    "only the first image of the batch is framed and the others stay 0: x holds N of them.",
)
def first_image_only(x: Array, pad: int) -> Array:
    out = zero_pad(x, pad)
    out[1:] = 0.0
    return out


@_mistakes.add(
    "the numbers lose their decimals: begin with np.zeros(...), whose entries are floats, not "
    "whole numbers."
)
def decimals_lost(x: Array, pad: int) -> Array:
    return zero_pad(x, pad).astype(int)


@_mistakes.add("the image is mirrored outwards: padding here means zeros.")
def mirrored(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="reflect")


@_mistakes.add("the frame is made of ones: padding here means zeros.")
def frame_of_ones(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), constant_values=1)


@_mistakes.add(
    "the last two axes are padded, as if channels came second: the images are (N, H, W, C), so "
    "rows and columns are axes 1 and 2."
)
def channels_taken_as_second_axis(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))


@_mistakes.add(
    "the inside is written as out[:, pad:-pad, pad:-pad] and pad is 0: -0 is 0, so that slice is "
    "empty. Write pad:pad + H and pad:pad + W."
)
def slice_to_minus_pad(x: Array, pad: int) -> Array:
    out = np.zeros_like(zero_pad(x, pad))
    out[:, pad:-pad, pad:-pad] = x
    return out


def by_slices(x: Array, pad: int) -> Array:
    n, height, width, channels = x.shape
    out = np.zeros((n, height + 2 * pad, width + 2 * pad, channels))
    out[:, pad : pad + height, pad : pad + width] = x
    return out


def by_concatenation(x: Array, pad: int) -> Array:
    rows = np.zeros((len(x), pad, x.shape[2], x.shape[3]))
    x = np.concatenate([rows, x, rows], axis=1)
    columns = np.zeros((len(x), x.shape[1], pad, x.shape[3]))
    return np.concatenate([columns, x, columns], axis=2)


def the_input_itself_for_0(x: Array, pad: int) -> Array:
    return by_slices(x, pad) if pad else x


ZERO_PAD = FunctionExercise(
    name="zero_pad",
    points=8,
    reference=zero_pad,
    groups=(
        CaseGroup("padding 0", 0.15, (partial(pad_case, pad=0), partial(pad_case, pad=0, items=2))),
        CaseGroup("padding 1", 0.35, (partial(pad_case, pad=1),) * 3),
        CaseGroup("padding 2 and more", 0.3, (partial(pad_case, pad=2), partial(pad_case, pad=3))),
        CaseGroup(
            "channels and batch",
            0.2,
            (
                partial(pad_case, pad=1, items=2, channels=3),
                partial(pad_case, pad=2, items=3, channels=2),
            ),
        ),
    ),
    mistakes=tuple(_mistakes),
    variants=(by_slices, by_concatenation, the_input_itself_for_0, *all_forms(by_slices)),
)
