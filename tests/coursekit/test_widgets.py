"""Panels: controls that move a picture, and the picture that they leave behind."""

import base64
import struct

import ipywidgets
import matplotlib.pyplot as plt
import pytest

from coursekit import landscape, widgets
from coursekit.widgets.panel import Panel

LIVE = "application/vnd.jupyter.widget-view+json"


@pytest.mark.parametrize("make", [widgets.neuron, widgets.playground])
def test_a_panel_shows_itself_live_and_as_a_picture_with_words(make):
    shown = make()._repr_mimebundle_()
    assert set(shown) == {LIVE, "image/png", "text/plain"}
    png = base64.b64decode(shown["image/png"])
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert (width > 300, height > 200) == (True, True)
    assert "<" not in shown["text/plain"]


def deep(calls):
    if not calls:
        raise ValueError("<not> of this size")
    deep(calls - 1)


def _panel_that_fails_at(bad: int) -> Panel:
    def draw(figure, *, size):
        if size == bad:
            deep(20)
        figure.subplots().plot([0, size])

    return Panel(draw, {"size": ipywidgets.IntSlider(1, min=0, max=9)})


def test_an_error_after_a_move_is_shown_until_there_is_a_picture_again():
    panel = _panel_that_fails_at(5)
    panel.controls["size"].value = 5
    shown = panel.box.children[1]
    assert "ValueError: &lt;not&gt; of this size" in shown.value
    assert "deep(20)" in shown.value  # the line in the function, however deep it goes from there
    assert "<img" not in shown.value
    assert set(panel._repr_mimebundle_()) == {LIVE, "text/plain"}
    panel.controls["size"].value = 6
    assert shown.value.startswith("<img")
    assert "image/png" in panel._repr_mimebundle_()


def test_an_error_at_first_goes_on_to_the_cell():
    with pytest.raises(ValueError, match="of this size"):
        _panel_that_fails_at(1)


def test_a_panel_leaves_pyplot_alone():
    widgets.playground()
    assert plt.get_fignums() == []


def test_the_neuron_tells_its_answers_to_the_corners():
    panel = widgets.neuron(weights=(4, 4), bias=-6)
    assert "0.002 at (0, 0), 0.119 at (0, 1), 0.119 at (1, 0), 0.881 at (1, 1)" in panel.text
    panel.controls["activation"].value = "step"
    assert "0.000 at (0, 0), 0.000 at (0, 1), 0.000 at (1, 0), 1.000 at (1, 1)" in panel.text


def test_moving_a_control_draws_the_picture_anew():
    panel = widgets.playground(surface="bowl", rate=0.1)
    before, page = panel.png, panel.box.children[1].value
    panel.controls["rate"].value = 0.5
    assert panel.png != before
    assert panel.box.children[1].value != page
    assert 'alt="SGD on the bowl, η = 0.5, 30 steps' in panel.box.children[1].value


def test_every_surface_can_be_chosen_with_every_rule_at_every_rate():
    panel = widgets.playground()
    for name in landscape.SURFACES:
        panel.controls["surface"].value = name
        for rule in ("SGD", "Adam"):
            panel.controls["rule"].value = rule
            panel.controls["rate"].value = 10  # far too high: the way leaves the picture
            assert f"{rule} on the {name}, η = 10" in panel.text


def test_the_player_moves_the_steps():
    panel = widgets.playground(steps=12)
    knobs = panel.box.children[0].children
    assert [type(knob).__name__ for knob in knobs[-2:]] == ["IntSlider", "Play"]
    assert (knobs[-1].max, knobs[-1].value) == (knobs[-2].max, knobs[-2].value) == (100, 12)


def test_every_control_has_a_tooltip_where_null_would_stand():
    assert [knob.tooltip for knob in widgets.playground().box.children[0].children] == [
        *("surface", "optimizer", "rate η", "steps", "run through: steps")
    ]


def test_the_rates_are_round_numbers_from_a_thousandth_to_ten():
    rates = [value for _, value in widgets.playground().controls["rate"].options]
    assert (rates[0], rates[-1]) == (0.001, 10)
    assert rates == sorted(set(rates))
    assert {0.05, 0.06, 0.07, 1.5} <= set(rates)
