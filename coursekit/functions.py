"""Functions of an array to try a gradient on: wavy, curved, and different for other weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def wavy(weights: Array) -> Callable[[Array], float]:
    """The function f(x) = sum(w * sin(2x)) + sum(w * x)², a number.

    Args:
        weights: w, in the shape of the arrays that the function will be called with.
    """
    own = np.array(weights, dtype=float)

    def f(x: Array) -> float:
        return float(np.sum(own * np.sin(2 * x)) + np.sum(own * x) ** 2)

    return f
