"""``make_dataset``: an input pipeline, judged by what comes out of it in two epochs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from math import exp, lgamma, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.exercises import Case, CaseGroup, FunctionExercise, KernelExercise, Mistake
from autograder.hidden_tests.training.harness import epochs_of
from coursekit.arrays import Array

Seen = tuple[Array, str, str, str, str, str]
_NEAR = 1e-3


@dataclass(frozen=True)
class Pipeline:
    """A pipeline that may go wrong in these ways; by default it is right."""

    scaled: int = 1
    pairs: bool = True
    remainder: bool = True
    shuffled: str = "examples"
    shuffles_always: bool = False
    anew: bool = True
    augmented: str = "anew"
    augments_always: bool = False
    endless: bool = False
    dtype: str = "float32"

    def seen(self, x: Array, y: Array, batch_size: int, training: bool) -> Seen:
        """Return what is seen of it: see `look`."""
        del y
        full, rest = divmod(len(x), batch_size)
        sizes = [batch_size] * full + [rest] * (self.remainder and rest > 0)
        if self.endless:
            sizes = [batch_size] * 3 * len(x)
        shuffles = training or self.shuffles_always
        order = self.shuffled if shuffles and self.shuffled else "kept"
        if order != "kept" and not self.anew:
            order += ", the same in both epochs"
        brighter = training or self.augments_always
        return (
            np.array(sizes),
            _count(self.remainder or not rest, self.endless),
            "with its own label" if self.pairs or not shuffles else "with another's label",
            order,
            {0: "0 to 255", 1: "0 to 1", 2: "0 to 1/255"}[self.scaled]
            + f", {'float32' if brighter and self.augmented else self.dtype}",
            self.augmented if brighter and self.augmented else "never",
        )

    def made(
        self, x: Array, y: Array, *, batch_size: int, training: bool, augment: Any = None
    ) -> Any:
        """Return the pipeline as a student writes it."""
        import tensorflow as tf

        if not self.pairs and training:
            y = np.roll(y, 1)  # as after a shuffle of the images alone
        data = tf.data.Dataset.from_tensor_slices((x, y))
        shuffles = training or self.shuffles_always
        if shuffles and self.shuffled == "examples":
            data = data.shuffle(len(x), reshuffle_each_iteration=self.anew)
        if shuffles and self.shuffled == "neighbours":
            data = data.shuffle(batch_size)
        data = data.map(lambda image, label: (self._scale(image), label))
        if augment is not None and (training or self.augments_always) and self.augmented:
            data = data.map(lambda image, label: (augment(image), label))
            data = data.cache() if self.augmented == "once" else data
        if self.augmented == "once" and shuffles:
            data = data.shuffle(len(x))
        data = data.repeat() if self.endless else data
        data = data.batch(batch_size, drop_remainder=not self.remainder)
        if shuffles and self.shuffled == "batches":
            data = data.shuffle(len(x))
        return data.prefetch(tf.data.AUTOTUNE)

    def _scale(self, image: Any) -> Any:
        import tensorflow as tf

        return tf.cast(image, self.dtype) / 255.0**self.scaled


def _count(whole: bool, endless: bool) -> str:
    if endless:
        return "some more than once"
    return "each once" if whole else "some are missing"


def look(epochs: Any, x: Array, y: Array, *_: Any) -> Seen:
    """Return what came out of two epochs, in words where there are several right answers.

    Returns:
        Sizes of an epoch's batches; whether each example came once; whether with its own label;
        in which order; in which range; how it was augmented.
    """
    images = [np.concatenate([images for images, _ in epoch]) for epoch in epochs]
    labels = [np.concatenate([labels for _, labels in epoch]) for epoch in epochs]
    numbers = [_numbers(each, x) for each in images]
    lifts = [np.asarray(each[:, 0, 0, 0], float) for each in images]
    own = all(np.array_equal(y[n], each) for n, each in zip(numbers, labels, strict=True))
    sizes = [[len(labels) for _, labels in epoch] for epoch in epochs]
    return (
        np.sort(sizes[0])[::-1],
        _counted([*map(len, numbers)], numbers[0], len(x)),
        "with its own label" if own else "with another's label",
        _order(numbers, sizes),
        f"{_range(images[0], lifts[0])}, {images[0].dtype}",
        _augmentation(numbers, lifts),
    )


def _numbers(images: Array, x: Array) -> NDArray[np.int64]:
    """Return which example each image is: by its pixels, less what was added to all of them."""
    far = np.abs(_unlifted(images)[:, None] - _unlifted(x)[None]).max(axis=2)
    if far.min(axis=1).max() > 0.1:
        raise ValueError("an image that is none of the examples")
    return np.asarray(far.argmin(axis=1))


def _unlifted(images: Array) -> Array:
    """Return an image a row, from 0 for its first pixel to 1 for its brightest."""
    flat = np.asarray(images, float).reshape(len(images), -1)
    flat = flat - flat[:, :1]
    brightest = flat.max(axis=1, keepdims=True)
    if not brightest.all():
        raise ValueError("an image that is the same everywhere")
    return np.asarray(flat / brightest)


def _counted(lengths: list[int], numbers: Array, count: int) -> str:
    found = set(numbers.tolist())
    if max(lengths) > count:
        return "some more than once"
    return "each once" if len(found) == count else "some are missing"


def _order(numbers: list[Array], sizes: list[list[int]]) -> str:
    kinds = [_order_of(*epoch) for epoch in zip(numbers, sizes, strict=True)]
    shuffled = [kind for kind in kinds if kind != "kept"]
    if not shuffled:
        return "kept"
    first, second = numbers
    again = ", the same in both epochs" if np.array_equal(first, second) else ""
    # One epoch of a right shuffle may look like neighbours by chance; two do not.
    return ("examples" if "examples" in shuffled else shuffled[0]) + again


def _order_of(numbers: Array, sizes: list[int]) -> str:
    if np.array_equal(numbers, np.sort(numbers)):
        return "kept"
    batches = np.split(numbers, np.cumsum(sizes)[:-1])
    if max(sizes) > 1 and all(np.all(np.diff(batch) == 1) for batch in batches):
        return "batches"  # even if, by chance, none of them is far from its place
    near = numbers < np.arange(len(numbers)) + _small_buffer(len(numbers))
    return "neighbours" if near.all() else "examples"


@cache
def _small_buffer(count: int) -> int:
    """Return the largest buffer that a full shuffle would rarely look like by chance.

    A buffer of b brings no example more than b - 1 places forward. b^(n - b) b! of the n! orders
    of n examples are so; for the buffer it is less than one in 30,000, in each of two epochs.
    """

    def chance(buffer: int) -> float:
        ways = (count - buffer) * log(buffer) + lgamma(buffer + 1)
        return exp(ways - lgamma(count + 1))

    return max((b for b in range(1, count + 1) if chance(b) < 1 / 30_000), default=0)


def _range(images: Array, lifts: Array) -> str:
    brightest = float(np.median(images.max(axis=(1, 2, 3)) - lifts))
    known = {"0 to 255": 255.0, "0 to 1": 1.0, "0 to 1/255": 1 / 255}
    near = [name for name, value in known.items() if abs(brightest / value - 1) < _NEAR]
    return near[0] if near else "another"


def _augmentation(numbers: list[Array], lifts: list[Array]) -> str:
    if all(np.abs(lift).max() < _NEAR for lift in lifts):
        return "never"
    if any(len(set(np.round(lift, 5).tolist())) < len(lift) / 2 for lift in lifts):
        return "the same for several images"
    first, second = (
        dict(zip(n.tolist(), lift, strict=True)) for n, lift in zip(numbers, lifts, strict=True)
    )
    same = [abs(first[number] - second[number]) < _NEAR for number in first if number in second]
    return "once" if all(same) else "anew"


_FAULTS = {
    "images_shuffled_without_their_labels": (
        Pipeline(pairs=False),
        "images and labels are not shuffled together: the network learns nothing from another "
        "image's label. Make one data set of pairs, from_tensor_slices((x, y)), and shuffle that.",
    ),
    "augmented_in_validation": (
        Pipeline(augments_always=True),
        "images to validate on are augmented: they must stay as they are, so that two epochs can "
        "be compared. Augment only when training is True.",
    ),
    "shuffled_in_validation": (
        Pipeline(shuffles_always=True),
        "examples to validate on are shuffled: keep their order when training is False, so that "
        "predictions can be put beside their labels.",
    ),
    "batches_shuffled": (
        Pipeline(shuffled="batches"),
        "whole batches are shuffled: the same examples stay together for ever. Shuffle before you "
        "batch.",
    ),
    "never_shuffled": (
        Pipeline(shuffled=""),
        "nothing is shuffled when training is True: call shuffle before batch.",
    ),
    "shuffled_in_a_small_buffer": (
        Pipeline(shuffled="neighbours"),
        "examples only change places with their neighbours: shuffle's argument says among how many "
        "examples the next one is drawn. Give it len(x).",
    ),
    "same_order_in_every_epoch": (
        Pipeline(anew=False),
        "both epochs have the same order: shuffle does it anew for each, unless it is told "
        "reshuffle_each_iteration=False; a NumPy permutation beforehand happens only once.",
    ),
    "remainder_dropped": (
        Pipeline(remainder=False),
        "the last examples are missing: the last batch may be smaller. Leave drop_remainder out.",
    ),
    "not_scaled": (
        Pipeline(scaled=0),
        "the pixels still go from 0 to 255: cast them to float32 and divide by 255.",
    ),
    "scaled_twice": (
        Pipeline(scaled=2),
        "the pixels are divided by 255 twice, so that all images are nearly black: once is enough.",
    ),
    "pixels_in_float64": (
        Pipeline(dtype="float64"),
        "the pixels come out as float64, as NumPy's division makes them: that is twice the memory "
        "for nothing. Cast them to float32.",
    ),
    "never_augmented": (
        Pipeline(augmented=""),
        "the images to train on are never augmented: map augment over them when training is True.",
    ),
    "augmented_once": (
        Pipeline(augmented="once"),
        "each image is changed once and then stays so in all epochs: augment after cache(), or "
        "without a cache, so that each epoch brings new ones.",
    ),
    "never_ends": (
        Pipeline(endless=True),
        "an epoch never ends: leave repeat() out. Who wants another epoch goes through the data "
        "set again.",
    ),
}


def scaled_at_once(
    x: Array, y: Array, *, batch_size: int, training: bool, augment: Any = None
) -> Any:
    """Scale with NumPy, shuffle last before the batches, do not prefetch."""
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((x.astype(np.float32) / 255, y))
    if training and augment is not None:
        data = data.map(lambda image, label: (augment(image), label))
    return (data.shuffle(len(x)) if training else data).batch(batch_size)


def zipped(x: Array, y: Array, *, batch_size: int, training: bool, augment: Any = None) -> Any:
    """Zip two data sets, cache before the augmentation, in parallel."""
    import tensorflow as tf

    slices = tf.data.Dataset.from_tensor_slices
    images = slices(x).map(lambda image: tf.image.convert_image_dtype(image, tf.float32))
    data = tf.data.Dataset.zip((images, slices(y))).cache()
    if training:
        data = data.shuffle(2 * len(x), seed=1)
        if augment is not None:
            data = data.map(lambda i, n: (augment(i), n), num_parallel_calls=tf.data.AUTOTUNE)
    return data.batch(batch_size).prefetch(2)


def examples(rng: np.random.Generator, *, count: int, batch_size: int, training: bool) -> Case:
    """Return random images that differ; the first pixel is black and the second white."""
    x = rng.integers(0, 256, (count, 3, 4, 1)).astype(np.uint8)
    x[:, 0, 0], x[:, 0, 1] = 0, 255
    y = np.resize(rng.permutation(10), count)
    return Case((x, y, batch_size, training))


_RIGHT = Pipeline()
_cases: Callable[..., Any] = partial(examples, count=29, batch_size=4)

MAKE_DATASET = KernelExercise(
    model=FunctionExercise(
        name="make_dataset",
        points=15,
        reference=_RIGHT.seen,
        groups=(
            CaseGroup(
                "to train on",
                0.6,
                (
                    partial(_cases, training=True),
                    partial(examples, count=30, batch_size=3, training=True),
                ),
            ),
            CaseGroup(
                "to validate on",
                0.4,
                (
                    partial(_cases, training=False),
                    partial(examples, count=30, batch_size=3, training=False),
                ),
            ),
        ),
        mistakes=tuple(
            Mistake(name, sentence, fault.seen) for name, (fault, sentence) in _FAULTS.items()
        ),
        parts={
            "the sizes of the batches": 1,
            "how often an example comes": 1,
            "the labels": 2,
            "the order of the examples": 2,
            "the range and type of the pixels": 1,
            "the augmentation": 2,
        },
    ),
    harness=epochs_of,
    right=(_RIGHT.made, scaled_at_once, zipped),
    wrong={name: fault.made for name, (fault, _) in _FAULTS.items()},
    look=look,
)
