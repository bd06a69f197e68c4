"""Lab 2."""

from __future__ import annotations

import pytest
from nbformat import NotebookNode

from tests.notebooks.lab_tests import Lab, LabTests, texts

MISTAKES = {
    "relu": (
        "def relu(x):\n    return np.max(x, 0)",
        "This is what comes out when np.max(x, 0) is used: its 0 is an axis",
    ),
    "max-pool2d": (
        """\
def max_pool2d(x, *, size, stride=None):
    height, width = as_pair(size)
    down, right = as_pair(stride or size)
    rows, columns = (x.shape[1] - height) // down + 1, (x.shape[2] - width) // right + 1
    out = np.zeros((len(x), rows, columns, x.shape[3]))
    for n, i, j, c in np.ndindex(out.shape):
        window = x[n, i * down : i * down + height, j * right : j * right + width, c]
        for number in window.ravel():
            if number > out[n, i, j, c]:
                out[n, i, j, c] = number
    return out""",
        "This is what comes out when the maximum starts from 0",
    ),
    "softmax": (
        """\
def softmax(scores):
    powers = np.exp(scores - scores.max(axis=0))
    return powers / powers.sum(axis=0)""",
        "This is what comes out when the columns sum to 1",
    ),
}


LAB = Lab(
    folder="lab2_pooling",
    notebook="pooling",
    package="pooling",
    mistakes=MISTAKES,
    waiting={
        "measure-linear": "relu",
        "measure-nine": "shifted, relative_change and max_pool2d",
        "measure-speed": "max_pool2d_fast and max_pool2d",
        "picture-maps": "relu and max_pool2d",
        "picture-max-or-mean": "max_pool2d and avg_pool2d",
        "picture-network-shift": "digit_probabilities and shifted",
        "picture-shifts": "shifted, relative_change and max_pool2d",
        "picture-what-stays": "relu and max_pool2d",
        "picture-wrong-digits": "digit_probabilities",
    },
)


class TestLab2(LabTests):
    lab = LAB

    @pytest.mark.slow
    def test_measurements_come_out_as_the_text_says(self, done: NotebookNode) -> None:
        assert "relu(-1) + relu(1) = 1\nrelu(-1 + 1)       = 0" in texts(done, "measure-linear")
        assert texts(done, "measure-naive") == "[nan nan nan]\n"
        table = [line.split() for line in texts(done, "measure-nine").splitlines()[1:]]
        assert [(row[0], row[-1]) for row in table[1:]] == [
            ("-1", "2.0"),
            ("+0", "0.0"),
            ("+1", "0.0"),
            ("+2", "2.0"),
            ("+3", "2.0"),
        ]
        assert [line.split()[1] for line in texts(done, "ask-keras").splitlines()] == [
            "3,",
            "9,",
            "8,",
            "3,",
            "8,",
        ]
