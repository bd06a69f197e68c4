"""``vertical_edge_kernel``: a kernel, judged by its response to test images.

Many kernels detect vertical edges, Sobel's, Prewitt's and Scharr's among them, so no kernel is
compared with a solution. Scale and sign do not matter: a kernel is first divided by the sum of the
absolute values of its entries.
"""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

import numpy as np
from scipy import ndimage, signal

from autograder.exercises import (
    RIGHT,
    Case,
    CaseGroup,
    FunctionExercise,
    Judgement,
    MistakeList,
    wrong,
)
from autograder.exercises.judging import WRONG_SHAPE_CREDIT, as_numbers, numbers_of_any_form
from coursekit.arrays import Array
from coursekit.checks import Problem

Finding = tuple[str, str, str]
Probe = Callable[[Array], Finding | None]

LARGEST = 11
SIDE = 41  # rows and columns of a test image
FLAT = 0.02  # greatest response to constant brightness, relative to the brightness
STRONG = 0.15  # smallest response to a vertical edge, relative to the edge's contrast
ACROSS = 0.2  # greatest response to a horizontal edge, relative to that to a vertical one
SMALLEST, GREATEST = 1e-6, 1e100  # bounds on the absolute value of a kernel's largest entry
STREAKS = 4.0  # smallest ratio of the energies of vertical and of horizontal streaks

_ODD_TYPE = (
    "complex numbers, or numbers as Python objects",
    "real numbers (integers or floats)",
    "Take the real part, or convert it with `.astype(float)`.",
)
_mistakes = MistakeList()


def sobel() -> Array:
    """Return Sobel's kernel for vertical edges."""
    return np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])


def judge(case: Case, answer: object, title: str) -> Judgement:
    """Return the judgement of a kernel on one test image.

    Args:
        case: its only argument is the probe: it takes the kernel and returns a finding or None.
        answer: what the student's function returned.
        title: name of the case in a student's feedback.
    """
    kernel = numbers_of_any_form(answer, atol=0.0)
    if kernel is None or kernel.ndim != 2:
        finding: Finding | None = (
            "no 2-D array of numbers",
            "a 2-D array of numbers",
            "Return the kernel itself, without axes for channels: shape (3, 3), for example.",
        )
        return wrong(Problem("type", *cast("Finding", finding), title))
    if finding := _form(kernel):
        return wrong(Problem("shape", *finding, title))
    finding = _content(kernel) or cast("Probe", case.probe)(scaled(kernel))
    if finding:
        return wrong(Problem("values", *finding, title))
    if as_numbers(answer) is None:
        return wrong(Problem("dtype", *_ODD_TYPE, title), credit=WRONG_SHAPE_CREDIT)
    return RIGHT


def scaled(kernel: Array) -> Array:
    """Divide a kernel by the sum of its absolute values, without overflow.

    Args:
        kernel: of any shape, not all 0.
    """
    whole = kernel.astype(float) / float(np.abs(kernel.astype(float)).max())
    return np.asarray(whole / np.abs(whole).sum())


def _form(kernel: Array) -> Finding | None:
    rows, columns = kernel.shape
    if rows == columns and rows % 2 == 1 and 3 <= rows <= LARGEST:
        return None
    return (
        f"shape {kernel.shape}",
        f"as many rows as columns, an odd number of 3 to {LARGEST}",
        "An odd square kernel has a middle pixel, so that the edge is found where it is.",
    )


def _content(kernel: Array) -> Finding | None:
    if not np.isfinite(kernel).all() or not kernel.any():
        came = "only zeros, or entries that are not finite"
        return (came, "finite numbers, not all 0", "Fill it.")
    if SMALLEST <= np.abs(kernel.astype(float)).max() <= GREATEST:
        return None
    return (
        f"a largest entry that is below {SMALLEST:g} or over {GREATEST:g}",
        "answers far from 0, without overflow",
        "Take numbers such as -1, 0, 1 and 2.",
    )


