"""The files of stored cases and their content."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from coursekit.stored_cases.fingerprints import Fingerprint, fingerprint
from coursekit.stored_cases.plain import from_plain


@dataclass(frozen=True)
class StoredCase:
    """One call with its right result and the wrong results of known mistakes.

    Args:
        group: the aspect that it tests, such as ``stride``.
        call: positional and keyword arguments, as stored.
        answer: the right result, as stored.
        wrong: fingerprints of the wrong results, by the names of the mistakes.
    """

    group: str
    call: tuple[Any, Any]
    answer: Any
    wrong: dict[str, Fingerprint]

    def inputs(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return new copies of the positional and keyword arguments."""
        args, kwargs = self.call
        return tuple(from_plain(args)), {name: from_plain(value) for name, value in kwargs.items()}

    @property
    def expected(self) -> Any:
        """The right result."""
        return from_plain(self.answer)

    @property
    def parts(self) -> int:
        """The number of parts of the right result if it is a tuple, else 0."""
        expected = self.expected
        return len(expected) if isinstance(expected, tuple) else 0


@dataclass(frozen=True)
class StoredExercise:
    """One function's stored cases.

    Args:
        name: the function's name.
        rtol: allowed error relative to the expected entry.
        atol: allowed absolute error.
        integer: whether whole numbers must be of an integer type.
        parts: the names of a result's parts, if it is a tuple with named parts.
        sentences: each mistake's sentence by its name, in order of preference.
        cases: the cases, smallest first.
    """

    name: str
    rtol: float
    atol: float
    integer: bool
    parts: tuple[str, ...]
    sentences: dict[str, str]
    cases: tuple[StoredCase, ...]

    @cached_property
    def right_answers(self) -> list[Fingerprint]:
        """The fingerprints of the right results of all cases."""
        return [fingerprint(c.expected, c.parts, integer=self.integer) for c in self.cases]

    def answers_of(self, mistake: str) -> list[Fingerprint]:
        """Return the fingerprints of a mistake's results for all cases, right and wrong ones."""
        pairs = zip(self.cases, self.right_answers, strict=True)
        return [case.wrong.get(mistake, right) for case, right in pairs]


def folder() -> Path:
    """Return the folder of the files, one for each lab."""
    return Path(__file__).resolve().parent


def load(name: str) -> StoredExercise:
    """Return the stored cases of an exercise.

    Args:
        name: the lab's and the exercise's name, such as ``lab1_convolution/conv2d``.

    Raises:
        ValueError: there are no stored cases of that name.
    """
    lab, _, exercise = name.partition("/")
    known = names_in(lab)
    if exercise not in known:
        there = f"there are {', '.join(known)}" if known else f"there is no {lab}.json"
        raise ValueError(f"no stored cases are called {name!r}: in {folder()} {there}")
    return _exercise(exercise, _read(folder() / f"{lab}.json")[exercise])


def names_in(lab: str) -> tuple[str, ...]:
    """Return the names of a lab's exercises with stored cases; none if it has no file."""
    path = folder() / f"{lab}.json"
    return tuple(_read(path)) if path.is_file() else ()


def of_function(name: str) -> list[StoredExercise]:
    """Return the stored cases of every exercise that asks for a function of that name."""
    labs = sorted(path.stem for path in folder().glob("*.json"))
    return [load(f"{lab}/{name}") for lab in labs if name in names_in(lab)]


@lru_cache(maxsize=8)
def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["exercises"]
    return found


def _exercise(name: str, stored: dict[str, Any]) -> StoredExercise:
    cases = tuple(_case(case, [*stored["sentences"]]) for case in stored["cases"])
    settings = {key: stored[key] for key in ("rtol", "atol", "integer")}
    sentences, last = {}, ""
    for mistake, sentence in stored["sentences"].items():
        last = sentence or last  # an empty one means the same as the one before
        sentences[mistake] = last
    parts = tuple(stored.get("parts", ()))
    return StoredExercise(name, **settings, parts=parts, sentences=sentences, cases=cases)


def _case(stored: dict[str, Any], names: Sequence[str]) -> StoredCase:
    """Return a case; mistakes are identified by name or by index into the names."""
    wrong = {
        names[int(key)] if key.isdecimal() else key: Fingerprint.from_plain(each)
        for key, each in stored["wrong"].items()
    }
    call = stored["args"], stored["kwargs"]
    return StoredCase(stored["group"], call, stored["expected"], wrong)
