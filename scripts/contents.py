"""Writes the lists of lessons that are made from the lessons themselves: ``make contents``.

They are ``docs/concepts.md``, and what stands between the marks ``<!-- lessons -->`` and
``<!-- end of lessons -->`` in README.md and welcome.md.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
PARTS = {
    "1_fundamentals": "Fundamentals",
    "2_cnns": "Convolutional networks",
    "3_training_practice": "Training practice",
}
LISTS = re.compile(r"(<!-- lessons -->\n).*?(\n<!-- end of lessons -->)", re.DOTALL)
INTRO = re.compile(r"# Lesson (\d\.\d+) · (.+)\n\n\*\*(.+\?)\*\*\n")
CONCEPTS_HEAD = """\
# Concepts

Every concept of the course with the section that explains it, and the task of a lab that needs it.
Made by `make contents` from [lessons/concepts.toml](../lessons/concepts.toml).
"""


@dataclass(frozen=True)
class Lesson:
    """What a list says of a lesson.

    Args:
        place: its path below the course's folder.
        number: such as ``2.1``.
        title: without the number.
        question: what it answers.
    """

    place: str
    number: str
    title: str
    question: str

    @property
    def link(self) -> str:
        """A link to it, from the course's folder."""
        return f"[{self.number} {self.title}]({self.place})"


def read_lesson(path: Path, root: Path) -> Lesson:
    """Return what a lesson's first cell says.

    Raises:
        ValueError: the cell does not begin as a lesson does.
    """
    first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]
    found = INTRO.match("".join(first["source"]))
    if found is None:
        raise ValueError(f"{path} does not begin with a number, a title and a question")
    return Lesson(path.relative_to(root).as_posix(), *found.groups())


def read_lessons(root: Path) -> list[Lesson]:
    """Return the course's lessons in their order."""
    paths = root.glob("lessons/*/[!.]*.ipynb")
    lessons = [read_lesson(path, root) for path in paths]
    return sorted(lessons, key=lambda one: [int(part) for part in one.number.split(".")])


def for_readme(lessons: Iterable[Lesson]) -> str:
    """Return a line for each part of the course, with links to its lessons."""
    parts: dict[str, list[str]] = {}
    for lesson in lessons:
        parts.setdefault(Path(lesson.place).parent.name, []).append(lesson.link)
    return "".join(f"- **{PARTS[part]}**: {' · '.join(links)}\n" for part, links in parts.items())


def for_welcome(lessons: Iterable[Lesson]) -> str:
    """Return a table of lessons and their questions, with links to the student's copies."""
    head = "| lesson | its question |\n|---|---|\n"
    return head + "".join(f"| {one.link} | {one.question} |\n" for one in lessons).replace(
        "](lessons/", "](work/lessons/"
    )


def concept_page(root: Path) -> str:
    """Return the text of docs/concepts.md: a table of concepts for each lesson."""
    concepts = tomllib.loads((root / "lessons/concepts.toml").read_text(encoding="utf-8"))
    page = CONCEPTS_HEAD
    for lesson in read_lessons(root):
        rows = [_concept_row(name, entry, lesson, root) for name, entry in concepts.items()]
        if any(rows):
            page += f"\n## Lesson {lesson.number} · {lesson.title}\n\n*{lesson.question}*\n\n"
            page += "| | concept | lab |\n|---|---|---|\n" + "".join(rows)
    return page


def _concept_row(name: str, entry: dict[str, str], lesson: Lesson, root: Path) -> str:
    """Return a row of the table; empty if the concept stands in another lesson."""
    notebook, _, heading = entry["lesson"].partition("#")
    if f"lessons/{notebook}" != lesson.place:
        return ""
    section = f"../{lesson.place}#{quote(heading, safe=',:?')}"
    return f"| {name} | [{entry['title']}]({section}) | {_lab_link(entry['lab'], root)} |\n"


def _lab_link(lab: str, root: Path) -> str:
    folder, _, function = lab.partition(": ")
    if not function:
        return ""
    (notebook,) = (root / "labs" / folder).glob("[!.]*.ipynb")
    number = folder.removeprefix("lab").partition("_")[0]
    return f"[lab {number}](../{notebook.relative_to(root).as_posix()}): `{function}`"


def with_list(text: str, list_: str) -> str:
    """Return a page with another list between its marks."""
    return LISTS.sub(lambda found: f"{found[1]}\n{list_}{found[2]}", text)


def pages(root: Path) -> dict[str, str]:
    """Return what each page that has such a list has to say, by its path below ``root``."""
    lessons = read_lessons(root)
    listed: dict[str, Callable[[Iterable[Lesson]], str]] = {
        "README.md": for_readme,
        "welcome.md": for_welcome,
    }
    made = {
        name: with_list((root / name).read_text(encoding="utf-8"), list_of(lessons))
        for name, list_of in listed.items()
    }
    return made | {"docs/concepts.md": concept_page(root)}


def main() -> None:
    """Write the pages that have changed, and name them."""
    for name, text in pages(ROOT).items():
        page = ROOT / name
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")
            print(f"wrote {name}")


if __name__ == "__main__":
    main()
