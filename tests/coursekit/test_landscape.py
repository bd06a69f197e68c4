"""Surfaces and the ways down on them."""

import numpy as np
import pytest

from coursekit import landscape


@pytest.mark.parametrize("name", landscape.SURFACES)
def test_slopes_are_those_of_the_height(name):
    surface, step = landscape.SURFACES[name], 1e-6
    for place in np.random.default_rng(1).uniform(-1.5, 1.5, (5, 2)):
        tried = [
            (surface.height(*(place + way)) - surface.height(*(place - way))) / (2 * step)
            for way in step * np.eye(2)
        ]
        np.testing.assert_allclose(surface.slopes(place), tried, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(
    ("rate", "end"), [(0.01, 5 * 0.99**20), (0.5, 5 * 0.5**20), (2.1, 5 * 1.1**20)]
)
def test_plain_descent_on_half_a_square_shrinks_or_grows_by_one_minus_the_rate(rate, end):
    way = landscape.descend(lambda w: w, [5.0], rate=rate, steps=20)
    assert way.shape == (21, 1)
    np.testing.assert_allclose(abs(way[-1, 0]), end, rtol=1e-12)


def test_a_way_that_leaves_all_bounds_is_no_error():
    way = landscape.descend(lambda w: w**3, [50.0, 1.0], rate=1, steps=30)
    assert not np.isfinite(way[-1]).all()


def test_two_valleys_have_two_lowest_places_and_the_left_is_lower():
    surface = landscape.SURFACES["two valleys"]
    ends = [
        landscape.descend(surface.slopes, start, rate=0.05, steps=500)[-1]
        for start in ([1.5, 1.0], [-1.5, 1.0])
    ]
    assert ends[0][0] > 0.5 > -0.5 > ends[1][0]
    assert surface.height(*ends[1]) < surface.height(*ends[0]) - 0.5


@pytest.mark.slow
@pytest.mark.parametrize("name", landscape.RULES)
def test_a_rule_goes_the_way_of_keras(name):
    import keras

    options = {
        "SGD": {},
        "Momentum": {"momentum": 0.9},
        "Adagrad": {"initial_accumulator_value": 0.0},
    }
    maker = getattr(keras.optimizers, "SGD" if name == "Momentum" else name)
    optimizer = maker(learning_rate=0.1, **options.get(name, {}))
    surface = landscape.SURFACES["two valleys"]
    weights = keras.Variable(np.array(surface.start, "float32"))
    for _ in range(15):
        slope = surface.slopes(np.asarray(weights, float))
        optimizer.apply([keras.ops.convert_to_tensor(slope, "float32")], [weights])
    way = landscape.descend(
        surface.slopes, surface.start, rate=0.1, steps=15, rule=landscape.RULES[name]
    )
    np.testing.assert_allclose(way[-1], np.asarray(weights), rtol=1e-3, atol=1e-5)
