"""What a check says beside its verdict."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np


def say(text: str) -> None:
    """Show a line in the notebook: what a check that passes gives is this line."""
    print(text)


@contextlib.contextmanager
def warnings_noted(name: str) -> Iterator[None]:
    """Say what Python warns of while a student's function runs, each warning once.

    A warning as it comes goes to stderr, and nbgrader's Validate takes anything there for a
    failure, although the answer may be right.
    """
    with warnings.catch_warnings(record=True) as told:
        try:
            yield
        finally:
            for text in dict.fromkeys(f"{one.category.__name__}: {one.message}" for one in told):
                say(f"Note: {name} was warned, which costs nothing. {text}")


def note_changes(
    name: str,
    labels: Sequence[str],
    given: tuple[list[Any], dict[str, Any]],
    originals: tuple[Sequence[Any], Mapping[str, Any]],
) -> None:
    """Tell, without failing, which inputs the function changed in place."""
    after = [*given[0], *given[1].values()]
    before = [*originals[0], *originals[1].values()]
    pairs = zip(labels, before, after, strict=True)
    changed = [label for label, old, new in pairs if _differs(old, new)]
    if changed:
        say(
            f"Note: {name} changed its input {', '.join(changed)} in place. "
            f"Work on a copy, so that the caller's array stays as it was."
        )


def _differs(old: Any, new: Any) -> bool:
    if isinstance(old, np.ndarray):
        return bool(old.shape != new.shape or old.tobytes() != new.tobytes())
    return isinstance(old, list) and repr(old) != repr(new)
