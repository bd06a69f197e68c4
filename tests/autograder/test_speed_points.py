"""Points for speed do not depend on how busy the machine is, nor on what else the kernel holds."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from autograder.examiner.examine import examine
from autograder.examiner.given import Given
from autograder.examiner.link import Link
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import KernelSession

GRADINGS = 10

FUNCTIONS = '''
import operator
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def prepared(x, w, stride, pad):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    rows, columns = ((n - k) // stride + 1 for n, k in zip(x.shape[1:3], w.shape[:2]))
    return x, np.zeros((len(x), rows, columns, w.shape[3]))

def pixel_by_pixel(x, w, b, *, stride=1, pad=0):
    """All filters of a pixel at once: the hand-in whose points went up and down."""
    x, out = prepared(x, w, stride, pad)
    height, width, matrix = *w.shape[:2], w.reshape(-1, w.shape[3])
    for n, row, column in np.ndindex(out.shape[:3]):
        top, left = row * stride, column * stride
        out[n, row, column] = x[n, top : top + height, left : left + width].ravel() @ matrix + b
    return out

def with_lists(x, w, b, *, stride=1, pad=0):
    """The fastest loop over the pixels that there is: lists in place of arrays."""
    if stride > 1 or x.shape[3] > 1 or w.shape[3] > 1:
        return pixel_by_pixel(x, w, b, stride=stride, pad=pad)
    x, out = prepared(x, w, stride, pad)
    weights, bias = w.ravel().tolist(), float(b[0])
    for n, image in enumerate(x[..., 0].tolist()):
        for row in range(out.shape[1]):
            lines, found = image[row : row + len(w)], []
            for column in range(out.shape[2]):
                patch = []
                for line in lines:
                    patch += line[column : column + w.shape[1]]
                found.append(sum(map(operator.mul, patch, weights)) + bias)
            out[n, row, :, 0] = found
    return out

def vectorised(x, w, b, *, stride=1, pad=0):
    x, _ = prepared(x, w, stride, pad)
    windows = sliding_window_view(x, w.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.tensordot(windows, w.transpose(2, 0, 1, 3), axes=3) + b

def place_by_place(x, w, b, *, stride=1, pad=0):
    x, out = prepared(x, w, stride, pad)
    rows, columns = (stride * n for n in out.shape[1:3])
    for a, c in np.ndindex(w.shape[:2]):
        out += x[:, a : a + rows : stride, c : c + columns : stride][
            :, : out.shape[1], : out.shape[2]] @ w[a, c]
    return out + b
'''


def burn() -> None:
    while True:
        pass


@contextmanager
def busy_machine(processes: int) -> Iterator[None]:
    """Others compute all the while."""
    context = multiprocessing.get_context("spawn")
    burners = [context.Process(target=burn, daemon=True) for _ in range(processes)]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.join()


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("function", "points"),
    [("pixel_by_pixel", 6), ("with_lists", 6), ("vectorised", 10), ("place_by_place", 10)],
)
def test_many_gradings_on_a_busy_machine_give_one_value(function: str, points: int) -> None:
    imports = ["from autograder.hidden_tests import convolution"]
    given = Given.from_sources(imports, [FUNCTIONS])
    with busy_machine(4), KernelSession(Limits()) as session:
        session.run_cell(FUNCTIONS)
        line = f"convolution.CONV2D_FAST.grade({function})"
        link = Link(session.ask)
        marks = [examine(line, link, maximum=10, given=given) for _ in range(GRADINGS)]
    assert [float(mark) for mark in marks] == [points] * GRADINGS
