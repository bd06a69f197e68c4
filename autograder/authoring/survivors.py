"""Mutants that no test notices, and the file in which an author explains them.

``survivors.toml`` lies beside the hidden tests, where no student ever sees it::

    [[survivor]]
    function = "conv2d"
    before = "for row in range(rows):"
    after = "for row in range(rows + 1):"
    why = "the last pass writes outside the picture, where nothing is read"
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from autograder.authoring.mutations import Mutant
from autograder.errors import CourseError

FILE = "survivors.toml"


@dataclass(frozen=True)
class Explanation:
    """Why a mutant may survive.

    Args:
        function: the function, or the cell, that holds the line.
        before: the line as it is, without its indent.
        after: the line as it is changed.
        why: the reason, such as that it computes the same.
        file: where it stands.
    """

    function: str
    before: str
    after: str
    why: str
    file: Path

    def explains(self, mutant: Mutant) -> bool:
        """Return whether it is about this mutant."""
        mine = (self.function, self.before.strip(), self.after.strip())
        return mine == (mutant.function, mutant.before, mutant.after)


def explanations_beside(modules: Iterable[ModuleType]) -> tuple[Explanation, ...]:
    """Return what authors say about survivors, from the files beside modules of hidden tests.

    Raises:
        CourseError: a file cannot be read or an entry is not complete.
    """
    files = dict.fromkeys(_file_of(module) for module in modules)
    return tuple(found for path in files if path.is_file() for found in _read(path))


def _file_of(module: ModuleType) -> Path:
    """Return ``survivors.toml`` of a package, or ``<module>_survivors.toml`` of a module."""
    path = Path(module.__file__ or "")
    is_package = path.name == "__init__.py"
    return path.with_name(FILE if is_package else f"{path.stem}_{FILE}")


def _read(path: Path) -> list[Explanation]:
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("survivor", [])
        found = [Explanation(**entry, file=path) for entry in entries]
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise CourseError(
            f"{path}: {error}; each [[survivor]] needs function, before, after and why"
        ) from error
    empty = [entry.before for entry in found if not entry.why.strip()]
    if empty:
        raise CourseError(f"{path}: say why this survives: {empty[0]!r}")
    return found


def stale(explanations: Sequence[Explanation], survivors: Sequence[Mutant]) -> list[str]:
    """Return a fault for every explanation of something that does not survive."""
    return [
        f"{entry.file.parent.name}/{entry.file.name} explains a mutant that does not survive; "
        f"remove the entry: {entry.function}: {entry.before.strip()} → {entry.after.strip()}"
        for entry in explanations
        if not any(entry.explains(mutant) for mutant in survivors)
    ]


def as_toml(mutant: Mutant) -> str:
    """Return an entry for the file, to be completed by its author."""
    lines = {"function": mutant.function, "before": mutant.before, "after": mutant.after}
    entries = [f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in lines.items()]
    return "\n".join(["[[survivor]]", *entries, 'why = ""'])
