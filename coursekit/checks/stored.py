"""Check a function on a lab's stored cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from coursekit import stored_cases
from coursekit.checks import causes
from coursekit.checks.calls import (
    name_of,
    require_function,
    stopped,
    title_of,
    unwritten,
    with_causes,
    with_hint,
)
from coursekit.checks.notes import say, warnings_noted
from coursekit.errors import CheckFailed


def check_stored(function: Callable[..., Any], name: str, *, next_step: str = "") -> None:
    """Call a function on stored cases and print one line if it is right on all of them.

    Args:
        function: the function to check.
        name: the lab's and the exercise's name, such as ``lab1_convolution/conv2d``.
        next_step: a sentence shown under a failure.

    Raises:
        CheckFailed: the function is a stub, raises an exception or returns a wrong result. The
            message shows the smallest such case, and names the mistake if a known one gives the
            same results.
        ValueError: there are no stored cases of that name.

    Examples:
        >>> from coursekit import checks
        >>> from coursekit.layers import conv2d
        >>> checks.check_stored(conv2d, "lab1_convolution/conv2d")
        ✓ conv2d is right on 13 stored cases: basic, bias, non-square, padding 0, padding 1 and
        more, stride, channels and batch
    """
    exercise, own = stored_cases.load(name), name_of(function)
    require_function(function, own)
    try:
        with warnings_noted(own):
            answers = causes.answers(function, exercise)
    except NotImplementedError:
        raise CheckFailed(with_hint(unwritten(own), next_step)) from None
    wrong = [place for place, answer in enumerate(answers) if not answer.right]
    if not wrong:
        groups = dict.fromkeys(case.group for case in exercise.cases)
        say(f"✓ {own} is right on {len(answers)} stored cases: {', '.join(groups)}")
        return
    first = wrong[0]
    args, kwargs = exercise.cases[first].inputs()
    text = _message(exercise.name, title_of(function, own, args, kwargs), answers[first])
    text = with_causes(text, causes.causes(exercise, answers))
    text += f'\n  try it:    args, options = checks.stored_inputs("{name}", {first + 1})'
    text += f"\n{'':13}{own}(*args, **options)"
    raise CheckFailed(with_hint(text, next_step)) from answers[first].error


def stored_inputs(name: str, number: int) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments of a stored case, to call a function with.

    Args:
        name: the lab's and the exercise's name, such as ``lab1_convolution/conv2d``.
        number: the case's number, from 1, as in the message of `check_stored`.

    Returns:
        Positional and keyword arguments: ``args, options = stored_inputs(...)``.

    Raises:
        ValueError: there are no stored cases of that name, or no such number.

    Examples:
        >>> from coursekit import checks
        >>> checks.stored_inputs("lab1_convolution/conv_output_size", 1)
        ((9, 5), {})
    """
    cases = stored_cases.load(name).cases
    if not 1 <= number <= len(cases):
        raise ValueError(f"number must be from 1 to {len(cases)}; got {number}")
    return cases[number - 1].inputs()


def _message(name: str, title: str, answer: causes.Answer) -> str:
    """Return the message for a wrong result, with the call's title in place of the name."""
    if answer.problem:
        # "dx of conv2d", if a result has parts, becomes "dx of conv2d(x: (1, 3, 3, 1), ...)".
        return str(replace(answer.problem, name=answer.problem.name.removesuffix(name) + title))
    return stopped(title, answer.error) if answer.error else ""
