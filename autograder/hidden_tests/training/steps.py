"""``train_step``: one step of gradient descent, judged by what it does to every weight."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy import special

from autograder.exercises import Case, CaseGroup, FunctionExercise, KernelExercise, Mistake
from autograder.hidden_tests.training.harness import step_taken
from coursekit.arrays import Array
from coursekit.harness.steps import EPSILON, MOMENTUM

Seen = tuple[Any, Array, Array, Array, Array]

_SMALLEST = 1e-7
"""Keras cuts probabilities off here."""


@dataclass(frozen=True)
class Step:
    """A step that may go wrong in these ways; by default it is right."""

    training: bool = True
    penalty: bool = True
    told_penalty: bool = True
    total: bool = False
    images_apart: bool = False
    outputs: str = "logits"
    times: int = 1
    direction: int = 1
    returns: bool = True

    def seen(
        self,
        kernel: Array,
        bias: Array,
        images: Array,
        labels: Array,
        penalty: float,
        rate: float,
    ) -> Seen:
        """Return what its harness returns: see `coursekit.harness.step_taken`."""
        x = images.reshape(len(images), -1)
        mean, variance = x.mean(0), x.var(0)
        x = (x - mean) / np.sqrt(variance + EPSILON) if self.training else x / np.sqrt(1 + EPSILON)
        loss, slopes = self._loss(x @ kernel + bias, labels)
        wanted = self.penalty * penalty
        reported = loss + self.told_penalty * wanted * np.sum(kernel**2)
        if self.images_apart:  # TensorFlow adds the slopes of all losses, each with its penalty
            slopes, wanted = len(labels) * slopes, len(labels) * wanted
        move = rate * self.direction * self.times
        return (
            reported if self.returns else None,
            kernel - move * (x.T @ slopes + 2 * wanted * kernel),
            bias - move * slopes.sum(0),
            (1 - MOMENTUM) * mean * self.training,
            1.0 + (1 - MOMENTUM) * (variance - 1) * self.training,
        )

    def _loss(self, outputs: Array, labels: Array) -> tuple[float, Array]:
        """Return the loss, and its slopes by the outputs."""
        parts = 1 if self.total else len(labels)
        right = np.eye(outputs.shape[1])[labels]
        inner, logits = np.ones_like(outputs), outputs
        if self.outputs == "probabilities":
            inside = (outputs > _SMALLEST) & (outputs < 1 - _SMALLEST)
            cut = np.clip(outputs, _SMALLEST, 1 - _SMALLEST)
            inner, logits = inside / cut, np.log(cut)
        if self.outputs == "softmax twice":
            logits = special.softmax(outputs, axis=1)
        loss = -np.sum(right * special.log_softmax(logits, axis=1)) / parts
        slopes = inner * (special.softmax(logits, axis=1) - right) / parts
        if self.outputs == "softmax twice":
            slopes = logits * (slopes - np.sum(slopes * logits, axis=1, keepdims=True))
        return float(loss), slopes

    def taken(self, model: Any, optimizer: Any, images: Any, labels: Any) -> Any:
        """Return the step as a student writes it."""
        import keras
        import tensorflow as tf

        logits = self.outputs != "probabilities"
        reduction = "sum" if self.total else "none" if self.images_apart else "sum_over_batch_size"
        loss_of = keras.losses.SparseCategoricalCrossentropy(logits, reduction=reduction)
        with tf.GradientTape() as tape:
            outputs = model(images, training=self.training)
            if self.outputs == "softmax twice":
                outputs = tf.nn.softmax(outputs)
            reported = loss_of(labels, outputs)
            loss = reported + tf.add_n(model.losses) if self.penalty else reported
        gradients = tape.gradient(loss, model.trainable_variables)
        gradients = [self.direction * each for each in gradients]
        for _ in range(self.times):
            optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        reported = loss if self.told_penalty else reported
        return tf.reduce_mean(reported) if self.returns else None


_FAULTS = {
    "batch_norm_in_inference_mode": (
        Step(training=False),
        "the model runs in inference mode: batch normalisation uses its old means and dropout does "
        "nothing. Call model(images, training=True) in a training step.",
    ),
    "penalty_left_out": (
        Step(penalty=False),
        "the L2 penalty is left out: a model keeps its penalties in model.losses. Add their sum to "
        "the loss, under the tape.",
    ),
    "penalty_not_in_the_returned_loss": (
        Step(told_penalty=False),
        "the returned loss lacks the penalty: return the loss whose gradient you took.",
    ),
    "sum_instead_of_mean": (
        Step(total=True),
        "the losses of the images are added up: take their mean, so that the step does not grow "
        "with the batch.",
    ),
    "mean_taken_after_the_slopes": (
        Step(images_apart=True),
        "the tape is asked for the slopes of many losses, one for each image, and adds them up: "
        "take the mean first, under the tape.",
    ),
    "logits_taken_for_probabilities": (
        Step(outputs="probabilities"),
        "the model's outputs are taken for probabilities: they are logits. Say from_logits=True.",
    ),
    "softmax_twice": (
        Step(outputs="softmax twice"),
        "softmax is taken twice: a loss with from_logits=True takes it by itself. Hand it the "
        "model's outputs as they are.",
    ),
    "gradient_not_applied": (
        Step(times=0),
        "no weight moves: optimizer.apply(gradients, model.trainable_variables) takes the step.",
    ),
    "gradient_applied_twice": (
        Step(times=2),
        "the weights move twice: apply the gradients once in a step.",
    ),
    "uphill": (
        Step(direction=-1),
        "the weights go uphill: the optimizer subtracts by itself. Hand it the "
        "gradients as they are.",
    ),
    "nothing_returned": (Step(returns=False), "the loss is not returned: end with return loss."),
}


def with_the_function_of_tensorflow(model: Any, optimizer: Any, images: Any, labels: Any) -> Any:
    """TensorFlow's loss in place of Keras', and `apply` in place of `apply_gradients`."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        logits = model(images, training=True)
        each = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        loss = tf.reduce_mean(each) + sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


