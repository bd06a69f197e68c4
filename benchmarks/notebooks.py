"""What the lessons and the labs' solutions cost: seconds, the longest cell, the peak of memory.

All of them, or those that are named, one after the other on an otherwise idle computer::

    python -m benchmarks.notebooks [NOTEBOOK ...]

The kernel's start counts. The peak is the kernel's largest resident set.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {"lessons": 12 * 60, "labs": 6 * 60}
"""Seconds for all notebooks of a folder together."""

PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"  # KiB on Linux


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds, the seconds and id of the longest cell, MiB at the peak."""

    seconds: float
    longest: float
    cell: str
    peak: float


def cost(path: Path) -> Cost:
    """Runs a copy of a notebook in a fresh kernel, in its own folder, and stores nothing."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(asking := new_code_cell(PEAK, id="peak"))
    client = NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}
    )
    started, longest, slowest = time.perf_counter(), 0.0, ""
    with client.setup_kernel():
        for place, cell in enumerate(notebook.cells):
            before = time.perf_counter()
            client.execute_cell(cell, place)
            if (taken := time.perf_counter() - before) > longest:
                longest, slowest = taken, cell.id
        seconds = time.perf_counter() - started
        peak = int(asking.outputs[0].text) / 1024
    return Cost(seconds, longest, slowest, peak)


def main() -> None:
    """Prints a table, and for each folder the sum beside what it may be."""
    for folder, allowed in ALLOWED.items():
        named = [Path(name).resolve() for name in sys.argv[1:]]
        paths = [p for p in sorted((ROOT / folder).glob("*/*.ipynb")) if p in named or not named]
        total = 0.0
        for path in paths:
            one = cost(path)
            total += one.seconds
            print(
                f"{path.relative_to(ROOT)}: {one.seconds:.0f} s, longest cell {one.cell} "
                f"{one.longest:.0f} s, peak {one.peak:.0f} MiB",
                flush=True,
            )
        if paths:
            print(f"{folder}: {total:.0f} s of {allowed} s, ratio {total / allowed:.2f}")


if __name__ == "__main__":
    main()
