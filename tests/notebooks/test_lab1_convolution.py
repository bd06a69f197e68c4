"""Lab 1, and the demo's hand-ins that are made from it."""

from __future__ import annotations

from autograder.hidden_tests.convolution import EXERCISES
from demo.hand_ins import students
from demo.run import points_for_answers, read_expected
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
    waiting={"picture-kernels": "correlate2d"},
    mistakes=MISTAKES,
)


class TestLab1(LabTests):
    lab = LAB


def test_the_demo_has_a_class_of_eleven_and_expects_something_of_everyone() -> None:
    expected = read_expected(ROOT / "demo" / "expected.toml")
    assert set(expected) == set(students())
    assert len(expected) == 11
    assert [s for s, of in expected.items() if sum(of.points.values()) == 94] == ["ada", "bao"]


def test_the_demo_expects_known_mistakes_and_no_more_points_than_there_are() -> None:
    known = {trial.id for exercise in EXERCISES for trial in exercise.trials()}
    most = points_for_answers("ada")
    for student, of in read_expected(ROOT / "demo" / "expected.toml").items():
        assert of.points.keys() == most.keys(), student
        assert all(0 <= points <= most[task] for task, points in of.points.items()), student
        assert of.mistakes <= known, student