def as_a_graph(model: Any, optimizer: Any, images: Any, labels: Any) -> Any:
    """Compiled by `tf.function`."""
    import tensorflow as tf

    step = tf.function(partial(_RIGHT.taken, model, optimizer))
    return step(images, labels)


def as_a_number(model: Any, optimizer: Any, images: Any, labels: Any) -> float:
    """Return a plain number."""
    return float(_RIGHT.taken(model, optimizer, images, labels))


def step_case(
    rng: np.random.Generator, *, items: int, sides: tuple[int, int], penalty: float
) -> Case:
    """Return one batch, with weights whose logits lie on both sides of 0 and of 1."""
    inputs, classes = sides[0] * sides[1], 3
    kernel = rng.normal(size=(inputs, classes)) / np.sqrt(inputs)
    labels = rng.permutation(np.arange(items) % classes)
    images = rng.uniform(0.5, 3.0, (items, *sides, 1))
    rate = float(rng.uniform(0.2, 0.6))
    return Case((kernel, rng.normal(size=classes), images, labels, penalty, rate))


_RIGHT = Step()

TRAIN_STEP = KernelExercise(
    model=FunctionExercise(
        name="train_step",
        points=15,
        reference=_RIGHT.seen,
        groups=(
            CaseGroup(
                "without a penalty",
                0.5,
                (
                    partial(step_case, items=5, sides=(2, 1), penalty=0.0),
                    partial(step_case, items=8, sides=(2, 3), penalty=0.0),
                ),
            ),
            CaseGroup(
                "with a penalty", 0.5, (partial(step_case, items=6, sides=(3, 2), penalty=0.1),)
            ),
        ),
        mistakes=tuple(
            Mistake(name, sentence, fault.seen) for name, (fault, sentence) in _FAULTS.items()
        ),
        parts={
            "the returned loss": 1,
            "the kernel": 2,
            "the bias": 1,
            "the moving mean": 1,
            "the moving variance": 1,
        },
        rtol=2e-4,
        atol=2e-5,
    ),
    harness=step_taken,
    right=(
        _RIGHT.taken,
        with_the_function_of_tensorflow,
        as_a_graph,
        as_a_number,
    ),
    wrong={name: fault.taken for name, (fault, _) in _FAULTS.items()},
)
