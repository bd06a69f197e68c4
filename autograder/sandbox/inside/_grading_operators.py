"""What a hidden test can do with a student's objects beside calling them, by name."""

from __future__ import annotations

import copy
import math
import operator
from collections.abc import Callable
from typing import Any

_BINARY = (
    "add sub mul matmul truediv floordiv mod pow lshift rshift and_ or_ xor "
    "iadd isub imul imatmul itruediv ifloordiv imod ipow ilshift irshift iand ior ixor "
    "eq ne lt le gt ge"
)
_UNARY = "neg pos abs invert index"

OPERATORS: dict[str, Callable[..., Any]] = {
    **{name: getattr(operator, name) for name in f"{_BINARY} {_UNARY}".split()},
    **{kind.__name__: kind for kind in (bool, int, float, complex, str, bytes)},
    **{name.__name__: name for name in (repr, format, hash, len, round, divmod, reversed)},
    **{name.__name__: name for name in (getattr, setattr, delattr, isinstance, issubclass)},
    **{name.__name__: name for name in (math.trunc, math.floor, math.ceil)},
    **{name.__name__: name for name in (copy.copy, copy.deepcopy)},
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    "contains": operator.contains,
    "classes": lambda thing: [f"{k.__module__}.{k.__qualname__}" for k in type(thing).__mro__],
    "enter": lambda manager: type(manager).__enter__(manager),
    "exit": lambda manager: type(manager).__exit__(manager, None, None, None),
}
"""Functions by the name under which the examiner asks for them."""
