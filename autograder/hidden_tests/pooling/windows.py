"""Windows of a batch of images, and the faults that do not depend on what is taken of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from autograder.hidden_tests.diagnosis import Mistake
from autograder.hidden_tests.pooling.draws import Length, Pair, pair

Array = NDArray[Any]
Reduce = Callable[..., Any]
"""What is taken of a window, such as `np.max`: called with an array and ``axis=``."""

Fault = Callable[[Array, Pair, Pair | None, Reduce], Any]
"""Pools wrongly: called with the images, the size, the stride or `None`, and what is taken."""


def pool(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    """What pooling gives; a stride of `None` is the size."""
    down, aside = stride or size
    windows = sliding_window_view(x, size, (1, 2))[:, ::down, ::aside]
    return np.asarray(reduce(windows, axis=(-2, -1)))


def pooled(reduce: Reduce) -> Callable[..., Any]:
    """A student's function that takes ``reduce`` of every window."""
    return _with_options(pool, reduce)


def shape_of_output(x: Array, size: Pair, stride: Pair | None) -> Pair:
    """Rows and columns that pooling gives."""
    rows, columns = pool(x, size, stride, np.max).shape[1:3]
    return rows, columns


def looped(x: Array, shape: Pair, size: Pair, stride: Pair, reduce: Reduce) -> Array:
    """Loops over an output of some shape; windows that reach over the edge are cut off there."""
    out = np.zeros((len(x), *shape, x.shape[3]))
    for i, j in np.ndindex(*shape):
        top, left = i * stride[0], j * stride[1]
        out[:, i, j] = reduce(x[:, top : top + size[0], left : left + size[1]], axis=(1, 2))
    return out


@dataclass(frozen=True)
class _Declared:
    sentence: str
    function: Fault


class FaultList:
    """Collects faults that all kinds of pooling share."""

    def __init__(self) -> None:
        self._faults: list[_Declared] = []

    def add(self, sentence: str) -> Callable[[Fault], Fault]:
        """Declare the decorated function as a fault; the sentence is that of a `Mistake`."""

        def declare(function: Fault) -> Fault:
            self._faults.append(_Declared(sentence, function))
            return function

        return declare

    def mistakes(self, reduce: Reduce) -> Iterator[Mistake]:
        """The faults as mistakes of an exercise that takes ``reduce`` of every window."""
        for fault in self._faults:
            function = _with_options(fault.function, reduce)
            yield Mistake(fault.function.__name__, fault.sentence, function)


def _with_options(fault: Fault, reduce: Reduce) -> Callable[..., Any]:
    """The fault as a student's function, with ``size`` and ``stride`` as keywords."""

    def function(x: Array, *, size: Length, stride: Length | None = None) -> Any:
        return fault(x, pair(size), None if stride is None else pair(stride), reduce)

    function.__name__ = fault.__name__
    return function
