"""The clinic: patients have one mistake each, and what looks into them measures rightly."""

from dataclasses import replace

import numpy as np
import pytest

from coursekit import clinic
from coursekit.models.quiet import quiet_start

with quiet_start():
    import keras


@pytest.fixture
def network():
    """Two inputs, two ReLU units of which the second is dead, two logits."""
    layers = keras.layers
    stack = [layers.Dense(2), layers.ReLU(), layers.Dense(2)]
    model = keras.Sequential([keras.Input((2,)), *stack])
    model.set_weights([np.eye(2), np.array([0.0, -9.0]), np.eye(2), np.zeros(2)])
    return model


MISTAKES = {
    "A": "rate: 0.8 → 0.1",
    "B": "white: 255.0 → 1.0",
    "C": "shuffled: False → True",
    "D": "copies: 'before the split' → 'after the split'",
    "E": "validation_mode: 'training' → 'in use'",
}


def test_each_patient_has_one_mistake_and_the_cure_mends_it():
    told = {n: clinic.difference(sick, clinic.cured(n)) for n, sick in clinic.PATIENTS.items()}
    assert told == MISTAKES


def test_there_are_no_other_patients():
    for ask in (clinic.admit, clinic.cured):
        with pytest.raises(ValueError, match="one of A, B, C, D, E; got 'F'"):
            ask("F")


def test_pictures_are_split_without_a_leak_only_if_copies_come_after_it():
    recipes = [replace(clinic.HEALTHY, copies=f"{when} the split") for when in ("before", "after")]
    shares = []
    for recipe in recipes:
        examples, validation = clinic.pictures(recipe)
        assert (len(examples[0]), len(validation[0])) == (1500, 500)
        shares.append(np.mean(clinic.nearest(validation, examples)[0] < 0.05))
    assert shares[0] > 0.9
    assert shares[1] < 0.1


def test_pictures_come_by_class_only_if_they_are_not_shuffled():
    (_, shuffled), _ = clinic.pictures(clinic.HEALTHY)
    (_, sorted_), _ = clinic.pictures(replace(clinic.HEALTHY, shuffled=False))
    assert sorted_.tolist() == sorted(shuffled.tolist()) != shuffled.tolist()


def test_white_is_as_bright_as_the_recipe_says():
    dark, bright = (clinic.pictures(replace(clinic.HEALTHY, white=w))[0][0] for w in (1.0, 255.0))
    assert dark.max() <= 1
    np.testing.assert_allclose(bright, 255 * dark, rtol=1e-5)


def test_the_nearest_picture_is_found_with_its_root_mean_square():
    some = np.array([[0.0, 0.0], [1.0, 1.0]]), np.zeros(2)
    others = np.array([[5.0, 5.0], [1.0, 1.0], [0.3, 0.4]]), np.zeros(3)
    distances, places = clinic.nearest(some, others)
    np.testing.assert_allclose(distances, [np.sqrt(0.125), 0])
    assert places.tolist() == [2, 1]


def test_outputs_are_those_of_the_layers_of_a_kind(network):
    (outputs,) = clinic.outputs_after(network, np.array([[1.0, 2.0], [3.0, 4.0]], np.float32))
    np.testing.assert_allclose(outputs, [[1, 0], [3, 0]])


def test_a_loss_along_the_gradient_is_that_of_the_step_and_the_weights_stay(network):
    pair = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32), np.array([0, 1])
    before = [weight.copy() for weight in network.get_weights()]
    losses = clinic.losses_along_gradient(network, pair, [0.0, 0.1])
    for weight, kept in zip(network.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, kept)
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.SGD(0.1), cross_entropy, jit_compile=False)
    now = [float(cross_entropy(pair[1], network(pair[0])))]
    network.train_on_batch(*pair)
    now.append(float(cross_entropy(pair[1], network(pair[0]))))
    np.testing.assert_allclose(losses, now, rtol=1e-5)


def test_an_accuracy_counts_batch_by_batch(network):
    pair = np.array([[1.0, 0.0]] * 3, np.float32), np.array([0, 1, 0])
    assert clinic.accuracy(network, pair, batch=2) == pytest.approx(2 / 3)


@pytest.mark.slow
def test_a_case_has_the_network_before_and_after_and_repeats_itself():
    short = replace(clinic.PATIENTS["E"], epochs=1)
    one, again = clinic.train(short, seed=3), clinic.train(short, seed=3)
    assert one.run.history["val_accuracy"] == pytest.approx(again.run.history["val_accuracy"])
    assert one.run.steps == 30
    assert not np.array_equal(one.start.get_weights()[0], one.model.get_weights()[0])
    assert clinic.accuracy(one.model, one.train) > clinic.accuracy(one.start, one.train) + 0.2
