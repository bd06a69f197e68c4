"""The cases of max and average pooling's ways back."""

from functools import partial

from autograder.exercises import CaseGroup
from autograder.hidden_tests.backprop.draws import pool_case

MAX_POOL_GROUPS = (
    CaseGroup(
        "windows side by side",
        0.35,
        (
            pool_case,
            partial(pool_case, size=3, channels=2),
            partial(pool_case, size=2, out=(3, 3), channels=2),
            partial(pool_case, size=3, stride=3),
        ),
    ),
    CaseGroup(
        "remainder",
        0.1,
        (
            partial(pool_case, rest=(1, 1)),
            partial(pool_case, size=2, stride=3, rest=(1, 2), channels=2),
        ),
    ),
    CaseGroup(
        "windows that overlap",
        0.2,
        (
            partial(pool_case, size=4, stride=1, out=(3, 3)),
            partial(pool_case, size=3, stride=2, out=(3, 3), channels=2),
            partial(pool_case, size=2, stride=1, out=(4, 4), channels=2),
        ),
    ),
    CaseGroup(
        "ties",
        0.1,
        (partial(pool_case, ties=True), partial(pool_case, size=3, ties=True, channels=2)),
    ),
    CaseGroup(
        "channels and batch",
        0.15,
        (partial(pool_case, items=2, channels=3), partial(pool_case, items=3, channels=2, size=3)),
    ),
    CaseGroup(
        "not square",
        0.1,
        (partial(pool_case, out=(2, 4)), partial(pool_case, out=(3, 1), channels=2)),
    ),
)

AVG_POOL_GROUPS = (
    CaseGroup(
        "windows side by side",
        0.4,
        (
            partial(pool_case, out=(2, 3)),
            partial(pool_case, size=3, channels=2),
            partial(pool_case, size=3, stride=3, out=(1, 2)),
        ),
    ),
    CaseGroup(
        "remainder",
        0.15,
        (
            partial(pool_case, rest=(1, 1), out=(3, 2)),
            partial(pool_case, size=2, stride=3, rest=(1, 2), channels=2),
        ),
    ),
    CaseGroup(
        "windows that overlap",
        0.25,
        (
            partial(pool_case, size=4, stride=1, out=(3, 3)),
            partial(pool_case, size=3, stride=2, channels=2),
        ),
    ),
    CaseGroup(
        "channels and batch",
        0.2,
        (partial(pool_case, items=2, channels=3), partial(pool_case, items=3, channels=2, size=3)),
    ),
)
