"""Faults on the way back through pooling in how many windows there are.

Import `pool_mistakes` from here: it has the faults of `pool_faults`, too.
"""

from __future__ import annotations

from autograder.hidden_tests.backprop.pool_faults import fault, pool_mistakes
from autograder.hidden_tests.backprop.pool_windows import Share, through_windows
from coursekit.arrays import Array

__all__ = ["SQUARE", "pool_mistakes"]


SQUARE = (
    "as many columns of windows as rows are looped over, or the other way round: dout has OH rows "
    "and OW columns, which may differ. Take both, with _, OH, OW, _ = dout.shape."
)


@fault(SQUARE)
def as_many_columns_as_rows(
    dout: Array, x: Array, size: int, stride: int | None, share: Share
) -> Array:
    return _counted(dout, x, size, stride, share, (dout.shape[1], dout.shape[1]))


@fault(SQUARE)
def as_many_rows_as_columns(
    dout: Array, x: Array, size: int, stride: int | None, share: Share
) -> Array:
    return _counted(dout, x, size, stride, share, (dout.shape[2], dout.shape[2]))


@fault(
    "windows are counted as H // size: that is right where they lie side by side. In general there "
    "are (H - size) // stride + 1, and dout.shape says how many."
)
def counted_by_size(dout: Array, x: Array, size: int, stride: int | None, share: Share) -> Array:
    outputs = x.shape[1] // size, x.shape[2] // size
    return _counted(dout, x, size, stride, share, outputs)


@fault(
    "windows are counted as H // stride: that is right where they lie side by side. In general "
    "there are (H - size) // stride + 1, and dout.shape says how many."
)
def counted_by_stride(dout: Array, x: Array, size: int, stride: int | None, share: Share) -> Array:
    step = stride or size
    return _counted(dout, x, size, stride, share, (x.shape[1] // step, x.shape[2] // step))


@fault(
    "the last row and column of windows are left out: (H - size) // stride counts the steps; the "
    "first window comes on top of them, + 1. dout.shape says how many there are."
)
def last_windows_left_out(
    dout: Array, x: Array, size: int, stride: int | None, share: Share
) -> Array:
    outputs = dout.shape[1] - 1, dout.shape[2] - 1
    return _counted(dout, x, size, stride, share, outputs)


def _counted(
    dout: Array, x: Array, size: int, stride: int | None, share: Share, outputs: tuple[int, int]
) -> Array:
    step = stride or size
    return through_windows(dout, x, share, size=size, stride=step, outputs=outputs)
