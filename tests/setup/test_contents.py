"""The lists of lessons are what `make contents` makes of the lessons."""

import shutil
import tomllib
from pathlib import Path

import nbformat
import pytest

from scripts import contents

PAGES = ("README.md", "welcome.md", "docs/concepts.md")


@pytest.fixture
def small_course(root, tmp_path) -> Path:
    """The pages with marks, the concept map and two lessons."""
    for name in ("README.md", "welcome.md", "lessons/concepts.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(root / name, tmp_path / name)
    shutil.copytree(root / "labs", tmp_path / "labs")
    for name in ("1_fundamentals/1_neurons.ipynb", "2_cnns/2_convolution.ipynb"):
        (tmp_path / "lessons" / name).parent.mkdir()
        shutil.copy(root / "lessons" / name, tmp_path / "lessons" / name)
    return tmp_path


@pytest.mark.parametrize("name", PAGES)
def test_a_page_lists_the_lessons_as_they_are(root, name):
    made = contents.pages(root)[name]
    assert (root / name).read_text(encoding="utf-8") == made, (
        f"{name} is behind; run: make contents"
    )


def test_every_concept_stands_once_on_its_page(root):
    page = (root / "docs/concepts.md").read_text(encoding="utf-8")
    concepts = tomllib.loads((root / "lessons/concepts.toml").read_text(encoding="utf-8"))
    assert [name for name in concepts if page.count(f"\n| {name} |") != 1] == []


def test_a_new_lesson_is_listed_in_its_place(small_course, root):
    assert "2.1" not in contents.pages(small_course)["README.md"].partition("See it grade")[0]
    new = "lessons/2_cnns/1_what_a_computer_sees.ipynb"
    shutil.copy(root / new, small_course / new)
    made = contents.pages(small_course)
    assert (
        f"- **Convolutional networks**: [2.1 What a computer sees]({new}) · [2.2"
        in made["README.md"]
    )
    assert f"| [2.1 What a computer sees](work/{new}) | How can a program " in made["welcome.md"]
    assert f"(../{new}#What-do-you-want-to-know?)" in made["docs/concepts.md"]


def test_all_around_a_list_stays_as_it_is(small_course):
    text = (small_course / "README.md").read_text(encoding="utf-8")
    made = contents.pages(small_course)["README.md"]
    assert made != text
    assert made.startswith(text.partition("<!-- lessons -->")[0])
    assert made.endswith(text.partition("<!-- end of lessons -->")[2])


def test_a_lesson_that_begins_otherwise_is_named(small_course):
    path = small_course / "lessons/2_cnns/2_convolution.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = "# Convolution"
    nbformat.write(notebook, path)
    with pytest.raises(ValueError, match=r"2_convolution\.ipynb does not begin with a number"):
        contents.pages(small_course)
