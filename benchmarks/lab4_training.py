"""Lab 4's training by size of batch and precision, on a CPU or a GPU; prints JSON.

::

    python -m benchmarks.lab4_training --device gpu
    python -m benchmarks.lab4_training --device gpu --backend jax  # TensorFlow has no CUDA build

The network is lab 4's: two blocks of convolution, batch normalisation, ReLU and max pooling,
dropout, L2 penalties. Speeds are those of Keras' own training loop after an epoch of warm-up, on
Fashion-MNIST; an epoch's end waits for the device. The accuracy is that on 2,000 test images.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

FILTERS = (16, 32)
BATCHES = (32, 64, 256, 1024)
PRECISIONS = ("float32", "mixed_float16")
EXAMPLES = 8192
EPOCHS = 6


def build_cnn(precision: str) -> keras.Model:
    """Lab 4's network, compiled; its logits are float32 whatever the precision.

    Args:
        precision: ``float32`` or ``mixed_float16``.
    """
    import keras

    keras.mixed_precision.set_dtype_policy(precision)
    layers, l2 = keras.layers, keras.regularizers.L2(1e-4)
    stack: list[Any] = [keras.Input((28, 28, 1))]
    for count in FILTERS:
        stack += [
            layers.Conv2D(count, 3, padding="same", use_bias=False, kernel_regularizer=l2),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
            layers.MaxPooling2D(2),
        ]
    head = layers.Dense(10, kernel_regularizer=l2, dtype="float32")
    model = keras.Sequential([*stack, layers.Flatten(), layers.Dropout(0.3), head])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(3e-3), loss, metrics=["accuracy"])
    return model


def speed(precision: str, batch: int, x: Any, y: Any) -> dict[str, Any]:
    """Return steps and images per second with batches of a size.

    Args:
        precision: as for `build_cnn`.
        batch: images in a batch.
        x: images.
        y: their classes.
    """
    model = build_cnn(precision)
    how = {"batch_size": batch, "epochs": 1, "verbose": 0}
    model.fit(x, y, **how)
    started = time.perf_counter()
    model.fit(x, y, **how)
    seconds = time.perf_counter() - started
    steps = -(-len(x) // batch)
    return {
        "precision": precision,
        "batch": batch,
        "steps_per_second": round(steps / seconds, 1),
        "images_per_second": round(len(x) / seconds),
    }


def training(x: Any, y: Any, x_test: Any, y_test: Any) -> dict[str, Any]:
    """Return seconds and test accuracy of a whole training in float32 with batches of 64."""
    model = build_cnn("float32")
    started = time.perf_counter()
    model.fit(x, y, batch_size=64, epochs=EPOCHS, verbose=0)
    seconds = time.perf_counter() - started
    accuracy = model.evaluate(x_test, y_test, batch_size=500, verbose=0)[1]
    return {
        "epochs": EPOCHS,
        "images": len(x),
        "seconds": round(seconds, 1),
        "accuracy": round(float(accuracy), 4),
    }


def main() -> None:
    """Measure on the chosen device and print one JSON object."""
    parser = argparse.ArgumentParser(description="Speed and accuracy of lab 4's training.")
    parser.add_argument("--device", choices=("cpu", "gpu"), default="cpu")
    parser.add_argument("--backend", choices=("tensorflow", "jax", "torch"), default="tensorflow")
    parser.add_argument("--batches", type=int, nargs="+", default=BATCHES)
    parser.add_argument("--precisions", nargs="+", choices=PRECISIONS, default=PRECISIONS)
    chosen = parser.parse_args()
    os.environ["KERAS_BACKEND"] = chosen.backend  # Keras reads it on its import

    import keras

    from coursekit import data

    clothes = data.load_fashion_mnist()
    x, y = (clothes.x_train[:EXAMPLES] / 255).astype("float32"), clothes.y_train[:EXAMPLES]
    with keras.device(f"{chosen.device}:0"):
        keras.utils.set_random_seed(0)
        found = {
            "device": chosen.device,
            "backend": chosen.backend,
            "versions": {"keras": keras.__version__, "python": platform.python_version()},
            "training": training(x, y, clothes.x_test / 255, clothes.y_test),
            "speeds": [speed(p, b, x, y) for p in chosen.precisions for b in chosen.batches],
        }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
