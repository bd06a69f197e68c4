"""``conv_output_size``: the number of positions at which a window fits."""

# ruff: noqa: ARG001, D103 - a mistake ignores what it should use, and its sentence describes it

from __future__ import annotations

import math
from functools import partial
from typing import Any

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
from autograder.exercises.cases import Function
from autograder.hidden_tests.convolution.draws import options

_mistakes = MistakeList()


def conv_output_size(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    """Count the positions at which a window fits, without the formula.

    Args:
        n: length of the input.
        k: length of the window, at most n + 2 * pad.
        stride: step of the window, 1 or more.
        pad: zeros on each side, 0 or more.
    """
    return len(range(0, n + 2 * pad - k + 1, stride))


def size_case(
    rng: np.random.Generator,
    *,
    stride: int | None = None,
    pad: int | None = None,
    rest: int = 0,
) -> Case:
    """Draw one call with ``rest`` pixels left over after the last window."""
    k, out = int(rng.integers(2 * (pad or 0) + 2, 9)), int(rng.integers(4, 12))
    n = k + (out - 1) * (stride or 1) + rest - 2 * (pad or 0)
    return Case((n, k), options(stride, pad))


@_mistakes.add(
    "the padding is counted once: it is added on both sides, so the length grows by 2 * pad."
)
def pad_counted_once(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + pad - k) // stride + 1


@_mistakes.add("the padding is forgotten: it makes the input 2 * pad longer.")
def pad_forgotten(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n - k) // stride + 1


@_mistakes.add(
    "the + 1 is missing: the first window stands at 0 without a step, and every step adds one."
)
def plus_one_missing(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + 2 * pad - k) // stride


@_mistakes.add("the stride is ignored: divide n + 2 * pad - k by it before adding 1.")
def stride_ignored(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return n + 2 * pad - k + 1


@_mistakes.add(
    "the + 1 is inside the division: divide first, then add 1 for the window at the start."
)
def plus_one_before_division(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + 2 * pad - k + 1) // stride


@_mistakes.add(
    "the division is rounded up: a window that does not fit wholly is dropped, so round down, "
    "with //."
)
def rounded_up(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return math.ceil((n + 2 * pad - k) / stride) + 1


@_mistakes.add(
    "the division is rounded to the nearest whole number: a window that does not fit wholly is "
    "dropped, so round down, with //."
)
def rounded_to_the_nearest(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return round((n + 2 * pad - k) / stride) + 1


@_mistakes.add(
    "the division is /, which gives a float and keeps the fraction: a length is a whole number, "
    "so divide with //."
)
def true_division(n: int, k: int, *, stride: int = 1, pad: int = 0) -> float:
    return (n + 2 * pad - k) / stride + 1


@_mistakes.add(
    "the length is multiplied by the stride: a larger stride gives fewer places, so divide with //."
)
def multiplied_by_stride(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + 2 * pad - k) * stride + 1


@_mistakes.add(
    "the padding is taken for 1, whatever pad says: use the argument pad, 2 * pad in all."
)
def padding_always_1(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + 2 - k) // stride + 1


@_mistakes.add("the kernel is taken for 3 pixels long: use the argument k.")
def kernel_always_3(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + 2 * pad - 3) // stride + 1


@_mistakes.add("the stride is taken for 2, whatever stride says: use the argument.")
def stride_always_2(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + 2 * pad - k) // 2 + 1


@_mistakes.add(
    "only a part of the sum is divided by the stride: // comes before + and -, so put brackets "
    "round n + 2 * pad - k."
)
def kernel_alone_divided(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return n + 2 * pad - k // stride + 1


@_mistakes.add(
    "the padding alone is divided by the stride: // comes before + and -, so put brackets round "
    "n + 2 * pad - k."
)
def padding_alone_divided(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return n - k + 2 * pad // stride + 1


@_mistakes.add("stride and pad are exchanged: divide by the stride, and add 2 * pad to the length.")
def stride_and_padding_exchanged(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + 2 * stride - k) // pad + 1


@_mistakes.add("stride and k are exchanged: take k from the length, and divide by the stride.")
def stride_and_kernel_exchanged(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + 2 * pad - stride) // k + 1


@_mistakes.add("there is 1 too many: the first window and every step of the stride is a place.")
def one_too_many(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + 2 * pad - k) // stride + 2


@_mistakes.add("the kernel's length is not taken off: the window starts at n + 2 * pad - k last.")
def kernel_not_taken_off(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + 2 * pad) // stride


@_mistakes.add("the padding is taken off: it makes the input longer, by 2 * pad.")
def padding_taken_off(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n - 2 * pad - k) // stride + 1


@_mistakes.add(
    "an error is raised where the stride leaves a remainder: pixels that are left over are "
    "dropped, so divide with //."
)
def remainder_refused(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    if (n + 2 * pad - k) % stride:
        raise ValueError("the window does not fit")
    return (n + 2 * pad - k) // stride + 1


@_mistakes.add(
    "the length alone is divided by the stride: only n + 2 * pad - k pixels are left to step over."
)
def length_alone_divided(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return n // stride


@_mistakes.add(
    "the padding is forgotten and the + 1 is missing: the input is 2 * pad longer, and the first "
    "window stands at 0 without a step."
)
def padding_and_plus_one_forgotten(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n - k) // stride


@_mistakes.add(
    "the right number comes as a float, as np.floor and a plain / give it: a length is a whole "
    "number, so divide with //, or use int()."
)
def right_but_a_float(n: int, k: int, *, stride: int = 1, pad: int = 0) -> float:
    return float(conv_output_size(n, k, stride=stride, pad=pad))


def by_formula(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return (n + 2 * pad - k) // stride + 1


def by_floor(n: int, k: int, *, stride: int = 1, pad: int = 0) -> int:
    return math.floor((n + 2 * pad - k) / stride) + 1


def _telling(*others: Function, **how: Any) -> Sampler:
    """Return a sampler whose cases no constant and no exchange of arguments passes by chance."""
    by_chance = (kernel_always_3, stride_and_kernel_exchanged, kernel_not_taken_off, *others)
    return distinguishing(partial(size_case, **how), conv_output_size, *by_chance)


def _half(**how: Any) -> Sampler:
    """Return a sampler whose cases leave half a stride, which Python's ``round`` rounds up."""
    return distinguishing(_telling(**how), conv_output_size, rounded_to_the_nearest)


CONV_OUTPUT_SIZE = FunctionExercise(
    name="conv_output_size",
    points=8,
    reference=conv_output_size,
    groups=(
        CaseGroup("basic", 0.25, (_telling(),) * 3),
        CaseGroup(
            "padding",
            0.25,
            (_telling(pad=0), _telling(pad=1), _telling(pad=3)),
        ),
        CaseGroup(
            "stride",
            0.2,
            (
                _telling(length_alone_divided, stride=2),
                _telling(length_alone_divided, stride=3, pad=1),
            ),
        ),
        CaseGroup(
            "stride with a remainder",
            0.3,
            (
                _half(stride=2, rest=1),
                _telling(length_alone_divided, stride=3, rest=2, pad=1),
                _telling(length_alone_divided, stride=3, rest=1),
                _half(stride=4, rest=2, pad=2),
            ),
        ),
    ),
    mistakes=tuple(_mistakes),
    variants=(by_formula, by_floor, as_integer_type(by_formula)),
    integer=True,
)
