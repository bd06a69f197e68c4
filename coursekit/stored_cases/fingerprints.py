"""Short fingerprints of results, enough to tell whether two results are the same."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.arrays import as_array
from coursekit.stored_cases.error_kinds import Agreement, agreement, error_code

TOLERANCE = 1e-6
"""Relative and absolute tolerance of two sums, for rounding in the file."""
_ROUNDINGS = 32
"""Tolerance of the sums in units of the entries' rounding errors."""
_RAISED = "raised "
_SUM_DIGITS = 8  # more than TOLERANCE asks for
_STAND_INS = {"nan": 1e6, "posinf": 2e6, "neginf": -2e6}


@dataclass(frozen=True)
class Fingerprint:
    """A short summary of a result.

    Args:
        form: its shape, such as ``(2, 3)``; for anything but an array of numbers, its text; for a
            call that raised, ``raised`` and the error's code.
        sums: two weighted sums of its entries with fixed weights; empty without numbers.
        parts: the fingerprints of its parts, if it has several.
        slack: absolute tolerance of the sums for the rounding of the entries.
    """

    form: str = ""
    sums: tuple[float, ...] = ()
    parts: tuple[Fingerprint, ...] = ()
    slack: float = field(default=0.0, compare=False)

    @property
    def raised(self) -> bool:
        """Whether the call raised."""
        return self.form.startswith(_RAISED)

    @property
    def error(self) -> str:
        """The `error_code` of the error that was raised; empty if none was."""
        return self.form.removeprefix(_RAISED) if self.raised else ""

    @property
    def zeros(self) -> bool:
        """Whether the result has numbers and all of them are 0."""
        parts = self.parts or (self,)
        return all(bool(part.sums) and not any(part.sums) for part in parts)

    def as_plain(self) -> Any:
        """Return the fingerprint as plain data for JSON."""
        if self.parts:
            return {"parts": [part.as_plain() for part in self.parts]}
        return [self.form, *(float(f"{number:.{_SUM_DIGITS}g}") for number in self.sums)]

    @classmethod
    def from_plain(cls, plain: Any) -> Fingerprint:
        """Return the fingerprint that `as_plain` converted."""
        if isinstance(plain, dict):
            return cls(parts=tuple(cls.from_plain(part) for part in plain["parts"]))
        form, *sums = plain
        return cls(form, tuple(sums))


def fingerprint(answer: Any, parts: int = 0, *, integer: bool = False) -> Fingerprint:
    """Return the fingerprint of a result, or of the exception raised instead.

    Args:
        answer: the value that a function returned, or the exception that it raised.
        parts: the number of parts of the right result, if it is a tuple.
        integer: whether integers and floats count as different results.
    """
    if isinstance(answer, BaseException):
        return Fingerprint(f"{_RAISED}{error_code(type(answer).__name__, str(answer))}")
    if parts and isinstance(answer, (tuple, list)) and len(answer) == parts:
        return Fingerprint(parts=tuple(fingerprint(part, integer=integer) for part in answer))
    array = _as_numbers(answer)
    if array is None:
        return Fingerprint(f"{type(answer).__name__} {answer!r}"[:80])
    kind = "whole " if integer and array.dtype.kind in "iu" else ""
    return Fingerprint(f"{kind}{array.shape}", _sums(array), slack=_slack(array))


def same(mine: Fingerprint, other: Fingerprint) -> bool:
    """Return whether two fingerprints are of the same result, up to rounding."""
    if mine.raised and other.raised:
        return agreement(mine.error, other.error) > Agreement.NONE
    if (mine.form, len(mine.parts)) != (other.form, len(other.parts)):
        return False
    if not all(map(same, mine.parts, other.parts)):
        return False
    error = TOLERANCE + mine.slack + other.slack
    pairs = zip(mine.sums, other.sums, strict=True)
    return all(math.isclose(one, two, rel_tol=TOLERANCE, abs_tol=error) for one, two in pairs)


def _as_numbers(answer: Any) -> NDArray[Any] | None:
    array = None if isinstance(answer, complex) else as_array(answer)
    return array if array is not None and array.dtype.kind in "biuf" else None


def _slack(array: NDArray[Any]) -> float:
    if array.dtype.kind != "f":
        return 0.0
    sizes = np.abs(array[np.isfinite(array)].astype(float))
    return float(_ROUNDINGS * np.finfo(array.dtype).eps * sizes.sum())


def _sums(array: NDArray[Any]) -> tuple[float, ...]:
    flat = np.nan_to_num(array.astype(float).ravel(), **_STAND_INS)  # type: ignore[call-overload]
    places = np.arange(flat.size)
    return tuple(float(flat @ weights) for weights in (np.cos(places), np.sin(1.7 * places + 1)))
