"""Where a network looked: maps over one image that show what its answer rests on.

- `occlusion`: what happens when a part of the image is covered
- `saliency`: how steeply the answer depends on each pixel
- `grad_cam`: in which places the maps of a layer speak for a class
- `feature_maps`: what a layer makes of the image

They take Keras models that know their input: sequential ones, and functional ones that are not
nested. TensorFlow is imported when one is called. Each map describes this network on this image; it
does not say whether the answer is right, nor what would have to be true for it to change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from coursekit.arrays import Array
from coursekit.models.quiet import quiet_start

if TYPE_CHECKING:
    import keras

BATCH = 8  # so many covered images at a time: Keras keeps the maps of all layers of each


def occlusion(
    model: keras.Model,
    image: ArrayLike,
    class_index: int,
    *,
    size: int,
    stride: int,
    fill: float = 0.5,
) -> Array:
    """Return how much the model's output for a class falls when a pixel is covered, shape (H, W).

    A square is put on every place, one after the other; what the output falls by is shared by the
    pixels under it. A pixel's number is the mean over the squares that cover it (Zeiler and Fergus,
    2014). Positive: the class needs this place. Negative: it speaks against the class.

    Args:
        model: gives one number for each class, such as probabilities.
        image: shape (H, W, C), as the model takes it.
        class_index: which output.
        size: side of the square, in pixels.
        stride: its step, from 1 to the size, so that no pixel is left out.
        fill: the number that the square is filled with.

    Raises:
        ValueError: the image does not fit the model, or a number is out of its range.
    """
    picture = _checked(model, image, class_index)
    height, width = picture.shape[:2]
    if not 1 <= stride <= size <= min(height, width):
        raise ValueError(
            f"stride and size must be 1 <= stride <= size <= {min(height, width)}; "
            f"got stride {stride}, size {size}"
        )
    tops, lefts = _starts(height, size, stride), _starts(width, size, stride)
    places = [np.s_[top : top + size, left : left + size] for top in tops for left in lefts]
    falls, covers = np.zeros((height, width)), np.zeros((height, width))
    whole = _outputs(model, picture[np.newaxis])[0, class_index]
    for first in range(0, len(places), BATCH):
        part = places[first : first + BATCH]
        covered = np.stack([_covered(picture, place, fill) for place in part])
        for place, output in zip(part, _outputs(model, covered)[:, class_index], strict=True):
            falls[place] += whole - output
            covers[place] += 1
    return falls / covers


def saliency(model: keras.Model, image: ArrayLike, class_index: int) -> Array:
    """Return how steeply the logit of a class depends on each pixel, shape (H, W), never negative.

    It is the size of the logit's slope, for a pixel of several channels the largest of them
    (Simonyan, Vedaldi and Zisserman, 2014).

    Args:
        model: gives one number for each class; a softmax at its end is taken off.
        image: shape (H, W, C), as the model takes it.
        class_index: which class.

    Raises:
        ValueError: the image does not fit the model, or there is no such class.
    """
    _, slopes = _followed(model, _checked(model, image, class_index), class_index, None)
    return np.asarray(np.abs(slopes).max(axis=-1))


def grad_cam(
    model: keras.Model, image: ArrayLike, class_index: int, *, layer: str | None = None
) -> Array:
    """In which places a layer's maps speak for a class, shape (h, w) of the maps, from 0 to 1.

    Each map counts as much as the logit rises with it on average; what speaks against the class is
    0, and the largest number is scaled to 1 (Selvaraju et al., 2017). All is 0 if nothing speaks
    for the class. Lab 4 asks for the same map before it is scaled.

    Args:
        model: gives one number for each class; a softmax at its end is taken off.
        image: shape (H, W, C), as the model takes it.
        class_index: which class.
        layer: the name of a layer whose output are maps; the last such layer if not given.

    Raises:
        ValueError: the image does not fit the model, there is no such class, or no such layer.
    """
    picture = _checked(model, image, class_index)
    chosen = _last_maps(model) if layer is None else layer
    maps, slopes = _followed(model, picture, class_index, chosen)
    evidence = np.maximum(np.tensordot(maps, slopes.mean(axis=(0, 1)), axes=1), 0)
    return np.asarray(evidence / (evidence.max() or 1))


def feature_maps(model: keras.Model, image: ArrayLike, layer: str) -> Array:
    """Return what a layer makes of an image, shape (h, w, K) for K maps.

    Args:
        model: any Keras model that knows its input.
        image: shape (H, W, C), as the model takes it.
        layer: the name of a layer whose output are maps.

    Raises:
        ValueError: the image does not fit the model, or there is no such layer.
    """
    picture = _checked(model, image)
    import keras

    part = keras.Model(model.inputs[0], _maps_of(model, layer))
    return np.asarray(_outputs(part, picture[np.newaxis])[0])


def _followed(
    model: keras.Model, image: Array, class_index: int, layer: str | None
) -> tuple[Array, Array]:
    """Return the image or a layer's maps, and the gradient of the class's logit by each value."""
    import keras
    import tensorflow as tf

    output = _logits(model)
    beside = output if layer is None else _maps_of(model, layer)
    followed = keras.Model(model.inputs[0], [output, beside])
    start = tf.convert_to_tensor(image[np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(start)
        logits, maps = followed(start, training=False)
        logit = logits[0, class_index]
    values = start if layer is None else maps
    return np.asarray(values)[0], np.asarray(tape.gradient(logit, values))[0]


def _logits(model: keras.Model) -> Any:
    """Return the model's output as a symbolic tensor, before a softmax if it ends in one.

    A probability near 1 hardly moves, whatever the pixels do; the logit does.
    """
    import keras

    last = model.layers[-1]
    if isinstance(last, keras.layers.Softmax):
        return last.input
    if getattr(last, "activation", None) is not keras.activations.softmax:
        return model.outputs[0]
    if not last.weights:
        return last.input
    linear = type(last).from_config({**last.get_config(), "activation": None})
    output = linear(last.input)
    linear.set_weights(last.get_weights())
    return output


def _maps_of(model: keras.Model, layer: str) -> Any:
    """Return a layer's output as a symbolic tensor of shape (N, h, w, K)."""
    found = {each.name: each.output for each in model.layers if makes_maps(each)}
    if layer not in found:
        names = ", ".join(found) or "there is none"
        raise ValueError(f"layer must be one whose output are maps ({names}); got {layer!r}")
    return found[layer]


