"""What strangers hand in is graded rightly: all points for what is right, true causes for the rest.

They call their functions here and not in the sandbox, which changes nothing in the grade and takes
milliseconds.
"""

from __future__ import annotations

import contextlib
import io

import pytest

from autograder.examiner.seeding import cases_for
from autograder.exercises.kernel_exercise import KernelExercise
from coursekit import checks, stored_cases
from coursekit.checks import CheckFailed
from tests.strangers.hands import Stranger
from tests.strangers.lab1 import LAB1
from tests.strangers.lab1_lengths import LAB1_LENGTHS
from tests.strangers.lab1_one_side import LAB1_ONE_SIDE
from tests.strangers.lab1_padding import LAB1_PADDING
from tests.strangers.lab1_places import LAB1_PLACES
from tests.strangers.lab1_right import LAB1_RIGHT
from tests.strangers.lab1_sides import LAB1_SIDES
from tests.strangers.lab1_tables import LAB1_TABLES
from tests.strangers.lab2 import LAB2
from tests.strangers.lab2_head import LAB2_HEAD
from tests.strangers.lab2_windows import LAB2_WINDOWS
from tests.strangers.lab3 import LAB3
from tests.strangers.lab3_conv import LAB3_CONV
from tests.strangers.lab3_layers import LAB3_LAYERS
from tests.strangers.lab3_pools import LAB3_POOLS
from tests.strangers.lab3_windows import LAB3_WINDOWS
from tests.strangers.lab4 import LAB4

pytestmark = pytest.mark.filterwarnings("ignore")
HANDS = {
    "lab1_convolution": [
        stranger
        for hands in (
            LAB1,
            LAB1_SIDES,
            LAB1_ONE_SIDE,
            LAB1_LENGTHS,
            LAB1_PADDING,
            LAB1_PLACES,
            LAB1_TABLES,
            LAB1_RIGHT,
        )
        for stranger in hands.strangers
    ],
    "lab2_pooling": LAB2.strangers + LAB2_WINDOWS.strangers + LAB2_HEAD.strangers,
    "lab3_backprop": [
        stranger
        for hands in (LAB3, LAB3_WINDOWS, LAB3_CONV, LAB3_POOLS, LAB3_LAYERS)
        for stranger in hands.strangers
    ],
    "lab4_gpu_training": LAB4.strangers,
}


def named(lab: str, stranger: Stranger) -> object:
    # A kernel exercise starts TensorFlow.
    marks = pytest.mark.slow if isinstance(stranger.exercise, KernelExercise) else ()
    name = f"{stranger.exercise.name}-{stranger.function.__name__}"
    return pytest.param(lab, stranger, id=name, marks=marks)


ALL = [named(lab, stranger) for lab, those in HANDS.items() for stranger in those]
STORED = [
    named(lab, stranger)
    for lab, those in HANDS.items()
    for stranger in those
    if stranger.exercise.name in stored_cases.names_in(lab)
]


def fits(told: list[str], says: tuple[str, ...]) -> bool:
    """Whether every diagnosis is one that was expected."""
    return all(any(piece in text for piece in says) for text in told)


@pytest.mark.parametrize(("lab", "stranger"), ALL)
def test_points_and_causes_are_right(lab, stranger):
    with cases_for("strangers", lab, "ada"), contextlib.redirect_stdout(io.StringIO()):
        mark = stranger.exercise.grade(stranger.function)
    told = [message.text for message in mark.messages if message.kind == "diagnosis"]
    assert (mark == mark.maximum) == (stranger.share == 1)
    assert mark / mark.maximum == pytest.approx(stranger.share, abs=0.02)
    assert len(told) == len(stranger.says)
    assert fits(told, stranger.says), told


@pytest.mark.parametrize(("lab", "stranger"), STORED)
def test_visible_tests_say_the_same_before_handing_in(lab, stranger):
    name = f"{lab}/{stranger.exercise.name}"
    with contextlib.redirect_stdout(io.StringIO()):
        if stranger.share == 1:
            checks.check_stored(stranger.function, name)
            return
        with pytest.raises(CheckFailed) as failure:
            checks.check_stored(stranger.function, name)
    causes = [line for line in str(failure.value).split("\n") if line.startswith("  cause:")]
    assert fits(causes, stranger.says), causes


def test_most_wrong_functions_of_strangers_have_a_name():
    wrong = [stranger for stranger in HANDS["lab1_convolution"] if stranger.share < 1]
    named = sum(bool(stranger.says) for stranger in wrong)
    assert named >= 0.95 * len(wrong)


def test_there_are_many_of_both_kinds():
    shares = [stranger.share for those in HANDS.values() for stranger in those]
    assert sum(share == 1 for share in shares) >= 40
    assert sum(share < 1 for share in shares) >= 40
