"""Widgets on photos: a kernel of one's own, and the receptive field."""

import numpy as np
import pytest
from scipy import signal

from coursekit import data, widgets
from coursekit.widgets.painter import KERNELS, KernelEditor
from coursekit.widgets.receptive import field, map_size


def correlate2d(image, kernel):
    return signal.correlate2d(image, kernel, mode="valid")


def fields(editor):
    return editor.children[-1].children


def test_the_editor_puts_a_kernel_of_the_list_into_its_fields():
    editor = KernelEditor("edges")
    changes = []
    editor.observe(changes.append, "value")
    editor.children[0].value = "sharpen"
    assert editor.value == (0, -1, 0, -1, 5, -1, 0, -1, 0)
    assert [one.value for one in fields(editor)] == list(editor.value)
    assert len(changes) == 1  # and not one for each number: every change draws a picture


def test_a_number_that_is_typed_is_a_kernel_of_ones_own():
    editor = KernelEditor("sharpen")
    fields(editor)[4].value = 4
    assert editor.value == (0, -1, 0, -1, 4, -1, 0, -1, 0)
    assert editor.children[0].value == "your own"
    fields(editor)[4].value = 5
    assert editor.children[0].value == "sharpen"


def test_every_field_has_a_name_of_its_own():
    names = [one.description for one in fields(KernelEditor("edges"))]
    assert names == [f"{row}, {column}" for row, column in np.ndindex(3, 3)]
    assert fields(KernelEditor("edges"))[5].tooltip == "weight in row 1, column 2"


def test_the_painter_shows_what_the_function_makes_of_the_photo():
    given = []

    def spied(image, kernel):
        given.append((image.shape, kernel.tolist()))
        return correlate2d(image, kernel)

    panel = widgets.kernel_painter(spied, photo="coins", kernel="sharpen", side=24)
    answer = correlate2d(data.load_photo("coins", gray=True, size=24), KERNELS["sharpen"])
    assert f"sum to 1; answers from {answer.min():.2f} to {answer.max():.2f}" in panel.text
    before = panel.png
    fields(panel.controls["weights"])[0].value = 2
    assert given[-1] == ((24, 24), [[2, -1, 0], [-1, 5, -1], [0, -1, 0]])
    assert "kernel 2 -1 0 / -1 5 -1 / 0 -1 0: the weights sum to 3" in panel.text
    assert panel.png != before
    panel.controls["photo"].value = "camera"
    assert "the photo (camera)" in panel.text


@pytest.mark.parametrize(
    ("layers", "width", "jump", "side"),
    [([(3, 1)] * 3, 7, 1, 58), ([(3, 1), (2, 2)] * 2, 10, 4, 14), ([(5, 1), (2, 2)] * 3, 36, 8, 4)],
)
def test_the_field_is_as_wide_as_changing_pixels_shows(layers, width, jump, side):
    assert (*field(layers), map_size(layers)) == (width, jump, side)
    reached = np.eye(64)  # in row i, pixel i alone is lit
    for size, stride in layers:
        reached = np.lib.stride_tricks.sliding_window_view(reached, size, axis=1)[:, ::stride]
        reached = reached.sum(axis=-1)
    assert reached.shape[1] == side
    for number in (0, 1, side - 1):
        seen = np.flatnonzero(reached[:, number])
        assert (seen[0], len(seen)) == (number * jump, width)


def test_the_explorer_names_the_pixels_and_keeps_its_place_in_the_last_map():
    panel = widgets.receptive_field()
    assert "10 × 10 of the 64 × 64 pixels, rows 24 to 33, columns 24 to 33" in panel.text
    panel.controls["row"].value = 13
    assert "rows 52 to 61" in panel.text
    panel.controls["depth"].value = 3
    assert (panel.controls["row"].max, panel.controls["row"].value) == (5, 5)
    assert "row 5, column 5 of 6 × 6" in panel.text
    assert "22 × 22 of the 64 × 64 pixels, rows 40 to 61" in panel.text
    panel.controls["pooling"].value = False
    assert panel.controls["row"].max == 57
    assert "7 × 7" in panel.text