def _last_maps(model: keras.Model) -> str:
    names = [each.name for each in model.layers if makes_maps(each)]
    if not names:
        raise ValueError("layer: no layer of this model has maps (N, h, w, K); use saliency")
    return str(names[-1])


def makes_maps(layer: Any) -> bool:
    """Return whether a layer's output are maps, of shape (N, h, w, K)."""
    import keras

    if isinstance(layer, keras.layers.InputLayer):
        return False  # what it hands on are the pixels
    return len(getattr(layer.output, "shape", ())) == 4


def _checked(model: keras.Model, image: ArrayLike, class_index: int | None = None) -> Array:
    """Return the image as float32, after a look whether model, image and class fit together."""
    picture = np.asarray(image, dtype=np.float32)
    wanted = tuple(model.inputs[0].shape[1:])
    if len(wanted) != 3:
        raise ValueError(f"model must take images of shape (H, W, C); this one takes {wanted}")
    if picture.ndim != 3 or any(
        side not in (None, got) for side, got in zip(wanted, picture.shape, strict=True)
    ):
        raise ValueError(f"image must have shape {wanted}, without a batch; got {picture.shape}")
    classes = int(model.outputs[0].shape[-1])
    if class_index is not None and not 0 <= class_index < classes:
        raise ValueError(f"class_index must be from 0 to {classes - 1}; got {class_index}")
    return picture


def _starts(length: int, size: int, stride: int) -> list[int]:
    """Return where the square begins; the last one ends at the rim."""
    return sorted({*range(0, length - size, stride), length - size})


def _covered(image: Array, place: tuple[slice, slice], fill: float) -> Array:
    covered = image.copy()
    covered[place] = fill
    return covered


def _outputs(model: keras.Model, images: Array) -> Array:
    with quiet_start():
        return np.asarray(model(images, training=False), dtype=np.float32)
