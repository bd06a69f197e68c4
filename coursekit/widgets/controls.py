"""Controls that several widgets share; all can be operated by keyboard in JupyterLab.

JupyterLab sends arrow keys and letters on a closed list or on radio buttons to the notebook. A list
opens with Space and then takes these keys; buttons take Space and Enter, sliders left and right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets


def choice(name: str, options: Sequence[Any], value: Any) -> Any:
    """Return two or three buttons side by side, one of them pressed.

    Args:
        name: the label of the buttons.
        options: the values, or pairs (text, value).
        value: the value of the pressed button.
    """
    return ipywidgets.ToggleButtons(
        options=options, value=value, description=name, style={"button_width": "auto"}
    )


def choice_of_way(way: str, *, backward: bool) -> Any:
    """Return the buttons that choose between a forward and a backward pass.

    Args:
        way: the pressed button, ``"forward"`` or ``"backward"``.
        backward: whether there is a function for the backward pass.

    Raises:
        ValueError: ``way`` is neither of the two, or there is no function for the backward pass.
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
        name: the label of the slider.
        value: the initial value.
        last: the largest value.
        first: the smallest value.
        interval: milliseconds between two steps of the player.
    """
    slider = ipywidgets.IntSlider(value, first, last, description=name)
    player = ipywidgets.Play(
        value=value, min=first, max=last, interval=interval, description=f"run through: {name}"
    )
    ipywidgets.jslink((player, "value"), (slider, "value"))
    return slider, player
