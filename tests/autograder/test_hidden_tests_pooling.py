"""Lab 2's hidden tests, beside what its certificate shows of them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from autograder.examiner.examine import examine
from autograder.examiner.given import Given
from autograder.examiner.link import Link
from autograder.examiner.seeding import cases_for, generator
from autograder.exercises.declaration import FunctionExercise, JointExercise
from autograder.hidden_tests import pooling
from autograder.hidden_tests.pooling import max_pool
from autograder.hidden_tests.pooling.activation import in_place
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import KernelSession

STUDENTS = ("ada", "bob", "eve", "kim", "zoe")
FAST = pooling.MAX_POOL2D_FAST
NOTES_IMAGE = np.array([[1.0, 1, 2, 4], [5, 6, 9, 3], [3, 2, 4, 4], [1, 2, 0, 7]])


def functions_of(exercise):
    parts = exercise.parts if isinstance(exercise, JointExercise) else (exercise,)
    return [part for part in parts if isinstance(part, FunctionExercise)]


FUNCTIONS = [part for exercise in pooling.EXERCISES for part in functions_of(exercise)]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda e: e.name)
def test_every_function_declares_mistakes_and_variants(function):
    assert len(function.mistakes) >= 7
    assert len(function.variants) >= 3


def test_a_change_in_place_is_told_and_costs_nothing():
    mark = pooling.RELU.grade(in_place)
    assert mark == 5
    assert "relu changes its input x in place" in mark.messages[-1].text


def test_a_pair_and_a_list_of_layers_are_told_as_they_are():
    titles = [
        question.title
        for exercise in (pooling.MAX_POOL2D, pooling.RECEPTIVE_FIELD)
        for question in exercise.questions(generator(exercise.name))
    ]
    assert any(re.fullmatch(r"max_pool2d\(x: \(1, .*\), size=\(3, 2\)\)", t) for t in titles)
    assert "receptive_field(layers=[(7, 2), (3, 2), (3, 3), (4, 1)])" in titles


def test_the_lectures_numbers_come_out():
    image = NOTES_IMAGE.reshape(1, 4, 4, 1)
    highest = pooling.MAX_POOL2D.reference(image, size=2)[0, :, :, 0]
    mean = pooling.AVG_POOL2D.reference(image, size=2)[0, :, :, 0]
    assert highest.tolist() == [[6, 9], [3, 7]]
    assert mean.tolist() == [[3.25, 4.5], [2, 3.75]]
    wrong = pooling.WRONG_MAXIMA.reference(NOTES_IMAGE, np.array([[6.0, 8], [3, 4]]))
    assert wrong.tolist() == [[False, True], [False, True]]
    other = np.array([[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])
    assert not pooling.WRONG_MAXIMA.reference(other, np.array([[6.0, 8], [3, 4]])).any()


def test_the_lectures_receptive_fields_come_out():
    field = pooling.RECEPTIVE_FIELD.reference
    assert field([(3, 1)] * 3) == 7
    assert field([(3, 1), (2, 2), (3, 1), (2, 2)]) == 10


def test_softmax_of_large_scores_is_as_of_small_ones_and_the_naive_one_is_nan():
    stable = pooling.SOFTMAX.reference(np.array([[1000.0, 1001, 1002]]))
    np.testing.assert_allclose(stable[0], [0.09003057, 0.24472847, 0.66524096], rtol=1e-6)
    naive = next(m for m in pooling.SOFTMAX.mistakes if m.name == "not_stable")
    assert np.isnan(naive.function(np.array([[1000.0, 1001, 1002]]))).all()


def test_equal_probabilities_for_all_digits_earn_nothing():
    def guess(images, weights):
        classes = weights["dense/bias"].size
        return np.full((len(images), classes), 1 / classes)

    for student in STUDENTS:
        with cases_for("secret", "lab2_pooling", student):
            assert pooling.DIGIT_PROBABILITIES.grade(guess) == 0


@pytest.mark.parametrize("loop", [max_pool.loops_over_windows, max_pool.lists_of_windows])
def test_a_loop_over_windows_is_right_but_not_fast(loop):
    assert FAST.grade(loop) == 4


STUDENTS_CODE = """
import numpy as np

def pool(x, size, stride):
    (h, w), (down, right) = ((n, n) if isinstance(n, int) else n for n in (size, stride))
    return np.lib.stride_tricks.sliding_window_view(x, (h, w), (1, 2))[:, ::down, ::right]

def side_by_side(x, *, size, stride=None):
    return pool(x, size, size).max((-2, -1))

def right(x, *, size, stride=None):
    return pool(x, size, size if stride is None else stride).max((-2, -1))

def network(images, weights):
    return np.full((len(images), weights["dense/bias"].size), 1 / weights["dense/bias"].size)
