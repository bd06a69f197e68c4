"""The small network that reads digits: its weights, its Keras model, and how they were made."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from coursekit import data
from coursekit.data.files import DATASETS
from coursekit.models.digits import digit_cnn, digit_cnn_weights
from scripts import train_digit_cnn

SHAPES = {
    "conv1/kernel": (3, 3, 1, 8),
    "conv1/bias": (8,),
    "conv2/kernel": (3, 3, 8, 16),
    "conv2/bias": (16,),
    "dense/kernel": (400, 10),
    "dense/bias": (10,),
}


def test_the_weights_are_small_and_have_the_shapes_that_are_described():
    weights = digit_cnn_weights()
    assert {name: array.shape for name, array in weights.items()} == SHAPES
    assert {array.dtype.name for array in weights.values()} == {"float64"}
    assert (DATASETS / "digit_cnn.npz").stat().st_size < 200_000


def test_a_change_of_the_weights_does_not_reach_the_next_caller():
    digit_cnn_weights()["conv1/bias"][:] = 7
    assert not (digit_cnn_weights()["conv1/bias"] == 7).any()


def test_the_weights_are_read_without_keras():
    code = (
        "import sys; from coursekit.models.digits import digit_cnn_weights; digit_cnn_weights(); "
        "print({'keras', 'tensorflow'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_keras_model_reads_as_many_test_digits_as_is_said():
    digits, model = data.load_mnist(), digit_cnn()
    assert model.count_params() == 5258
    found = np.asarray(model.predict(digits.x_test / 255, verbose=0)).argmax(axis=1)
    accuracy = (found == digits.y_test).mean()
    assert accuracy == pytest.approx(0.9765, abs=0.001)  # rounding may turn a digit or two
    assert "97.65 %" in (train_digit_cnn.__doc__ or "")
    assert "97.65 %" in (DATASETS / "LICENSES.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_what_the_training_writes_is_what_is_shipped():
    made = train_digit_cnn.weights_of(digit_cnn())
    with np.load(DATASETS / "digit_cnn.npz") as shipped:
        assert list(made) == shipped.files
        for name, array in made.items():
            assert array.dtype == np.float32
            np.testing.assert_array_equal(array, shipped[name])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_an_untrained_model_has_other_weights():
    fresh = train_digit_cnn.weights_of(digit_cnn(trained=False))
    assert not np.allclose(fresh["dense/kernel"], digit_cnn_weights()["dense/kernel"])


@pytest.mark.slow
def test_making_the_model_writes_no_start_up_lines_and_shows_python_s_own():
    code = (
        "import sys; from coursekit.models.digits import digit_cnn; digit_cnn(); "
        "print('after', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "after\n"
