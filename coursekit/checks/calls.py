"""Checks for a notebook's visible tests: call a student's function and report on its result."""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from coursekit import stored_cases
from coursekit.checks import causes
from coursekit.checks.call_titles import call_title
from coursekit.checks.notes import note_changes, say, warnings_noted
from coursekit.checks.problems import find_problem
from coursekit.checks.waiting import is_stub
from coursekit.errors import CheckFailed


def check_call(
    function: Callable[..., Any],
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    *,
    expected: Any,
    name: str | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-8,
    next_step: str = "",
    integer: bool = False,
) -> None:
    """Call a function on copies of its inputs and print one line if the result is right.

    Args:
        function: the function to check.
        args: its positional arguments.
        kwargs: its keyword arguments.
        expected: the expected result, as for `find_problem`.
        name: the function's name in the message; its ``__name__`` if not given.
        rtol: allowed error relative to the expected entry.
        atol: allowed absolute error.
        next_step: a sentence shown under a failure, for this check alone.
        integer: if True, a whole number must come as an integer, not as a float.

    Raises:
        CheckFailed: the function is a stub, raises an exception or returns a wrong result. If its
            results on the lab's stored cases are those of a known mistake, the message names it.
        TypeError: ``expected`` is of a type that cannot be checked.

    Examples:
        >>> import numpy as np
        >>> from coursekit import checks
        >>> checks.check_call(np.add, (1.0, 2.0), expected=3.0, name="add")
        ✓ add(x1=1.0, x2=2.0) is right
    """
    options = dict(kwargs or {})
    own_name = name or name_of(function)
    title = title_of(function, own_name, args, options)
    inputs = copy.deepcopy((list(args), options))
    try:
        got = _result(function, inputs, own_name, title)
        labels = parameter_names(function, len(args)) + list(options)
        note_changes(own_name, labels, inputs, (args, options))
        _raise_if_wrong(got, expected, title, rtol, atol, integer)
    except CheckFailed as failure:
        text = with_causes(str(failure), _known_causes(function, own_name))
        raise CheckFailed(with_hint(text, next_step)) from failure.__cause__
    say(f"✓ {title} {_praise(expected)}")


def name_of(function: Any) -> str:
    """Return a function's ``__name__``, or the name of its type if it has none."""
    return str(getattr(function, "__name__", type(function).__name__))


def check_value(
    got: Any,
    expected: Any,
    *,
    name: str,
    rtol: float = 1e-6,
    atol: float = 1e-8,
    next_step: str = "",
    integer: bool = False,
) -> None:
    """Compare a value with the expected one and print one line if it is right.

    Args:
        got: the value to check.
        expected: the expected value, as for `find_problem`.
        name: what is checked, for the message.
        rtol: allowed error relative to the expected entry.
        atol: allowed absolute error.
        next_step: a sentence for this check alone. If the shape or the values are wrong, it
            replaces the general advice, which is about arrays that a function computes.
        integer: if True, a whole number must come as an integer, not as a float.

    Raises:
        CheckFailed: the value is not right.
        TypeError: ``expected`` is of a type that cannot be checked.

    Examples:
        >>> from coursekit import checks
        >>> checks.check_value(0.5, 0.5, name="the gradient")
        ✓ the gradient is right
        >>> checks.check_value(-0.5, 0.5, name="the gradient")
        Traceback (most recent call last):
            ...
        coursekit.errors.CheckFailed: the gradient: the values are not right
          got:       -0.5
          expected:  0.5
          next step: The sign is the wrong way round.
    """
    problem = find_problem(got, expected, name=name, rtol=rtol, atol=atol, integer=integer)
    if problem and next_step and problem.stage in ("shape", "values"):
        raise CheckFailed(str(replace(problem, advice=next_step)))
    if problem:
        raise CheckFailed(with_hint(str(problem), next_step))
    say(f"✓ {name} {_praise(expected)}")


def _raise_if_wrong(
    got: Any, expected: Any, title: str, rtol: float, atol: float, integer: bool
) -> None:
    problem = find_problem(got, expected, name=title, rtol=rtol, atol=atol, integer=integer)
    if problem:
        raise CheckFailed(str(problem))


def _known_causes(function: Callable[..., Any], name: str) -> list[str]:
    """Return sentences that explain a failure, from the stored cases of the function's name.

    The function's output and warnings are suppressed while it runs on the stored cases.
    """
    for exercise in stored_cases.of_function(name):
        try:
            with (
                contextlib.redirect_stdout(io.StringIO()),
                warnings.catch_warnings(action="ignore"),
            ):
                found = causes.causes(exercise, causes.answers(function, exercise))
        except Exception:  # whatever goes wrong here, the original failure is reported
            continue
        if found:
            return found
    return []


def with_causes(text: str, sentences: Sequence[str]) -> str:
    """Return the message with known causes, if there are any, in place of its general advice."""
    if not sentences:
        return text
    kept = text.partition("\n  next step:")[0]
    return "\n  cause:     ".join([kept, *sentences])


def with_hint(text: str, next_step: str) -> str:
    """Return the message with the author's hint below it, if there is one."""
    return f"{text}\n  hint:      {next_step}" if next_step else text


def _result(
    function: Callable[..., Any],
    inputs: tuple[list[Any], dict[str, Any]],
    name: str,
    title: str,
) -> Any:
    require_function(function, name)
    try:
        with warnings_noted(name):
            return function(*inputs[0], **inputs[1])
    except Exception as error:
        if is_stub(type(error).__name__, str(error)):
            raise CheckFailed(unwritten(name)) from None
        raise CheckFailed(stopped(title, error)) from error


def require_function(function: object, name: str) -> None:
    """Raise CheckFailed unless a function can be called.

    Raises:
        CheckFailed: it isn't callable.
    """
    if not callable(function):
        kind = type(function).__name__
        raise CheckFailed(f"{name} is no function ({kind}): run the cell that defines it.")


def unwritten(name: str) -> str:
    """Return the message for a function that is still a stub."""
    return f"{name} is not written yet: replace `raise NotImplementedError` by your own code."


def stopped(title: str, error: Exception) -> str:
    """Return the message for a call that raised an exception."""
    return (
        f"{title}: it stopped with an error\n"
        f"  got:       {type(error).__name__}: {error}\n"
        f"  next step: Its traceback stands further up: the last line of yours is the place."
    )


def parameter_names(function: Callable[..., Any], count: int) -> list[str]:
    """Return the names of the first positional parameters, or numbers if they are unknown."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        names = []
    return [names[i] if i < len(names) else f"argument {i + 1}" for i in range(count)]


def title_of(
    function: Callable[..., Any], name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> str:
    """Return a call in words, such as ``conv2d(x: (2, 7, 9, 3), b: (5,), stride=2)``."""
    return call_title(name, [*zip(parameter_names(function, len(args)), args, strict=True)], kwargs)


def _praise(expected: Any) -> str:
    if isinstance(expected, (np.ndarray, list)) and np.ndim(expected):
        return f"has shape {np.shape(expected)} and the right values"
    return f"is {expected!r}" if isinstance(expected, (bool, int, str)) else "is right"
