"""``conv2d_fast``: the layer of ``conv2d``, tested for its output and for its speed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from autograder.exercises import FunctionExercise, SpeedTest
from autograder.hidden_tests.convolution.draws import layer_case
from autograder.hidden_tests.convolution.layer2d import GROUPS, conv2d
from autograder.hidden_tests.convolution.layer2d_mistakes import FAST_MISTAKES
from autograder.hidden_tests.convolution.layer2d_variants import FAST, loops_over_windows

RIGHT = 0.6

# One image and one filter, so that a loop over the output's pixels is no faster when it vectorises
# over the batch, the channels or the filters; 25 products per pixel, so that lists in place of
# arrays help little. `benchmarks.speed_points` measures loops over the pixels that are up to 5
# times as fast as ours, and vectorised functions that are 12 to 27 times as fast.
_LARGE = partial(layer_case, kernel=(5, 5), out=(360, 352), pad=1, bias=True)

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
        times=10.0,
        hint="Is there still a Python loop that runs once for every pixel?",
    ),
)
