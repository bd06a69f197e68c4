"""Lab 3's hidden tests, beside what its certificate shows of them."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from autograder.examiner.examine import examine
from autograder.examiner.given import Given
from autograder.examiner.link import Link
from autograder.examiner.seeding import cases_for, generator
from autograder.exercises.declaration import FunctionExercise
from autograder.hidden_tests import backprop
from autograder.hidden_tests.backprop import notes
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import KernelSession

Functions = tuple[FunctionExercise, ...]
STUDENTS = ("ada", "bob", "eve", "kim")


def grade_for(student, exercise, trial):
    with cases_for("secret", "lab3_backprop", student):
        return exercise.grade(trial.function, **trial.others)


@pytest.mark.parametrize("exercise", backprop.EXERCISES, ids=lambda e: e.name)
def test_every_exercise_declares_mistakes_and_variants(exercise):
    kinds = [trial.kind for trial in exercise.trials()]
    assert kinds.count("mistake") >= 8
    assert kinds.count("variant") >= 2


def test_the_notes_numbers_come_out():
    x, F, target = np.array([1.0, 2, 3]), np.array([0.5, -1]), np.array([1.0, 0])
    dF, dx = notes.filter_gradient(x, F, target)
    np.testing.assert_allclose(dF, [-6.5, -11])
    np.testing.assert_allclose(dx, [-1.25, 1.5, 2])
    assert round(float(notes.notes_filter_gradient(x, F, target)[1]), 2) == -1.92


def test_a_mistake_in_dx_and_one_in_db_are_both_named():
    def both(dout, x, w, *, stride=1, pad=0):
        dx, dw, _ = backprop.CONV2D_BACKWARD.reference(dout, x, w, stride=stride, pad=pad)
        frame = np.pad(dx, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
        return frame[:, pad:-pad, pad:-pad], dw, dout.mean((0, 1, 2))

    mark = backprop.CONV2D_BACKWARD.grade(both)
    assert mark.mistakes == (
        "conv2d_backward/frame_cut_from_the_back",
        "conv2d_backward/db_mean",
    )
    assert any("dx in" in m.text and "dw in" in m.text for m in mark.messages if m.kind == "note")


@pytest.mark.parametrize(
    ("name", "lost"), [("frame_cut_from_the_back", 1), ("overlap_overwritten", 2.5)]
)
def test_the_commonest_faults_cost_their_own_groups_alone(name, lost):
    (trial,) = [t for t in backprop.CONV2D_BACKWARD.trials() if t.id.endswith(f"/{name}")]
    assert float(grade_for("ada", backprop.CONV2D_BACKWARD, trial)) == 20 - lost


def test_a_gradient_that_begins_with_random_numbers_is_told():
    rng = np.random.default_rng(1)

    def random_start(dout, x, w, *, stride=1, pad=0):
        dx, dw, db = backprop.CONV2D_BACKWARD.reference(dout, x, w, stride=stride, pad=pad)
        return dx, dw + rng.normal(size=w.shape), db

    mark = backprop.CONV2D_BACKWARD.grade(random_start)
    assert mark.mistakes == ("conv2d_backward/another_answer_on_every_call",)


def test_the_true_gradient_is_not_the_numerical_one_of_another_step():
    def true_gradient(f, x, *, step=1e-5):
        return backprop.NUMERICAL_GRADIENT.reference(f, x)

    mark = backprop.NUMERICAL_GRADIENT.grade(true_gradient)
    assert any("another step: 0 of 1" in message.text for message in mark.messages)


STUDENTS_CODE = """
import numpy as np
def numerical_gradient(f, x, *, step=1e-5):
    slopes = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += step
        down[place] -= step
        slopes[place] = (f(up) - f(down)) / (2 * step)
    return slopes

def forward_difference(f, x, *, step=1e-5):
    return np.array([(f(x + m) - f(x)) / step for m in step * np.eye(x.size).reshape(-1, *x.shape)]
                    ).reshape(x.shape)

def dense_backward(dout, x, w):
    return dout @ w.T, x.T @ dout, dout.mean(axis=0)
