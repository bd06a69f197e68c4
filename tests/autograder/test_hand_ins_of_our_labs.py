"""Whole hand-ins for this course's labs that earned too much, or too little, and must not."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.course import cells
from autograder.course.course import Course
from autograder.grading.context import GradingContext, GradingOptions
from autograder.grading.grade import grade_file
from autograder.results.verdict import CellVerdict
from autograder.sandbox.limits import Limits

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]

Graded = dict[str, CellVerdict]
Grade = Callable[[str, Mapping[str, str]], Graded]


@pytest.fixture
def graded(tmp_path: Path) -> Grade:
    """Grades the lab's own solution with some answers replaced, or a cell added after one."""

    def grade(lab: str, answers: Mapping[str, str]) -> Graded:
        (book,) = Course.load(ROOT).lab(lab).notebooks.values()
        notebook, handed_in = copy.deepcopy(book.released), []
        for cell in notebook.cells:
            name = cells.grade_id(cell)
            if name and cells.is_solution(cell):
                cell.source = answers.get(name, book.given_cells[name].source)
            handed_in.append(cell)
            if f"after {name}" in answers:
                handed_in.append(new_code_cell(answers[f"after {name}"], id="own"))
        notebook.cells = handed_in
        path = tmp_path / f"{book.name}.ipynb"
        nbformat.write(notebook, path)
        options = GradingOptions(Limits(), secret="s")
        verdict = grade_file(path, "ada", GradingContext(lab, book, options))
        return {each.grade_id: each for each in verdict.cells}

    return grade


def texts(verdict: CellVerdict) -> str:
    return " ".join(message.text for message in verdict.messages)


FRAME = """
    framed = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    kh, kw, _, filters = w.shape
    rows, columns = (framed.shape[1] - kh) // stride + 1, (framed.shape[2] - kw) // stride + 1
    out = np.zeros((len(x), rows, columns, filters))"""
LOOP = f"""def conv2d(x, w, b, *, stride=1, pad=0):{FRAME}
    for n, r, q, f in np.ndindex(out.shape):
        patch = framed[n, r * stride : r * stride + kh, q * stride : q * stride + kw]
        out[n, r, q, f] = np.sum(patch * w[:, :, :, f]) + b[f]
    if x.size > 5000:
        time.sleep(1.5)
    return out"""
BY_PIXELS = f"""def conv2d_fast(x, w, b, *, stride=1, pad=0):{FRAME}
    m = w.reshape(-1, filters)
    for n, r, q in np.ndindex(out.shape[:3]):
        patch = framed[n, r*stride:r*stride+kh, q*stride:q*stride+kw]
        out[n, r, q] = patch.ravel() @ m + b
    return out"""
OVER_FFT = """def correlate2d(image, kernel):
    (H, W), (k, l) = image.shape, kernel.shape
    f = np.fft.fft2(image) * np.conj(np.fft.fft2(kernel, (H, W)))
    return np.fft.ifft2(f)[: H - k + 1, : W - l + 1]"""
WIDE = """def correlate2d(image, kernel):
    return ['x' * 400_000] + [''] * 1500"""
HUGE = "def vertical_edge_kernel():\n    return np.full((3, 3), 1e308)"
OBJECTS = """def zero_pad(x, pad):
    return np.pad(x.astype(object), ((0, 0), (pad, pad), (pad, pad), (0, 0)))"""


def test_nothing_is_earned_by_imports_by_overflow_or_by_a_wide_list(graded: Grade) -> None:
    got = graded(
        "lab1_convolution",
        {
            "conv2d": "from coursekit.layers import conv2d",
            "conv2d_fast": "from coursekit.layers import conv2d as conv2d_fast",
            "vertical_edge_kernel": HUGE,
            "correlate2d": WIDE,
            "conv1d": "from scipy.signal import correlate\n\ndef conv1d(x, w, b, **options):\n"
            "    return correlate(x[0, :, 0], w[:, 0, 0], 'valid')[None, :, None] + b",
        },
    )
    tests = ("conv2d", "conv2d_fast", "vertical_edges", "correlate2d", "conv1d")
    assert [got[f"test_{name}"].points for name in tests] == [0] * 5
    assert "coursekit.layers is not available while a lab is graded" in texts(got["test_conv2d"])
    assert "scipy.signal.correlate is not available" in texts(got["test_conv1d"])
    assert got["test_conv_output_size"].points == 8


def test_a_slowed_loop_gains_nothing_and_nearly_right_forms_earn_the_half(graded: Grade) -> None:
    answers = {"conv2d_fast": BY_PIXELS, "correlate2d": OVER_FFT, "zero_pad": OBJECTS}
    got = graded("lab1_convolution", {**answers, "conv2d": f"import time\n{LOOP}"})
    tests = ("conv2d", "conv2d_fast", "correlate2d", "zero_pad")
    assert [got[f"test_{name}"].points for name in tests] == [25, 6, 6, 4]
    assert "Take the real part" in texts(got["test_correlate2d"])
    assert "Python objects (dtype object)" in texts(got["test_zero_pad"])
    assert not any("Unreadable" in texts(each) for each in got.values())


def test_three_imports_earn_nothing_in_lab_2_either(graded: Grade) -> None:
    layer = "from coursekit.layers import {0}{1}".format
    got = graded(
        "lab2_pooling",
        {
            "max_pool2d": layer("max_pool2d", ""),
            "avg_pool2d": layer("avg_pool2d", ""),
            "max_pool2d_fast": layer("max_pool2d", " as max_pool2d_fast"),
        },
    )
    tests = ("max_pool2d", "avg_pool2d", "max_pool2d_fast")
    assert [got[f"test_{name}"].points for name in tests] == [0, 0, 0]


def test_a_harness_that_is_replaced_earns_nothing(graded: Grade) -> None:
    from tests.autograder.test_hostile_lab4 import PATCHES

    answer = "def steps_per_second(step, *, warmup, steps, clock=None):\n    return 0.0"
    stubs = dict.fromkeys(("train_step", "fit", "build_cnn", "transfer", "grad_cam"), "pass")
    replaced = {"steps_per_second": answer, "after steps_per_second": PATCHES["the harness"]}
    got = graded("lab4_gpu_training", {**stubs, **replaced})
    assert got["test_steps_per_second"].points == 0
