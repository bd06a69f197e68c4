"""Trains the small network that reads digits, and writes its weights.

::

    python -m scripts.train_digit_cnn some/digit_cnn.npz

It learns from the 8,000 training digits of `coursekit.data.load_mnist` as they are, neither moved
nor turned, so that a lab can show what a moved digit does to it. On the 2,000 test digits, which
it does not see before the end, 97.65 % of its answers are right. The same computer makes the
same file again; another kind of processor may round otherwise and so make other weights.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coursekit.data import load_mnist
from coursekit.models.digits import digit_cnn

if TYPE_CHECKING:
    import keras

SEED, EPOCHS, BATCH = 0, 20, 64
RATE, DECAY, DROPOUT = 3e-3, 4e-3, 0.3


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, say the accuracy and write the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("file", type=Path, help="the .npz file to write")
    file = parser.parse_args(arguments).file
    model = trained()
    digits = load_mnist()
    found = np.asarray(model.predict(_scaled(digits.x_test), verbose=0)).argmax(axis=1)
    print(f"{(found == digits.y_test).mean():.2%} of {len(found):,} test digits are read rightly")
    np.savez_compressed(file, **weights_of(model))  # type: ignore[arg-type]


def trained() -> keras.Model:
    """Return the network after its training; the same every time on one computer."""
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()
    digits, model = load_mnist(), digit_cnn(trained=False)
    *maps, scores = model.layers
    with_dropout = keras.Sequential([*maps, keras.layers.Dropout(DROPOUT), scores])
    rate = keras.optimizers.schedules.CosineDecay(RATE, EPOCHS * (len(digits.x_train) // BATCH))
    optimizer = keras.optimizers.AdamW(rate, weight_decay=DECAY)
    with_dropout.compile(optimizer, loss="sparse_categorical_crossentropy")
    x = _scaled(digits.x_train)
    with_dropout.fit(x, digits.y_train, batch_size=BATCH, epochs=EPOCHS, verbose=2)
    return model


def weights_of(model: keras.Model) -> dict[str, NDArray[np.float32]]:
    """Return the model's weights as float32 under ``layer/kernel`` and ``layer/bias``."""
    layers = [layer for layer in model.layers if layer.weights]
    return {
        f"{layer.name}/{part}": values.astype(np.float32)
        for layer in layers
        for part, values in zip(("kernel", "bias"), layer.get_weights(), strict=True)
    }


def _scaled(images: NDArray[Any]) -> NDArray[np.float32]:
    return np.asarray(images / 255, dtype=np.float32)


if __name__ == "__main__":
    main()
