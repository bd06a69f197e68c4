"""``conv1d``: a convolution layer on signals."""

# ruff: noqa: ARG001, D103 - a mistake ignores what it should use, and its sentence describes it

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.exercises import CaseGroup, FunctionExercise, MistakeList, all_forms
from autograder.hidden_tests.convolution import changes
from autograder.hidden_tests.convolution.draws import layer_case
from autograder.hidden_tests.convolution.layer1d_mistakes import ROWS
from autograder.hidden_tests.convolution.layer_sum_mistakes import LAYER_SUMS, SIGNAL_SUMS
from autograder.hidden_tests.convolution.loops import LOOPS, layers
from coursekit.arrays import Array

_mistakes = MistakeList()


def conv1d(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    """Return the layer's output, summed from NumPy's correlations of single channels.

    Args:
        x: signals, (N, L, C_in).
        w: kernels, (K, C_in, C_out).
        b: biases, (C_out,).
        stride: step of the window.
        pad: zeros at each end.

    Returns:
        Array of shape (N, L_out, C_out).
    """
    x = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    maps = [
        [
            sum(np.correlate(one[:, c], w[:, c, o], "valid") for c in range(w.shape[1]))
            for o in range(w.shape[2])
        ]
        for one in x
    ]
    return np.moveaxis(np.array(maps), 1, -1)[:, ::stride] + b


def _layer(
    x: Array, w: Array, b: Array | float, stride: int = 1, pads: tuple[int, int] = (0, 0)
) -> Array:
    windows = sliding_window_view(np.pad(x, ((0, 0), pads, (0, 0))), len(w), 1)[:, ::stride]
    return np.asarray(np.einsum("nica,aco->nio", windows, w) + b)


@_mistakes.add(
    "the stride is ignored: the window for output i must start at i * stride, and the output has "
    "(n + 2 * pad - k) // stride + 1 entries."
)
def stride_ignored(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return _layer(x, w, b, 1, (pad, pad))


@_mistakes.add(
    "the stride is used for the output's length but not for where the window starts: it must "
    "start at i * stride."
)
def stride_ignored_in_window_starts(
    x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0
) -> Array:
    length = _layer(x, w, b, stride, (pad, pad)).shape[1]
    return _layer(x, w, b, 1, (pad, pad))[:, :length]


@_mistakes.add(
    "the padding is forgotten, or the windows are not cut from the padded signal: put pad zeros "
    "before and after every signal, and slide over those."
)
def padding_forgotten(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return _layer(x, w, b, stride)


def padding_1_if_any(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return _layer(x, w, b, stride, (min(pad, 1), min(pad, 1)))


@_mistakes.add(
    "the padding is always 1, whatever pad says, at the ends, in the output's length or in both: "
    "use the argument pad.",
    others=(
        padding_1_if_any,
        *layers(1, [changes.frame_of_1, changes.size_of_padding_1], LOOPS),
    ),
)
def padding_always_1(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return _layer(x, w, b, stride, (1, 1))


@_mistakes.add(
    "zeros are added, or counted in the output's length, at the start only: there must be pad of "
    "them at the end as well."
)
def padding_at_start_only(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return _layer(x, w, b, stride, (pad, 0))


@_mistakes.add("zeros are added at the end only: there must be pad of them at the start as well.")
def padding_at_end_only(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return _layer(x, w, b, stride, (0, pad))


@_mistakes.add(
    "the kernel is flipped first, as np.convolve does: a layer does not flip, it correlates."
)
def kernel_flipped(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return _layer(x, w[::-1], b, stride, (pad, pad))


@_mistakes.add("the bias is missing: add b[o] to every entry of output channel o.")
def bias_missing(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return _layer(x, w, 0.0, stride, (pad, pad))


@_mistakes.add(
    "the bias is added once for every input channel: add b[o] once, after the sum over channels."
)
def bias_added_per_channel(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return _layer(x, w, w.shape[1] * b, stride, (pad, pad))


@_mistakes.add(
    "only the first input channel is used: every kernel reaches through all input channels, and "
    "their products are summed."
)
def first_channel_only(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return _layer(x[..., :1], w[:, :1], b, stride, (pad, pad))


@_mistakes.add(
    "only the first signal of the batch is worked on and the others stay 0: is the return inside "
    "the loop over the signals?"
)
def first_signal_only(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    out = _layer(x, w, b, stride, (pad, pad))
    out[1:] = 0.0
    return out


@_mistakes.add(
    "the remainder is kept: the length is rounded up, or to the nearest whole number, but where "
    "the last window does not fit wholly, there is no output. Round down, with //.",
    others=layers(1, changes.ROUNDED, LOOPS),
)
def remainder_kept(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    rest = -(x.shape[1] + 2 * pad - len(w)) % stride
    return _layer(x, w, b, stride, (pad, pad + rest))


@_mistakes.add("the channels come before the positions: the order is (N, L_out, C_out).")
def channels_first(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return _layer(x, w, b, stride, (pad, pad)).transpose(0, 2, 1)


def loops(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    x = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    out = np.zeros((len(x), (x.shape[1] - len(w)) // stride + 1, w.shape[2]))
    for n, i, o in np.ndindex(*out.shape):
        window = x[n, i * stride : i * stride + len(w)]
        out[n, i, o] = (window * w[..., o]).sum() + b[o]
    return out


def windows(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    return _layer(x, w, b, stride, (pad, pad))


def loop_over_kernel(x: Array, w: Array, b: Array, *, stride: int = 1, pad: int = 0) -> Array:
    x = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    reach = x.shape[1] - len(w) + 1
    return np.asarray(b + sum(x[:, a : a + reach : stride] @ w[a] for a in range(len(w))))


_case = partial(layer_case, rest=(0,))

GROUPS = (
    CaseGroup(
        "basic",
        0.25,
        (partial(_case, kernel=(3,), out=(3,)), partial(_case, kernel=(2,), out=(4,), channels=2)),
    ),
    CaseGroup(
        "bias",
        0.15,
        (
            partial(_case, kernel=(2,), out=(3,), channels=2, filters=2, bias=True),
            partial(_case, kernel=(3,), out=(3,), channels=2, filters=3, bias=True),
        ),
    ),
    CaseGroup(
        "stride",
        0.2,
        (
            partial(_case, kernel=(2,), out=(2,), stride=2, filters=2),
            partial(_case, kernel=(3,), out=(4,), stride=2, rest=(1,), channels=2),
            partial(_case, kernel=(2,), out=(2,), stride=3, rest=(2,)),
        ),
    ),
    CaseGroup(
        "padding",
        0.25,
        (
            partial(_case, kernel=(3,), out=(3,), pad=0, filters=2),
            partial(_case, kernel=(3,), out=(4,), pad=1, channels=2),
            partial(_case, kernel=(4,), out=(5,), pad=2),
            partial(_case, kernel=(3,), out=(3,), rest=(1,), pad=1, stride=2),
        ),
    ),
    CaseGroup(
        "channels and batch",
        0.15,
        (
            partial(_case, kernel=(2,), out=(3,), items=3, channels=2, filters=2, bias=True),
            partial(_case, kernel=(3,), out=(2,), items=2, channels=3, filters=4),
        ),
    ),
)

CONV1D = FunctionExercise(
    name="conv1d",
    points=8,
    reference=conv1d,
    groups=GROUPS,
    mistakes=(*_mistakes, *ROWS, *LAYER_SUMS, *SIGNAL_SUMS),
    variants=(loops, windows, loop_over_kernel, *all_forms(windows)),
)