"""


@pytest.mark.sandbox
def test_functions_in_a_kernel_are_graded_as_they_are_here():
    def examined(line, maximum):
        imports = ["from autograder.hidden_tests import backprop"]
        given = Given.from_sources(imports, [STUDENTS_CODE])
        return examine(f"backprop.{line}", link, maximum=maximum, given=given)

    with KernelSession(Limits(call_seconds=10)) as session:
        session.run_cell(STUDENTS_CODE)
        link = Link(session.ask)
        grade = "NUMERICAL_GRADIENT.grade({})"
        assert examined(grade.format("numerical_gradient"), 6) == 6
        wrong = examined(grade.format("forward_difference"), 6)
        assert wrong.mistakes == ("numerical_gradient/forward_difference",)
        dense = examined("DENSE_LAYER.parts[1].grade(dense_backward)", 7)
        assert dense.mistakes == ("dense_backward/db_mean",)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
class TestAgainstTensorFlow:
    """The references agree with automatic differentiation and with Keras' optimizers."""

    def agree(self, exercise, loss):
        """The gradients of ``sum(dout * layer)`` on every case of the exercise."""
        import tensorflow as tf

        for question in exercise.questions(generator(exercise.name)):
            (dout, *inputs), options = question.case.args, question.case.kwargs
            variables = [tf.Variable(value) for value in inputs]
            with tf.GradientTape() as tape:
                total = tf.reduce_sum(dout * loss(tf, *variables, **options))
            theirs = tape.gradient(total, variables)
            ours = exercise.reference(dout, *inputs, **options)
            for mine, other in zip(ours if exercise.parts else (ours,), theirs, strict=False):
                np.testing.assert_allclose(mine, other.numpy(), rtol=1e-9, atol=1e-12)

    def test_convolution(self):
        def layer(tf, x, w, *, stride=1, pad=0):
            framed = tf.pad(x, [(0, 0), (pad, pad), (pad, pad), (0, 0)])
            return tf.nn.conv2d(framed, w, stride, "VALID")

        self.agree(backprop.CONV2D_BACKWARD, layer)

    def test_max_pooling_with_its_rule_for_ties(self):
        def layer(tf, x, *, size, stride=None):
            return tf.nn.max_pool2d(x, size, stride or size, "VALID")

        self.agree(backprop.MAX_POOL2D_BACKWARD, layer)

    def test_average_pooling(self):
        def layer(tf, x, *, size, stride=None):
            return tf.nn.avg_pool2d(x, size, stride or size, "VALID")

        self.agree(backprop.AVG_POOL2D_BACKWARD, layer)

    def test_dense_and_relu(self):
        self.agree(backprop.DENSE_LAYER.parts[1], lambda _, x, w: x @ w)
        self.agree(backprop.RELU_LAYER.parts[1], lambda tf, x: tf.nn.relu(x))

    def test_loss(self):
        import tensorflow as tf

        forward, backward = cast("Functions", backprop.LOSS.parts)
        for question in forward.questions(generator(forward.name)):
            logits, labels = question.case.args
            variable = tf.Variable(logits)
            with tf.GradientTape() as tape:
                each = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, variable)
                loss = tf.reduce_mean(each)
            assert np.isclose(forward.reference(logits, labels), loss.numpy())
            theirs = tape.gradient(loss, variable).numpy()
            np.testing.assert_allclose(backward.reference(logits, labels), theirs, atol=1e-12)

    def test_network(self):
        import tensorflow as tf

        exercise = backprop.CNN_GRADIENTS
        for question in exercise.questions(generator(exercise.name)):
            x, labels, *parameters = question.case.args
            variables = conv_w, conv_b, w, b = [tf.Variable(value) for value in parameters]
            with tf.GradientTape() as tape:
                maps = tf.nn.relu(tf.nn.conv2d(x, conv_w, 1, "VALID") + conv_b)
                flat = tf.reshape(tf.nn.max_pool2d(maps, 2, 2, "VALID"), (len(x), -1))
                logits = flat @ w + b
                loss = tf.reduce_mean(
                    tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
                )
            theirs = [loss, *tape.gradient(loss, variables)]
            for mine, other in zip(exercise.reference(*question.case.args), theirs, strict=True):
                np.testing.assert_allclose(mine, other.numpy(), rtol=1e-9, atol=1e-12)

    @pytest.mark.parametrize("beta", [0.0, 0.9])
    def test_descent_takes_keras_steps(self, beta):
        import keras

        rng = np.random.default_rng(0)
        w, velocity = rng.normal(size=4), np.zeros(4)
        theirs = keras.Variable(w, dtype="float64")
        optimizer = keras.optimizers.SGD(0.1, momentum=beta)
        sgd, momentum = cast("Functions", backprop.DESCENT.parts)
        for _ in range(5):
            dw = rng.normal(size=4)
            optimizer.apply([keras.ops.convert_to_tensor(dw, "float64")], [theirs])
            w, velocity = (
                momentum.reference(w, dw, velocity, rate=0.1, beta=beta)
                if beta
                else (sgd.reference(w, dw, rate=0.1), velocity)
            )
            np.testing.assert_allclose(w, np.asarray(theirs), rtol=1e-6)

    def test_adam_takes_keras_steps(self):
        import keras

        rng = np.random.default_rng(0)
        w, m, v = rng.normal(size=4), np.zeros(4), np.zeros(4)
        theirs = keras.Variable(w, dtype="float64")
        optimizer = keras.optimizers.Adam(0.05, epsilon=1e-8)
        for t in range(1, 8):
            dw = rng.normal(size=4)
            optimizer.apply([keras.ops.convert_to_tensor(dw, "float64")], [theirs])
            w, m, v = backprop.ADAM.reference(w, dw, m, v, t, rate=0.05)
            np.testing.assert_allclose(w, np.asarray(theirs), atol=1e-5)  # Keras counts in float32