def slide(image: Array, kernel: Array) -> Array:
    """Return the kernel's response at each position where it lies wholly on the image.

    Args:
        image: one channel, (H, W).
        kernel: (KH, KW), not larger than the image.

    Returns:
        Array of shape (H - KH + 1, W - KW + 1).
    """
    return np.asarray(signal.correlate2d(image, kernel.astype(float), "valid"))


def flat_case(rng: np.random.Generator) -> Case:
    """Draw an image of constant brightness, to which the response must be 0."""
    brightness = float(rng.uniform(0.3, 1.0))

    def probe(kernel: Array) -> Finding | None:
        if np.abs(slide(np.full((SIDE, SIDE), brightness), kernel)).max() <= FLAT * brightness:
            return None
        return (
            "an answer to an image of one brightness",
            "no answer (0) where the brightness is constant",
            "Choose entries that sum to 0.",
        )

    return Case(probe=probe)


def edge_image(rng: np.random.Generator, *, rising: bool) -> tuple[Array, int]:
    """Draw an image with one vertical edge.

    Args:
        rng: draws the position of the edge and the brightness on either side.
        rising: whether the image is brighter on the right of the edge.

    Returns:
        The image, (SIDE, SIDE), and the index of the first column on the right of the edge.
    """
    column = int(rng.integers(LARGEST + 3, SIDE - LARGEST - 3))
    low, high = rng.uniform(0.0, 0.3), rng.uniform(0.7, 1.0)
    left, right = (low, high) if rising else (high, low)
    row = np.where(np.arange(SIDE) < column, left, right)
    return np.tile(row, (SIDE, 1)), column


def vertical_case(rng: np.random.Generator, *, rising: bool) -> Case:
    """Draw a vertical edge, where the response must exceed that to the flat parts."""
    image, column = edge_image(rng, rising=rising)
    contrast = float(np.ptp(image))

    def probe(kernel: Array) -> Finding | None:
        response = np.abs(slide(image, kernel))
        starts = np.arange(response.shape[1])
        on_edge = (starts < column) & (starts + len(kernel) > column)
        if response[:, on_edge].max() - response[:, ~on_edge].max() >= STRONG * contrast:
            return None
        return (
            "hardly an answer where dark and bright meet side by side",
            "a strong answer at a vertical edge, stronger than anywhere else",
            "Let the left and the right column have opposite signs.",
        )

    return Case(probe=probe)


def horizontal_case(rng: np.random.Generator, *, rising: bool) -> Case:
    """Draw a horizontal edge, to which the response must be much weaker than to a vertical one."""
    image, _ = edge_image(rng, rising=rising)

    def probe(kernel: Array) -> Finding | None:
        upright, lying = (np.abs(slide(i, kernel)).max() for i in (image, image.T))
        if lying <= ACROSS * upright:
            return None
        return (
            "too strong an answer where dark and bright meet one above the other",
            "hardly an answer at a horizontal edge",
            "Let every row sum to 0.",
        )

    return Case(probe=probe)


def texture_case(rng: np.random.Generator) -> Case:
    """Draw a texture of streaks, whose response must be much stronger if they are vertical."""
    noise = ndimage.gaussian_filter(rng.normal(size=(SIDE, SIDE)), (6.0, 1.0))
    streaks = (noise - noise.min()) / np.ptp(noise)

    def probe(kernel: Array) -> Finding | None:
        upright, lying = (np.mean(slide(i, kernel) ** 2) for i in (streaks, streaks.T))
        if upright >= STREAKS * lying:
            return None
        return (
            "about as much answer to lying streaks as to upright ones",
            "much more answer to upright streaks",
            "Let the entries change from left to right, and little from top to bottom.",
        )

    return Case(probe=probe)


def _traits(answer: object) -> tuple[float, float, float] | None:
    """Return a scaled kernel's sum and its response to a vertical and a horizontal step.

    Returns:
        None if the answer is not a 2-D array of finite numbers of which one at least is not 0.
    """
    kernel = numbers_of_any_form(answer, atol=0.0)
    if kernel is None or kernel.ndim != 2 or not kernel.any() or not np.isfinite(kernel).all():
        return None
    kernel = scaled(kernel)
    steps = (float(np.abs(np.cumsum(kernel.sum(axis))).max()) for axis in (0, 1))
    return (float(kernel.sum()), *steps)  # type: ignore[return-value]


