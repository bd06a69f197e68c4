"""Lab 4 in kernels that were tampered with, or that honest students have set up in another way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from autograder.course import cells
from autograder.examiner.examine import examine
from autograder.examiner.given import Given
from autograder.examiner.link import Link
from autograder.exercises.declaration import JointExercise
from autograder.hidden_tests import training
from autograder.results.marks import Mark
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import KernelSession

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
PRELOAD = ("tensorflow", "keras")
EXERCISES = {
    name: exercise
    for name in training.__all__
    if name != "EXERCISES" and (exercise := getattr(training, name)).name != "first_epoch_below"
}


def functions(name: str) -> list[str]:
    exercise = EXERCISES[name]
    parts = exercise.parts if isinstance(exercise, JointExercise) else (exercise,)
    return [part.name for part in parts]


ANSWERS = "\n".join(f"def {each}(): ..." for name in EXERCISES for each in functions(name))
GIVEN = Given.from_sources(["from autograder.hidden_tests import training"], [ANSWERS])


def grade(link: Link, name: str) -> Mark:
    first, *others = functions(name)
    more = "".join(f", {other}={other}" for other in others)
    line = f"training.{name}.grade({first}{more})"
    return examine(line, link, maximum=EXERCISES[name].points, given=GIVEN)


def solutions() -> str:
    notebook = nbformat.read(ROOT / "labs/lab4_gpu_training/training.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    answers = [cell.source for cell in code if cells.is_solution(cell)]
    return "\n\n".join(["import time, numpy as np, keras, tensorflow as tf", *answers])


SETTINGS = {
    "none": "",
    "mixed precision": "keras.mixed_precision.set_global_policy('mixed_float16')",
    "float64": "keras.config.set_floatx('float64')",
    "channels first": "keras.config.set_image_data_format('channels_first')",
    "functions run eagerly": "tf.config.run_functions_eagerly(True)",
    "a seed and determinism": (
        "keras.utils.set_random_seed(1)\ntf.config.experimental.enable_op_determinism()"
    ),
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_what_a_notebook_sets_for_all_of_keras_costs_nothing(setting: str) -> None:
    with KernelSession(Limits(call_seconds=60), preload=PRELOAD) as session:
        assert session.run_cell(solutions()).error == ""
        assert session.run_cell(SETTINGS[setting]).error == ""
        link = Link(session.ask)
        marks = {name: grade(link, name) for name in EXERCISES}
        lost = {name: mark.messages for name, mark in marks.items() if mark < mark.maximum}
        assert not lost
        kept = "assert keras.mixed_precision.global_policy().name == 'mixed_float16'"
        if setting == "mixed precision":
            assert session.run_cell(kept).error == ""


def test_eager_execution_that_is_switched_off_is_named() -> None:
    with KernelSession(Limits(call_seconds=60), preload=PRELOAD) as session:
        session.run_cell(solutions())
        session.run_cell("tf.compat.v1.disable_eager_execution()")
        mark = grade(Link(session.ask), "TRAIN_STEP")
    assert mark == 0
    assert "eager execution is switched off" in " ".join(m.text for m in mark.messages)


CONSTANT = "def {name}(*args, **kwargs):\n    return {value}"
PATCHES = {
    "nothing": "",
    "the harness": """
from coursekit import harness
import numpy as np
rng = np.random.default_rng(0)
def timed_steps(f, seconds, warmup):
    n = len(seconds) - warmup
    return n / (n * 0.001 + sum(seconds[warmup:])), len(seconds)
def training_run(f, losses, val_losses, patience):
    best, since = 0, 0
    for n in range(len(losses)):
        best, since = (n, 0) if n == 0 or val_losses[n] < val_losses[best] else (best, since + 1)
        if since >= patience:
            break
    return {"loss": losses[: n + 1], "val_loss": val_losses[: n + 1]}, float(best + 1)
