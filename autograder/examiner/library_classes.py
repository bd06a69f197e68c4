"""Classes of a kernel's objects, so that ``isinstance(m, keras.Model)`` works in a test."""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.examiner.kernel_link import KernelLink

_DATA = ("builtins", "numpy", "autograder", "coursekit")
"""Packages whose classes no proxy claims: a test that has seen an array goes on as if it had its
numbers."""
_OF_CODE = {
    "builtins.generator": types.GeneratorType,
    "builtins.function": types.FunctionType,
    "builtins.method": types.MethodType,
    "builtins.module": types.ModuleType,
}
_MAX_CLASSES = 50


def nearest_class(names: Any, link: KernelLink) -> type | None:
    """Return the nearest class of an object that this process also has; None if it has none.

    Args:
        names: modules and qualified names of an object's classes, nearest first.
        link: knows the classes of the lab's own cells, and which libraries the lab imports.
    """
    known = names[:_MAX_CLASSES] if type(names) is list else []
    for name in known:
        if type(name) is str and (found := _found(name, link)) is not None:
            return found
    return None


def _found(name: str, link: KernelLink) -> type | None:
    if name in _OF_CODE:
        return _OF_CODE[name]
    module, _, kind = name.rpartition(".")
    if module == "__main__":
        return link.lab_class(kind)
    package = module.partition(".")[0]
    if package in _DATA or package not in link.packages or module not in sys.modules:
        return None
    found = vars(sys.modules[module]).get(kind)
    return found if isinstance(found, type) else None
