"""Rehearsals tell in plain data what a function does, and judge nothing."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from coursekit import harness


def test_a_device_is_only_finished_when_its_result_is_asked_for():
    def seen(step, *, warmup, steps, clock):
        assert (warmup, steps) == (1, 2)
        start = clock()
        results = [step() for _ in range(3)]
        handed_over = clock() - start
        results[-1].numpy()
        return round(handed_over, 6), round(clock() - start, 6)

    assert harness.timed_steps(seen, [5.0, 0.25, 0.5], 1) == ((0.003, 5.753), 3)


def test_a_run_follows_its_script_and_its_weight_is_the_epoch():
    def two_epochs(model, train_epoch, validate, *, epochs, patience):
        assert (epochs, patience) == (3, 7)
        first = train_epoch(), validate()
        kept = model.get_weights()
        second = train_epoch(), validate()
        model.set_weights(kept)
        return first, second

    told = harness.training_run(two_epochs, [3.0, 2.0, 1.0], [6.0, 5.0, 4.0], 7)
    assert told == (((3.0, 6.0), (2.0, 5.0)), 1.0)


def test_a_run_ends_where_its_script_does():
    def endless(model, train_epoch, validate, *, epochs, patience):
        while True:
            train_epoch()

    with pytest.raises(IndexError):
        harness.training_run(endless, [1.0], [1.0], 1)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
class TestWithTensorFlow:
    def test_an_image_goes_through_a_pipeline_each_time(self):
        traced = []

        def counted(image):
            traced.append(image)
            return image + 1

        image = np.zeros((3, 4, 1), np.float32)
        assert np.array_equal(harness.augmented(counted, image, 5), np.ones((5, 3, 4, 1)))
        assert len(traced) == 2  # once outside, once to make the graph

    def test_epochs_come_batch_by_batch_and_an_endless_one_is_cut(self):
        import tensorflow as tf

        def endless(x, y, *, batch_size, training, augment):
            assert training
            pairs = tf.data.Dataset.from_tensor_slices((x, y))
            return pairs.map(lambda image, label: (augment(image), label)).batch(1).repeat()

        x = np.zeros((4, 2, 2, 1), np.uint8)
        first, second = harness.epochs_of(endless, x, np.arange(4), 2, True)
        assert len(first) == len(second) == 12
        (images, labels), *_ = first
        assert images.shape == (1, 2, 2, 1)
        assert 2 <= images.min() == images.max() <= 3
        assert labels.tolist() == [0]

    def test_a_step_that_does_nothing_changes_nothing(self):
        kernel, bias = np.ones((4, 2)), np.array([0.5, -0.5])
        images, labels = np.ones((3, 2, 2, 1)), np.array([0, 1, 0])
        told = harness.step_taken(lambda *_: None, kernel, bias, images, labels, 0.1, 0.1)
        assert told[0] is None
        for after, before in zip(told[1:], (kernel, bias, np.zeros(4), np.ones(4)), strict=True):
            np.testing.assert_array_equal(after, before)

    def test_a_steps_model_has_what_a_step_needs(self):
        def looked_at(model, optimizer, images, labels):
            logits = model(images, training=True)
            assert float(sum(model.losses)) == pytest.approx(0.1 * 8)
            assert np.allclose(np.asarray(logits), [[0.5, -0.5]] * 3)  # all images are alike
            return float(optimizer.learning_rate)

        kernel, bias = np.ones((4, 2)), np.array([0.5, -0.5])
        images, labels = np.ones((3, 2, 2, 1)), np.array([0, 1, 0])
        told = harness.step_taken(looked_at, kernel, bias, images, labels, 0.1, 0.25)
        assert told[0] == 0.25
        assert np.allclose(told[3], 0.1)
        assert np.allclose(told[4], 0.9)

    def test_a_network_is_told_by_its_weights_and_outputs(self):
        import keras

        def built(filters, *, dropout, penalty):
            assert (filters, dropout, penalty) == ((3,), 0.5, 0.1)
            l2 = keras.regularizers.L2(penalty)
            layers = keras.layers
            stack = [layers.Conv2D(3, 3, kernel_regularizer=l2), layers.BatchNormalization()]
            stack += [layers.ReLU(), layers.GlobalAveragePooling2D(), layers.Dropout(dropout)]
            return keras.Sequential([keras.Input((28, 28, 1)), *stack])

        images = np.random.default_rng(0).uniform(size=(2, 28, 28, 1)).astype(np.float32)
        told = harness.network_made(built, [3], 0.5, 0.1, images)
        assert [w.shape for w in told["trained"]] == [(3, 3, 1, 3), (3,), (3,), (3,)]
        assert told["losses"] == pytest.approx(0.1 * np.sum(told["trained"][0] ** 2), rel=1e-5)
        assert np.array_equal(*told["inference"])
        assert not np.array_equal(*told["training"])
        assert np.array_equal(told["fixed"][0], told["still"][0])
        assert not np.array_equal(told["still"][0], told["moved"][0])
        assert len(told["lowered"]) == 1
        assert not told["lowered"][0].any()

    def test_a_base_is_frozen_before_its_layers_are_set_free(self):
        rng = np.random.default_rng(0)
        weights = [rng.normal(size=(3, 3, 3, 2)), *(np.ones(2) for _ in range(4))]
        kept = harness.layers_unfrozen(lambda *_, **__: None, weights, 2)
        assert kept == [(n, 0) for n in ("image", "conv1", "norm1", "relu1", "features")]

        def everything(base, *, layers):
            assert layers == 2
            base.trainable = True

        free = dict(harness.layers_unfrozen(everything, weights, 2))
        assert (free["conv1"], free["norm1"]) == (1, 2)

    def test_a_network_on_a_base_is_told_with_the_bases_features(self):
        import keras

        def headless(base, classes):
            assert classes == 4
            return keras.Sequential([keras.Input(base.input_shape[1:]), base])

        rng = np.random.default_rng(0)
        weights = [rng.normal(size=(3, 3, 3, 2)), *(np.ones(2) for _ in range(4))]
        images = rng.uniform(size=(2, 8, 8, 3)).astype(np.float32)
        told = harness.transfer_made(headless, weights, 4, images)
        assert np.allclose(told["features"], told["outputs"], atol=1e-6)
        assert len(told["trained"]) == 3
        assert not np.array_equal(told["fixed"][0], told["moved"][0])  # nobody froze it

    def test_a_map_is_made_of_the_network_that_was_described(self):
        def logits(model, layer, image, class_index):
            assert model.get_layer(layer).name == "relu"
            return model(image[None])[0][class_index]

        kernel, dense = np.full((1, 1, 1, 1), 2.0), np.array([[1.0, 10], [2, 20]])
        image = np.array([[[3.0], [4]]], np.float32)
        assert harness.map_seen(logits, kernel, dense, image, 1) == 2 * (3 * 10 + 4 * 20)

    def test_keras_remark_on_a_model_made_of_a_list_of_inputs_is_not_shown(self):
        import keras

        def logit(model, layer, image, class_index):
            both = keras.Model(model.inputs, [model.get_layer(layer).output, model.output])
            return both(image[None])[1][0, class_index]

        kernel, dense = np.full((1, 1, 1, 1), 2.0), np.array([[1.0, 10], [2, 20]])
        image = np.array([[[3.0], [4]]], np.float32)
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # TensorFlow, when imported, lets some through
            assert harness.map_seen(logit, kernel, dense, image, 1) == 2 * (3 * 10 + 4 * 20)
