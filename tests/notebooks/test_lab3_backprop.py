"""Lab 3, and a network that learns with its solutions."""

from __future__ import annotations

import re

import pytest
from nbformat import NotebookNode

from tests.notebooks.lab_tests import Lab, LabTests, texts

MISTAKES = {
    "conv2d-backward": (
        """\
def conv2d_backward(dout, x, w, *, stride=1, pad=0):
    framed = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dx, dw = np.zeros(framed.shape), np.zeros(w.shape)
    for n, i, j, f in np.ndindex(dout.shape):
        rows = slice(i * stride, i * stride + w.shape[0])
        columns = slice(j * stride, j * stride + w.shape[1])
        dx[n, rows, columns] += dout[n, i, j, f] * w[:, :, :, f]
        dw[:, :, :, f] += dout[n, i, j, f] * framed[n, rows, columns]
    return dx[:, pad:-pad, pad:-pad], dw, dout.sum(axis=(0, 1, 2))""",
        "This is what comes out when the frame is cut off dx with a slice like pad:-pad",
    ),
    "max-pool2d-backward": (
        """\
def max_pool2d_backward(dout, x, *, size, stride=None):
    stride, dx = stride or size, np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        window = np.s_[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        dx[window] += dout[n, i, j, c] * (x[window] == x[window].max())
    return dx""",
        "This is what comes out when every entry that equals the maximum gets the gradient",
    ),
    "adam": (
        """\
def adam(w, dw, m, v, t, *, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m, v = beta1 * m + (1 - beta1) * dw, beta2 * v + (1 - beta2) * dw**2
    return w - rate * m / (np.sqrt(v) + epsilon), m, v""",
        "This is what comes out when the means are not corrected",
    ),
}


LAB = Lab(
    folder="lab3_backprop",
    notebook="backprop",
    package="backprop",
    waiting={"picture-training": "cnn_gradients and momentum"},
    needed=("setup", "picture-max-pool"),  # a test uses the picture's numbers
    mistakes=MISTAKES,
)


class TestLab3(LabTests):
    lab = LAB

    @pytest.mark.slow
    def test_the_network_learns_to_read_nine_digits_in_ten(self, done: NotebookNode) -> None:
        said = re.search(
            r"right on ([\d.]+)% of 2,000 held-out digits", texts(done, "picture-training")
        )
        assert said
        assert float(said[1]) >= 90

    @pytest.mark.slow
    def test_the_gradient_check_agrees_with_the_formulas(self, done: NotebookNode) -> None:
        found = re.findall(r"relative error (\S+)", texts(done, "check-the-network"))
        assert len(found) == 4
        assert max(map(float, found)) < 1e-7

    @pytest.mark.slow
    def test_the_notes_errors_do_what_the_text_says(self, done: NotebookNode) -> None:
        said = texts(done, "picture-notes")
        assert "'products, minus': 0.562" in said
        assert "'the notes: plus': 2747.781" in said
