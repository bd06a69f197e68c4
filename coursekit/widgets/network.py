"""A network's predictions for a photo, Grad-CAM heatmaps and feature maps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coursekit import data, interpret, plots
from coursekit.arrays import Array
from coursekit.models.efficientnet import centre_crop
from coursekit.models.quiet import quiet_start
from coursekit.plots import style
from coursekit.widgets.panel import Panel

if TYPE_CHECKING:
    import keras

GUESSES = 5
MAPS = 9


def network_viewer(
    model: keras.Model,
    labels: Sequence[str],
    *,
    photo: str = "chelsea",
    guess: int = 1,
    layer: str | None = None,
    layers: Sequence[str] | None = None,
) -> Panel:
    """Show a model's best classes for a photo, a Grad-CAM heatmap and some feature maps.

    Args:
        model: returns a probability for each class from square images, such as
            ``efficientnet_lite0()``.
        labels: the names of the classes, such as ``imagenet_labels()``.
        photo: the initial photo, one of ``data.photo_names()``.
        guess: the initial class of Grad-CAM, 1 for the most probable, to 5 or to the number of
            classes if that is smaller.
        layer: the initial layer, one of ``layers``; the last if not given.
        layers: names of layers whose output is feature maps; the last one of each size if not
            given.

    Returns:
        A panel, shown if it is on a cell's last line.

    Raises:
        ValueError: there is not one label for each class.

    Examples:
        >>> import keras
        >>> from coursekit import widgets
        >>> layers = [keras.Input((64, 64, 3)), keras.layers.Conv2D(4, 3)]
        >>> layers += [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2)]
        >>> panel = widgets.network_viewer(keras.Sequential(layers), ["cat", "dog"])
        >>> list(panel.controls)
        ['photo', 'guess', 'layer']
    """
    most = min(GUESSES, _require_labels(model, labels))
    names = list(layers or _last_of_each_size(model))
    controls = {
        "photo": _list("photo", data.photo_names(), photo),
        "guess": ipywidgets.IntSlider(guess, 1, most, description="guess no."),
        "layer": _list("layer", names, layer or names[-1]),
    }
    seen = _Seen(model)

    def draw(figure: Figure, *, photo: str, guess: int, layer: str) -> None:
        parts: Any = figure.subfigures(1, 3, width_ratios=(4, 4, 5))
        left, middle, right = parts
        likely = seen.probabilities(photo)
        best = [int(place) for place in np.argsort(likely)[::-1][:most]]
        _draw_guesses(left, seen.image(photo), [labels[i] for i in best], likely[best], photo)
        heat = seen.evidence(photo, layer, best[guess - 1])
        title = f"Grad-CAM: {_short(labels[best[guess - 1]])}"
        plots.show_heatmap(seen.image(photo), heat, ax=middle.subplots(), title=title)
        _draw_maps(right, seen.maps(photo, layer), layer)

    return Panel(draw, controls, size=(10.2, 3.9))


def _require_labels(model: keras.Model, labels: Sequence[str]) -> int:
    """Return the number of classes; raise unless there is a label for each."""
    classes = int(np.prod(model.outputs[0].shape[1:]))
    if len(labels) != classes:
        raise ValueError(
            f"labels must hold {classes} names, one for each class of the model; got {len(labels)}"
        )
    return classes


def _list(name: str, options: Sequence[str], value: str) -> Any:
    return ipywidgets.Dropdown(
        options=list(options), value=value, description=name, layout={"width": "17em"}
    )


def _last_of_each_size(model: keras.Model) -> list[str]:
    """Return the name of the last layer of each size of feature maps."""
    layers = filter(interpret.makes_maps, model.layers)
    return list({layer.output.shape[1:3]: layer.name for layer in layers}.values())


class _Seen:
    """Caches the model's outputs, heatmaps and feature maps for the photos."""

    def __init__(self, model: keras.Model) -> None:
        self._model = model
        self.image = lru_cache(len(data.photo_names()))(self._image)
        self.probabilities = lru_cache(len(data.photo_names()))(self._probabilities)
        self.evidence = lru_cache(64)(self._evidence)
        self.maps = lru_cache(8)(self._maps)

    def _image(self, photo: str) -> Array:
        """Return the centre of the photo with the model's input size and channels."""
        _, size, _, channels = self._model.inputs[0].shape
        pixels = centre_crop(data.load_photo(photo), size=size)
        return pixels if channels == 3 else np.mean(pixels, axis=-1, keepdims=True)

    def _probabilities(self, photo: str) -> Array:
        with quiet_start():
            answer = self._model(self.image(photo)[np.newaxis].astype(np.float32), training=False)
        return np.asarray(answer, float).reshape(-1)

    def _evidence(self, photo: str, layer: str, class_index: int) -> Array:
        with quiet_start():
            return interpret.grad_cam(self._model, self.image(photo), class_index, layer=layer)

    def _maps(self, photo: str, layer: str) -> Array:
        return interpret.feature_maps(self._model, self.image(photo), layer)


def _draw_guesses(
    figure: Any, image: Array, labels: Sequence[str], likely: Array, photo: str
) -> None:
    """Draw the network's input, and bars for its most probable classes."""
    above, below = figure.subplots(2, 1, height_ratios=(3, 2))
    above.imshow(image, cmap="gray")
    above.set(xticks=[], yticks=[])
    above.set_title(f"{photo}, {image.shape[0]} × {image.shape[1]}", fontsize="medium")
    style.describe_axes(above, f"The photo {photo}")
    below.barh(range(len(likely)), likely, color=style.BLUE)
    below.set(xlim=(0, 1), yticks=range(len(likely)))
    below.set_yticklabels([_short(label) for label in labels], fontsize="small")
    below.invert_yaxis()
    below.spines[["top", "right"]].set_visible(False)
    described = ", ".join(f"{label} {part:.0%}" for label, part in zip(labels, likely, strict=True))
    style.describe_axes(below, f"Guesses: {described}")


def _short(label: str) -> str:
    """Return the first of a label's names, shortened to 22 characters."""
    name = label.split(",", maxsplit=1)[0]
    return name if len(name) <= 22 else f"{name[:21]}…"


def _draw_maps(figure: Any, maps: Array, layer: str) -> None:
    """Draw the maps that vary most over positions, all on one colour scale."""
    axes: list[Axes] = list(figure.subplots(3, 3).flat)
    chosen = np.argsort(maps.std(axis=(0, 1)))[::-1][:MAPS]
    low, high = style.limits(maps[:, :, chosen])
    look: dict[str, Any] = (
        {"cmap": style.SIGNED, "norm": style.signed_scale(maps[:, :, chosen])}
        if low < 0
        else {"cmap": style.POSITIVE, "vmin": 0, "vmax": high or 1}
    )
    for ax in axes:
        ax.axis("off")
        style.describe_axes(ax, "<")  # the heading below describes them
    for ax, channel in zip(axes, chosen, strict=False):
        ax.imshow(maps[:, :, channel], **look)
    title = f"{layer}: {len(chosen)} of {maps.shape[2]} maps, {len(maps)} × {maps.shape[1]}"
    figure.suptitle(title, fontsize="medium")
    style.describe_axes(axes[0], f"The most varied maps of {title}")
