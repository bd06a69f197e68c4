"""Max pooling, position by position: forward to each window's maximum, backward to it alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from coursekit.arrays import Array
from coursekit.plots import style
from coursekit.widgets.controls import choice_of_way, slider_with_player
from coursekit.widgets.panel import Panel
from coursekit.widgets.tables import Window, draw_frame, errors_of, show_table

Forward = Callable[..., Any]
"""``max_pool2d(x, *, size, stride)``, as lab 2 asks for."""

Backward = Callable[..., Any]
"""``max_pool2d_backward(dout, x, *, size, stride) -> dx``, as lab 3 asks for."""


@dataclass(frozen=True)
class _Pooling:
    """One channel, and the functions that pool it."""

    forward: Forward
    backward: Backward | None
    image: Array
    size: int
    stride: int

    @property
    def stops(self) -> tuple[int, int]:
        rows, columns = ((length - self.size) // self.stride + 1 for length in self.image.shape)
        return rows, columns

    def window(self, stop: int) -> Window:
        row, column = (int(index) for index in np.unravel_index(stop, self.stops))
        return Window(row * self.stride, column * self.stride, (self.size, self.size))

    def winner(self, stop: int) -> Window:
        """Return the position of a window's maximum, the first one in a tie."""
        window = self.window(stop)
        row, column = np.unravel_index(np.argmax(self.image[window.inside]), (self.size, self.size))
        return Window(window.top + int(row), window.left + int(column))

    def output(self) -> Array:
        """Return the function's output, shape (OH, OW)."""
        answer = self.forward(self._x, size=self.size, stride=self.stride)
        return _checked(answer, self.stops, "the forward function's output")

    def gradient(self, dout: Array) -> Array:
        """Return the function's dx, shape (H, W)."""
        assert self.backward is not None
        errors = dout[None, :, :, None].copy()
        dx = self.backward(errors, self._x, size=self.size, stride=self.stride)
        return _checked(dx, self.image.shape, "dx")

    @property
    def _x(self) -> Array:
        """A copy: a function that writes into its argument must not change what is drawn."""
        return self.image[None, :, :, None].copy()

    def handed_over(self, dout: Array) -> Array:
        """Compute dx by adding every error at its window's maximum."""
        dx = np.zeros(self.image.shape)
        for stop, error in enumerate(dout.flat):
            dx[self.winner(stop).inside] += error
        return dx


def pool_stepper(
    forward: Forward,
    image: Any,
    backward: Backward | None = None,
    *,
    size: int = 2,
    stride: int | None = None,
    dout: Any = None,
    way: str = "forward",
    stop: int = 0,
) -> Panel:
    """Step through max pooling: forward to the maxima, backward to their positions.

    All results come from the functions, so that you can pass your own: `max_pool2d` of lab 2 and
    `max_pool2d_backward` of lab 3. If an output is not the window's maximum, or an error is not
    added at the first maximum, the heading says so.

    Args:
        forward: takes ``(x, *, size, stride)`` and returns the output, as `max_pool2d` does.
        image: shape (H, W) or (H, W, 1), at most about 12 by 12 to be readable.
        backward: takes ``(dout, x, *, size, stride)`` and returns dx.
        size: rows and columns of the window, no larger than the image.
        stride: its step; the size if not given.
        dout: the loss gradient at the output, shape (OH, OW); 10, 20, 30, … if not given.
        way: the initial pass, ``"forward"`` or ``"backward"``.
        stop: the initial position in the output, counted row by row from 0.

    Returns:
        A panel, shown if it is on a cell's last line.

    Raises:
        ValueError: the image or ``dout`` has another shape, the window does not fit on the image,
            the stride is too small, ``way`` is unknown or has no function, or a function's result
            has another shape than the layer's.

    Examples:
        >>> import numpy as np
        >>> from coursekit import layers, widgets
        >>> image = np.arange(16.0).reshape(4, 4)
        >>> print(widgets.pool_stepper(layers.max_pool2d, image, stop=1).text)
        x: the largest is 7: 0 1 2 3 / 4 5 6 7 / 8 9 10 11 / 12 13 14 15
        kept: 7: 5 7 / · ·
    """
    pixels, step = style.one_channel(image, "image"), size if stride is None else stride
    _require_window(pixels, size, step)
    layer = _Pooling(forward, backward, pixels, size, step)
    errors = errors_of(dout, layer.stops, 10.0)
    ways = choice_of_way(way, backward=backward is not None)
    output = layer.output()
    place, player = slider_with_player("stop", stop, output.size - 1)

    def draw(figure: Figure, *, stop: int, way: str = "forward") -> None:
        if way == "forward":
            _draw_forward(figure, layer, output, stop)
        else:
            _draw_backward(figure, layer, errors, stop)

    controls = {"way": ways, "stop": place} if backward else {"stop": place}
    return Panel(draw, controls, size=(7.8, 3.2), extra=[player])


