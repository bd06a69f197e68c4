"""Windows of a batch of images, and the faults that do not depend on what is taken of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.exercises import Mistake
from autograder.hidden_tests.pooling.draws import Length, Pair, pair
from coursekit.arrays import Array

Reduce = Callable[..., Any]
"""What is taken of a window, such as `np.max`: called with an array and ``axis=``."""

Fault = Callable[[Array, Pair, Pair | None, Reduce], Any]
"""Pools wrongly: called with the images, the size, the stride or `None`, and what is taken."""


def pool(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Array:
    """Return what pooling gives; a stride of `None` is the size."""
    down, aside = stride or size
    windows = sliding_window_view(x, size, (1, 2))[:, ::down, ::aside]
    return np.asarray(reduce(windows, axis=(-2, -1)))


def pooled(reduce: Reduce) -> Callable[..., Any]:
    """Return a student's function that takes ``reduce`` of every window."""
    return _with_options(pool, reduce)


def shape_of_output(x: Array, size: Pair, stride: Pair | None) -> Pair:
    """Return rows and columns that pooling gives."""
    rows, columns = pool(x, size, stride, np.max).shape[1:3]
    return rows, columns


def looped(x: Array, shape: Pair, size: Pair, stride: Pair, reduce: Reduce) -> Array:
    """Loop over an output of some shape; windows that reach over the edge are cut off there."""
    out = np.zeros((len(x), *shape, x.shape[3]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the mean of a window beyond the edge is that of nothing
        for i, j in np.ndindex(*shape):
            top, left = i * stride[0], j * stride[1]
            out[:, i, j] = reduce(x[:, top : top + size[0], left : left + size[1]], axis=(1, 2))
    return out


@dataclass(frozen=True)
class Options:
    """What a layout of windows is computed from; each has one number down and one to the right.

    Args:
        image: rows and columns of the images.
        size: of the window.
        stride: its steps, the size where none is given.
        given: the stride as it was given.
    """

    image: Pair
    size: Pair
    stride: Pair
    given: Pair | None

    @property
    def shape(self) -> Pair:
        """Rows and columns of the right output."""
        return self.counted(self.size, self.stride)

    def counted(self, size: Pair, stride: Pair) -> Pair:
        """Return rows and columns of the output for some other size and stride."""
        rows, columns = ((n - k) // s + 1 for n, k, s in zip(self.image, size, stride, strict=True))
        return rows, columns


Layout = Callable[[Options], tuple[Pair, Pair, Pair]]
"""The output's rows and columns, the window's size and its steps, as a mistake has them."""


@dataclass(frozen=True)
class _Declared:
    name: str
    sentence: str
    function: Fault


class FaultList:
    """Collects faults that all kinds of pooling share."""

    def __init__(self) -> None:
        self._faults: list[_Declared] = []
        self._forms: list[tuple[str, str, tuple[str, str]]] = []

    def add(self, sentence: str) -> Callable[[Fault], Fault]:
        """Declare the decorated function as a fault; the sentence is that of a `Mistake`."""

        def declare(function: Fault) -> Fault:
            self._faults.append(_Declared(function.__name__, sentence, function))
            return function

        return declare

    def add_forms(self, sentence: str, rows: Mapping[str, tuple[str, str]]) -> None:
        """Declare faults that stop with a TypeError where size and stride differ in form.

        Args:
            sentence: see `add`.
            rows: by the names of the mistakes, what the error says where one number is the stride
                of a pair, and where a pair is the stride of one number; empty where none is raised.
        """
        self._forms += [(name, sentence, texts) for name, texts in rows.items()]

    def add_rows(self, sentence: str, rows: Mapping[str, Layout]) -> None:
        """Declare a fault for each layout of windows that comes of the same mistake.

        Args:
            sentence: see `add`.
            rows: the layouts by the names of the mistakes.
        """
        for name, layout in rows.items():
            self._faults.append(_Declared(name, sentence, _laid_out(layout)))

    def mistakes(self, reduce: Reduce) -> Iterator[Mistake]:
        """Yield the faults as mistakes of an exercise that takes ``reduce`` of every window."""
        for fault in self._faults:
            function = _with_options(fault.function, reduce)
            function.__name__ = fault.name
            yield Mistake(fault.name, fault.sentence, function)
        for name, sentence, texts in self._forms:
            yield Mistake(name, sentence, _of_one_form(name, texts, reduce))


def _laid_out(layout: Layout) -> Fault:
    """Return the fault that loops over windows laid out in this way."""

    def fault(x: Array, size: Pair, stride: Pair | None, reduce: Reduce) -> Any:
        rows, columns = x.shape[1:3]
        shape, window, steps = layout(Options((rows, columns), size, stride or size, stride))
        return looped(x, shape, window, steps, reduce)

    return fault


def _of_one_form(name: str, texts: tuple[str, str], reduce: Reduce) -> Callable[..., Any]:
    """Return a student's function that is wrong only if one of size and stride is a pair.

    Args:
        name: the function's name.
        texts: what the errors say.
        reduce: what is taken of a window.
    """

    def function(x: Array, *, size: Length, stride: Length | None = None) -> Any:
        differ = stride is not None and isinstance(size, int) != isinstance(stride, int)
        if differ and (text := texts[isinstance(size, int)]):
            raise TypeError(text)
        return pool(x, pair(size), None if stride is None else pair(stride), reduce)

    function.__name__ = name
    return function


def _with_options(fault: Fault, reduce: Reduce) -> Callable[..., Any]:
    """Return the fault as a student's function, with ``size`` and ``stride`` as keywords."""

    def function(x: Array, *, size: Length, stride: Length | None = None) -> Any:
        return fault(x, pair(size), None if stride is None else pair(stride), reduce)

    function.__name__ = fault.__name__
    return function
