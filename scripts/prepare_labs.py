"""Makes the student's working copy of each lab: labs/ -> release/ -> work/.

nbgrader makes ``release/`` from the source notebooks, and what is missing in ``work/`` is copied
from there. A file that exists in ``work/`` is a student's: it is never written to.

``release/`` keeps which edition of a lab each release was made from. Times would not do: a ZIP file
or ``rsync -a`` gives an updated lab a date that may be older than the release.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path, PurePosixPath

from coursekit.atomic_write import write_whole
from scripts import copies

ROOT = Path(__file__).resolve().parent.parent
BY_PRODUCTS = {".ipynb_checkpoints", "__pycache__"}  # what running a lab leaves beside it


def lab_folders(source: Path) -> list[Path]:
    """Return the folders below ``source`` that hold a notebook, in order of name."""
    return sorted({notebook.parent for notebook in source.glob("[!.]*/*.ipynb")})


def source_edition(lab: Path) -> str:
    """Return the edition of a lab: of the names and the contents of all its files."""
    files = {file.relative_to(lab): file for file in lab.rglob("*") if file.is_file()}
    kept = {
        name.as_posix(): file for name, file in files.items() if BY_PRODUCTS.isdisjoint(name.parts)
    }
    listed = [(name, copies.edition(kept[name].read_bytes())) for name in sorted(kept)]
    return copies.edition(json.dumps(listed).encode())


def is_released(lab: Path, released: Path) -> bool:
    """Return whether ``released`` has every notebook of ``lab`` and is made from this edition."""
    if None in _times(lab, released).values():
        return False
    return copies.read_editions(released.parent).get(lab.name) == source_edition(lab)


def _times(lab: Path, released: Path) -> dict[str, int | None]:
    """Return when each notebook of ``lab`` was written to ``released``, in nanoseconds."""
    found = {notebook.name: released / notebook.name for notebook in lab.glob("*.ipynb")}
    return {
        name: file.stat().st_mtime_ns if file.exists() else None for name, file in found.items()
    }


class ReleaseFailed(Exception):
    """nbgrader could not make a lab's student version; the text is what it said."""


def release(lab: Path, root: Path) -> None:
    """Make a lab's student version with nbgrader and keep which edition it is made from.

    Raises:
        ReleaseFailed: nbgrader did not write all of the lab's notebooks.
    """
    released = root / "release" / lab.name
    edition = source_edition(lab)  # before: what is changed meanwhile is for the next run
    before = _times(lab, released)
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", lab.name, "--force"]
    done = subprocess.run(command, cwd=root, check=False, text=True, capture_output=True)
    # Its exit code is 0 after many failures, and some of them leave an earlier release in place.
    after = _times(lab, released)
    if done.returncode or any(time in (None, before.get(name)) for name, time in after.items()):
        raise ReleaseFailed(done.stderr)
    editions = copies.read_editions(released.parent)
    copies.write_editions(released.parent, editions | {lab.name: edition})


def copy_missing(released: Path, work: Path) -> list[str]:
    """Copy what ``work`` lacks and return the files of which ``released`` is a newer edition.

    Args:
        released: nbgrader's release folder, with a folder for each lab.
        work: the student's folder; files that exist there stay as they are.

    Returns:
        Paths below ``work``, such as ``lab1_convolution/convolution.ipynb``.
    """
    editions = copies.read_editions(work)
    newer = []
    for original in sorted(file for file in released.glob("[!.]*/**/*") if file.is_file()):
        name = original.relative_to(released).as_posix()
        content = original.read_bytes()
        edition = copies.edition(content)
        if not (work / name).exists():
            content = copies.for_students(content, PurePosixPath("labs", name))
            write_whole(work / name, content, mode=copies.MODE)
            editions[name] = edition
        elif editions.get(name, edition) != edition:
            newer.append(name)
    work.mkdir(exist_ok=True)
    copies.write_editions(work, editions)
    return newer


def prepare(root: Path) -> None:
    """Release every lab that needs it, make the missing copies and say what happened."""
    for lab in lab_folders(root / "labs"):
        if is_released(lab, root / "release" / lab.name):
            continue
        print(f"preparing {lab.name} ...", flush=True)
        try:
            release(lab, root)
        except ReleaseFailed as failure:
            print(f"{lab.name} could not be prepared; nbgrader says:\n{failure}")
    if not (root / "release").is_dir():
        return
    for name in copy_missing(root / "release", root / "work"):
        print(
            f"work/{name} is from an earlier edition of the lab and stays as it is;"
            " to begin the new one, rename it and run this again."
        )


def main() -> None:
    """Prepare the labs of this project."""
    prepare(ROOT)


if __name__ == "__main__":
    main()
