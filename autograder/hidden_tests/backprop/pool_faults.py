"""Faults on the way back through pooling that do not depend on who gets a window's gradient."""

# ruff: noqa: D103 - a mistake is described by its sentence

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exercises import Mistake
from autograder.hidden_tests.backprop.pool_windows import Share, through_windows
from coursekit.arrays import Array

Fault = Callable[[Array, Array, int, int | None, Share], Any]
"""Goes back wrongly: called with dout, x, the size, the stride or `None`, and who gets it."""


@dataclass(frozen=True)
class _Declared:
    sentence: str
    function: Fault


_faults: list[_Declared] = []


def fault(sentence: str) -> Callable[[Fault], Fault]:
    """Declare the decorated function as a fault; the sentence is that of a `Mistake`."""

    def declare(function: Fault) -> Fault:
        _faults.append(_Declared(sentence, function))
        return function

    return declare


def pool_mistakes(shares: Callable[[int], Share], *, without: str = "") -> Iterator[Mistake]:
    """Yield the faults as mistakes of an exercise.

    Args:
        shares: who gets the gradient of a window of some size.
        without: name of a fault that is no other than an earlier one here.
    """
    for each in _faults:
        name = each.function.__name__
        if name != without:
            yield Mistake(name, each.sentence, _with_options(each.function, shares))


