"""What the tests of coursekit share."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def figures_are_drawn_and_closed() -> Iterator[None]:
    """What a test leaves open is drawn, so that a picture that cannot be drawn is noticed."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        for number in pyplot.get_fignums():
            pyplot.figure(number).canvas.draw()
        pyplot.close("all")
