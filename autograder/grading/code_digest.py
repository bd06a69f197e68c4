"""One hash of all code and libraries that can change a score."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import autograder
import coursekit

LIBRARIES = ("numpy", "scipy", "tensorflow", "keras", "ipykernel", "ipython")
_NOT_JUDGING = ("app", "authoring", "nbgrader_plugin")
"""Rooms of `autograder` that show and record scores, and make none."""


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return the hash of the installed code and libraries; a verdict made by others is stale."""
    versions = [f"{name} {version(name)}" for name in LIBRARIES]
    packages = [Path(package.__file__ or "").parent for package in (autograder, coursekit)]
    return digest_of(packages, [platform.python_version(), *versions])


def digest_of(packages: list[Path], versions: list[str]) -> str:
    """Return the hash of packages' files and of versions.

    Args:
        packages: folders of ``autograder`` and ``coursekit``.
        versions: of Python and libraries.
    """
    digest = hashlib.sha256("\0".join(versions).encode())
    for package in packages:
        for path in judging_files(package):
            name = path.relative_to(package.parent).as_posix()
            content = hashlib.sha256(path.read_bytes()).digest()
            digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()


def judging_files(package: Path) -> Iterator[Path]:
    """Yield the files of a package that take part in grading, data included, sorted.

    Args:
        package: its folder.
    """
    for path in sorted(package.rglob("*")):
        room = path.relative_to(package).parts[0]
        if path.is_file() and room not in _NOT_JUDGING and "__pycache__" not in path.parts:
            yield path
