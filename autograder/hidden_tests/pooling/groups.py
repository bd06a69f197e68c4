"""The case groups of every exercise that pools windows."""

from __future__ import annotations

from functools import partial

from autograder.exercises import CaseGroup
from autograder.hidden_tests.pooling.draws import pool_case

GROUPS = (
    CaseGroup(
        "basic",
        0.15,
        (
            partial(pool_case, stride=2),
            partial(pool_case, size=3, stride=3),
            partial(pool_case, stride=2, out=(3, 3)),
        ),
    ),
    CaseGroup(
        "the default stride",
        0.1,
        (
            pool_case,
            partial(pool_case, size=3),
            partial(pool_case, size=(3, 2)),
            partial(pool_case, size=(2, 3)),
        ),
    ),
    CaseGroup(
        "channels and batch",
        0.15,
        (
            partial(pool_case, stride=2, channels=3),
            partial(pool_case, stride=2, items=3, channels=2),
            partial(pool_case, size=3, stride=3, items=2, channels=3),
        ),
    ),
    CaseGroup(
        "negative numbers",
        0.1,
        (
            partial(pool_case, stride=2, low=-1.0, high=-0.1),
            partial(pool_case, stride=2, low=-1.0, high=0.2, out=(3, 3)),
        ),
    ),
    CaseGroup(
        "non-square images",
        0.1,
        (partial(pool_case, stride=2, out=(2, 4)), partial(pool_case, stride=2, out=(4, 2))),
    ),
    CaseGroup(
        "non-square windows",
        0.1,
        (
            partial(pool_case, size=(2, 3), stride=(2, 3)),
            partial(pool_case, size=(4, 2), stride=(4, 2)),
            partial(pool_case, size=(3, 2), stride=(1, 2)),
            partial(pool_case, size=(2, 4), stride=(3, 2)),
        ),
    ),
    CaseGroup(
        "a number beside a pair",
        0.05,
        (partial(pool_case, size=(2, 3), stride=2), partial(pool_case, size=3, stride=(1, 2))),
    ),
    CaseGroup(
        "overlapping windows",
        0.15,
        (
            partial(pool_case, size=3, stride=2, out=(3, 3)),
            partial(pool_case, size=2, stride=1, out=(3, 3)),
            partial(pool_case, size=3, stride=1),
        ),
    ),
    CaseGroup(
        "a remainder",
        0.1,
        (
            partial(pool_case, stride=2, rest=(1, 1)),
            partial(pool_case, size=3, stride=3, rest=(2, 1)),
            partial(pool_case, size=3, stride=2, rest=(1, 1)),
            partial(pool_case, size=2, stride=3, rest=(2, 2)),
        ),
    ),
)
