"""The staged comparison of a result with the expected one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from coursekit.arrays import Array, as_array, entries_close, tolerances
from coursekit.checks import advice, wording

Stage = Literal["type", "shape", "dtype", "finite", "values"]


@dataclass(frozen=True)
class Problem:
    """The first thing that is wrong with a result.

    Args:
        stage: the check that failed.
        got: what came, in words.
        expected: what was expected, in words.
        advice: what to do next, with the likely cause where one is recognised.
        name: what was checked, such as ``conv2d``.
    """

    stage: Stage
    got: str
    expected: str
    advice: str
    name: str = ""

    def __str__(self) -> str:
        rows = [("got", self.got), ("expected", self.expected), ("next step", self.advice)]
        lines = [f"{self.name}: the {_STAGE_TITLES[self.stage]}"]
        for label, text in rows:
            head, *more = text.split("\n")
            lines.append(f"  {label + ':':<10} {head}".rstrip())
            lines.extend(f"{'':13}{line}" for line in more)
        return "\n".join(lines)


_STAGE_TITLES: dict[Stage, str] = {
    "type": "type is not right",
    "shape": "shape is not right",
    "dtype": "type of the entries is not right",
    "finite": "numbers are not all finite",
    "values": "values are not right",
}


@dataclass(frozen=True)
class _Comparison:
    """The settings that all stages share."""

    name: str
    rtol: float
    atol: float
    show_values: bool
    integer: bool = False
    parts: Sequence[str] = ()

    def problem(self, stage: Stage, *, got: str, expected: str, advice: str) -> Problem:
        return Problem(stage, got, expected, advice, self.name)


def find_problem(
    got: Any,
    expected: Any,
    *,
    name: str,
    rtol: float = 1e-6,
    atol: float = 1e-8,
    show_values: bool = True,
    integer: bool = False,
    parts: Sequence[str] = (),
) -> Problem | None:
    """Return the first problem of a result, or None if it is right.

    Stages, in order: type, shape, dtype, finite, values. Lists count as arrays, 0-d arrays as
    numbers, NumPy's numbers as Python's. A float is accepted for an integer unless ``integer`` is
    set. A float32 result is compared with float32 accuracy.

    Args:
        got: the result.
        expected: an array, number, bool, string, None, or a tuple of these.
        name: what is checked, for the message.
        rtol: allowed error relative to the expected entry.
        atol: allowed absolute error, in the unit of the entries.
        show_values: if False, no entry of ``expected`` or ``got`` appears in any text: only
            types, shapes, dtypes, counts and likely causes do.
        integer: if True, whole numbers must be of an integer type: ``3`` is right, ``3.0`` is not.
        parts: names of the parts of a tuple; by default their numbers, or the fields of a named
            tuple.

    Raises:
        TypeError: ``expected`` is of a type that cannot be checked.

    Examples:
        >>> import numpy as np
        >>> from coursekit import checks
        >>> print(checks.find_problem(np.zeros(3), np.ones(3), name="b"))
        b: the values are not right
          got:       3 of 3 entries wrong, the first at [0]: 0
                     [0. 0. 0.]
          expected:  1 there
                     [1. 1. 1.]
          next step: Every entry is zero: is the result ever written into the output?
    """
    how = _Comparison(name, rtol, atol, show_values, integer, parts)
    return _compare(got, expected, how)


def _compare(got: Any, expected: Any, how: _Comparison) -> Problem | None:
    if isinstance(got, np.ndarray) and got.shape == () and got.dtype == object:
        got = got[()]  # such as a None that became an array
    if isinstance(expected, (bool, np.bool_, str)) or expected is None:
        return _compare_exactly(got, expected, how)
    if isinstance(expected, tuple):
        return _compare_tuples(got, expected, how)
    wanted = np.asarray(expected)
    if wanted.dtype.kind not in "biufc":
        raise TypeError(
            f"expected must be an array of numbers, a number, a bool, a string, None or a tuple "
            f"of these; got {type(expected).__name__} with entries of type {wanted.dtype}"
        )
    return _compare_arrays(got, wanted, how)


def _compare_exactly(
    got: Any, expected: bool | np.bool_ | str | None, how: _Comparison
) -> Problem | None:
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got[()]
    kinds: tuple[type, ...] = (type(expected),)
    if isinstance(expected, (bool, np.bool_)):
        kinds = (bool, np.bool_)
    if not isinstance(got, kinds):
        return _wrong_type(got, wording.kind_of(expected), how)
    if got == expected:
        return None
    if not how.show_values:
        return how.problem(
            "values",
            got="something else",
            expected="what the docstring describes",
            advice="Work the task's own example through by hand and compare.",
        )
    return how.problem(
        "values", got=repr(got), expected=repr(expected), advice="Compare it with the task's text."
    )


def _compare_tuples(got: Any, expected: tuple[Any, ...], how: _Comparison) -> Problem | None:
    names = how.parts or getattr(expected, "_fields", ())
    wanted = wording.tuple_of(len(expected), names)
    if not isinstance(got, (tuple, list)):
        return _wrong_type(got, wanted, how)
    if len(got) != len(expected):
        return how.problem(
            "shape",
            got=wording.kind_of(got),
            expected=wanted,
            advice="Return as many things as the task asks for, in its order.",
        )
    if expected and all(_is_whole_number(item) for item in expected):
        return _compare_arrays(list(got), np.asarray(expected), replace(how, integer=True))
    names = names or [f"item {number}" for number in range(len(expected))]
    problems = (
        _compare(item, wanted, replace(how, name=f"{name} of {how.name}", parts=()))
        for name, item, wanted in zip(names, got, expected, strict=True)
    )
    return next((problem for problem in problems if problem), None)


def _is_whole_number(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _wrong_type(got: Any, wanted: str, how: _Comparison) -> Problem:
    return how.problem(
        "type", got=wording.kind_of(got), expected=wanted, advice=advice.for_type(got)
    )


def _compare_arrays(got: Any, expected: Array, how: _Comparison) -> Problem | None:
    answer = as_array(got)
    if answer is None:
        return _wrong_type(got, _wanted(expected), how)
    stages = (_shape_problem, _dtype_problem, _finite_problem, _values_problem)
    problems = (stage(answer, expected, how) for stage in stages)
    return next((problem for problem in problems if problem), None)


def _wanted(expected: Array) -> str:
    return f"an array of shape {expected.shape}" if expected.ndim else "a number"


def _shape_problem(got: Array, expected: Array, how: _Comparison) -> Problem | None:
    if got.shape == expected.shape:
        return None
    return how.problem(
        "shape",
        got=str(got.shape) if got.ndim else "one number, no array",
        expected=str(expected.shape) if expected.ndim else "one number, no array",
        advice=advice.for_shape(got.shape, expected.shape),
    )


def _dtype_problem(got: Array, expected: Array, how: _Comparison) -> Problem | None:
    allowed = {"b": "b", "c": "iufc"}.get(expected.dtype.kind, "iuf")
    wanted = {"b": "truth values (bool)", "c": "numbers"}.get(
        expected.dtype.kind, "real numbers (integers or floats)"
    )
    if how.integer and expected.dtype.kind in "iu":
        allowed, wanted = "iu", "whole numbers of type int"
    if got.dtype.kind in allowed:
        return None
    return how.problem(
        "dtype", got=str(got.dtype), expected=wanted, advice=advice.for_dtype(got.dtype, allowed)
    )


def _finite_problem(got: Array, expected: Array, how: _Comparison) -> Problem | None:
    bad = ~np.isfinite(got) & np.isfinite(expected)
    if not bad.any():
        return None
    where = f", the first at {list(wording.place(bad))}" if how.show_values and got.ndim else ""
    kinds = (
        "nan" if np.isnan(got[bad]).all() else "inf" if np.isinf(got[bad]).all() else "nan or inf"
    )
    return how.problem(
        "finite",
        got=f"{wording.entries(int(bad.sum()), got.size)} {kinds}{where}",
        expected="finite numbers",
        advice=advice.FINITE,
    )


def _values_problem(got: Array, expected: Array, how: _Comparison) -> Problem | None:
    compare = _closeness(got, expected, how)
    wrong = ~compare(got, expected)
    if not wrong.any():
        return None
    came, wanted = _shown(got, expected, wrong) if how.show_values else _counted(got, wrong)
    cause = advice.for_values(got, expected, compare, show_values=how.show_values)
    return how.problem("values", got=came, expected=wanted, advice=cause)


def _closeness(got: Array, expected: Array, how: _Comparison) -> advice.Compare:
    """Return an entry-wise test for equality within the accuracy that ``got``'s dtype can hold."""
    rtol, atol = tolerances(got, expected, rtol=how.rtol, atol=how.atol)

    def close(a: Array, b: Array) -> NDArray[np.bool_]:
        wide = np.complex128 if "c" in (a.dtype.kind, b.dtype.kind) else np.float64
        with np.errstate(all="ignore"):
            return entries_close(a.astype(wide), b.astype(wide), rtol=rtol, atol=atol)

    return close


def _shown(got: Array, expected: Array, wrong: NDArray[np.bool_]) -> tuple[str, str]:
    where = wording.place(wrong)
    came, wanted = wording.number_pair(got[where], expected[where])
    if not got.ndim:
        return came, wanted
    head = (
        f"{wording.entries(int(wrong.sum()), got.size)} wrong, the first at {list(where)}: {came}"
    )
    return head + wording.whole_array(got), f"{wanted} there" + wording.whole_array(expected)


def _counted(got: Array, wrong: NDArray[np.bool_]) -> tuple[str, str]:
    if not got.ndim:
        return "a number that is not right", "the number that the docstring describes"
    count = wording.entries(int(wrong.sum()), got.size)
    return f"an array of the right shape {got.shape}, with {count} wrong", "other values there"