def test_padding_is_drawn_over_the_stride_with_overlapping_windows():
    exercise = backprop.CONV2D_BACKWARD
    cases = [question.case for question in exercise.questions(generator(exercise.name))]
    wide = {
        case.kwargs["pad"]
        for case in cases
        if case.kwargs.get("stride") == 1 and np.shape(case.args[2])[:2] == (3, 3)
    }
    assert {2, 3} <= wide


@pytest.mark.parametrize("student", ["ada", "bob", "eve", "kim", "zoe"])
def test_a_relu_that_keeps_only_what_is_over_1_loses_the_same_for_every_student(student):
    relu, relu_backward = backprop.RELU_LAYER.parts
    with cases_for("relu", "lab3_backprop", student):
        assert relu.grade(lambda x: np.where(x > 1, x, 0.0)) == 0
        assert relu_backward.grade(lambda dout, x: np.where(x > 1, dout, 0.0)) == 0


def test_a_stride_computed_from_the_shapes_loses_points():
    def from_shapes(dout, x, *, size, stride=None):
        step, dx = x.shape[1] // dout.shape[1], np.zeros_like(x)
        for n, i, j, c in np.ndindex(dout.shape):
            rows = slice(i * step, i * step + size)
            columns = slice(j * step, j * step + size)
            dx[n, rows, columns, c] += dout[n, i, j, c] / size**2
        return dx

    mark = backprop.AVG_POOL2D_BACKWARD.grade(from_shapes)
    assert mark < mark.maximum
    assert mark.mistakes == ("avg_pool2d_backward/stride_from_the_shapes",)


@pytest.mark.parametrize("student", ["ada", "bob", "eve"])
def test_a_softmax_less_its_minimum_is_not_told_as_a_logarithm_of_0(student):
    loss = backprop.LOSS.parts[0]

    def less_the_minimum(logits, labels):
        with np.errstate(all="ignore"):
            powers = np.exp(logits - logits.min(axis=1, keepdims=True))
            p = powers / powers.sum(axis=1, keepdims=True)
            return -np.mean(np.log(p[np.arange(len(labels)), labels]))

    with cases_for("softmax", "lab3_backprop", student):
        mark = loss.grade(less_the_minimum)
    assert mark.mistakes == ("softmax_cross_entropy/minimum_subtracted",)
