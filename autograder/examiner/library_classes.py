"""Classes of libraries, by what a kernel tells of an object: for ``isinstance(m, keras.Model)``."""

from __future__ import annotations

import sys
import types
from typing import Any

_LIBRARIES = ("keras", "tensorflow")
"""Their objects' attributes come from the kernel anyway. NumPy's and Python's own types would be
another matter: a test that has seen an array goes on as if it had its numbers."""
_MAX_CLASSES = 50


def nearest_class(names: Any) -> type | None:
    """The first class that is loaded here, too; None if there is none.

    Args:
        names: modules and qualified names of an object's classes, nearest first.
    """
    known = names[:_MAX_CLASSES] if type(names) is list else []
    for name in known:
        if type(name) is str and (found := _loaded(name)) is not None:
            return found
    return None


def _loaded(name: str) -> type | None:
    if name == "builtins.generator":
        return types.GeneratorType
    module, _, kind = name.rpartition(".")
    if module.partition(".")[0] not in _LIBRARIES or module not in sys.modules:
        return None
    found = vars(sys.modules[module]).get(kind)
    return found if isinstance(found, type) else None
