"""Augmentation: random versions of an image for training."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from coursekit import plots
from coursekit.arrays import Array
from coursekit.plots import style
from coursekit.widgets.moving import moved
from coursekit.widgets.panel import Panel

Augment = Callable[[Any], Any]
"""Takes an image, float32 from 0 to 1, returns one of its shape, as lab 4's ``augment`` does."""

SHOWN = 8  # the image itself and seven augmented versions


def augmentation(
    images: Any,
    augment: Augment | None = None,
    *,
    mirror: bool = True,
    shift: int = 10,
    turn: int = 15,
    zoom: int = 10,
    light: int = 0,
    draw: int = 0,
) -> Panel:
    """Show seven augmented versions of an image, with a control for each transform.

    Args:
        images: one image, shape (H, W), (H, W, 1) or (H, W, 3), or several by name; uint8, or from
            0 to 1.
        augment: a function in place of the built-in transforms; takes one image, float32 from 0
            to 1, and returns one of its shape, as ``augment`` of lab 4 does.
        mirror: initially, whether each version is mirrored with probability 0.5.
        shift: the initial largest shift, in per cent of the side, 0 to 40.
        turn: the initial largest rotation in degrees, 0 to 180.
        zoom: the initial largest enlargement or reduction in per cent, 0 to 50.
        light: the initial largest change of brightness in per cent, 0 to 80.
        draw: the initial seed of the random transforms, 0 to 50.

    Returns:
        A panel, shown if it is on a cell's last line.

    Examples:
        >>> from coursekit import data, widgets
        >>> digit = data.load_mnist().x_train[0]
        >>> panel = widgets.augmentation(digit, mirror=False)
        >>> list(panel.controls)
        ['mirror', 'shift', 'turn', 'zoom', 'light', 'draw']
    """
    named = _named(images)
    changes = {
        "mirror": ipywidgets.Checkbox(mirror, description="mirror half of them"),
        "shift": ipywidgets.IntSlider(shift, 0, 40, 5, description="shift ± %"),
        "turn": ipywidgets.IntSlider(turn, 0, 180, 5, description="turn ± °"),
        "zoom": ipywidgets.IntSlider(zoom, 0, 50, 5, description="zoom ± %"),
        "light": ipywidgets.IntSlider(light, 0, 80, 5, description="light ± %"),
    }
    which = ipywidgets.Dropdown(options=list(named), description="image")
    controls = {
        **({"name": which} if len(named) > 1 else {}),
        **({} if augment else changes),
        "draw": ipywidgets.IntSlider(draw, 0, 50, description="draw"),
    }

    def show(figure: Figure, *, draw: int, name: str = next(iter(named)), **most: float) -> None:
        if augment:
            views = [np.asarray(augment(named[name])) for _ in range(SHOWN - 1)]
            texts = [f"{np.abs(view - named[name]).mean():.2f} away, on average" for view in views]
        else:
            rng = np.random.default_rng(draw)
            drawn = [Change.drawn(rng, **most) for _ in range(SHOWN - 1)]  # type: ignore[arg-type]
            views, texts = [one.of(named[name]) for one in drawn], [one.words for one in drawn]
        draw_views(figure, named[name], views, texts)

    return Panel(show, controls, size=(7.6, 4.0))


def _named(images: Any) -> dict[str, Array]:
    """Return the images by name, float32 from 0 to 1."""
    several = images if isinstance(images, Mapping) else {"the image": images}
    return {str(name): _scaled(np.asarray(image)) for name, image in several.items()}


def _scaled(image: Array) -> Array:
    return np.asarray(image / (255 if image.dtype == np.uint8 else 1), np.float32)


@dataclass(frozen=True)
class Change:
    """One transform of an image.

    Args:
        mirrored: whether left and right are swapped.
        right: the shift to the right, as a fraction of the width.
        down: the shift down, as a fraction of the height.
        degrees: the rotation, counter-clockwise.
        scale: the factor by which the content is enlarged.
        light: the factor of the brightness.
    """

    mirrored: bool
    right: float
    down: float
    degrees: float
    scale: float
    light: float

    @classmethod
    def drawn(
        cls,
        rng: np.random.Generator,
        *,
        mirror: bool,
        shift: float,
        turn: float,
        zoom: float,
        light: float,
    ) -> Change:
        """Draw a random transform within the limits that `augmentation` describes."""
        right, down, angle, size, gain = rng.uniform(-1, 1, 5).tolist()
        return cls(
            mirrored=bool(rng.random() < 0.5) and mirror,
            right=right * shift / 100,
            down=down * shift / 100,
            degrees=angle * turn,
            scale=(1 + zoom / 100) ** size,
            light=1 + gain * light / 100,
        )

    def of(self, image: Array) -> Array:
        """Return the transformed image, in which edge pixels are repeated beyond the edge."""
        height, width = image.shape[:2]
        move = {"right": self.right * width, "down": self.down * height, "scale": self.scale}
        view = moved(image, **move, degrees=self.degrees, mirrored=self.mirrored, beyond="nearest")
        return np.asarray(np.clip(view * self.light, 0, 1))

    @property
    def words(self) -> str:
        """The transform in words, such as ``3 % right, 0 % up, turned 12°, 105 % large``."""
        moves = [
            f"{abs(part):.0%} {ways[part > 0]}"
            for part, ways in ((self.right, ("left", "right")), (self.down, ("up", "down")))
        ]
        sizes = [
            f"turned {round(self.degrees)}°",
            f"{self.scale:.0%} large",
            f"{self.light:.0%} bright",
        ]
        return ", ".join([*(["mirrored"] if self.mirrored else []), *moves, *sizes])


def draw_views(figure: Figure, image: Array, views: Sequence[Array], texts: Sequence[str]) -> None:
    """Draw an image followed by its augmented versions.

    Args:
        figure: an empty figure.
        image: shape (H, W), (H, W, 1) or (H, W, 3).
        views: seven versions of the same shape.
        texts: a description of each version.
    """
    axes = figure.subplots(2, SHOWN // 2)
    titles = ["the image", *[f"instead: {i}" for i in range(1, SHOWN)]]
    plots.show_images([image, *views], titles=titles, axes=axes)
    for ax, title, words in zip(axes.flat, titles, ["as it is", *texts], strict=True):
        style.describe_axes(ax, f"{title}: {words}")
