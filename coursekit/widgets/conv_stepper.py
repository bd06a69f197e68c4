"""A convolution layer, position by position: forward to its output, backward to dx and dw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coursekit.arrays import Array
from coursekit.plots import style
from coursekit.plots.sliding import require_inside
from coursekit.widgets.controls import choice_of_way, slider_with_player
from coursekit.widgets.panel import Panel
from coursekit.widgets.sliding import draw_stop
from coursekit.widgets.tables import Window, errors_of, show_table

Forward = Callable[..., Any]
"""``conv2d(x, w, b, *, stride, pad)``, as lab 1 asks for."""

Backward = Callable[..., Any]
"""``conv2d_backward(dout, x, w, *, stride, pad) -> (dx, dw, db)``, as lab 3 asks for."""


@dataclass(frozen=True)
class _Layer:
    """One channel, one filter, and the functions that compute with them."""

    forward: Forward
    backward: Backward | None
    image: Array
    kernel: Array
    stride: int
    pad: int

    @property
    def framed(self) -> Array:
        """The zero-padded image."""
        return np.pad(self.image, self.pad)

    @property
    def stops(self) -> tuple[int, int]:
        rows, columns = (
            (size - width) // self.stride + 1
            for size, width in zip(self.framed.shape, self.kernel.shape, strict=True)
        )
        return rows, columns

    def window(self, stop: int) -> Window:
        """Return the kernel's window at a position, in the padded image."""
        row, column = np.unravel_index(stop, self.stops)
        shape = (len(self.kernel), self.kernel.shape[1])
        return Window(int(row) * self.stride, int(column) * self.stride, shape)

    def output(self) -> Array:
        """Return the function's output, shape (OH, OW)."""
        answer = self.forward(self._x, self._w, np.zeros(1), stride=self.stride, pad=self.pad)
        return _checked(answer, (1, *self.stops, 1), "the forward function's output")[0, :, :, 0]

    def gradients(self, dout: Array) -> tuple[Array, Array]:
        """Return the function's dx and dw, with the shapes of the image and of the kernel."""
        assert self.backward is not None
        dx, dw, *_ = self.backward(
            dout[None, :, :, None].copy(), self._x, self._w, stride=self.stride, pad=self.pad
        )
        dx = _checked(dx, (1, *self.image.shape, 1), "dx")[0, :, :, 0]
        return dx, _checked(dw, (*self.kernel.shape, 1, 1), "dw")[:, :, 0, 0]

    def stamped(self, dout: Array) -> tuple[Array, Array]:
        """Compute dx and dw as sums over positions of error times weight and error times pixel."""
        dx, dw = np.zeros(self.framed.shape), np.zeros(self.kernel.shape)
        for stop, error in enumerate(dout.flat):
            inside = self.window(stop).inside
            dx[inside] += error * self.kernel
            dw += error * self.framed[inside]
        rows, columns = self.image.shape
        return dx[self.pad : self.pad + rows, self.pad : self.pad + columns], dw

    # Copies: a function that writes into its arguments must not change what is drawn.
    @property
    def _x(self) -> Array:
        return self.image[None, :, :, None].copy()

    @property
    def _w(self) -> Array:
        return self.kernel[:, :, None, None].copy()


