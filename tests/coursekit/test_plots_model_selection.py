"""Plots for choosing a network: a search, and a table of what was taken for what."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from coursekit import plots

TRIED = [{"layers": n % 3 + 1, "pool": "max", "rate": 10.0**-n} for n in range(5)]
SCORES = [0.4, 0.6, 0.9, 0.5, 0.3]


def test_each_setting_gets_a_plot_of_all_scores_with_the_best_marked():
    layers, pool, rate = plots.show_search(TRIED, SCORES, logarithmic=["rate"])
    assert [ax.get_title() for ax in (layers, pool, rate)] == ["layers", "pool", "rate"]
    all_of_them, best = rate.lines
    np.testing.assert_allclose(all_of_them.get_data(), ([1, 0.1, 0.01, 1e-3, 1e-4], SCORES))
    np.testing.assert_allclose(np.ravel(best.get_data()), (0.01, 0.9))
    assert rate.get_xscale() == "log"
    assert "5 attempts, 0.3 to 0.9; the best has 0.01" in plots.text_alternative(rate)


def test_few_values_and_words_stand_in_their_order():
    layers, pool, _ = plots.show_search(TRIED, SCORES)
    assert [text.get_text() for text in layers.get_xticklabels()] == ["1", "2", "3"]
    assert layers.lines[0].get_xdata().tolist() == [0, 1, 2, 0, 1]
    assert [text.get_text() for text in pool.get_xticklabels()] == ["max"]


def test_a_score_is_wanted_for_each_attempt():
    with pytest.raises(ValueError, match="one attempt for each score; got 5"):
        plots.show_search(TRIED, SCORES[:4])


def test_a_confusion_has_a_row_for_each_right_answer():
    ax = plots.show_confusion([[5, 1], [0, 4]], ("cat", "dog"))
    written = {tuple(map(int, text.get_position())): text.get_text() for text in ax.texts}
    assert written == {(0, 0): "5", (1, 0): "1", (0, 1): "0", (1, 1): "4"}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("answered", "right")
    assert plots.text_alternative(ax) == "What was taken for what: 9 of 10 right"


def test_a_confusion_that_does_not_fit_the_names_is_refused():
    with pytest.raises(ValueError, match=r"shape \(3, 3\); got \(2, 2\)"):
        plots.show_confusion(np.eye(2, dtype=int), ("a", "b", "c"))


def test_few_values_of_a_logarithmic_setting_lie_at_their_own_places():
    tried = [{"rate": rate} for rate in (0.1, 0.001, 0.1)]
    (rate,) = plots.show_search(tried, SCORES[:3], logarithmic=["rate"])
    assert rate.get_xscale() == "log"
    np.testing.assert_array_equal(rate.lines[0].get_xdata(), [0.1, 0.001, 0.1])
    left, right = rate.get_xlim()
    assert 0 < left < 0.001 < 0.1 < right


@pytest.mark.parametrize("value", [0, "max", None])
def test_a_value_without_a_place_on_a_logarithmic_axis_is_refused_by_name(value):
    tried = [{"rate": 0.1}, {"rate": value}]
    with pytest.raises(ValueError, match=f"rate must be numbers above 0 .* got {value!r}"):
        plots.show_search(tried, [0.1, 0.2], logarithmic=["rate"])
    assert not plt.get_fignums()


def test_an_attempt_without_a_score_is_never_the_best():
    layers, _, _ = plots.show_search(TRIED, [np.nan, *SCORES[1:]])
    assert layers.lines[1].get_ydata()[0] == 0.9
    assert "5 attempts, 0.3 to 0.9; the best has 3" in plots.text_alternative(layers)


def test_scores_that_are_all_nan_are_refused():
    with pytest.raises(ValueError, match="scores must hold at least one number; got 5 times nan"):
        plots.show_search(TRIED, [np.nan] * 5)


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["max", None, 10, 9], ["9", "10", "None", "max"]),
        ([(8,), 3, (16,), 3], ["(16,)", "(8,)", "3"]),
        ([None, 1, 2, 3, 4, 5], ["1", "2", "3", "4", "5", "None"]),
    ],
)
def test_values_of_several_kinds_stand_side_by_side(values, order):
    tried = [{"setting": value} for value in values]
    (ax,) = plots.show_search(tried, np.linspace(0, 1, len(values)))
    assert [text.get_text() for text in ax.get_xticklabels()] == order
    places = [order.index(str(value)) for value in values]
    assert list(ax.lines[0].get_xdata()) == places


def test_both_counts_are_told_if_attempts_and_scores_differ():
    with pytest.raises(ValueError, match="got 5 attempts and 4 scores"):
        plots.show_search(TRIED, SCORES[:4])