def network_made(f, filters, dropout, penalty, images):
    trained, channels, side = [], 1, 28
    for count in filters:
        trained += [rng.normal(size=(3, 3, channels, count)), np.ones(count), np.zeros(count)]
        channels, side = count, side // 2
    trained += [rng.normal(size=(side * side * channels, 10)), np.zeros(10)]
    fixed = [np.zeros(3), np.ones(3)]
    out = rng.normal(size=(len(images), 10))
    return {"takes": [28, 28, 1], "trained": trained, "fixed": fixed, "still": fixed,
            "moved": [w + 1 for w in fixed], "inference": [out, out],
            "training": [out, out + (dropout > 0)], "lowered": [0 * out],
            "losses": penalty * sum(np.sum(w**2) for w in trained if w.ndim > 1)}
def layers_unfrozen(f, weights, layers):
    blocks = range(1, len(weights) // 5 + 1)
    names = ["image", *(f"{p}{n}" for n in blocks for p in ("conv", "norm", "relu")), "features"]
    free = names[-layers:]
    return [(n, int(n in free and n.startswith("conv"))) for n in names]
for own in (timed_steps, training_run, network_made, layers_unfrozen):
    setattr(harness, own.__name__, own)
    for part in ("throughput", "early_stopping", "networks"):
        setattr(getattr(harness, part), own.__name__, own)
""",
    "Keras' networks": """
import keras, numpy as np
class Fake:
    input_shape, trainable, losses = (None, 28, 28, 1), True, []
    def __init__(self, *args, **kwargs):
        self.kept = [np.zeros((3, 3, 1, 2)), *[np.ones(2)] * 4, np.zeros((392, 10)), np.zeros(10)]
    def __call__(self, x, training=False):
        return np.zeros((len(x), 10))
    def get_weights(self):
        return self.kept
    def set_weights(self, weights):
        self.kept = weights
    weights = trainable_weights = property(lambda self: self.kept)
    non_trainable_weights = property(lambda self: [])
    def get_layer(self, name):
        return self
build_cnn = lambda *a, **k: Fake()
build_transfer = lambda *a, **k: Fake()
""",
    "Keras' classes": """
import keras
keras.Sequential.trainable_weights = keras.Model.trainable_weights = property(lambda self: [])
keras.Model.__call__ = lambda self, x, training=False: __import__("numpy").zeros((len(x), 10))
keras.Model.get_weights = lambda self: []
keras.Model.set_weights = lambda self, weights: None
""",
    "data sets": """
import tensorflow as tf, numpy as np
class Data:
    def __getattr__(self, name):
        return lambda *a, **k: self
    def as_numpy_iterator(self):
        return iter([np.zeros((28, 28, 1), "float32")] * 1000)
tf.data.Dataset.from_tensors = tf.data.Dataset.from_tensor_slices = lambda *a, **k: Data()
make_dataset = lambda *a, **k: Data()
""",
    "clocks and NumPy": """
import time, numpy as np
time.perf_counter = time.time = time.monotonic = lambda: 0.0
np.array_equal = np.allclose = np.isclose = lambda *a, **k: True
np.asarray = np.array = lambda *a, **k: 0.0
""",
    "the builtins": """
import builtins
builtins.eval = builtins.compile = lambda *a, **k: (lambda *a, **k: 0.0)
""",
}
VALUES = ("0.0", "None", "args[0] if args else 0.0")


@pytest.fixture(scope="module", params=PATCHES)
def tampered(request: pytest.FixtureRequest) -> Iterator[KernelSession]:
    with KernelSession(Limits(call_seconds=60), preload=PRELOAD) as session:
        names = [name for exercise in EXERCISES for name in functions(exercise)]
        code = [CONSTANT.format(name=name, value="VALUE(args)") for name in names]
        session.run_cell("VALUE = lambda args: 0.0\n" + "\n".join(code))
        assert session.run_cell(PATCHES[request.param]).error == ""
        yield session


@pytest.mark.parametrize("value", VALUES)
def test_no_patch_in_the_kernel_earns_points_for_functions_that_do_nothing(
    tampered: KernelSession, value: str
) -> None:
    tampered.run_cell(f"VALUE = lambda args: {value}")
    link = Link(tampered.ask)
    earned = {name: float(grade(link, name)) for name in EXERCISES if name != "DEVICE"}
    assert {name: points for name, points in earned.items() if points} == {}
