"""Plots of small networks, and of a loss as a landscape."""

import numpy as np
import pytest
from mpl_toolkits.mplot3d.art3d import Line3D

from coursekit import plots


def test_answers_are_told_at_the_four_corners():
    ax = plots.show_answers(lambda a, b: 0.25 * a + 0.5 * b, targets=[0, 1, 1, 0], title="Sum")
    assert [text.get_text() for text in ax.texts] == ["0.000", "0.500", "0.250", "0.750"]
    assert [line.get_marker() for line in ax.lines] == ["o", "s", "s", "o"]
    assert plots.text_alternative(ax).startswith("Sum: 0.000 at (0, 0), 0.500 at (0, 1)")


def test_an_answer_that_is_the_same_everywhere_has_no_line():
    assert len(plots.show_answers(lambda a, b: 0 * (a + b) + 1).collections) == 1


def test_a_network_has_a_line_for_each_weight_that_is_a_number():
    weights = [np.array([[1.5, -2], [3, np.nan]]), np.array([[0.5], [7]])]
    ax = plots.show_network([["a", "b"], ["c", "d"], ["e"]], weights)
    texts = {text.get_text() for text in ax.texts}
    assert texts == {"a", "b", "c", "d", "e", "1.5", "-2", "3", "0.5", "7"}
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--", "-", "-", "-"]
    told = plots.text_alternative(ax)
    assert told == "A network: units from left to right a, b; c, d; e"


def test_weights_that_do_not_fit_a_network_are_refused():
    with pytest.raises(ValueError, match=r"shapes \[\(2, 1\)\]; got \[\(1, 2\)\]"):
        plots.show_network([["a", "b"], ["c"]], [np.ones((1, 2))])


def test_a_path_lies_on_the_landscape():
    path = np.array([[1.0, 1.0], [0.0, 0.5]])
    ax = plots.show_surface(lambda a, b: a**2 + 2 * b**2, path=path, across=(-1, 1))
    (line,) = ax.lines
    assert isinstance(line, Line3D)
    np.testing.assert_allclose(line.get_data_3d()[2], [3.0, 0.5])
    assert plots.text_alternative(ax).endswith("a surface with heights from 0.00259 to 9")
