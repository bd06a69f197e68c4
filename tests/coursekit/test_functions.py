"""Functions to try a gradient on."""

from __future__ import annotations

import numpy as np

from coursekit import functions


def test_a_wavy_function_is_what_its_docstring_says():
    w, x = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([[0.3, 0.1], [-1.0, 2.0]])
    by_hand = sum(a * np.sin(2 * b) for a, b in zip(w.flat, x.flat, strict=True))
    by_hand += sum(a * b for a, b in zip(w.flat, x.flat, strict=True)) ** 2
    assert np.isclose(functions.wavy(w)(x), by_hand)


def test_its_weights_are_its_own():
    w = np.ones(2)
    f = functions.wavy(w)
    before = f(np.array([0.2, 0.4]))
    w[:] = 0.0
    assert f(np.array([0.2, 0.4])) == before
