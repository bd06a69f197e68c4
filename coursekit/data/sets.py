"""Labelled images and signals, split into a training and a test part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.data.files import verified

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


@dataclass(frozen=True)
class ImageSet:
    """Labelled grey images, NHWC.

    Args:
        x_train: images to train on, shape (N, 28, 28, 1), uint8, 0 (background) to 255.
        y_train: their classes, shape (N,), int64, 0 to 9.
        x_test: images to test on, shape (M, 28, 28, 1), uint8.
        y_test: their classes, shape (M,), int64.
        class_names: the ten names, ``class_names[label]``.
    """

    x_train: NDArray[np.uint8]
    y_train: NDArray[np.int64]
    x_test: NDArray[np.uint8]
    y_test: NDArray[np.int64]
    class_names: tuple[str, ...]


@dataclass(frozen=True)
class SignalSet:
    """Labelled signals of one channel, NLC.

    Args:
        x_train: signals to train on, shape (N, 40, 1), float32, mean near 0, deviation near 1.
        y_train: their classes, shape (N,), int64, 0 to 9.
        x_test: signals to test on, shape (M, 40, 1), float32.
        y_test: their classes, shape (M,), int64.
        class_names: the ten names, ``class_names[label]``.
    """

    x_train: NDArray[np.float32]
    y_train: NDArray[np.int64]
    x_test: NDArray[np.float32]
    y_test: NDArray[np.int64]
    class_names: tuple[str, ...]


def load_mnist() -> ImageSet:
    """Return handwritten digits: 8,000 to train on, 2,000 to test on.

    All 10,000 are from MNIST's own training set, in an order shuffled once.

    Raises:
        DataFileError: the bundled file is missing or damaged.
    """
    return ImageSet(**_arrays("mnist_10k.npz"), class_names=DIGITS)


def load_fashion_mnist() -> ImageSet:
    """Return pieces of clothing: the first 10,000 training and the first 2,000 test images.

    Raises:
        DataFileError: the bundled file is missing or damaged.
    """
    return ImageSet(**_arrays("fashion_mnist_12k.npz"), class_names=CLOTHES)


def load_mnist1d() -> SignalSet:
    """Return MNIST-1D: noisy, shifted signals of ten classes, 4,000 to train on, 1,000 to test.

    Raises:
        DataFileError: the bundled file is missing or damaged.
    """
    return SignalSet(**_arrays("mnist1d.npz"), class_names=DIGITS)


def _arrays(file: str) -> dict[str, Any]:
    """Return fresh copies of a file's arrays: x with a channel axis, y as int64.

    Labels are int64 because arithmetic on uint8 wraps around: 0 - 1 would be 255.
    """
    return {
        name: array[..., np.newaxis].copy() if name.startswith("x") else array.astype(np.int64)
        for name, array in _stored(verified(file)).items()
    }


@lru_cache(maxsize=4)
def _stored(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays as stored in the file; callers must copy them."""
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
