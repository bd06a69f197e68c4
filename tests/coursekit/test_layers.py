"""The given forward passes, against sums over windows."""

from __future__ import annotations

import numpy as np
import pytest

from coursekit import layers


def windows(x, size, stride):
    view = np.lib.stride_tricks.sliding_window_view(x, size, (1, 2))
    return view[:, ::stride, ::stride]


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 1), (3, 2)])
def test_convolution(stride, pad):
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(2, 6, 7, 3)), rng.normal(size=(3, 2, 3, 4)), rng.normal(size=4)
    framed = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    expected = np.einsum("nijcab,abco->nijo", windows(framed, (3, 2), stride), w) + b
    out = layers.conv2d(x, w, b, stride=stride, pad=pad)
    np.testing.assert_allclose(out, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("stride", [None, 1, 2])
def test_pooling(stride, size):
    x = np.random.default_rng(0).normal(size=(2, 7, 8, 3))
    seen = windows(x, (size, size), stride or size)
    largest, mean = (f(x, size=size, stride=stride) for f in (layers.max_pool2d, layers.avg_pool2d))
    np.testing.assert_array_equal(largest, seen.max((4, 5)))
    np.testing.assert_allclose(mean, seen.mean((4, 5)), atol=1e-12)
