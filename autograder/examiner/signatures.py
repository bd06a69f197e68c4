"""Parameters of a student's function, as `inspect.signature` gives them."""

from __future__ import annotations

import inspect
from typing import Any

from autograder.errors import BadAnswer
from autograder.sandbox.inside import _grading_wire as wire

_MAX_PARAMETERS = 200


def signature_from(description: Any) -> inspect.Signature:
    """Return the signature that a kernel describes.

    Args:
        description: for each parameter its name, its kind as a number, whether it has a default,
            and the default.

    Raises:
        BadAnswer: no function has such parameters.
    """
    try:
        return inspect.Signature([_parameter(part) for part in description[:_MAX_PARAMETERS]])
    except (TypeError, ValueError, IndexError, KeyError) as error:
        raise BadAnswer(f"parameters that are none: {wire.readable(str(error), 200)}") from None


def _parameter(description: Any) -> inspect.Parameter:
    name, kind, has_default, default = description
    if type(name) is not str or type(kind) is not int or len(name) > 200:
        raise TypeError("a parameter without a name and a kind")
    value = default if has_default is True else inspect.Parameter.empty
    return inspect.Parameter(name, inspect._ParameterKind(kind), default=value)
