"""Hidden tests of lab 1, convolution: one declaration per exercise.

The last line of a hidden test cell is, for example, ``convolution.CONV2D.grade(conv2d)``.
"""

from autograder.exercises import Exercise
from autograder.hidden_tests.convolution.dilated import DILATED_CONV2D
from autograder.hidden_tests.convolution.edges import VERTICAL_EDGES
from autograder.hidden_tests.convolution.fast import CONV2D_FAST
from autograder.hidden_tests.convolution.layer1d import CONV1D
from autograder.hidden_tests.convolution.layer2d import CONV2D
from autograder.hidden_tests.convolution.patches import CONV_STEP, LECTURE_ERROR
from autograder.hidden_tests.convolution.single_channel import CONVOLVE2D, CORRELATE2D
from autograder.hidden_tests.convolution.sizes import CONV_OUTPUT_SIZE
from autograder.hidden_tests.convolution.zero_padding import ZERO_PAD

EXERCISES: tuple[Exercise, ...] = (
    CONV_OUTPUT_SIZE,
    ZERO_PAD,
    CORRELATE2D,
    CONVOLVE2D,
    CONV_STEP,
    CONV2D,
    LECTURE_ERROR,
    VERTICAL_EDGES,
    CONV1D,
    CONV2D_FAST,
    DILATED_CONV2D,
)

__all__ = [
    "CONV1D",
    "CONV2D",
    "CONV2D_FAST",
    "CONVOLVE2D",
    "CONV_OUTPUT_SIZE",
    "CONV_STEP",
    "CORRELATE2D",
    "DILATED_CONV2D",
    "EXERCISES",
    "LECTURE_ERROR",
    "VERTICAL_EDGES",
    "ZERO_PAD",
]
