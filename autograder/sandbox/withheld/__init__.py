"""Stands in a kernel for a module that a lab withholds while it is graded.

It is mounted over the module's file or folder, so that the module's source and bytecode cannot be
read. Importing it works, since many notebooks import what they do not use; using anything from it
raises an ImportError that says why.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from types import ModuleType
from typing import Any, NoReturn

_ROOT = __name__


def _why(name: str) -> str:
    if _ROOT.startswith("coursekit."):
        return f"{_ROOT} is not available while a lab is graded: the lab asks you to write it"
    return f"{name} is not available while this lab is graded: the lab says what may be used"


class Withheld:
    """Anything that a notebook takes from the module."""

    def __init__(self, name: str) -> None:
        self._withheld_name = name
        self.__name__ = self.__qualname__ = name.rpartition(".")[2]

    def __call__(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise an ImportError that says why the module is not available."""
        raise ImportError(_why(self._withheld_name))

    def __getattr__(self, name: str) -> Withheld:
        if name.startswith("__"):
            raise AttributeError(name)
        return Withheld(f"{self._withheld_name}.{name}")

    def __instancecheck__(self, instance: Any) -> bool:
        return False

    def __subclasscheck__(self, kind: Any) -> bool:
        return False

    def __mro_entries__(self, bases: Any) -> NoReturn:
        raise ImportError(_why(self._withheld_name))

    __getitem__ = __iter__ = __len__ = __enter__ = __array__ = __call__

    def __repr__(self) -> str:
        return f"<{self._withheld_name}, not available while a lab is graded>"


class _Submodules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds every module below the one that is withheld, each as empty as the others."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if not name.startswith(f"{_ROOT}."):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def exec_module(self, module: ModuleType) -> None:
        module.__getattr__ = _getter(module.__name__)  # type: ignore[method-assign]


def _getter(module: str) -> Any:
    def get(name: str) -> Withheld:
        if name.startswith("__"):
            raise AttributeError(name)
        return Withheld(f"{module}.{name}")

    return get


__getattr__ = _getter(_ROOT)
if "." not in _ROOT:
    sys.meta_path.insert(0, _Submodules())
