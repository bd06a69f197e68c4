"""What loops and vectorised functions earn for speed: alone and on a busy machine.

Each function is measured once to the end and then graded many times, through the examiner's process
and a sandboxed kernel as in a class. It prints how many times as fast as the grader's own loop the
function is, and the points, which have to be the same in every grading::

    python -m benchmarks.speed_points [--gradings 20] [--burners 4]
"""

from __future__ import annotations

import argparse
import importlib
import math
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from autograder.examiner.given import Given
from autograder.examiner.link import Link
from autograder.examiner.messages import Request
from autograder.examiner.remote import RemoteExaminer, shared_server
from autograder.exercises.speed import measure
from autograder.results.marks import Mark
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import KernelSession

CONVOLUTIONS = '''
import operator
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def prepared(x, w, stride, pad):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    rows, columns = ((n - k) // stride + 1 for n, k in zip(x.shape[1:3], w.shape[:2]))
    return x, np.zeros((len(x), rows, columns, w.shape[3]))

def pixel_by_pixel(x, w, b, *, stride=1, pad=0):
    """All filters of a pixel at once."""
    x, out = prepared(x, w, stride, pad)
    height, width, matrix = *w.shape[:2], w.reshape(-1, w.shape[3])
    for n, row, column in np.ndindex(out.shape[:3]):
        top, left = row * stride, column * stride
        out[n, row, column] = x[n, top : top + height, left : left + width].ravel() @ matrix + b
    return out

def with_lists(x, w, b, *, stride=1, pad=0):
    """Lists in place of arrays."""
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

def row_by_row(x, w, b, *, stride=1, pad=0):
    """The windows of a row are cut from one flat list of its pixels, each a dot product."""
    x, out = prepared(x, w, stride, pad)
    height, width, channels, filters = w.shape
    matrix, step = w.transpose(1, 0, 2, 3).reshape(-1, filters).copy(), stride * height * channels
    for n, row in np.ndindex(out.shape[:2]):
        flat = x[n, row * stride : row * stride + height].transpose(1, 0, 2).ravel()
        for column in range(out.shape[2]):
            start = column * step
            out[n, row, column] = flat[start : start + len(matrix)].dot(matrix)
    return out + b

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
POOLINGS = '''
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def both(value):
    return (value, value) if isinstance(value, int) else tuple(value)

