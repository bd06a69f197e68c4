"""``conv2d_fast``: the same layer, right first, then fast."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from autograder.hidden_tests.convolution.draws import layer_case
from autograder.hidden_tests.convolution.layer2d import GROUPS, conv2d
from autograder.hidden_tests.convolution.layer2d_mistakes import FAST_MISTAKES
from autograder.hidden_tests.convolution.layer2d_variants import FAST, loops_over_windows
from autograder.hidden_tests.exercise import FunctionExercise
from autograder.hidden_tests.speed import SpeedTest

RIGHT = 0.6

# One image, so that a loop over its pixels with the batch done at once is still slow; few
# filters, so that a loop over pixels with all filters done at once gains little; one channel,
# because sending the arrays to the kernel counts in the time.
_LARGE = partial(layer_case, kernel=(3, 3), out=(100, 96), pad=1, filters=3, bias=True)

CONV2D_FAST = FunctionExercise(
    name="conv2d_fast",
    points=10,
    reference=conv2d,
    groups=tuple(replace(group, share=RIGHT * group.share) for group in GROUPS),
    mistakes=FAST_MISTAKES,
    variants=FAST,
    speed=SpeedTest(
        share=1 - RIGHT,
        draw=_LARGE,
        loop=loops_over_windows,
        hint="Is there still a Python loop that runs once for every pixel?",
    ),
)