"""


@pytest.mark.sandbox
def test_functions_in_a_kernel_are_graded_as_they_are_here():
    def examined(line, maximum):
        imports = ["from autograder.hidden_tests import pooling"]
        given = Given.from_sources(imports, [STUDENTS_CODE])
        return examine(f"pooling.{line}", link, maximum=maximum, given=given)

    with KernelSession(Limits(call_seconds=10)) as session:
        session.run_cell(STUDENTS_CODE)
        link = Link(session.ask)
        assert examined("MAX_POOL2D.grade(right)", 20) == 20
        wrong = examined("MAX_POOL2D.grade(side_by_side)", 20)
        assert wrong.mistakes == ("max_pool2d/size_used_as_stride",)
        assert examined("MAX_POOL2D_FAST.grade(right)", 8) == 8
        guess = examined("DIGIT_PROBABILITIES.grade(network)", 12)
        assert (guess, guess.outcome) == (0, "failed")


def keras_answers():
    """What Keras gives for each exercise's inputs; the receptive field and so on it has not."""
    import keras

    def pool(kind, x, size, stride=None):
        pair = [(n, n) if isinstance(n, int) else n for n in (size, stride or size)]
        return kind(x, *pair, padding="valid", data_format="channels_last")

    def flatten(x):
        return keras.layers.Flatten(dtype="float64")(x)

    ops = keras.ops
    return {
        "relu": ops.relu,
        "max_pool2d": lambda x, size, stride=None: pool(ops.max_pool, x, size, stride),
        "avg_pool2d": lambda x, size, stride=None: pool(ops.average_pool, x, size, stride),
        "global_avg_pool": keras.layers.GlobalAveragePooling2D(dtype="float64"),
        "flatten": flatten,
        "dense": lambda x, w, b: ops.matmul(x, w) + b,
        "softmax": lambda scores: ops.softmax(scores, axis=-1),
    }


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_references_agree_with_keras():
    import keras

    for name, theirs in keras_answers().items():
        (exercise,) = (function for function in FUNCTIONS if function.name == name)
        for question in exercise.questions(generator(name)):
            args, options = question.case.args, question.case.kwargs
            tensors = [keras.ops.convert_to_tensor(array, "float64") for array in args]
            np.testing.assert_allclose(
                exercise.reference(*args, **options),
                np.asarray(theirs(*tensors, **options)),
                rtol=1e-9,
                atol=1e-12,
                err_msg=question.title,
            )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_network_answers_as_keras_does():
    from coursekit.data import load_mnist
    from coursekit.models.digits import digit_cnn, digit_cnn_weights

    images = load_mnist().x_test[:50] / 255
    ours = pooling.DIGIT_PROBABILITIES.reference(images, digit_cnn_weights())
    np.testing.assert_allclose(ours, digit_cnn().predict(images, verbose=0), rtol=1e-4, atol=1e-6)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("layers", [((3, 1), (3, 1)), ((3, 1), (2, 2), (3, 1), (2, 2)), ((5, 3),)])
def test_the_receptive_field_is_what_a_gradient_reaches(layers):
    import tensorflow as tf

    x = tf.Variable(tf.zeros((1, 40, 1)))
    with tf.GradientTape() as tape:
        y = x
        for size, stride in layers:
            y = tf.nn.conv1d(y, tf.ones((size, 1, 1)), stride, "VALID")
        middle = y[0, 2, 0]
    reached = int(tf.math.count_nonzero(tape.gradient(middle, x)))
    assert pooling.RECEPTIVE_FIELD.reference(list(layers)) == reached


@pytest.mark.parametrize("exercise", [pooling.MAX_POOL2D, pooling.AVG_POOL2D, FAST])
def test_a_number_is_drawn_beside_a_pair_both_ways(exercise):
    options = [q.case.kwargs for q in exercise.questions(generator(exercise.name))]
    forms = {(type(o["size"]), type(o["stride"])) for o in options if "stride" in o}
    assert {(int, tuple), (tuple, int)} <= forms


@pytest.mark.parametrize("student", STUDENTS)
def test_options_that_must_have_the_same_form_lose_points_and_are_named(student):
    def same_form(x, *, size, stride=None):
        stride = size if stride is None else stride
        if isinstance(size, int):
            height, width, down, right = size, size, stride, stride
        else:
            (height, width), (down, right) = size, stride
        windows = np.lib.stride_tricks.sliding_window_view(x, (height, width), (1, 2))
        return windows[:, ::down, ::right].max((4, 5))

    with cases_for("forms", "lab2_pooling", student):
        mark = pooling.MAX_POOL2D.grade(same_form)
    assert mark < mark.maximum
    assert mark.mistakes == ("max_pool2d/forms_taken_for_the_same_in_slices",)
