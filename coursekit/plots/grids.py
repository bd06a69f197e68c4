"""Grids of images and of feature maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from numpy.typing import NDArray

from coursekit.arrays import Array
from coursekit.plots import style

AxesArray = NDArray[np.object_]
MOST = 100
"""The most images in one grid; more are taken for a mistake."""


def show_images(
    images: Sequence[Any] | Array,
    *,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    axes: Sequence[Axes] | AxesArray | None = None,
    cmap: str = "gray",
    title: str = "",
) -> AxesArray:
    """Show images side by side.

    Args:
        images: an array of shape (N, H, W), (N, H, W, 1) or (N, H, W, 3), or a list of images of
            shape (H, W), (H, W, 1) or (H, W, 3) that may differ in size; at most 100. Colour
            images are uint8, or floats from 0 to 1. Grey images are shown from 0 to 255 if uint8,
            from 0 to 1 if all values lie in that range, else from their minimum to their maximum.
            A single grey image of shape (H, W) is accepted, too.
        titles: one for each image; ``image 0``, ``image 1``, … if not given.
        columns: the number of images in a row; up to five if not given.
        axes: Axes to draw on, at least one for each image; a new figure if not given.
        cmap: the Matplotlib colormap of images with one channel.
        title: a heading above all of them.

    Returns:
        The Axes, one for each image, shape (N,).

    Raises:
        ValueError: an image or the number of titles, columns or Axes does not fit, or a colour
            image holds nan or inf.

    Examples:
        >>> import numpy as np
        >>> from coursekit import plots
        >>> axes = plots.show_images([np.eye(4), 1 - np.eye(4)], titles=["a line", "the rest"])
        >>> [ax.get_title() for ax in axes]
        ['a line', 'the rest']
    """
    pictures = _pictures(images)
    names = _titles(titles, [f"image {i}" for i in range(len(pictures))])
    spots = _spots(len(pictures), columns, axes, _height_to_width(pictures))
    for ax, picture, name in zip(spots, pictures, names, strict=True):
        gray = picture.ndim == 2
        ax.imshow(picture, cmap=cmap, norm=style.gray_scale(picture) if gray else None)
        low, high = style.limits(picture)
        kind = f"{'one-channel' if gray else 'colour'} image of {picture.shape[0]} rows and "
        text = f"{name}: {kind}{picture.shape[1]} columns, values {low:.3g} to {high:.3g}"
        _label(ax, name, text)
    if title:
        spots[0].figure.suptitle(title)
    return spots


def show_feature_maps(
    maps: Any,
    *,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    title: str = "Feature maps",
) -> AxesArray:
    """Show the feature maps of one image side by side, all on one colour scale.

    Without negative values the colours go from dark blue (0) to yellow; else from orange (negative)
    over white (0) to purple (positive).

    Args:
        maps: shape (H, W, C), the output of a convolution for one image; at most 100 channels.
        titles: one for each channel; ``channel 0``, ``channel 1``, … if not given.
        columns: the number of maps in a row; up to five if not given.
        title: a heading above all of them.

    Returns:
        The Axes, one for each channel, shape (C,).

    Raises:
        ValueError: ``maps`` has another shape or too many channels, or the number of titles or
            columns does not fit.

    Examples:
        >>> import numpy as np
        >>> from coursekit import plots
        >>> axes = plots.show_feature_maps(np.random.default_rng(0).normal(size=(8, 8, 3)))
        >>> [ax.get_title() for ax in axes]
        ['channel 0', 'channel 1', 'channel 2']
    """
    values = np.asarray(maps)
    if values.ndim != 3 or not values.size:
        raise ValueError(
            f"maps must have shape (H, W, C); got {values.shape}. Take one image: maps[0]."
        )
    channels = _pictures(list(np.moveaxis(values, -1, 0)))
    names = _titles(titles, [f"channel {i}" for i in range(len(channels))])
    spots = _spots(len(channels), columns, None, _height_to_width(channels))
    scale, cmap = _map_scale(values)
    for ax, channel, name in zip(spots, channels, names, strict=True):
        ax.imshow(channel, cmap=cmap, norm=scale)
        low, high = style.limits(channel)
        size = f"{channel.shape[0]} rows and {channel.shape[1]} columns"
        _label(ax, name, f"{name}: feature map of {size}, values {low:.3g} to {high:.3g}")
    figure = spots[0].figure
    figure.suptitle(title)
    figure.colorbar(ScalarMappable(scale, cmap), ax=list(spots), label="value", shrink=0.8)
    return spots


def _map_scale(values: Array) -> tuple[Normalize, str]:
    low, high = style.limits(values)
    if low < 0:
        return style.signed_scale(values), style.SIGNED
    return Normalize(0, high or 1.0), style.POSITIVE


def _pictures(images: Sequence[Any] | Array) -> list[Array]:
    """Return the images one by one, as (H, W) or (H, W, 3)."""
    stack = [images] if isinstance(images, np.ndarray) and images.ndim == 2 else list(images)
    if not 0 < len(stack) <= MOST:
        raise ValueError(
            f"images must hold 1 to {MOST} images, along its first axis; got {len(stack)}. "
            f"Show some of them, such as images[:10]; put a single colour image in a list."
        )
    return [_picture(np.asarray(image), f"images[{i}]") for i, image in enumerate(stack)]


def _picture(image: Array, name: str) -> Array:
    if image.ndim != 3 or image.shape[-1] != 3:
        return style.one_channel(image, name)
    style.require_finite(image, name)
    if image.dtype != np.uint8 and not (image.min() >= 0 and image.max() <= 1):
        low, high = style.limits(image)
        raise ValueError(
            f"{name} must hold colours from 0 to 1, or be uint8; got {image.dtype} from {low:g} "
            f"to {high:g}. Divide it by 255, or show its channels one by one."
        )
    return image


def _titles(titles: Sequence[str] | None, usual: list[str]) -> list[str]:
    if titles is None:
        return usual
    if len(titles) != len(usual):
        raise ValueError(f"titles must hold {len(usual)}, one for each; got {len(titles)}")
    return [str(title) for title in titles]


def _height_to_width(pictures: list[Array]) -> float:
    """Return the tallest image's ratio of height to width, clipped to 0.3 to 2."""
    tallest = max(picture.shape[0] / picture.shape[1] for picture in pictures)
    return float(min(2.0, max(0.3, tallest)))


def _spots(
    count: int, columns: int | None, axes: Sequence[Axes] | AxesArray | None, ratio: float
) -> AxesArray:
    """Return one Axes for each image: existing ones, or those of a new figure."""
    if axes is not None:
        existing = np.asarray(axes, dtype=object).ravel()
        if len(existing) < count:
            raise ValueError(f"axes must hold at least {count} Axes; got {len(existing)}")
        return existing[:count]
    columns = min(count, 5) if columns is None else columns
    if columns < 1:
        raise ValueError(f"columns must be at least 1; got {columns}")
    rows = -(-count // columns)
    width = min(1.9, 10 / columns) if count > 1 else 4.0
    size = (width * columns + 0.4, (width * ratio + 0.35) * rows + 0.3)
    figure, grid = plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    for ax in grid.flat[count:]:
        figure.delaxes(ax)
    return np.asarray(grid.flat[:count], dtype=object)


def _label(ax: Axes, name: str, text: str) -> None:
    ax.set_title(name, fontsize="medium")
    ax.set(xticks=[], yticks=[])
    style.describe_axes(ax, text)
