"""``conv_output_size`` and ``zero_pad``: what must be known before a window can slide."""

# ruff: noqa: ARG001, D103 - a mistake ignores what it should use, and its sentence describes it

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.hidden_tests.cases import Case, CaseGroup, Draw
from autograder.hidden_tests.convolution.draws import options
from autograder.hidden_tests.diagnosis import MistakeList
from autograder.hidden_tests.drawing import showing
from autograder.hidden_tests.exercise import FunctionExercise
from autograder.hidden_tests.variants import all_forms, as_integer_type

Array = NDArray[Any]

_size_mistakes = MistakeList()
_pad_mistakes = MistakeList()


def conv_output_size(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    """How often a window fits, found by placing it: no formula.

    Args:
        n: length of the input.
        k: length of the window, at most n + 2 * pad.
        stride: step of the window.
        pad: zeros on each side.
    """
    return len(range(0, n + 2 * pad - k + 1, stride))


def size_case(
    rng: np.random.Generator,
    *,
    stride: int | None = None,
    pad: int | None = None,
    rest: int = 0,
) -> Case:
    """One call, with a remainder of ``rest`` after the last window."""
    k, out = int(rng.integers(2 * (pad or 0) + 2, 9)), int(rng.integers(4, 12))
    n = k + (out - 1) * (stride or 1) + rest - 2 * (pad or 0)
    return Case((n, k), options(stride, pad))


@_size_mistakes.add(
    "the padding is counted once: it is added on both sides, so the length grows by 2 * pad."
)
def pad_counted_once(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + pad - k) // stride + 1


@_size_mistakes.add("the padding is forgotten: it makes the input 2 * pad longer.")
def pad_forgotten(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n - k) // stride + 1


@_size_mistakes.add(
    "the + 1 is missing: the first window stands at 0 without a step, and every step adds one."
)
def plus_one_missing(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + 2 * pad - k) // stride


@_size_mistakes.add("the stride is ignored: divide n + 2 * pad - k by it before adding 1.")
def stride_ignored(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return n + 2 * pad - k + 1


@_size_mistakes.add(
    "the + 1 is inside the division: divide first, then add 1 for the window at the start."
)
def plus_one_before_division(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + 2 * pad - k + 1) // stride


@_size_mistakes.add(
    "the division is rounded up: a window that does not fit wholly is dropped, so round down, "
    "with //."
)
def rounded_up(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return math.ceil((n + 2 * pad - k) / stride) + 1


@_size_mistakes.add(
    "the division is rounded to the nearest whole number: a window that does not fit wholly is "
    "dropped, so round down, with //."
)
def rounded_to_the_nearest(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return round((n + 2 * pad - k) / stride) + 1


@_size_mistakes.add(
    "the division is /, which gives a float and keeps the fraction: a length is a whole number, "
    "so divide with //."
)
def true_division(n: int, k: int, *, stride: int = 1, pad: int = 0) -> float:
    return (n + 2 * pad - k) / stride + 1


def by_formula(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + 2 * pad - k) // stride + 1


def by_floor(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return math.floor((n + 2 * pad - k) / stride) + 1


def _half(**how: Any) -> Draw:
    """A case that leaves half a stride, which Python's ``round`` takes up, not down."""
    return showing(partial(size_case, **how), conv_output_size, rounded_to_the_nearest)


CONV_OUTPUT_SIZE = FunctionExercise(
    name="conv_output_size",
    points=8,
    reference=conv_output_size,
    groups=(
        CaseGroup("basic", 0.25, (size_case,) * 3),
        CaseGroup(
            "padding",
            0.25,
            (partial(size_case, pad=0), partial(size_case, pad=1), partial(size_case, pad=3)),
        ),
        CaseGroup(
            "stride", 0.2, (partial(size_case, stride=2), partial(size_case, stride=3, pad=1))
        ),
        CaseGroup(
            "stride with a remainder",
            0.3,
            (
                _half(stride=2, rest=1),
                partial(size_case, stride=3, rest=2, pad=1),
                partial(size_case, stride=3, rest=1),
                _half(stride=4, rest=2, pad=2),
            ),
        ),
    ),
    mistakes=tuple(_size_mistakes),
    variants=(by_formula, by_floor, as_integer_type(by_formula)),
    integer=True,
)


def zero_pad(x: Array, pad: int) -> Array:
    """The images with ``pad`` rows and columns of zeros on each side.

    Args:
        x: images, (N, H, W, C).
        pad: 0 or more.

    Returns:
        Array of shape (N, H + 2 * pad, W + 2 * pad, C).
    """
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def pad_case(rng: np.random.Generator, *, pad: int, items: int = 1, channels: int = 1) -> Case:
    """One call, with images that are higher than wide."""
    width = int(rng.integers(2, 4))
    return Case((rng.normal(size=(items, width + 1, width, channels)), pad))


@_pad_mistakes.add(
    "batch and channels are padded too, as np.pad(x, pad) does: only axes 1 and 2, the rows and "
    "columns, get zeros."
)
def batch_and_channels_too(x: Array, pad: int) -> Array:
    return np.pad(x, pad)


@_pad_mistakes.add("only the rows are padded: the columns, axis 2, need zeros on both sides too.")
def rows_only(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (pad, pad), (0, 0), (0, 0)))


@_pad_mistakes.add("only the columns are padded: the rows, axis 1, need zeros on both sides too.")
def columns_only(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (0, 0)))


@_pad_mistakes.add(
    "zeros are added at the top and left only: pad of them belong at the bottom and right as well."
)
def top_and_left_only(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (pad, 0), (pad, 0), (0, 0)))


@_pad_mistakes.add(
    "zeros are added at the bottom and right only: pad of them belong at the top and left as well."
)
def bottom_and_right_only(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (0, pad), (0, pad), (0, 0)))


@_pad_mistakes.add(
    "the output is large enough but the image stands in its upper left corner: it must start at "
    "row pad and column pad."
)
def image_in_the_corner(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (0, 2 * pad), (0, 2 * pad), (0, 0)))


@_pad_mistakes.add("the padding is always 1, whatever pad says: use the argument pad.")
def always_1(x: Array, pad: int) -> Array:
    return zero_pad(x, 1)


@_pad_mistakes.add("the image's border is repeated outwards: padding here means zeros.")
def border_repeated(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="edge")


@_pad_mistakes.add("the frame is made of ones: padding here means zeros.")
def frame_of_ones(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), constant_values=1)


@_pad_mistakes.add(
    "the last two axes are padded, as if channels came second: the images are (N, H, W, C), so "
    "rows and columns are axes 1 and 2."
)
def channels_taken_as_second_axis(x: Array, pad: int) -> Array:
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))


@_pad_mistakes.add(
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
    mistakes=tuple(_pad_mistakes),
    variants=(by_slices, by_concatenation, the_input_itself_for_0, *all_forms(by_slices)),
)
