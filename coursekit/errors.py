"""Every exception of the package.

::

    CoursekitError
    ├── CheckFailed      a result is not yet right (also an AssertionError)
    └── DataFileError    a bundled data file is missing or damaged

A wrong argument is an ordinary ``ValueError`` or ``TypeError`` that names the argument.
"""

from __future__ import annotations


class CoursekitError(Exception):
    """Base class of this package's exceptions."""


class CheckFailed(CoursekitError, AssertionError):
    """A result is not yet right. Its text is the complete message for the student."""

    def _render_traceback_(self) -> list[str]:
        """Return the message alone for the notebook, without the frames of this package."""
        return [f"✗ {self}"]


class DataFileError(CoursekitError):
    """A bundled data file is missing or damaged; the text says which and how to get it again.

    Args:
        file: the file's name inside the package's ``datasets`` folder.
        expected: the SHA-256 that the file should have, or words if that is not known.
        found: the SHA-256 that it has, or words such as ``no such file``.
        remedy: the steps that bring the file back.
    """

    def __init__(self, file: str, *, expected: str, found: str, remedy: str) -> None:
        super().__init__(
            f"the data file {file} cannot be used\n"
            f"  expected SHA-256: {expected}\n"
            f"  found:            {found}\n"
            f"  next step:        {remedy}"
        )
        self.file = file
        self.expected = expected
        self.found = found
