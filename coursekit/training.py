"""Train a Keras network and keep its history.

`fit` is ``model.fit`` with the course's conventions: the order of the examples depends on the seed
alone, early stopping on the validation loss, one line of progress. It returns a `Run`, which
``plots.training_curves`` draws.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

EVALUATED_AT_ONCE = 256  # without gradients, large batches only save time
Line = Callable[[str], None]
"""Shows a text in place of the one that it showed before."""


@dataclass(frozen=True)
class Run:
    """The history of a training run.

    Args:
        history: the metrics of each epoch in order, under Keras' names, such as ``"loss"``,
            ``"accuracy"``, ``"val_loss"`` and ``"val_accuracy"``.
        epochs: the number of epochs; fewer than requested if the training stopped early.
        steps: the number of weight updates.
        seconds: the duration.
        best_epoch: the epoch, counted from 1, of the lowest validation loss, or of the lowest
            training loss if nothing was validated; 0 if all losses are nan.
    """

    history: Mapping[str, tuple[float, ...]]
    epochs: int
    steps: int
    seconds: float
    best_epoch: int


def fit(
    model: Any,
    train: Any,
    validation: Any = None,
    *,
    epochs: int,
    batch_size: int = 32,
    seed: int = 0,
    patience: int | None = None,
    progress: bool = True,
) -> Run:
    """Train a compiled Keras model and return the history of the run.

    Three things are random, and ``seed`` determines one of them: the order of the examples of a
    pair, a new one in each epoch. The initial weights and the seeds of dropout and augmentation
    layers are drawn when the model is built: to reproduce them, call
    ``keras.utils.set_random_seed`` before that. A ``tf.data`` set has its own order.

    Args:
        model: a Keras model that has been compiled.
        train: a pair (x, y) of arrays, or a ``tf.data`` set of batches.
        validation: the same, for evaluation after each epoch; never trained on.
        epochs: the number of epochs, at least 1.
        batch_size: examples in an update, at least 1; a ``tf.data`` set has its own batches.
        seed: for the order of the examples, if they are a pair.
        patience: stop after so many epochs without a lower validation loss, and restore the
            weights of the best epoch. If None, all epochs are run and the last weights are kept.
        progress: whether to show the progress, on one line that is overwritten; if False, nothing
            is shown.

    Raises:
        ValueError: a number or a shape does not fit, there is patience but no validation data, or
            the model has not been compiled.
    """
    _require(epochs >= 1, f"epochs must be at least 1; got {epochs}")
    _require(batch_size >= 1, f"batch_size must be at least 1; got {batch_size}")
    _require(patience is None or validation is not None, "patience needs validation data")
    compiled = getattr(model, "optimizer", None) is not None
    _require(compiled, "model must be compiled: call model.compile(...) first")
    options = _batches(train, epochs, batch_size, seed) if _is_pair(train) else {"x": train}
    before, started = _updates(model), time.perf_counter()
    found = model.fit(
        **options,
        epochs=epochs,
        validation_data=validation,
        validation_batch_size=EVALUATED_AT_ONCE if _is_pair(validation) else None,
        callbacks=_callbacks(epochs, patience, progress),
        shuffle=False,  # a pair's batches already are, and Keras cannot shuffle a set
        verbose=0,
    )
    history = {name: tuple(map(float, values)) for name, values in found.history.items()}
    steps, seconds = _updates(model) - before, time.perf_counter() - started
    return Run(history, len(history["loss"]), steps, seconds, _best_epoch(history))


def _is_pair(data: Any) -> bool:
    return isinstance(data, (tuple, list))


def _require(fits: bool, message: str) -> None:
    if not fits:
        raise ValueError(message)


def _updates(model: Any) -> int:
    return int(model.optimizer.iterations)


def _batches(train: Any, epochs: int, batch_size: int, seed: int) -> dict[str, Any]:
    """Return the batches of all epochs in a row, as arguments of ``model.fit``.

    All orders are drawn beforehand, because TensorFlow's own also depend on its global seed.
    """
    import tensorflow as tf

    _require(len(train) == 2, f"train must be a pair (x, y) or a tf.data set; got {len(train)}")
    count, labels = len(train[0]), len(train[1])
    _require(count == labels > 0, f"train must hold as many x as y; got {count} and {labels}")
    rng = np.random.default_rng(seed)
    orders = np.stack([rng.permutation(count) for _ in range(epochs)])
    with tf.device("CPU"):
        x, y = (tf.convert_to_tensor(part) for part in train)
        places = tf.data.Dataset.from_tensor_slices(orders).flat_map(
            lambda order: tf.data.Dataset.from_tensor_slices(order).batch(batch_size)
        )
        batches = places.map(lambda some: (tf.gather(x, some), tf.gather(y, some)))
    return {"x": batches.prefetch(2), "steps_per_epoch": -(-count // batch_size)}


def _callbacks(epochs: int, patience: int | None, progress: bool) -> list[Any]:
    from keras import callbacks

    chosen: list[Any] = []
    if patience is not None:
        chosen.append(callbacks.EarlyStopping(patience=patience, restore_best_weights=True))
    if progress:
        show = _line()
        chosen.append(
            callbacks.LambdaCallback(
                on_epoch_end=lambda epoch, logs: show(_progress(epoch + 1, epochs, logs))
            )
        )
    return chosen


def _progress(epoch: int, epochs: int, logs: Mapping[str, float]) -> str:
    numbers = ", ".join(f"{name} {value:.3f}" for name, value in logs.items())
    return f"epoch {epoch} of {epochs}: {numbers}"


def _line() -> Line:
    """Return a function that writes over the same line, in a notebook or in a terminal."""
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    if getattr(get_ipython(), "kernel", None) is None:
        return lambda text: print(f"\r{text:<79}", end="", flush=True)  # noqa: T201
    begin: Any = display  # which has no annotations
    shown: list[Any] = []

    def show(text: str) -> None:
        if shown:
            shown[0].update({"text/plain": text}, raw=True)
        else:
            shown.append(begin({"text/plain": text}, raw=True, display_id=True))

    return show


def _best_epoch(history: Mapping[str, tuple[float, ...]]) -> int:
    losses = np.array(history.get("val_loss", history["loss"]))
    return 0 if np.isnan(losses).all() else int(np.nanargmin(losses)) + 1