def _with_options(way_back: Fault, shares: Callable[[int], Share]) -> Callable[..., Any]:
    """Return the fault as a student's function."""

    def function(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Any:
        return way_back(dout, x, size, stride, shares(size))

    function.__name__ = way_back.__name__
    return function


def right(dout: Array, x: Array, size: int, stride: int | None, share: Share) -> Array:
    """Return the right gradient."""
    return through_windows(dout, x, share, size=size, stride=stride or size)


@fault(
    "a window's part of dx is assigned and wipes out what an earlier window left there: an entry "
    "under several windows gets a gradient from each. Write += instead of =."
)
def overlap_wiped_out(dout: Array, x: Array, size: int, stride: int | None, share: Share) -> Array:
    return through_windows(dout, x, share, size=size, stride=stride or size, add=False)


@fault(
    "the stride is ignored: the window of output (i, j) begins at row i * stride and column "
    "j * stride."
)
def stride_ignored(dout: Array, x: Array, size: int, stride: int | None, share: Share) -> Array:
    del stride
    return through_windows(dout, x, share, size=size, stride=1)


@fault(
    "windows begin at i * size whatever the stride says: they begin at i * stride. The size is "
    "the stride only where none is given."
)
def size_taken_for_stride(
    dout: Array, x: Array, size: int, stride: int | None, share: Share
) -> Array:
    del stride
    return through_windows(dout, x, share, size=size, stride=size)


@fault(
    "the windows are as large as the stride: they have size rows and columns, and the stride only "
    "says where they begin."
)
def stride_taken_for_size(
    dout: Array, x: Array, size: int, stride: int | None, share: Share
) -> Array:
    step = stride or size
    return through_windows(dout, x, share, size=size, stride=step, cut=step)


@fault(
    "a stride of None is taken for 1: without a stride, windows lie side by side, the stride is "
    "the size."
)
def no_stride_taken_for_1(
    dout: Array, x: Array, size: int, stride: int | None, share: Share
) -> Array:
    return through_windows(dout, x, share, size=size, stride=stride or 1)


@fault(
    "stride=None, the default, is not dealt with: then the stride is the size. Begin with "
    "stride = size if stride is None else stride."
)
def no_stride_not_handled(
    dout: Array, x: Array, size: int, stride: int | None, share: Share
) -> Array:
    if stride is None:
        raise TypeError("unsupported operand type(s) for *: 'int' and 'NoneType'")
    return right(dout, x, size, stride, share)


@fault(
    "every window's part lands in the corner: output (i, j) belongs to the window that begins at "
    "row i * stride and column j * stride of dx, so these are added to a place in the window."
)
def offset_forgotten(dout: Array, x: Array, size: int, stride: int | None, share: Share) -> Array:
    return _moved(dout, x, size, stride or size, share, step=0)


@fault(
    "the window's place in dx is counted without the stride: it begins at row i * stride and "
    "column j * stride there as it does in x, not at row i and column j."
)
def offset_without_stride(
    dout: Array, x: Array, size: int, stride: int | None, share: Share
) -> Array:
    return _moved(dout, x, size, stride or size, share, step=1)


def _moved(dout: Array, x: Array, size: int, stride: int, share: Share, *, step: int) -> Array:
    """Return windows of x at the right places, whose parts are put at other places of dx."""
    dx = np.zeros_like(x, dtype=float)
    for i, j in np.ndindex(*dout.shape[1:3]):
        window = x[:, i * stride : i * stride + size, j * stride : j * stride + size]
        part = share(dout[:, i, j], window)
        dx[:, i * step : i * step + size, j * step : j * step + size] += part
    return dx


@fault("the upstream gradient is not used: multiply by dout[n, i, j, c] (chain rule).")
def dout_not_used(dout: Array, x: Array, size: int, stride: int | None, share: Share) -> Array:
    return right(np.ones_like(dout), x, size, stride, share)


@fault(
    "the entries' own values come in: neither a mean's derivative nor a maximum's depends on how "
    "large the entry is."
)
def times_the_value(dout: Array, x: Array, size: int, stride: int | None, share: Share) -> Array:
    return right(dout, x, size, stride, share) * x


@fault(
    "dx ends with the last window: entries that no window touched have gradient 0, but they are "
    "there. Start from zeros in the shape of x."
)
def remainder_cut_off(dout: Array, x: Array, size: int, stride: int | None, share: Share) -> Array:
    step, (rows, columns) = stride or size, dout.shape[1:3]
    dx = right(dout, x, size, stride, share)
    return dx[:, : (rows - 1) * step + size, : (columns - 1) * step + size]


@fault("size and stride are swapped: size says how large a window is, stride how far it moves.")
def size_and_stride_swapped(
    dout: Array, x: Array, size: int, stride: int | None, share: Share
) -> Array:
    step = stride or size
    return through_windows(dout, x, share, size=step, stride=size)


@fault(
    "the stride is computed from the shapes, as x.shape[1] // dout.shape[1]: that is not the "
    "stride where windows overlap or rows are left over. Use the argument stride."
)
def stride_from_the_shapes(
    dout: Array, x: Array, size: int, stride: int | None, share: Share
) -> Array:
    del stride
    return right(dout, x, size, x.shape[1] // dout.shape[1], share)


@fault("the windows are always 2 rows high and 2 columns wide: take both lengths from size.")
def always_2_by_2(dout: Array, x: Array, size: int, stride: int | None, share: Share) -> Array:
    return through_windows(dout, x, share, size=2, stride=stride or size)


@fault(
    "rows or columns that are left over are an error: no window reached them, so they get 0. "
    "Start from zeros in the shape of x, and neither raise nor assert."
)
def remainder_refused(dout: Array, x: Array, size: int, stride: int | None, share: Share) -> Array:
    if any((n - size) % (stride or size) for n in x.shape[1:3]):
        raise ValueError("the windows do not fit")
    return right(dout, x, size, stride, share)


@fault(
    "a number of rows or columns is a float, because / is used for the division: // gives a whole "
    "number, which range and np.zeros need. dout.shape has these numbers, too."
)
def float_as_a_number_of_windows(
    dout: Array, x: Array, size: int, stride: int | None, share: Share
) -> Array:
    rows: Any = (x.shape[1] - size) / (stride or size) + 1
    return right(dout[:, [*range(rows)]], x, size, stride, share)


@fault(
    "a place in an array is a float: slices and indices need whole numbers. Divide with //, and "
    "keep places in arrays with dtype=int."
)
def float_as_an_index(dout: Array, x: Array, size: int, stride: int | None, share: Share) -> Array:
    start: Any = size / 1
    return right(dout[:, start:], x, size, stride, share)


@fault("dx is 0 in all images but the first: is the return inside the loop over the images?")
def first_image_only(dout: Array, x: Array, size: int, stride: int | None, share: Share) -> Array:
    dx = right(dout, x, size, stride, share)
    dx[1:] = 0.0
    return dx


@fault("the first image's gradient is used for the whole batch: image n gets dout[n].")
def first_image_for_all(
    dout: Array, x: Array, size: int, stride: int | None, share: Share
) -> Array:
    return right(np.repeat(dout[:1], len(dout), 0), x, size, stride, share)


@fault("every image's gradient is added to the first image: image n gets dout[n], so write dx[n].")
def all_in_the_first_image(
    dout: Array, x: Array, size: int, stride: int | None, share: Share
) -> Array:
    dx = right(dout, x, size, stride, share)
    dx[0], dx[1:] = dx.sum(0), 0.0
    return dx


@fault(
    "all channels get the sum of their gradients: channel c gets dout[..., c] alone, so name the "
    "channel in dx, too."
)
def channels_added_up(dout: Array, x: Array, size: int, stride: int | None, share: Share) -> Array:
    dx = right(dout, x, size, stride, share)
    return np.broadcast_to(dx.sum(3, keepdims=True), dx.shape)
