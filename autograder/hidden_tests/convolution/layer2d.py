"""``conv2d``: a convolution layer."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from scipy import signal

from autograder.exercises import CaseGroup, FunctionExercise, distinguishing, functions_named
from autograder.hidden_tests.convolution.draws import layer_case
from autograder.hidden_tests.convolution.layer2d_mistakes import MISTAKES
from autograder.hidden_tests.convolution.layer2d_variants import VARIANTS
from coursekit.arrays import Array


def conv2d(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    """Return the layer's output, summed from SciPy's correlations of single channels.

    Args:
        x: images, (N, H, W, C_in).
        w: kernels, (KH, KW, C_in, C_out).
        b: biases, (C_out,).
        stride: step of the window in rows and columns.
        pad: zeros on each side of rows and columns.

    Returns:
        Array of shape (N, OH, OW, C_out).
    """
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    maps = [
        [
            sum(signal.correlate2d(image[..., c], w[..., c, o], "valid") for c in range(w.shape[2]))
            for o in range(w.shape[3])
        ]
        for image in x
    ]
    return np.moveaxis(np.array(maps), 1, -1)[:, ::stride, ::stride] + b


_GROUPS = (
    CaseGroup(
        "basic",
        0.15,
        (
            partial(layer_case, kernel=(2, 2)),
            partial(layer_case, kernel=(3, 3), channels=2, filters=2),
            partial(layer_case, kernel=(3, 3), out=(3, 3), channels=2),
        ),
    ),
    CaseGroup(
        "bias",
        0.15,
        (
            partial(layer_case, kernel=(2, 2), channels=2, filters=2, bias=True),
            partial(layer_case, kernel=(1, 1), channels=3, filters=3, bias=True),
            partial(layer_case, kernel=(2, 2), channels=2, filters=3, bias=True, pad=0),
        ),
    ),
    CaseGroup(
        "stride",
        0.2,
        (
            partial(layer_case, kernel=(2, 2), stride=2, filters=2),
            partial(layer_case, kernel=(3, 3), stride=2, rest=(1, 1), channels=2),
            partial(layer_case, kernel=(2, 2), stride=3, rest=(2, 1), channels=2),
            partial(layer_case, kernel=(3, 3), stride=2, rest=(1, 1), out=(3, 3)),
        ),
    ),
    CaseGroup(
        "padding 0",
        0.05,
        (
            partial(layer_case, kernel=(3, 3), pad=0, channels=2),
            partial(layer_case, kernel=(2, 2), out=(3, 3), pad=0, filters=2),
        ),
    ),
    CaseGroup(
        "padding 1 and more",
        0.15,
        (
            partial(layer_case, kernel=(3, 3), out=(4, 4), pad=1, filters=2),
            partial(layer_case, kernel=(3, 3), out=(5, 5), pad=2, channels=2),
            partial(layer_case, kernel=(3, 3), out=(3, 3), rest=(1, 1), pad=1, stride=2),
            partial(layer_case, kernel=(2, 2), out=(7, 7), pad=3),
        ),
    ),
    CaseGroup(
        "channels and batch",
        0.15,
        (
            partial(layer_case, kernel=(2, 2), items=3, channels=2, bias=True),
            partial(layer_case, kernel=(2, 2), items=2, channels=3, filters=4, bias=True),
            partial(layer_case, kernel=(3, 3), items=2, channels=2, filters=3, pad=1, out=(3, 3)),
        ),
    ),
    CaseGroup(
        "non-square",
        0.15,
        (
            partial(layer_case, kernel=(3, 3), out=(2, 4), channels=2),
            partial(layer_case, kernel=(3, 3), out=(4, 2), filters=2),
            partial(layer_case, kernel=(2, 3), out=(2, 2), filters=2),
            partial(layer_case, kernel=(3, 1), out=(3, 5), rest=(1, 0), stride=2, pad=1, items=2),
        ),
    ),
)


def _with_negatives(group: CaseGroup) -> CaseGroup:
    """Return the group with only those cases whose output a ReLU would change."""
    relu = functions_named(MISTAKES, "relu_applied")
    return replace(group, draws=tuple(distinguishing(draw, conv2d, *relu) for draw in group.draws))


GROUPS = tuple(map(_with_negatives, _GROUPS))

CONV2D = FunctionExercise(
    name="conv2d",
    points=25,
    reference=conv2d,
    groups=GROUPS,
    mistakes=MISTAKES,
    variants=VARIANTS,
)