def prepared(x, size, stride):
    size = both(size)
    stride = size if stride is None else both(stride)
    rows, columns = ((n - k) // s + 1 for n, k, s in zip(x.shape[1:3], size, stride))
    return size, stride, np.zeros((len(x), rows, columns, x.shape[3]), x.dtype)

def pixel_by_pixel(x, *, size=2, stride=None):
    (height, width), (down, right), out = prepared(x, size, stride)
    for n, i, j in np.ndindex(out.shape[:3]):
        window = x[n, i * down : i * down + height, j * right : j * right + width]
        out[n, i, j] = window.max((0, 1))
    return out

def with_lists(x, *, size=2, stride=None):
    """Lists in place of arrays, rows first and then columns."""
    (height, width), (down, right), out = prepared(x, size, stride)
    last = (out.shape[2] - 1) * right + 1
    for n, channel in np.ndindex(len(x), x.shape[3]):
        image = x[n, ..., channel].tolist()
        for i in range(out.shape[1]):
            lines = image[i * down : i * down + height]
            best = list(map(max, *lines)) if height > 1 else lines[0]
            parts = [best[c : c + last : right] for c in range(width)]
            out[n, i, :, channel] = list(map(max, *parts)) if width > 1 else parts[0]
    return out

def row_by_row(x, *, size=2, stride=None):
    """The maxima down the columns by NumPy, then the largest of each window in a list."""
    (height, width), (down, right), out = prepared(x, size, stride)
    starts = range(0, out.shape[2] * right, right)
    for n, i, channel in np.ndindex(*out.shape[:2], x.shape[3]):
        best = x[n, i * down : i * down + height, :, channel].max(0).tolist()
        out[n, i, :, channel] = [max(best[start : start + width]) for start in starts]
    return out

def vectorised(x, *, size=2, stride=None):
    size, (down, right), _ = prepared(x, size, stride)
    return sliding_window_view(x, size, axis=(1, 2))[:, ::down, ::right].max((-1, -2))

def place_by_place(x, *, size=2, stride=None):
    size, (down, right), out = prepared(x, size, stride)
    out[...] = -np.inf
    rows, columns = (out.shape[1] - 1) * down + 1, (out.shape[2] - 1) * right + 1
    for a, c in np.ndindex(size):
        np.maximum(out, x[:, a : a + rows : down, c : c + columns : right], out=out)
    return out
'''


@dataclass(frozen=True)
class Task:
    """A task with points for speed.

    Args:
        module: where its hidden test lies.
        exercise: the hidden test's name there.
        points: what a right and fast function earns.
        slow: what a right and slow one earns.
        code: loops and vectorised functions for it.
    """

    module: str
    exercise: str
    points: int
    slow: int
    code: str


TASKS = {
    "conv2d_fast": Task("convolution", "CONV2D_FAST", 10, 6, CONVOLUTIONS),
    "max_pool2d_fast": Task("pooling", "MAX_POOL2D_FAST", 8, 4, POOLINGS),
}
LOOPS = ("pixel_by_pixel", "with_lists", "row_by_row")
VECTORISED = ("vectorised", "place_by_place")


def marks(task: Task, function: str, gradings: int) -> list[Mark]:
    """Return the marks of a function that is graded several times.

    Args:
        task: the task.
        function: the function's name in the task's code.
        gradings: how many times.
    """
    given = Given.from_sources([f"from autograder.hidden_tests import {task.module}"], [task.code])
    server = shared_server([f"autograder.hidden_tests.{task.module}"])
    request = Request(function, f"{task.module}.{task.exercise}.grade({function})", task.points)
    found = []
    with KernelSession(Limits()) as session:
        assert session.run_cell(task.code).error == ""
        for number in range(gradings):
            cases = (f"student {number}",)
            limits = Limits()
            with RemoteExaminer(
                server, given, files={}, cases=cases, seed=number, limits=limits
            ) as examiner:
                found.append(examiner.examine(request, session.ask, session.used).mark)
    return found


def ratio(task: Task, function: str) -> float:
    """Return how many times as fast as the grader's own loop a function is.

    Args:
        task: the task.
        function: the function's name in the task's code.
    """
    hidden_tests = importlib.import_module(f"autograder.hidden_tests.{task.module}")
    exercise = getattr(hidden_tests, task.exercise)
    endless = replace(exercise.speed, times=math.inf)  # no ratio ends the measurement early
    with KernelSession(Limits()) as session:
        assert session.run_cell(task.code).error == ""
        student = Link(session.ask, clock=session.used).look_up(function)
        questions = exercise.speed_questions(np.random.default_rng(0))
        return measure(endless, student, questions).ratio


def _burn() -> None:
    while True:
        pass


@contextmanager
def busy_machine(processes: int) -> Iterator[None]:
    """Keep the processors busy with other processes while the context lasts.

    Args:
        processes: how many.
    """
    context = multiprocessing.get_context("spawn")
    burners = [context.Process(target=_burn, daemon=True) for _ in range(processes)]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.join()


def main() -> None:
    """Print speed and points of each function."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--gradings", type=int, default=20)
    parser.add_argument("--burners", type=int, default=4)
    options = parser.parse_args()
    for burners in (0, options.burners):
        with busy_machine(burners):
            for name, task in TASKS.items():
                for function in (*LOOPS, *VECTORISED):
                    times = ratio(task, function)
                    found = marks(task, function, options.gradings)
                    points = sorted({float(mark) for mark in found})
                    what = f"{times:5.1f} times as fast, points {points}"
                    print(f"{name:16}{function:16}beside {burners} others: {what}", flush=True)


if __name__ == "__main__":
    main()
