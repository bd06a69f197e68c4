"""Notes that a check prints beside its verdict."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np


def say(text: str) -> None:
    """Print a line in the notebook, such as that of a check that passes."""
    print(text)


@contextlib.contextmanager
def warnings_noted(name: str) -> Iterator[None]:
    """Print the warnings raised while a student's function runs, each one once.

    Python writes warnings to stderr, and nbgrader's Validate takes anything there for a failure,
    although the result may be right.

    Args:
        name: the function's name, for the note.
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
    """Print a note that names the inputs that a function changed in place, if there are any.

    Args:
        name: the function's name, for the note.
        labels: the arguments' names, positional ones first.
        given: the arguments after the call.
        originals: the arguments as they were before it.
    """
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
    """Return whether a value differs from its copy, at any depth.

    Objects of other types count as equal, because they may compare unequal to an unchanged copy.
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
