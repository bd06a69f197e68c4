"""Withholds modules from a lab's kernels: those that contain what the lab asks students to write.

A lab's notebook declares them in its metadata, as a list of names:
``{"autograder": {"withheld": ["coursekit.layers", "scipy"]}}``.
"""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path

STAND_IN = Path(__file__).parent / "withheld"
"""A package that can be bound over a package's folder, and its file over a module's."""
_ELSEWHERE = (
    "/usr/lib/python3/dist-packages",
    "/usr/lib/python3*/site-packages",
    "/usr/local/lib/python3*/*-packages",
)
"""Where other Pythons of the system, which a kernel may start, have their packages."""


def binds(modules: Sequence[str]) -> list[str]:
    """Return bubblewrap's arguments that put the stand-in over some modules.

    The folder of bytecode beside a module's file is covered as a whole.

    Args:
        modules: full names, such as ``coursekit.layers`` or ``scipy``; what isn't installed is
            left out.
    """
    arguments: list[str] = []
    for path in dict.fromkeys(path for name in modules for path in _paths(name)):
        stand_in = STAND_IN if path.is_dir() else STAND_IN / "__init__.py"
        arguments += ["--ro-bind", str(stand_in), str(path)]
    for folder in dict.fromkeys(cache for name in modules for cache in _caches(name)):
        arguments += ["--tmpfs", str(folder)]
    return arguments


def _paths(name: str) -> Iterator[Path]:
    """Yield a module's file, or the folder of a package, wherever there is one."""
    own = _own_path(name)
    if own is not None:
        yield own
    if "." not in name:
        for pattern in _ELSEWHERE:
            found = Path("/").glob(f"{pattern[1:]}/{name}")
            yield from (path for path in found if path.is_dir() and path != own)


def _own_path(name: str) -> Path | None:
    """Return where this Python would import a module from, without importing it."""
    package, _, last = name.rpartition(".")
    if package:
        parent = _own_path(package)
        if parent is None or not parent.is_dir():
            return None
        folder, file = parent / last, parent / f"{last}.py"
        return folder if folder.is_dir() else file if file.is_file() else None
    with contextlib.suppress(ImportError, ValueError):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations:
            return Path(next(iter(spec.submodule_search_locations)))
        if spec is not None and spec.origin and spec.has_location:
            return Path(spec.origin)
    return None


def _caches(name: str) -> Iterator[Path]:
    """Yield the folder of a module's bytecode; it is made if need be, or a later one would show."""
    path = _own_path(name)
    if path is None or path.is_dir():
        return
    folder = path.parent / "__pycache__"
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
    if folder.is_dir():
        yield folder
