"""Hidden tests of lab 3, backpropagation: one declaration for each exercise.

The last line of a hidden test is ``backprop.CONV2D_BACKWARD.grade(conv2d_backward)``, and the like.
"""

from autograder.exercises import Exercise
from autograder.hidden_tests.backprop.activation import RELU_LAYER
from autograder.hidden_tests.backprop.adaptive import ADAM
from autograder.hidden_tests.backprop.avg_pool import AVG_POOL2D_BACKWARD
from autograder.hidden_tests.backprop.closeness import RELATIVE_ERROR
from autograder.hidden_tests.backprop.conv import CONV2D_BACKWARD
from autograder.hidden_tests.backprop.dense import DENSE_LAYER
from autograder.hidden_tests.backprop.descent import DESCENT
from autograder.hidden_tests.backprop.loss import LOSS
from autograder.hidden_tests.backprop.max_pool import MAX_POOL2D_BACKWARD
from autograder.hidden_tests.backprop.network import CNN_GRADIENTS
from autograder.hidden_tests.backprop.notes import NOTES_ERROR
from autograder.hidden_tests.backprop.numeric import NUMERICAL_GRADIENT

EXERCISES: tuple[Exercise, ...] = (
    NUMERICAL_GRADIENT,
    RELATIVE_ERROR,
    NOTES_ERROR,
    DENSE_LAYER,
    RELU_LAYER,
    LOSS,
    MAX_POOL2D_BACKWARD,
    CONV2D_BACKWARD,
    DESCENT,
    ADAM,
    AVG_POOL2D_BACKWARD,
    CNN_GRADIENTS,
)

__all__ = [
    "ADAM",
    "AVG_POOL2D_BACKWARD",
    "CNN_GRADIENTS",
    "CONV2D_BACKWARD",
    "DENSE_LAYER",
    "DESCENT",
    "EXERCISES",
    "LOSS",
    "MAX_POOL2D_BACKWARD",
    "NOTES_ERROR",
    "NUMERICAL_GRADIENT",
    "RELATIVE_ERROR",
    "RELU_LAYER",
]
