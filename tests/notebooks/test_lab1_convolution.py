"""Lab 1, and the demo's hand-ins that are made from it."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from types import ModuleType

import pytest

from autograder.hidden_tests.convolution import EXERCISES
from tests.notebooks.lab_tests import ROOT, Lab, LabTests

MISTAKES = {
    "correlate2d": (
        """\
def correlate2d(image, kernel):
    (height, width), (rows, columns) = image.shape, kernel.shape
    out = np.zeros((height - rows + 1, width - columns + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(image[i : i + rows, j : j + columns] * kernel[::-1, ::-1])
    return out""",
        "This is what comes out when the kernel is flipped: that is convolution",
    ),
    "conv2d": (
        """\
def conv2d(x, w, b, *, stride=1, pad=0):
    framed = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    rows, columns, channels, filters = w.shape
    height, width = framed.shape[1] - rows, framed.shape[2] - columns
    out = np.zeros((len(x), height // stride + 1, width // stride + 1, filters))
    for n, i, j, o in np.ndindex(out.shape):
        window = framed[n, i : i + rows, j : j + columns]
        out[n, i, j, o] = np.sum(window * w[..., o]) + b[o]
    return out""",
        "This is what comes out when the stride is used for the output's size but not for where",
    ),
}

LAB = Lab(
    folder="lab1_convolution",
    notebook="convolution",
    package="convolution",
    points={
        "test_conv_output_size": 8,
        "test_zero_pad": 8,
        "test_correlate2d": 12,
        "test_lecture_error": 5,
        "test_convolve2d": 6,
        "test_conv_step": 6,
        "test_conv2d": 25,
        "written_translation": 6,
        "test_vertical_edges": 6,
        "test_conv1d": 8,
        "test_conv2d_fast": 10,
    },
    written="written_translation",
    core=(60, 76),
    minutes=90,
    functions=11,  # the lecture-error task has two
    stored=10,  # vertical_edge_kernel may be many things
    waiting={"picture-kernels": "correlate2d"},
    mistakes=MISTAKES,
)


class TestLab1(LabTests):
    lab = LAB


@pytest.fixture(scope="module")
def demo() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_submissions", ROOT / "demo" / "make_submissions.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


def test_the_demo_hand_ins_are_made_from_todays_lab(demo: ModuleType) -> None:
    stale = [path for path, text in demo.submissions() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run python demo/make_submissions.py"


def test_the_demo_has_a_class_of_eleven(demo: ModuleType) -> None:
    shipped = {path.name for path in (ROOT / "demo" / "submitted").iterdir()}
    assert shipped == set(demo.students())
    assert len(shipped) == 11


def test_the_demo_expects_something_of_everyone_and_names_known_mistakes(demo: ModuleType) -> None:
    expected = tomllib.loads((ROOT / "demo" / "expected.toml").read_text(encoding="utf-8"))
    known = {trial.id for exercise in EXERCISES for trial in exercise.trials()}
    automatic = set(LAB.points) - {LAB.written}
    assert set(expected) == set(demo.students())
    for student, marks in expected.items():
        assert set(marks["points"]) == automatic, student
        assert all(0 <= marks["points"][task] <= LAB.points[task] for task in automatic), student
        assert sum(marks["points"].values()) == pytest.approx(marks["total"]), student
        assert set(marks["mistakes"]) <= known, student
    assert [s for s in expected if expected[s]["total"] == 94] == ["ada", "bao"]
