"""Controls that more than one widget has, all of them such as a keyboard can move in JupyterLab.

There an arrow key or a letter on a list or on radio buttons goes to the notebook. A list opens
with Space, and then takes them; buttons take Space and Enter, sliders left and right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets


def choice(name: str, options: Sequence[Any], value: Any) -> Any:
    """Return two or three buttons side by side, one of them pressed.

    Args:
        name: stands above the buttons.
        options: the values, or pairs (text, value).
        value: the pressed one's.
    """
    return ipywidgets.ToggleButtons(
        options=options, value=value, description=name, style={"button_width": "auto"}
    )


def choice_of_way(way: str, *, backward: bool) -> Any:
    """Return the buttons of a stepper that goes forward and backward.

    Args:
        way: the pressed one, ``"forward"`` or ``"backward"``.
        backward: whether there is a function that goes backward.

    Raises:
        ValueError: there is no such way, or no function that goes it.
    """
    if way not in ("forward", "backward"):
        raise ValueError(f"way must be 'forward' or 'backward'; got {way!r}")
    if way == "backward" and not backward:
        raise ValueError("way='backward' needs a function that goes backward: give backward too")
    return choice("way", ["forward", "backward"], way)


def slider_with_player(
    name: str, value: int, last: int, *, first: int = 0, interval: int = 800
) -> tuple[Any, Any]:
    """Return an `IntSlider` and a `Play` that move together, in the browser.

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