def _is_misshapen(answer: object) -> bool:
    kernel = as_numbers(answer)
    return kernel is not None and kernel.ndim == 2 and _form(kernel) is not None


def _is_blur(answer: object) -> bool:
    traits = _traits(answer)
    return traits is not None and abs(traits[0]) > 0.99


def _is_horizontal(answer: object) -> bool:
    traits = _traits(answer)
    return traits is not None and abs(traits[0]) <= FLAT and traits[1] <= ACROSS * traits[2]


def _is_undirected(answer: object) -> bool:
    traits = _traits(answer)
    return traits is not None and abs(traits[0]) <= FLAT and traits[2] > ACROSS * traits[1]


def _is_unbalanced(answer: object) -> bool:
    traits = _traits(answer)
    return traits is not None and abs(traits[0]) > FLAT


@_mistakes.add(
    "the kernel's size is even, or rows and columns differ: then it has no middle pixel. Take "
    "3 × 3 or 5 × 5.",
    recognise=_is_misshapen,
)
def even_or_not_square() -> Array:
    return np.array([[-1.0, 1.0], [-1.0, 1.0]])


@_mistakes.add(
    "all entries have the same sign: that blurs, it takes a weighted mean. To find an edge, "
    "subtract one side from the other.",
    recognise=_is_blur,
)
def blur() -> Array:
    return np.full((3, 3), 1 / 9)


@_mistakes.add(
    "the kernel finds horizontal edges: it subtracts the row above from the row below. A vertical "
    "edge parts left from right, so transpose it.",
    recognise=_is_horizontal,
)
def horizontal_edges() -> Array:
    return sobel().T


@_mistakes.add(
    "the kernel finds edges in other directions too, as a Laplacian or a diagonal one does: let "
    "every row sum to 0, so that horizontal edges give nothing.",
    recognise=_is_undirected,
)
def edges_in_other_directions() -> Array:
    return np.array([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]])


@_mistakes.add(
    "the entries do not sum to 0: then constant brightness gives an answer, edge or no edge.",
    recognise=_is_unbalanced,
)
def sum_is_not_0() -> Array:
    return np.array([[-1.0, 0.0, 1.0], [-1.0, 1.0, 1.0], [-1.0, 0.0, 1.0]])


def prewitt_of_integers() -> Array:
    return np.array([[1, 0, -1]] * 3)


def scharr() -> Array:
    return np.array([[-3.0, 0.0, 3.0], [-10.0, 0.0, 10.0], [-3.0, 0.0, 3.0]]) / 32


def one_row() -> list[list[int]]:
    return [[0, 0, 0], [-1, 0, 1], [0, 0, 0]]


def sobel_5() -> Array:
    return np.outer([1.0, 4.0, 6.0, 4.0, 1.0], [-1.0, -2.0, 0.0, 2.0, 1.0])


def columns_of_7() -> Array:
    return np.tile(np.arange(-3.0, 4.0), (7, 1)).astype(np.float32)


VERTICAL_EDGES = FunctionExercise(
    name="vertical_edge_kernel",
    points=6,
    reference=sobel,
    groups=(
        CaseGroup(
            "vertical edges",
            0.35,
            (partial(vertical_case, rising=True), partial(vertical_case, rising=False)),
        ),
        CaseGroup("flat areas", 0.2, (flat_case, flat_case)),
        CaseGroup(
            "horizontal edges",
            0.25,
            (partial(horizontal_case, rising=True), partial(horizontal_case, rising=False)),
        ),
        CaseGroup("textures", 0.2, (texture_case, texture_case)),
    ),
    mistakes=tuple(_mistakes),
    variants=(prewitt_of_integers, scharr, one_row, sobel_5, columns_of_7),
    judge=judge,
)
