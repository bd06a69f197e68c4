"""Wrong ways back through a convolution that differ in the layout of their windows, as rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from autograder.exercises import Mistake
from autograder.hidden_tests.backprop.conv_layouts import (
    Change,
    Layout,
    Pair,
    Shapes,
    by_places,
    by_windows,
    ways_by_windows,
)
from autograder.hidden_tests.backprop.conv_windows import Gradients

Way = Callable[[Change], Callable[..., Gradients] | tuple[Callable[..., Gradients], ...]]


def _outputs(s: Shapes, image: Pair, kernel: Pair, pad: int) -> Pair:
    """Return rows and columns that a student computes from some lengths; none below 0."""
    rows, columns = (
        max((n + 2 * pad - k) // s.stride + 1, 0) for n, k in zip(image, kernel, strict=True)
    )
    return rows, columns


def _kernel(side: int) -> Change:
    return lambda r, s: replace(r, kernel=(s.kernel[side], s.kernel[side]))


def _outputs_of_one_side(side: int) -> Change:
    return lambda r, s: replace(r, outputs=(s.outputs[side], s.outputs[side]))


def _counted(image: Pair, kernel: Pair) -> Change:
    """Return counts of outputs from other sides, such as the height for both."""

    def change(right: Layout, s: Shapes) -> Layout:
        sides = (s.image[image[0]], s.image[image[1]]), (s.kernel[kernel[0]], s.kernel[kernel[1]])
        return replace(right, outputs=_outputs(s, *sides, s.pad))

    return change


def _cut(side: int) -> Change:
    return lambda r, s: replace(r, bottom=(s.pad + s.image[side],) * 2)


_Row = tuple[str, Way, Change]
_TABLE: dict[str, tuple[_Row, ...]] = {
    "a height is used for a width, or the other way round: kernels, images and outputs need not be "
    "square, so take both lengths of each, as in KH, KW, _, _ = w.shape.": (
        ("window_as_wide_as_high", ways_by_windows, _kernel(0)),
        ("window_as_high_as_wide", ways_by_windows, _kernel(1)),
        (
            "window_sides_swapped",
            ways_by_windows,
            lambda r, s: replace(r, kernel=(s.kernel[1], s.kernel[0])),
        ),
        ("dx_cut_as_wide_as_high", by_windows, _cut(0)),
        ("dx_cut_as_high_as_wide", by_windows, _cut(1)),
        ("columns_counted_with_the_height", by_windows, _counted((0, 1), (0, 0))),
        ("rows_counted_with_the_width", by_windows, _counted((0, 1), (1, 1))),
    ),
    "the kernel is taken for square: it has KH rows and KW columns, so loop over both, with "
    "KH, KW, _, _ = w.shape.": (
        ("kernel_as_wide_as_high", by_places, _kernel(0)),
        ("kernel_as_high_as_wide", by_places, _kernel(1)),
    ),
    "as many columns of windows as rows are looped over, or the other way round: dout has OH rows "
    "and OW columns, which may differ. Take both, with _, OH, OW, _ = dout.shape.": (
        ("output_as_wide_as_high", by_windows, _outputs_of_one_side(0)),
        ("output_as_high_as_wide", by_windows, _outputs_of_one_side(1)),
    ),
    "the outputs are counted without the frame: there are (H + 2 * pad - KH) // stride + 1 rows of "
    "them. dout.shape says how many rows and columns there are.": (
        (
            "outputs_counted_without_the_frame",
            by_windows,
            lambda r, s: replace(r, outputs=_outputs(s, s.image, s.kernel, 0)),
        ),
        (
            "outputs_counted_with_half_the_frame",
            by_windows,
            lambda r, s: replace(
                r, outputs=_outputs(s, (s.image[0] + s.pad, s.image[1] + s.pad), s.kernel, 0)
            ),
        ),
    ),
    "the last row and column of windows are left out: (H + 2 * pad - KH) // stride counts the "
    "steps; the first window comes on top of them, + 1. dout.shape says how many there are.": (
        (
            "last_windows_left_out",
            by_windows,
            lambda r, s: replace(r, outputs=(s.outputs[0] - 1, s.outputs[1] - 1)),
        ),
    ),
    "the frame is always one pixel wide, whatever pad says, but pad is cut off dx: frame x with "
    "pad, too, and be ready for 0.": (
        ("frame_of_1_and_pad_cut_off", by_windows, lambda r, _: replace(r, frame=1)),
    ),
    "one pixel is cut off dx on every side, as 1:-1 does, whatever pad says: the frame is pad "
    "pixels wide, and may be 0, so keep pad : pad + H and pad : pad + W.": (
        (
            "one_pixel_cut_off",
            by_windows,
            lambda r, s: replace(
                r,
                top=(1, 1),
                bottom=(s.image[0] + 2 * s.pad - 1, s.image[1] + 2 * s.pad - 1),
            ),
        ),
    ),
    "the frame is cut off dx on one side alone: it lies on all four, so keep pad : pad + H and "
    "pad : pad + W.": (
        ("frame_cut_at_the_end", by_windows, lambda r, s: replace(r, top=(0, 0), bottom=s.image)),
        (
            "frame_cut_at_the_start",
            by_windows,
            lambda r, s: replace(r, bottom=(s.image[0] + 2 * s.pad, s.image[1] + 2 * s.pad)),
        ),
    ),
    "stride and pad are swapped: stride is the step of the window, pad the width of the frame.": (
        (
            "stride_and_pad_swapped",
            by_windows,
            lambda r, s: replace(
                r,
                step=(s.pad, s.pad),
                frame=s.stride,
                top=(s.stride, s.stride),
                bottom=(s.stride + s.image[0], s.stride + s.image[1]),
            ),
        ),
    ),
    "the windows begin pad rows and columns too far in: on the framed images the first one begins "
    "at 0, and that of output (i, j) at row i * stride and column j * stride.": (
        ("windows_begin_inside", by_windows, lambda r, s: replace(r, start=(s.pad, s.pad))),
    ),
}


def _mistakes() -> Iterator[Mistake]:
    for sentence, rows in _TABLE.items():
        for name, way, change in rows:
            made = way(change)
            function, *others = made if isinstance(made, tuple) else (made,)
            function.__name__ = name
            yield Mistake(name, sentence, function, others=tuple(others))


LAYOUT_MISTAKES = tuple(_mistakes())
