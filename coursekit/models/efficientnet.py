"""EfficientNet-Lite0, trained on ImageNet, with the names of its 1,000 classes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coursekit.data.files import verified
from coursekit.models.quiet import quiet_start

if TYPE_CHECKING:
    import keras

IMAGE_SIZE = 224
"""Height and width, in pixels, of the images that the network was trained on."""

_WEIGHTS = "efficientnet_lite0_imagenet_f16.npz"
_LABELS = "imagenet_labels.txt"
_STAGES = (
    # kernel, stride, expansion, channels out, blocks
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)


def efficientnet_lite0(
    *, top: bool = True, size: int = IMAGE_SIZE, trained: bool = True
) -> keras.Model:
    """Build EfficientNet-Lite0: 4.7 million parameters, input (N, size, size, 3) in [0, 1].

    The architecture is Tan and Le's EfficientNet-B0 (2019) as its authors simplified it for small
    devices: no squeeze-and-excitation, ReLU6 for swish. It scales the pixels itself.

    Args:
        top: whether to include the classification head, so that the output is the probabilities
            (N, 1000). Without it the output is the features (N, 1280).
        size: height and width of the input in pixels, at least 32; 224 with the head gives the
            published accuracy, smaller sizes are faster.
        trained: whether to load the weights trained on ImageNet; if not, they are random.

    Raises:
        ValueError: the size is below 32.
        DataFileError: the bundled weights are missing or damaged.
    """
    if size < 32:
        raise ValueError(f"size must be at least 32 pixels; got {size}")
    with quiet_start():
        model = _untrained(top, size)
    if trained:
        _set_weights(model)
    return model


@lru_cache(maxsize=1)
def imagenet_labels() -> tuple[str, ...]:
    """Return the names of ImageNet's 1,000 classes, in the order of the network's outputs."""
    return tuple(verified(_LABELS).read_text(encoding="utf-8").splitlines())


def top_labels(probabilities: ArrayLike, *, count: int = 5) -> list[tuple[str, float]]:
    """Return the most probable classes of one image with their probabilities, best first.

    Args:
        probabilities: the network's output for one image, shape (1000,) or (1, 1000).
        count: the number of classes.

    Raises:
        ValueError: there are not 1,000 probabilities.
    """
    found = np.asarray(probabilities, dtype=np.float64).reshape(-1)
    if found.size != len(imagenet_labels()):
        raise ValueError(f"probabilities must be 1,000 numbers; got {found.size}")
    best = np.argsort(found)[::-1][:count]
    return [(imagenet_labels()[place], float(found[place])) for place in best]


def centre_crop(photo: ArrayLike, *, size: int = IMAGE_SIZE) -> NDArray[np.float64]:
    """Return the centre of a photo as float64 in [0, 1], shape (size, size, 3).

    The central square, whose side is 87.5 % of the photo's shorter side, is resized bicubically.

    Args:
        photo: shape (H, W, 3), or (H, W) or (H, W, 1) for a grey one; values in [0, 1], or uint8
            from 0 to 255.
        size: height and width of the result in pixels.

    Raises:
        ValueError: a value is outside 0 to 1, and the dtype isn't uint8.
    """
    from PIL import Image

    image = Image.fromarray(_levels(photo)).convert("RGB")
    side = int(0.875 * min(image.size))
    left, top = (image.width - side) // 2, (image.height - side) // 2
    box = (left, top, left + side, top + side)
    return np.asarray(image.resize((size, size), Image.Resampling.BICUBIC, box=box)) / 255.0


def _levels(photo: ArrayLike) -> NDArray[np.uint8]:
    """Return the pixels from 0 to 255, shape (H, W) or (H, W, C), as Pillow takes them."""
    pixels = np.asarray(photo)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    if pixels.dtype == np.uint8:
        return pixels
    levels = np.round(pixels * 255.0)  # a 1 that rounding errors made larger is still 255
    if not np.all((levels >= 0) & (levels <= 255)):  # false for NaN, too
        raise ValueError(
            f"photo must have values from 0 to 1, or be of dtype uint8; got dtype {pixels.dtype} "
            f"and values from {pixels.min():g} to {pixels.max():g}: divide by the largest possible"
        )
    return levels.astype(np.uint8)


def _untrained(top: bool, size: int) -> keras.Model:
    import keras

    layers = keras.layers
    image = keras.Input((size, size, 3), name="image")
    x = layers.Rescaling(255 / 128, offset=-127 / 128, name="rescaling")(image)
    x = _convolution(x, "stem", 32, kernel=3, stride=2)
    x = _blocks(x)
    x = _convolution(x, "head", 1280)
    x = layers.GlobalAveragePooling2D(name="features")(x)
    if top:
        x = layers.Dropout(0.2, name="dropout")(x)
        x = layers.Dense(1000, activation="softmax", name="predictions")(x)
    return keras.Model(image, x, name="efficientnet_lite0")


def _convolution(x: Any, name: str, channels: int, *, kernel: int = 1, stride: int = 1) -> Any:
    """Return a convolution, batch normalisation and ReLU6."""
    import keras

    convolution = keras.layers.Conv2D(
        channels, kernel, stride, padding="same", use_bias=False, name=f"{name}_conv"
    )
    return _activated(convolution(x), name)


def _activated(x: Any, name: str) -> Any:
    import keras

    return keras.layers.ReLU(6.0, name=f"{name}_relu")(_normalised(x, f"{name}_bn"))


def _normalised(x: Any, name: str) -> Any:
    import keras

    return keras.layers.BatchNormalization(epsilon=1e-3, momentum=0.99, name=name)(x)


def _blocks(x: Any) -> Any:
    number = 0
    for kernel, first_stride, expansion, channels, repeats in _STAGES:
        for repeat in range(repeats):
            stride = first_stride if repeat == 0 else 1
            x = _block(x, f"block{number}", kernel, stride, expansion, channels)
            number += 1
    return x


def _block(x: Any, name: str, kernel: int, stride: int, expansion: int, channels: int) -> Any:
    """Return an inverted residual block: expand, depthwise convolution, project, add the input."""
    import keras

    layers = keras.layers
    came_in = int(x.shape[-1])
    y = x
    if expansion > 1:
        y = _convolution(y, f"{name}_expand", came_in * expansion)
    filtered = layers.DepthwiseConv2D(
        kernel, stride, padding="same", use_bias=False, name=f"{name}_dw_conv"
    )
    y = _activated(filtered(y), f"{name}_dw")
    y = layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_project_conv")(y)
    y = _normalised(y, f"{name}_project_bn")
    return layers.Add(name=f"{name}_add")([x, y]) if (stride, came_in) == (1, channels) else y


def _set_weights(model: keras.Model) -> None:
    with np.load(verified(_WEIGHTS)) as stored:
        for layer in model.layers:
            count = len(layer.weights)
            if count:
                names = [f"{layer.name}/{place}" for place in range(count)]
                layer.set_weights([stored[name].astype(np.float32) for name in names])
