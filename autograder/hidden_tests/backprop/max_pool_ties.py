"""Who gets a window's gradient in max pooling, wrongly, by itself and with ``=`` for ``+=``."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from autograder.exercises import Mistake
from autograder.hidden_tests.backprop.pool_windows import Share, through_windows, to_the_winner
from coursekit.arrays import Array


def _every(grad: Array, window: Array) -> Array:
    return np.asarray(grad[:, None, None] * _largest(window))


def _shared(grad: Array, window: Array) -> Array:
    ties = _largest(window)
    return np.asarray(grad[:, None, None] * ties / ties.sum((1, 2), keepdims=True))


def _last(grad: Array, window: Array) -> Array:
    return to_the_winner(grad, window[:, ::-1, ::-1])[:, ::-1, ::-1]


def _by_columns(grad: Array, window: Array) -> Array:
    return to_the_winner(grad, window.transpose(0, 2, 1, 3)).transpose(0, 2, 1, 3)


def _last_by_columns(grad: Array, window: Array) -> Array:
    return _by_columns(grad, window[:, ::-1, ::-1])[:, ::-1, ::-1]


def _with_the_value(grad: Array, window: Array) -> Array:
    return np.asarray(grad[:, None, None] * _largest(window) * window)


def _smallest(grad: Array, window: Array) -> Array:
    return to_the_winner(grad, -window)


def _everywhere(grad: Array, window: Array) -> Array:
    return np.broadcast_to(grad[:, None, None], window.shape)


def _maximum_everywhere(grad: Array, window: Array) -> Array:
    largest = window.max((1, 2), keepdims=True)
    return np.broadcast_to(grad[:, None, None] * largest, window.shape)


def _whole_channels(grad: Array, window: Array) -> Array:
    whole = window.max((1, 2, 3), keepdims=True)
    return np.asarray(grad[:, None, None] * (window == whole))


def _whole_batch(grad: Array, window: Array) -> Array:
    whole = window.max((0, 1, 2), keepdims=True)
    return np.asarray(grad[:, None, None] * (window == whole))


def _largest(window: Array) -> Array:
    return np.asarray(window == window.max((1, 2), keepdims=True))


_POLICIES: dict[str, tuple[Share, str, str]] = {
    "gradient_to_every_tie": (
        _every,
        "every entry that equals the maximum gets the gradient",
        "of equal ones only the first, in row-major order, was taken. np.argmax finds it.",
    ),
    "gradient_shared_by_ties": (
        _shared,
        "entries that equal the maximum share the gradient",
        "all of it goes to the first of them, in row-major order.",
    ),
    "gradient_to_the_last_tie": (
        _last,
        "of equal largest entries the last gets the gradient",
        "it goes to the first in row-major order. A comparison with > keeps the first, one with >= "
        "the last.",
    ),
    "ties_in_column_order": (
        _by_columns,
        "of equal largest entries the first in column order gets the gradient",
        "it goes to the first in row-major order, row by row from the left.",
    ),
    "last_tie_in_column_order": (
        _last_by_columns,
        "of equal largest entries the last in column order gets the gradient",
        "it goes to the first in row-major order, row by row from the left.",
    ),
    "value_in_the_mask": (
        _with_the_value,
        "the mask holds the maximum's value",
        "it says where the maximum is, so it holds 1 at the first largest entry, and 0 elsewhere.",
    ),
    "gradient_to_the_smallest": (
        _smallest,
        "the smallest entry gets the gradient",
        "the largest reached the output. np.argmax finds it.",
    ),
    "gradient_to_every_entry": (
        _everywhere,
        "every entry of the window gets the whole gradient",
        "only the largest entry reached the output, so it alone gets it.",
    ),
    "maximum_to_every_entry": (
        _maximum_everywhere,
        "every entry of the window gets dout times the maximum",
        "only the largest entry reached the output, so it alone gets dout, as it is.",
    ),
    "one_winner_for_all_channels": (
        _whole_channels,
        "one winner is taken for all channels together",
        "every channel has its own maximum, and its own winner.",
    ),
    "one_winner_for_the_batch": (
        _whole_batch,
        "one winner is taken for the whole batch",
        "every image has its own maximum, and its own winner.",
    ),
}
_WITHOUT_ZEROS = ("gradient_to_every_entry", "maximum_to_every_entry")
"""Policies that write into a whole window: =, too, is another mistake only where some get 0."""

_ASSIGNED = "and it is assigned where it must be added"
_WIPED = "and a window's part of dx is assigned, with its zeros"
_ADD = "And where windows overlap an entry gets a gradient from each: write += instead of =."


def _function(share: Share, *, add: bool, winners: bool) -> Callable[..., Array]:
    """Return a student's function.

    Args:
        share: who gets a window's gradient.
        add: whether windows that overlap add up.
        winners: whether only those that get something are assigned, and not the whole window.
    """

    def function(dout: Array, x: Array, *, size: int, stride: int | None = None) -> Array:
        step = stride or size
        if not winners:
            return through_windows(dout, x, share, size=size, stride=step, add=add)
        dx = np.zeros_like(x, dtype=float)
        for i, j in np.ndindex(*dout.shape[1:3]):
            place = np.s_[:, i * step : i * step + size, j * step : j * step + size]
            part = share(dout[:, i, j], x[place])
            dx[place] = np.where(part == 0, dx[place], part)
        return dx

    return function


def _mistakes() -> Iterator[Mistake]:
    for name, (share, what, advice) in _POLICIES.items():
        yield _named(name, f"{what}: {advice}", _function(share, add=True, winners=False))
        if name in _WITHOUT_ZEROS:
            continue
        yield _named(
            f"{name}_and_assigned",
            f"{what}, {_ASSIGNED}: {advice} {_ADD}",
            _function(share, add=False, winners=True),
        )
        yield _named(
            f"{name}_and_wiped_out",
            f"{what}, {_WIPED}: {advice} {_ADD}",
            _function(share, add=False, winners=False),
        )


def _named(name: str, sentence: str, function: Callable[..., Array]) -> Mistake:
    function.__name__ = name
    return Mistake(name, sentence, function)


TIE_MISTAKES = tuple(_mistakes())
