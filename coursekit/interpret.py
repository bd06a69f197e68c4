"""Saliency maps: which parts of one image a network's output depends on.

- `occlusion`: what happens when a part of the image is covered
- `saliency`: the gradient of a class's logit with respect to each pixel
- `grad_cam`: at which positions a layer's feature maps increase a class's logit
- `feature_maps`: a layer's output for the image

They take Keras models that know their input: sequential ones, and functional ones that are not
nested. TensorFlow is imported when one is called. Each map describes this network on this image; it
does not say whether the prediction is right, nor what would have to change to change it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from coursekit.arrays import Array
from coursekit.models.quiet import quiet_start

if TYPE_CHECKING:
    import keras

BATCH = 8  # covered images at a time: Keras keeps the feature maps of all layers of each


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

    A square covers one position after the other, and each pixel gets the mean decrease of the
    output over the squares that cover it (Zeiler and Fergus, 2014). Positive pixels are evidence
    for the class, negative ones evidence against it.

    Args:
        model: returns one value for each class, such as probabilities.
        image: shape (H, W, C), as the model takes it.
        class_index: the class whose output is observed.
        size: side of the square, in pixels.
        stride: step of the square in pixels, from 1 to the size, so that every pixel is covered.
        fill: the value of the covered pixels.

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
    """Return the magnitude of a class's logit gradient at each pixel, shape (H, W).

    Values are at least 0. A pixel of several channels gets the largest magnitude among them
    (Simonyan, Vedaldi and Zisserman, 2014).

    Args:
        model: returns one value for each class; a softmax at its end is removed.
        image: shape (H, W, C), as the model takes it.
        class_index: the class.

    Raises:
        ValueError: the image does not fit the model, or there is no such class.
    """
    _, slopes = _followed(model, _checked(model, image, class_index), class_index, None)
    return np.asarray(np.abs(slopes).max(axis=-1))


def grad_cam(
    model: keras.Model, image: ArrayLike, class_index: int, *, layer: str | None = None
) -> Array:
    """Return the Grad-CAM heatmap of a class, shape (h, w) of the layer's maps, from 0 to 1.

    Each feature map is weighted by the mean gradient of the logit with respect to it. Negative sums
    become 0, and the largest value is scaled to 1 (Selvaraju et al., 2017). The heatmap is all 0
    if no position is evidence for the class. Lab 4 asks for the same map before scaling.

    Args:
        model: returns one value for each class; a softmax at its end is removed.
        image: shape (H, W, C), as the model takes it.
        class_index: the class.
        layer: the name of a layer whose output is feature maps; the last such layer if not given.

    Raises:
        ValueError: the image does not fit the model, there is no such class or no such layer, or
            no layer of the model has feature maps.
    """
    picture = _checked(model, image, class_index)
    chosen = _last_maps(model) if layer is None else layer
    maps, slopes = _followed(model, picture, class_index, chosen)
    evidence = np.maximum(np.tensordot(maps, slopes.mean(axis=(0, 1)), axes=1), 0)
    return np.asarray(evidence / (evidence.max() or 1))


def feature_maps(model: keras.Model, image: ArrayLike, layer: str) -> Array:
    """Return a layer's feature maps of an image, shape (h, w, K) for K maps.

    Args:
        model: any Keras model that knows its input.
        image: shape (H, W, C), as the model takes it.
        layer: the name of a layer whose output is feature maps.

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
    """Return the image or a layer's maps, and the gradient of the class's logit at each value."""
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

    A probability near 1 saturates, and its gradient is nearly 0; the logit's is not.
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
        return False  # its output are the pixels
    return len(getattr(layer.output, "shape", ())) == 4


def _checked(model: keras.Model, image: ArrayLike, class_index: int | None = None) -> Array:
    """Return the image as float32; raise unless model, image and class fit together."""
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
    """Return the first indices of the squares; the last square ends at the border."""
    return sorted({*range(0, length - size, stride), length - size})


def _covered(image: Array, place: tuple[slice, slice], fill: float) -> Array:
    covered = image.copy()
    covered[place] = fill
    return covered


def _outputs(model: keras.Model, images: Array) -> Array:
    with quiet_start():
        return np.asarray(model(images, training=False), dtype=np.float32)
