"""What submissions of a lab's notebook are graded with."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.examiner.namespace import imported_libraries
from autograder.lab import LabNotebook
from autograder.sandbox.limits import Limits
from autograder.verdict import make_key

_SLOW_LIBRARIES = ("tensorflow", "keras", "scipy")
_EXECUTION = "NBGRADER_EXECUTION"
"""nbgrader's variable by which a notebook knows that it is being graded."""


@dataclass(frozen=True)
class GradingOptions:
    """How submissions are graded.

    Args:
        limits: what a submission may use.
        isolation: ``bubblewrap``, or ``process`` where that is asked for by name.
        secret: what the random cases depend on beside student and lab.
        grader_digest: hash of the hidden tests, so that a changed test makes verdicts stale.
        hide: folders that no kernel may see, such as the course's, wherever they lie.
    """

    limits: Limits = field(default_factory=Limits)
    isolation: str = "bubblewrap"
    secret: str = ""
    grader_digest: str = ""
    hide: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Exam:
    """One notebook of a lab, how it is graded, and the files around it.

    Args:
        lab_name: the assignment's id.
        lab: the lab's notebook.
        options: limits and isolation.
        files: what lies beside the notebook in a kernel, by relative path.
        given: those of them that the lab alone decides on; test cells find them as well.
    """

    lab_name: str
    lab: LabNotebook
    options: GradingOptions = field(default_factory=GradingOptions)
    files: Mapping[str, bytes] = field(default_factory=dict)
    given: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """Hash of all that a verdict depends on beside the submission."""
        options = self.options
        how = (repr(options.limits), options.isolation, options.secret, options.grader_digest)
        beside = [part for pair in sorted(self.files.items()) for part in pair]
        ours = [part for pair in sorted(self.given.items()) for part in pair]
        return make_key(self.lab.digest, *how, make_key(*beside), make_key(*ours))

    @property
    def withheld(self) -> tuple[str, ...]:
        """The modules that the lab's notebook withholds; see `autograder.sandbox.withholding`."""
        declared = self.lab.source.metadata.get("autograder", {}).get("withheld", [])
        return tuple(str(name) for name in declared)

    @property
    def preload(self) -> tuple[str, ...]:
        """The slow libraries that the lab's own cells import, to be loaded before its kernels."""
        imported = imported_libraries(self.lab.trusted_sources())
        return tuple(name for name in _SLOW_LIBRARIES if name in imported)

    @contextmanager
    def surroundings(self) -> Iterator[None]:
        """What a test cell finds around it under nbgrader: the lab's files and its modules.

        The working folder is the process's, so one process examines one submission at a time.
        """
        before = os.environ.get(_EXECUTION)
        os.environ[_EXECUTION] = "autograde"
        try:
            with tempfile.TemporaryDirectory(prefix="autograder-lab-") as folder:
                write_files(Path(folder), self.given)
                with contextlib.chdir(folder), _modules_from(folder):
                    yield
        finally:
            os.environ.pop(_EXECUTION)
            os.environ.update({} if before is None else {_EXECUTION: before})


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes files into a folder.

    Args:
        folder: the folder.
        files: their contents by relative path.
    """
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@contextmanager
def _modules_from(folder: str) -> Iterator[None]:
    """Modules in the folder can be imported, unless an installed one is called so."""
    sys.path.append(folder)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(folder)
        for name in [name for name, found in sys.modules.items() if _lies_in(found, folder)]:
            del sys.modules[name]


def _lies_in(module: Any, folder: str) -> bool:
    return str(getattr(module, "__file__", None) or "").startswith(folder + os.sep)
