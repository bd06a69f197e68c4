"""Layouts of a convolution's windows, so that many wrong ways back are rows of one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.hidden_tests.backprop.conv_windows import Gradients, framed
from coursekit.arrays import Array

Pair = tuple[int, int]


@dataclass(frozen=True)
class Shapes:
    """The lengths that a layer is given.

    Args:
        image: rows and columns of x.
        kernel: rows and columns of w.
        outputs: rows and columns of dout.
        stride: step of the window.
        pad: width of the frame.
    """

    image: Pair
    kernel: Pair
    outputs: Pair
    stride: int
    pad: int


@dataclass(frozen=True)
class Layout:
    """Where a student's loops go; see `right_layout` for the right one.

    Args:
        outputs: rows and columns of dout that are looped over.
        kernel: rows and columns of a window.
        step: steps of the windows down and to the right.
        start: where the first window begins.
        frame: width of the frame.
        top: first row and column of dx that are kept.
        bottom: row and column of the framed dx before which it is cut.
    """

    outputs: Pair
    kernel: Pair
    step: Pair
    start: Pair
    frame: int
    top: Pair
    bottom: Pair


Change = Callable[[Layout, Shapes], Layout]
"""What a mistake makes of the right layout."""


def right_layout(s: Shapes) -> Layout:
    """Return the layout that gives the right gradients."""
    return Layout(
        outputs=s.outputs,
        kernel=s.kernel,
        step=(s.stride, s.stride),
        start=(0, 0),
        frame=s.pad,
        top=(s.pad, s.pad),
        bottom=(s.pad + s.image[0], s.pad + s.image[1]),
    )


def by_windows(change: Change) -> Callable[..., Gradients]:
    """Return a student's function that cuts out a window of the whole batch for each output."""
    return _laid_out(change, _window_by_window)


def ways_by_windows(change: Change) -> tuple[Callable[..., Gradients], ...]:
    """Return the function in the ways that decide which shapes the first error names."""
    fills = (_window_by_window, _dw_first, _output_by_output, _output_by_output_dw_first)
    return tuple(_laid_out(change, fill) for fill in fills)


def by_places(change: Change) -> Callable[..., Gradients]:
    """Return a student's function that loops over rows and columns of the kernel as well."""
    return _laid_out(change, _place_by_place)


_Fill = Callable[[Array, Array, Array, Array, Array, Layout], None]


def _laid_out(change: Change, fill: _Fill) -> Callable[..., Gradients]:
    def function(dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0) -> Gradients:
        shapes = Shapes(_sides(x), (w.shape[0], w.shape[1]), _sides(dout), stride, pad)
        layout = change(right_layout(shapes), shapes)
        wide, dw = framed(x, layout.frame), np.zeros_like(w)
        dx = np.zeros_like(wide)
        fill(dout, wide, w, dx, dw, layout)
        (top, left), (bottom, right) = layout.top, layout.bottom
        return dx[:, top:bottom, left:right], dw, dout.sum((0, 1, 2))

    return function


def _sides(x: Array) -> Pair:
    return x.shape[1], x.shape[2]


def _window_by_window(
    dout: Array, x: Array, w: Array, dx: Array, dw: Array, layout: Layout
) -> None:
    """Add to dx and dw as slices do; NumPy raises where the shapes clash."""
    for i, j in np.ndindex(*layout.outputs):
        place = (slice(None), *_window(layout, i, j))
        dx[place] += np.einsum("no,abco->nabc", dout[:, i, j], w)
        dw += np.einsum("nabc,no->abco", x[place], dout[:, i, j])


def _dw_first(dout: Array, x: Array, w: Array, dx: Array, dw: Array, layout: Layout) -> None:
    for i, j in np.ndindex(*layout.outputs):
        dw += np.einsum("nabc,no->abco", x[:, *_window(layout, i, j)], dout[:, i, j])
    _window_by_window(dout, x, w, dx, np.zeros_like(dw), layout)


def _output_by_output(
    dout: Array, x: Array, w: Array, dx: Array, dw: Array, layout: Layout
) -> None:
    """Add to dx and dw for one image and one filter at a time."""
    for n, i, j, f in np.ndindex(len(x), *layout.outputs, w.shape[3]):
        place = (n, *_window(layout, i, j))
        dx[place] += dout[n, i, j, f] * w[..., f]
        dw[..., f] += dout[n, i, j, f] * x[place]


def _output_by_output_dw_first(
    dout: Array, x: Array, w: Array, dx: Array, dw: Array, layout: Layout
) -> None:
    for n, i, j, f in np.ndindex(len(x), *layout.outputs, w.shape[3]):
        dw[..., f] += dout[n, i, j, f] * x[n, *_window(layout, i, j)]
    _output_by_output(dout, x, w, dx, np.zeros_like(dw), layout)


def _window(layout: Layout, i: int, j: int) -> tuple[slice, slice]:
    top, left = _corner(layout, i, j)
    return slice(top, top + layout.kernel[0]), slice(left, left + layout.kernel[1])


def _place_by_place(dout: Array, x: Array, w: Array, dx: Array, dw: Array, layout: Layout) -> None:
    """Add to dx and dw entry by entry of the kernel; an index may run out."""
    for i, j in np.ndindex(*layout.outputs):
        top, left = _corner(layout, i, j)
        for a, b in np.ndindex(*layout.kernel):
            dx[:, top + a, left + b] += dout[:, i, j] @ w[a, b].T
            dw[a, b] += x[:, top + a, left + b].T @ dout[:, i, j]


def _corner(layout: Layout, i: int, j: int) -> Pair:
    return layout.start[0] + i * layout.step[0], layout.start[1] + j * layout.step[1]
