"""``augment``: pictures that keep their label, recognised by the way each was made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import product
from typing import Any

import numpy as np

from autograder.exercises import Case, CaseGroup, FunctionExercise, KernelExercise, Mistake
from autograder.hidden_tests.training.harness import augmented
from coursekit.arrays import Array

Seen = tuple[str, str, str, str, str]
Augment = Callable[[Any], Any]

TIMES = 300
_FARTHEST = 4
_TURNS: dict[str, Callable[[Array], Array]] = {
    "": lambda image: image,
    "mirrored": lambda image: image[:, ::-1],
    "upside down": lambda image: image[::-1],
    "upside down, mirrored": lambda image: image[::-1, ::-1],
    "on its side": lambda image: np.rot90(image, 1),
    "on its other side": lambda image: np.rot90(image, 3),
    "rows and columns swapped": lambda image: image.swapaxes(0, 1),
    "on its side, mirrored": lambda image: np.rot90(image, 2).swapaxes(0, 1),
}
_FILLS = {"": "constant", "edge repeated": "edge", "wrapped round": "wrap", "reflected": "reflect"}
_SIZES = {"": 1.0, "255 times as bright": 255.0, "255 times as dark": 1 / 255}


@dataclass(frozen=True)
class Origin:
    """How a picture was made of the original."""

    mirrored: bool
    down: int
    right: int
    wrong: str


@dataclass(frozen=True)
class Kinds:
    """What kinds of pictures a function makes: all that is judged."""

    form: str = "float32 (28, 28, 1)"
    wrong: str = ""
    mirrored: str = "sometimes"
    moved: str = "2 down, 2 left, 2 right, 2 up"
    drawn: str = "for each image"

    def seen(self, *image: Any) -> Seen:
        """As the parts that are judged; they depend on no picture."""
        del image
        if self.drawn != "for each image":
            return (self.form, self.wrong, "always the same", "always the same", self.drawn)
        return (self.form, self.wrong, self.mirrored, self.moved, self.drawn)


def look(pictures: Any, image: Array, _: int) -> Seen:
    """Return the kinds of pictures that came."""
    pictures = np.asarray(pictures)
    form = f"{pictures.dtype} {pictures.shape[1:]}"
    keys = [_key(picture) for picture in pictures]
    if pictures.shape[1:] != image.shape:
        drawn = "for each image" if len(set(keys)) > 1 else "once, then the same for all"
        return (form, "?", "?", "?", drawn)
    if len(set(keys)) == 1:
        keys = keys[:1]
    known = _origins(image.tobytes(), image.shape)
    if len(keys) == 1 and keys[0] not in known:
        return ("one picture, not made of the original",) * 5
    found = [known.get(key, Origin(False, 0, 0, "something else")) for key in keys]
    wrong = sorted({each.wrong for each in found} - {""})
    mirrored = {each.mirrored for each in found}
    kinds = Kinds(
        form,
        ", ".join(wrong),
        "sometimes" if len(mirrored) > 1 else "always" if True in mirrored else "never",
        _farthest(found),
        "for each image" if len(keys) > 1 else "once, then the same for all",
    )
    return kinds.seen()


def _moves(origin: Origin) -> dict[str, int]:
    """Return how far a picture was moved each way."""
    moves = {
        "down": origin.down,
        "left": -origin.right,
        "right": origin.right,
        "up": -origin.down,
    }
    return {way: far for way, far in moves.items() if far > 0}


def _farthest(found: list[Origin]) -> str:
    ways = ("down", "left", "right", "up")
    seen = [each for each in found if not each.mirrored] or found  # a mirror swaps left and right
    most = {way: max(_moves(each).get(way, 0) for each in seen) for way in ways}
    return ", ".join(f"{far} {way}" for way, far in most.items() if far)


def _key(picture: Array) -> bytes:
    with np.errstate(all="ignore"):  # a student's picture may hold anything
        return np.round(1000 * np.asarray(picture, float)).astype(np.int64).tobytes()


@cache
def _origins(data: bytes, shape: tuple[int, ...]) -> dict[bytes, Origin]:
    """Return all pictures that can be recognised, the likeliest way of making them first."""
    image = np.frombuffer(data, np.float32).reshape(shape)
    found: dict[bytes, Origin] = {}
    for (size, factor), (fill, mode), (turn, turned) in product(
        _SIZES.items(), _FILLS.items(), _TURNS.items()
    ):
        frame = np.pad(turned(factor * image)[..., 0], _FARTHEST, mode=mode)  # type: ignore[call-overload]
        faults = {size, fill, turn.partition(",")[0]} - {"", "mirrored"}
        for down, right in product(range(-_FARTHEST, _FARTHEST + 1), repeat=2):
            top, left = _FARTHEST - down, _FARTHEST - right
            picture = frame[top : top + shape[0], left : left + shape[1], None]
            far = {"moved by more than 2"} if max(abs(down), abs(right)) > 2 else set()
            origin = Origin(turn == "mirrored", down, right, "".join(sorted(faults | far)[:1]))
            found.setdefault(_key(picture), origin)
    return found


def _mirror(image: Any) -> Any:
    import tensorflow as tf

    return tf.image.random_flip_left_right(image)


def _as_it_is(image: Any) -> Any:
    return image


def _move(image: Any, *, most: int = 2, mode: str = "CONSTANT") -> Any:
    import tensorflow as tf

    frame = tf.pad(image, [[most, most], [most, most], [0, 0]], mode)
    return tf.image.random_crop(frame, (28, 28, 1))


def _wrap(image: Any) -> Any:
    import tensorflow as tf

    return tf.roll(image, tf.random.uniform((2,), -2, 3, tf.int32), (0, 1))


def _one_way(image: Any) -> Any:
    import tensorflow as tf

    return tf.image.random_crop(tf.pad(image, [[2, 0], [2, 0], [0, 0]]), (28, 28, 1))


def _upside_down(image: Any) -> Any:
    import tensorflow as tf

    return tf.image.random_flip_up_down(image)


def _quarter_turns(image: Any) -> Any:
    import tensorflow as tf

    return tf.image.rot90(image, tf.random.uniform((), 0, 4, tf.int32))


def _always_mirrored(image: Any) -> Any:
    import tensorflow as tf

    return tf.image.flip_left_right(image)


def _no_frame(image: Any) -> Any:
    import tensorflow as tf

    return tf.image.random_crop(image, (26, 26, 1))


def _divided(image: Any) -> Any:
    return image / 255


def _noisy(image: Any) -> Any:
    import tensorflow as tf

    return image + tf.random.normal((28, 28, 1), stddev=0.1)


def _drawn_by_numpy(image: Any) -> Any:
    import tensorflow as tf

    rng = np.random.default_rng()
    down, right = (int(n) for n in rng.integers(0, 5, 2))
    frame = tf.pad(image, [[2, 2], [2, 2], [0, 0]])[down : down + 28, right : right + 28]
    return frame[:, ::-1] if rng.random() < 0.5 else frame


def _after(*steps: Augment) -> Augment:
    """Return the steps one after the other."""

    def augment(image: Any) -> Any:
        for step in steps:
            image = step(image)
        return image

    return augment


_RIGHT = Kinds()
_TURNED = "on its other side, on its side, rows and columns swapped, upside down"
_FAULTS: dict[str, tuple[Kinds, Augment, str]] = {
    "upside_down": (
        replace(_RIGHT, wrong="upside down"),
        _after(_move, _mirror, _upside_down),
        "clothes are turned upside down: nobody photographs a shoe like that, so the network would "
        "learn what it never meets. Mirror left and right alone.",
    ),
    "turned": (
        replace(_RIGHT, wrong=_TURNED),
        _after(_mirror, _quarter_turns, _move),
        "clothes are turned by quarter turns: the pictures of this set stand upright. Only shift "
        "and mirror them.",
    ),
    "never_mirrored": (
        replace(_RIGHT, mirrored="never"),
        _move,
        "no picture is mirrored: tf.image.random_flip_left_right does it to every second one.",
    ),
    "always_mirrored": (
        replace(_RIGHT, mirrored="always"),
        _after(_move, _always_mirrored),
        "every picture is mirrored: only every second one should be. flip_left_right always does "
        "it, random_flip_left_right by chance.",
    ),
    "never_shifted": (
        replace(_RIGHT, moved=""),
        _mirror,
        "no picture is shifted: pad it by 2 on all sides and crop 28 by 28 at a random place.",
    ),
    "shifted_one_way": (
        replace(_RIGHT, moved="2 down, 2 right"),
        _after(_mirror, _one_way),
        "pictures are shifted down and to the right alone: pad all four sides by 2.",
    ),
    "shifted_too_far": (
        replace(_RIGHT, wrong="moved by more than 2", moved="4 down, 4 left, 4 right, 4 up"),
        _after(partial(_move, most=4), _mirror),
        "pictures are shifted by more than 2 pixels: pad each side by 2, not by 4.",
    ),
    "shifted_too_little": (
        replace(_RIGHT, moved="1 down, 1 left, 1 right, 1 up"),
        _after(partial(_move, most=1), _mirror),
        "pictures are shifted by 1 pixel at most: pad each side by 2, not by 1.",
    ),
    "wrapped_round": (
        replace(_RIGHT, wrong="wrapped round"),
        _after(_wrap, _mirror),
        "what leaves on one side comes in on the other, as with tf.roll: the pixels that come in "
        "are 0. Pad with zeros and crop.",
    ),
    "mirrored_at_the_edge": (
        replace(_RIGHT, wrong="reflected"),
        _after(partial(_move, mode="REFLECT"), _mirror),
        "the pixels that come in are a reflection of the picture: they are 0. tf.pad does that "
        "without a mode.",
    ),
    "drawn_once": (
        replace(_RIGHT, drawn="once, then the same for all"),
        _drawn_by_numpy,
        "chance is asked once, and all pictures get the same change: a data set calls the function "
        "once, to make a graph of it, and NumPy's or Python's random numbers are constants there. "
        "Use tf.image.random_... or tf.random.uniform.",
    ),
    "scaled_again": (
        replace(_RIGHT, wrong="255 times as dark"),
        _after(_move, _mirror, _divided),
        "the brightness is changed: make_dataset has scaled the pixels to 0 to 1 before. Leave "
        "them as they are.",
    ),
    "noise_added": (
        replace(_RIGHT, wrong="something else", mirrored="never", moved=""),
        _after(_move, _mirror, _noisy),
        "the pictures are neither shifted nor mirrored copies: every pixel that stays in the "
        "picture keeps its value.",
    ),
    "cropped_smaller": (
        Kinds(form="float32 (26, 26, 1)", wrong="?", mirrored="?", moved="?"),
        _after(_no_frame, _mirror),
        "the pictures come out smaller: pad them by 2 on all sides before you crop 28 by 28.",
    ),
}


def by_slices(image: Any) -> Any:
    """Draw where to cut and whether to mirror by itself."""
    import tensorflow as tf

    place = tf.random.uniform((2,), 0, 5, tf.int32)
    frame = tf.pad(image, [[2, 2], [2, 2], [0, 0]])
    cut = tf.slice(frame, [place[0], place[1], 0], [28, 28, 1])
    return tf.cond(tf.random.uniform(()) < 0.5, lambda: cut[:, ::-1], lambda: cut)


def sometimes_shifted(image: Any) -> Any:
    """Leave half of the pictures where they are."""
    import tensorflow as tf

    image = tf.cond(tf.random.uniform(()) < 0.5, lambda: _move(image), lambda: image)
    return _mirror(image)


def picture(rng: np.random.Generator) -> Case:
    """Return a picture whose every pixel differs from the others, up to its border."""
    values = rng.permutation(28 * 28).reshape(28, 28, 1) / 784
    return Case(((0.1 + 0.8 * values).astype(np.float32), TIMES))


AUGMENT = KernelExercise(
    model=FunctionExercise(
        name="augment",
        points=8,
        reference=_RIGHT.seen,
        groups=(CaseGroup("many calls with one picture", 1.0, (picture,)),),
        mistakes=tuple(
            Mistake(name, sentence, kinds.seen) for name, (kinds, _, sentence) in _FAULTS.items()
        ),
        parts={
            "the form of the pictures": 1,
            "what may not happen to a picture": 3,
            "how often it is mirrored": 2,
            "which ways and how far it is shifted": 2,
            "when chance is asked": 2,
        },
    ),
    harness=augmented,
    right=(_after(_move, _mirror), _after(_mirror, _move), by_slices, sometimes_shifted),
    wrong={name: function for name, (_, function, _) in _FAULTS.items()},
    look=look,
)
