"""``conv2d_backward``: the gradients of a convolution layer."""

from __future__ import annotations

from functools import partial

import numpy as np
from scipy import signal

from autograder.exercises import CaseGroup, FunctionExercise
from autograder.hidden_tests.backprop.conv_form_mistakes import FORM_MISTAKES
from autograder.hidden_tests.backprop.conv_layout_mistakes import LAYOUT_MISTAKES
from autograder.hidden_tests.backprop.conv_loop_mistakes import LOOP_MISTAKES
from autograder.hidden_tests.backprop.conv_mistakes import MISTAKES
from autograder.hidden_tests.backprop.conv_part_mistakes import PART_MISTAKES
from autograder.hidden_tests.backprop.conv_variants import VARIANTS
from autograder.hidden_tests.backprop.draws import conv_case
from coursekit.arrays import Array


def conv2d_backward(
    dout: Array, x: Array, w: Array, *, stride: int = 1, pad: int = 0
) -> tuple[Array, Array, Array]:
    """Return the gradients, by SciPy's convolutions and correlations of single channels.

    Args:
        dout: gradient of the loss with respect to the layer's output, (N, OH, OW, C_out).
        x: the layer's input, (N, H, W, C_in).
        w: its kernels, (KH, KW, C_in, C_out).
        stride: step of the window in rows and columns.
        pad: zeros on each side of rows and columns.

    Returns:
        dx, dw and db: shapes of x, of w and (C_out,).
    """
    framed = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    rows, columns = framed.shape[1] - w.shape[0] + 1, framed.shape[2] - w.shape[1] + 1
    spread = np.zeros((len(x), rows, columns, w.shape[3]))
    spread[:, ::stride, ::stride] = dout
    dx, dw = np.zeros_like(framed), np.zeros_like(w)
    for n, c, o in np.ndindex(len(x), *w.shape[2:]):
        dx[n, ..., c] += signal.convolve2d(spread[n, ..., o], w[..., c, o])
        dw[..., c, o] += signal.correlate2d(framed[n, ..., c], spread[n, ..., o], "valid")
    inside = dx[:, pad : pad + x.shape[1], pad : pad + x.shape[2]]
    return inside, dw, dout.sum(axis=(0, 1, 2))


_apart = partial(conv_case, stride=2, pad=1)  # 2 x 2 kernels beside each other

GROUPS = (
    CaseGroup(
        "one window",
        0.05,
        (
            partial(conv_case, kernel=(3, 3), out=(1, 1), pad=1, channels=2),
            partial(conv_case, kernel=(4, 4), out=(1, 1), pad=1, filters=2),
            partial(conv_case, kernel=(4, 4), out=(1, 1), pad=1, channels=2, filters=2),
        ),
    ),
    CaseGroup(
        "windows side by side",
        0.2,
        (
            partial(_apart, out=(2, 2)),
            partial(_apart, out=(3, 3), channels=2, filters=2),
            partial(conv_case, kernel=(3, 3), stride=3, pad=1, out=(2, 2), channels=2),
        ),
    ),
    CaseGroup(
        "windows that overlap",
        0.2,
        (
            partial(conv_case, kernel=(2, 2), out=(3, 3), pad=1, channels=2),
            partial(conv_case, kernel=(3, 3), out=(3, 3), pad=1, filters=2),
            partial(conv_case, kernel=(3, 3), out=(2, 2), pad=1, stride=2, channels=2, filters=2),
        ),
    ),
    CaseGroup(
        "padding 0",
        0.1,
        (
            partial(conv_case, stride=2, pad=0, channels=2),
            partial(conv_case, kernel=(3, 3), out=(1, 1), filters=2),
            partial(conv_case, kernel=(3, 3), out=(2, 2), stride=3, pad=0),
        ),
    ),
    CaseGroup(
        "padding 2",
        0.1,
        (
            partial(conv_case, kernel=(2, 2), out=(4, 4), stride=2, pad=2),
            partial(conv_case, kernel=(3, 3), out=(3, 3), stride=3, pad=2, channels=2),
        ),
    ),
    CaseGroup(
        "padding over the stride",
        0.05,
        (
            partial(conv_case, kernel=(3, 3), out=(5, 5), stride=1, pad=2),
            partial(conv_case, kernel=(3, 3), out=(6, 6), stride=1, pad=3, filters=2),
        ),
    ),
    CaseGroup(
        "stride with a remainder",
        0.1,
        (
            partial(_apart, out=(2, 2), rest=(1, 1)),
            partial(conv_case, stride=3, pad=1, out=(2, 2), rest=(2, 2), filters=2),
        ),
    ),
    CaseGroup(
        "channels and batch",
        0.1,
        (
            partial(_apart, items=2, channels=2, filters=3),
            partial(_apart, items=3, channels=3, filters=2),
        ),
    ),
    CaseGroup(
        "not square",
        0.1,
        (
            partial(conv_case, kernel=(2, 3), stride=3, pad=1, out=(2, 3), rest=(1, 0), channels=2),
            partial(conv_case, kernel=(3, 2), stride=3, pad=1, out=(3, 2), rest=(2, 0), filters=2),
        ),
    ),
)

CONV2D_BACKWARD = FunctionExercise(
    name="conv2d_backward",
    points=20,
    reference=conv2d_backward,
    groups=GROUPS,
    mistakes=(*MISTAKES, *LOOP_MISTAKES, *LAYOUT_MISTAKES, *FORM_MISTAKES, *PART_MISTAKES),
    variants=VARIANTS,
    parts={"dx": 3, "dw": 2, "db": 1},
)
