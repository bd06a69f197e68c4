"""The bundled data files, each verified by its SHA-256 before use."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from coursekit.errors import DataFileError

DATASETS = Path(__file__).resolve().parent.parent / "datasets"
SUMS = "SHA256SUMS"


def verified(file: str) -> Path:
    """Return the path of a bundled file after verifying its SHA-256.

    The sum is computed once in a process, and again only if the file changes on disk.

    Args:
        file: path inside the ``datasets`` folder, such as ``photos/coffee.png``.

    Raises:
        DataFileError: the file is missing, cannot be read or has another sum, or the list of sums
            does not name it.
    """
    path = DATASETS / file
    expected = sha256_of(file)
    try:
        status = path.stat()
        found = _sum_of(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        reason = "no such file" if isinstance(error, FileNotFoundError) else str(error)
        raise _error(file, expected=expected, found=reason) from error
    if found != expected:
        raise _error(file, expected=expected, found=found)
    return path


def sha256_of(file: str) -> str:
    """Return the SHA-256 that a bundled file should have, as 64 hexadecimal digits.

    Raises:
        DataFileError: the list of the sums is missing or does not name the file.
    """
    try:
        lines = (DATASETS / SUMS).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise _error(SUMS, expected="not known", found=str(error)) from error
    sums = {name: digest for digest, name in (line.split(maxsplit=1) for line in lines if line)}
    if file not in sums:
        raise _error(SUMS, expected=f"a line for {file}", found="no such line")
    return sums[file]


@lru_cache(maxsize=64)
def _sum_of(path: Path, mtime_ns: int, size: int) -> str:  # noqa: ARG001 - they key the cache
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _error(file: str, *, expected: str, found: str) -> DataFileError:
    steps = [f"`git checkout -- coursekit/datasets/{file}` in the course's folder"]
    if file != SUMS:
        steps.append(f"`python -m scripts.rebuild_data --only {file}` there (needs the network)")
    steps.append("install the course again")
    return DataFileError(file, expected=expected, found=found, remedy=", or ".join(steps) + ".")
