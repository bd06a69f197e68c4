"""A slider with a player that runs through its places."""

from __future__ import annotations

from typing import Any

import ipywidgets


def slider_with_player(
    name: str, value: int, last: int, *, first: int = 0, interval: int = 800
) -> tuple[Any, Any]:
    """An `IntSlider` and a `Play` that move together, in the browser.

    Args:
        name: stands beside the slider.
        value: the place at first.
        last: the last place.
        first: the first place.
        interval: milliseconds from place to place.
    """
    slider = ipywidgets.IntSlider(value, first, last, description=name)
    player = ipywidgets.Play(
        value=value, min=first, max=last, interval=interval, description=f"run through: {name}"
    )
    ipywidgets.jslink((player, "value"), (slider, "value"))
    return slider, player