def _require_window(image: Array, size: int, stride: int) -> None:
    """Raise ValueError unless the window fits on the image and the stride is at least 1."""
    if not 1 <= size <= min(image.shape):
        raise ValueError(
            f"size must lie in 1 to {min(image.shape)}, so that the window fits on the image "
            f"{image.shape}; got {size}"
        )
    if stride < 1:
        raise ValueError(f"stride must be at least 1; got {stride}")


def _checked(answer: Any, shape: tuple[int, ...], name: str) -> Array:
    """Return a function's result as (H, W); raise unless it has the layer's shape."""
    array = np.asarray(answer, float)
    if array.shape != (1, *shape, 1):
        raise ValueError(f"{name} must have shape {(1, *shape, 1)}; got {array.shape}")
    return array[0, :, :, 0]


def _reached(shape: tuple[int, int], stop: int) -> Array:
    """Return a mask of the positions up to this one."""
    return np.arange(np.prod(shape)).reshape(shape) <= stop


def _draw_forward(figure: Figure, layer: _Pooling, output: Array, stop: int) -> None:
    """Draw the window on the image with its maximum, and the output so far."""
    left, right = figure.subplots(1, 2, width_ratios=(layer.image.shape[1], output.shape[1]))
    window, winner, place = layer.window(stop), layer.winner(stop), _place(layer, stop)
    largest, kept = layer.image[winner.inside].item(), output[place.inside].item()
    show_table(left, layer.image, f"x: the largest is {largest:g}", framed=window, gray=layer.image)
    draw_frame(left, winner, edgecolor=style.GREEN, linewidth=4)
    verdict = "" if np.isclose(kept, largest) else ",\nnot the largest"
    known = _reached(layer.stops, stop)
    show_table(
        right, output, f"kept: {kept:g}{verdict}", known=known, framed=place, gray=layer.image
    )


def _draw_backward(figure: Figure, layer: _Pooling, dout: Array, stop: int) -> None:
    """Draw one error, the maximum of its window, and dx so far."""
    axes = figure.subplots(
        1, 3, width_ratios=[table.shape[1] for table in (dout, *2 * [layer.image])]
    )
    place, winner = _place(layer, stop), layer.winner(stop)
    so_far = np.where(_reached(layer.stops, stop), dout, 0)
    dx, right = layer.gradient(so_far), layer.handed_over(so_far)
    error = str(style.as_texts(dout)[place.inside].item())
    show_table(axes[0], dout, f"dout: this error is {error}", framed=place)
    title = f"x: row {winner.top}, column {winner.left} had won"
    show_table(axes[1], layer.image, title, framed=layer.window(stop), gray=layer.image)
    draw_frame(axes[1], winner, edgecolor=style.GREEN, linewidth=4)
    title = f"dx so far, {error} added there" if np.allclose(dx, right, atol=1e-6) else _DIFFERENT
    show_table(axes[2], dx, title, framed=layer.window(stop))
    draw_frame(axes[2], winner, edgecolor=style.GREEN, linewidth=4)


_DIFFERENT = "dx so far is not\nall errors at the winners"


def _place(layer: _Pooling, stop: int) -> Window:
    """Return a position's cell in the output."""
    row, column = np.unravel_index(stop, layer.stops)
    return Window(int(row), int(column))
