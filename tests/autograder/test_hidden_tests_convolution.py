"""Lab 1's hidden tests, beside what its certificate shows of them."""

from __future__ import annotations

import re
from typing import cast

import numpy as np
import pytest

from autograder.authoring import STUDENTS, run_trials, undeclared
from autograder.examiner.examine import examine
from autograder.examiner.given import Given
from autograder.examiner.link import Link
from autograder.examiner.seeding import generator
from autograder.exercises.declaration import FunctionExercise
from autograder.hidden_tests import convolution
from autograder.hidden_tests.convolution import layer2d_variants as ways
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import KernelSession

LAB = "lab1_convolution"


@pytest.mark.parametrize("exercise", convolution.EXERCISES, ids=lambda e: e.name)
def test_every_exercise_declares_mistakes_and_variants(exercise):
    assert undeclared(exercise) == ()
    kinds = [trial.kind for trial in exercise.trials()]
    assert kinds.count("mistake") >= 5
    assert kinds.count("variant") >= 2


def test_no_message_holds_an_expected_length():
    exercise = convolution.CONV_OUTPUT_SIZE
    for trial in exercise.trials():
        (mark,) = run_trials(exercise, [trial], LAB, STUDENTS[:1])[0].marks
        problems = [m.text for m in mark.messages if m.text.startswith("Smallest")]
        assert all(not re.search(r"expected: .*\d", text) for text in problems)


@pytest.mark.parametrize("loop", [ways.loops_over_windows, ways.loops_with_tensordot])
def test_a_loop_over_pixels_is_right_but_not_fast(loop):
    assert convolution.CONV2D_FAST.grade(loop) == 6


@pytest.mark.parametrize(
    "exercise",
    [each for each in convolution.EXERCISES if each.name in ("conv2d", "conv1d", "correlate2d")],
    ids=lambda e: e.name,
)
def test_a_mistake_costs_every_student_the_same(exercise):
    by_name = {trial.id: trial for trial in exercise.trials() if trial.kind == "mistake"}
    for name, trial in by_name.items():
        marks = run_trials(exercise, [trial], LAB, STUDENTS[:3])[0].marks
        assert len({float(mark) for mark in marks}) == 1, name


@pytest.mark.parametrize(
    ("exercise", "name", "ways"),
    [
        (convolution.CONV2D, "kernel_taken_for_square", 8),
        (convolution.CONV2D, "image_taken_for_square", 8),
        (convolution.CORRELATE2D, "kernel_taken_for_square", 8),
        (convolution.CONV1D, "remainder_kept", 6),
    ],
)
def test_a_mistake_is_known_in_many_ways_of_writing(exercise, name, ways):
    functions = {trial.function for trial in exercise.trials() if trial.id.endswith(f"/{name}")}
    assert len(functions) >= ways


SOBEL = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])


@pytest.mark.parametrize("factor", [-1e90, -1e-5, 1e-5, 1, 1e90])
def test_the_scale_of_an_edge_kernel_does_not_matter(factor):
    assert convolution.VERTICAL_EDGES.grade(lambda: factor * SOBEL) == 6


@pytest.mark.parametrize("kernel", [np.full((3, 3), 1e308), 1e307 * SOBEL, 1e-300 * SOBEL])
def test_an_edge_kernel_that_overflows_or_vanishes_earns_nothing(kernel):
    assert convolution.VERTICAL_EDGES.grade(lambda: kernel) == 0


LAPLACIAN_8 = [[1, 1, 1], [1, -8, 1], [1, 1, 1]]
DIAGONAL = [[0, 1, 2], [-1, 0, 1], [-2, -1, 0]]


@pytest.mark.parametrize(
    ("kernel", "name"),
    [
        (np.outer([1, 2, 1], [1, 2, 1]) / 16, "blur"),
        (-np.ones((5, 5)), "blur"),
        (np.array([[3, 10, 3], [0, 0, 0], [-3, -10, -3]]), "horizontal_edges"),
        (LAPLACIAN_8, "edges_in_other_directions"),
        (DIAGONAL, "edges_in_other_directions"),
        (np.array([[-1, 0, 1], [-2, 1, 2], [-1, 0, 1]]), "sum_is_not_0"),
        (np.eye(3), "blur"),
        (np.array([[-1, 0, 1]]), "even_or_not_square"),
        (np.ones((4, 4)), "even_or_not_square"),
    ],
)
def test_a_kernel_for_something_else_is_named(kernel, name):
    mark = convolution.VERTICAL_EDGES.grade(lambda: kernel)
    assert mark < 5
    assert mark.mistakes == (f"vertical_edge_kernel/{name}",)


@pytest.mark.parametrize("factor", [1e-3, -1.0, 255])
def test_scale_and_sign_of_an_edge_kernel_do_not_matter(factor):
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    assert convolution.VERTICAL_EDGES.grade(lambda: factor * sobel) == 6


@pytest.mark.parametrize(
    "kernel", [np.zeros((3, 3)), np.full((3, 3), np.nan), np.ones((3, 3, 1)), None, "Sobel", 1.0]
)
def test_what_is_no_kernel_earns_nothing(kernel):
    assert convolution.VERTICAL_EDGES.grade(lambda: kernel) == 0


def test_the_lectures_numbers_come_out():
    patch = np.array([[1.0, 1, 1], [1, 1, 0], [1, 0, 0]])
    kernel = np.array([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]])
    layer, notes = cast("tuple[FunctionExercise, ...]", convolution.LECTURE_ERROR.parts)
    assert (layer.reference(patch, kernel), notes.reference(patch, kernel)) == (4, 10)


STUDENTS_CODE = """
import numpy as np

def padding_forgotten(x, w, b, *, stride=1, pad=0):
    return padded_right(x, w, b, stride=stride)

def padded_right(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[:2], (1, 2))
    return np.einsum("nijcab,abco->nijo", windows[:, ::stride, ::stride], w) + b
"""


@pytest.mark.sandbox
def test_functions_in_a_kernel_are_graded_as_they_are_here():
    def examined(line):
        imports = ["from autograder.hidden_tests import convolution"]
        given = Given.from_sources(imports, [STUDENTS_CODE])
        return examine(f"convolution.{line}", link, maximum=maximum, given=given)

    with KernelSession(Limits(call_seconds=10)) as session:
        session.run_cell(STUDENTS_CODE)
        link, maximum = Link(session.ask), 25
        assert examined("CONV2D.grade(padded_right)") == 25
        assert examined("CONV2D.grade(padding_forgotten)").mistakes == ("conv2d/padding_forgotten",)
        maximum = 10
        assert examined("CONV2D_FAST.grade(padded_right)") == 10


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("exercise", [convolution.CONV2D, convolution.CONV1D], ids=lambda e: e.name)
def test_the_references_agree_with_keras(exercise):
    import keras

    for question in exercise.questions(generator(exercise.name)):
        (x, w, b), options = question.case.args, question.case.kwargs
        pad, grid = options.get("pad", 0), x.ndim - 2
        padded = np.pad(x, [(0, 0), *[(pad, pad)] * grid, (0, 0)])
        stride = options.get("stride", 1)
        theirs = keras.ops.conv(padded, w, stride, "valid", data_format="channels_last") + b
        np.testing.assert_allclose(
            exercise.reference(x, w, b, **options), np.asarray(theirs), rtol=1e-9, atol=1e-12
        )
