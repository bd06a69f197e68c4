"""Faults of all pooling in the layout of the windows, as rows: one side for the other, counts."""

from __future__ import annotations

from autograder.hidden_tests.pooling.draws import Pair
from autograder.hidden_tests.pooling.windows import FaultList, Options

LAYOUT_FAULTS = FaultList()


def _square(o: Options, side: int, step: int | None = None) -> tuple[Pair, Pair, Pair]:
    """Return windows of one side, with one step in both directions where it is given."""
    stride = o.stride if step is None else (step, step)
    return o.counted((side, side), stride), (side, side), stride


def _one_step(o: Options, step: int) -> tuple[Pair, Pair, Pair]:
    return o.counted(o.size, (step, step)), o.size, (step, step)


def _own_step_or_side(o: Options, which: int) -> int:
    return o.given[which] if o.given else o.size[which]


LAYOUT_FAULTS.add_rows(
    "the window is taken for square: of a size of two numbers the first is its height and the "
    "second its width, so use both.",
    {
        "window_height_for_both_sides": lambda o: _square(o, o.size[0]),
        "first_numbers_for_both_directions": lambda o: _square(
            o, o.size[0], _own_step_or_side(o, 0)
        ),
        "window_width_for_both_sides": lambda o: _square(o, o.size[1]),
        "second_numbers_for_both_directions": lambda o: _square(
            o, o.size[1], _own_step_or_side(o, 1)
        ),
    },
)
LAYOUT_FAULTS.add_rows(
    "the window's height is used for its width where the window is cut out: its columns end at "
    "left + width, and height and width may differ.",
    {"height_for_width_in_the_window": lambda o: (o.shape, (o.size[0], o.size[0]), o.stride)},
)
LAYOUT_FAULTS.add_rows(
    "the window's width is used for its height where the window is cut out: its rows end at "
    "top + height, and height and width may differ.",
    {"width_for_height_in_the_window": lambda o: (o.shape, (o.size[1], o.size[1]), o.stride)},
)
LAYOUT_FAULTS.add_rows(
    "one step is used in both directions: of a stride of two numbers the first goes down and the "
    "second to the right.",
    {
        "first_step_for_both": lambda o: _one_step(o, o.stride[0]),
        "second_step_for_both": lambda o: _one_step(o, o.stride[1]),
    },
)
LAYOUT_FAULTS.add_rows(
    "rows begin with the step for the columns: of a stride of two numbers the first goes down and "
    "the second to the right, so the window of output row i starts at i * down.",
    {"column_step_for_rows": lambda o: (o.shape, o.size, (o.stride[1], o.stride[1]))},
)
LAYOUT_FAULTS.add_rows(
    "the output's number of columns is computed with the window's height, or the step down: it is "
    "(W - width) // right + 1, with the numbers of the columns throughout.",
    {
        "columns_counted_with_the_height": lambda o: (
            (o.shape[0], o.counted((0, o.size[0]), o.stride)[1]),
            o.size,
            o.stride,
        ),
        "columns_counted_with_the_step_down": lambda o: (
            (o.shape[0], o.counted(o.size, (1, o.stride[0]))[1]),
            o.size,
            o.stride,
        ),
    },
)
LAYOUT_FAULTS.add_rows(
    "the output's number of rows is computed with the window's width, or the step to the right: it "
    "is (H - height) // down + 1, with the numbers of the rows throughout.",
    {
        "rows_counted_with_the_width": lambda o: (
            (o.counted((o.size[1], 0), o.stride)[0], o.shape[1]),
            o.size,
            o.stride,
        ),
        "rows_counted_with_the_step_to_the_right": lambda o: (
            (o.counted(o.size, (o.stride[1], 1))[0], o.shape[1]),
            o.size,
            o.stride,
        ),
    },
)
LAYOUT_FAULTS.add_rows(
    "the image is taken for square, with as many columns as rows: the height is x.shape[1] and the "
    "width x.shape[2], each for its own output length.",
    {
        "columns_counted_from_the_image_s_height": lambda o: (
            (o.shape[0], (o.image[0] - o.size[1]) // o.stride[1] + 1),
            o.size,
            o.stride,
        ),
        "as_many_columns_as_rows": lambda o: ((o.shape[0], o.shape[0]), o.size, o.stride),
        "as_many_rows_as_columns": lambda o: ((o.shape[1], o.shape[1]), o.size, o.stride),
    },
)
LAYOUT_FAULTS.add_rows(
    "the remainder is rounded: rows and columns at the end that do not fill a window are dropped, "
    "so divide with //, which rounds down.",
    {
        "remainder_rounded": lambda o: (
            (
                round((o.image[0] - o.size[0]) / o.stride[0]) + 1,
                round((o.image[1] - o.size[1]) / o.stride[1]) + 1,
            ),
            o.size,
            o.stride,
        )
    },
)
LAYOUT_FAULTS.add_rows(
    "the output's size is H // size: that is right where windows stand side by side. In general "
    "(H - size) // stride + 1 windows fit.",
    {
        "output_size_by_window": lambda o: (
            (o.image[0] // o.size[0], o.image[1] // o.size[1]),
            o.size,
            o.stride,
        )
    },
)
LAYOUT_FAULTS.add_rows(
    "the output's size is (H - size) * stride + 1: a larger stride makes fewer windows, so divide, "
    "(H - size) // stride + 1.",
    {
        "multiplied_by_the_stride": lambda o: (
            (
                (o.image[0] - o.size[0]) * o.stride[0] + 1,
                (o.image[1] - o.size[1]) * o.stride[1] + 1,
            ),
            o.size,
            o.stride,
        )
    },
)
LAYOUT_FAULTS.add_rows(
    "windows begin at i * size whatever the stride says: the window of output row i starts at row "
    "i * stride, and that of output column j at column j * stride.",
    {"window_starts_at_i_times_size": lambda o: (o.shape, o.size, o.size)},
)
LAYOUT_FAULTS.add_rows(
    "the last start is left out, as range(0, H - size, stride) does: a range ends before its "
    "second number, so write H - size + 1.",
    {
        "last_start_left_out": lambda o: (
            (
                -(-(o.image[0] - o.size[0]) // o.stride[0]),
                -(-(o.image[1] - o.size[1]) // o.stride[1]),
            ),
            o.size,
            o.stride,
        )
    },
)
LAYOUT_FAULTS.add_rows(
    "the windows are always 2 rows high and 2 columns wide: take both numbers from size.",
    {
        "always_2_by_2": lambda o: (o.counted((2, 2), o.stride), (2, 2), o.stride),
        "always_2_by_2_and_2_apart": lambda o: (o.counted((2, 2), (2, 2)), (2, 2), (2, 2)),
    },
)
LAYOUT_FAULTS.add_rows(
    "the windows are always 2 rows and 2 columns apart: take the steps from stride, and from size "
    "where no stride is given.",
    {"always_2_apart": lambda o: (o.counted(o.size, (2, 2)), o.size, (2, 2))},
)
LAYOUT_FAULTS.add_rows(
    "pairs are read as (width, height) and (right, down): the height, and the step down, come "
    "first.",
    {
        "both_pairs_read_backwards": lambda o: (
            o.counted(o.size[::-1], o.stride[::-1]),
            o.size[::-1],
            o.stride[::-1],
        ),
        "default_stride_read_backwards": lambda o: (
            o.counted(o.size, o.stride[::-1]),
            o.size,
            o.stride[::-1],
        ),
    },
)
LAYOUT_FAULTS.add_rows(
    "the stride is ignored: windows begin at every row and column. That of output (i, j) begins at "
    "row i * stride and column j * stride, and there are fewer.",
    {"stride_ignored": lambda o: (o.counted(o.size, (1, 1)), o.size, (1, 1))},
)
LAYOUT_FAULTS.add_rows(
    "the windows are one column wide: they end at left + width, as they end at top + height.",
    {"one_column_wide": lambda o: (o.shape, (o.size[0], 1), o.stride)},
)
LAYOUT_FAULTS.add_rows(
    "the windows are one row high: they end at top + height, as they end at left + width.",
    {"one_row_high": lambda o: (o.shape, (1, o.size[1]), o.stride)},
)
LAYOUT_FAULTS.add_rows(
    "the image is cut up into blocks as large as the stride: the windows have size rows and "
    "columns, and the stride only says where they begin.",
    {
        "blocks_of_the_stride": lambda o: (
            (o.image[0] // o.stride[0], o.image[1] // o.stride[1]),
            o.stride,
            o.stride,
        )
    },
)
LAYOUT_FAULTS.add_rows(
    "size and stride are swapped: size says how large a window is, stride how far it moves.",
    {
        "size_and_stride_swapped": lambda o: (
            o.counted(o.stride, o.size),
            o.stride,
            o.size,
        )
    },
)
