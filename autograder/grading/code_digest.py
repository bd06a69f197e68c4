"""One hash of all code and libraries that can change a score."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.metadata import packages_distributions, version
from importlib.util import find_spec
from pathlib import Path

import autograder
import coursekit

LIBRARIES = ("numpy", "scipy", "tensorflow", "keras", "ipykernel", "ipython")
_NOT_JUDGING = ("app", "authoring", "hidden_tests", "nbgrader_plugin")
"""Rooms of `autograder` that show and record scores, and hidden tests, see `digest_of_tests`."""
_OWN = ("autograder", "coursekit")


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return the hash of the grader's code and libraries; a verdict made by others is stale.

    It is of the code that this process runs: an edit counts in the next process.
    """
    versions = [f"{name} {version(name)}" for name in LIBRARIES]
    packages = [Path(package.__file__ or "").parent for package in (autograder, coursekit)]
    return digest_of(packages, [platform.python_version(), *versions])


def digest_of_tests(modules: Iterable[str]) -> str:
    """Return the hash of the code that a lab's test cells import, as it is now.

    Of an installed distribution the version counts; of other modules the package's files and
    those beside it, since they import each other.

    Args:
        modules: names of modules that can be imported.
    """
    versions, files = set[str](), dict[str, Path]()
    for name in modules:
        top, _, rest = name.partition(".")
        if top in _OWN:
            files.update(_files_of(".".join([top, *rest.split(".")[:1]])) if rest else ())
        elif top not in sys.stdlib_module_names:
            installed = _distributions().get(top, ())
            versions.update(f"{each} {version(each)}" for each in installed)
            files.update(() if installed else _files_of(top))
    contents = [
        f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}" for name, path in files.items()
    ]
    return hashlib.sha256("\0".join([*sorted(versions), *sorted(contents)]).encode()).hexdigest()


def _files_of(name: str) -> Iterator[tuple[str, Path]]:
    """Yield a module's files and those beside it, by names that hold on every machine."""
    spec = find_spec(name)
    for folder in map(Path, (spec and spec.submodule_search_locations) or ()):
        for path in filter(_is_source, folder.rglob("*")):
            yield f"{name}/{path.relative_to(folder).as_posix()}", path
    if spec and spec.origin and "." not in name:
        place = Path(spec.origin)
        beside = place.parent.parent if place.stem == "__init__" else place.parent
        yield from ((path.name, path) for path in beside.glob("*.py"))


def _is_source(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


@lru_cache(maxsize=1)
def _distributions() -> dict[str, list[str]]:
    return dict(packages_distributions())


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
        if room not in _NOT_JUDGING and _is_source(path):
            yield path
