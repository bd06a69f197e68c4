"""Training a network and what is remembered of it."""

from __future__ import annotations

import subprocess
import sys
from itertools import chain
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from coursekit import training
from coursekit.models.quiet import quiet_start

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 4)).astype("float32")
Y = (X[:, 0] + 0.5 * X[:, 1] > 0).astype("float32")
TRAIN, VALIDATION = (X[:35], Y[:35]), (X[35:], Y[35:])


def _model(rate: float = 0.1) -> Any:
    """One unit; not compiled by XLA, which takes longer than its training."""
    with quiet_start():
        import keras

        model = keras.Sequential(
            [keras.Input((4,)), keras.layers.Dense(1, "sigmoid", kernel_initializer="zeros")]
        )
        model.compile(keras.optimizers.SGD(rate), "bce", metrics=["accuracy"], jit_compile=False)
    return model


def _fit(model: Any, *data: Any, **options: Any) -> training.Run:
    return training.fit(model, *data, **{"progress": False, "epochs": 3, **options})


def test_a_run_remembers_every_epoch_and_counts_its_steps() -> None:
    run = _fit(_model(), TRAIN, VALIDATION, batch_size=10)
    assert set(run.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert {len(values) for values in run.history.values()} == {run.epochs} == {3}
    assert all(type(value) is float for value in run.history["loss"])
    assert run.steps == 3 * 4  # the last batch of an epoch holds the five that are left
    assert run.seconds > 0
    assert run.best_epoch == 1 + int(np.argmin(run.history["val_loss"]))


def test_each_epoch_visits_every_example_once_in_an_order_of_its_own() -> None:
    import keras

    class Seen(keras.layers.Layer):
        def call(self, x: Any) -> Any:
            if hasattr(x, "numpy"):  # not while the layer is built
                rows.append(x.numpy()[:, 0].tolist())
            return x

    rows: list[list[float]] = []
    numbers = np.arange(7.0, dtype="float32")[:, None]
    model = keras.Sequential([keras.Input((1,)), Seen(), keras.layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    _fit(model, (numbers, numbers), epochs=2, batch_size=3)
    assert [len(batch) for batch in rows] == [3, 3, 1] * 2
    first, second = [*chain(*rows[:3])], [*chain(*rows[3:])]
    assert sorted(first) == sorted(second) == numbers[:, 0].tolist()
    assert first != second != numbers[:, 0].tolist()


def test_the_order_depends_on_the_seed_alone() -> None:
    import keras

    losses = []
    for seed, elsewhere in ((1, 10), (1, 20), (2, 10)):
        model = _model()
        keras.utils.set_random_seed(elsewhere)
        losses.append(_fit(model, TRAIN, batch_size=5, seed=seed).history["loss"])
    assert losses[0] == losses[1]
    assert losses[0] != losses[2]


def test_patience_stops_early_and_gives_back_the_best_weights() -> None:
    model = _model(rate=30.0)  # so far too high that the loss rises again and again
    run = _fit(model, TRAIN, VALIDATION, epochs=40, patience=2, batch_size=5)
    losses = run.history["val_loss"]
    assert run.epochs == run.best_epoch + 2 < 40
    assert run.best_epoch == 1 + int(np.argmin(losses))
    assert model.evaluate(*VALIDATION, verbose=0)[0] == pytest.approx(min(losses), rel=1e-5)
    assert losses[-1] != pytest.approx(min(losses), rel=1e-3)


def test_sets_of_batches_are_taken_as_they_are() -> None:
    import tensorflow as tf

    batches = tf.data.Dataset.from_tensor_slices(TRAIN).batch(7)
    run = _fit(_model(), batches, tf.data.Dataset.from_tensor_slices(VALIDATION).batch(5))
    assert run.steps == 3 * 5
    assert len(run.history["val_loss"]) == 3


def test_without_validation_the_training_loss_says_which_epoch_was_best() -> None:
    run = _fit(_model(), TRAIN)
    assert set(run.history) == {"loss", "accuracy"}
    assert run.best_epoch == 3


def test_a_loss_that_is_never_a_number_has_no_best_epoch() -> None:
    run = _fit(_model(), (X * np.nan, Y))
    assert np.isnan(run.history["loss"]).all()
    assert run.best_epoch == 0


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (TRAIN, {"epochs": 0}, "epochs must be at least 1; got 0"),
        (TRAIN, {"batch_size": 0}, "batch_size must be at least 1; got 0"),
        (TRAIN, {"patience": 2}, "patience needs validation data"),
        ((X, Y[:3]), {}, "as many x as y; got 50 and 3"),
        ((X, Y, Y), {}, "must be a pair"),
    ],
)
def test_what_does_not_fit_is_named(data: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _fit(_model(), data, **options)


def test_a_model_that_is_not_compiled_is_refused() -> None:
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    with pytest.raises(ValueError, match=r"compiled: call model\.compile\(\.\.\.\) first"):
        _fit(model, TRAIN)


def test_progress_is_one_line_in_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    _fit(_model(), TRAIN, VALIDATION, progress=True)
    written = capsys.readouterr()
    assert written.out.count("\r") == 3
    assert "\n" not in written.out
    assert "\repoch 3 of 3: accuracy 0." in written.out
    _fit(_model(), TRAIN, VALIDATION)
    assert capsys.readouterr().out == ""


CELLS = (
    """
from coursekit.models.quiet import quiet_start
with quiet_start():
    import keras
import numpy as np
from coursekit.training import fit
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile("sgd", "mse", jit_compile=False)
run = fit(model, (np.ones((8, 4)), np.ones(8)), epochs=3)
""",
    """
run = fit(model, (np.ones((8, 4)), np.ones(8)), epochs=3, progress=False)
""",
)


def test_progress_is_one_line_in_a_notebook() -> None:
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    NotebookClient(nbformat.v4.new_notebook(cells=cells), timeout=120).execute()
    (line,) = cells[0].outputs
    assert line.data["text/plain"].startswith("epoch 3 of 3: loss ")
    assert cells[1].outputs == []


def test_importing_it_loads_no_tensorflow() -> None:
    code = "import sys, coursekit.training; print({'keras', 'tensorflow'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
