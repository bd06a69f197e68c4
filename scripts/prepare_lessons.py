"""Makes the student's copy of each lesson: lessons/ -> work/lessons/.

A copy in which the student has changed nothing follows the lesson; a changed one stays as it is.
Text and code count as changes. Outputs and settings do not: JupyterLab writes them into a notebook
that was only opened or run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from coursekit.atomic_write import write_whole
from scripts import copies

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Outcome:
    """What became of the copies that were there; paths are below ``work/``.

    Args:
        renewed: unchanged copies of lessons that have a new edition.
        kept: changed copies of such lessons.
    """

    renewed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return what the student should know, a line for each kind."""
        said = []
        if self.renewed:
            said.append(f"renewed, as you had not changed them: {', '.join(self.renewed)}")
        if self.kept:
            said.append(
                f"changed by you and kept, though there are new editions: {', '.join(self.kept)};"
                " to get one, rename yours and run this again."
            )
        return said


def update_copies(root: Path) -> Outcome:
    """Copy new lessons and new editions into ``work/``, and say what became of older copies."""
    work = root / "work"
    editions = copies.read_editions(work)
    outcome = Outcome()
    for original in sorted(root.glob("lessons/*/[!.]*")):
        if original.is_file():
            place = PurePosixPath(original.relative_to(root).as_posix())
            content = copies.for_students(original.read_bytes(), place)
            _update_copy(work, place.as_posix(), content, editions, outcome)
    work.mkdir(exist_ok=True)
    copies.write_editions(work, editions)
    return outcome


def _update_copy(
    work: Path, name: str, content: bytes, editions: dict[str, str], outcome: Outcome
) -> None:
    """Bring one copy up to date, in the folder and in the record, if it is not the student's."""
    copy, new = work / name, f"{copies.edition(content)} {written(content)}"
    if copy.exists():
        known = editions.get(name, new)
        if known == new:
            return
        if written(copy.read_bytes()) != known.partition(" ")[2]:
            outcome.kept.append(name)
            return
        outcome.renewed.append(name)
    write_whole(copy, content, mode=copies.MODE)
    editions[name] = new


def written(content: bytes) -> str:
    """Return the SHA-256 of what people wrote into a notebook: its cells' text and code.

    Args:
        content: the file's; of what is no notebook, all counts.
    """
    try:
        cells = json.loads(content)["cells"]
        texts = [[c["cell_type"], "".join(c["source"]), c.get("attachments")] for c in cells]
    except (ValueError, KeyError, TypeError):
        return copies.edition(content)
    return copies.edition(json.dumps(texts).encode())


def main() -> None:
    """Update the copies of this project's lessons."""
    for line in update_copies(ROOT).lines():
        print(line)


if __name__ == "__main__":
    main()