def conv_stepper(
    forward: Forward,
    image: Any,
    kernel: Any,
    backward: Backward | None = None,
    *,
    dout: Any = None,
    stride: int = 1,
    pad: int = 0,
    way: str = "forward",
    stop: int = 0,
) -> Panel:
    """Step through a convolution layer: forward to its output, and backward to dx and dw.

    All results come from the functions, so that you can pass your own: `conv2d` of lab 1 and
    `conv2d_backward` of lab 3. In the backward pass, the function gets only the errors up to the
    current position. If its result differs from the sum of error times weight, or of error times
    pixel, the heading says so.

    Args:
        forward: takes ``(x, w, b, *, stride, pad)`` and returns the output, as `conv2d` does.
        image: shape (H, W) or (H, W, 1); up to 12 by 12 is shown whole.
        kernel: shape (KH, KW) or (KH, KW, 1), no larger than the padded image.
        backward: takes ``(dout, x, w, *, stride, pad)`` and returns ``(dx, dw, db)``.
        dout: the loss gradient at the output, shape (OH, OW); 1, 2, 3, … if not given.
        stride: step of the kernel in pixels, at least 1.
        pad: width of the zero padding on each side, at least 0.
        way: the initial pass, ``"forward"`` or ``"backward"``.
        stop: the initial position in the output, counted row by row from 0.

    Returns:
        A panel, shown if it is on a cell's last line.

    Raises:
        ValueError: the image, the kernel or ``dout`` has another shape, the kernel is larger than
            the padded image, stride or pad is too small, ``way`` is unknown or has no function, or
            a function's result has another shape than the layer's.

    Examples:
        >>> import numpy as np
        >>> from coursekit import layers, widgets
        >>> image = np.arange(16.0).reshape(4, 4)
        >>> print(widgets.conv_stepper(layers.conv2d, image, np.ones((3, 3)), stop=1).text)
        Kernel at output row 0, column 1 (stride 1): 1 × 1 + 2 × 1 + 3 × 1 + 5 × 1 + 6 × 1 + 7 ×
        1 + 9 × 1 + 10 × 1 + 11 × 1 = 54
        The feature map so far, 2 of 4: 45 54; feature map: 54
    """
    pixels, weights = style.one_channel(image, "image"), style.one_channel(kernel, "kernel")
    if pad < 0:
        raise ValueError(f"pad must be at least 0; got {pad}")
    layer = _Layer(forward, backward, pixels, weights, stride, pad)
    require_inside(layer.framed, weights, stride=stride)
    errors = errors_of(dout, layer.stops, 1.0)
    ways = choice_of_way(way, backward=backward is not None)
    output = layer.output()
    place, player = slider_with_player("stop", stop, output.size - 1)

    def draw(figure: Figure, *, stop: int, way: str = "forward") -> None:
        if way == "forward":
            draw_stop(figure, layer.framed, layer.kernel, output, stop=stop, stride=stride)
        else:
            _draw_backward(figure, layer, errors, stop)

    controls = {"way": ways, "stop": place} if backward else {"stop": place}
    return Panel(draw, controls, size=(7.8, 4.6), extra=[player])


def _checked(answer: Any, shape: tuple[int, ...], name: str) -> Array:
    """Return a function's result as an array; raise unless it has the layer's shape."""
    array = np.asarray(answer, float)
    if array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}; got {array.shape}")
    return array


def _draw_backward(figure: Figure, layer: _Layer, dout: Array, stop: int) -> None:
    """Draw one error, the pixels and weights it is multiplied by, and both gradients so far."""
    widths = [table.shape[1] for table in (dout, layer.framed, layer.kernel)]
    axes = figure.subplots(2, 3, width_ratios=widths)
    so_far = np.where(np.arange(dout.size).reshape(dout.shape) <= stop, dout, 0)
    window, place = layer.window(stop), np.unravel_index(stop, layer.stops)
    one = Window(int(place[0]), int(place[1]))
    error = str(style.as_texts(dout)[place])
    show_table(axes[0, 0], dout, f"dout: this error is {error}", framed=one)
    where = "x, framed where it was used"
    show_table(axes[0, 1], layer.framed, where, framed=window, gray=layer.image)
    show_table(axes[0, 2], layer.kernel, "w")
    pairs = zip(layer.gradients(so_far), layer.stamped(so_far), strict=True)
    (dx, dx_right), (dw, dw_right) = pairs
    moved = Window(window.top - layer.pad, window.left - layer.pad, window.shape)
    titles = _title("dx", f"{error} · w", dx, dx_right), _title("dw", f"{error} · x", dw, dw_right)
    show_table(axes[1, 1], dx, titles[0], framed=moved)
    show_table(axes[1, 2], dw, titles[1])
    _say(axes[1, 0], error, stop + 1, dout.size)


def _title(name: str, share: str, got: Array, right: Array) -> str:
    if np.allclose(got, right, atol=1e-6):
        return f"{name} so far, {share} added"
    return f"{name} so far is not\nthe sum of such shares"


def _say(ax: Axes, error: str, number: int, count: int) -> None:
    """Write the rule in the corner without a table."""
    ax.axis("off")
    rules = f"dx, in the frame,\ngrows by {error} · w\n\ndw grows by\n{error} · x in the frame"
    ax.text(
        0.5,
        0.5,
        f"stop {number} of {count}\n\n{rules}",
        ha="center",
        va="center",
        transform=ax.transAxes,
    )
    style.describe_axes(ax, f"Backward, stop {number} of {count}")
