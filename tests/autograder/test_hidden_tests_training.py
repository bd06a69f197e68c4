"""Lab 4's hidden tests, beside what its certificate shows of them."""

from __future__ import annotations

import dataclasses
import itertools
import subprocess
import sys

import numpy as np
import pytest

from autograder.examiner.examine import examine
from autograder.examiner.given import Given
from autograder.examiner.link import Link
from autograder.exercises.calls import call
from autograder.exercises.declaration import JointExercise
from autograder.exercises.judging import alike
from autograder.exercises.kernel_exercise import KernelExercise
from autograder.hidden_tests import training
from autograder.hidden_tests.training import pipelines
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import KernelSession


def kernel_exercises():
    return [exercise for exercise in training.EXERCISES if isinstance(exercise, KernelExercise)]


@pytest.mark.parametrize("exercise", training.EXERCISES, ids=lambda e: e.name)
def test_every_exercise_declares_mistakes_and_variants(exercise):
    kinds = [trial.kind for trial in exercise.trials()]
    assert kinds.count("mistake") >= 8
    assert kinds.count("variant") >= 1 + isinstance(exercise, JointExercise)


@pytest.mark.parametrize("exercise", kernel_exercises(), ids=lambda e: e.name)
def test_whatever_cases_a_student_gets_no_mistake_is_right_or_takes_another_for_itself(exercise):
    model = exercise.model

    def answers(function, cases):
        return [call(function, case) for case in cases]

    def same(ours, theirs):
        pairs = zip(ours, theirs, strict=True)
        return all(alike(a.value, b.value, rtol=model.rtol, atol=model.atol) for a, b in pairs)

    for seed in range(60):
        cases = [question.case for question in model.questions(np.random.default_rng(seed))]
        made = {mistake.name: answers(mistake.function, cases) for mistake in model.mistakes}
        made["what is right"] = answers(model.reference, cases)
        pairs = itertools.combinations(made, 2)
        assert not [(seed, one, other) for one, other in pairs if same(made[one], made[other])]


def test_declaring_and_grading_need_no_tensorflow_here():
    code = (
        "import sys; from autograder.hidden_tests import training; "
        "print('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("exercise", kernel_exercises(), ids=lambda e: e.name)
@pytest.mark.parametrize("answer", [None, 3, "text", (), [], {}, (None, None), np.zeros(3)])
def test_whatever_a_kernel_tells_is_an_answer_or_none(exercise, answer):
    (question, *_) = exercise.model.questions(np.random.default_rng(0))
    try:
        seen = exercise.look(answer, *question.case.args)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return
    assert not question.judge(seen).right


@pytest.mark.slow
@pytest.mark.parametrize("right", training.MAKE_DATASET.right, ids=lambda f: f.__name__)
def test_a_seed_that_a_student_sets_for_all_of_tensorflow_costs_nothing(right):
    import tensorflow

    tensorflow.random.set_seed(0)
    try:
        assert training.MAKE_DATASET.grade(right) == training.MAKE_DATASET.points
    finally:
        tensorflow.random.set_seed(None)


def drawn(count, buffer, rng):
    """The order in which ``shuffle(buffer)`` hands out so many things."""
    waiting, order = [], []
    for each in range(count):
        waiting.append(each)
        if len(waiting) == buffer:
            order.append(waiting.pop(rng.integers(buffer)))
    return [*order, *rng.permutation(waiting).astype(int)]


@pytest.mark.parametrize("buffer", ["examples", "neighbours", "batches"])
@pytest.mark.parametrize(("count", "size"), [(29, 4), (30, 3)])
def test_how_an_epoch_is_shuffled_is_seen_in_every_order_that_chance_may_give(buffer, count, size):
    rng = np.random.default_rng(0)
    x, y, *_ = pipelines.examples(rng, count=count, batch_size=size, training=True).args

    def epoch():
        order = np.array(drawn(count, size if buffer == "neighbours" else count, rng))
        batches = [order[i : i + size] for i in range(0, count, size)]
        if buffer == "batches":
            parts = [np.arange(i, min(i + size, count)) for i in range(0, count, size)]
            batches = [parts[i] for i in drawn(len(parts), len(parts), rng)]
        return [(x[numbers] / np.float32(255), y[numbers]) for numbers in batches]

    for _ in range(300):
        assert pipelines.look([epoch(), epoch()], x, y)[3] == buffer


def test_batches_of_one_example_are_no_batches_that_are_shuffled():
    rng = np.random.default_rng(0)
    x, y, *_ = pipelines.examples(rng, count=29, batch_size=1, training=True).args
    epochs = [[(x[[i]] / np.float32(255), y[[i]]) for i in rng.permutation(29)] for _ in range(2)]
    assert pipelines.look(epochs, x, y)[3] == "examples"


def test_what_cannot_be_looked_at_is_a_bad_answer_and_no_error_of_the_graders():
    mark = training.FIT.grade(lambda *_, **__: "no history")
    assert (mark, mark.outcome) == (0, "failed")
    assert any("fit gave something else than asked for" in str(m) for m in mark.messages)


def test_answers_that_vary_are_no_mistake_where_chance_has_a_part():
    rng = np.random.default_rng(0)

    def harness(_, kernel, __, image, ___):
        rows, columns = np.subtract(image.shape[:2], kernel.shape[:2]) + 1
        return rng.random((rows, columns))

    mark = dataclasses.replace(training.GRAD_CAM, harness=harness).grade(lambda *_: None)
    assert (mark, mark.mistakes) == (0, ())


def test_what_was_seen_is_told_in_words_where_something_is_wrong():
    exercise = training.AUGMENT

    def mirrored_alone(image):
        return image

    def harness(_, image, times):
        return np.stack([image, image[:, ::-1]] * (times // 2))

    mark = dataclasses.replace(exercise, harness=harness).grade(mirrored_alone)
    assert mark.mistakes == ("augment/never_shifted",)
    (note,) = [m.text for m in mark.messages if "in the first case" in m.text]
    assert "how often it is mirrored: sometimes; which ways and how far it is shifted: none" in note


STUDENTS_CODE = """
import tensorflow as tf

def train_step(model, optimizer, images, labels):
    with tf.GradientTape() as tape:
        logits = model(images, training=True)
        each = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        loss = tf.reduce_mean(each) + sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss

def fit(model, train_epoch, validate, *, epochs, patience):
    history = {"loss": [], "val_loss": []}
    for _ in range(epochs):
        history["loss"].append(train_epoch())
        history["val_loss"].append(validate())
        best = min(history["val_loss"])
        if history["val_loss"].index(best) + patience < len(history["val_loss"]):
            break
    return history

def augment(image):
    raise NotImplementedError
"""


@pytest.mark.sandbox
def test_functions_in_a_kernel_are_tried_there():
    def examined(line, maximum):
        imports = ["from autograder.hidden_tests import training"]
        given = Given.from_sources(imports, [STUDENTS_CODE])
        return examine(f"training.{line}", link, maximum=maximum, given=given)

    with KernelSession(Limits(call_seconds=60)) as session:
        session.run_cell(STUDENTS_CODE)
        link = Link(session.ask)
        assert examined("TRAIN_STEP.grade(train_step)", 15) == 15
        assert examined("FIT.grade(fit)", 12).mistakes == ("fit/best_weights_not_restored",)
        assert examined("AUGMENT.grade(augment)", 8).outcome == "not_attempted"
