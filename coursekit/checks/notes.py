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
    with warnings.catch_warnings(record=True) as caught:
        try:
            yield
        finally:
            for text in dict.fromkeys(f"{one.category.__name__}: {one.message}" for one in caught):
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
    """Return whether a value differs from its copy, at any depth; other kinds than these never do.

    A copy of any other object may call itself unequal to it without a change.
    """
    match old:
        case np.ndarray() | np.generic():
            return not isinstance(new, (np.ndarray, np.generic)) or _array_differs(old, new)
        case dict():
            return not isinstance(new, dict) or _differs([*old.items()], [*new.items()])
        case list() | tuple():
            if not isinstance(new, (list, tuple)) or len(old) != len(new):
                return True
            return any(_differs(*pair) for pair in zip(old, new, strict=True))
        case bool() | int() | float() | complex() | str() | bytes() | None:
            # The same object first: NaN is unequal to itself.
            return old is not new and (type(old) is not type(new) or bool(old != new))
    return False


def _array_differs(old: np.ndarray | np.generic, new: np.ndarray | np.generic) -> bool:
    if old.shape != new.shape or old.dtype != new.dtype:
        return True
    if old.dtype.hasobject:  # its bytes are addresses, and a copy's entries lie elsewhere
        return _differs(old.tolist(), new.tolist())
    return old.tobytes() != new.tobytes()
