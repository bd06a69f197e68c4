"""The untrained networks that one begins with."""

import numpy as np
import pytest

from coursekit import training
from coursekit.models.classic import lenet5, small_cnn
from coursekit.models.quiet import quiet_start

with quiet_start():
    import keras


def test_lenet5_has_the_papers_maps_and_layers():
    model = lenet5()
    maps = [layer.output.shape[1:] for layer in model.layers[:5]]
    assert maps == [(28, 28, 6), (14, 14, 6), (10, 10, 16), (5, 5, 16), (1, 1, 120)]
    counts = [layer.count_params() for layer in model.layers if layer.count_params()]
    assert counts == [156, 2416, 48120, 10164, 850]
    assert model.count_params() == 61_706
    assert lenet5(classes=3).outputs[0].shape == (None, 3)


@pytest.mark.parametrize(
    ("filters", "parameters"),
    [((16, 32), 160 + 4640 + 800 * 10 + 10), ((4,), 40 + 13 * 13 * 4 * 10 + 10)],
)
def test_a_small_cnn_has_a_convolution_for_each_number_of_filters(filters, parameters):
    model = small_cnn((28, 28, 1), 10, filters=filters)
    assert model.outputs[0].shape == (None, 10)
    assert model.count_params() == parameters


def test_a_small_cnn_learns_and_drops_only_in_training():
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 200)
    x = rng.normal(size=(200, 8, 8, 1)) + y[:, None, None, None]
    model = small_cnn((8, 8, 1), 2, filters=(4,), dropout=0.5)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"], jit_compile=False)
    run = training.fit(model, (x, y), epochs=40, progress=False)
    assert run.history["accuracy"][-1] > 0.8
    still = [np.asarray(model(x, training=False)) for _ in range(2)]
    moving = [np.asarray(model(x, training=True)) for _ in range(2)]
    assert np.array_equal(*still)
    assert not np.array_equal(*moving)
