"""What the lessons and the labs' solutions cost: seconds, the longest cell, the peak of memory.

All of them, or those that are named, one after the other on an otherwise idle computer::

    python -m benchmarks.notebooks [NOTEBOOK ...]

The sum of a folder is held to its limit only when all of its notebooks were measured. The kernel's
start counts. The peak is the kernel's largest resident set.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {"lessons": 12 * 60, "labs": 6 * 60}
"""Seconds for all notebooks of a folder together."""

PEAK = r"import re; print(*re.findall(r'VmHWM:\s*(\d+)', open('/proc/self/status').read()))"
"""Prints KiB, on Linux; ``ru_maxrss`` begins with what the kernel's parent held."""


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds, the seconds and id of the longest cell, MiB at the peak."""

    seconds: float
    longest: float
    cell: str
    peak: float


def cost(path: Path) -> Cost:
    """Run a copy of a notebook in a fresh kernel, in its own folder, and store nothing."""
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


def notebooks_of(folder: str) -> list[Path]:
    """Return all notebooks of ``lessons`` or ``labs``, in order of name."""
    return sorted((ROOT / folder).glob("[!.]*/[!.]*.ipynb"))


def chosen(names: Sequence[str]) -> list[Path]:
    """Return the notebooks that are named, or all where none is.

    Args:
        names: paths, as they are seen from the working directory.

    Raises:
        SystemExit: a name is no notebook of the course; the text says which.
    """
    known = [path for folder in ALLOWED for path in notebooks_of(folder)]
    paths = {Path(name).resolve(): name for name in names}
    if unknown := [name for path, name in paths.items() if path not in known]:
        raise SystemExit(
            f"not a notebook of the course: {', '.join(unknown)}; wanted is a path such as "
            f"lessons/PART/LESSON.ipynb or labs/LAB/NOTEBOOK.ipynb, or no path for all of them"
        )
    return [path for path in known if path in paths or not paths]


def summary(folder: str, total: float, measured: int) -> str:
    """Return the last line on a folder: seconds, beside the limit if all of it was measured."""
    there, allowed = len(notebooks_of(folder)), ALLOWED[folder]
    if measured < there:
        return f"{folder}: {total:.0f} s for {measured} of {there} notebooks"
    return f"{folder}: {total:.0f} s of {allowed} s, ratio {total / allowed:.2f}"


def main() -> None:
    """Print a table, and for each folder the sum; beside what it may be, if that is all of it."""
    wanted = chosen(sys.argv[1:])
    for folder in ALLOWED:
        paths = [path for path in wanted if path.is_relative_to(ROOT / folder)]
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
            print(summary(folder, total, len(paths)))


if __name__ == "__main__":
    main()
