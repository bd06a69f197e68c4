"""Hidden tests of lab 4, training on a GPU: one declaration for each exercise.

The last line of a hidden test is ``training.TRAIN_STEP.grade(train_step)``, and the like.
"""

from autograder.exercises import Exercise
from autograder.hidden_tests.training.augmenting import AUGMENT
from autograder.hidden_tests.training.devices import DEVICE
from autograder.hidden_tests.training.early_stopping import FIT
from autograder.hidden_tests.training.grad_cam import GRAD_CAM
from autograder.hidden_tests.training.networks import BUILD_CNN
from autograder.hidden_tests.training.pace import FIRST_EPOCH_BELOW
from autograder.hidden_tests.training.pipelines import MAKE_DATASET
from autograder.hidden_tests.training.steps import TRAIN_STEP
from autograder.hidden_tests.training.throughput import STEPS_PER_SECOND
from autograder.hidden_tests.training.transfer import TRANSFER

EXERCISES: tuple[Exercise, ...] = (
    DEVICE,
    AUGMENT,
    MAKE_DATASET,
    BUILD_CNN,
    TRAIN_STEP,
    FIT,
    FIRST_EPOCH_BELOW,
    STEPS_PER_SECOND,
    TRANSFER,
    GRAD_CAM,
)

__all__ = [
    "AUGMENT",
    "BUILD_CNN",
    "DEVICE",
    "EXERCISES",
    "FIRST_EPOCH_BELOW",
    "FIT",
    "GRAD_CAM",
    "MAKE_DATASET",
    "STEPS_PER_SECOND",
    "TRAIN_STEP",
    "TRANSFER",
]
