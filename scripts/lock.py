"""Resolves pyproject.toml into the files of exact versions, for all platforms at once.

Writes ``requirements.lock`` (everything but the GPU packages), ``requirements-gpu.lock`` (what a
GPU needs on top) and ``environment.yml`` (the same pins for conda). Versions that are already
locked stay, unless ``--upgrade`` is given.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = (
    "# Exact versions for Python 3.11 to 3.13 on Linux, macOS (Apple silicon) and Windows."
    " Made by `make lock`.\n"
)
GPU_HEADER = (
    "# What TensorFlow needs for an NVIDIA GPU on Linux, beside requirements.lock."
    " Made by `make lock`.\n"
)
CONDA_TEMPLATE = """\
# The same environment for conda users: conda env create -f environment.yml
# Made by `make lock`: pip's part repeats the pins of requirements.lock.
name: convnet-course
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
{pins}
      - -e .
"""


def resolve(extras: tuple[str, ...], output: Path, *options: str) -> str:
    """Return the lock of the project with these extras: exact versions, markers and hashes.

    Args:
        extras: names of the optional dependencies to include.
        output: file that uv reads earlier pins from and writes new ones to.
        options: further options for ``uv pip compile``.
    """
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml"]
    command += ["--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--quiet", "--output-file", str(output)]
    command += [f"--extra={extra}" for extra in extras]
    subprocess.run([*command, *options], cwd=ROOT, check=True)
    return output.read_text(encoding="utf-8")


def split_entries(lock: str) -> list[str]:
    """Return a lock's requirements, each with the hash lines below it."""
    entries: list[str] = []
    for line in lock.splitlines(keepends=True):
        if line[0].isspace():
            entries[-1] += line
        elif not line.startswith("#"):
            entries.append(line)
    return entries


def pin(entry: str) -> str:
    """Return the ``name==version ; marker`` of one entry, without its hashes."""
    return entry.splitlines()[0].removesuffix("\\").strip()


def conda_environment(lock: str) -> str:
    """Return the text of environment.yml for a lock."""
    pins = "\n".join(f"      - {pin(entry)}" for entry in split_entries(lock))
    return CONDA_TEMPLATE.format(pins=pins)


def gpu_only(gpu_lock: str, lock: str) -> str:
    """Return the entries of ``gpu_lock`` whose packages ``lock`` does not have."""
    known = {pin(entry).split("==")[0] for entry in split_entries(lock)}
    return "".join(e for e in split_entries(gpu_lock) if pin(e).split("==")[0] not in known)


def main() -> None:
    """Resolve twice, with and without the GPU packages, and write the three files."""
    main_file = ROOT / "requirements.lock"
    gpu_file = ROOT / "requirements-gpu.lock"
    lock = resolve(("cluster", "dev"), main_file, *sys.argv[1:])
    main_file.write_text(HEADER + lock, encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        both = Path(folder, "both.lock")
        if gpu_file.exists():
            both.write_text(gpu_file.read_text(encoding="utf-8"), encoding="utf-8")
        gpu_extras = ("cluster", "dev", "gpu")
        gpu_lock = resolve(gpu_extras, both, f"--constraints={main_file}", *sys.argv[1:])
    gpu_file.write_text(GPU_HEADER + gpu_only(gpu_lock, lock), encoding="utf-8")
    (ROOT / "environment.yml").write_text(conda_environment(lock), encoding="utf-8")
    print("wrote requirements.lock, requirements-gpu.lock and environment.yml")


if __name__ == "__main__":
    main()
