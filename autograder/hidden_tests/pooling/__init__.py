"""Hidden tests of lab 2, pooling: one declaration for each exercise.

The last line of a hidden test is ``pooling.MAX_POOL2D.grade(max_pool2d)``, and the like.
"""

from autograder.exercises import Exercise
from autograder.hidden_tests.pooling.activation import RELU
from autograder.hidden_tests.pooling.avg_pool import AVG_POOL2D
from autograder.hidden_tests.pooling.changes import SHIFTS
from autograder.hidden_tests.pooling.dense import HEAD
from autograder.hidden_tests.pooling.global_pool import GLOBAL_AVG_POOL
from autograder.hidden_tests.pooling.max_pool import MAX_POOL2D, MAX_POOL2D_FAST
from autograder.hidden_tests.pooling.network import DIGIT_PROBABILITIES
from autograder.hidden_tests.pooling.notes import WRONG_MAXIMA
from autograder.hidden_tests.pooling.probabilities import SOFTMAX
from autograder.hidden_tests.pooling.receptive import RECEPTIVE_FIELD

EXERCISES: tuple[Exercise, ...] = (
    RELU,
    MAX_POOL2D,
    WRONG_MAXIMA,
    AVG_POOL2D,
    GLOBAL_AVG_POOL,
    SHIFTS,
    HEAD,
    SOFTMAX,
    DIGIT_PROBABILITIES,
    RECEPTIVE_FIELD,
    MAX_POOL2D_FAST,
)

__all__ = [
    "AVG_POOL2D",
    "DIGIT_PROBABILITIES",
    "EXERCISES",
    "GLOBAL_AVG_POOL",
    "HEAD",
    "MAX_POOL2D",
    "MAX_POOL2D_FAST",
    "RECEPTIVE_FIELD",
    "RELU",
    "SHIFTS",
    "SOFTMAX",
    "WRONG_MAXIMA",
]
