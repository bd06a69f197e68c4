"""Plots for choosing a network: a search, and a table of what was taken for what."""

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
