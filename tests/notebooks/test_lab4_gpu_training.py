"""Lab 4, and a network that learns with its solutions."""

from __future__ import annotations

import re

import pytest
from nbformat import NotebookNode

from tests.notebooks.lab_tests import Lab, LabTests, texts

MISTAKES = {
    "first-epoch-below": (
        """\
def first_epoch_below(history, level):
    for epoch, loss in enumerate(history):
        if loss < level:
            return epoch
    return None""",
        "This is what comes out when epochs are counted from 0",
    ),
}

LAB = Lab(
    folder="lab4_gpu_training",
    notebook="training",
    package="training",
    waiting={
        "picture-augmented": "augment",
        "picture-training": "make_dataset, build_cnn, train_step and fit",
        "picture-dropout": "make_dataset, build_cnn, train_step, fit and first_epoch_below",
        "picture-speed": "build_cnn, train_step and steps_per_second",
        "picture-transfer": "build_transfer and unfreeze",
        "picture-evidence": "grad_cam",
    },
    mistakes=MISTAKES,
)


class TestLab4(LabTests):
    lab = LAB

    def test_the_text_says_how_much_the_core_is(self, source: NotebookNode) -> None:
        assert "about 84 minutes for the core" in source.cells[0].source
        assert "78 of 100 points" in source.cells[1].source

    @pytest.mark.slow
    def test_the_network_reaches_the_stated_accuracy(self, done: NotebookNode) -> None:
        said = re.search(r"right on ([\d.]+)% of 2,000 pictures", texts(done, "picture-training"))
        assert said
        assert float(said[1]) >= 84

    @pytest.mark.slow
    def test_dropout_makes_the_training_loss_fall_later(self, done: NotebookNode) -> None:
        without, with_it = re.findall(r"below 0.6 in epoch (\w+)", texts(done, "picture-dropout"))
        assert int(without) < (9 if with_it == "None" else int(with_it))
