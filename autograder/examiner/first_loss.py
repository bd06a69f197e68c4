"""Says within a block that a mark is only to tell whether all points are earned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_hurried = ContextVar("hurried", default=False)


@contextmanager
def until_points_are_lost() -> Iterator[None]:
    """Within it the first loss of points ends a grading.

    Called where hundreds of changed solutions are tried; nobody reads their marks.
    """
    token = _hurried.set(True)
    try:
        yield
    finally:
        _hurried.reset(token)


def is_hurried() -> bool:
    """Whether nobody reads more of a mark than whether all points are earned."""
    return _hurried.get()
