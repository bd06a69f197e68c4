"""Lab 4's exercises against kernels in which everything beside the functions was replaced."""

from __future__ import annotations

import pytest

from autograder.examiner.examine import examine
from autograder.examiner.given import Given
from autograder.examiner.link import Link
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import KernelSession

pytestmark = [pytest.mark.sandbox, pytest.mark.slow, pytest.mark.timeout(600)]

TESTS = {
    "AUGMENT.grade(augment)": 8,
    "MAKE_DATASET.grade(make_dataset)": 15,
    "BUILD_CNN.grade(build_cnn)": 12,
    "TRAIN_STEP.grade(train_step)": 15,
    "FIT.grade(fit)": 12,
    "STEPS_PER_SECOND.grade(steps_per_second)": 6,
    "TRANSFER.grade(build_transfer, unfreeze=unfreeze)": 10,
    "GRAD_CAM.grade(grad_cam)": 6,
}
CONSTANTS = """
import numpy as np
def augment(image): return image * 0
def make_dataset(x, y, *, batch_size, training, augment=None):
    import tensorflow as tf
    return tf.data.Dataset.from_tensors((np.zeros((1, 1, 1, 1), "float32"), np.zeros(1, "int64")))
def build_cnn(filters, *, dropout, penalty):
    import keras
    return keras.Sequential([keras.Input((28, 28, 1))])
def train_step(model, optimizer, images, labels): return 0.0
def fit(model, train_epoch, validate, *, epochs, patience):
    return {"loss": [], "val_loss": []}
def steps_per_second(step, *, warmup, steps, clock=None): return 0.0
def build_transfer(base, classes): return base
def unfreeze(base, *, layers): return base
def grad_cam(model, layer, image, class_index): return np.zeros((2, 2))
"""
REPLACED = """
import sys, time
import coursekit.rehearsal as rehearsal
def answer(*args, **kwargs):
    return rehearsal_answers.get("any", 1.0)
rehearsal_answers = {}
for name in dir(rehearsal):
    if callable(getattr(rehearsal, name)):
        setattr(rehearsal, name, answer)
for name in [name for name in sys.modules if name.startswith("coursekit.rehearsal")]:
    for part in list(vars(sys.modules[name])):
        if callable(vars(sys.modules[name])[part]) and not part.startswith("__"):
            setattr(sys.modules[name], part, answer)
time.perf_counter = time.monotonic = time.time = lambda: 0.0
"""
NUMPY_LIES = """
np.allclose = np.array_equal = lambda *args, **kwargs: True
np.isclose = lambda *args, **kwargs: np.bool_(True)
np.asarray = np.array = lambda *args, **kwargs: np.ones((2, 2))
"""
KERAS_LIES = """
import keras
class Yes:
    shape = (1,)
    def __init__(self, *args, **kwargs): pass
    def __call__(self, *args, **kwargs): return self
    def __getattr__(self, name):
        if name.startswith("__"): raise AttributeError(name)
        return self
    def __iter__(self): return iter([np.ones((1, 1))] * 6)
    def numpy(self): return np.ones((1, 1))
keras.Sequential = keras.Model = Yes
keras.layers.Dense = keras.layers.Conv2D = keras.layers.BatchNormalization = Yes
"""


def _marks(code: str) -> dict[str, float]:
    given = Given.from_sources(["from autograder.hidden_tests import training"], [CONSTANTS])
    found = {}
    for test, maximum in TESTS.items():
        with KernelSession(Limits(call_seconds=60), preload=("tensorflow", "keras")) as session:
            run = session.run_cell(code)
            assert run.error == "", run.outputs
            mark = examine(f"training.{test}", Link(session.ask), maximum=maximum, given=given)
            found[test] = float(mark)
    return found


@pytest.mark.parametrize(
    "lies",
    [REPLACED, NUMPY_LIES, KERAS_LIES],
    ids=["rehearsal and clocks", "numpy", "keras"],
)
def test_constants_earn_no_more_where_libraries_are_replaced(lies: str) -> None:
    plain = _marks(CONSTANTS)
    assert plain["STEPS_PER_SECOND.grade(steps_per_second)"] == 0
    assert sum(plain.values()) <= 8, plain
    with_lies = _marks(CONSTANTS + lies)
    assert all(with_lies[test] <= plain[test] for test in TESTS), (plain, with_lies)
